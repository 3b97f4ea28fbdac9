"""What is removed after a long time: all that came to an end, as many days of work ago as are kept.

A day is one on which the kiosk ran, and what belongs to it is told by sequence: a clock that is wrong, or
jumps, makes nothing old. What is open stays, however old it is, with the scan or press it came from.
"""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kiosk.journal import audit
from kiosk.journal.audit import Happening, Head
from kiosk.journal.clerk import Clerk
from kiosk.journal.tables import (
    answers,
    batches,
    contents,
    cuts,
    days,
    is_asked,
    is_open,
    is_pending,
    is_waiting,
    jobs,
    operations,
    presses,
    scans,
)
from kiosk.journal.tables import audit as entries
from kiosk.model import Json

_LOG = logging.getLogger(__name__)
KEPT_DAYS: Final = 400
_AT_ONCE: Final = 200
"""Rows of one transaction: a few milliseconds in which a scan waits."""
_STEP_S: Final = 5.0
"""Longer than that the thread does not go without reporting itself."""
_DAY: Final = 10
"""Characters of an ISO 8601 time down to its day."""
_COUNTED: Final = (scans, presses, operations, batches, jobs)


@dataclass(frozen=True, slots=True)
class _Day:
    """Where everything stood when a day began."""

    seq: int
    day: str
    head: Head
    marks: dict[str, int]
    """The last row of each table that belongs to the time before."""
    is_removed: bool


class Retention:
    """Removes what is old, a little at a time."""

    def __init__(
        self, clerk: Clerk, keep_days: int, monotonic_s: Callable[[], float] = time.monotonic
    ) -> None:
        """Remove nothing yet.

        Args:
            clerk: writes.
            keep_days: of work; 0 keeps all for ever.
            monotonic_s: seconds, for how long one step lasts.
        """
        self._clerk = clerk
        self._keep_days = keep_days
        self._monotonic_s = monotonic_s

    def begin_day(self) -> None:
        """Keep in mind where everything stands, once a day.

        Raises:
            JournalError: it could not be written.
        """
        now = self._clerk.clock()
        today = now.date().isoformat()
        with self._clerk.store.reading() as connection:
            if _is_known(connection, today):
                return
        with self._clerk.store.writing() as connection:
            if _is_known(connection, today):
                return
            head = audit.head(connection)
            marks = {
                table.name: connection.execute(sa.select(sa.func.max(table.c.seq))).scalar() or 0
                for table in _COUNTED
            }
            values = {"day": today, "at": now.isoformat(), "entry": head.seq, "hash": head.hash}
            connection.execute(sa.insert(days).values(**values, **marks, is_removed=False))

    def step(self) -> bool:
        """Remove some of what is old; return whether there may be more.

        Raises:
            JournalError: it could not be written.
        """
        with self._clerk.store.reading() as connection:
            old = _old_day(connection, self._keep_days)
        if old is None:
            return False
        if not old.is_removed:
            self._announce(old)
        end_s = self._monotonic_s() + _STEP_S
        return any(self._monotonic_s() >= end_s for _ in self._handfuls(old))

    def _announce(self, old: _Day) -> None:
        """Write down, before the first row goes, up to where rows go, and cut the audit where that may be."""
        with self._clerk.store.writing() as connection:
            details: dict[str, Json] = {"before": old.day, "kept_days": self._keep_days, **old.marks}
            now, boot = self._clerk.now(), self._clerk.boot
            begun = audit.last_cut(connection)
            after = _audit_end(connection, old)
            if after is not None and (begun is None or begun.after.seq < after.seq):
                audit.cut(connection, after, Happening(now, boot, "", "", details))
                _LOG.info(
                    "The audit begins after %s from now on, what is before %s is removed", after, old.day
                )
            elif any(old.marks.values()):
                self._clerk.note(connection, "", "old-rows-removed", details)
            connection.execute(sa.update(days).where(days.c.seq == old.seq).values(is_removed=True))

    def _handfuls(self, old: _Day) -> Iterator[None]:
        """Remove one handful before each yield, in a transaction of its own; look at no row twice."""
        for table, is_over in _removable():
            reached = 0
            while found := self._found(table, is_over, reached, old.marks[table.name]):
                with self._clerk.store.writing() as connection:
                    _remove(connection, table, found, is_over)
                reached = found[-1]
                yield
        while values := self._asked(_old_answers(old)):
            pair = sa.tuple_(answers.c.by, answers.c.value)
            with self._clerk.store.writing() as connection:
                these = pair.in_([tuple(row) for row in values])
                connection.execute(sa.delete(answers).where(these, answers.c.at < old.day))
            yield
        while self._asked(_old_entries()):
            with self._clerk.store.writing() as connection:
                audit.remove_before_cut(connection, _AT_ONCE)
            yield

    def _found(
        self, table: sa.Table, is_over: Sequence[sa.ColumnElement[bool]], reached: int, most: int
    ) -> Sequence[int]:
        """Look for a handful without keeping anybody from writing; removed is what is still so then."""
        query = sa.select(table.c.seq).where(table.c.seq > reached, table.c.seq <= most, *is_over)
        return [int(row.seq) for row in self._asked(query.order_by(table.c.seq).limit(_AT_ONCE))]

    def _asked(self, query: sa.Select[*tuple[Any, ...]]) -> Sequence[sa.Row[*tuple[Any, ...]]]:
        with self._clerk.store.reading() as connection:
            return connection.execute(query).all()


