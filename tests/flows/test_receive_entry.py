from dataclasses import replace
from decimal import Decimal
from itertools import permutations

import pytest

from kiosk.model import Inventory, Level, Location, Part, Stock, Subject, Submit
from tests.flows.floor import (
    BOLT,
    ORDER,
    OTHER_ORDER,
    RUN,
    SHELF,
    TAPE,
    UNIT,
    VALVE,
    Floor,
    at_line,
    at_order,
    with_line,
)

ASK, STOP, GOOD, WAIT = Level.ASK, Level.STOP, Level.GOOD, Level.WAIT


@pytest.mark.parametrize("scans", list(permutations(["ION/CMD/QUANTITY/5", "LOT-9", "Shelf 2"])))
def test_a_lot_is_received_in_any_order(scans: tuple[str, ...]) -> None:
    floor = at_line(BOLT)
    meanings: dict[str, tuple[Location, ...]] = {"Shelf 2": (SHELF,)}
    for text in scans:
        assert floor.scan(text, *meanings.get(text, ())) == "receive/line"
    assert floor.scan("ION/CMD/CONFIRM") == "receive/order"
    assert floor.said == (WAIT, "5 × BOLT-1: kept, on the way to ION.")
    assert floor.effects == [
        Submit(
            "receive",
            "order-line/1",
            "order/42",
            {
                "order_id": "42",
                "line_id": "1",
                "part_id": "11",
                "part_number": "BOLT-1",
                "title": "BOLT-1",
                "quantity": "5",
                "lot": "LOT-9",
                "serials": [],
                "location_id": "4",
                "received_before": "4",
                "date_code": None,
                "order_number": "PO-7",
                "line_number": "",
                "supplier": "Bolts & Sons",
                "received_on": "2026-11-20",
                "bags": [],
            },
        )
    ]
    assert floor.line(1) == {
        "ordered": "10",
        "received": "4",
        "remaining": "1",
        "queued": "5",
        "is_open": True,
    }
    assert floor.state["location"]["name"] == "Shelf 2"
    assert "lot" not in floor.state


def test_confirm_twice_makes_one_operation() -> None:
    floor = at_line(TAPE)
    floor.press("CONFIRM")
    floor.press("CONFIRM")
    assert len(floor.submits) == 1


def test_what_is_missing_is_said() -> None:
    floor = at_line(BOLT)
    floor.press("CONFIRM")
    assert floor.said == (ASK, "Still missing: lot.")
    floor = Floor()
    floor.place = replace(floor.place, location=None)
    floor.scan("PO-7", ORDER)
    floor.scan("VLV-1", Stock(VALVE))
    floor.press("CONFIRM")
    assert floor.said == (ASK, "Still missing: serial, location.")
    floor.scan("SN-7")
    floor.press("CANCEL")
    floor.scan("TAPE-1", Stock(TAPE))
    assert floor.said == (ASK, "TAPE-1: Scan a location.")
    assert floor.effects == []


NO_QUANTITY = "{} is no quantity. Enter a number above zero, such as 5 or 2.5."
NOT_ZERO = "The quantity must be more than zero, not {}."
TOO_MUCH = "{} is more than a line can take."


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (None, NO_QUANTITY.format("Nothing")),
        ("", NO_QUANTITY.format("Nothing")),
        *(
            (text, NO_QUANTITY.format(text))
            for text in (
                "-1",
                "+-1",
                "++1",
                "five",
                "NaN",
                "sNaN",
                "+sNaN",
                "inf",
                "1e999",
                "+9e99999999",
                "1e3",
                "1_0",
                " 5",
                "5\n",
                "\u0665",
                "\u00b2",
                "0x5",
                "1,5",
                ".5",
                "5.",
                "1.0000001",
                "{quantity}",
            )
        ),
        *((text, NOT_ZERO.format(text)) for text in ("0", "+0", "0.000", "000")),
        *((text, TOO_MUCH.format(text)) for text in ("1000001", "+999999", "999999999999", "1000000.000001")),
        ("9" * 30, NO_QUANTITY.format("9" * 20 + "…")),
    ],
)
def test_what_is_no_quantity_is_a_sentence(given: str | None, said: str) -> None:
    floor = at_line(BOLT)
    before = floor.state
    assert floor.press("QUANTITY", given) == "receive/line"
    assert floor.said == (STOP, said)
    assert floor.state == before


