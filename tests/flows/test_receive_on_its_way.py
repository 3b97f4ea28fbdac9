from dataclasses import replace
from decimal import Decimal

from kiosk.model import Level, OperationState, Stock
from kiosk.wire import object_json
from tests.flows.floor import (
    BOLT,
    NOW,
    ORDER,
    OTHER_ORDER,
    TAPE,
    Floor,
    at_line,
    with_line,
)

ASK, STOP, GOOD, WAIT = Level.ASK, Level.STOP, Level.GOOD, Level.WAIT


def test_an_order_scanned_again_offline_counts_what_is_on_its_way() -> None:
    floor = at_line(TAPE)
    floor.press("QUANTITY", "1")
    floor.press("CONFIRM")
    floor.press("HOME")
    floor.scan("PO-7", ORDER, as_of=NOW)
    assert floor.line(3) == {
        "ordered": "2.5",
        "received": "0",
        "remaining": "1.5",
        "queued": "1",
        "is_open": True,
    }
    floor.scan("TAPE-1", is_offline=True)
    assert floor.state["quantity"] == "1.5"
    floor.press("CONFIRM")
    assert floor.submits[1].arguments["received_before"] == "1"
    assert floor.line(3)["is_open"] is False


def test_ions_answer_takes_the_place_of_what_was_on_its_way() -> None:
    floor = at_line(TAPE)
    floor.press("CONFIRM")
    floor.scan("BOLT-1", Stock(BOLT))
    floor.scan("LOT-9")
    before = floor.state
    line = {**object_json(ORDER.lines[2]), "received": "2.5"}
    assert floor.delivers({"line": line, "inventories": []}) == "receive/line"
    assert floor.said == (GOOD, "ION has it: 2.5 × TAPE-1 received.")
    assert {**floor.state, "order": None} == {**before, "order": None}
    floor.press("CANCEL")
    assert floor.line(3) == {
        "ordered": "2.5",
        "received": "2.5",
        "remaining": "0",
        "queued": "0",
        "is_open": False,
    }


def test_a_refused_receipt_is_expected_again() -> None:
    floor = at_line(TAPE)
    floor.press("CONFIRM")
    assert floor.delivers(state=OperationState.REJECTED) == "receive/order"
    assert floor.said == (STOP, "ION did not take it. 2.5 × TAPE-1: Lot is unknown")
    assert floor.line(3)["remaining"] == "2.5"


def test_another_orders_receipt_is_only_told() -> None:
    floor = at_line(TAPE)
    floor.press("CONFIRM")
    floor.scan("PO-8", OTHER_ORDER)
    before = floor.state
    floor.delivers({"line": object_json(replace(ORDER.lines[2], received=Decimal(9)))})
    assert (floor.state, floor.said) == (before, (GOOD, "ION has it: 2.5 × TAPE-1 received."))


def test_fresh_figures_leave_the_entry_alone() -> None:
    floor = at_line(BOLT)
    floor.press("QUANTITY", "6")
    floor.scan("LOT-9")
    said = floor.said
    assert floor.hears(with_line(1, received=Decimal(9))) == "receive/line"
    assert floor.said == said
    assert (floor.state["quantity"], floor.state["lot"], floor.state["line"]["remaining"]) == (
        "6",
        "LOT-9",
        "1",
    )
    floor.hears(replace(ORDER, lines=ORDER.lines[1:]))
    assert floor.state["line"]["remaining"] == "1"


def test_fresh_figures_of_the_order_on_the_screen_are_shown() -> None:
    floor = Floor()
    floor.scan("PO-7", ORDER, as_of=NOW)
    floor.hears(OTHER_ORDER)
    assert floor.state["as_of"] is not None
    floor.hears(with_line(1, received=Decimal(9)))
    assert (floor.line(1)["remaining"], floor.state["as_of"]) == ("1", None)
