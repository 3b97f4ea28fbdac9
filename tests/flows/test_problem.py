from dataclasses import replace
from typing import Any

import pytest

from kiosk.model import Inventory, Json, Level, Run, RunStep, Submit
from kiosk.wire import object_json
from tests.flows.floor import LOT, ORDER, RUN, UNIT, Floor

ASK, STOP, WAIT, GOOD = Level.ASK, Level.STOP, Level.WAIT, Level.GOOD
PHOTO = "a" * 64
STEP = RunStep("s1", "Inspect", "IN_PROGRESS", 1)
GOING = replace(RUN, status="IN_PROGRESS", inventory_id="501", steps=(STEP,))


def issue(about: Run | Inventory, title: str, **changes: Json) -> Submit:
    is_run = isinstance(about, Run)
    arguments: dict[str, Json] = {
        "title": title,
        "run_id": about.id if is_run else None,
        "run_step_id": "s1" if is_run else None,
        "inventory_id": about.inventory_id if isinstance(about, Run) else about.id,
        "disposition_type": None,
        **changes,
    }
    return Submit("create_issue", about.key, about.key, arguments)


def at_problem(about: Run | Inventory = GOING, verb: str = "PROBLEM") -> Floor:
    floor = Floor()
    floor.scan("anything", about)
    assert floor.press(verb) == "problem/title"
    return floor


def test_a_problem_on_a_step_is_reported_by_scanning() -> None:
    floor = at_problem()
    assert floor.said == (ASK, "What is wrong with Inspect?")
    assert [row["title"] for row in floor.state["rows"]] == [
        "Damaged", "Out of tolerance", "Wrong part", "Part missing",
    ]  # fmt: skip
    assert floor.scan("ION/CMD/CHOOSE/1") == "problem/report"
    assert floor.said == (ASK, "Damaged on Inspect: confirm, or add a photo.")
    assert floor.scan("ION/CMD/CONFIRM") == "run/run"
    assert floor.said == (WAIT, "Damaged on Inspect: reported. Kept, on the way to ION.")
    assert floor.effects == [issue(GOING, "Damaged")]
    floor.press("CONFIRM")
    assert len(floor.effects) == 1
    floor.delivers({"issue": {"id": "5"}})
    assert floor.said == (GOOD, "ION has it: Damaged is reported.")


def test_a_step_fails_with_its_problem_and_its_photo() -> None:
    floor = at_problem(verb="FAIL")
    assert floor.said == (ASK, "Inspect fails. What is wrong?")
    assert floor.state["rows"][0]["title"] == "Inspect failed"
    floor.scan("BURR AT HOLE 3")
    floor.press("PHOTO", PHOTO)
    assert (floor.screen, floor.said, floor.state["photos"]) == (
        "problem/report",
        (GOOD, "The photo is kept."),
        [PHOTO],
    )
    assert floor.press("CONFIRM") == "run/run"
    assert floor.said == (WAIT, "Inspect failed: BURR AT HOLE 3. Kept, on the way to ION.")
    status = {
        "run_id": "77",
        "status": "FAILED",
        "from_status": "IN_PROGRESS",
        "step_id": "s1",
        "title": "Inspect",
    }
    file = {"digest": PHOTO, "filename": "BURR-AT-HOLE-3-1.jpg", "content_type": "image/jpeg"}
    assert floor.effects == [
        Submit("set_step_status", "run/77", "run/77", status),
        issue(GOING, "BURR AT HOLE 3", photos=[file]),
    ]
    step: Any = floor.state["run"]["steps"][0]
    assert (step["status"], step["known_status"]) == ("FAILED", "IN_PROGRESS")


def test_a_problem_with_stock_leads_back_to_the_stock() -> None:
    floor = at_problem(LOT)
    assert floor.said == (ASK, "What is wrong with LOT-A?")
    floor.press("NEXT")
    assert next(row["title"] for row in floor.state["rows"]) == "Test failed"
    assert floor.said == (ASK, "What is wrong with LOT-A?")
    floor.press("CHOOSE", "2")
    assert floor.press("CONFIRM") == "lookup/inventory"
    assert floor.effects == [issue(LOT, "Contaminated")]


def test_what_becomes_of_it_can_be_said() -> None:
    floor = at_problem(UNIT)
    floor.press("CHOOSE", "title/2")
    assert floor.state["disposition_words"] == "Not decided"
    assert floor.press("CHOOSE", "2") == "problem/disposition"
    assert floor.said == (ASK, "What is to become of SN-1?")
    assert floor.press("BACK") == "problem/report"
    floor.press("CHOOSE", "ask/disposition")
    assert floor.press("CHOOSE", "2") == "problem/report"
    assert (floor.state["disposition"], floor.state["disposition_words"]) == ("rework", "Rework")
    floor.press("CHOOSE", "1")
    assert floor.screen == "problem/title"
    assert floor.press("CONFIRM") == "problem/report"
    floor.press("CHOOSE", "1")
    floor.press("CHOOSE", "1")
    floor.press("CONFIRM")
    assert floor.effects == [issue(UNIT, "Damaged", disposition_type="rework")]


