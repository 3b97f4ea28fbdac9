from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from kiosk.barcodes import read
from kiosk.model import Answer, Asked, Location, Question, Stock, Subject
from kiosk.resolve import Resolution, questions, resolve
from tests.flows.floor import LOT, SHELF, TAPE, UNIT

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
        ("ION/PO/7", (Question(Asked.ORDER_ID, "7"),)),
        ("ION/LOC/a-b", (Question(Asked.LOCATION_ID, "a-b"),)),
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
