from dataclasses import replace

import pytest

from kiosk.flows import awaited
from kiosk.flows.flow import Answered
from kiosk.language import language
from kiosk.model import Asked, Inventory, Level, Procedure, Question, Run, Submit
from kiosk.wire import object_json
from kiosk.words import told
from tests.flows.floor import BARE, FLOWS, LOT, NOW, RUN, SHELF, UNIT, Floor

ASK, STOP, GOOD, WAIT, OFFLINE = Level.ASK, Level.STOP, Level.GOOD, Level.WAIT, Level.OFFLINE
QUESTION = Question(Asked.RELEASED_PROCEDURES, "")
VALVE = Procedure("12", "Valve assembly", "RELEASED", "Build a valve")
OTHERS = tuple(Procedure(str(n), f"Procedure {n}", "RELEASED") for n in range(20, 25))


def at_question(stock: Inventory = UNIT) -> Floor:
    floor = Floor()
    floor.scan("anything", stock)
    assert floor.press("CREATE") == "run/procedures"
    return floor


def at_new(stock: Inventory = UNIT) -> Floor:
    floor = at_question(stock)
    floor.answers(VALVE)
    assert floor.press("CHOOSE", "1") == "run/new"
    return floor


def titles(floor: Floor) -> list[str]:
    return [row["title"] for row in floor.state["rows"]]


def created(stock: Inventory, title: str) -> Submit:
    arguments = {"procedure_id": "12", "inventory_id": stock.id, "part_id": stock.part.id, "title": title}
    return Submit("create_run", stock.key, stock.key, arguments)


def test_a_run_is_created_and_shown_once_ion_has_it() -> None:
    floor = at_question()
    assert floor.said == (WAIT, "Asking ION for its released procedures …")
    assert awaited(floor.session) == QUESTION
    assert floor.answers(*OTHERS, VALVE) == "run/procedures"
    assert floor.said == (ASK, "Which procedure is it? Choose, scan, or type a part of its title.")
    assert (titles(floor), floor.state["pages"]) == ([f"Procedure {n}" for n in range(20, 24)], "2")
    floor.press("NEXT")
    assert titles(floor) == ["Procedure 24", "Valve assembly"]
    assert floor.press("CHOOSE", "2") == "run/new"
    assert floor.said == (ASK, "A new run of Valve assembly: confirm.")
    assert floor.press("CONFIRM") == "run/made"
    assert floor.said == (WAIT, "The run of Valve assembly: kept, on the way to ION.")
    floor.press("CONFIRM")
    assert floor.submits == [created(UNIT, "VLV-1 - SN-1 - Valve assembly")]
    assert floor.delivers({"run": object_json(RUN)}) == "run/run"
    assert floor.said == (GOOD, "ION has it: run VLV-1 - SN-1 - Valve assembly created.")
    assert floor.state["run"]["id"] == "77"
    floor.press("START")
    assert floor.submits[1].operation == "set_step_status"


@pytest.mark.parametrize(
    ("stock", "title"), [(LOT, "BOLT-1 - LOT-A - Valve assembly"), (BARE, "TAPE-1 - Valve assembly")]
)
def test_a_run_is_called_by_what_it_builds(stock: Inventory, title: str) -> None:
    floor = at_new(stock)
    floor.press("CONFIRM")
    assert floor.submits == [created(stock, title)]


def test_what_is_remembered_is_offered_until_ion_answers() -> None:
    floor = at_question()
    floor.answers(VALVE, as_of=NOW)
    assert (floor.said, floor.state["found_as_of"]) == (
        (ASK, "Which procedure is it? Choose, scan, or type a part of its title."),
        NOW.isoformat(),
    )
    floor.press("CHOOSE", "9")
    said = floor.said
    floor.happens(Answered(QUESTION, is_offline=True))
    assert (titles(floor), floor.said) == (["Valve assembly"], said)
    floor.happens(Answered(QUESTION, (OTHERS[0],)))
    assert (titles(floor), floor.state["found_as_of"]) == (["Procedure 20"], None)