def removed_before(connection: Connection) -> str | None:
    """Return when the first day began that is kept, ISO 8601; ``None`` where nothing was removed."""
    query = sa.select(days.c.at).where(days.c.is_removed).order_by(days.c.seq.desc()).limit(1)
    return connection.execute(query).scalar()


def _is_known(connection: Connection, day: str) -> bool:
    return connection.execute(sa.select(days.c.seq).where(days.c.day == day)).first() is not None


def _old_day(connection: Connection, keep_days: int) -> _Day | None:
    """Return the last day that is no longer kept, ``None`` where all are."""
    if keep_days <= 0:
        return None
    query = sa.select(days).order_by(days.c.seq.desc()).offset(keep_days).limit(1)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return None
    marks = {table.name: int(row[table.name]) for table in _COUNTED}
    return _Day(row["seq"], row["day"], Head(row["entry"], row["hash"]), marks, bool(row["is_removed"]))


def _removable() -> Sequence[tuple[sa.Table, Sequence[sa.ColumnElement[bool]]]]:
    """Return the tables, and of which rows of them nothing more will come."""
    asked, sibling = jobs.alias("asked"), jobs.alias("sibling")
    is_in_use = sa.exists().where(
        # Asked of the label itself: of the other's it would be looked at for all that have no batch.
        jobs.c.batch != "",
        asked.c.batch == jobs.c.batch,
        sa.or_(is_pending(asked), is_asked(asked)),
    )
    return (
        (operations, [~is_open(operations)]),
        (scans, [~is_waiting(scans), ~_is_cause(scans)]),
        (presses, [~_is_cause(presses)]),
        (jobs, [~is_pending(jobs), ~is_asked(jobs), ~is_in_use]),
        (batches, [~sa.exists().where(sibling.c.batch == batches.c.id)]),
    )


def _is_cause(table: sa.Table) -> sa.ColumnElement[bool]:
    """Return the condition for scans and presses that led to what is open.

    An operation of an earlier kiosk does not say what it came from: all of its station and day stays.
    """
    led, undated = operations.alias("led"), operations.alias("undated")
    return sa.or_(
        sa.exists().where(led.c.event == table.c.id, is_open(led)),
        sa.exists().where(
            undated.c.event == "",
            is_open(undated),
            undated.c.station == table.c.station,
            sa.func.substr(undated.c.created_at, 1, _DAY) == sa.func.substr(table.c.at, 1, _DAY),
        ),
    )


def _audit_end(connection: Connection, old: _Day) -> Head | None:
    """Return the last entry that may go: the whole story of what is open stays.

    It is the beginning of a day, the last one before all that is open.
    """
    firsts = {
        table.name: connection.execute(sa.select(sa.func.min(table.c.seq)).where(is_left)).scalar()
        for table, is_left in (
            (operations, is_open(operations)),
            (scans, is_waiting(scans)),
            (jobs, sa.or_(is_pending(jobs), is_asked(jobs))),
        )
    }
    before = [days.c[name] < first for name, first in firsts.items() if first is not None]
    query = sa.select(days.c.entry, days.c.hash).where(days.c.seq <= old.seq, *before)
    row = connection.execute(query.order_by(days.c.seq.desc()).limit(1)).one_or_none()
    return Head(int(row.entry), str(row.hash)) if row is not None and row.entry else None


def _remove(
    connection: Connection,
    table: sa.Table,
    found: Sequence[int],
    is_over: Sequence[sa.ColumnElement[bool]],
) -> None:
    these = (table.c.seq.in_(found), *is_over)
    if table is not jobs:
        connection.execute(sa.delete(table).where(*these))
        return
    digests = set(connection.execute(sa.select(jobs.c.content).where(*these)).scalars())
    connection.execute(sa.delete(jobs).where(*these))
    is_used = sa.exists().where(jobs.c.content == contents.c.digest)
    connection.execute(sa.delete(contents).where(contents.c.digest.in_(digests), ~is_used))


def _old_answers(old: _Day) -> sa.Select[str, str]:
    return sa.select(answers.c.by, answers.c.value).where(answers.c.at < old.day).limit(_AT_ONCE)


def _old_entries() -> sa.Select[int]:
    newest = sa.select(cuts.c.entry).order_by(cuts.c.seq.desc()).limit(1).scalar_subquery()
    return sa.select(entries.c.seq).where(entries.c.seq <= newest).limit(1)
