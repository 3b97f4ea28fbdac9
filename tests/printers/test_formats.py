from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printers import LabelInvalid
from printers.formats import parse_format


@pytest.mark.parametrize(
    ("pattern", "given", "written"),
    [
        ("0", "250", "250"),
        ("0", "250.0", "250"),
        ("0", "2.75", "2.75"),
        ("0.00", "2.5", "2.50"),
        ("0.00", "2.123", "2.123"),
        ("#,##0", "1234567", "1,234,567"),
        ("#,##0.00", "-1234.5", "-1,234.50"),
        ("#.##0,00", "1234.5", "1.234,50"),
        ("#\u202f##0", "12345", "12\u202f345"),
        ("#'##0", "0001234", "1'234"),
        ("0", "+5", "5"),
        ("0", "-0", "0"),
        ("0", "007", "7"),
        ("0.0", "1e5", "1e5"),
        ("0", "five", "five"),
        ("0", "\u0665", "\u0665"),
        ("0", "", ""),
        ("0", "1,5", "1,5"),
        ("YYYY-MM-DD", "2025-12-31", "2025-12-31"),
        ("DD MMM YYYY", "2025-03-01", "01 Mar 2025"),
        ("DD.MM.YY HH:mm", "2025-12-31T08:05:59Z", "31.12.25 08:05"),
        ("DD.MM.YY HH:mm", "2025-12-31 23:05+02:00", "31.12.25 23:05"),
        ("YYWW", "2027-01-01", "2653"),
        ("YY", "2027-01-01", "27"),
        ("YYYY", "31.12.2025", "31.12.2025"),
        ("YYYY", "2025-13-31", "2025-13-31"),
        ("YYYY", "2025-12-31 and more", "2025-12-31 and more"),
        ("YYYY", "V-3", "V-3"),
    ],
)
def test_values_are_written_as_asked(pattern: str, given: str, written: str) -> None:
    assert parse_format(pattern).write(given) == written


@pytest.mark.parametrize(
    "pattern", ["", "0.", "#,##0,00", "#.##0.0", "00", "DD/mmm", "yyyy", "-", "0 kg", "%d"]
)
def test_other_patterns_are_refused(pattern: str) -> None:
    with pytest.raises(LabelInvalid) as caught:
        parse_format(pattern)
    assert str(caught.value) == (
        f"format {pattern!r}: expected a number's such as '#,##0.00' or a date's such as 'DD MMM YYYY'"
    )


@given(st.decimals(-(10**12), 10**12, places=6))
def test_no_number_becomes_another(number: Decimal) -> None:
    text = f"{number:f}"
    for pattern in ("0", "#,##0", "0.000", "#,##0.00"):
        assert Decimal(parse_format(pattern).write(text).replace(",", "")) == number


@given(st.dates(min_value=date(1000, 1, 1)))
def test_dates_can_be_read_again(day: date) -> None:
    assert parse_format("YYYY-MM-DD").write(day.isoformat()) == day.isoformat()
    assert parse_format("YYYY/WW").write(day.isoformat()) == "{:04d}/{:02d}".format(*day.isocalendar()[:2])


@given(st.text())
def test_any_text_is_written(text: str) -> None:
    for pattern in ("#,##0.00", "DD MMM YYYY"):
        parse_format(pattern).write(text)
