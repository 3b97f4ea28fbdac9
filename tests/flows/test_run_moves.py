"""Which step is meant, and what becomes of it: several at once, failed, on hold."""

from dataclasses import replace

import pytest

from kiosk.model import Level, Run, RunStep
from kiosk.wire import object_json
from tests.flows.floor import FLOWS, RUN, Floor

ASK, STOP, WAIT = Level.ASK, Level.STOP, Level.WAIT
CLEAN, MASK = RunStep("a", "Clean", "TODO", 1), RunStep("b", "Mask", "TODO", 2)
PAINT = RunStep("c", "Paint", "TODO", 3, upstream=("a", "b"))


def at_run(*statuses: str, offers: frozenset[str] | None = None) -> Floor:
    """Return a floor at a run whose first two steps go side by side."""
    steps = tuple(
        replace(step, status=status) for step, status in zip((CLEAN, MASK, PAINT), statuses, strict=True)
    )
    floor = Floor()
    floor.place = replace(floor.place, offers=offers)
    floor.scan("ION/RUN/77", replace(RUN, status="IN_PROGRESS", steps=steps))
    return floor


def moves(floor: Floor) -> list[tuple[str, str]]:
    return [(str(each.arguments["step_id"]), str(each.arguments["status"])) for each in floor.submits]


def offered(floor: Floor) -> list[tuple[str, str]]:
    return [(each["title"], each["detail"]) for each in floor.state["options"]]


def test_of_several_steps_that_can_start_a_person_chooses() -> None:
    floor = at_run("TODO", "TODO", "TODO")
    assert floor.press("START") == "home/choose"
    assert floor.said == (ASK, "Which step of Valve acceptance is it?")
    assert offered(floor) == [("Clean", "to do"), ("Mask", "to do")]
    assert floor.press("CHOOSE", "2") == "run/run"
    assert (moves(floor), floor.state["focus"]) == ([("b", "IN_PROGRESS")], "b")


def test_start_twice_starts_one_step() -> None:
    floor = at_run("TODO", "COMPLETE", "TODO")
    floor.press("START")
    floor.press("START")
    assert (floor.screen, floor.said) == ("run/run", (ASK, "Clean is in progress. Complete it first."))
    assert moves(floor) == [("a", "IN_PROGRESS")]


def test_a_second_step_starts_beside_the_first_by_choice() -> None:
    floor = at_run("IN_PROGRESS", "TODO", "TODO")
    assert floor.state["others"] == 1
    assert floor.press("START") == "home/choose"
    assert offered(floor) == [("Mask", "to do")]
    floor.press("CHOOSE", "start/b")
    assert (moves(floor), floor.state["current_step"]) == ([("b", "IN_PROGRESS")], "b")
    floor.press("START")
    assert offered(floor) == [("Clean", "in progress")]
    assert floor.press("CHOOSE", "1") == "run/run"
    assert (floor.said, floor.state["current_step"]) == ((ASK, "Clean is in progress."), "a")
    floor.press("COMPLETE")
    assert moves(floor)[1:] == [("a", "COMPLETE")]


@pytest.mark.parametrize(("verb", "question"), [("COMPLETE", "is complete"), ("HOLD", "goes on hold")])
def test_of_several_in_progress_a_person_chooses(verb: str, question: str) -> None:
    floor = at_run("IN_PROGRESS", "IN_PROGRESS", "TODO")
    assert floor.press(verb) == "home/choose"
    assert floor.said == (ASK, f"Which step of Valve acceptance {question}?")
    assert offered(floor) == [("Clean", "in progress"), ("Mask", "in progress")]
    floor.press("BACK")
    assert (floor.screen, floor.effects) == ("run/run", [])
    floor.press("CHOOSE", "1")
    assert (floor.state["current_step"], floor.said) == ("a", (ASK, "Clean is in progress."))
    floor.press(verb)
    assert floor.screen == "run/run"


def test_a_step_that_is_not_worked_on_is_named_only() -> None:
    floor = at_run("COMPLETE", "TODO", "TODO")
    for key, said in (("1", "Clean is complete."), ("step/c", "Paint is to do.")):
        floor.press("CHOOSE", key)
        assert floor.said == (ASK, said)
    for key in ("4", "0", "step/z", "9" * 400):
        floor.press("CHOOSE", key)
        assert floor.said == (ASK, "CHOOSE does nothing here.")
    assert floor.effects == []


def test_hold_is_asked_first() -> None:
    floor = at_run("IN_PROGRESS", "TODO", "TODO")
    assert floor.press("HOLD") == "run/run"
    said = (ASK, "Put Clean on hold? It goes on again only in ION. Confirm.")
    assert (floor.said, floor.state["asks"]) == (said, {"verb": "HOLD", "step": "a"})
    floor.press("BACK")
    assert (floor.said, floor.state["asks"]) == ((ASK, "Nothing was changed."), None)
    floor.press("CONFIRM")
    assert (floor.said, floor.effects) == ((ASK, "CONFIRM does nothing here."), [])
    floor.press("HOLD")
    floor.hears(replace(RUN, steps=(replace(CLEAN, status="IN_PROGRESS"), MASK)))
    floor.press("CONFIRM")
    assert moves(floor) == [("a", "HOLD")]
    assert floor.said == (WAIT, "Clean: on hold. Kept, on the way to ION.")
    floor.press("CONFIRM")
    assert len(floor.effects) == 1


