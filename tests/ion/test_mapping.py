from decimal import Decimal
from typing import Any

import pytest

from kiosk.errors import IonUnknown, IonUnreachable
from kiosk.ion.mapping import dump, read, to_receipt
from kiosk.ion.shapes import rows_of
from kiosk.model import Inventory, Location, Order, OrderLine, Part, Run, RunHeading, RunStep, Tracking

PART: dict[str, Any] = {
    "id": 12,
    "number": "BRKT-001",
    "revision": "A",
    "description": None,
    "tracking": "serial",
}
ROW: dict[str, Any] = {"id": 9, "part": PART, "quantity": 1, "status": "available"}


def inventory(**changes: object) -> Inventory:
    return read(Inventory, {**ROW, **changes}, tried="Ask")


def test_a_bare_inventory() -> None:
    assert inventory() == Inventory(
        "9", Part("12", "BRKT-001", "A", "", Tracking.SERIAL), Decimal(1), "AVAILABLE"
    )


def test_closed_runs_are_left_out_and_words_are_upper_case() -> None:
    runs = [
        {"id": index, "title": None, "status": status}
        for index, status in enumerate(
            ["todo", "COMPLETE", "in_progress", "canceled", "partial_complete", None]
        )
    ]
    assert inventory(runs=runs).runs == (
        RunHeading("0", "", "TODO"),
        RunHeading("2", "", "IN_PROGRESS"),
        RunHeading("5", "", "UNKNOWN"),
    )


@pytest.mark.parametrize(
    ("value", "tracking"),
    [
        ("SERIAL", Tracking.SERIAL),
        ("lot", Tracking.LOT),
        (None, Tracking.NONE),
        ("x", Tracking.NONE),
        (5, Tracking.NONE),
    ],
)
def test_tracking(value: object, tracking: Tracking) -> None:
    assert inventory(part={**PART, "tracking": value}).part.tracking is tracking


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (100, "100"),
        (Decimal("3.50"), "3.5"),
        ("95", "95"),
        (Decimal("0.30000000000000004"), "0.3"),
        (Decimal("1E+2"), "100"),
        (0, "0"),
    ],
)
def test_quantities(value: object, text: str) -> None:
    assert str(inventory(quantity=value).quantity) == text


@pytest.mark.parametrize(
    "junk",
    [
        None,
        5,
        "text",
        [],
        {},
        {**ROW, "id": None},
        {**ROW, "id": True},
        {**ROW, "id": ""},
        {**ROW, "id": "9" * 201},
        {**ROW, "part": None},
        {**ROW, "part": {"id": 1}},
        {**ROW, "quantity": None},
        {**ROW, "quantity": True},
        {**ROW, "quantity": "lots"},
        {**ROW, "quantity": "NaN"},
        {**ROW, "quantity": "1e999999999"},
        {**ROW, "quantity": "-Infinity"},
        {**ROW, "quantity": 10**15},
        {**ROW, "serial": 5},
        {**ROW, "location": {"id": 4}},
        {**ROW, "runs": "none"},
    ],
)
def test_junk_is_said_in_words(junk: object) -> None:
    with pytest.raises(IonUnreachable, match="Ask: expected ION's Inventory to be complete, got "):
        read(Inventory, junk, tried="Ask")
    with pytest.raises(IonUnknown):
        read(Inventory, junk, tried="Ask", is_mutation=True)


def test_an_order_may_bring_its_lines_as_a_connection() -> None:
    line = {"id": 1, "ordered": 5, "received": 2, "description": None, "part": None}
    order = {
        "id": 3,
        "number": 10482,
        "status": "ordered",
        "supplier": None,
        "lines": {"edges": [{"node": line}]},
    }
    assert read(Order, order, tried="Ask") == Order(
        "3", "10482", "ORDERED", "", (OrderLine("1", None, Decimal(5), Decimal(2), "", "UNKNOWN"),)
    )


def test_steps_stand_in_their_order() -> None:
    steps = [
        {"id": 2, "status": "todo", "position": 1, "upstream": [1]},
        {"id": 1, "status": "complete", "position": 0},
    ]
    assert read(Run, {"id": 7, "title": "R", "status": "in_progress", "steps": steps}, tried="Ask") == Run(
        "7",
        "R",
        "IN_PROGRESS",
        steps=(RunStep("1", "", "COMPLETE", 0), RunStep("2", "", "TODO", 1, upstream=("1",))),
    )


def test_a_receipt_without_an_etag_is_no_receipt() -> None:
    with pytest.raises(IonUnreachable, match="ION's Receipt to be complete, got etag: Field required"):
        to_receipt({"id": 1, "items": []}, tried="Ask", is_mutation=False)


@pytest.mark.parametrize(
    ("value", "rows"),
    [
        (None, []),
        ([], []),
        ([1], [1]),
        ({"id": 1}, [{"id": 1}]),
        ({"edges": []}, []),
        ({"edges": [{"node": 1}, {"cursor": "x"}]}, [1, None]),
    ],
)
def test_every_shape_of_a_list(value: object, rows: list[object]) -> None:
    assert rows_of(value) == rows


@pytest.mark.parametrize("value", [{"edges": None}, {"edges": [1]}, {"edges": {}}])
def test_a_connection_that_is_none(value: object) -> None:
    with pytest.raises(ValueError, match="expected a list of edges"):
        rows_of(value)


def test_nouns_become_json() -> None:
    assert dump(inventory(quantity="2.5", location={"id": 4, "name": "WH"})) == {
        "id": "9",
        "part": {"id": "12", "number": "BRKT-001", "revision": "A", "description": "", "tracking": "serial"},
        "quantity": "2.5",
        "status": "AVAILABLE",
        "uid": None,
        "serial": None,
        "lot": None,
        "location": {"id": "4", "name": "WH", "uid": None, "entity_id": None, "kind": "location"},
        "etag": None,
        "entity_id": None,
        "runs": [],
        "kind": "inventory",
    }
    assert read(Location, {"id": 4, "name": "WH", "uid": ""}, tried="Ask") == Location("4", "WH")