@pytest.mark.parametrize(
    ("given", "quantity"),
    [("5", "5"), ("+1", "7"), ("2.50", "2.5"), ("007", "7"), ("+0.5", "6.5"), ("1000000", "1000000")],
)
def test_quantities_are_set_and_added_to(given: str, quantity: str) -> None:
    floor = at_line(BOLT)
    floor.press("QUANTITY", given)
    assert floor.said == (ASK, f"Quantity {quantity}.")
    assert floor.state["quantity"] == quantity


def test_a_line_takes_as_much_as_was_ordered() -> None:
    floor = at_line(TAPE, with_line(3, ordered=Decimal(5_000_000)))
    floor.press("QUANTITY", "4999999")
    assert floor.state["quantity"] == "4999999"


def test_serials_are_counted_one_scan_a_unit() -> None:
    floor = at_line(VALVE)
    assert (floor.said, floor.state["quantity"]) == ((ASK, "VLV-1: Scan a serial."), None)
    heard = []
    for event in (
        ("SN-7",),
        ("SN-7",),
        ("SN-1", UNIT),
        ("SN-1", replace(UNIT, part=TAPE)),
        ("ION/CMD/QUANTITY/3",),
        ("SN-8",),
    ):
        floor.scan(*event)
        heard.append(floor.said)
    assert heard == [
        (ASK, "Serial SN-7: 1 scanned."),
        (STOP, "Serial SN-7 is already scanned here."),
        (STOP, "Serial SN-1 of this part is already in stock, or on its way."),
        (ASK, "Serial SN-1: 2 scanned."),
        (ASK, "Quantity 3."),
        (ASK, "Serial SN-8: 3 of 3."),
    ]
    floor.press("CONFIRM")
    assert (floor.submits[0].arguments["serials"], floor.submits[0].arguments["quantity"]) == (
        ["SN-7", "SN-1", "SN-8"],
        "3",
    )


def test_a_serial_that_is_on_its_way_is_not_received_again() -> None:
    floor = at_line(VALVE)
    floor.scan("SN-7")
    floor.press("CONFIRM")
    floor.scan("VLV-1", Stock(VALVE))
    floor.scan("SN-7", is_offline=True)
    assert floor.said == (STOP, "Serial SN-7 of this part is already in stock, or on its way.")
    assert floor.state["serials"] == []


def test_fewer_serials_than_said_are_not_confirmed() -> None:
    floor = at_line(VALVE)
    floor.press("QUANTITY", "2")
    floor.scan("SN-7")
    floor.press("CONFIRM")
    assert floor.said == (ASK, "1 of 2 serials are scanned.")
    floor.press("QUANTITY", "1.5")
    assert floor.said == (STOP, "1.5: parts with serials are counted one by one.")
    assert floor.effects == []


def test_a_serial_is_taken_back() -> None:
    floor = at_line(VALVE)
    floor.press("UNDO")
    assert floor.said == (ASK, "There is no serial to take back.")
    floor.scan("SN-7")
    floor.press("UNDO")
    assert floor.said == (ASK, "Serial SN-7 taken back.")
    assert floor.state["serials"] == []


@pytest.mark.parametrize("part", [BOLT, VALVE])
def test_text_that_is_too_long_is_neither_lot_nor_serial(part: Part) -> None:
    floor = at_line(part)
    floor.scan("L" * 81)
    assert floor.said == (STOP, f"{'L' * 20}… is too long for a lot or serial.")
    assert (floor.state["lot"], floor.state["serials"]) == (None, [])


def test_a_lot_that_is_in_stock_already_is_a_lot() -> None:
    floor = at_line(BOLT)
    floor.scan("LOT-A", Inventory("502", BOLT, Decimal(1), "AVAILABLE", lot="LOT-A"))
    assert floor.said == (ASK, "Lot LOT-A.")
    assert floor.state["lot"] == "LOT-A"


def test_text_means_nothing_to_a_part_without_lots() -> None:
    floor = at_line(TAPE)
    assert floor.scan("LOT-9") == "home/unknown"
    assert floor.press("BACK") == "receive/line"


def test_the_lines_own_part_again_says_what_is_next() -> None:
    floor = at_line(BOLT)
    assert floor.scan("BOLT-1", Stock(BOLT)) == "receive/line"
    assert floor.said == (ASK, "BOLT-1: Scan the lot.")
    assert floor.state["lot"] is None


def test_another_part_opens_its_line_until_something_is_entered() -> None:
    floor = at_line(BOLT)
    floor.scan("TAPE-1", Stock(TAPE))
    assert floor.state["line"]["id"] == "3"
    floor.press("QUANTITY", "2")
    floor.scan("BOLT-1", Stock(BOLT))
    assert floor.said == (ASK, "BOLT-1 is another line. Confirm or cancel TAPE-1 first.")
    assert (floor.state["line"]["id"], floor.state["quantity"]) == ("3", "2")


