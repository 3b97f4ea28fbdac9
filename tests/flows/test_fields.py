from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.flows.fields import (
    INPUTS,
    is_filled,
    is_within,
    number_of,
    range_words,
    time_of,
    value_told,
    value_words,
)
from kiosk.language.catalogue import read_catalogue
from kiosk.language.language import CATALOGUES, Language
from kiosk.model import FieldKind, Json, StepField

NOW = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
BERLIN = timezone(timedelta(hours=1))
TORQUE = StepField("1", "Torque", FieldKind.NUMBER, unit="N.m", least=Decimal(3), most=Decimal("6.50"))


def field(kind: FieldKind, unit: str = "") -> StepField:
    return StepField("1", "Field", kind, unit=unit)


def test_every_kind_of_field_has_its_input() -> None:
    assert set(INPUTS) == set(FieldKind)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, False),
        ("", False),
        ([], False),
        ((), False),
        (0, True),
        (False, True),
        ("x", True),
        (["a"], True),
    ],
)
def test_no_and_zero_are_answers(value: Json, *, expected: bool) -> None:
    assert is_filled(value) is expected


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("6.2", Decimal("6.2")),
        ("-40", Decimal(-40)),
        ("0", Decimal(0)),
        ("007", Decimal(7)),
        ("6,2", None),
        ("1e3", None),
        ("٣", None),
        ("NaN", None),
        ("--1", None),
        ("1.", None),
        (".5", None),
        ("", None),
        ("9" * 13, None),
        ("5\n", None),
    ],
)
def test_a_number_is_plain_digits(text: str, number: Decimal | None) -> None:
    assert number_of(text) == number


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-20T14:30:05+00:00", datetime(2026, 11, 20, 14, 30, 5, tzinfo=UTC)),
        ("2026-11-20T14:30:05Z", datetime(2026, 11, 20, 14, 30, 5, tzinfo=UTC)),
        ("2026-11-20T14:30", datetime(2026, 11, 20, 13, 30, tzinfo=UTC)),
        ("202611201430", datetime(2026, 11, 20, 13, 30, tzinfo=UTC)),
        ("20261120", datetime(2026, 11, 19, 23, 0, tzinfo=UTC)),
        # Half past midnight on the wall: the day is the wall's, not Greenwich's.
        ("0015", datetime(2026, 11, 20, 23, 15, tzinfo=UTC)),
        ("2430", None),
        ("20261320", None),
        ("12345", None),
        ("yesterday", None),
        ("", None),
        ("00010101", None),
    ],
)
def test_a_time_is_read_by_the_clock_on_the_wall(text: str, moment: datetime | None) -> None:
    assert time_of(text, NOW, BERLIN) == moment


@given(st.text())
def test_no_text_breaks_a_number_or_a_time(text: str) -> None:
    assert number_of(text) is None or Decimal(text) == number_of(text)
    moment = time_of(text, NOW, BERLIN)
    assert moment is None or moment.tzinfo is UTC


@pytest.mark.parametrize(
    ("number", "expected"), [("3", True), ("6.5", True), ("2.9", False), ("6.51", False), ("-3", False)]
)
def test_the_ends_of_a_range_belong_to_it(number: str, *, expected: bool) -> None:
    assert is_within(TORQUE, Decimal(number)) is expected
    assert is_within(field(FieldKind.NUMBER), Decimal(number))


@pytest.mark.parametrize(
    ("least", "most", "words"),
    [
        (Decimal(3), Decimal("6.50"), "3 – 6.5 N.m"),
        (Decimal(0), Decimal(0), "0 – 0 N.m"),
        (Decimal(-40), None, "-40 N.m or more"),
        (None, Decimal("1E+2"), "100 N.m or less"),
        (None, None, ""),
    ],
)
def test_a_range_is_said(least: Decimal | None, most: Decimal | None, words: str) -> None:
    limits = StepField("1", "Torque", FieldKind.NUMBER, unit="N.m", least=least, most=most)
    assert range_words(limits) == words


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        (FieldKind.STRING, "LOT-1", "LOT-1"),
        (FieldKind.STRING, None, ""),
        (FieldKind.STRING, "", ""),
        (FieldKind.NUMBER, 6.2, "6.2 N.m"),
        (FieldKind.NUMBER, "6.20", "6.20 N.m"),
        (FieldKind.BOOLEAN, True, "yes"),
        (FieldKind.BOOLEAN, False, "no"),
        (FieldKind.SELECT, "Accept", "Accept"),
        (FieldKind.MULTISELECT, ["A", "B"], "A, B"),
        (FieldKind.DATETIME, "2026-11-20T13:30:00+00:00", "2026-11-20 14:30"),
        (FieldKind.DATETIME, "2026-11-20T13:30:00", "2026-11-20 14:30"),
        (FieldKind.DATETIME, "soon", "soon"),
        (FieldKind.SIGNOFF, True, "signed"),
        (FieldKind.SIGNOFF, "Ada", "Ada"),
        (FieldKind.FILE_ATTACHMENT, "4242", "attached"),
    ],
)
def test_a_value_is_said(kind: FieldKind, value: Json, words: str) -> None:
    assert value_words(field(kind, "N.m"), value, BERLIN) == words


@pytest.mark.parametrize(
    ("kind", "value", "german"),
    [
        (FieldKind.NUMBER, "1234.5", "1.234,5 N.m"),
        (FieldKind.BOOLEAN, True, "ja"),
        (FieldKind.SIGNOFF, True, "unterschrieben"),
        (FieldKind.SIGNOFF, "signed", "signed"),
        (FieldKind.STRING, "yes", "yes"),
        (FieldKind.FILE_ATTACHMENT, "4242", "angehängt"),
        (FieldKind.DATETIME, "2026-11-20T13:30:00+00:00", "2:30 PM"),
        (FieldKind.DATETIME, "soon", "soon"),
        (FieldKind.DATETIME, None, ""),
    ],
)
def test_a_value_that_was_entered_is_said_in_any_language(kind: FieldKind, value: Json, german: str) -> None:
    catalogue = read_catalogue(CATALOGUES / "de.po")
    spoken = Language("de", catalogue, clock=lambda: NOW.replace(hour=15).astimezone(BERLIN), hours="12")
    said = value_told(kind, value, "N.m")
    assert spoken.message("{done}: {value}. All is filled in.", {"done": "It", "value": said}) == (
        f"It: {german}. Alles ist ausgefüllt."
    )
