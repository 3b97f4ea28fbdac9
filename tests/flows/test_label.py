from dataclasses import replace
from decimal import Decimal

import pytest

from kiosk.flows.labels import label_of
from kiosk.model import LabelChoice, Level, Print, Subject
from kiosk.wire import object_json
from tests.flows.floor import BARE, ORDER, RUN, SHELF, UNIT, Floor

UNIT_FIELDS = {
    "code": "ION/PI/501",
    "part.partNumber": "VLV-1",
    "part.description": "Valve, ball",
    "part.revision": "A",
    "serialNumber": "SN-1",
    "quantity": "1",
    "location.name": "Shelf 2",
    "status": "AVAILABLE",
    "number": "SN-1",
    "name": "Valve, ball",
}


def at_label(subject: Subject = UNIT) -> Floor:
    floor = Floor()
    floor.press("FLOW", "label")
    floor.scan("anything", subject)
    return floor


def test_the_label_is_shown_before_it_is_printed() -> None:
    floor = at_label()
    assert floor.screen == "label/label"
    assert floor.said == (Level.ASK, "Label of SN-1: print it, or choose copies.")
    assert floor.state == {
        "label": "part",
        "title": "SN-1",
        "kind": "Part",
        "next": "Tool",
        "number": "1",
        "count": "3",
        "is_by_ion": False,
        "subject": "inventory/501",
        "fields": UNIT_FIELDS,
        "about": object_json(UNIT),
        "copies": "1",
    }
    assert floor.effects == []
    floor.press("COPIES", "50")
    assert floor.press("PRINT") == "label/label"
    assert floor.effects == [Print("part", UNIT_FIELDS, "inventory/501", 50, is_selecting=True)]


def test_each_label_is_looked_at_and_the_one_on_the_screen_is_printed() -> None:
    floor = at_label(RUN)
    floor.press("COPIES", "2")
    floor.scan("ION/CMD/NEXT")
    said = (Level.ASK, "Traveler, label 2 of 2 of Valve acceptance. Print it, or see another.")
    assert (floor.state["label"], floor.state["next"], floor.said) == ("traveler", "Run", said)
    floor.hears(replace(RUN, title="Acceptance"))
    assert (floor.state["label"], floor.state["title"]) == ("traveler", "Acceptance")
    floor.scan("ION/CMD/PRINT")
    assert [(each.label, each.copies) for each in floor.prints] == [("traveler", 2)]
    floor.press("NEXT")
    assert floor.state["label"] == "run"


def test_a_label_is_chosen_by_number_or_name() -> None:
    floor = at_label()
    for argument, name in (("2", "tool"), ("1", "part"), ("label/TOOL", "tool"), ("label/part", "part")):
        floor.scan(f"ION/CMD/CHOOSE/{argument}")
        assert floor.state["label"] == name
    for argument in ("4", "label/other", "run/1"):
        floor.press("CHOOSE", argument)
        assert floor.said == (Level.ASK, "CHOOSE does nothing here.")


def test_a_thing_with_one_label_has_no_next() -> None:
    floor = at_label(SHELF)
    floor.press("NEXT")
    assert (floor.state["label"], floor.state["next"]) == ("location", None)


def test_a_label_that_the_station_prints_no_longer_gives_way() -> None:
    floor = at_label(RUN)
    floor.press("NEXT")
    floor.place = replace(floor.place, labels={"run": (LabelChoice("run", "Run"),)})
    floor.hears(RUN)
    assert (floor.state["label"], floor.state["count"]) == ("run", "1")
    floor.place = replace(floor.place, labels={})
    said = floor.said
    floor.hears(replace(RUN, title="Acceptance"))
    assert (floor.state["title"], floor.said) == ("Valve acceptance", said)
    floor.press("NEXT")
    assert floor.said == (Level.ASK, "NEXT does nothing here.")


def test_confirm_prints_nothing() -> None:
    floor = at_label()
    floor.press("CONFIRM")
    assert (floor.said, floor.effects) == ((Level.ASK, "CONFIRM does nothing here."), [])


@pytest.mark.parametrize("subject", [RUN, SHELF])
def test_runs_and_locations_have_labels(subject: Subject) -> None:
    assert at_label(subject).state["subject"] == subject.key


def test_an_order_has_none() -> None:
    assert at_label(ORDER).screen == "receive/order"


def test_a_label_shows_the_freshest_facts_in_the_chosen_copies() -> None:
    floor = at_label()
    floor.press("COPIES", "2")
    said = floor.said
    floor.hears(BARE)
    floor.hears(replace(UNIT, quantity=Decimal("0.5"), location=None))
    assert (floor.state["fields"]["quantity"], floor.state["copies"], floor.said) == ("0.5", "2", said)
    assert "location.name" not in floor.state["fields"]


@pytest.mark.parametrize(
    ("uid", "code"),
    [
        ("0" * 31 + "f", '{"uid":"' + "0" * 31 + 'f"}'),
        (None, "ION/LOC/4"),
        ("not a uid", "ION/LOC/4"),
        ("0" * 33, "ION/LOC/4"),
    ],
)
def test_the_code_is_one_that_can_be_read_back(uid: str | None, code: str) -> None:
    expected = Print("location", {"code": code, "name": "Shelf 2"}, "location/4", is_selecting=True)
    assert label_of(replace(SHELF, uid=uid)) == expected
