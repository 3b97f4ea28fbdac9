"""A lead's view of a shift: what was done in it, and the label that carries the audit's head off the box."""

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from kiosk.barcodes.ion import command
from kiosk.errors import LabelError
from kiosk.journal import Journal, NewJob
from kiosk.model import LabelFields, Print, PrintJob, Shift, ShiftReport, Work, WorkHour
from kiosk.model.shifts import hour_at, hours_of, shift_at, shifts_of, whole_day
from kiosk.ports import Clock, LabelRoom
from kiosk.settings import ShiftSettings
from kiosk.words import told

_LOG = logging.getLogger(__name__)
LABEL: Final = "shift"
"""The design of the label."""
_LATE: Final = timedelta(hours=24)
"""A shift that ended longer ago gets no label by itself: the kiosk was off, and nobody looks for it."""


@dataclass(slots=True)
class ShiftDesk:
    """Counts, and prints what it counted."""

    journal: Journal
    settings: ShiftSettings
    labels: LabelRoom
    wake_printer: Callable[[str], None]
    clock: Clock
    zone: tzinfo | None = None
    """Of the clock on the wall; ``None`` for the machine's own."""
    _labelled: dict[str, Shift] = field(default_factory=dict)
    """The shift that each station's last label by itself was for."""

    @property
    def starts(self) -> Sequence[time]:
        """Return when shifts begin, none where a day is one."""
        return self.settings.times

    def today(self) -> date:
        """Return the day on which the shift that is on began."""
        return self.current().day

    def current(self) -> Shift:
        """Return the shift that is on."""
        return shift_at(self.clock(), self.starts, self.zone)

    def shifts(self, day: date) -> tuple[Shift, ...]:
        """Return what can be looked at of a day: all of it first, then its shifts where there are several."""
        parts = shifts_of(day, self.starts, self.zone)
        return (whole_day(day, self.starts, self.zone), *(parts if len(parts) > 1 else ()))

    def report(self, shift: Shift, station: str = "") -> ShiftReport:
        """Return what was done, hour by hour.

        Args:
            shift: when.
            station: where; empty for all stations.

        Raises:
            JournalError: the journal cannot be read.
        """
        counts: defaultdict[datetime, Counter[Work]] = defaultdict(Counter)
        for (minute, kind), count in self.journal.work.counted(shift.begin, shift.end, station).items():
            counts[hour_at(minute, self.zone).astimezone(UTC)][kind] += count
        rows = (WorkHour(begin, counts[begin.astimezone(UTC)]) for begin in hours_of(shift, self.zone))
        return ShiftReport(shift, station, tuple(rows))

    def label(self, station: str, shift: Shift | None = None) -> Print:
        """Return the label of a shift, with the audit's head as it is now.

        Args:
            station: where.
            shift: which; else the one that is on.

        Raises:
            JournalError: the journal cannot be read.
        """
        shift = shift or self.current()
        totals = self.report(shift, station).totals
        head = self.journal.head()
        begin, end = (moment.astimezone(self.zone) for moment in (shift.begin, shift.end))
        fields: LabelFields = {
            "code": command("HEAD", str(head).upper()),
            "station": station,
            "shift": f"{shift.name} {begin:%H:%M}-{end:%H:%M}",
            "date": shift.day.isoformat(),
            "printedAt": f"{self.clock().astimezone(self.zone):%Y-%m-%d %H:%M}",
            "entry": str(head.seq),
            "hash1": head.hash[:32].upper(),
            "hash2": head.hash[32:].upper(),
            **{kind.value: str(count) for kind, count in totals.items()},
        }
        return Print(LABEL, fields, subject=f"shift/{station}/{shift.day.isoformat()}/{shift.number}")

    def print_label(self, station: str, shift: Shift | None = None, *, key: str) -> tuple[PrintJob, ...]:
        """Queue the label of a shift on the station's printer.

        Args:
            station: where.
            shift: which; else the one that is on.
            key: unique; one that is known gives its first jobs.

        Raises:
            LabelError: it cannot be made there.
            JournalError: it could not be written.
        """
        label = self.label(station, shift)
        printer = self.labels.printer_of(station)
        if not printer:
            raise LabelError(told("Station {station} has no printer.", station=repr(station)))
        prepared = self.labels.prepare(station, label)
        jobs = self.journal.prints.add([NewJob(key, station, printer, label, prepared)])
        self.wake_printer(printer)
        return jobs

    def finish(self) -> None:
        """Print, at the stations of the settings, the label of a shift that ended and was not empty; once.

        Raises:
            JournalError: the journal could not be read or written.
        """
        now = self.clock()
        last = shift_at(self.current().begin - timedelta(microseconds=1), self.starts, self.zone)
        if now - last.end > _LATE:
            return
        for station in self.settings.prints_at:
            if self._labelled.get(station) == last:
                continue
            self._labelled[station] = last
            if not any(self.report(last, station).totals.values()):
                continue
            try:
                self.print_label(station, last, key=f"shift/{station}/{last.begin.isoformat()}")
            except LabelError as error:
                _LOG.error("The label of %s at %s was not printed: %s", last.name, station, error)


def figures(report: ShiftReport) -> Sequence[Mapping[str, object]]:
    """Return a report as rows for a spreadsheet: one for each hour."""
    return [
        {
            "day": report.shift.day.isoformat(),
            "shift": report.shift.name,
            "station": report.station or "all",
            "hour": hour.at.isoformat(),
            **{kind.value: hour.counts.get(kind, 0) for kind in Work},
        }
        for hour in report.hours
    ]