def test_what_was_asked_about_may_be_over_meanwhile() -> None:
    floor = at_run("IN_PROGRESS", "COMPLETE", "TODO")
    floor.press("HOLD")
    floor.hears(replace(RUN, steps=(replace(CLEAN, status="COMPLETE"), MASK, PAINT)))
    floor.press("CONFIRM")
    assert (floor.said, floor.effects) == (
        (ASK, "Nothing of Valve acceptance is in progress. Start it first."),
        [],
    )


@pytest.mark.parametrize(
    ("flows", "offers"),
    [(("run",), None), (FLOWS, frozenset({"set_step_status"}))],
)
def test_without_problems_a_step_fails_by_itself(
    flows: tuple[str, ...], offers: frozenset[str] | None
) -> None:
    floor = at_run("IN_PROGRESS", "COMPLETE", "TODO", offers=offers)
    floor.place = replace(floor.place, flows=flows)
    floor.press("FAIL")
    assert floor.said == (ASK, "Fail Clean? It starts again only in ION. Confirm.")
    floor.press("CONFIRM")
    assert (moves(floor), len(floor.effects)) == ([("a", "FAILED")], 1)


@pytest.mark.parametrize("verb", ["FAIL", "HOLD", "ENTER", "COMPLETE"])
def test_what_has_not_started_cannot_fail(verb: str) -> None:
    floor = at_run("TODO", "COMPLETE", "TODO")
    floor.press(verb)
    assert (floor.said, floor.effects) == (
        (ASK, "Nothing of Valve acceptance is in progress. Start it first."),
        [],
    )
    assert floor.state["why_fail"] == "Nothing is started."


@pytest.mark.parametrize("verb", ["FAIL", "HOLD", "ENTER"])
def test_a_run_that_moves_as_a_whole_has_no_steps_to_fail(verb: str) -> None:
    floor = Floor()
    floor.place = replace(floor.place, offers=frozenset({"set_run_status"}))
    floor.scan("ION/RUN/77", replace(RUN, status="IN_PROGRESS", steps=()))
    floor.press(verb)
    said = f"This ION moves runs as a whole. There is no step to {verb.lower()}."
    assert (floor.said, floor.effects) == ((STOP, said), [])
    assert floor.state["why_fail"] == "This ION does not offer to fail or hold steps."


def test_buttons_come_on_three_pages() -> None:
    floor = at_run("TODO", "TODO", "TODO")
    said = floor.said
    pages = []
    for _ in range(4):
        floor.press("NEXT")
        pages.append(floor.state["page"])
    assert (pages, floor.said) == (["2", "3", "1", "2"], said)
    floor.press("START", "a")
    assert floor.state["page"] == "2"


@pytest.mark.parametrize("flows", [("run",), FLOWS])
def test_a_station_or_a_tenant_without_problems_says_so(flows: tuple[str, ...]) -> None:
    floor = Floor()
    offers = frozenset({"set_step_status"}) if flows is FLOWS else None
    floor.place = replace(floor.place, flows=flows, offers=offers)
    run = replace(RUN, steps=(replace(CLEAN, status="IN_PROGRESS"),))
    floor.scan("ION/RUN/77", run)
    why = (
        "This ION does not offer to report problems." if offers else "This station does not report problems."
    )
    assert floor.state["why_problem"] == why
    assert floor.press("PROBLEM") == "run/run"
    assert floor.said == (STOP, f"{why} Ask a technician.")


def test_what_somebody_else_changed_is_said() -> None:
    floor = at_run("IN_PROGRESS", "TODO", "TODO")
    floor.press("COMPLETE")
    floor.rejects("Changed by someone else: Etag does not match.")
    assert floor.said == (STOP, "ION did not take it. Clean: Changed by someone else: Etag does not match.")
    held = replace(
        RUN, status="HOLD", steps=(replace(CLEAN, status="HOLD"), replace(MASK, status="COMPLETE"), PAINT)
    )
    floor.hears(held)
    changed = "Clean is on hold, was in progress; Mask is complete, was to do"
    said = f"Valve acceptance was changed by someone else: {changed}."
    assert floor.said == (STOP, said)
    floor.hears(replace(held, status="TODO"))
    assert floor.said == (STOP, said)


def test_what_nobody_can_see_the_change_of_is_looked_at_again() -> None:
    floor = at_run("IN_PROGRESS", "TODO", "TODO")
    floor.press("HOLD")
    floor.press("CONFIRM")
    floor.rejects("Changed by Ada Lovelace: Etag does not match.")
    run: Run = replace(RUN, status="IN_PROGRESS", steps=(replace(CLEAN, status="IN_PROGRESS"), MASK, PAINT))
    floor.hears(replace(run, id="78"))
    assert floor.said is not None
    assert floor.said[1].startswith("ION did not take it.")
    floor.hears(run)
    assert floor.said == (STOP, "Valve acceptance was changed by Ada Lovelace. Look at it again.")
    assert floor.state["run"]["steps"][0]["status"] == object_json(run.steps[0])["status"]
