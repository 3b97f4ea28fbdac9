from dataclasses import replace

import pytest

from kiosk.model import Inventory, Level, OperationState, Submit
from kiosk.wire import object_json
from tests.flows.floor import BARE, DOCK, FLOWS, LOT, NOW, ORDER, UNIT, Floor

ASK, STOP, WAIT, GOOD = Level.ASK, Level.STOP, Level.WAIT, Level.GOOD


def at_count(verb: str = "RECOUNT", stock: Inventory = LOT) -> Floor:
    floor = Floor()
    floor.scan("anything", stock)
    assert floor.press(verb) == "adjust/entry"
    return floor


def adjust(kind: str, quantity: str, known: str, reason: str, stock: Inventory = LOT) -> Submit:
    arguments = {
        "inventory_id": stock.id,
        "kind": kind,
        "quantity": quantity,
        "from_quantity": known,
        "reason": reason,
        "title": stock.serial or stock.lot or stock.part.number,
    }
    return Submit("adjust", stock.key, stock.key, arguments)


def test_stock_is_counted_by_scanning() -> None:
    floor = at_count()
    assert floor.said == (ASK, "How much of LOT-A is really there?")
    assert floor.scan("ION/CMD/QUANTITY/100") == "adjust/reason"
    assert floor.said == (ASK, "Why? Choose a reason, or type it.")
    assert [row["title"] for row in floor.state["rows"]][:2] == ["Counted again", "Found more"]
    assert floor.scan("ION/CMD/CHOOSE/3") == "adjust/entry"
    assert floor.said == (ASK, "LOT-A: 100 instead of 120. Confirm.")
    assert floor.scan("ION/CMD/CONFIRM") == "home/idle"
    assert floor.said == (WAIT, "100 of LOT-A: kept, on the way to ION.")
    floor.press("CONFIRM")
    assert floor.effects == [adjust("recount", "100", "120", "Some are missing")]
    floor.delivers({"inventory": object_json(LOT)})
    assert floor.said == (GOOD, "ION has it: 100 of LOT-A counted.")


def test_scrap_is_taken_off() -> None:
    floor = at_count("SCRAP")
    assert floor.said == (ASK, "How much of LOT-A is scrap?")
    floor.scan("5")
    floor.scan("DROPPED")
    assert (floor.screen, floor.said) == ("adjust/entry", (ASK, "Scrap 5 of LOT-A: confirm."))
    floor.press("CONFIRM")
    assert floor.said == (WAIT, "5 of LOT-A scrapped: kept, on the way to ION.")
    assert floor.effects == [adjust("scrap", "5", "120", "DROPPED")]
    floor.delivers()
    assert floor.said == (GOOD, "ION has it: 5 of LOT-A scrapped.")


def test_what_is_on_its_way_is_counted_in() -> None:
    floor = at_count("SCRAP")
    floor.press("VALUE", "20")
    floor.press("CHOOSE", "1")
    floor.press("CONFIRM")
    floor.press("FLOW", "adjust")
    floor.scan("LOT-A", LOT, as_of=NOW)
    assert (floor.state["known"], floor.state["as_of"]) == ("100", NOW.isoformat())
    assert floor.said == (ASK, "LOT-A: count it anew, or scrap some?")
    floor.press("SCRAP")
    floor.press("VALUE", "101")
    assert floor.said == (STOP, "101 is more than the 100 that are there.")
    floor.press("RECOUNT")
    floor.press("VALUE", "99")
    floor.press("CHOOSE", "reason/1")
    floor.press("CONFIRM")
    assert floor.submits[1] == adjust("recount", "99", "100", "Counted again")


def test_a_move_on_its_way_is_no_count() -> None:
    floor = Floor()
    floor.press("FLOW", "move")
    floor.scan("LOT-A", LOT)
    floor.scan("WH-Receiving", DOCK)
    floor.press("CONFIRM")
    floor.scan("LOT-A", LOT)
    floor.press("RECOUNT")
    assert floor.state["known"] == "120"


