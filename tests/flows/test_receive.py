from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from kiosk.model import (
    Level,
    Order,
    OrderLine,
    Part,
    Stock,
)
from kiosk.wire import object_json
from tests.flows.floor import (
    BOLT,
    DOCK,
    GLUE,
    NOW,
    ORDER,
    OTHER_ORDER,
    SHELF,
    TAPE,
    Floor,
    at_line,
    at_order,
    with_line,
)

ASK, STOP, GOOD, WAIT = Level.ASK, Level.STOP, Level.GOOD, Level.WAIT


def test_an_order_shows_its_lines() -> None:
    floor = Floor()
    assert floor.scan("PO-7", ORDER, as_of=NOW) == "receive/order"
    assert floor.said == (GOOD, "PO-7: 3 open. Scan a part or choose a line.")
    assert [floor.line(number) for number in (1, 4, 5)] == [
        {"ordered": "10", "received": "4", "remaining": "6", "queued": "0", "is_open": True},
        {"ordered": "1", "received": "0", "remaining": "1", "queued": "0", "is_open": False},
        {"ordered": "2", "received": "2", "remaining": "0", "queued": "0", "is_open": False},
    ]
    assert {key: value for key, value in floor.state.items() if key != "order"} == {
        "location": object_json(DOCK),
        "as_of": "2026-11-20T10:03:00+00:00",
        "page": "1",
        "pages": "2",
        "is_receivable": True,
        "last_line": None,
        "last_quantity": None,
        "ahead_quantity": None,
        "ahead_text": None,
        "also_named": [],
    }


@pytest.mark.parametrize(
    ("order", "offers", "said"),
    [
        (replace(ORDER, status="DRAFT"), None, "PO-7 is a draft. Only an ordered one can be received."),
        (
            replace(ORDER, status="approved"),
            None,
            "PO-7 is approved, but not ordered. Only an ordered one can be received.",
        ),
        (ORDER, frozenset({"move"}), "This ION does not offer to receive orders. Ask a technician."),
    ],
)
def test_no_line_is_entered_on_a_closed_order(order: Order, offers: frozenset[str] | None, said: str) -> None:
    floor = Floor()
    floor.place = replace(floor.place, offers=offers)
    floor.scan("PO-7", order)
    heard = [(floor.screen, floor.said)]
    floor.scan("BOLT-1", Stock(BOLT))
    heard.append((floor.screen, floor.said))
    floor.press("CHOOSE", "order-line/1")
    heard.append((floor.screen, floor.said))
    assert heard == [("receive/order", (STOP, said))] * 3


def test_an_order_that_closes_meanwhile_is_not_confirmed() -> None:
    floor = at_line(TAPE)
    assert floor.hears(replace(ORDER, status="CANCELED")) == "receive/line"
    assert floor.press("CONFIRM") == "receive/line"
    assert floor.said == (STOP, "PO-7 is canceled. Only an ordered one can be received.")
    assert floor.effects == []


def test_an_order_whose_parts_are_all_received_says_so() -> None:
    floor = at_order(replace(ORDER, lines=ORDER.lines[3:]))
    assert floor.said == (ASK, "PO-7: every line is received.")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("order-line/4", "Freight is a service. It is not received here."),
        ("order-line/1", "BOLT-1 was canceled. It is not received."),
    ],
)
def test_lines_that_are_never_received_say_so(line: str, said: str) -> None:
    floor = at_order(with_line(1, status="canceled"))
    assert floor.line(1)["is_open"] is False
    assert floor.press("CHOOSE", line) == "receive/order"
    assert floor.said == (STOP, said)


def test_a_complete_line_says_so_and_asks_for_anything_more() -> None:
    floor = at_line(GLUE)
    assert floor.said == (ASK, "GLUE-1: this line is complete already.")
    assert floor.state["quantity"] is None
    floor.press("CONFIRM")
    assert floor.said == (ASK, "Still missing: quantity.")
    floor.press("QUANTITY", "1")
    floor.press("CONFIRM")
    assert floor.said == (ASK, "1 × GLUE-1 is more than the 0 still expected. Confirm again if it is right.")
    assert floor.effects == []


