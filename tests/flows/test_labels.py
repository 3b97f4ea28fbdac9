"""Which labels a thing has, what stands on them, and how one of them is named."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kiosk.barcodes import IonRef, read
from kiosk.flows.labels import USUAL, facts_of, has_label, labels_of, step_code
from kiosk.model import Kit, KitItem, LabelChoice, Level, RunStep, Subject
from tests.flows.floor import BARE, BOLT, LOT, ORDER, RUN, SHELF, STEPS, UNIT, Floor

KIT = Kit("9", "PARTIALLY_PICKED", location=SHELF, items=(KitItem("1", BOLT, Decimal("2.50")),))


def names(subject: Subject) -> list[str]:
    return [label.label for label in labels_of(subject, USUAL)]


@pytest.mark.parametrize(
    ("subject", "labels"),
    [
        (UNIT, ["part", "tool", "small-part"]),
        (LOT, ["part", "small-part"]),
        (RUN, ["run", "traveler"]),
        (replace(RUN, steps=()), ["run"]),
        (SHELF, ["location"]),
        (KIT, ["kit"]),
        (replace(KIT, items=()), ["kit"]),
        (ORDER, []),
    ],
)
def test_a_thing_has_the_labels_that_can_be_filled(subject: Subject, labels: list[str]) -> None:
    assert (names(subject), has_label(subject)) == (labels, bool(labels))


def test_a_travelers_steps_have_codes_that_mean_them() -> None:
    steps = (RunStep("s2", "Proof test", "TODO", 20), RunStep("s1", "Inspect", "TODO", 10))
    facts = facts_of(replace(RUN, steps=steps))
    assert facts["steps"] == [
        {"position": "1", "title": "Inspect", "code": "ION/STEP/77:s1"},
        {"position": "2", "title": "Proof test", "code": "ION/STEP/77:s2"},
    ]
    assert IonRef("STEP", "77:s1") in read(b"ION/STEP/77:s1").readings


@pytest.mark.parametrize("id_", ["a:b", "a/b", "", "x" * 32, "a b"])
def test_a_step_that_no_barcode_can_name_has_none(id_: str) -> None:
    step = replace(STEPS[0], id=id_)
    assert step_code(RUN, step) == ""
    assert facts_of(replace(RUN, steps=(step,)))["steps"] == [{"position": "1", "title": "Inspect"}]


def test_a_kits_label_lists_its_contents() -> None:
    assert facts_of(KIT) == {
        "code": "ION/KIT/9",
        "name": "Kit 9",
        "status": "PARTIALLY PICKED",
        "location.name": "Shelf 2",
        "contents": [
            {"quantity": "2.5", "part.partNumber": "BOLT-1", "part.description": "Bolt, hex"},
        ],
    }


@pytest.mark.parametrize("command", ["ION/CMD/PRINT/TRAVELER", "ion/cmd/print/Traveler"])
def test_a_label_is_printed_by_its_name_from_any_screen(command: str) -> None:
    floor = Floor()
    floor.scan("ION/RUN/77", RUN)
    assert floor.scan(command) == "run/run"
    assert [each.label for each in floor.prints] == ["traveler"]
    assert floor.said == (Level.WAIT, "Printing the label of Valve acceptance.")


def test_a_name_that_does_not_fit_is_told_with_those_that_do() -> None:
    floor = Floor()
    floor.scan("ION/RUN/77", RUN)
    floor.press("PRINT", "location")
    said = "This station prints no label location of Valve acceptance. It prints run, traveler."
    assert (floor.said, floor.effects) == ((Level.STOP, said), [])


def test_the_first_of_the_stations_own_is_printed_unasked_on_its_printer() -> None:
    floor = Floor()
    labels = {"run": (LabelChoice("traveler", "Traveler", "tall"), LabelChoice("run", "Run"))}
    floor.place = replace(floor.place, labels=labels, has_printer=False)
    floor.scan("ION/RUN/77", RUN)
    floor.press("PRINT")
    assert [(each.label, each.printer) for each in floor.prints] == [("traveler", "tall")]
    floor.press("PRINT", "run")
    assert floor.said == (Level.STOP, "This station has no printer. Ask a technician to set one up.")


def test_a_label_that_lacks_something_is_printed_only_where_there_is_no_other() -> None:
    tool = LabelChoice("tool", "Tool", needs=frozenset({"number"}))
    part = LabelChoice("part", "Part")
    assert [each.label for each in labels_of(BARE, {"inventory": (tool, part)})] == ["part"]
    assert [each.label for each in labels_of(BARE, {"inventory": (tool,)})] == ["tool"]


def test_a_kits_label_is_printed() -> None:
    floor = Floor()
    floor.scan("ION/KIT/9", KIT)
    floor.press("PRINT")
    assert [(each.label, each.subject) for each in floor.prints] == [("kit", "kit/9")]
