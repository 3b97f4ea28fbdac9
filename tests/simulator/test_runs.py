from typing import Any

import pytest

from kiosk.simulator.derived import run_status, upstream_step_ids
from kiosk.simulator.rows import RunStep
from kiosk.simulator.switches import Switches
from tests.simulator.asking import Caller, Clock, Json, seeded

STEP = "runStep { id status title content _etag redlines { id diff } }"
RUN = "run { id title status startedAt completedAt procedure { id title } partInventory { id serialNumber } }"


def steps(caller: Caller, run_id: int) -> list[RunStep]:
    return caller.world.run_steps.where("run_id", run_id)


def move(caller: Caller, step: RunStep, status: str) -> Json:
    etag = caller.world.run_steps[step.id].etag
    return caller.do("updateRunStep", STEP, id=step.id, status=status, etag=etag)["runStep"]


def refused(caller: Caller, step: RunStep, status: str) -> str:
    etag = caller.world.run_steps[step.id].etag
    code, message = caller.refusal("updateRunStep", STEP, id=step.id, status=status, etag=etag)
    assert code == "VALIDATION_ERROR"
    return message


def fill(caller: Caller, step: RunStep, name: str, value: object) -> Json:
    (field,) = (
        each for each in caller.world.run_step_fields.where("run_step_id", step.id) if each.name == name
    )
    selection = "runStepField { id name type value _etag }"
    payload = caller.do("updateRunStepFieldValue", selection, id=field.id, value=value, etag=field.etag)
    assert payload["runStepField"]["_etag"] != field.etag
    return payload["runStepField"]["value"]


def test_a_run_goes_from_first_to_last_step() -> None:
    clock = Clock()
    caller = Caller(world=seeded(clock))
    kit, rings, torque, inspect = steps(caller, 1201)
    started = clock()
    assert move(caller, kit, "IN_PROGRESS")["status"] == "IN_PROGRESS"
    clock.forward(60)
    assert caller.world.runs[1201].started_at == started
    assert move(caller, kit, "complete")["status"] == "COMPLETE"
    assert run_status(caller.world, 1201) == "IN_PROGRESS"
    move(caller, rings, "IN_PROGRESS")
    assert "required fields are empty: O-ring lot" in refused(caller, rings, "COMPLETE")
    assert fill(caller, rings, "O-ring lot", "LOT-2026-0117") == "LOT-2026-0117"
    move(caller, rings, "COMPLETE")
    move(caller, torque, "IN_PROGRESS")
    fill(caller, torque, "Final torque", 6.2)
    assert fill(caller, torque, "Witness stripe applied", False) is False
    move(caller, torque, "COMPLETE")
    move(caller, inspect, "IN_PROGRESS")
    fill(caller, inspect, "Result", "Accept")
    fill(caller, inspect, "Inspector", True)
    move(caller, inspect, "COMPLETE")
    run = caller.world.runs[1201]
    assert (run_status(caller.world, 1201), run.started_at, run.completed_at) == (
        "COMPLETE",
        started,
        clock(),
    )
    assert [effect.operation for effect in caller.world.ledger].count("updateRunStep") == 8


def test_a_runs_etag_changes_with_its_status() -> None:
    caller = Caller()
    kit = steps(caller, 1201)[0]
    etags = [caller.world.runs[1201].etag]
    for status in ("IN_PROGRESS", "COMPLETE"):
        move(caller, kit, status)
        etags.append(caller.world.runs[1201].etag)
    # To do, in progress, and still in progress.
    assert etags[0] != etags[1] == etags[2]


