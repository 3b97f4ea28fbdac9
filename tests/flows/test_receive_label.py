"""Labels on goods in receiving: the line, quantity, lot, serial and date code."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from kiosk.barcodes import Pattern, read
from kiosk.flows.flow import Scanned
from kiosk.model import Level, OrderLine, Part, Stock, Subject
from tests.flows.floor import (
    BOLT,
    ORDER,
    OTHER_ORDER,
    TAPE,
    UNIT,
    VALVE,
    Floor,
    at_line,
    at_order,
)
from tests.flows.labels import BAG, entered, entry, label

ASK, STOP, GOOD, WAIT = Level.ASK, Level.STOP, Level.GOOD, Level.WAIT
NUMBERED = replace(
    ORDER, lines=tuple(replace(line, number=str(n)) for n, line in enumerate(ORDER.lines, start=1))
)
TWO_BOLTS = replace(
    NUMBERED, lines=(*NUMBERED.lines, OrderLine("6", BOLT, Decimal(5), Decimal(0), "second lot", number="6"))
)


# Finding the line


@pytest.mark.parametrize(
    ("fields", "subjects"),
    [
        (("PBOLT-1",), ()),
        (("Pbolt-1",), ()),
        (("1PMB-9", "PBOLT-1"), ()),
        (("1PBOLT-1",), ()),
        (("30PBOLT-1", "11ZPICK"), ()),
        (("1PMB-9",), (Stock(BOLT),)),
        (("KPO-7", "4K1", "1PMB-9"), ()),
        (("Kpo-7", "4K0001", "1PMB-9"), ()),
        (("KPO-7", "14K1"), ()),
        (("KPO-7", "4K2", "PBOLT-1", "1PVLV-1"), (Stock(BOLT),)),
    ],
)
def test_a_label_finds_its_line(fields: tuple[str, ...], subjects: tuple[Subject, ...]) -> None:
    floor = at_order(NUMBERED)
    screen = floor.scan(label(*fields, "Q3", "1TL-1", "9D2245"), *subjects)
    if fields[-1] == "1PVLV-1":
        # Two parts are named, and the order's line is one of them.
        assert (screen, floor.state["line"]["id"]) == ("receive/line", "2")
        return
    assert screen == "receive/line"
    assert entered(floor) == entry("1", "3", "L-1", date_code="2245")
    assert floor.said == (ASK, "BOLT-1: Confirm when it is right.")


def test_what_a_label_says_is_received() -> None:
    floor = at_order()
    floor.scan(label(*BAG))
    assert floor.press("CONFIRM") == "receive/order"
    assert floor.said == (WAIT, "3 × BOLT-1: kept, on the way to ION.")
    (submit,) = floor.submits
    (identity,) = floor.packages
    assert (submit.operation, submit.subject) == ("receive", "order-line/1")
    assert {name: submit.arguments[name] for name in ("line_id", "quantity", "lot", "date_code", "bags")} == {
        "line_id": "1",
        "quantity": "3",
        "lot": "L-1",
        "date_code": "2245",
        "bags": [identity],
    }


@pytest.mark.parametrize(
    ("barcode", "expected"),
    [
        ("{pbn:A,on:W1,pc:C1,pm:TAPE-1,qty:2,pdi:1}", entry("3", "2")),
        ("QTY:1 PN:T-1 PO:7/2 MPN:tape-1", entry("3", "1")),
        ("]C1241BOLT-1\x1d30004\x1d10L-9", entry("1", "4", "L-9")),
        ("]C1240VLV-1\x1d21SN-9", entry("2", serials=["SN-9"])),
    ],
)
def test_other_labels_on_goods_are_taken(barcode: str, expected: dict[str, object]) -> None:
    floor = at_order()
    assert floor.scan(barcode) == "receive/line"
    assert entered(floor) == expected


def test_what_a_tenant_taught_ion_is_taken() -> None:
    floor = at_order()
    pattern = Pattern("1", "PARTS_INVENTORY", r"HAL[|](?P<part_partNumber>[^|]+)[|](?P<lotNumber>[^|]+)")
    floor.happens(Scanned(read(b"HAL|BOLT-1|L-9", None, [pattern])))
    assert entered(floor) == entry("1", lot="L-9")
    assert floor.said == (ASK, "BOLT-1: Enter the quantity.")


@pytest.mark.parametrize(
    ("fields", "subjects", "said"),
    [
        (("PNUT-1",), (), "NUT-1 is not on PO-7."),
        (("PNUT-1", "1PMN-1"), (), "NUT-1 / MN-1 is not on PO-7."),
        (("PNUT-1",), (Stock(Part("99", "NUT-1", "B")),), "NUT-1 rev B is not on PO-7."),
        (("KPO-7", "4K9"), (), "PO-7 has no line 9, and the label no part."),
        (("PNUT-1", "4K1"), (), "NUT-1 is not on PO-7."),
    ],
)
@pytest.mark.parametrize("start", [at_order, lambda order: at_line(TAPE, order)])
def test_what_is_not_on_the_order_says_so(
    start: Callable[..., Floor], fields: tuple[str, ...], subjects: tuple[Subject, ...], said: str
) -> None:
    floor = start(NUMBERED)
    before = floor.session
    floor.scan(label(*fields, "Q3", "3SBOX1"), *subjects)
    assert floor.said == (STOP, said)
    assert replace(floor.session, message=before.message) == before


def test_a_lines_number_counts_only_where_ion_tells_it() -> None:
    floor = at_order(ORDER)
    floor.scan(label("KPO-7", "4K1"))
    assert floor.said == (STOP, "PO-7 has no line 1, and the label no part.")


def test_a_label_of_the_order_alone_shows_the_order() -> None:
    floor = at_line(BOLT)
    assert floor.scan(label("KPO-7", "11K99")) == "receive/order"
    assert floor.said == (GOOD, "PO-7: 3 open. Scan a part or choose a line.")


def test_several_lines_are_offered_and_the_label_goes_with_the_choice() -> None:
    floor = at_order(TWO_BOLTS)
    assert floor.scan(label(*BAG), Stock(BOLT)) == "home/choose"
    assert floor.said == (ASK, "BOLT-1 rev C can be 2 things. Which one is it?")
    assert [option["key"] for option in floor.state["options"]] == ["order-line/1", "order-line/6"]
    assert floor.press("CHOOSE", "order-line/99") == "home/choose"
    assert floor.press("CHOOSE", "2") == "receive/line"
    assert entered(floor) == entry("6", "3", "L-1", date_code="2245")


def test_where_number_and_part_disagree_a_person_chooses() -> None:
    floor = at_order(TWO_BOLTS)
    assert floor.scan(label("KPO-7", "4K3", "PVLV-1")) == "home/choose"
    assert [option["key"] for option in floor.state["options"]] == ["order-line/3", "order-line/2"]


def test_number_and_part_together_mean_one_line() -> None:
    floor = at_order(TWO_BOLTS)
    assert floor.scan(label("KPO-7", "4K6", "PBOLT-1", "Q3")) == "receive/line"
    assert entered(floor) == entry("6", "3")


def test_a_closed_order_takes_no_label() -> None:
    floor = at_order(replace(ORDER, status="DRAFT"))
    assert floor.scan(label(*BAG)) == "receive/order"
    assert floor.said == (STOP, "PO-7 is a draft. Only an ordered one can be received.")


# What a label puts into the entry


def test_a_quantity_is_never_made_up() -> None:
    floor = at_order()
    floor.scan(label("PBOLT-1", "1TL-1"))
    assert entered(floor) == entry("1", lot="L-1")
    floor.press("CONFIRM")
    assert floor.said == (ASK, "Still missing: quantity.")
    floor.press("CANCEL")
    floor.scan(label("PBOLT-1", "1TL-1", "Q9999999"))
    assert entered(floor) == entry("1", lot="L-1")


def test_more_than_the_rest_is_asked_as_usual() -> None:
    floor = at_order()
    floor.scan(label("PBOLT-1", "1TL-1", "Q100"))
    assert floor.state["quantity"] == "100"
    assert floor.press("CONFIRM") == "receive/line"
    assert floor.said == (
        ASK,
        "100 × BOLT-1 is more than the 6 still expected. Confirm again if it is right.",
    )


def test_a_complete_line_says_so() -> None:
    floor = at_order()
    floor.scan(label("PGLUE-1", "Q1"))
    assert floor.said == (ASK, "GLUE-1: this line is complete already.")
    assert entered(floor) == entry("5", "1")


def test_a_label_fills_in_a_line_that_is_open() -> None:
    floor = at_line(BOLT)
    floor.scan(label("PBOLT-1"))
    assert (floor.said, entered(floor)) == ((ASK, "BOLT-1: Scan the lot."), entry("1", "6"))
    floor.scan(label("PBOLT-1", "1TL-1"))
    assert entered(floor) == entry("1", "6", "L-1")
    floor = at_line(BOLT)
    floor.scan(label("PBOLT-1", "Q2", "1TL-1"))
    assert entered(floor) == entry("1", "2", "L-1")


def test_what_a_person_entered_stays() -> None:
    floor = at_line(BOLT)
    floor.press("QUANTITY", "5")
    floor.scan(label("PBOLT-1", "Q3", "1TL-1"))
    assert floor.said == (ASK, "Quantity 5 stays. The label says 3.")
    assert entered(floor) == entry("1", "5", "L-1")
    floor = at_line(BOLT)
    floor.scan("LOT-9")
    floor.scan(label("PBOLT-1", "Q3", "1TL-1"))
    assert floor.said == (STOP, "The label says lot L-1, entered is LOT-9. It was not taken.")
    assert entered(floor) == entry("1", "6", "LOT-9")
    floor.scan(label("PBOLT-1", "Q3", "1TLOT-9"))
    assert entered(floor) == entry("1", "3", "LOT-9")
    floor.press("QUANTITY", "2")
    assert floor.state["quantity"] == "2"


def test_one_entry_takes_one_label() -> None:
    floor = at_order()
    floor.scan(label(*BAG))
    before = floor.state
    floor.scan(label(*BAG))
    assert floor.said == (ASK, "This label is on the screen. Confirm it, or cancel.")
    floor.scan(label("PBOLT-1", "Q3", "1TL-1", "3SBOX2"))
    assert floor.said == (ASK, "BOLT-1 is not confirmed yet. Confirm or cancel it first.")
    floor.scan(label("PTAPE-1", "Q1"))
    assert floor.said == (ASK, "TAPE-1 is another line. Confirm or cancel BOLT-1 first.")
    assert floor.state == before
    assert floor.scan("ION/RUN/77", UNIT) == "home/switch"


def test_serials_are_taken_label_by_label() -> None:
    floor = at_order()
    floor.scan(label("PVLV-1", "Q2"))
    assert entered(floor) == entry("2", "2")
    heard = []
    for serial, subjects in (("SN-7", ()), ("SN-7", ()), ("SN-1", (Stock(VALVE, (UNIT,)),)), ("SN-8", ())):
        floor.scan(label("PVLV-1", "Q1", f"S{serial}"), *subjects)
        heard.append(floor.said)
    assert heard == [
        (ASK, "Serial SN-7: 1 of 2."),
        (STOP, "Serial SN-7 is already scanned here."),
        (STOP, "Serial SN-1 of this part is already in stock, or on its way."),
        (ASK, "Serial SN-8: 2 of 2."),
    ]
    assert entered(floor) == entry("2", "2", serials=["SN-7", "SN-8"])
    floor.press("UNDO")
    floor.scan(label("PVLV-1", "Q1", "SSN-8"))
    floor.press("CONFIRM")
    assert floor.submits[0].arguments["serials"] == ["SN-7", "SN-8"]
    assert len(floor.packages) == 2


def test_a_serial_that_is_taken_does_not_open_its_line_well() -> None:
    floor = at_order()
    floor.scan(label("PVLV-1", "SSN-1"), Stock(VALVE, (UNIT,)))
    assert floor.said == (STOP, "Serial SN-1 of this part is already in stock, or on its way.")
    assert entered(floor) == entry("2")


def test_parts_with_serials_are_not_counted_in_pieces() -> None:
    floor = at_order()
    floor.scan(label("PVLV-1", "Q1.5"))
    assert entered(floor) == entry("2")


# Labels that name no part


def test_a_label_without_a_part_counts_where_a_line_is_open() -> None:
    bar_code = "1234567000000042123456"
    floor = at_order()
    assert floor.scan(bar_code) == "receive/order"
    assert floor.said == (ASK, "This label names no part. Scan the part or choose a line.")
    floor.scan("BOLT-1", Stock(BOLT))
    floor.scan(bar_code)
    assert entered(floor) == entry("1", "42")
    assert floor.scan("]C110L-1") == "receive/line"
    assert floor.said == (ASK, "BOLT-1 is not confirmed yet. Confirm or cancel it first.")


@pytest.mark.parametrize(
    ("part", "barcode", "expected"),
    [
        (BOLT, "]C110L-1", entry("1", "6", "L-1")),
        (VALVE, "]C121SN-9", entry("2", serials=["SN-9"])),
        (TAPE, "]C130002", entry("3", "2")),
    ],
)
def test_a_label_without_a_part_fills_in_what_fits(
    part: Part, barcode: str, expected: dict[str, object]
) -> None:
    floor = at_line(part)
    floor.scan(barcode)
    assert entered(floor) == expected


def test_a_label_without_a_part_that_does_not_fit_is_not_known() -> None:
    floor = at_line(TAPE)
    assert floor.scan("]C110L-1") == "home/unknown"
    floor = at_line(BOLT)
    assert floor.scan("]C121SN-9") == "home/unknown"


def test_a_pattern_that_fits_everything_takes_no_lot_away() -> None:
    anything = Pattern("1", "PARTS_INVENTORY", "(?P<serialNumber>.*)")
    floor = at_line(BOLT)
    floor.happens(Scanned(read(b"LOT-9", None, [anything])))
    assert entered(floor) == entry("1", "6", "LOT-9")
    floor = at_order()
    floor.happens(Scanned(read(b"LOT-9", None, [anything])))
    assert floor.screen == "home/unknown"
    floor.happens(Scanned(read(b"PO-8", None, [anything]), (OTHER_ORDER,)))
    assert floor.state["order"]["number"] == "PO-8"
