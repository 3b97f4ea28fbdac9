"""Labels that a scanner without control characters made of a supplier's label."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kiosk.model import Level, OrderLine, Part, Tracking
from tests.flows.floor import BOLT, ORDER, TAPE, Floor, at_line, at_order
from tests.flows.labels import BAG, entered, entry, label

ASK, STOP = Level.ASK, Level.STOP
CHECK = "Is it BOLT-1? The scanner drops control characters, so enter what is missing."


def damaged(*fields: str) -> str:
    return label(*fields).replace("\x1d", "").replace("\x1e", "").replace("\x04", "")


@pytest.mark.parametrize("fields", [BAG, ("KW-1", "1PMB", "Pbolt-1", "Q9"), ("30PBOLT-1", "11ZPICK")])
def test_its_line_is_found_and_nothing_else_believed(fields: tuple[str, ...]) -> None:
    floor = at_order()
    assert floor.scan(damaged(*fields)) == "receive/line"
    assert entered(floor) == entry("1")
    assert floor.said == (ASK, CHECK)
    floor.press("CONFIRM")
    assert floor.said == (ASK, "Still missing: quantity, lot.")


def test_the_longest_number_that_stands_in_it_is_meant() -> None:
    longer = Part("15", "BOLT-10", tracking=Tracking.LOT)
    order = replace(ORDER, lines=(*ORDER.lines, OrderLine("6", longer, Decimal(5), Decimal(0))))
    floor = at_order(order)
    floor.scan(damaged("PBOLT-10", "Q5"))
    assert floor.state["line"]["id"] == "6"


def test_of_several_lines_a_person_chooses() -> None:
    floor = at_order(replace(ORDER, lines=(*ORDER.lines, OrderLine("6", BOLT, Decimal(5), Decimal(0)))))
    assert floor.scan(damaged(*BAG)) == "home/choose"
    assert floor.press("CHOOSE", "2") == "receive/line"
    assert (floor.state["line"]["id"], floor.said) == ("6", (ASK, CHECK))


def test_what_is_entered_is_not_left_for_it() -> None:
    floor = at_line(TAPE)
    floor.press("QUANTITY", "2")
    assert floor.scan(damaged(*BAG)) == "receive/line"
    assert floor.state["line"]["id"] == "3"
    assert floor.said == (ASK, "BOLT-1 is another line. Confirm or cancel TAPE-1 first.")


def test_on_the_line_itself_what_is_entered_stays() -> None:
    floor = at_line(BOLT)
    floor.scan("LOT-9")
    assert floor.scan(damaged(*BAG)) == "receive/line"
    assert (floor.state["lot"], floor.said) == ("LOT-9", (ASK, CHECK))


@pytest.mark.parametrize("fields", [("PNUT-1", "Q5"), ("K7", "BOLT-1")])
def test_where_no_part_of_the_order_stands_in_it_the_scanner_is_blamed(fields: tuple[str, ...]) -> None:
    floor = at_order()
    assert floor.scan(damaged(*fields)) == "home/unknown"
    assert "the scanner drops control characters" in floor.state["why"][0]["reason"]


def test_a_closed_order_stays_closed() -> None:
    floor = at_order(replace(ORDER, status="DRAFT"))
    floor.scan(damaged(*BAG))
    assert floor.said == (STOP, "PO-7 is a draft. Only an ordered one can be received.")


def test_without_an_order_it_is_not_known() -> None:
    floor = Floor()
    assert floor.scan(damaged(*BAG)) == "home/unknown"