def test_what_ion_refused_is_there_again() -> None:
    floor = at_count("SCRAP")
    floor.press("VALUE", "120")
    floor.press("CHOOSE", "1")
    floor.press("CONFIRM")
    floor.scan("LOT-A", LOT)
    floor.press("SCRAP")
    floor.press("VALUE", "1")
    assert floor.said == (STOP, "1 is more than the 0 that are there.")
    floor.delivers(state=OperationState.REJECTED)
    floor.press("VALUE", "1")
    assert floor.said == (ASK, "Why? Choose a reason, or type it.")


def test_digits_are_given_one_by_one() -> None:
    floor = at_count(stock=BARE)
    for key in ("1", "DOT", "7", "5"):
        floor.press("KEY", key)
    floor.press("UNDO")
    assert floor.state["draft"] == "1.7"
    assert floor.press("CONFIRM") == "adjust/reason"
    assert (floor.state["quantity"], floor.state["draft"]) == ("1.7", "")
    for _ in range(20):
        floor.press("KEY", "9")
    assert len(floor.state["draft"]) == 16


def test_quantities_count_up() -> None:
    floor = at_count()
    floor.press("QUANTITY", "+100")
    floor.press("QUANTITY", "+5")
    assert floor.state["quantity"] == "105"
    floor.press("QUANTITY", "+x")
    assert floor.said == (STOP, "+x is no quantity. Enter a number such as 5 or 2.5.")


def test_nothing_can_be_left() -> None:
    floor = at_count()
    floor.press("VALUE", "0")
    floor.press("CHOOSE", "1")
    floor.press("CONFIRM")
    assert floor.effects == [adjust("recount", "0", "120", "Counted again")]


@pytest.mark.parametrize(
    ("verb", "stock", "given", "said"),
    [
        ("RECOUNT", LOT, "-1", "-1 is no quantity. Enter a number such as 5 or 2.5."),
        ("RECOUNT", LOT, "many", "many is no quantity. Enter a number such as 5 or 2.5."),
        ("RECOUNT", LOT, None, "Nothing is no quantity. Enter a number such as 5 or 2.5."),
        ("SCRAP", LOT, "0", "0 is no quantity. Enter a number such as 5 or 2.5."),
        ("SCRAP", LOT, "120.5", "120.5 is more than the 120 that are there."),
        ("RECOUNT", UNIT, "2", "SN-1 is one piece: it is there, 1, or it is not, 0."),
        ("SCRAP", UNIT, "0.5", "SN-1 is one piece: it is there, 1, or it is not, 0."),
    ],
)
def test_what_cannot_be_is_refused(verb: str, stock: Inventory, given: str | None, said: str) -> None:
    floor = at_count(verb, stock)
    floor.press("VALUE", given)
    assert (floor.said, floor.screen) == ((STOP, said), "adjust/entry")
    floor.press("CONFIRM")
    assert floor.effects == []


def test_what_ion_has_already_is_nothing_to_change() -> None:
    floor = at_count()
    floor.press("VALUE", "120")
    assert floor.said == (GOOD, "ION has 120 of LOT-A too. There is nothing to change.")
    floor.press("CONFIRM")
    assert (floor.said, floor.effects) == ((ASK, "How much of LOT-A is really there?"), [])


def test_a_reason_is_needed_and_is_short() -> None:
    floor = at_count()
    floor.press("VALUE", "1")
    floor.press("CONFIRM")
    assert (floor.said, floor.effects) == ((ASK, "Why? Choose a reason, or type it."), [])
    floor.scan("x" * 121)
    assert floor.said == (STOP, "That is no reason: say it in 120 characters or less.")
    said = floor.said
    floor.press("NEXT")
    assert floor.said == said
    floor.press("CHOOSE", "9")
    assert floor.said == (ASK, "CHOOSE does nothing here.")


def test_another_kind_asks_anew() -> None:
    floor = at_count()
    floor.press("VALUE", "1")
    floor.press("CHOOSE", "1")
    floor.press("RECOUNT")
    assert floor.said == (ASK, "LOT-A: 1 instead of 120. Confirm.")
    floor.press("SCRAP")
    assert (floor.state["quantity"], floor.state["reason"], floor.said) == (
        None,
        "",
        (ASK, "How much of LOT-A is scrap?"),
    )


