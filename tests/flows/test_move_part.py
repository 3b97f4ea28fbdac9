from dataclasses import replace
from decimal import Decimal

import pytest

from kiosk.flows.flow import Refreshed
from kiosk.model import Inventory, Level, Submit
from kiosk.wire import object_json
from tests.flows.floor import BARE, DOCK, LOT, SHELF, UNIT, Floor

ELSEWHERE = frozenset({"move", "receive"})


def at_move(stock: Inventory = LOT, offers: frozenset[str] | None = None) -> Floor:
    floor = Floor()
    floor.place = replace(floor.place, offers=offers)
    floor.press("FLOW", "move")
    floor.scan("anything", stock)
    return floor


def test_a_part_of_a_lot_moves() -> None:
    floor = at_move()
    floor.press("QUANTITY", "20")
    assert floor.said == (Level.ASK, "20 of 120 of LOT-A move.")
    floor.scan("WH-Receiving", DOCK)
    assert floor.said == (Level.ASK, "20 of LOT-A to WH-Receiving: confirm.")
    assert floor.press("CONFIRM") == "home/idle"
    assert floor.said == (Level.WAIT, "20 of LOT-A to WH-Receiving: kept, on the way to ION.")
    assert floor.effects == [
        Submit(
            "move_part",
            "inventory/502",
            "inventory/502",
            {
                "inventory_id": "502",
                "location_id": "3",
                "from_location_id": "4",
                "quantity": "20",
                "from_quantity": "120",
                "title": "LOT-A",
                "place": "WH-Receiving",
            },
        )
    ]


def test_the_place_may_come_first_and_a_keypad_says_how_much() -> None:
    floor = at_move()
    floor.scan("WH-Receiving", DOCK)
    floor.press("VALUE", "2.5")
    floor.press("CONFIRM")
    assert (floor.submits[0].operation, floor.submits[0].arguments["quantity"]) == ("move_part", "2.5")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("0", "0 is no quantity. Enter a number such as 5 or 2.5."),
        ("five", "five is no quantity. Enter a number such as 5 or 2.5."),
        ("", "Nothing is no quantity. Enter a number such as 5 or 2.5."),
        ("121", "121 is more than the 120 that are there."),
    ],
)
def test_what_is_no_part_of_it_is_said(given: str, said: str) -> None:
    floor = at_move()
    floor.press("QUANTITY", given)
    assert floor.said == (Level.ASK, said)
    assert floor.state["quantity"] is None


def test_all_there_is_is_the_whole_row() -> None:
    floor = at_move()
    floor.press("QUANTITY", "20")
    floor.press("QUANTITY", "120")
    assert floor.said == (Level.ASK, "All 120 of LOT-A move.")
    floor.scan("WH-Receiving", DOCK)
    floor.press("CONFIRM")
    assert floor.submits[0].operation == "move"


@pytest.mark.parametrize(
    ("stock", "offers", "why"),
    [
        (LOT, ELSEWHERE, "This ION moves stock only whole."),
        (UNIT, None, "It is one piece."),
        (replace(BARE, quantity=Decimal(1)), None, "It is one piece."),
    ],
)
def test_why_only_all_of_it_can_move(stock: Inventory, offers: frozenset[str] | None, why: str) -> None:
    floor = at_move(stock, offers)
    assert floor.state["whole"] == why
    floor.press("QUANTITY", "1")
    assert floor.said == (Level.STOP, f"{why} Move all of it, or cancel.")
    floor.scan("WH-Receiving", DOCK)
    floor.press("CONFIRM")
    assert floor.submits[0].operation == "move"


def test_what_is_on_its_way_counts() -> None:
    floor = at_move()
    floor.press("QUANTITY", "100")
    floor.scan("WH-Receiving", DOCK)
    floor.press("CONFIRM")
    floor.press("FLOW", "move")
    floor.scan("anything", LOT)
    floor.press("QUANTITY", "30")
    assert floor.said == (Level.ASK, "30 is more than the 20 that are there.")
    floor.press("QUANTITY", "5")
    floor.scan("WH-Receiving", DOCK)
    floor.press("CONFIRM")
    assert floor.submits[-1].arguments["from_quantity"] == "20"


def test_all_of_it_on_its_way_leaves_no_part() -> None:
    floor = at_move()
    floor.scan("WH-Receiving", DOCK)
    floor.press("CONFIRM")
    floor.press("FLOW", "move")
    floor.scan("anything", LOT)
    assert floor.state["whole"] == "All of it is on its way already."


def test_less_than_was_wanted_is_said_before_it_is_sent() -> None:
    floor = at_move()
    floor.press("QUANTITY", "100")
    floor.scan("WH-Receiving", DOCK)
    floor.happens(Refreshed(replace(LOT, quantity=Decimal(60))))
    assert floor.press("CONFIRM") == "move/item"
    assert floor.said == (Level.ASK, "100 is more than the 60 that are there.")
    assert not floor.submits


def test_another_scan_of_it_keeps_the_quantity_and_other_stock_does_not() -> None:
    floor = at_move()
    floor.press("QUANTITY", "20")
    floor.scan("anything", LOT)
    assert floor.state["quantity"] == "20"
    floor.scan("other", BARE)
    assert floor.state["quantity"] is None
    assert floor.state["inventory"] == object_json(BARE)


def test_what_is_thrown_away_is_named_with_its_quantity() -> None:
    floor = at_move()
    floor.press("QUANTITY", "20")
    floor.scan("WH-Receiving", DOCK)
    floor.press("FLOW", "receive")
    assert "20 of LOT-A to WH-Receiving" in str(floor.session.message or "") + str(floor.state)


def test_a_part_goes_nowhere_it_is_already() -> None:
    floor = at_move()
    floor.press("QUANTITY", "20")
    floor.scan("Shelf 2", SHELF)
    assert floor.said == (Level.ASK, "LOT-A is at Shelf 2 already.")
