"""Labour, batches, step fields and what else happens to a run: sections 8.8 and 8.9, rules of 10.1."""

from dataclasses import dataclass, replace

import pytest

from kiosk.simulator.rows import RunStep, StepStatus
from kiosk.simulator.schema import Dialect
from kiosk.simulator.switches import Switches
from tests.simulator.asking import Caller, Clock, Json, seeded

SESSIONS = """{ sessions(last: 5) { edges { node { id _etag runStep { runId position } checkIn checkOut
    createdBy { email } } } } }"""
UPDATE = """mutation UpdateSession($input: UpdateSessionInput!) { updateSession(input: $input) {
  session { checkIn checkOut id } } }"""
FIELD = """mutation CreateRunStepField($input: CreateRunStepFieldInput!) { createRunStepField(input: $input) {
  runStepField { id name type value _etag } } }"""
VALUE = """mutation UpdateRunStepFieldValue($input: UpdateRunStepFieldValueInput!) {
  updateRunStepFieldValue(input: $input) { runStepField { id name type value _etag } } }"""
ARCHIVE = """mutation archive($inputs: ArchiveRunInput!) { archiveRun(input: $inputs) { run { id title
    status } } }"""
SESSION = "session { id checkIn checkOut }"

both_dialects = pytest.mark.parametrize("dialect", ["classic", "both"])


def first_step(caller: Caller) -> RunStep:
    return caller.world.run_steps.where("run_id", 1201)[0]


def sessions(caller: Caller) -> list[Json]:
    return [edge["node"] for edge in caller.ask(SESSIONS)["sessions"]["edges"]]


@both_dialects
def test_checking_in_starts_a_step_and_every_end_of_it_checks_out(dialect: Dialect) -> None:
    clock = Clock()
    caller = Caller(dialect, world=seeded(clock))
    step = first_step(caller)
    caller.do("checkIn", SESSION, runStepId=step.id)
    assert first_step(caller).status == "IN_PROGRESS"
    ada = Caller(dialect, world=caller.world, user_id=42)
    ada.do("checkIn", SESSION, runStepId=step.id)
    assert "checked in" in caller.refusal("checkIn", SESSION, runStepId=step.id)[1]
    clock.forward(60)
    assert caller.do("checkOut", SESSION, runStepId=step.id)["session"]["checkOut"] == "2026-11-21T09:01:00Z"
    assert "not checked in" in caller.refusal("checkOut", SESSION, runStepId=step.id)[1]
    clock.forward(60)
    given = {"id": step.id, "etag": first_step(caller).etag, "status": "HOLD"}
    caller.do("updateRunStep", "runStep { id }", **given)
    mine, hers = sessions(caller)
    assert mine["runStep"] == {"runId": 1201, "position": 1}
    assert (mine["checkOut"], hers["checkOut"]) == ("2026-11-21T09:01:00Z", "2026-11-21T09:02:00Z")
    assert hers["createdBy"] == {"email": "ada.okafor@halyard.example"}
    assert "nobody can check in" in caller.refusal("checkIn", SESSION, runStepId=step.id)[1]


@both_dialects
def test_the_times_of_a_session_are_corrected_as_published(dialect: Dialect) -> None:
    caller = Caller(dialect)
    caller.do("checkIn", SESSION, runStepId=first_step(caller).id)
    (session,) = sessions(caller)
    given = {
        "id": str(session["id"]),
        "etag": session["_etag"],
        "checkIn": "2026-11-21T08:00:00Z",
        "checkOut": "2026-11-21T08:30:00Z",
    }
    changed = caller.ask(UPDATE, input=given)["updateSession"]["session"]
    assert (changed["checkIn"], changed["checkOut"]) == (given["checkIn"], given["checkOut"])
    given["etag"] = sessions(caller)[0]["_etag"]
    given["checkOut"] = "2026-11-21T07:00:00Z"
    assert "must not be before" in caller.refusal("updateSession", SESSION, **given)[1]


