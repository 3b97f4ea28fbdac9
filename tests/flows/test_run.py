from dataclasses import replace
from typing import Any

import pytest

from kiosk.flows.labels import facts_of
from kiosk.model import Level, OperationState, Print, Run, RunHeading, RunStep, Submit
from kiosk.wire import object_json
from tests.flows.floor import HEADING, NOW, RUN, STEPS, UNIT, Floor

WHOLE = frozenset({"set_run_status"})
PLAIN_RUN = replace(RUN, steps=())

RESTING: dict[str, Any] = {
    "asks": None,
    "fields": [],
    "focus": None,
    "others": 0,
    "page": "1",
    "scanned": None,
    "unfinished": None,
    "why_fail": "Nothing is started.",
    "why_problem": None,
}
"""What a run's screen has beside its steps while nothing is in progress."""


def at_run(run: Run = RUN, offers: frozenset[str] | None = None) -> Floor:
    floor = Floor()
    floor.place = replace(floor.place, offers=offers)
    floor.scan("ION/RUN/77", run)
    return floor


def steps_of(floor: Floor) -> list[tuple[Any, ...]]:
    keys = ("id", "status", "can_start", "can_complete", "queued_status")
    return [tuple(step[key] for key in keys) for step in floor.state["run"]["steps"]]


def shown(floor: Floor) -> dict[str, Any]:
    return {key: value for key, value in floor.state.items() if key != "run"}


def set_step(step: RunStep, status: str, from_status: str) -> Submit:
    arguments = {
        "run_id": "77",
        "status": status,
        "from_status": from_status,
        "step_id": step.id,
        "title": step.title,
    }
    needs = f"step/{step.id}/filled" if status == "COMPLETE" else ""
    return Submit("set_step_status", "run/77", "run/77", arguments, needs=needs)


def with_status(*statuses: str, run: str = "IN_PROGRESS") -> Run:
    steps = tuple(replace(step, status=status) for step, status in zip(STEPS, statuses, strict=True))
    return replace(RUN, status=run, steps=steps)


def test_a_run_shows_its_steps_in_their_order() -> None:
    floor = Floor()
    assert floor.scan("ION/RUN/77", replace(RUN, steps=STEPS[::-1]), as_of=NOW) == "run/run"
    assert floor.said == (Level.GOOD, "Valve acceptance is to do.")
    assert steps_of(floor) == [("s1", "TODO", True, False, None), ("s2", "TODO", False, False, None)]
    assert shown(floor) == {
        "way": "steps",
        "next_step": "s1",
        "current_step": None,
        "can_start": True,
        "can_complete": False,
        "why": None,
        "as_of": NOW.isoformat(),
        "copies": "1",
        **RESTING,
    }


def test_a_run_is_started_and_completed_offline() -> None:
    floor = at_run()
    heard = []
    for verb in ("START", "COMPLETE", "START", "COMPLETE"):
        assert floor.scan(f"ION/CMD/{verb}") == "run/run"
        heard.append(floor.said)
    assert heard == [
        (Level.WAIT, "Inspect: started. Kept, on the way to ION."),
        (Level.WAIT, "Inspect: complete. Kept, on the way to ION."),
        (Level.WAIT, "Proof test: started. Kept, on the way to ION."),
        (Level.WAIT, "Proof test: complete. Kept, on the way to ION."),
    ]
    assert floor.effects == [
        set_step(STEPS[0], "IN_PROGRESS", "TODO"),
        set_step(STEPS[0], "COMPLETE", "IN_PROGRESS"),
        set_step(STEPS[1], "IN_PROGRESS", "TODO"),
        set_step(STEPS[1], "COMPLETE", "IN_PROGRESS"),
    ]
    assert steps_of(floor)[1] == ("s2", "COMPLETE", False, False, "COMPLETE")
    assert (floor.state["can_start"], floor.state["can_complete"], floor.state["why"]) == (False, False, None)
    floor.scan("ION/RUN/77", RUN, as_of=NOW)
    assert floor.said == (Level.GOOD, "Valve acceptance is complete.")


