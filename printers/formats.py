"""How a design has dates and numbers written: `DD MMM YYYY`, `#,##0.00`."""

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, TypeAlias

from printers.errors import LabelInvalid

_NUMBER_PATTERN: Final = re.compile(
    r"(?:#(?P<group>[,. '\u202f])##)?0(?:(?P<point>[.,])(?P<decimals>0+))?", re.ASCII
)
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_DATE: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
_DATE_PIECE: Final = re.compile(r"YYYY|YY|MMM|MM|DD|WW|HH|mm|[^A-Za-z]+")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """Groups thousands and fills decimals up. It never rounds: a label does not say another quantity."""

    group: str
    point: str
    decimals: int
    """At least so many; those that the value has beyond them stay."""

    def write(self, text: str) -> str:
        """Write a number; a text that is none stays as it is."""
        if not _NUMBER.fullmatch(text):
            return text
        sign, digits, exponent = Decimal(text).normalize().as_tuple()
        places = max(0, -exponent) if isinstance(exponent, int) else 0
        number = f"{Decimal(text):,.{max(places, self.decimals)}f}"
        whole, _, decimals = number.lstrip("+-").partition(".")
        minus = "-" if sign and any(digits) else ""
        point = self.point if decimals else ""
        return minus + whole.replace(",", self.group) + point + decimals


@dataclass(frozen=True, slots=True)
class DateFormat:
    """Writes an ISO 8601 date or moment, in the zone it is given in."""

    pieces: tuple[str, ...]

    def write(self, text: str) -> str:
        """Write a date; a text that is none stays as it is."""
        if not _DATE.fullmatch(text):
            return text
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return text
        week = moment.isocalendar()
        # Beside a week number the year is the one that the week belongs to.
        year = week.year if "WW" in self.pieces else moment.year
        values = {
            "YYYY": f"{year:04d}",
            "YY": f"{year % 100:02d}",
            "MMM": _MONTHS[moment.month - 1],
            "MM": f"{moment.month:02d}",
            "DD": f"{moment.day:02d}",
            "WW": f"{week.week:02d}",
            "HH": f"{moment.hour:02d}",
            "mm": f"{moment.minute:02d}",
        }
        return "".join(values.get(piece, piece) for piece in self.pieces)


Format: TypeAlias = NumberFormat | DateFormat


def parse_format(source: str) -> Format:
    """Read how a value is to be written.

    Args:
        source: For numbers `#,##0.00`: thousands grouped by the first sign, at least as many decimals as
            there are zeros behind the second; both signs can be left out. For dates YYYY, YY, MM, MMM, DD,
            WW (ISO week), HH, mm and anything between them that is no letter.

    Raises:
        LabelInvalid: Neither of both.
    """
    number = _NUMBER_PATTERN.fullmatch(source)
    if number is not None and number["group"] != (number["point"] or ""):
        group = number["group"] or ""
        point = number["point"] or ("," if group == "." else ".")
        return NumberFormat(group, point, len(number["decimals"] or ""))
    pieces = tuple(_DATE_PIECE.findall(source))
    if "".join(pieces) != source or not any(piece.isalpha() for piece in pieces):
        raise LabelInvalid(
            f"format {source!r}: expected a number's such as '#,##0.00' or a date's such as 'DD MMM YYYY'"
        )
    return DateFormat(pieces)