def test_a_step_waits_for_upstream_and_parent() -> None:
    caller = Caller()
    stand, pressure, proof, leak, bag = steps(caller, 1204)
    for step in (pressure, proof, leak, bag):
        assert "cannot be started" in refused(caller, step, "IN_PROGRESS")
    move(caller, stand, "IN_PROGRESS")
    move(caller, stand, "COMPLETE")
    assert "cannot be started" in refused(caller, proof, "IN_PROGRESS")
    for step in (pressure, proof):
        move(caller, step, "IN_PROGRESS")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("COMPLETE", "TODO"),
        ("TODO", "COMPLETE"),
        ("TODO", "FAILED"),
        ("TODO", "TODO"),
        ("TODO", "DAG_MODIFIABLE"),
    ],
)
def test_other_transitions_are_refused_or_allowed_by_a_switch(before: str, after: str) -> None:
    caller = Caller()
    kit = steps(caller, 1201)[0]
    if before == "COMPLETE":
        move(caller, kit, "IN_PROGRESS")
        move(caller, kit, "COMPLETE")
    assert f"cannot go from {before} to {after}" in refused(caller, kit, after)
    free = Caller(world=caller.world, switches=Switches(allow_any_step_transition=True))
    if after in ("TODO", "DAG_MODIFIABLE") and before == "TODO":
        assert f"cannot go from {before} to {after}" in refused(free, kit, after)
    else:
        assert move(free, kit, after)["status"] == after


@pytest.mark.parametrize("status", ["HOLD", "FAILED", "CANCELED"])
def test_work_can_be_stopped_and_taken_up_again(status: str) -> None:
    caller = Caller()
    kit = steps(caller, 1201)[0]
    move(caller, kit, "IN_PROGRESS")
    assert move(caller, kit, status)["status"] == status
    assert move(caller, kit, "TODO")["status"] == "TODO"
    assert move(caller, kit, "IN_PROGRESS")["status"] == "IN_PROGRESS"


def test_a_completed_run_that_goes_on_is_no_longer_completed() -> None:
    caller = Caller(switches=Switches(allow_any_step_transition=True))
    assert caller.world.runs[1206].completed_at is not None
    move(caller, steps(caller, 1206)[2], "TODO")
    assert run_status(caller.world, 1206) == "IN_PROGRESS"
    assert caller.world.runs[1206].completed_at is None


def test_a_redline_freezes_what_is_downstream_and_keeps_the_difference() -> None:
    caller = Caller()
    kit, rings, torque, inspect = steps(caller, 1202)
    redline = move(caller, rings, "REDLINE")
    assert [step.status for step in steps(caller, 1202)] == [
        "COMPLETE",
        "REDLINE",
        "DAG_MODIFIABLE",
        "DAG_MODIFIABLE",
    ]
    edited = caller.do("updateRunStep", STEP, id=rings.id, etag=redline["_etag"], title="Install seals")[
        "runStep"
    ]
    assert (edited["title"], edited["redlines"]) == ("Install seals", [])
    done = caller.do("updateRunStep", STEP, id=rings.id, etag=edited["_etag"], status="TODO")["runStep"]
    (line,) = done["redlines"]
    assert line["diff"] == (
        "-Install O-rings\n-Lubricate lightly. No twist.\n+Install seals\n+Lubricate lightly. No twist."
    )
    assert [step.status for step in steps(caller, 1202)] == ["COMPLETE", "TODO", "TODO", "TODO"]
    assert (kit.id, torque.id, inspect.id) == (kit.id, kit.id + 2, kit.id + 3)


def test_a_step_stays_frozen_while_another_redline_is_upstream() -> None:
    caller = Caller()
    kit, rings, torque, _ = steps(caller, 1201)
    move(caller, rings, "REDLINE")
    move(caller, kit, "REDLINE")
    move(caller, kit, "TODO")
    assert [step.status for step in steps(caller, 1201)] == [
        "TODO",
        "REDLINE",
        "DAG_MODIFIABLE",
        "DAG_MODIFIABLE",
    ]
    assert "cannot go from DAG_MODIFIABLE" in refused(caller, torque, "TODO")


