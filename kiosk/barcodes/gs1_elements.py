"""GS1 element strings: application identifier and value, one after the other.

The identifiers and their formats are biip's table. The cutting is done here: an identifier of variable
length ends at a GS or at the end, and its whole value has to fit. Nothing of biip is imported before it is
needed, since that takes a fifth of a second, and more on a small machine.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from kiosk.barcodes.envelope import GS
from kiosk.barcodes.gs1_content import fault_in, is_printable_gs1
from kiosk.barcodes.payload import quoted

if TYPE_CHECKING:
    from biip.gs1_application_identifiers import GS1ApplicationIdentifier

Elements: TypeAlias = tuple[tuple[str, str], ...]
"""Application identifier and value, in the order of the barcode."""

_LENGTHS = re.compile(r"[NXYZ](?:\.\.)?([0-9]+)")
_DATES = frozenset({"11", "12", "13", "15", "16", "17"})
_DATE_LENGTH = 8


class NotGs1(Exception):
    """The text is not a sequence of element strings; the text of the error says why."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """An application identifier and what its value looks like."""

    ai: str
    is_fixed: bool
    """Its length is predefined: the next identifier follows without a separator."""
    length: int
    """Of the value; the greatest possible one where it is variable."""
    pattern: re.Pattern[str]


def warm_up() -> None:
    """Load the table of identifiers, so that the first scan does not wait for it; may run in any thread."""
    identifier_of("0100")


def elements_of(text: str) -> Elements:
    """Return the element strings of a message.

    Separators between elements are allowed wherever they stand, as scanners send them after identifiers of
    predefined length too.

    Raises:
        NotGs1: the whole text is not made of known identifiers with fitting values.
    """
    elements: list[tuple[str, str]] = []
    rest = text.lstrip(GS)
    while rest:
        identifier = identifier_of(rest)
        start = len(identifier.ai)
        end = start + identifier.length if identifier.is_fixed else rest.find(GS)
        value = rest[start : end if end >= 0 else len(rest)]
        elements.append(element(identifier, value))
        rest = rest[start + len(value) :].lstrip(GS)
    if not elements:
        raise NotGs1("holds no element strings")
    return tuple(elements)


def element(identifier: Identifier, value: str) -> tuple[str, str]:
    """Return one element string.

    Raises:
        NotGs1: the value does not fit.
    """
    # The length first: patterns of percent-encoded texts take exponential time on what is too long.
    fits = len(value) <= identifier.length and is_printable_gs1(value)
    if not fits or identifier.pattern.fullmatch(identifier.ai + value) is None:
        raise NotGs1(f"AI ({identifier.ai}) has the value {quoted(value)}, which does not fit its format")
    fault = fault_in(identifier.ai, value)
    if fault:
        raise NotGs1(f"AI ({identifier.ai}) has the value {quoted(value)}: {fault}")
    return identifier.ai, value


def identifier_of(text: str) -> Identifier:
    """Return the identifier with which the text begins.

    Raises:
        NotGs1: it begins with none.
    """
    return _identifier(text[:4])


def swallowed_date(value: str) -> str | None:
    """Return where a value may have swallowed the next identifiers because a separator was lost.

    Returns:
        The part of the value that reads as a date and whatever follows it, ``None`` where there is none.
    """
    for start in range(1, len(value) - _DATE_LENGTH + 1):
        if value[start : start + 2] in _DATES:
            try:
                elements_of(value[start:])
            except NotGs1:
                continue
            return value[start:]
    return None


@lru_cache(maxsize=20_000)
def _identifier(first_four: str) -> Identifier:
    from biip import ParseError  # noqa: PLC0415 - see the module's docstring
    from biip.gs1_application_identifiers import GS1ApplicationIdentifier  # noqa: PLC0415

    try:
        found = GS1ApplicationIdentifier.extract(first_four)
    except ParseError as error:
        raise NotGs1(f"{quoted(first_four)} is no application identifier") from error
    return Identifier(
        found.ai, not found.separator_required, _greatest_length(found), re.compile(found.pattern)
    )


def _greatest_length(found: "GS1ApplicationIdentifier") -> int:
    _, _, of_the_value = found.format.partition("+")
    return sum(int(digits) for digits in _LENGTHS.findall(of_the_value)) + ("[-]" in of_the_value)
