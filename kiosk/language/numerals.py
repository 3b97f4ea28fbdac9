"""How numbers and times read in each language, by Unicode's CLDR, and how a typed number is understood.

``cldr.json`` is taken out of Babel's copy of CLDR by ``.ci/words``: Babel itself costs 8 MB of memory, these
lines none.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date as Date  # noqa: N812 - a field is called so
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

_CLDR: Final = Path(__file__).parent / "cldr.json"
_NUMBER: Final = re.compile(r"(-?)([0-9]+)(\.[0-9]+)?")
_TYPED: Final = re.compile(r"\s*([+-]?[0-9]+),([0-9]+)\s*")
_FIELD: Final = re.compile(r"'([^']*)'|y+|M+|d+|H+|h+|m+|a")
_NOON: Final = 12
_GROUP: Final = 3


@dataclass(frozen=True, slots=True)
class Numerals:
    """What CLDR says of a language."""

    decimal: str
    group: str
    least_grouped: int
    """Digits before the first separator of thousands, at least: Spanish writes *1234*, but *12.345*."""
    months: tuple[str, ...]
    day: str
    """The pattern of a day of this year, such as ``d. MMM``."""
    date: str
    """The pattern of a whole date."""
    time: str
    """The pattern of a time of day, such as ``h:mm a``: English is that of the United States."""
    hours: Mapping[str, str]
    """The pattern by a clock of ``12`` hours, and of ``24``."""
    halves: tuple[str, str]
    """How the hours before noon and those after it are called."""

    def number(self, text: str) -> str:
        """Return a decimal number as a person reads it; what is none stays as it is."""
        found = _NUMBER.fullmatch(text)
        if found is None:
            return text
        sign, whole, fraction = found.groups("")
        if len(whole) >= _GROUP + self.least_grouped:
            head = len(whole) % _GROUP or _GROUP
            groups = [whole[:head], *(whole[at : at + _GROUP] for at in range(head, len(whole), _GROUP))]
            whole = self.group.join(groups)
        return f"{sign}{whole}{self.decimal if fraction else ''}{fraction[1:]}"

    def on_day(self, day: Date, *, with_year: bool = False) -> str:
        """Return a day as a person reads it."""
        month = self.months[day.month - 1]
        return _filled(self.date if with_year else self.day, y=day.year, M=day.month, MMM=month, d=day.day)

    def clock(self, moment: datetime) -> str:
        """Return the time of day as the clock on the wall has it."""
        half = self.halves[moment.hour >= _NOON]
        return _filled(self.time, H=moment.hour, h=moment.hour % _NOON or _NOON, m=moment.minute, a=half)


def _filled(pattern: str, **fields: int | str) -> str:
    """Return a pattern of CLDR's with its fields filled in: *mm* has two digits, *m* as many as it needs."""

    def field(match: re.Match[str]) -> str:
        what = match[0]
        if what.startswith("'"):
            return match[1]
        value = fields[what] if what in fields else fields[what[0]]
        return value if isinstance(value, str) else str(value).zfill(len(what))

    return _FIELD.sub(field, pattern)


@cache
def _all() -> Mapping[str, Numerals]:
    read = json.loads(_CLDR.read_text("utf-8"))
    lists = ("months", "halves")
    return {
        tag: Numerals(**{**facts, **{name: tuple(facts[name]) for name in lists}})
        for tag, facts in read.items()
    }


def numerals(tag: str, hours: str = "") -> Numerals:
    """Return how numbers and times read in a language.

    Args:
        tag: the language.
        hours: those of the clock, ``12`` or ``24``; empty for what the language has.
    """
    found = _all()[tag]
    return replace(found, time=found.hours[hours]) if hours else found


def typed_number(text: str) -> str:
    """Return a typed number with a decimal point, also where a comma was typed for it; other text as it is.

    One comma between digits is a decimal comma: no keypad types separators of thousands.
    """
    found = _TYPED.fullmatch(text)
    return f"{found[1]}.{found[2]}" if found else text
