"""Labels on goods in receiving: other orders, packages known again, and from home."""

from dataclasses import replace

import pytest

from kiosk.model import Level, OperationState, Stock
from tests.flows.floor import (
    BOLT,
    GLUE,
    ORDER,
    OTHER_ORDER,
    UNIT,
    Floor,
    at_line,
    at_order,
)
from tests.flows.labels import BAG, entered, entry, label

ASK, STOP, GOOD, WAIT = Level.ASK, Level.STOP, Level.GOOD, Level.WAIT


# The label of another order


def test_a_label_of_another_order_is_asked_about_by_name() -> None:
    floor = at_order()
    barcode = label("KPO-8", *BAG)
    assert floor.scan(barcode, OTHER_ORDER, Stock(BOLT)) == "home/choose"
    assert floor.said == (ASK, "The label is for PO-8, not for PO-7. Which one is it?")
    assert [option["key"] for option in floor.state["options"]] == ["order/43", "order/42"]
    assert floor.press("CHOOSE", "1") == "receive/line"
    assert (floor.state["order"]["number"], entered(floor)) == (
        "PO-8",
        entry("1", "3", "L-1", date_code="2245"),
    )


def test_a_label_of_another_order_may_count_here() -> None:
    floor = at_order()
    floor.scan(label("KPO-8", *BAG), OTHER_ORDER)
    assert floor.press("CHOOSE", "order/42") == "receive/line"
    assert floor.state["order"]["number"] == "PO-7"
    floor.press("CONFIRM")
    assert floor.state["also_named"] == ["po-8"]
    assert floor.scan(label("KPO-8", "PTAPE-1", "Q1"), OTHER_ORDER) == "receive/line"


def test_an_order_that_ion_does_not_know_is_asked_about_once() -> None:
    floor = at_order()
    before = floor.session
    assert floor.scan(label("KW-1", *BAG)) == "home/agree"
    assert floor.said == (ASK, "The label says order W-1, this is PO-7. Confirm to count it here.")
    assert (floor.state["label"], floor.state["agrees"]) == (
        {
            "part": "BOLT-1",
            "order": "W-1",
            "quantity": "3",
            "lot": "L-1",
            "serial": "",
            "date_code": "2245",
        },
        "order/42",
    )
    assert floor.press("START") == "home/agree"
    assert floor.said == (ASK, "Confirm it, or go back.")
    assert floor.press("BACK") == "receive/order"
    assert floor.session == before
    floor.scan(label("KW-1", *BAG))
    assert floor.press("CONFIRM") == "receive/line"
    floor.press("CANCEL")
    assert floor.scan(label("Kw-1", "PTAPE-1", "Q1")) == "receive/line"


def test_going_to_the_other_order_is_asked_where_something_is_entered() -> None:
    floor = at_line(BOLT)
    floor.scan("LOT-9")
    floor.scan(label("KPO-8", "PTAPE-1", "Q1"), OTHER_ORDER)
    assert floor.press("CHOOSE", "order/43") == "home/switch"
    assert floor.press("CONFIRM") == "receive/line"
    assert (floor.state["order"]["number"], entered(floor)) == ("PO-8", entry("3", "1"))
    assert floor.effects == []


# The same package again


def test_a_package_that_was_counted_is_asked_about() -> None:
    floor = at_order()
    floor.scan(label(*BAG))
    floor.press("CONFIRM")
    before = floor.session
    assert floor.scan(label(*BAG)) == "home/agree"
    assert floor.said == (ASK, "This bag was counted already. Confirm to count it again.")
    assert floor.state["agrees"] == "again"
    assert floor.press("CANCEL") == "receive/order"
    assert floor.session == before
    floor.scan(label(*BAG))
    assert floor.press("CONFIRM") == "receive/line"
    assert entered(floor) == entry("1", "3", "L-1", date_code="2245")
    floor.press("CONFIRM")
    assert [each.arguments["quantity"] for each in floor.submits] == ["3", "3"]


def test_other_packages_are_not_asked_about() -> None:
    floor = at_order()
    for fields in (BAG, (*BAG[:-1], "3SBOX2"), ("PTAPE-1", "Q1"), ("PTAPE-1", "Q1")):
        assert floor.scan(label(*fields)) == "receive/line"
        assert floor.press("CONFIRM") == "receive/order"
    assert len(floor.packages) == 2


def test_a_package_that_was_not_confirmed_is_not_counted() -> None:
    floor = at_order()
    floor.scan(label(*BAG))
    floor.press("CANCEL")
    assert floor.scan(label(*BAG)) == "receive/line"