def test_without_a_kind_a_number_means_nothing() -> None:
    floor = Floor()
    floor.press("FLOW", "adjust")
    floor.scan("LOT-A", LOT)
    floor.press("CONFIRM")
    assert floor.said == (ASK, "LOT-A: count it anew, or scrap some?")
    floor.press("VALUE", "5")
    assert floor.said == (ASK, "VALUE does nothing here.")
    assert floor.scan("5") == "home/unknown"


def test_the_next_stock_is_counted_the_same_way() -> None:
    floor = at_count("SCRAP")
    assert floor.scan("SN-1", UNIT) == "adjust/entry"
    assert floor.said == (ASK, "How much of SN-1 is scrap?")
    floor.press("VALUE", "1")
    floor.scan("SN-1", UNIT, as_of=NOW)
    assert (floor.state["quantity"], floor.state["as_of"]) == ("1", NOW.isoformat())
    assert floor.scan("LOT-A", LOT) == "home/switch"
    assert floor.said == (ASK, "Leave scrap 1 of SN-1, and go to LOT-A? What was entered is not kept.")
    floor.press("BACK")
    floor.press("CHOOSE", "1")
    assert floor.scan("PO-7", ORDER) == "home/switch"


def test_cancel_changes_nothing() -> None:
    floor = at_count()
    floor.press("KEY", "5")
    assert floor.press("CANCEL") == "home/idle"
    assert (floor.said, floor.effects) == ((ASK, "Nothing was changed."), [])


def test_news_keep_what_is_entered() -> None:
    floor = at_count()
    floor.press("VALUE", "100")
    said = floor.said
    floor.hears(replace(LOT, quantity=LOT.quantity - 10))
    assert (floor.screen, floor.state["known"], floor.state["quantity"], floor.said) == (
        "adjust/reason",
        "110",
        "100",
        said,
    )
    floor.hears(UNIT)
    assert floor.state["inventory"]["id"] == LOT.id
    floor.press("CHOOSE", "1")
    floor.hears(replace(LOT, quantity=LOT.quantity - 20))
    floor.press("CONFIRM")
    assert (floor.said, floor.effects) == (
        (GOOD, "ION has 100 of LOT-A too. There is nothing to change."),
        [],
    )


def test_a_tenant_that_stops_offering_it_says_so() -> None:
    floor = at_count()
    floor.press("VALUE", "1")
    floor.press("CHOOSE", "1")
    floor.place = replace(floor.place, offers=frozenset())
    floor.press("CONFIRM")
    assert (floor.said, floor.effects) == (
        (STOP, "This ION does not offer to count or scrap. Ask a technician."),
        [],
    )


@pytest.mark.parametrize("status", ["INSTALLED", "ON_ORDER", "KITTED"])
def test_a_quantity_that_follows_from_something_else_stays(status: str) -> None:
    floor = at_count(stock=replace(LOT, status=status))
    words = status.replace("_", " ").lower()
    said = (STOP, f"LOT-A is {words}. Its quantity follows from that.")
    assert floor.said == said
    floor.press("VALUE", "1")
    floor.press("CHOOSE", "1")
    floor.press("CONFIRM")
    assert (floor.said, floor.effects) == (said, [])


@pytest.mark.parametrize(
    ("offers", "flows", "why"),
    [
        (frozenset({"move"}), FLOWS, "This ION does not offer to count or scrap."),
        (None, ("lookup",), "This station does not count or scrap."),
    ],
)
def test_where_it_cannot_be_done_it_says_why(
    offers: frozenset[str] | None, flows: tuple[str, ...], why: str
) -> None:
    floor = Floor()
    floor.place = replace(floor.place, offers=offers, flows=flows)
    floor.scan("LOT-A", LOT)
    assert floor.state["why_adjust"] == why
    assert floor.press("SCRAP") == "lookup/inventory"
    assert floor.said == (STOP, f"{why} Ask a technician.")
