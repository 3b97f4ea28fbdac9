from dataclasses import replace
from decimal import Decimal

import pytest

from kiosk.flows.labels import facts_of
from kiosk.model import Issue, Kit, KitItem, Level, Print, Procedure, RunHeading, Stock, Subject
from kiosk.wire import object_json
from tests.flows.floor import BARE, BOLT, HEADING, LOT, NOW, RUN, SHELF, UNIT, Floor

SECOND = RunHeading("78", "Rework", "HOLD")
KIT = Kit("9", "REQUESTED", items=tuple(KitItem(str(n), BOLT, Decimal(n)) for n in range(1, 6)))
PROCEDURE = Procedure("12", "Valve assembly", "RELEASED", "Build it")
ISSUE = Issue("5", "Bent", "PENDING", "repair", cause="Dropped")


@pytest.mark.parametrize(
    ("subject", "screen", "field", "said"),
    [
        (UNIT, "lookup/inventory", "inventory", "Stock SN-1: VLV-1 · 1 · available · Shelf 2"),
        (LOT, "lookup/inventory", "inventory", "Stock LOT-A: BOLT-1 · 120 · available · Shelf 2"),
        (BARE, "lookup/inventory", "inventory", "Stock TAPE-1: TAPE-1 · 2.5 · in work · no location"),
        (Stock(BOLT, (LOT,)), "lookup/part", "stock", "Part BOLT-1 rev C: 1 in stock."),
        (SHELF, "lookup/location", "location", "Location Shelf 2."),
        (KIT, "lookup/kit", "kit", "Kit 9: requested, 5 parts."),
        (PROCEDURE, "lookup/procedure", "procedure", "Procedure Valve assembly: Build it"),
        (ISSUE, "lookup/issue", "issue", "Issue Bent: pending"),
    ],
)
def test_what_is_scanned_is_shown(subject: Subject, screen: str, field: str, said: str) -> None:
    floor = Floor()
    assert floor.scan("anything", subject, as_of=NOW) == screen
    assert floor.said == (Level.GOOD, said)
    doable = dict.fromkeys(("why_adjust", "why_create", "why_move", "why_problem"))
    expected = {field: object_json(subject), "as_of": NOW.isoformat(), "copies": "1"}
    more: dict[str, dict[str, str | None]] = {
        "inventory": {**doable, "page": "1"},
        "kit": {"page": "1", "pages": "2"},
    }
    kept = {"scan": floor.state["scan"]} if isinstance(subject, Stock) else {}
    assert floor.state == {**expected, **more.get(field, {}), **kept}


def test_a_kit_shows_what_is_in_it_page_by_page() -> None:
    floor = Floor()
    floor.scan("ION/KIT/9", KIT, as_of=NOW)
    said = floor.said
    floor.press("NEXT")
    assert (floor.state["page"], floor.said) == ("2", said)
    assert floor.hears(replace(KIT, status="DELIVERED")) == "lookup/kit"
    assert floor.state["kit"]["status"] == "DELIVERED"
    floor.press("CREATE")
    assert floor.said == (Level.ASK, "CREATE does nothing here.")


def test_a_kit_that_has_other_parts_by_now_has_other_pages() -> None:
    floor = Floor()
    floor.scan("ION/KIT/9", KIT, as_of=NOW)
    floor.hears(replace(KIT, items=KIT.items * 2))
    assert (floor.state["page"], floor.state["pages"]) == ("1", "3")
    floor.press("NEXT")
    floor.press("NEXT")
    floor.hears(replace(KIT, items=KIT.items[:1]))
    assert (floor.state["page"], floor.state["pages"]) == ("1", "1")


def test_the_fresh_answer_is_said_too_and_nothing_else_is_unsaid() -> None:
    floor = Floor()
    floor.scan("SN-1", UNIT, as_of=NOW)
    assert floor.hears(replace(UNIT, location=None)) == "lookup/inventory"
    assert floor.said == (Level.GOOD, "Stock SN-1: VLV-1 · 1 · available · no location")
    floor.press("COMPLETE")
    said = floor.said
    floor.hears(UNIT)
    assert floor.said == said


def test_what_can_be_done_about_stock_comes_on_three_pages() -> None:
    floor = Floor()
    floor.scan("SN-1", UNIT)
    pages = []
    for _ in range(3):
        floor.press("NEXT")
        pages.append(floor.state["page"])
    assert pages == ["2", "3", "1"]


@pytest.mark.parametrize("verb", ["PROBLEM", "FAIL"])
def test_a_problem_with_stock_is_reported(verb: str) -> None:
    floor = Floor()
    floor.scan("SN-1", UNIT)
    assert floor.press(verb) == "problem/title"
    floor.place = replace(floor.place, offers=frozenset())
    floor.press("BACK")
    assert floor.state["why_problem"] == "This ION does not offer to report problems."
    assert floor.press(verb) == "lookup/inventory"
    assert floor.said == (Level.STOP, "This ION does not offer to report problems. Ask a technician.")


