from dataclasses import replace

import pytest

from kiosk.model import Inventory, Level, Submit
from kiosk.wire import object_json
from tests.flows.floor import BARE, DOCK, LOT, NOW, ORDER, SHELF, UNIT, Floor


def at_move(stock: Inventory = LOT) -> Floor:
    floor = Floor()
    floor.press("FLOW", "move")
    floor.scan("anything", stock)
    return floor


def test_stock_location_confirm() -> None:
    floor = Floor()
    floor.press("FLOW", "move")
    assert floor.said == (Level.ASK, "Scan the stock that moves, or the place it goes to.")
    assert floor.scan("LOT-A", LOT, as_of=NOW) == "move/item"
    assert floor.said == (Level.ASK, "Move LOT-A: scan where it goes.")
    assert floor.state == {
        "inventory": object_json(LOT),
        "target": None,
        "as_of": NOW.isoformat(),
        "quantity": None,
        "whole": None,
    }
    floor.press("CONFIRM")
    assert floor.said == (Level.ASK, "Still missing: location. Scan where it goes.")
    assert floor.scan("WH-Receiving", DOCK) == "move/item"
    assert floor.said == (Level.ASK, "LOT-A to WH-Receiving: confirm.")
    assert floor.press("CONFIRM") == "home/idle"
    assert floor.said == (Level.WAIT, "LOT-A to WH-Receiving: kept, on the way to ION.")
    assert floor.state == {"wanted": None}
    floor.press("CONFIRM")
    assert floor.said == (Level.ASK, "CONFIRM does nothing here.")
    assert floor.effects == [
        Submit(
            "move",
            "inventory/502",
            "inventory/502",
            {
                "inventory_id": "502",
                "location_id": "3",
                "from_location_id": "4",
                "quantity": "120",
                "title": "LOT-A",
                "place": "WH-Receiving",
                "from_place": "Shelf 2",
            },
        )
    ]


def test_stock_without_a_location_moves_too() -> None:
    floor = at_move(BARE)
    floor.scan("Shelf 2", SHELF)
    floor.press("CONFIRM")
    assert floor.submits[0].arguments["from_location_id"] is None


def test_stock_that_is_there_already_stays() -> None:
    floor = at_move()
    floor.scan("Shelf 2", SHELF)
    assert floor.said == (Level.ASK, "LOT-A is at Shelf 2 already.")
    assert floor.state["target"] is None


def test_a_move_on_its_way_counts() -> None:
    floor = at_move()
    floor.scan("WH-Receiving", DOCK)
    floor.press("CONFIRM")
    floor.press("FLOW", "move")
    floor.scan("LOT-A", LOT, as_of=NOW)
    floor.scan("WH-Receiving", DOCK)
    assert floor.said == (Level.ASK, "LOT-A is at WH-Receiving already.")
    floor.scan("Shelf 2", SHELF)
    floor.press("CONFIRM")
    ways = [(each.arguments["from_location_id"], each.arguments["location_id"]) for each in floor.submits]
    assert ways == [("4", "3"), ("3", "4")]


def test_a_tenant_without_the_operation_says_so() -> None:
    floor = at_move()
    floor.place = replace(floor.place, offers=frozenset({"receive"}))
    floor.scan("WH-Receiving", DOCK)
    assert floor.press("CONFIRM") == "move/item"
    assert floor.said == (Level.STOP, "This ION does not offer to move stock. Ask a technician.")
    assert floor.effects == []


@pytest.mark.parametrize("verb", ["CANCEL", "BACK"])
def test_cancel_moves_nothing(verb: str) -> None:
    floor = at_move()
    floor.scan("WH-Receiving", DOCK)
    assert floor.press(verb) == "home/idle"
    assert floor.said == (Level.ASK, "Nothing was moved.")
    floor.press("CONFIRM")
    assert floor.effects == []


def test_other_stock_takes_the_place_until_a_target_is_chosen() -> None:
    floor = at_move()
    assert floor.scan("SN-1", UNIT) == "move/item"
    floor.scan("WH-Receiving", DOCK)
    before = floor.state
    assert floor.scan("SN-1", UNIT) == "move/item"
    assert floor.said == (Level.ASK, "SN-1 is on the screen. Confirm, or cancel.")
    assert floor.state == before
    assert floor.scan("LOT-A", LOT, as_of=NOW) == "home/switch"
    assert floor.said == (
        Level.ASK,
        "Leave SN-1 to WH-Receiving, and go to LOT-A? What was entered is not kept.",
    )
    assert floor.press("CONFIRM") == "move/item"
    assert (floor.state["inventory"]["id"], floor.state["target"]) == ("502", None)
    assert floor.state["as_of"] == NOW.isoformat()


def test_fresh_facts_keep_the_target() -> None:
    floor = at_move()
    floor.scan("WH-Receiving", DOCK)
    said = floor.said
    floor.hears(UNIT)
    floor.hears(replace(LOT, status="WIP"))
    assert (floor.state["inventory"]["status"], floor.state["target"]["id"], floor.said) == ("WIP", "3", said)


def test_other_verbs_do_nothing() -> None:
    floor = at_move()
    assert floor.press("PRINT") == "move/item"
    assert floor.said == (Level.ASK, "PRINT does nothing here.")


def test_something_else_opens_its_own_flow() -> None:
    floor = at_move()
    assert floor.scan("PO-7", ORDER) == "receive/order"