def test_every_type_of_field_is_filled_in() -> None:
    caller = Caller()
    run = caller.do(
        "createRun", "run { id steps { id _etag fields { id name type _etag } } }", procedureId=15
    )["run"]
    file = caller.do("createFileAttachment", "fileAttachment { id }", filename="coc.pdf")["fileAttachment"]
    values: dict[str, object] = {
        "Packing slip": "88123",
        "Arrived": "2026-11-21T08:00:00Z",
        "Packing intact": True,
        "Outer diameter": 24.5,
        "Defects seen": ["Burr"],
        "Verdict": "Accept",
        "Certificate": file["id"],
        "Inspector": True,
    }
    for step in run["steps"]:
        for field in step["fields"]:
            given = {"id": field["id"], "etag": field["_etag"], "value": values[field["name"]]}
            filled = caller.ask(VALUE, input=given)["updateRunStepFieldValue"]["runStepField"]
            assert filled["value"] == values[field["name"]]
    file_field = run["steps"][2]["fields"][0]
    etag = caller.world.run_step_fields[file_field["id"]].etag
    nothing = caller.refusal(
        "updateRunStepFieldValue", "runStepField { id }", id=file_field["id"], etag=etag, value=99
    )
    assert nothing[0] == "NOT_FOUND_ERROR"


@dataclass
class Measuring(Caller):
    """Has a step in progress with a diameter, a verdict, and a table that is empty."""

    step_id: int = 0

    def change(self, status: str) -> dict[str, object]:
        step = self.world.run_steps[self.step_id]
        return {"id": step.id, "etag": step.etag, "status": status}


def measuring(diameter: float, **switches: bool) -> Measuring:
    caller = Measuring(switches=Switches(allow_any_step_transition=True, **switches))  # type: ignore[arg-type]
    run = caller.do("createRun", "run { steps { id fields { id name _etag } } }", procedureId=15)["run"]
    first, step, _ = run["steps"]
    caller.step_id = step["id"]
    with caller.world.transaction():
        row = caller.world.run_steps[first["id"]]
        caller.world.run_steps.put(replace(row, status=StepStatus.COMPLETE))
    caller.do("updateRunStep", "runStep { id }", **caller.change("IN_PROGRESS"))
    known: dict[str, object] = {"Outer diameter": diameter, "Verdict": "Accept"}
    for field in step["fields"]:
        if field["name"] in known:
            given = {"id": field["id"], "etag": field["_etag"], "value": known[field["name"]]}
            caller.do("updateRunStepFieldValue", "runStepField { id }", **given)
    return caller


def fill_table(caller: Measuring) -> None:
    query = f"""{{ runStep(id: {caller.step_id}) {{ datagridColumns {{ edges {{ node {{ id type }} }} }}
    datagridRows {{ edges {{ node {{ id }} }} }} }} }}"""
    step = caller.ask(query)["runStep"]
    row = step["datagridRows"]["edges"][0]["node"]["id"]
    for edge in step["datagridColumns"]["edges"]:
        value: object = 3.5 if edge["node"]["type"] == "NUMBER" else "75A"
        caller.do(
            "setDatagridValue", "datagridRow { id }", columnId=edge["node"]["id"], rowId=row, value=value
        )


def test_a_required_row_of_a_table_must_be_filled() -> None:
    caller = measuring(24.5)
    assert (
        "rows of its table are empty: 0"
        in caller.refusal("updateRunStep", "runStep { id }", **caller.change("COMPLETE"))[1]
    )
    fill_table(caller)
    assert (
        caller.do("updateRunStep", "runStep { status }", **caller.change("COMPLETE"))["runStep"]["status"]
        == "COMPLETE"
    )


def test_a_value_out_of_range_is_a_warning_or_needs_an_issue() -> None:
    caller = measuring(30.0)
    fill_table(caller)
    query = f"{{ runStep(id: {caller.step_id}) {{ fields {{ name inRange }} }} }}"
    assert caller.ask(query)["runStep"]["fields"][0] == {"name": "Outer diameter", "inRange": False}
    assert caller.do("updateRunStep", "runStep { status }", **caller.change("COMPLETE"))
    caller = measuring(30.0, out_of_range_blocks=True)
    fill_table(caller)
    assert "out of range" in caller.refusal("updateRunStep", "runStep { id }", **caller.change("COMPLETE"))[1]
    caller.do("createIssue", "issue { id }", runStepId=caller.step_id, title="Too big")
    assert caller.do("updateRunStep", "runStep { status }", **caller.change("COMPLETE"))