def test_it_can_be_left_undecided_again() -> None:
    floor = at_problem(UNIT)
    floor.press("CHOOSE", "1")
    for choice in ("1", "disposition/6"):
        floor.press("CHOOSE", "ask/disposition")
        floor.press("CHOOSE", choice)
    assert floor.state["disposition"] == ""
    floor.press("CHOOSE", "ask/disposition")
    floor.press("NEXT")
    assert [row["title"] for row in floor.state["rows"]] == ["Return to supplier", "Not decided"]


@pytest.mark.parametrize("key", ["5", "title/9", "x", "title/x"])
def test_what_is_no_choice_changes_nothing(key: str) -> None:
    floor = at_problem(UNIT)
    floor.press("CHOOSE", key)
    assert (floor.screen, floor.said) == ("problem/title", (ASK, "CHOOSE does nothing here."))


def test_without_a_title_nothing_is_reported() -> None:
    floor = at_problem()
    floor.press("CONFIRM")
    assert floor.said == (ASK, "Still missing: what is wrong. Choose it, or type it.")
    floor.scan("x" * 121)
    assert floor.said == (STOP, "That is no title: say what is wrong in 120 characters or less.")
    assert floor.effects == []


def test_cancel_reports_nothing_and_leads_back() -> None:
    floor = at_problem()
    floor.press("CHOOSE", "1")
    assert floor.press("CANCEL") == "run/run"
    assert (floor.said, floor.effects) == ((ASK, "Nothing was reported."), [])


def test_a_problem_of_a_run_between_two_steps_is_its_stocks() -> None:
    idle = replace(GOING, steps=(replace(STEP, status="TODO"),))
    floor = at_problem(idle)
    assert floor.said == (ASK, "What is wrong with Valve acceptance?")
    floor.press("CHOOSE", "1")
    floor.press("CONFIRM")
    assert floor.effects == [issue(idle, "Damaged", run_step_id=None)]


def test_what_is_said_is_not_thrown_away_unasked() -> None:
    floor = at_problem()
    floor.press("CHOOSE", "1")
    assert floor.scan("PO-7", ORDER) == "home/switch"
    assert floor.said == (
        ASK,
        "Leave the problem Damaged on Inspect, and go to PO-7? What was entered is not kept.",
    )
    floor.press("BACK")
    assert (floor.screen, floor.state["title"]) == ("problem/report", "Damaged")
    assert floor.scan("LOT-A", LOT) == "home/switch"
    assert floor.press("CONFIRM") == "problem/title"
    assert floor.state["where"] == "LOT-A"
    assert floor.scan("SN-1", UNIT) == "problem/title"
    assert floor.state["where"] == "SN-1"


def test_photos_alone_are_not_thrown_away_either() -> None:
    floor = at_problem()
    floor.press("PHOTO", PHOTO)
    assert floor.scan("PO-7", ORDER) == "home/switch"
    assert floor.said == (ASK, "Leave photos on Inspect, and go to PO-7? What was entered is not kept.")


def test_it_is_a_job_of_its_own_too() -> None:
    floor = Floor()
    floor.press("FLOW", "problem")
    assert floor.scan("ION/RUN/77", GOING) == "problem/title"
    floor.press("CHOOSE", "1")
    assert floor.press("CONFIRM") == "run/run"
    assert floor.effects == [issue(GOING, "Damaged")]
    floor.scan("SN-1", UNIT)
    assert floor.press("FLOW", "problem") == "problem/title"


def test_a_step_that_is_over_does_not_fail() -> None:
    floor = at_problem(verb="FAIL")
    floor.press("CHOOSE", "1")
    floor.hears(replace(GOING, steps=(replace(STEP, status="COMPLETE"),)))
    assert floor.screen == "problem/report"
    floor.press("CONFIRM")
    assert floor.said == (STOP, "Inspect is not in progress any more, so it cannot fail. Go back.")
    assert floor.effects == []


def test_news_of_the_run_are_shown_when_it_is_over() -> None:
    floor = Floor()
    floor.scan("ION/RUN/77", replace(GOING, steps=(replace(STEP, status="TODO"),)))
    floor.press("START")
    floor.press("PROBLEM")
    floor.delivers({"run": object_json(GOING)})
    floor.press("CANCEL")
    assert floor.state["run"]["steps"][0]["known_status"] == "IN_PROGRESS"
    floor.press("PROBLEM")
    floor.hears(replace(GOING, id="78"))
    floor.press("CHOOSE", "1")
    floor.press("CONFIRM")
    floor.press("PROBLEM")
    floor.delivers({})
    assert floor.screen == "problem/title"


def test_a_tenant_that_stops_offering_it_says_so() -> None:
    floor = at_problem()
    floor.press("CHOOSE", "1")
    floor.place = replace(floor.place, offers=frozenset({"set_step_status"}))
    floor.press("CONFIRM")
    assert (floor.said, floor.effects) == (
        (STOP, "This ION does not offer to report problems. Ask a technician."),
        [],
    )


@pytest.mark.parametrize("verb", ["START", "PRINT", "NEXT"])
def test_other_verbs_do_nothing(verb: str) -> None:
    floor = at_problem()
    floor.press("CHOOSE", "1")
    floor.press(verb)
    assert (floor.screen, floor.said) == ("problem/report", (ASK, f"{verb} does nothing here."))
    floor.scan("[)>\x1e06\x1dPX-1\x1e\x04")
    assert floor.screen == "home/unknown"
