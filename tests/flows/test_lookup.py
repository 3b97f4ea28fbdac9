from dataclasses import replace
from decimal import Decimal

import pytest

from kiosk.model import Level, Print, RunHeading, Stock, Subject
from kiosk.wire import object_json
from tests.flows.floor import BARE, BOLT, HEADING, LOT, NOW, RUN, SHELF, UNIT, Floor

SECOND = RunHeading("78", "Rework", "HOLD")


@pytest.mark.parametrize(
    ("subject", "screen", "field", "said"),
    [
        (UNIT, "lookup/inventory", "inventory", "Stock SN-1: VLV-1 · 1 · available · Shelf 2"),
        (LOT, "lookup/inventory", "inventory", "Stock LOT-A: BOLT-1 · 120 · available · Shelf 2"),
        (BARE, "lookup/inventory", "inventory", "Stock TAPE-1: TAPE-1 · 2.5 · in work · no location"),
        (Stock(BOLT, (LOT,)), "lookup/part", "stock", "Part BOLT-1 rev C: 1 in stock."),
        (SHELF, "lookup/location", "location", "Location Shelf 2."),
    ],
)
def test_what_is_scanned_is_shown(subject: Subject, screen: str, field: str, said: str) -> None:
    floor = Floor()
    assert floor.scan("anything", subject, as_of=NOW) == screen
    assert floor.said == (Level.GOOD, said)
    kept = {"scan": floor.state["scan"]} if isinstance(subject, Stock) else {}
    assert floor.state == {field: object_json(subject), "as_of": NOW.isoformat(), "copies": "1", **kept}


def test_fresher_facts_take_the_place_of_old_ones() -> None:
    floor = Floor()
    floor.scan("SN-1", UNIT, as_of=NOW)
    said = floor.said
    floor.hears(LOT)
    assert floor.state["as_of"] is not None
    fresh = replace(UNIT, quantity=Decimal(0), status="INSTALLED")
    assert floor.hears(fresh) == "lookup/inventory"
    assert (floor.state["inventory"], floor.state["as_of"]) == (object_json(fresh), None)
    assert floor.said == said


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
    fields = {
        "code": "ION/PI/502",
        "part.partNumber": "BOLT-1",
        "part.description": "Bolt, hex",
        "part.revision": "C",
        "lotNumber": "LOT-A",
        "quantity": "120",
        "location.name": "Shelf 2",
    }
    assert floor.effects == [
        Print("part", fields, "inventory/502"),
        Print("part", fields, "inventory/502", 3),
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