def test_a_package_that_another_station_received_is_known() -> None:
    floor, other = at_order(), at_order()
    other.scan(label(*BAG))
    other.press("CONFIRM")
    floor.packages = other.packages
    assert floor.scan(label(*BAG)) == "home/agree"


def test_both_questions_are_asked_where_both_are_due() -> None:
    floor = at_order()
    floor.scan(label(*BAG))
    floor.press("CONFIRM")
    with_order = label("KW-1", *BAG)
    floor.scan(with_order)
    assert floor.said == (ASK, "The label says order W-1, this is PO-7. Confirm to count it here.")
    assert floor.press("CONFIRM") == "home/agree"
    assert floor.said == (ASK, "This bag was counted already. Confirm to count it again.")
    assert floor.press("CONFIRM") == "receive/line"


@pytest.mark.parametrize(
    ("state", "screen"),
    [(OperationState.DISCARDED, "receive/line"), (OperationState.REJECTED, "home/agree")],
)
def test_a_receipt_that_was_given_up_frees_its_packages(state: OperationState, screen: str) -> None:
    floor = at_order()
    floor.scan(label(*BAG))
    floor.press("CONFIRM")
    floor.delivers(state=state)
    assert floor.scan(label(*BAG)) == screen


def test_a_package_stays_counted_whatever_was_done_since() -> None:
    floor = at_order()
    floor.scan(label(*BAG))
    floor.press("CONFIRM")
    floor.place = replace(floor.place, outstanding=())
    floor.press("HOME")
    floor.scan("PO-7", ORDER)
    assert floor.scan(label(*BAG)) == "home/agree"
    floor.press("BACK")
    floor.scan("PO-8", OTHER_ORDER)
    assert floor.scan(label(*BAG)) == "home/agree"
    assert floor.press("CONFIRM") == "receive/line"


# From home


def test_a_label_opens_its_order_and_goes_on_to_the_line() -> None:
    floor = Floor()
    assert floor.scan(label("KPO-7", *BAG), ORDER, Stock(BOLT)) == "receive/line"
    assert entered(floor) == entry("1", "3", "L-1", date_code="2245")
    assert floor.press("CONFIRM") == "receive/order"


def test_a_label_opens_its_order_also_where_the_part_is_not_on_it() -> None:
    floor = Floor()
    assert floor.scan(label("KPO-7", "PNUT-1"), ORDER) == "receive/order"
    assert floor.said == (STOP, "NUT-1 is not on PO-7.")
    floor = Floor()
    assert floor.scan(label("KPO-7", "11K99"), ORDER) == "receive/order"
    assert floor.said == (GOOD, "PO-7: 3 open. Scan a part or choose a line.")


def test_a_label_without_a_known_order_looks_up_its_part() -> None:
    floor = Floor()
    assert floor.scan(label("KPO-9", *BAG), Stock(BOLT)) == "lookup/part"
    assert floor.scan(label("KPO-7", *BAG), ORDER, Stock(BOLT)) == "receive/line"


def test_a_label_that_nobody_knows_is_not_known() -> None:
    floor = Floor()
    assert floor.scan(label("KPO-9", *BAG), is_offline=True) == "home/unknown"
    assert floor.state["reads"] == [
        {
            "kind": "Supplier's label",
            "says": "order PO-9, part BOLT-1, quantity 3, lot L-1, date code 2245",
        }
    ]


def test_orders_of_one_number_are_offered_first() -> None:
    floor = Floor()
    twin = replace(ORDER, id="44", supplier="Nuts & Daughters")
    assert floor.scan(label("KPO-7", *BAG), ORDER, twin, Stock(BOLT)) == "home/choose"
    assert [option["key"] for option in floor.state["options"]] == ["order/42", "order/44"]
    assert floor.press("CHOOSE", "order/44") == "receive/line"
    assert (floor.state["order"]["id"], floor.state["lot"]) == ("44", "L-1")


def test_a_station_that_does_not_receive_looks_the_part_up() -> None:
    floor = Floor()
    floor.place = replace(floor.place, flows=("lookup", "move"))
    assert floor.scan(label("KPO-7", *BAG), ORDER, Stock(BOLT)) == "lookup/part"
    floor.press("HOME")
    floor.scan(label("KPO-7", *BAG), ORDER)
    assert floor.said == (STOP, "Purchase order PO-7: this station has no job for it.")


def test_the_flow_that_was_chosen_takes_what_it_can() -> None:
    floor = Floor()
    floor.press("FLOW", "lookup")
    assert floor.scan(label("KPO-7", *BAG), ORDER, Stock(BOLT)) == "lookup/part"
    floor.press("FLOW", "move")
    floor.scan("SN-1", UNIT)
    assert floor.scan(label("KPO-7", *BAG), ORDER, Stock(GLUE)) == "receive/line"