@pytest.mark.parametrize(
    ("run", "verb", "said"),
    [
        (
            with_status("IN_PROGRESS", "TODO"),
            "START",
            (Level.ASK, "Inspect is in progress. Complete it first."),
        ),
        (RUN, "COMPLETE", (Level.ASK, "Nothing of Valve acceptance is in progress. Start it first.")),
        (with_status("COMPLETE", "COMPLETE"), "START", (Level.ASK, "Valve acceptance is complete already.")),
        (
            with_status("COMPLETE", "COMPLETE"),
            "COMPLETE",
            (Level.ASK, "Valve acceptance is complete already."),
        ),
        (
            with_status("HOLD", "TODO", run="HOLD"),
            "START",
            (Level.STOP, "Nothing of Valve acceptance can start now: it is on hold."),
        ),
    ],
)
def test_what_cannot_be_done_is_said(run: Run, verb: str, said: tuple[Level, str]) -> None:
    floor = at_run(run)
    before = floor.state
    floor.press(verb)
    assert (floor.said, floor.state, floor.effects) == (said, before, [])


@pytest.mark.parametrize("argument", ["s2", "step/s2", "step/s9"])
def test_blocked_steps_do_not_start_by_name_either(argument: str) -> None:
    floor = at_run()
    floor.press("COPIES", "2")
    for _ in range(2):
        floor.press("START", argument)
        assert floor.effects == []
    floor.hears(with_status("CANCELED", "TODO"))
    floor.press("START", argument)
    assert (floor.effects, floor.state["copies"]) == ([], "2")


def test_a_nested_step_starts_while_its_parent_is_in_progress_and_ends_before_it() -> None:
    outer = RunStep("o", "Pressure tests", "TODO", 1)
    inner = RunStep("i", "Proof test", "TODO", 2, parent="o")
    floor = at_run(replace(RUN, steps=(outer, inner)))
    assert steps_of(floor) == [("o", "TODO", True, False, None), ("i", "TODO", False, False, None)]
    told = []
    for verb in ("START", "COMPLETE", "START", "COMPLETE", "COMPLETE", "START"):
        floor.press(verb)
        told.append(floor.said)
    assert [text for _, text in filter(None, told)] == [
        "Pressure tests: started. Kept, on the way to ION.",
        "Pressure tests waits for its steps. Start Proof test.",
        "Proof test: started. Kept, on the way to ION.",
        "Proof test: complete. Kept, on the way to ION.",
        "Pressure tests: complete. Kept, on the way to ION.",
        "Valve acceptance is complete already.",
    ]


def test_parallel_steps_start_by_name() -> None:
    third = RunStep("s3", "Clean", "TODO", 3)
    floor = at_run(
        replace(with_status("IN_PROGRESS", "TODO"), steps=(*with_status("IN_PROGRESS", "TODO").steps, third))
    )
    floor.press("START", "step/s3")
    floor.press("COMPLETE", "step/s3")
    assert floor.effects == [
        set_step(third, "IN_PROGRESS", "TODO"),
        set_step(third, "COMPLETE", "IN_PROGRESS"),
    ]


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (with_status("COMPLETE", "COMPLETE", run="COMPLETE"), (Level.GOOD, "Valve acceptance is complete.")),
        (
            with_status("HOLD", "TODO", run="HOLD"),
            (Level.ASK, "Valve acceptance is on hold. Nothing can start: it is on hold."),
        ),
        (replace(with_status("TODO", "TODO"), title=""), (Level.GOOD, "Run 77 is in progress.")),
    ],
)
def test_how_a_run_stands_is_said(run: Run, said: tuple[Level, str]) -> None:
    assert at_run(run).said == said


@pytest.mark.parametrize("status", ["TODO", "PENDING", "pending"])
@pytest.mark.parametrize("steps", [(), STEPS])
def test_a_tenant_without_steps_moves_the_run_as_a_whole(status: str, steps: tuple[RunStep, ...]) -> None:
    floor = at_run(replace(RUN, status=status, steps=steps), WHOLE)
    assert floor.said == (Level.GOOD, "Valve acceptance is to do.")
    assert [step[2:4] for step in steps_of(floor)] == [(False, False)] * len(steps)
    for verb in ("START", "START", "COMPLETE", "COMPLETE"):
        floor.press(verb)
    arguments = {"run_id": "77", "title": "Valve acceptance"}
    assert floor.effects == [
        Submit(
            "set_run_status",
            "run/77",
            "run/77",
            {**arguments, "status": "IN_PROGRESS", "from_status": "TODO"},
        ),
        Submit(
            "set_run_status",
            "run/77",
            "run/77",
            {**arguments, "status": "COMPLETE", "from_status": "IN_PROGRESS"},
        ),
    ]
    assert floor.said == (Level.ASK, "Valve acceptance is complete already.")
    assert shown(floor) == {
        "way": "run",
        "next_step": None,
        "current_step": None,
        "can_start": False,
        "can_complete": False,
        "why": None,
        "as_of": None,
        "copies": "1",
        **RESTING,
        "focus": "77",
        "why_fail": "This ION does not offer to fail or hold steps.",
        "why_problem": "This ION does not offer to report problems.",
    }


