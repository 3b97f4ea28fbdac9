"""Shifts: when they begin and end on the wall clock, and what was done in each of their hours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from itertools import pairwise

_HOUR = timedelta(hours=1)


class Work(StrEnum):
    """What is counted."""

    RECEIVED = "received"
    MOVED = "moved"
    STARTED = "started"
    COMPLETED = "completed"
    LABELS = "labels"
    PARKED = "parked"
    """Of all that was asked for in that time, what waits for a person now."""


@dataclass(frozen=True, slots=True)
class Shift:
    """A part of a day, or all of it."""

    day: date
    """On which it begins, by the wall clock."""
    number: int
    """From 1 in the order of the day; 0 for the whole day."""
    begin: datetime
    end: datetime
    """Both in UTC; the end does not belong to it."""

    @property
    def name(self) -> str:
        """Return what people call it."""
        return f"Shift {self.number}" if self.number else "Whole day"


@dataclass(frozen=True, slots=True)
class WorkHour:
    """What was asked for in one hour."""

    at: datetime
    """When it begins, by the wall clock; aware, so that the hour that comes twice is two hours."""
    counts: Mapping[Work, int]


@dataclass(frozen=True, slots=True)
class ShiftReport:
    """What was done in a shift."""

    shift: Shift
    station: str
    """Where; empty for all stations together."""
    hours: tuple[WorkHour, ...]

    @property
    def totals(self) -> Mapping[Work, int]:
        """Return the sums of all hours."""
        return {kind: sum(hour.counts.get(kind, 0) for hour in self.hours) for kind in Work}


def shifts_of(day: date, starts: Sequence[time], zone: tzinfo | None) -> tuple[Shift, ...]:
    """Return the shifts that begin on a day, the last of which ends on the next.

    Args:
        day: by the wall clock.
        starts: when shifts begin, ascending; none, and the day is one shift from midnight to midnight.
        zone: of the wall clock; ``None`` for the machine's own.
    """
    moments = [_utc(day, start, zone) for start in starts] or [_utc(day, time(), zone)]
    moments.append(_utc(day + timedelta(days=1), starts[0] if starts else time(), zone))
    return tuple(
        Shift(day, number if starts else 0, begin, end)
        for number, (begin, end) in enumerate(pairwise(moments), 1)
    )


def whole_day(day: date, starts: Sequence[time], zone: tzinfo | None) -> Shift:
    """Return all shifts of a day as one: from the first one's beginning to the next day's."""
    parts = shifts_of(day, starts, zone)
    return Shift(day, 0, parts[0].begin, parts[-1].end)


def shift_at(now: datetime, starts: Sequence[time], zone: tzinfo | None) -> Shift:
    """Return the shift that is on."""
    today = now.astimezone(zone).date()
    found = [
        shift
        for day in (today - timedelta(days=1), today)
        for shift in shifts_of(day, starts, zone)
        if shift.begin <= now
    ]
    return found[-1]


def hours_of(shift: Shift, zone: tzinfo | None) -> tuple[datetime, ...]:
    """Return the beginnings of a shift's hours by the wall clock, 25 on the day on which it goes back."""
    found: dict[datetime, datetime] = {}
    moment = shift.begin
    while moment < shift.end:
        begin = hour_at(moment, zone)
        # The hour that comes twice has the same numbers twice: told apart by UTC.
        found.setdefault(begin.astimezone(UTC), begin)
        moment = begin.astimezone(UTC) + _HOUR
    return tuple(found.values())


def hour_at(moment: datetime, zone: tzinfo | None) -> datetime:
    """Return the beginning, by the wall clock, of the hour that a moment is in."""
    return moment.astimezone(zone).replace(minute=0, second=0, microsecond=0)


def _utc(day: date, start: time, zone: tzinfo | None) -> datetime:
    return datetime.combine(day, start, zone).astimezone(UTC)
