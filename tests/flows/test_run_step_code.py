"""The barcode of one step, as a traveler carries it: the run with that step in focus, and no other meant."""

from dataclasses import replace
from typing import Any

import pytest

from kiosk.barcodes import read
from kiosk.flows.flow import Scanned
from kiosk.model import Level, Run, RunStep
from tests.flows.floor import RUN, STEPS, UNIT, Floor
from tests.flows.test_run import set_step, with_status

FIRST, SECOND = "ION/STEP/77:s1", "ION/STEP/77:s2"
ASIDE = RunStep("s3", "Engrave", "TODO", 3)
WIDE = replace(RUN, steps=(*STEPS, ASIDE))
"""Two steps in a row, and one that can be done at any time."""


def at_step(code: str, run: Run = WIDE) -> Floor:
    floor = Floor()
    floor.scan(code, run)
    return floor


def focus(floor: Floor) -> tuple[Any, ...]:
    return tuple(floor.state[name] for name in ("scanned", "next_step", "current_step"))


def test_the_step_that_is_scanned_starts_and_no_other() -> None:
    floor = at_step("ION/STEP/77:s3")
    assert (floor.screen, focus(floor)) == ("run/run", ("s3", "s3", None))
    assert floor.said == (Level.ASK, "Engrave can start.")
    floor.press("START")
    assert floor.submits == [set_step(ASIDE, "IN_PROGRESS", "TODO")]
    assert focus(floor) == (None, "s1", "s3")
    floor.press("COMPLETE")
    assert floor.submits[1:] == [set_step(ASIDE, "COMPLETE", "IN_PROGRESS")]


def test_a_step_can_be_completed_while_another_is_in_progress() -> None:
    run = replace(WIDE, steps=(replace(STEPS[0], status="IN_PROGRESS"), STEPS[1], ASIDE))
    running = replace(run, steps=(*run.steps[:2], replace(ASIDE, status="IN_PROGRESS")))
    floor = at_step("ION/STEP/77:s3", running)
    assert floor.said == (Level.GOOD, "Engrave is in progress.")
    floor.press("COMPLETE")
    assert [submit.arguments["step_id"] for submit in floor.submits] == ["s3"]


@pytest.mark.parametrize(
    ("statuses", "code", "verb", "said"),
    [
        (("IN_PROGRESS", "TODO"), FIRST, "START", "Inspect is in progress. Complete it first."),
        (("TODO", "TODO"), FIRST, "COMPLETE", "Inspect is not started. Start it first."),
        (("IN_PROGRESS", "TODO"), SECOND, "START", "Proof test cannot start yet: other steps come first."),
        (("IN_PROGRESS", "TODO"), SECOND, "COMPLETE", "Proof test cannot start yet: other steps come first."),
        (
            ("COMPLETE", "IN_PROGRESS"),
            FIRST,
            "COMPLETE",
            "Inspect is complete. Scan another step, or the run.",
        ),
        (("COMPLETE", "TODO"), FIRST, "START", "Inspect is complete. Scan another step, or the run."),
        (("HOLD", "IN_PROGRESS"), FIRST, "FAIL", "Inspect is on hold. Scan another step, or the run."),
    ],
)
def test_nothing_is_done_to_another_step(statuses: tuple[str, ...], code: str, verb: str, said: str) -> None:
    floor = at_step(code, with_status(*statuses))
    floor.press(verb)
    assert (floor.said, floor.effects) == ((Level.ASK, said), [])


def test_a_step_that_waits_for_those_within_it_says_so() -> None:
    outer = replace(STEPS[0], status="IN_PROGRESS")
    inner = RunStep("s9", "Bolt 1", "TODO", 2, parent="s1")
    floor = at_step(FIRST, replace(RUN, status="IN_PROGRESS", steps=(outer, inner)))
    assert floor.said == (Level.ASK, "Inspect waits for the steps within it.")


def test_news_keeps_the_step_in_focus_and_all_steps_are_a_press_away() -> None:
    floor = at_step("ION/STEP/77:s3")
    floor.hears(WIDE)
    assert focus(floor) == ("s3", "s3", None)
    floor.press("CHOOSE", "run/77")
    assert (focus(floor), floor.said) == ((None, "s1", None), (Level.ASK, "Every step of Valve acceptance."))


def test_the_run_itself_or_a_step_chosen_on_the_screen_lets_go_of_it() -> None:
    run = with_status("IN_PROGRESS", "TODO")
    floor = at_step(SECOND, run)
    floor.press("CHOOSE", "step/s1")
    assert focus(floor) == (None, None, "s1")
    floor.scan(SECOND, run)
    floor.scan("ION/RUN/77", run)
    assert focus(floor) == (None, None, "s1")


def test_a_problem_is_reported_on_the_step_that_was_scanned() -> None:
    floor = at_step(SECOND, with_status("IN_PROGRESS", "TODO"))
    floor.press("PROBLEM")
    assert floor.state["step_id"] == "s2"
    floor.press("BACK")
    assert focus(floor)[0] == "s2"
    floor.press("FLOW", "problem")
    floor.scan("ION/STEP/77:s1", with_status("IN_PROGRESS", "TODO"))
    assert floor.state["step_id"] == "s1"


def test_a_step_that_is_gone_is_told_and_nothing_is_hidden() -> None:
    floor = at_step("ION/STEP/77:s0")
    assert floor.said == (
        Level.STOP,
        "Valve acceptance has no such step any more. Print its traveler anew.",
    )
    assert focus(floor) == (None, "s1", None)


def test_where_ion_moves_runs_as_a_whole_a_steps_code_shows_the_run() -> None:
    floor = Floor()
    floor.place = replace(floor.place, offers=frozenset({"set_run_status"}))
    floor.scan(FIRST, WIDE)
    assert (floor.screen, floor.state["scanned"]) == ("run/run", None)
    assert floor.said == (Level.GOOD, "Valve acceptance is to do.")


def test_a_step_of_another_run_is_no_step_of_this_one() -> None:
    floor = Floor()
    floor.happens(Scanned(read(b"ION/STEP/78:s1"), (RUN,)))
    assert floor.state["scanned"] is None


def test_it_is_found_from_stock_and_after_leaving_a_screen() -> None:
    floor = Floor()
    floor.scan("SN-1", UNIT)
    assert floor.scan(SECOND, with_status("COMPLETE", "TODO")) == "run/run"
    assert focus(floor) == ("s2", "s2", None)


def test_a_traveler_that_was_just_printed_leads_to_its_steps() -> None:
    floor = Floor()
    floor.press("FLOW", "label")
    floor.scan("ION/RUN/77", WIDE)
    assert floor.screen == "label/label"
    assert floor.scan(FIRST, WIDE) == "run/run"
    assert focus(floor) == ("s1", "s1", None)
