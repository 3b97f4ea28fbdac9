"""GS1 element strings: application identifiers and their values, joined as a scanner reports them."""

from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

import biip.gs1_prefixes
from biip import ParseError
from biip.checksums import gs1_standard_check_digit
from biip.gs1_messages import GS1Message

from printers.errors import LabelInvalid

# Which company a number was given to nobody asks here, and biip's table of all of them takes 12 MB. Let go
# at once, it leaves its place to what is imported next.
biip.gs1_prefixes._GS1_COMPANY_PREFIX_TRIE = {}  # noqa: SLF001

GS: Final = "\x1d"
"""What FNC1 becomes in a scanner's report; it ends a value of no fixed length."""

Element: TypeAlias = tuple[str, str]
"""An application identifier and its value."""

_FIXED: Final = {
    **dict.fromkeys(("00",), 18),
    **dict.fromkeys(("01", "02", "03"), 14),
    "04": 16,
    **dict.fromkeys(("11", "12", "13", "14", "15", "16", "17", "18", "19"), 6),
    "20": 2,
    **dict.fromkeys(("31", "32", "33", "34", "35", "36"), 6),
    "41": 13,
}
"""Length of the value by the identifier's first two digits: GS1 General Specifications, figure 7.8.5-2.

No identifier beginning otherwise has a length that a scanner may take for granted.
"""
_CHECKED: Final = {"00": 18, "01": 14, "02": 14, "03": 14, **{f"41{last}": 13 for last in "01234567"}}
"""Identifiers whose value ends with a check digit, and how long it is."""
# GS1 General Specifications 7.11: what any value may hold; neither brackets nor controls are among it.
_CHARACTERS: Final = frozenset(
    "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
)


def join(elements: Sequence[Element]) -> str:
    """Join elements into what a scanner reports, without a symbology identifier.

    Raises:
        LabelInvalid: A value that its identifier does not take; none can become an identifier of its own.
    """
    for identifier, value in elements:
        where = f"GS1 ({identifier})"
        if outside := [character for character in value if character not in _CHARACTERS]:
            raise LabelInvalid(f"{where} {value!r}: expected GS1's characters only, got {outside[0]!r}")
        fixed = _FIXED.get(identifier[:2])
        if fixed is not None and len(value) != fixed:
            raise LabelInvalid(f"{where} {value!r}: expected {fixed} digits, got {len(value)}")
    text = _joined(elements)
    if split(text) != tuple(elements):
        raise LabelInvalid(f"GS1 {bracketed(elements)!r}: expected other identifiers, got {text!r}")
    return text


def _joined(elements: Sequence[Element]) -> str:
    text = ""
    for place, (identifier, value) in enumerate(elements):
        is_ended = identifier[:2] in _FIXED or place == len(elements) - 1
        text += identifier + value + ("" if is_ended else GS)
    return text


def split(text: str) -> tuple[Element, ...]:
    """Split what a scanner reports into its elements, and check them.

    Args:
        text: Without a symbology identifier; GS stands after values of no fixed length and nowhere else.

    Raises:
        LabelInvalid: Not GS1: an identifier that is not known, a value it does not take, a wrong check digit.
    """
    try:
        found = GS1Message.parse(text).element_strings
    except ParseError as error:
        raise LabelInvalid(
            f"GS1 {text!r}: expected GS1 element strings (their reader says: {error})"
        ) from error
    elements = tuple((one.ai.ai, one.value) for one in found)
    if _joined(elements) != text:
        raise LabelInvalid(f"GS1 {text!r}: expected {_joined(elements)!r}")
    for identifier, value in elements:
        if identifier in _CHECKED and not has_check_digit(value, _CHECKED[identifier]):
            raise LabelInvalid(
                f"GS1 ({identifier}) {value!r}: "
                f"expected {_CHECKED[identifier]} digits of which the last checks the others"
            )
    return elements


def has_check_digit(digits: str, length: int) -> bool:
    """Tell whether these are so many digits and the last one is right (GS1 General Specifications 7.9.1)."""
    if len(digits) != length or not (digits.isascii() and digits.isdigit()):
        return False
    return gs1_standard_check_digit(digits[:-1]) == int(digits[-1])


def bracketed(elements: Iterable[Element], brackets: str = "()") -> str:
    """Write elements with their identifiers in brackets, as people read them."""
    return "".join(f"{brackets[0]}{identifier}{brackets[1]}{value}" for identifier, value in elements)