@pytest.mark.parametrize("subjects", [(Stock(BOLT),), ()])
@pytest.mark.parametrize("text", ["BOLT-1", "bolt-1"])
def test_a_line_is_found_by_its_part_number_also_without_ion(text: str, subjects: tuple[Stock, ...]) -> None:
    floor = at_order()
    assert floor.scan(text, *subjects, is_offline=not subjects) == "receive/line"
    assert floor.said == (ASK, "BOLT-1: Scan the lot.")
    assert {
        key: floor.state[key] for key in ("quantity", "lot", "serials", "missing", "is_over", "tracking")
    } == {
        "quantity": "6",
        "lot": None,
        "serials": [],
        "missing": ["lot"],
        "is_over": False,
        "tracking": "lot",
    }
    assert floor.state["line"]["remaining"] == "6"


def test_a_line_is_found_by_the_parts_own_barcode() -> None:
    floor = at_order()
    assert floor.scan("ION/PART/13", Stock(TAPE)) == "receive/line"
    assert floor.said == (ASK, "TAPE-1: Confirm when it is right.")


@pytest.mark.parametrize("start", [at_order, lambda: at_line(TAPE), lambda: at_line(BOLT)])
def test_a_part_that_is_not_on_the_order_says_so(start: Callable[..., Floor]) -> None:
    floor = start()
    before = floor.session
    floor.scan("NUT-1", Stock(Part("99", "NUT-1", "B")))
    assert floor.said == (STOP, "NUT-1 rev B is not on PO-7.")
    assert replace(floor.session, message=before.message) == before


TWO_BOLTS = replace(ORDER, lines=(*ORDER.lines, OrderLine("6", BOLT, Decimal(5), Decimal(0), "second lot")))


@pytest.mark.parametrize("start", [at_order, lambda order: at_line(TAPE, order)])
def test_several_lines_with_one_part_are_offered(start: Callable[..., Floor]) -> None:
    floor = start(TWO_BOLTS)
    assert floor.scan("BOLT-1", Stock(BOLT)) == "home/choose"
    assert floor.said == (ASK, "BOLT-1 can be 2 things. Which one is it?")
    assert floor.state["options"] == [
        {
            "key": "order-line/1",
            "title": "BOLT-1",
            "detail": "rev C · 4 of 10 received",
            "kind": "order-line",
        },
        {
            "key": "order-line/6",
            "title": "BOLT-1",
            "detail": "rev C · 0 of 5 received · second lot",
            "kind": "order-line",
        },
    ]
    assert floor.press("CHOOSE", "order-line/99") == "home/choose"
    assert floor.said == (ASK, "CHOOSE does nothing here.")
    assert floor.press("CHOOSE", "order-line/6") == "receive/line"
    assert (floor.state["line"]["id"], floor.state["quantity"]) == ("6", "5")


def test_of_several_lines_the_only_open_one_is_meant() -> None:
    received = replace(ORDER.lines[0], received=Decimal(10))
    floor = at_line(BOLT, replace(ORDER, lines=(received, TWO_BOLTS.lines[-1])))
    assert floor.state["line"]["id"] == "6"


def test_pages_turn_and_shrink_with_the_order() -> None:
    floor = at_order()
    pages = []
    for _ in range(2):
        floor.press("NEXT")
        pages.append(floor.state["page"])
    assert pages == ["2", "1"]
    floor.press("NEXT")
    floor.hears(replace(ORDER, lines=ORDER.lines[:2]))
    assert (floor.state["page"], floor.state["pages"]) == ("1", "1")


def test_confirm_on_the_order_does_nothing() -> None:
    floor = at_order()
    assert floor.press("CONFIRM") == "receive/order"
    assert floor.said == (ASK, "Nothing is entered yet. Scan a part or choose a line.")
    assert floor.effects == []


def test_a_quantity_is_kept_for_the_line_that_comes_after_it() -> None:
    floor = at_order()
    assert floor.press("QUANTITY", "5") == "receive/order"
    assert floor.said == (ASK, "Quantity 5. Now scan its part or choose its line.")
    assert floor.press("QUANTITY", "0") == "receive/order"
    assert floor.said == (STOP, "0 is no quantity. Enter a number above zero, such as 5 or 2.5.")
    assert floor.press("HOME") == "home/switch"
    assert floor.state["entered"] == "5"
    floor.press("BACK")
    floor.hears(ORDER)
    assert floor.scan("BOLT-1") == "receive/line"
    assert (floor.state["quantity"], floor.state["is_touched"]) == ("5", True)
    floor.press("CANCEL")
    floor.scan("BOLT-1")
    assert floor.state["quantity"] != "5"