def test_open_issues_hold_a_step_where_the_organisation_wants_it() -> None:
    caller = measuring(24.5, open_issues_block_completing=True, open_issues_block_todo=True)
    fill_table(caller)
    caller.do("createIssue", "issue { id }", runStepId=caller.step_id, title="?")
    assert (
        "issue 3 is PENDING"
        in caller.refusal("updateRunStep", "runStep { id }", **caller.change("COMPLETE"))[1]
    )
    assert "issue 3 is open" in caller.refusal("updateRunStep", "runStep { id }", **caller.change("TODO"))[1]


def test_a_failing_step_files_an_issue_where_the_organisation_wants_it() -> None:
    caller = measuring(24.5, failing_creates_issue=True)
    caller.do("updateRunStep", "runStep { id }", **caller.change("FAILED"))
    issue = caller.world.issues[3]
    assert (issue.run_step_id, issue.title) == (caller.step_id, "Step failed: Measure the sample")


@both_dialects
def test_a_field_is_added_as_published(dialect: Dialect) -> None:
    caller = Caller(dialect)
    step = first_step(caller)
    given = {"runStepId": step.id, "name": "Humidity", "type": "NUMBER", "required": True}
    field = caller.ask(FIELD, input=given)["createRunStepField"]["runStepField"]
    assert (field["type"], field["value"]) == ("NUMBER", None)
    caller.do("checkIn", SESSION, runStepId=step.id)
    given["name"] = "Later"
    assert "in TODO or REDLINE" in caller.refusal("createRunStepField", "runStepField { id }", **given)[1]


@both_dialects
def test_a_run_is_archived_as_published_and_canceled(dialect: Dialect) -> None:
    caller = Caller(dialect)
    etag = caller.world.runs[1202].etag
    run = caller.do("cancelRun", "run { _etag status steps { status } }", id=1202, etag=etag)["run"]
    assert (run["status"], [step["status"] for step in run["steps"]]) == (
        "PARTIAL_COMPLETE",
        ["COMPLETE", "CANCELED", "CANCELED", "CANCELED"],
    )
    again = caller.refusal("cancelRun", "run { id }", id=1202, etag=run["_etag"])
    assert "cannot be canceled" in again[1]
    archived = caller.ask(ARCHIVE, inputs={"id": 1202, "etag": run["_etag"], "archived": True})
    assert archived["archiveRun"]["run"]["id"] == 1202


def test_runs_are_carried_out_in_batches() -> None:
    caller = Caller()
    batch = caller.do(
        "createRunBatch", "runBatch { id _etag runs { id } }", title="Lot 7", runIds=[1201, 1202]
    )["runBatch"]
    assert batch["runs"] == [{"id": 1201}, {"id": 1202}]
    selection = "runBatch { id _etag title runs { id } }"
    given = {"id": batch["id"], "etag": batch["_etag"], "title": "Lot 8", "runIds": [1202]}
    changed = caller.do("updateRunBatch", selection, **given)["runBatch"]
    assert (changed["title"], changed["runs"]) == ("Lot 8", [{"id": 1202}])
    assert "another batch" in caller.refusal("createRunBatch", selection, title="x", runIds=[1202])[1]
    assert (
        "of one procedure" in caller.refusal("createRunBatch", selection, title="x", runIds=[1201, 1204])[1]
    )


def test_a_run_is_summed_up_in_a_file_and_parts_are_noted_on_a_step() -> None:
    caller = Caller()
    file = caller.do("generateRunSummary", "fileAttachment { filename downloadUrl }", id=1203)[
        "fileAttachment"
    ]
    assert file["filename"] == "run-1203-summary.txt"
    (stored,) = [each for each in caller.world.objects if each.s3_key.startswith("runs/")]
    assert b"Final torque: 6.2 N.m" in stored.content
    given = {"runStepId": first_step(caller).id, "partInventoryId": 9025}
    selection = "runStep { partInventories { id } }"
    step = caller.do("addPartInventoryToRunStep", selection, **given)["runStep"]
    assert step == {"partInventories": [{"id": 9025}]}
    assert "already on the step" in caller.refusal("addPartInventoryToRunStep", selection, **given)[1]
    assert caller.do("removePartInventoryFromRunStep", selection, **given)["runStep"] == {
        "partInventories": []
    }