@pytest.mark.parametrize("verb", ["CANCEL", "BACK"])
def test_cancel_goes_back_to_the_order(verb: str) -> None:
    floor = at_order()
    floor.scan("Shelf 2", SHELF)
    assert floor.said == (GOOD, "Stock goes to Shelf 2.")
    before = floor.state
    floor.scan("BOLT-1", Stock(BOLT))
    floor.scan("LOT-9")
    assert floor.press(verb) == "receive/order"
    assert floor.said == (ASK, "Nothing was received. Scan a part or choose a line.")
    assert floor.state == before
    assert floor.press(verb) == "home/idle"


def test_more_than_expected_is_asked_once_by_name_and_anew_when_it_changes() -> None:
    floor = at_line(TAPE)
    floor.press("QUANTITY", "3")
    question = (ASK, "3 × TAPE-1 is more than the 2.5 still expected. Confirm again if it is right.")
    floor.press("CONFIRM")
    assert (floor.said, floor.state["is_over"], floor.effects) == (question, True, [])
    floor.press("QUANTITY", "3")
    assert floor.state["is_over"] is False
    floor.press("CONFIRM")
    assert (floor.said, floor.effects) == (question, [])
    assert floor.press("CONFIRM") == "receive/order"
    assert [effect.arguments["quantity"] for effect in floor.submits] == ["3"]


def test_the_question_counts_serials_too() -> None:
    floor = at_line(VALVE)
    for serial in "abcd":
        floor.scan(serial)
    floor.press("CONFIRM")
    assert floor.state["is_over"] is True
    floor.press("UNDO")
    floor.scan("d")
    assert floor.state["is_over"] is False


def test_agreeing_to_more_holds_for_the_figures_that_were_shown() -> None:
    floor = at_line(TAPE)
    floor.press("QUANTITY", "3")
    floor.press("CONFIRM")
    floor.hears(ORDER)
    assert floor.state["is_over"] is True
    floor.hears(with_line(3, received=Decimal(1)))
    assert floor.state["is_over"] is False
    floor.press("CONFIRM")
    assert floor.said == (
        ASK,
        "3 × TAPE-1 is more than the 1.5 still expected. Confirm again if it is right.",
    )


def test_what_another_station_received_meanwhile_is_counted_at_the_last_moment() -> None:
    floor, other = at_line(TAPE), at_line(TAPE)
    other.press("CONFIRM")
    floor.place = replace(floor.place, outstanding=other.place.outstanding)
    floor.press("CONFIRM")
    assert floor.said == (
        ASK,
        "2.5 × TAPE-1 is more than the 0 still expected. Confirm again if it is right.",
    )
    assert floor.effects == []


@pytest.mark.parametrize("subject", [OTHER_ORDER, RUN, UNIT])
def test_leaving_what_is_entered_is_asked(subject: Subject) -> None:
    floor = at_line(BOLT)
    floor.scan("LOT-9")
    floor.scan("Shelf 2", SHELF)
    before = floor.session
    reference = {"order": "PO-8", "run": "ION/RUN/77", "inventory": "ION/PI/501"}[subject.kind]
    assert floor.scan(reference, subject) == "home/switch"
    assert floor.state["entered"] == "6 × BOLT-1, lot LOT-9, to Shelf 2"
    for verb in ("BACK", "CANCEL"):
        floor.scan(reference, subject)
        assert floor.press(verb) == "receive/line"
        assert floor.session == before
    floor.scan(reference, subject)
    floor.press("CONFIRM")
    screens = {"order": "receive/order", "run": "run/run", "inventory": "lookup/inventory"}
    assert floor.screen == screens[subject.kind]
    assert floor.effects == []


@pytest.mark.parametrize("enter", [("SN-9",), ("ION/CMD/QUANTITY/2",), ("Shelf 2", Location("4", "Shelf 2"))])
def test_whatever_is_entered_is_asked_about(enter: tuple[str, *tuple[Subject, ...]]) -> None:
    floor = at_line(VALVE)
    floor.scan(*enter)
    assert floor.scan("ION/RUN/77", RUN) == "home/switch"


def test_nothing_entered_is_left_unasked() -> None:
    floor = at_line(BOLT)
    assert floor.scan("ION/RUN/77", RUN) == "run/run"
