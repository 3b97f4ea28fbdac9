from dataclasses import replace

from kiosk.model import Inventory, Level
from kiosk.wire import object_json
from tests.flows.floor import BARE, DOCK, LOT, NOW, ORDER, SHELF, UNIT, Floor

ASK, STOP, WAIT = Level.ASK, Level.STOP, Level.WAIT


def at_list(*stock: Inventory) -> Floor:
    floor = Floor()
    floor.press("FLOW", "move")
    assert floor.scan("ION/LOC/3", DOCK, as_of=NOW) == "move/many"
    for each in stock:
        floor.scan("anything", each)
    return floor


def ways(floor: Floor) -> list[tuple[object, ...]]:
    names = ("inventory_id", "from_location_id", "location_id")
    return [(each.subject, *(each.arguments[name] for name in names)) for each in floor.submits]


def test_all_that_is_scanned_goes_to_the_location() -> None:
    floor = at_list()
    assert floor.said == (ASK, "Scan all that goes to WH-Receiving.")
    assert floor.state["as_of"] == NOW.isoformat()
    for stock, said in ((LOT, "LOT-A: 1 to"), (UNIT, "SN-1: 2 to"), (BARE, "TAPE-1: 3 to")):
        floor.scan("anything", stock)
        assert floor.said == (ASK, f"{said} WH-Receiving. Scan more, or confirm.")
    assert [row["id"] for row in floor.state["rows"]] == [BARE.id, UNIT.id, LOT.id]
    assert floor.press("CONFIRM") == "home/idle"
    assert floor.said == (WAIT, "3 to WH-Receiving: kept, on the way to ION.")
    floor.press("CONFIRM")
    assert ways(floor) == [
        ("inventory/502", "502", "4", "3"),
        ("inventory/501", "501", "4", "3"),
        ("inventory/503", "503", None, "3"),
    ]
    assert {each.operation for each in floor.submits} == {"move"}


def test_what_is_on_the_list_or_there_already_is_not_added() -> None:
    floor = at_list(LOT)
    floor.scan("LOT-A", LOT)
    assert floor.said == (ASK, "LOT-A is on the list already.")
    floor.scan("SN-1", replace(UNIT, location=DOCK))
    assert floor.said == (ASK, "SN-1 is at WH-Receiving already.")
    assert floor.state["count"] == "1"


def test_what_is_on_its_way_there_is_not_added() -> None:
    floor = at_list(LOT)
    floor.press("CONFIRM")
    floor.press("FLOW", "move")
    floor.scan("ION/LOC/3", DOCK)
    floor.scan("LOT-A", LOT)
    assert floor.said == (ASK, "LOT-A is at WH-Receiving already.")


def test_what_came_there_meanwhile_is_not_moved() -> None:
    floor = at_list(LOT, UNIT)
    floor.hears(replace(LOT, location=DOCK))
    floor.press("CONFIRM")
    assert [each.subject for each in floor.submits] == [UNIT.key]


def test_the_last_one_is_taken_back() -> None:
    floor = at_list(LOT, UNIT)
    floor.press("UNDO")
    assert floor.said == (ASK, "SN-1 taken back.")
    floor.press("UNDO")
    floor.press("UNDO")
    assert floor.said == (ASK, "There is nothing to take back.")
    floor.press("CONFIRM")
    assert (floor.said, floor.effects) == ((ASK, "Nothing is on the list yet. Scan what moves."), [])


def test_the_list_comes_four_a_page_and_ends_somewhere() -> None:
    floor = at_list(*(replace(LOT, id=str(number), lot=f"L{number}") for number in range(101)))
    assert floor.said == (STOP, "100 are enough for one time. Confirm them first.")
    assert (floor.state["count"], floor.state["pages"]) == ("100", "25")
    floor.press("NEXT")
    assert [row["lot"] for row in floor.state["rows"]] == ["L95", "L94", "L93", "L92"]
    floor.hears(replace(LOT, id="95", lot="L95b"))
    assert next(row["lot"] for row in floor.state["rows"]) == "L95b"
    floor.press("CONFIRM")
    assert len(floor.submits) == 100


def test_another_location_takes_the_place_while_nothing_is_on_the_list() -> None:
    floor = at_list()
    floor.scan("ION/LOC/4", SHELF)
    assert floor.state["target"] == object_json(SHELF)
    floor.scan("SN-1", replace(UNIT, location=DOCK))
    floor.scan("ION/LOC/4", SHELF)
    assert floor.said == (ASK, "1 to Shelf 2. Scan more, or confirm.")
    assert floor.scan("ION/LOC/3", DOCK) == "home/switch"
    assert floor.said == (ASK, "Leave 1 to Shelf 2, and go to WH-Receiving? What was entered is not kept.")
    assert floor.press("CONFIRM") == "move/many"
    assert (floor.state["target"]["id"], floor.state["count"]) == ("3", "0")


def test_the_location_on_the_screen_is_where_things_go() -> None:
    floor = Floor()
    floor.scan("ION/LOC/3", DOCK)
    assert floor.screen == "lookup/location"
    assert floor.press("FLOW", "move") == "move/many"
    floor.scan("SN-1", UNIT)
    assert floor.state["count"] == "1"


def test_cancel_moves_nothing() -> None:
    floor = at_list(LOT)
    assert floor.press("CANCEL") == "home/idle"
    assert (floor.said, floor.effects) == ((ASK, "Nothing was moved."), [])


def test_other_things_ask_before_the_list_is_lost() -> None:
    assert at_list().scan("PO-7", ORDER) == "receive/order"
    assert at_list(LOT).scan("PO-7", ORDER) == "home/switch"
    floor = at_list(LOT)
    floor.press("PRINT")
    assert floor.said == (ASK, "PRINT does nothing here.")


def test_a_tenant_without_the_operation_says_so() -> None:
    floor = at_list(LOT)
    floor.place = replace(floor.place, offers=frozenset({"receive"}))
    floor.press("CONFIRM")
    assert floor.said == (STOP, "This ION does not offer to move stock. Ask a technician.")
    assert floor.effects == []
