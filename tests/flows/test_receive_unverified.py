"""Goods on an order that nobody here knows, while ION cannot be asked."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from kiosk.flows import on_delivered
from kiosk.model import Json, Level, OperationState, Submit
from kiosk.wire import object_json
from tests.flows.floor import DOCK, ORDER, OTHER_ORDER, SHELF, UNIT, Floor, operation_of
from tests.flows.labels import label


def begun(number: str = "PO-9") -> Floor:
    floor = Floor()
    assert floor.scan(number, is_offline=True) == "home/unknown"
    assert floor.state["order_number"] == number
    assert floor.press("CONFIRM") == "receive/unverified"
    return floor


def kept(**changes: Json) -> Submit:
    arguments: dict[str, Json] = {
        "order_number": "PO-9",
        "part_number": "BOLT-1",
        "title": "BOLT-1",
        "quantity": "5",
        "text": "LOT-7",
        "location_id": DOCK.id,
        **changes,
    }
    return Submit("check_receipt", "order-number/PO-9", "order-number/PO-9", arguments)


def test_it_is_received_by_scanning_alone() -> None:
    floor = begun()
    for text in ("BOLT-1", "ION/CMD/QUANTITY/5", "LOT-7", "ION/CMD/CONFIRM"):
        assert floor.scan(text) == "receive/unverified"
    assert floor.submits == [kept()]
    assert floor.said == (Level.WAIT, "5 × BOLT-1: kept. ION is asked whether PO-9 expects it.")
    assert (floor.state["part"], floor.state["quantity"], floor.state["text"]) == ("", None, "")
    for text in ("TAPE-1", "ION/CMD/QUANTITY/+2", "ION/CMD/QUANTITY/+0.5", "ION/CMD/CONFIRM"):
        floor.scan(text)
    assert floor.submits[1:] == [kept(part_number="TAPE-1", title="TAPE-1", quantity="2.5", text=None)]


def test_what_is_missing_is_said_and_nothing_is_kept() -> None:
    floor = begun()
    floor.press("CONFIRM")
    assert floor.said == (Level.ASK, "PO-9, not checked: Scan or type the part number.")
    floor.scan("BOLT-1")
    floor.press("CONFIRM")
    assert floor.said == (Level.ASK, "PO-9, not checked: How many came?")
    for given in ("0", "-1", "+", "x", "1e12"):
        floor.press("QUANTITY", given)
        assert floor.said is not None
        assert floor.said[0] is Level.STOP
    assert floor.submits == []


def test_a_label_on_goods_fills_it_in_and_another_order_s_is_refused() -> None:
    floor = begun()
    floor.scan(label("KPO-9", "PBOLT-1", "Q25", "1TLOT-7"))
    assert (floor.state["part"], floor.state["quantity"], floor.state["text"]) == ("BOLT-1", "25", "LOT-7")
    floor.scan(label("KPO-8", "PTAPE-1", "Q1"))
    assert floor.said == (Level.STOP, "This label is for PO-8, not PO-9.")
    assert floor.state["part"] == "BOLT-1"


def test_a_label_s_order_can_be_received_on() -> None:
    floor = Floor()
    floor.scan(label("KPO-9", "PBOLT-1", "Q25"), is_offline=True)
    assert floor.state["order_number"] == "PO-9"


def test_the_place_can_be_scanned_and_the_last_thing_taken_back() -> None:
    floor = begun()
    floor.scan("ION/LOC/4", SHELF)
    for text in ("BOLT-1", "ION/CMD/QUANTITY/5", "LOT-7"):
        floor.scan(text)
    assert floor.state["location"]["id"] == SHELF.id
    for gone in ("text", "quantity", "part"):
        floor.press("UNDO")
        assert not floor.state[gone]
    assert floor.press("BACK") == "home/idle"
    assert floor.said is None


def test_leaving_says_what_is_lost_and_nothing_of_what_was_confirmed_before() -> None:
    floor = begun()
    for text in ("BOLT-1", "ION/CMD/QUANTITY/5", "LOT-7", "ION/CMD/CONFIRM", "BOLT-2"):
        floor.scan(text)
    assert floor.press("CANCEL") == "home/idle"
    assert floor.said == (Level.ASK, "What was entered is not kept.")
    assert [submit.operation for submit in floor.submits] == ["check_receipt"]


def test_what_is_entered_is_not_left_unasked() -> None:
    floor = begun()
    floor.scan("BOLT-1")
    assert floor.scan("PO-7", ORDER) == "home/switch"
    assert floor.state["entered"] == "BOLT-1 for PO-9"
    assert floor.press("BACK") == "receive/unverified"
    fresh = begun()
    assert fresh.scan("PO-7", ORDER) == "receive/order"


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"flows": ("lookup",)}, "PO-9"),
        ({"offers": frozenset({"move"})}, "PO-9"),
        ({}, "ION/PI/9"),
        ({}, "P" * 201),
    ],
)
def test_where_it_cannot_be_received_on_it_is_not_offered(changes: Mapping[str, object], text: str) -> None:
    floor = Floor()
    floor.place = replace(floor.place, **changes)  # type: ignore[arg-type]  # a place as a test wants it
    floor.scan(text, is_offline=True)
    assert floor.state["order_number"] is None
    assert floor.press("CONFIRM") == "home/unknown"


def test_while_ion_answers_an_unknown_order_is_not_received_on() -> None:
    floor = Floor()
    floor.scan("PO-9")
    assert floor.state["order_number"] is None


def test_where_something_is_entered_it_is_kept() -> None:
    floor = Floor()
    floor.scan("PO-7", ORDER)
    floor.scan("BOLT-1")
    floor.press("QUANTITY", "3")
    floor.scan("ION/PO/99", is_offline=True)
    assert floor.press("CONFIRM") == "home/unknown"
    assert floor.submits == []


@pytest.mark.parametrize(
    ("line", "given", "lot", "serials"),
    [(0, "LOT-7", "LOT-7", []), (1, "SN-9", None, ["SN-9"]), (2, None, None, [])],
)
def test_the_receipt_follows_once_ion_expects_it(
    line: int, given: str | None, lot: str | None, serials: list[str]
) -> None:
    ordered = ORDER.lines[line]
    assert ordered.part is not None
    number = ordered.part.number
    checked = operation_of(kept(part_number=number, title=number, quantity="1", text=given))
    result = {"order": object_json(ORDER), "line": object_json(ordered)}
    (receipt,) = on_delivered(replace(checked, state=OperationState.DONE, result=result))
    assert isinstance(receipt, Submit)
    assert (receipt.operation, receipt.subject, receipt.about) == ("receive", ordered.key, ORDER.key)
    expected = {
        "order_id": "42",
        "line_id": ordered.id,
        "part_id": ordered.part.id,
        "part_number": number,
        "quantity": "1",
        "lot": lot,
        "serials": serials,
        "location_id": DOCK.id,
        "received_before": f"{ordered.received:f}",
    }
    assert {name: receipt.arguments[name] for name in expected} == expected


def test_other_things_lead_away() -> None:
    floor = begun()
    assert floor.scan("ION/PI/501", UNIT) != "receive/unverified"
    assert OTHER_ORDER.lines[0].remaining == Decimal(6)
