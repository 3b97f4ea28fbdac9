"""What is scanned before the order it belongs to."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kiosk.model import Level, OrderLine, Stock
from tests.flows.floor import BOLT, DOCK, GLUE, ORDER, SHELF, TAPE, Floor
from tests.flows.labels import BAG, entered, entry, label

ASK, STOP, GOOD = Level.ASK, Level.STOP, Level.GOOD


@pytest.mark.parametrize("wanted", [None, "receive"])
def test_a_part_goes_on_to_its_line(wanted: str | None) -> None:
    floor = Floor()
    if wanted:
        floor.press("FLOW", wanted)
    assert floor.scan("BOLT-1", Stock(BOLT)) == "lookup/part"
    said = "Part BOLT-1 rev C is kept. Now scan its order." if wanted else "Part BOLT-1 rev C: 0 in stock."
    assert floor.said == (ASK if wanted else GOOD, said)
    assert floor.scan("PO-7", ORDER) == "receive/line"
    assert entered(floor) == entry("1", "6")
    assert floor.said == (ASK, "BOLT-1: Scan the lot.")


def test_a_label_goes_on_with_all_it_says() -> None:
    floor = Floor()
    assert floor.scan(label(*BAG), Stock(BOLT)) == "lookup/part"
    assert floor.scan("PO-7", ORDER) == "receive/line"
    assert entered(floor) == entry("1", "3", "L-1", date_code="2245")
    floor.press("CONFIRM")
    floor.press("HOME")
    floor.scan(label(*BAG), Stock(BOLT))
    assert floor.scan("PO-7", ORDER) == "home/agree"
    assert floor.said == (ASK, "This bag was counted already. Confirm to count it again.")


def test_a_label_of_another_order_is_asked_about() -> None:
    floor = Floor()
    floor.scan(label("KW-1", *BAG), Stock(BOLT))
    assert floor.scan("PO-7", ORDER) == "home/agree"
    assert floor.said == (ASK, "The label says order W-1, this is PO-7. Confirm to count it here.")


def test_several_lines_are_offered() -> None:
    order = replace(ORDER, lines=(*ORDER.lines, OrderLine("6", BOLT, Decimal(5), Decimal(0))))
    floor = Floor()
    floor.scan("BOLT-1", Stock(BOLT))
    assert floor.scan("PO-7", order) == "home/choose"
    assert floor.press("CHOOSE", "2") == "receive/line"
    assert floor.state["line"]["id"] == "6"


def test_a_part_that_was_only_looked_up_is_no_news_where_it_is_not_on_the_order() -> None:
    floor = Floor()
    floor.scan("GLUE-9", Stock(replace(GLUE, id="99", number="GLUE-9")))
    assert floor.scan("PO-7", ORDER) == "receive/order"
    assert floor.said == (GOOD, "PO-7: 3 open. Scan a part or choose a line.")
    floor.press("HOME")
    assert floor.scan("PO-7", ORDER) == "receive/order"


def test_a_closed_order_stays_closed() -> None:
    floor = Floor()
    floor.scan("TAPE-1", Stock(TAPE))
    assert floor.scan("PO-7", replace(ORDER, status="DRAFT")) == "receive/order"
    assert floor.said == (STOP, "PO-7 is a draft. Only an ordered one can be received.")


def test_a_location_is_where_its_stock_goes() -> None:
    floor = Floor()
    floor.scan("Shelf 2", SHELF)
    floor.scan("PO-7", ORDER)
    assert floor.state["location"]["id"] == SHELF.id
    floor.press("HOME")
    floor.scan("PO-7", ORDER)
    assert floor.state["location"]["id"] == DOCK.id
