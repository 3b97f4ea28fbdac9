import pytest
from hypothesis import given
from hypothesis import strategies as st

from printers import LabelInvalid
from printers.gs1 import Element, bracketed, has_check_digit, join, split
from tests.printers.symbols.drawing import ELEMENTS, GTIN14


@given(ELEMENTS)
def test_what_is_joined_splits_into_the_same(elements: list[Element]) -> None:
    assert split(join(elements)) == tuple(elements)


@pytest.mark.parametrize(
    ("elements", "text"),
    [
        ([("01", "04012345678901"), ("10", "AB"), ("21", "1")], "010401234567890110AB\x1d211"),
        ([("10", "AB")], "10AB"),
        (
            [("3102", "001250"), ("17", "251231"), ("8005", "000199"), ("30", "5")],
            "3102001250172512318005000199\x1d305",
        ),
    ],
)
def test_only_values_without_a_fixed_length_are_ended(elements: list[Element], text: str) -> None:
    assert join(elements) == text


@pytest.mark.parametrize(
    ("elements", "message"),
    [
        ([("10", "A\x1d21B")], r"^GS1 \(10\) 'A\\x1d21B': expected GS1's characters only, got '\\x1d'$"),
        ([("10", "caf\u00e9")], r"^GS1 \(10\) .*: expected GS1's characters only, got "),
        ([("01", "0401234567890110X")], r"^GS1 \(01\) '0401234567890110X': expected 14 digits, got 17$"),
        ([("01", "04012345678902")], r"^GS1 \(01\) '04012345678902': expected 14 digits of which the last"),
        ([("17", "251331")], r"^GS1 '17251331': expected GS1 element strings [(]"),
        ([("10", "A" * 21)], r"^GS1 .*: expected "),
        ([("30", "123456789")], r"^GS1 .*: expected "),
        ([("9", "1")], r"^GS1 .*: expected "),
        ([("21", ""), ("10", "A")], r"^GS1 .*: expected "),
    ],
)
def test_no_value_becomes_an_identifier(elements: list[Element], message: str) -> None:
    with pytest.raises(LabelInvalid, match=message):
        join(elements)


@given(GTIN14, st.integers(1, 9))
def test_check_digits(gtin: str, off: int) -> None:
    assert has_check_digit(gtin, 14)
    assert not has_check_digit(gtin, 13)
    assert not has_check_digit(gtin[:-1] + str((int(gtin[-1]) + off) % 10), 14)


def test_brackets() -> None:
    assert bracketed([("01", "04012345678901"), ("10", "A(B")]) == "(01)04012345678901(10)A(B"
