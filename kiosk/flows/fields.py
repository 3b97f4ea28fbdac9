"""What the fields of a step take, and how their values read."""

import re
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from typing import Literal, TypeAlias

from kiosk.model import FieldKind, Json, StepField
from kiosk.wire import plain
from kiosk.words import N_, told, whole

Input: TypeAlias = Literal["text", "number", "yesno", "one", "many", "time", "sign", "photo"]

INPUTS: dict[FieldKind, Input] = {
    FieldKind.STRING: "text",
    FieldKind.NUMBER: "number",
    FieldKind.BOOLEAN: "yesno",
    FieldKind.SELECT: "one",
    FieldKind.MULTISELECT: "many",
    FieldKind.DATETIME: "time",
    FieldKind.SIGNOFF: "sign",
    FieldKind.FILE_ATTACHMENT: "photo",
}
"""How each kind of field is asked for."""
LONGEST_TEXT = 200
_WALL_TIME = "%Y-%m-%d %H:%M"
_NUMBER = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,9})?")
_DIGITS = re.compile(r"[0-9]+")
_TIMES = {4: "%H%M", 8: "%Y%m%d", 12: "%Y%m%d%H%M"}
"""How a time is written in so many digits: of today, of a whole day, of a day."""


def is_filled(value: Json) -> bool:
    """Return whether a required field counts as filled in; *no* and 0 are answers."""
    return value is not None and value not in ("", [], ())


def number_of(text: str) -> Decimal | None:
    """Return a number as it is typed or scanned, ``None`` where it is none."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def time_of(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    """Return a moment, ``None`` where the text names none.

    Args:
        text: ISO 8601, or digits of the clock on the wall: ``1430``, ``20261120``, ``202611201430``.
        now: the time, for digits without a day.
        zone: of the clock on the wall.
    """
    try:
        if not _DIGITS.fullmatch(text):
            moment = datetime.fromisoformat(text)
        elif len(text) == 4:  # noqa: PLR2004 - hours and minutes
            at = datetime.strptime(text, _TIMES[4]).replace(tzinfo=zone)
            moment = datetime.combine(now.astimezone(zone).date(), at.timetz())
        else:
            moment = datetime.strptime(text, _TIMES[len(text)]).replace(tzinfo=zone)
        return moment.replace(tzinfo=moment.tzinfo or zone).astimezone(UTC)
    except (ValueError, KeyError, OverflowError):
        return None


def is_within(field: StepField, number: Decimal) -> bool:
    """Return whether a number is in the range that the field allows."""
    return (field.least is None or number >= field.least) and (field.most is None or number <= field.most)


def range_words(field: StepField) -> str:
    """Return the range of a number in words, empty where there is none."""
    least = plain(field.least) if field.least is not None else ""
    most = plain(field.most) if field.most is not None else ""
    if least and most:
        return f"{least} – {most}{_unit(field)}"
    if least:
        return f"{least}{_unit(field)} or more"
    return f"{most}{_unit(field)} or less" if most else ""


def value_words(field: StepField, value: Json, zone: tzinfo) -> str:
    """Return a value as a person reads it, empty where there is none."""
    if field.type is FieldKind.DATETIME and isinstance(value, str):
        return _clock(value, zone)
    return str(value_told(field.type, value, field.unit))


def value_told(kind: FieldKind, value: Json, unit: str = "") -> str:
    """Return a value such that each language has its own word, number or time for it; empty for none.

    What somebody wrote or chose stays as it is.

    Args:
        kind: of the field.
        value: as ``StepField.value`` has it.
        unit: of a number.
    """
    match kind, value:
        case _, None | "":
            return ""
        case FieldKind.BOOLEAN, bool():
            return whole(N_("yes") if value else N_("no"))
        case FieldKind.MULTISELECT, list() | tuple():
            return ", ".join(map(str, value))
        case FieldKind.DATETIME, str() if (moment := _moment(value)) is not None:
            return told("{moment}", moment=moment)
        case FieldKind.NUMBER, _:
            return told("{count}{unit}", count=value, unit=_beside(unit))
        case FieldKind.FILE_ATTACHMENT, _:
            return whole(N_("attached"))
        case FieldKind.SIGNOFF, bool():
            return whole(N_("signed"))
        case _:
            return str(value)


def _unit(field: StepField) -> str:
    return _beside(field.unit)


def _beside(unit: str) -> str:
    return f" {unit}" if unit else ""


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC)


def _clock(text: str, zone: tzinfo) -> str:
    moment = _moment(text)
    return moment.astimezone(zone).strftime(_WALL_TIME) if moment else text


def read_wall_time(words: str) -> datetime | None:
    """Return the time by the clock on the wall that ``value_words`` says, ``None`` of other text."""
    try:
        return datetime.strptime(words, _WALL_TIME)  # noqa: DTZ007 - the zone is the wall's
    except ValueError:
        return None