def test_an_answer_for_another_screen_changes_nothing() -> None:
    floor = at_question()
    floor.happens(Answered(Question(Asked.OPEN_RUNS, ""), (RUN,)))
    assert awaited(floor.session) == QUESTION
    floor.answers(VALVE)
    floor.press("CHOOSE", "1")
    before = floor.state
    floor.happens(Answered(QUESTION, OTHERS))
    assert (floor.screen, floor.said) == ("run/new", (ASK, "A new run of Valve assembly: confirm."))
    assert len(floor.state["found"]) == len(OTHERS)
    assert floor.state["procedure"] == before["procedure"]


def test_a_question_on_top_does_not_hold_up_the_answer() -> None:
    floor = at_question()
    floor.scan("???")
    assert floor.screen == "run/procedures"
    floor.scan("???", UNIT, replace(UNIT, id="9"))
    assert floor.screen == "home/choose"
    assert awaited(floor.session) == QUESTION
    floor.answers(VALVE)
    assert floor.screen == "home/choose"
    floor.press("BACK")
    assert (floor.screen, titles(floor)) == ("run/procedures", ["Valve assembly"])


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            Answered(QUESTION, is_offline=True),
            (OFFLINE, "The procedures are not known here, and ION cannot be asked now."),
        ),
        (Answered(QUESTION, error="No {right}"), (STOP, "ION does not list its procedures: No {right}")),
        (Answered(QUESTION), (STOP, "ION has no released procedure.")),
        (Answered(QUESTION, (replace(VALVE, status="DRAFT"),)), (STOP, "ION has no released procedure.")),
    ],
)
def test_without_procedures_it_says_why_and_asks_again(answer: Answered, said: tuple[Level, str]) -> None:
    floor = at_question()
    floor.happens(answer)
    assert (floor.said, titles(floor), awaited(floor.session)) == (said, [], None)
    floor.press("REPEAT")
    assert awaited(floor.session) == QUESTION
    floor.answers(VALVE)
    assert titles(floor) == ["Valve assembly"]


def test_a_part_of_the_title_narrows_the_list() -> None:
    floor = at_question()
    floor.answers(VALVE, *OTHERS)
    floor.scan("VALVE")
    assert (titles(floor), floor.said) == (["Valve assembly"], (ASK, "1 found with VALVE."))
    floor.scan("nothing like it")
    assert floor.said == (STOP, "No released procedure has nothing like it in its title.")
    assert titles(floor) == ["Valve assembly"]


def test_a_procedures_own_barcode_chooses_it() -> None:
    floor = at_question()
    floor.scan("ION/PROC/13", replace(VALVE, id="13", status="IN_REVIEW"))
    assert floor.said == (STOP, "Valve assembly is in review. Only a released one can be run.")
    assert floor.scan("ION/PROC/12", VALVE) == "run/new"
    floor.press("CONFIRM")
    assert floor.submits[0].arguments["procedure_id"] == "12"


def test_what_was_asked_is_answered_though_a_procedure_was_scanned_before() -> None:
    floor = at_question()
    floor.scan("ION/PROC/12", VALVE)
    assert awaited(floor.session) == QUESTION
    said = floor.said
    assert floor.answers(VALVE, *OTHERS) == "run/new"
    assert (awaited(floor.session), floor.said) == (None, said)
    floor.press("BACK")
    assert floor.state["pages"] == "2"


def test_a_second_run_of_the_same_is_asked_about() -> None:
    floor = at_new()
    floor.press("CONFIRM")
    floor.press("BACK")
    assert floor.screen == "lookup/inventory"
    floor.press("CREATE")
    floor.answers(VALVE)
    floor.press("CHOOSE", "procedure/12")
    floor.press("CONFIRM")
    said = "A run of Valve assembly for SN-1 is on its way already. Confirm to create another."
    assert (floor.screen, floor.said, len(floor.effects)) == ("run/new", (ASK, said), 1)
    assert floor.press("CONFIRM") == "run/made"
    assert len(floor.effects) == 2