def test_a_lot_is_kept_for_the_line_that_comes_after_it() -> None:
    floor = at_order()
    assert floor.scan("LOT-9") == "receive/order"
    assert floor.said == (ASK, "LOT-9 is kept for the next part. Scan the part or choose its line.")
    floor.press("QUANTITY", "2")
    floor.scan("BOLT-1")
    assert (floor.state["lot"], floor.state["quantity"]) == ("LOT-9", "2")
    assert floor.press("CONFIRM") == "receive/order"
    assert [submit.arguments["lot"] for submit in floor.submits] == ["LOT-9"]


def test_the_next_lot_of_the_part_received_last_needs_no_part_number() -> None:
    floor = at_order()
    floor.press("QUANTITY", "1")
    floor.scan("BOLT-1")
    floor.scan("LOT-1")
    floor.press("CONFIRM")
    floor.press("QUANTITY", "1")
    assert floor.scan("LOT-2") == "receive/line"
    assert (floor.state["lot"], floor.state["quantity"]) == ("LOT-2", "1")


def test_a_location_that_was_scanned_before_the_order_takes_its_stock() -> None:
    floor = Floor()
    assert floor.scan("Shelf 2", SHELF) == "lookup/location"
    assert floor.scan("PO-7", ORDER) == "receive/order"
    assert floor.state["location"]["name"] == "Shelf 2"


def test_choosing_the_flow_again_shows_the_order_and_keeps_the_location() -> None:
    floor = at_order()
    floor.scan("Shelf 2", SHELF)
    floor.scan("BOLT-1", Stock(BOLT))
    assert floor.press("FLOW", "receive") == "receive/order"
    assert floor.state["location"]["name"] == "Shelf 2"


def test_another_order_takes_the_place_of_the_first() -> None:
    floor = at_order()
    floor.scan("Shelf 2", SHELF)
    assert floor.scan("PO-8", OTHER_ORDER) == "receive/order"
    assert (floor.state["order"]["number"], floor.state["location"]["name"]) == ("PO-8", "WH-Receiving")


@pytest.mark.parametrize("subjects", [(ORDER,), ()])
@pytest.mark.parametrize("start", [at_order, lambda: at_line(BOLT)])
def test_the_same_order_again_shows_its_lines_and_keeps_the_location(
    start: Callable[..., Floor], subjects: tuple[Order, ...]
) -> None:
    floor = start()
    floor.session = replace(floor.session, state={**floor.state, "location": object_json(SHELF)})
    assert floor.scan("PO-7", *subjects) == "receive/order"
    assert floor.said == (GOOD, "PO-7: 3 open. Scan a part or choose a line.")
    assert floor.state["location"]["name"] == "Shelf 2"


def test_the_same_order_is_never_a_lot() -> None:
    floor = at_line(BOLT)
    floor.press("QUANTITY", "2")
    assert floor.scan("PO-7", ORDER) == "receive/line"
    assert floor.said == (ASK, "BOLT-1 is not confirmed yet. Confirm or cancel it first.")
    assert (floor.state["quantity"], floor.state["lot"]) == ("2", None)


def test_repeat_opens_the_last_line_with_the_last_quantity() -> None:
    floor = at_order()
    floor.press("REPEAT")
    assert floor.said == (ASK, "Nothing to repeat yet. Scan a part of this order.")
    floor.scan("BOLT-1", Stock(BOLT))
    floor.press("QUANTITY", "2")
    floor.scan("LOT-9")
    floor.press("CONFIRM")
    assert floor.press("REPEAT") == "receive/line"
    assert (floor.state["quantity"], floor.state["lot"], floor.state["missing"]) == ("2", None, ["lot"])
    floor.press("QUANTITY", "3")
    floor.scan("LOT-8")
    floor.press("CONFIRM")
    floor.press("REPEAT")
    assert floor.state["quantity"] == "1"
    assert floor.press("REPEAT") == "receive/line"
    assert floor.said == (ASK, "There is nothing to repeat here.")