def test_fresher_facts_take_the_place_of_old_ones() -> None:
    floor = Floor()
    floor.scan("SN-1", UNIT, as_of=NOW)
    floor.hears(LOT)
    assert floor.state["as_of"] is not None
    fresh = replace(UNIT, quantity=Decimal(0), status="INSTALLED")
    assert floor.hears(fresh) == "lookup/inventory"
    assert (floor.state["inventory"], floor.state["as_of"]) == (object_json(fresh), None)
    assert floor.said == (Level.GOOD, "Stock SN-1: VLV-1 · 0 · installed · Shelf 2")


def test_a_label_is_printed_at_once_in_the_chosen_copies() -> None:
    floor = Floor()
    floor.scan("LOT-A", LOT)
    floor.press("PRINT")
    assert floor.said == (Level.WAIT, "Printing the label of LOT-A.")
    floor.press("COPIES", "3")
    assert (floor.said, floor.state["copies"]) == ((Level.ASK, "3 × the label. Now print."), "3")
    assert floor.press("PRINT") == "lookup/inventory"
    assert floor.said == (Level.WAIT, "Printing 3 labels of LOT-A.")
    assert floor.state["copies"] == "1"
    fields = facts_of(LOT)
    assert floor.effects == [
        Print("part", fields, "inventory/502", is_selecting=True),
        Print("part", fields, "inventory/502", 3, is_selecting=True),
    ]


@pytest.mark.parametrize(
    "given", [None, "", "0", "51", "000", "-1", "1.5", "1e1", "٣", "99999", "5\n", "x" * 99]
)
def test_what_is_no_number_of_copies_is_a_sentence(given: str | None) -> None:
    floor = Floor()
    floor.scan("LOT-A", LOT)
    before = floor.state
    floor.press("COPIES", given)
    shown = (given or "Nothing")[:20]
    assert floor.said == (Level.STOP, f"{shown} is no number of copies. Choose 1 to 50.")
    assert floor.state == before


@pytest.mark.parametrize("given", ["1", "50", "0050"])
def test_copies_go_from_one_to_fifty(given: str) -> None:
    floor = Floor()
    floor.scan("LOT-A", LOT)
    floor.press("COPIES", given)
    assert floor.state["copies"] == str(int(given))


def test_without_printer_or_label_nothing_is_printed() -> None:
    floor = Floor()
    floor.scan("BOLT-1", Stock(BOLT))
    floor.press("PRINT")
    assert floor.said == (Level.STOP, "There is no label for BOLT-1 rev C.")
    floor.place = replace(floor.place, has_printer=False)
    floor.scan("LOT-A", LOT)
    floor.press("PRINT")
    assert floor.said == (Level.STOP, "This station has no printer. Ask a technician to set one up.")
    assert floor.effects == []


@pytest.mark.parametrize("verb", ["START", "COMPLETE"])
def test_the_only_open_run_is_gone_on_with(verb: str) -> None:
    floor = Floor()
    floor.scan("SN-1", replace(UNIT, runs=(HEADING,)))
    before = floor.session
    assert floor.press(verb) == "lookup/inventory"
    assert (floor.followed, floor.session, floor.effects) == (["ION/RUN/77"], before, [])
    assert floor.scan("ION/RUN/77", RUN) == "run/run"


@pytest.mark.parametrize(
    ("verb", "argument", "said"),
    [("START", None, "SN-1 has no open run."), ("CHOOSE", "run/9", "SN-1 has no such open run.")],
)
def test_without_an_open_run_there_is_none_to_go_on_with(verb: str, argument: str | None, said: str) -> None:
    floor = Floor()
    floor.scan("SN-1", UNIT)
    floor.press(verb, argument)
    assert (floor.said, floor.followed) == ((Level.ASK, said), [])


def test_of_several_open_runs_one_is_chosen() -> None:
    floor = Floor()
    floor.scan("SN-1", replace(UNIT, runs=(HEADING, SECOND)))
    assert floor.press("START") == "home/choose"
    assert floor.said == (Level.ASK, "SN-1 can be 2 things. Which one is it?")
    assert floor.state["options"] == [
        {"key": "run/77", "title": "Valve acceptance", "detail": "to do", "kind": "run"},
        {"key": "run/78", "title": "Rework", "detail": "on hold", "kind": "run"},
    ]
    assert floor.press("CHOOSE", "run/78") == "lookup/inventory"
    assert floor.followed == ["ION/RUN/78"]


@pytest.mark.parametrize(
    ("verb", "argument"), [("CHOOSE", "order-line/1"), ("START", None), ("QUANTITY", "1")]
)
def test_other_verbs_do_nothing(verb: str, argument: str | None) -> None:
    floor = Floor()
    floor.scan("BOLT-1", Stock(BOLT))
    before = floor.state
    assert floor.press(verb, argument) == "lookup/part"
    assert (floor.said, floor.state) == ((Level.ASK, f"{verb} does nothing here."), before)