def test_a_refused_run_is_asked_about_again() -> None:
    floor = at_new()
    floor.press("CONFIRM")
    assert floor.rejects("The permission CreateRun is missing.") == "run/new"
    assert floor.said == (
        STOP,
        "ION did not take it. VLV-1 - SN-1 - Valve assembly: The permission CreateRun is missing.",
    )
    floor.press("CONFIRM")
    assert len(floor.submits) == 2


def test_a_run_that_is_made_while_nobody_waits_is_said() -> None:
    floor = at_new()
    floor.press("CONFIRM")
    floor.press("BACK")
    floor.press("CREATE")
    assert floor.delivers({"run": object_json(RUN)}) == "run/procedures"
    assert floor.said == (GOOD, "ION has it: run VLV-1 - SN-1 - Valve assembly created.")
    assert at_made_without_answer() == "run/made"


def at_made_without_answer() -> str:
    floor = at_new()
    floor.press("CONFIRM")
    return floor.delivers({})


def test_back_leads_step_by_step_to_the_stock() -> None:
    floor = at_new()
    assert floor.press("BACK") == "run/procedures"
    assert floor.said == (ASK, "Which procedure is it?")
    assert floor.press("BACK") == "lookup/inventory"
    assert floor.said == (ASK, "No run was created.")
    assert floor.effects == []


def test_fresher_facts_of_the_stock_are_taken() -> None:
    floor = at_question()
    floor.hears(replace(UNIT, status="WIP"))
    assert floor.state["inventory"]["status"] == "WIP"
    floor.hears(LOT)
    floor.press("CHOOSE", "1")
    assert floor.said == (ASK, "CHOOSE does nothing here.")


def test_a_run_or_other_stock_leads_away() -> None:
    assert at_question().scan("ION/RUN/77", RUN) == "run/run"
    assert at_question().scan("LOT-A", LOT) == "lookup/inventory"
    assert at_question().scan("Shelf", SHELF) == "lookup/location"


@pytest.mark.parametrize(
    ("offers", "flows", "why"),
    [
        (frozenset({"move"}), FLOWS, "This ION does not offer to create runs."),
        (None, ("lookup",), "This station does no runs."),
    ],
)
def test_where_no_run_can_be_created_it_says_why(
    offers: frozenset[str] | None, flows: tuple[str, ...], why: str
) -> None:
    floor = Floor()
    floor.place = replace(floor.place, offers=offers, flows=flows)
    floor.scan("SN-1", UNIT)
    assert floor.state["why_create"] == why
    assert floor.press("CREATE") == "lookup/inventory"
    assert floor.said == (STOP, f"{why} Ask a technician.")


def test_a_tenant_that_stops_offering_it_says_so() -> None:
    floor = at_new()
    floor.place = replace(floor.place, offers=frozenset())
    floor.press("CONFIRM")
    assert (floor.said, floor.effects) == (
        (STOP, "This ION does not offer to create runs. Ask a technician."),
        [],
    )


def test_a_procedure_that_is_looked_up_says_what_to_scan() -> None:
    floor = Floor()
    assert floor.scan("ION/PROC/12", VALVE) == "lookup/procedure"
    floor.press("CREATE")
    assert floor.said == (ASK, "Scan the stock that is built, then create its run.")
    made: Run = RUN
    assert floor.scan("ION/RUN/77", made) == "run/run"


def test_why_ion_does_not_list_them_is_said_in_the_language_of_who_looks() -> None:
    floor = at_question()
    refusal = told("{words} (ION's trace {trace})", words=told("ION does not permit it."), trace="9a1f")
    floor.happens(Answered(QUESTION, error=refusal))
    floor.press("HELP")
    assert floor.press("BACK") == "run/procedures"
    german = language("de")
    assert floor.session.message is not None
    assert german.message(floor.session.message.template, floor.session.message.values) == (
        "ION nennt seine Arbeitspläne nicht: ION erlaubt es nicht. (Spur in ION 9a1f)"
    )
