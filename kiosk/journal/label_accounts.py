"""What became of every label that was ever asked for: printed once more, voided, accounted for."""

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta, tzinfo

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kiosk.journal.clerk import Clerk
from kiosk.journal.print_orders import INSTEAD, OUT, NewReprint, insert_reprint, known_batch, void_job
from kiosk.journal.print_queue import take_verdict
from kiosk.journal.rows import job_of
from kiosk.journal.tables import jobs
from kiosk.model import JobState, LabelAccount, PrintJob, Reason, Tally, Verdict, Why

_VOIDABLE = (*OUT, JobState.QUEUED, JobState.HELD)
_NOW = JobState.SENDING
_MINUTE = 16
"""Characters of an ISO 8601 time down to its minute."""


class LabelAccounts:
    """The account of all labels."""

    def __init__(self, clerk: Clerk) -> None:
        self._clerk = clerk

    def reprint(self, new: NewReprint) -> tuple[PrintJob, ...]:
        """Queue the very bytes of an earlier label once more, whatever became of its design since.

        For one that is damaged, lost, misprinted or never came out, the earlier is voided with it.

        Returns:
            The new jobs, none where there is no such earlier one; a key that is known gives its first jobs.

        Raises:
            JournalError: nothing of it is written.
        """
        self._clerk.store.check_room()
        with self._clerk.store.writing() as connection:
            batch = insert_again(connection, self._clerk, new)
            if batch is None:
                return ()
            query = sa.select(jobs).where(jobs.c.batch == batch).order_by(jobs.c.seq)
            return tuple(job_of(row) for row in connection.execute(query).mappings())

    def latest(self, label: str, encoded: str) -> PrintJob | None:
        """Return the last print of a label that is out or on its way there, by what a scan of it gives."""
        query = (
            sa.select(jobs)
            .where(jobs.c.encoded == encoded, jobs.c.label == label, jobs.c.state.in_((*_VOIDABLE, _NOW)))
            .order_by(jobs.c.seq.desc())
            .limit(1)
        )
        with self._clerk.store.reading() as connection:
            row = connection.execute(query).mappings().one_or_none()
            return job_of(row) if row is not None else None

    def void(self, id_: str, why: Why, by: str = "") -> PrintJob | None:
        """Let a label not count; return it, ``None`` where there is none, or it does not count already.

        One that is being sent is not voided: what becomes of it is known in a moment.
        """
        with self._clerk.store.writing() as connection:
            row = void_job(connection, self._clerk, id_, _VOIDABLE, why, by)
            return job_of(row) if row is not None else None

    def confirm(self, id_: str, by: str = "") -> PrintJob | None:
        """Take a person's word that a label came out; ``None`` where that is not in doubt."""
        doubtful = (JobState.SENT, JobState.UNKNOWN)
        with self._clerk.store.writing() as connection:
            row = (
                connection.execute(
                    sa.update(jobs)
                    .where(jobs.c.id == id_, jobs.c.state.in_(doubtful))
                    .values(state=JobState.CONFIRMED, error="")
                    .returning(jobs)
                )
                .mappings()
                .one_or_none()
            )
            if row is None:
                return None
            self._clerk.note(connection, row["station"], "job-confirmed", {"id": id_, "by": by or "a person"})
            return job_of(row)

    def deny(self, id_: str, by: str = "") -> PrintJob | None:
        """Take a person's word that a label that broke off did not come out: it is printed then.

        One of a canceled batch is not. ``None`` where that is not in doubt.
        """
        with self._clerk.store.writing() as connection:
            job = take_verdict(connection, self._clerk, Verdict(id_, came_out=False))
            if job is not None:
                self._clerk.note(connection, job.station, "job-denied", {"id": id_, "by": by})
            return job

    def days(self, first: date, last: date, zone: tzinfo | None) -> tuple[LabelAccount, ...]:
        """Account for the labels that were asked for from one day to another, the newest day first.

        Args:
            first: the first day.
            last: the last day, which belongs to it.
            zone: in which a day begins at midnight; ``None`` for the machine's own, as it was on that day.
        """
        since, until = _utc(first, zone), _utc(last + timedelta(days=1), zone)
        minute = sa.func.substr(jobs.c.created_at, 1, _MINUTE).label("minute")
        query = (
            sa.select(minute, jobs.c.printer, jobs.c.label, jobs.c.state, jobs.c.voided_for, sa.func.count())
            .where(jobs.c.created_at >= since, jobs.c.created_at < until)
            .group_by(minute, jobs.c.printer, jobs.c.label, jobs.c.state, jobs.c.voided_for)
        )
        counted: defaultdict[tuple[date, str, str], dict[JobState, int]] = defaultdict(dict)
        canceled: defaultdict[tuple[date, str, str], int] = defaultdict(int)
        with self._clerk.store.reading() as connection:
            for at, printer, label, state, voided_for, count in connection.execute(query):
                key = (_day(at, zone), printer, label)
                counts = counted[key]
                counts[JobState(state)] = counts.get(JobState(state), 0) + count
                canceled[key] += count if voided_for == Reason.CANCELED else 0
        order = sorted(counted, key=lambda key: (-key[0].toordinal(), key[1:]))
        return tuple(LabelAccount(*key, Tally(counted[key]), canceled[key]) for key in order)

    def unaccounted(
        self, first: date, last: date, zone: tzinfo | None, limit: int = 100
    ) -> tuple[PrintJob, ...]:
        """Return the labels of those days of which nobody knows whether they came out, newest first."""
        query = (
            sa.select(jobs)
            .where(
                jobs.c.created_at >= _utc(first, zone),
                jobs.c.created_at < _utc(last + timedelta(days=1), zone),
                jobs.c.state.in_((JobState.SENT, JobState.UNKNOWN)),
            )
            .order_by(jobs.c.created_at.desc(), jobs.c.seq.desc())
            .limit(limit)
        )
        with self._clerk.store.reading() as connection:
            return tuple(job_of(row) for row in connection.execute(query).mappings())


def insert_again(connection: Connection, clerk: Clerk, new: NewReprint) -> str | None:
    """Queue a reprint in the transaction of what asked for it, and void a spoiled label.

    Returns:
        The id of its batch, that of the first where the key is known; ``None`` where there is no such label.
    """
    was = connection.execute(sa.select(jobs).where(jobs.c.id == new.job)).mappings().one_or_none()
    if was is None:
        return None
    is_known = known_batch(connection, new.key) is not None
    batch = insert_reprint(connection, clerk, new, was)
    if new.why.reason in INSTEAD and not is_known:
        void_job(connection, clerk, new.job, OUT, new.why, new.by)
    return batch


def _utc(day: date, zone: tzinfo | None) -> str:
    """Return when a day begins, as the journal writes times."""
    return datetime.combine(day, time(), zone).astimezone(UTC).isoformat()


def _day(minute: str, zone: tzinfo | None) -> date:
    return datetime.fromisoformat(f"{minute}:00+00:00").astimezone(zone).date()