def test_only_a_step_in_redline_can_be_edited() -> None:
    caller = Caller()
    kit = steps(caller, 1201)[0]
    given: dict[str, object] = {"id": kit.id, "etag": kit.etag}
    assert caller.refusal("updateRunStep", STEP, **given, title="Other")[0] == "VALIDATION_ERROR"
    assert caller.refusal("updateRunStep", STEP, **given) == (
        "VALIDATION_ERROR",
        "Nothing to change: expected status, title or content",
    )
    given["etag"] = "0" * 32
    assert caller.refusal("updateRunStep", STEP, **given, status="HOLD")[0] == "CONCURRENCY_ERROR"


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("O-ring lot", ["LOT-1", "", None], [5, True, ["LOT-1"], {"a": 1}]),
        ("Final torque", [6, 6.25, None], ["6", True, [6], float("inf")]),
        ("Witness stripe applied", [True, False, None], ["true", 1, []]),
        ("Result", ["Accept", "Rework", None], ["accept", "", 1, ["Accept"]]),
        ("Inspector", [True, "Ada Okafor", None], [1, 1.5, ["Ada"]]),
    ],
)
def test_a_value_must_match_the_type_of_its_field(name: str, good: list[Any], bad: list[Any]) -> None:
    caller = Caller()
    run_steps = steps(caller, 1201)
    (step,) = (
        step
        for step in run_steps
        if any(field.name == name for field in caller.world.run_step_fields.where("run_step_id", step.id))
    )
    for value in good:
        assert fill(caller, step, name, value) == value
    (field,) = (
        each for each in caller.world.run_step_fields.where("run_step_id", step.id) if each.name == name
    )
    for value in bad:
        code, message = caller.refusal(
            "updateRunStepFieldValue", "runStepField { id }", id=field.id, value=value, etag=field.etag
        )
        assert (code, f"does not match field {name!r}: expected {field.type}" in message) == (
            "VALIDATION_ERROR",
            True,
        )


def test_fields_of_a_finished_step_are_closed() -> None:
    caller = Caller()
    (field,) = caller.world.run_step_fields.where("run_step_id", steps(caller, 1203)[1].id)
    given: dict[str, object] = {"id": field.id, "value": "x", "etag": field.etag}
    code, message = caller.refusal("updateRunStepFieldValue", "runStepField { id }", **given)
    assert (code, "can no longer be changed" in message) == ("VALIDATION_ERROR", True)
    given["etag"] = "stale"
    assert caller.refusal("updateRunStepFieldValue", "runStepField { id }", **given)[0] == "CONCURRENCY_ERROR"


def test_a_run_is_created_with_the_steps_of_its_procedure() -> None:
    caller = Caller("documented-2026")
    payload = caller.do(
        "createRun", RUN, procedureId=12, partInventoryId=9006, title="Build #2026-11-21 Unit 1"
    )
    assert payload["run"] == {
        "id": 1207,
        "title": "Build #2026-11-21 Unit 1",
        "status": "pending",
        "startedAt": None,
        "completedAt": None,
        "procedure": {"id": 12, "title": "Bracket Assembly"},
        "partInventory": {"id": 9006, "serialNumber": "ASM-00011"},
    }
    kit, rings, torque, inspect = steps(caller, 1207)
    assert [upstream_step_ids(caller.world, step) for step in (kit, rings, torque, inspect)] == [
        (),
        (kit.id,),
        (rings.id,),
        (torque.id,),
    ]
    names = [field.name for field in caller.world.run_step_fields.where("run_step_id", torque.id)]
    assert names == ["Final torque", "Witness stripe applied", "Remarks"]