@pytest.mark.parametrize("run", [replace(PLAIN_RUN, status="IN_PROGRESS", title="")])
def test_a_run_that_goes_on_is_completed_first(run: Run) -> None:
    floor = at_run(run, WHOLE)
    floor.press("START")
    assert floor.said == (Level.ASK, "Run 77 is in progress. Complete it first.")


@pytest.mark.parametrize(
    ("run", "offers", "why"),
    [
        (RUN, frozenset({"move"}), "This ION does not offer to start or complete runs."),
        (
            PLAIN_RUN,
            frozenset({"set_step_status"}),
            "It has no steps, and this ION moves runs by their steps.",
        ),
    ],
)
def test_a_tenant_without_the_operation_says_so(run: Run, offers: frozenset[str], why: str) -> None:
    floor = at_run(run, offers)
    assert (floor.state["way"], floor.state["why"]) == (None, why)
    assert floor.said == (Level.ASK, f"Valve acceptance is to do. {why}")
    floor.press("START")
    assert floor.said == (Level.STOP, "This ION does not offer to start Valve acceptance. Ask a technician.")
    assert floor.effects == []


def test_stock_with_one_run_is_followed_in_the_run_flow() -> None:
    floor = Floor()
    floor.press("FLOW", "run")
    assert floor.scan("SN-1", replace(UNIT, runs=(HEADING,))) == "home/idle"
    assert floor.scan("ION/RUN/77", RUN) == "run/run"
    assert floor.scan("SN-1", replace(UNIT, runs=(HEADING,))) == "run/run"
    assert floor.followed == ["ION/RUN/77"] * 2
    for runs in ((), (HEADING, RunHeading("78", "Rework", "TODO"))):
        assert floor.scan("SN-1", replace(UNIT, runs=runs)) == "lookup/inventory"
        floor.press("FLOW", "run")


def test_a_refused_start_can_be_tried_again() -> None:
    floor = at_run()
    floor.press("START")
    assert floor.delivers(state=OperationState.REJECTED) == "run/run"
    assert floor.said == (Level.STOP, "ION did not take it. Inspect: Lot is unknown")
    assert steps_of(floor)[0] == ("s1", "TODO", True, False, None)
    floor.press("START")
    assert len(floor.effects) == 2


def test_ions_answer_is_shown() -> None:
    floor = Floor()
    floor.scan("ION/RUN/77", RUN, as_of=NOW)
    floor.press("START")
    assert floor.state["as_of"] is not None
    floor.delivers({"run": object_json(with_status("IN_PROGRESS", "TODO"))})
    assert floor.said == (Level.GOOD, "ION has it: Inspect started.")
    assert steps_of(floor)[0] == ("s1", "IN_PROGRESS", False, True, None)
    assert (floor.state["run"]["status"], floor.state["as_of"]) == ("IN_PROGRESS", None)


def test_news_of_other_runs_change_nothing() -> None:
    floor = at_run()
    floor.press("START")
    floor.scan("ION/RUN/78", replace(RUN, id="78"))
    before = floor.state
    floor.hears(RUN)
    floor.delivers({"run": object_json(RUN)})
    assert floor.state == before


def test_a_runs_label_is_printed_at_once() -> None:
    floor = at_run(replace(RUN, uid="AB" * 16, procedure="ATP-1"))
    floor.press("COPIES", "2")
    floor.press("PRINT")
    fields = facts_of(replace(RUN, uid="AB" * 16, procedure="ATP-1"))
    assert floor.effects == [Print("run", fields, "run/77", 2, is_selecting=True)]
