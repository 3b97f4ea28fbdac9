"""The printers' queues as people look at them, and what they do with them."""

from collections.abc import Collection

import sqlalchemy as sa

from kiosk.journal.clerk import Clerk
from kiosk.journal.rows import job_of
from kiosk.journal.tables import is_asked, is_pending, is_sending, jobs
from kiosk.model import JobState, Json, PrintJob

_WAITING = (JobState.QUEUED, JobState.HELD)


class Queues:
    """The queues of all printers, also of those that the settings do not name any more."""

    def __init__(self, clerk: Clerk) -> None:
        self._clerk = clerk

    def names(self) -> tuple[str, ...]:
        """Return the printers that have labels to print or to ask about."""
        pending = sa.select(jobs.c.printer).where(is_pending(jobs))
        asked = sa.select(jobs.c.printer).where(is_asked(jobs))
        with self._clerk.store.reading() as connection:
            return tuple(connection.execute(sa.union(pending, asked).order_by("printer")).scalars())

    def in_flight(self, printer: str) -> PrintJob | None:
        """Return the label that a printer is being sent."""
        return next(iter(self._listed(jobs.c.printer == printer, is_sending(jobs), limit=1)), None)

    def asked(self, printer: str, limit: int = 20) -> tuple[PrintJob, ...]:
        """Return a printer's labels that broke off, oldest first."""
        return self._listed(jobs.c.printer == printer, is_asked(jobs), limit=limit)

    def next_of(self, batch: str, printer: str) -> PrintJob | None:
        """Return the label of a batch that a printer prints next, or is printing."""
        mine = (jobs.c.batch == batch, jobs.c.printer == printer)
        return next(iter(self._listed(*mine, is_pending(jobs), limit=1)), None)

    def newest(self, printer: str, limit: int = 8) -> tuple[PrintJob, ...]:
        """Return the labels that a printer was sent last, newest first; they may be voided since."""
        query = (
            sa.select(jobs)
            .where(jobs.c.printer == printer, ~is_pending(jobs), jobs.c.voided_for != "canceled")
            .order_by(jobs.c.seq.desc())
            .limit(limit)
        )
        with self._clerk.store.reading() as connection:
            return tuple(job_of(row) for row in connection.execute(query).mappings())

    def waiting(self, printer: str) -> int:
        """Return how many labels wait for a printer."""
        query = sa.select(sa.func.count()).where(
            jobs.c.printer == printer, is_pending(jobs), jobs.c.state.in_(_WAITING)
        )
        with self._clerk.store.reading() as connection:
            return int(connection.execute(query).scalar_one())

    def take_over(self, printer: str, to: str, made_for: Collection[str], by: str = "") -> int:
        """Let another printer print what waits for this one; return how many labels that are.

        What is being sent, or may have come out, stays where it is.

        Args:
            printer: whose queue it is.
            to: the other.
            made_for: the kinds of label that come out right there; the empty one of labels whose kind is not
                kept, where both printers are of the same.
            by: who wants it.
        """
        if printer == to:
            return 0
        fits = (
            jobs.c.printer == printer,
            is_pending(jobs),
            jobs.c.state.in_(_WAITING),
            jobs.c.made_for.in_(made_for),
        )
        came_from = sa.case((jobs.c.moved_from == "", printer), else_=jobs.c.moved_from)
        with self._clerk.store.writing() as connection:
            moved = connection.execute(
                sa.update(jobs).where(*fits).values(printer=to, moved_from=came_from, error="")
            ).rowcount
            if moved:
                details: dict[str, Json] = {"from": printer, "to": to, "labels": moved, "by": by}
                self._clerk.note(connection, "", "queue-moved", details)
            return moved

    def _listed(self, *where: sa.ColumnElement[bool], limit: int) -> tuple[PrintJob, ...]:
        query = sa.select(jobs).where(*where).order_by(jobs.c.priority.desc(), jobs.c.seq).limit(limit)
        with self._clerk.store.reading() as connection:
            return tuple(job_of(row) for row in connection.execute(query).mappings())