@pytest.mark.parametrize(
    ("given", "title"),
    [
        ({"partInventoryId": 9006}, "BRKT-ASSY-001 - ASM-00011 - Bracket Assembly"),
        ({"partInventoryId": 9006, "title": "  "}, "BRKT-ASSY-001 - ASM-00011 - Bracket Assembly"),
        ({"partInventoryId": 9020}, "FSTN-M5X16-A286 - Bracket Assembly"),
        ({"partId": 103}, "BRKT-ASSY-001 - Bracket Assembly"),
        ({}, "Bracket Assembly"),
    ],
)
def test_a_run_has_a_title_and_may_build_a_new_item(given: dict[str, object], title: str) -> None:
    caller = Caller()
    selection = "run { title status uid partInventory { quantity status } }"
    run = caller.do("createRun", selection, procedureId=12, **given)["run"]
    assert (run["title"], run["status"], len(run["uid"])) == (title, "TODO", 32)
    if "partId" in given:
        assert run["partInventory"] == {"quantity": 1, "status": "WIP"}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"procedureId": 99}, "NOT_FOUND_ERROR"),
        ({"procedureId": 12, "partInventoryId": 1}, "NOT_FOUND_ERROR"),
        ({"procedureId": 12, "partId": 114}, "VALIDATION_ERROR"),
    ],
)
def test_a_run_that_cannot_be_is_not_created(given: dict[str, object], code: str) -> None:
    assert Caller().refusal("createRun", RUN, **given)[0] == code


def test_a_run_is_archived_by_its_etag() -> None:
    caller = Caller()
    before = caller.world.runs[1201].etag
    run = caller.do("archiveRun", "run { archived }", id=1201, etag=before, archived=True)["run"]
    assert run == {"archived": True}
    assert caller.refusal("archiveRun", RUN, id=1201, etag=before, archived=False)[0] == "CONCURRENCY_ERROR"


def whole_run(caller: Caller, run_id: int, status: str) -> Json:
    etag = caller.world.runs[run_id].etag
    return caller.do("updateRun", RUN, id=run_id, _etag=etag, status=status)["run"]


def test_a_run_is_started_and_completed_as_a_whole() -> None:
    clock = Clock()
    caller = Caller("documented-2026", world=seeded(clock))
    started = whole_run(caller, 1204, "in_progress")
    assert (started["status"], started["startedAt"]) == ("in_progress", "2026-11-21T09:00:00Z")
    clock.forward(3600)
    done = whole_run(caller, 1204, "complete")
    assert (done["status"], done["startedAt"], done["completedAt"]) == (
        "complete",
        "2026-11-21T09:00:00Z",
        "2026-11-21T10:00:00Z",
    )
    assert {step.status for step in steps(caller, 1204)} == {"COMPLETE"}
    assert [effect.operation for effect in caller.world.ledger] == ["updateRun", "updateRun"]


@pytest.mark.parametrize(
    ("run_id", "status", "message"),
    [
        (1202, "IN_PROGRESS", "is IN_PROGRESS and cannot be started"),
        (1206, "IN_PROGRESS", "is COMPLETE and cannot be started"),
        (1206, "COMPLETE", "is COMPLETE and cannot be completed"),
        (1205, "COMPLETE", "'Burn-in 48 h' is HOLD: the run cannot be completed"),
        (1202, "COMPLETE", "required fields are empty: O-ring lot"),
        (1201, "HOLD", "can be set to IN_PROGRESS or COMPLETE, not to HOLD"),
    ],
)
def test_a_whole_run_that_cannot_move_stays_as_it_is(run_id: int, status: str, message: str) -> None:
    caller = Caller("both")
    etag = caller.world.runs[run_id].etag
    refusal = caller.refusal("updateRun", RUN, id=run_id, _etag=etag, status=status)
    assert (refusal[0], message in refusal[1]) == ("VALIDATION_ERROR", True), refusal


def test_completing_a_run_with_open_steps_is_a_switch() -> None:
    caller = Caller("both", switches=Switches(run_completes_steps=False))
    etag = caller.world.runs[1204].etag
    code, message = caller.refusal("updateRun", RUN, id=1204, _etag=etag, status="COMPLETE")
    assert (code, "has steps that are not complete" in message) == ("VALIDATION_ERROR", True)
    assert caller.refusal("updateRun", RUN, id=1204, _etag="x", status="COMPLETE")[0] == "CONCURRENCY_ERROR"
