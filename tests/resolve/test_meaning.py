from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from kiosk.barcodes import Pattern, read
from kiosk.model import Answer, Asked, Location, Question, Stock, Subject
from kiosk.resolve import Resolution, questions, resolve
from tests.flows.floor import LOT, SHELF, TAPE, UNIT, VALVE

NOW = datetime(2026, 11, 20, 10, 3, tzinfo=UTC)
EARLIER = NOW - timedelta(hours=1)
UID = "0123456789abcdef0123456789abcdef"


@dataclass
class Known:
    """Answers what it knows, and keeps what it was asked."""

    answers: dict[Question, tuple[datetime, tuple[Subject, ...]]]
    asked: list[Sequence[Question]] = field(default_factory=list)

    def __call__(self, wanted: Sequence[Question]) -> Mapping[Question, Answer]:
        self.asked.append(wanted)
        return {
            question: Answer(question, subjects, at)
            for question, (at, subjects) in self.answers.items()
            if question in wanted
        }


def text_questions(text: str) -> tuple[Question, ...]:
    return (
        Question(Asked.PART_NUMBER, text),
        Question(Asked.SERIAL, text),
        Question(Asked.LOT, text),
        Question(Asked.ORDER_NUMBER, text),
        Question(Asked.LOCATION_NAME, text),
    )


@pytest.mark.parametrize(
    ("barcode", "asked"),
    [
        (f'{{"uid":"{UID.upper()}"}}', (Question(Asked.UID, UID),)),
        ("ION/PI/7", (Question(Asked.INVENTORY_ID, "7"),)),
        ("ion/run/7", (Question(Asked.RUN_ID, "7"),)),
        ("ION/STEP/7:s1", (Question(Asked.RUN_ID, "7"),)),
        ("ION/PO/7", (Question(Asked.ORDER_ID, "7"),)),
        ("ION/LOC/a-b", (Question(Asked.LOCATION_ID, "a-b"),)),
        ("ION/KIT/5", (Question(Asked.KIT_ID, "5"),)),
        ("ION/PROC/12", (Question(Asked.PROCEDURE_ID, "12"),)),
        ("ION/ISSUE/7", (Question(Asked.ISSUE_ID, "7"),)),
        ("ION/PART/7", (Question(Asked.PART_ID, "7"),)),
        ("BOLT-1", text_questions("BOLT-1")),
        (" BOLT 1 \r\n", text_questions(" BOLT 1 ")),
        ("ION/OP/7", ()),
        ("ION/CMD/CONFIRM", ()),
        ("ION/CMD/FROB", ()),
        ("", ()),
        ("   ", ()),
        ("x" * 9000, ()),
    ],
)
def test_what_ion_is_asked_about_a_barcode(barcode: str, asked: tuple[Question, ...]) -> None:
    assert questions(read(barcode.encode())) == asked


@pytest.mark.parametrize("barcode", ["ION/CMD/CONFIRM", "ION/OP/7", ""])
def test_nothing_is_asked_about_what_is_no_thing(barcode: str) -> None:
    known = Known({})
    assert resolve(read(barcode.encode()), known) is None
    assert known.asked == []


def test_every_hit_is_found_once_in_the_order_of_the_questions() -> None:
    part, serial, lot, order, place = text_questions("X")
    known = Known(
        {
            place: (NOW, (SHELF,)),
            lot: (NOW, (UNIT, LOT)),
            serial: (EARLIER, (UNIT,)),
            part: (NOW, (Stock(TAPE),)),
            order: (NOW, ()),
        }
    )
    assert resolve(read(b"X"), known) == Resolution((Stock(TAPE), UNIT, LOT, SHELF), EARLIER)
    assert known.asked == [(part, serial, lot, order, place)]


def test_an_answer_that_is_missing_is_not_a_no() -> None:
    part, serial, lot, order, place = text_questions("X")
    all_but_one: dict[Question, tuple[datetime, tuple[Subject, ...]]]
    all_but_one = dict.fromkeys((part, serial, lot, order), (NOW, ()))
    assert resolve(read(b"X"), Known({})) is None
    assert resolve(read(b"X"), Known(all_but_one)) is None
    assert resolve(read(b"X"), Known({**all_but_one, place: (NOW, ())})) == Resolution((), NOW)
    assert resolve(read(b"X"), Known({place: (NOW, (SHELF,))})) == Resolution((SHELF,), NOW)


def test_the_same_thing_under_two_keys_is_two() -> None:
    part, *_, place = text_questions("X")
    other = Location(SHELF.id + "0", SHELF.name)
    known = Known({place: (NOW, (SHELF, other, SHELF)), part: (NOW, ())})
    assert resolve(read(b"X"), known) == Resolution((SHELF, other), NOW)


def label(*fields: str) -> str:
    return "[)>\x1e06\x1d{}\x1e\x04".format("\x1d".join(fields))


def asked(*pairs: tuple[Asked, str]) -> tuple[Question, ...]:
    return tuple(Question(by, value) for by, value in pairs)


@pytest.mark.parametrize(
    ("barcode", "expected"),
    [
        (
            label("KPO-7", "4K2", "PBOLT-1", "1PMB-1", "Q5", "1TL-1", "SSN-1"),
            asked((Asked.ORDER_NUMBER, "PO-7"), (Asked.PART_NUMBER, "BOLT-1"), (Asked.PART_NUMBER, "MB-1")),
        ),
        (label("1PMB-1", "PMB-1"), asked((Asked.PART_NUMBER, "MB-1"))),
        (
            label("KPO-7", "1TL-1", "SSN-1"),
            asked((Asked.ORDER_NUMBER, "PO-7"), (Asked.SERIAL, "SN-1"), (Asked.LOT, "L-1")),
        ),
        (label("Q5", "9D2245"), ()),
        ("{pbn:A,on:W,pc:C1,pm:MB-1,qty:9}", asked((Asked.PART_NUMBER, "MB-1"), (Asked.PART_NUMBER, "C1"))),
        (
            "QTY:5 PN:T-1 CPO:PO-7 MPN:MB-1",
            asked((Asked.ORDER_NUMBER, "PO-7"), (Asked.PART_NUMBER, "MB-1"), (Asked.PART_NUMBER, "T-1")),
        ),
        ("]C121SN-1\x1d10L-1", asked((Asked.SERIAL, "SN-1"), (Asked.LOT, "L-1"))),
        ("]C121SN-1\x1d241BOLT-1", asked((Asked.PART_NUMBER, "BOLT-1"))),
        ("]E04006381333931", text_questions("4006381333931")),
        ("1234567000000042123456", text_questions("1234567000000042123456")),
    ],
)
def test_what_ion_is_asked_about_a_label(barcode: str, expected: tuple[Question, ...]) -> None:
    assert questions(read(barcode.encode())) == expected


SERIALS = Pattern("1", "PARTS_INVENTORY", "(?P<serialNumber>.*)")
PARTIAL = Pattern("2", "PARTS_INVENTORY", "(?P<serialNumber__prefix>.*)")
PARTS = Pattern("3", "PARTS_INVENTORY", "(?P<part_partNumber>[^|]+)[|](?P<serialNumber__suffix>[^|]+)")


def test_what_a_tenant_taught_ion_is_asked_together_with_the_rest() -> None:
    assert questions(read(b"X", None, [SERIALS, PARTIAL])) == (
        Question(Asked.SERIAL, "X"),
        *(question for question in text_questions("X") if question.by is not Asked.SERIAL),
    )
    assert questions(read(b"ION/PO/7", None, [SERIALS])) == (Question(Asked.ORDER_ID, "7"),)


def test_what_a_tenant_taught_ion_is_found_in_one_round_trip() -> None:
    part, *_ = text_questions("VLV-1")
    known = Known({part: (NOW, (Stock(VALVE, (UNIT, replace(UNIT, id="9", serial="SN-2"))),))})
    assert resolve(read(b"VLV-1|-1", None, [PARTS]), known) == Resolution((UNIT,), NOW)
    assert known.asked == [(part, *text_questions("VLV-1|-1"))]
