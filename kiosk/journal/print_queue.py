"""Labels on their way to paper: one in flight a printer, oldest first."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kiosk.journal.clerk import Clerk
from kiosk.journal.rows import job_of, written
from kiosk.journal.tables import contents, is_doubtful, is_queued, is_sending, jobs
from kiosk.model import JobState, PreparedLabel, Print, PrintJob, Verdict

_CAME_FROM = {
    JobState.QUEUED: (JobState.SENDING, JobState.UNKNOWN),
    JobState.SENT: (JobState.SENDING,),
    JobState.CONFIRMED: (JobState.SENDING, JobState.SENT, JobState.UNKNOWN),
    JobState.UNKNOWN: (JobState.SENDING,),
    JobState.FAILED: (JobState.SENDING,),
    JobState.VOIDED: (JobState.QUEUED, JobState.SENT, JobState.UNKNOWN),
}
"""What a job must be before it can become this: what is confirmed stays confirmed, whoever comes later."""

_CONTENT = ("station", "printer", "label", "design_digest", "fields", "subject", "encoded", "content")
"""What a job has in common with its reprints."""


@dataclass(frozen=True, slots=True)
class NewJob:
    """A label to queue, in all its copies."""

    key: str
    """Derived from what asked for it; each copy appends its number."""
    station: str
    printer: str
    label: Print
    prepared: PreparedLabel


class PrintQueue:
    """The print jobs of all printers."""

    def __init__(self, clerk: Clerk) -> None:
        self._clerk = clerk

    def recover(self, printer: str | None = None) -> int:
        """Make every job that was being sent when the power went unknown; return how many.

        Args:
            printer: only this printer's.
        """
        lost = sa.update(jobs).where(is_sending(jobs))
        if printer is not None:
            lost = lost.where(jobs.c.printer == printer)
        with self._clerk.store.writing() as connection:
            found = connection.execute(
                lost.values(
                    state=JobState.UNKNOWN, error="The kiosk broke off while this was being sent."
                ).returning(jobs.c.id, jobs.c.station)
            ).all()
            for row in found:
                self._clerk.note(connection, row.station, "job-unknown", {"id": row.id})
        return len(found)

    def add(self, new: Sequence[NewJob]) -> tuple[PrintJob, ...]:
        """Queue labels that no station event asked for; a key that is known gives its first jobs."""
        self._clerk.store.check_room()
        with self._clerk.store.writing() as connection:
            firsts = [f"{job.key}/1" for job in new]
            known = set(connection.execute(sa.select(jobs.c.key).where(jobs.c.key.in_(firsts))).scalars())
            insert_jobs(connection, self._clerk, [job for job in new if f"{job.key}/1" not in known])
            asked = [jobs.c.key.startswith(f"{job.key}/", autoescape=True) for job in new]
            query = sa.select(jobs).where(sa.or_(sa.false(), *asked)).order_by(jobs.c.seq)
            return tuple(job_of(row) for row in connection.execute(query).mappings())

    def again(self, id_: str, key: str, copies: int = 1) -> tuple[PrintJob, ...]:
        """Queue the very bytes of an earlier job once more, whatever became of its design since.

        Args:
            id_: the earlier job; nothing is queued where there is none.
            key: a key that is known gives its first jobs.
            copies: how many.
        """
        self._clerk.store.check_room()
        with self._clerk.store.writing() as connection:
            row = connection.execute(sa.select(jobs).where(jobs.c.id == id_)).mappings().one_or_none()
            if row is None:
                return ()
            known = connection.execute(sa.select(jobs.c.id).where(jobs.c.key == f"{key}/1")).scalar()
            if known is None:
                _insert_copies(connection, self._clerk, key, copies, {name: row[name] for name in _CONTENT})
            query = sa.select(jobs).where(jobs.c.key.startswith(f"{key}/", autoescape=True))
            return tuple(job_of(one) for one in connection.execute(query.order_by(jobs.c.seq)).mappings())

    def claim(self, printer: str) -> tuple[PrintJob, bytes] | None:
        """Take a printer's oldest queued job and its bytes; it is ``sending`` on disk before this returns.

        Nothing is given while a job of this printer is being sent, be it by another process.
        """
        with self._clerk.store.reading() as connection:
            if _next_of(connection, printer) is None:
                return None
        with self._clerk.store.writing() as connection:
            id_ = _next_of(connection, printer)
            if id_ is None:
                return None
            row = (
                connection.execute(
                    sa.update(jobs)
                    .where(jobs.c.id == id_)
                    .values(state=JobState.SENDING, error="")
                    .returning(jobs)
                )
                .mappings()
                .one()
            )
            payload = connection.execute(
                sa.select(contents.c.payload).where(contents.c.digest == row["content"])
            ).scalar_one()
            self._clerk.note(connection, row["station"], "job-sending", {"id": id_})
            return job_of(row), payload

    def settle(self, id_: str, state: JobState, error: str = "") -> PrintJob | None:
        """Record what became of a job.

        Returns:
            The job, ``None`` where there is none of that id or it cannot become this any more.
        """
        with self._clerk.store.writing() as connection:
            return _settled(connection, self._clerk, id_, state, error)

    def find(self, id_: str) -> PrintJob | None:
        """Return one job."""
        with self._clerk.store.reading() as connection:
            row = connection.execute(sa.select(jobs).where(jobs.c.id == id_)).mappings().one_or_none()
            return job_of(row) if row else None

    def picture(self, id_: str) -> bytes | None:
        """Return the PNG of the very bitmap that was sent."""
        with self._clerk.store.reading() as connection:
            return connection.execute(
                sa.select(contents.c.png)
                .join(jobs, jobs.c.content == contents.c.digest)
                .where(jobs.c.id == id_)
            ).scalar()

    def doubtful(self, station: str) -> tuple[PrintJob, ...]:
        """Return a station's jobs of which only a person can say whether they came out, oldest first."""
        query = sa.select(jobs).where(jobs.c.station == station, jobs.c.state == JobState.UNKNOWN)
        with self._clerk.store.reading() as connection:
            return tuple(job_of(row) for row in connection.execute(query.order_by(jobs.c.seq)).mappings())

    def newest(self, station: str, limit: int) -> tuple[PrintJob, ...]:
        """Return a station's last jobs, newest first."""
        with self._clerk.store.reading() as connection:
            rows = connection.execute(
                sa.select(jobs).where(jobs.c.station == station).order_by(jobs.c.seq.desc()).limit(limit)
            ).mappings()
            return tuple(job_of(row) for row in rows)


def _next_of(connection: Connection, printer: str) -> str | None:
    sending = jobs.alias("under_way")
    is_busy = sa.exists().where(sending.c.printer == printer, is_sending(sending))
    return connection.execute(
        sa.select(jobs.c.id)
        .where(jobs.c.printer == printer, is_queued(jobs), ~is_busy)
        .order_by(jobs.c.seq)
        .limit(1)
    ).scalar()


def _settled(connection: Connection, clerk: Clerk, id_: str, state: JobState, error: str) -> PrintJob | None:
    row = (
        connection.execute(
            sa.update(jobs)
            .where(jobs.c.id == id_, jobs.c.state.in_(_CAME_FROM[state]))
            .values(state=state, error=error)
            .returning(jobs)
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        return None
    clerk.note(connection, row["station"], f"job-{state.value}", {"id": id_, "error": error})
    return job_of(row)


def take_verdict(connection: Connection, clerk: Clerk, verdict: Verdict) -> None:
    """Take a person's word for a job that is in doubt; one that was decided meanwhile stays as it is."""
    query = sa.select(jobs.c.state).where(jobs.c.id == verdict.job)
    if connection.execute(query).scalar() == JobState.UNKNOWN:
        state = JobState.CONFIRMED if verdict.came_out else JobState.QUEUED
        _settled(connection, clerk, verdict.job, state, "")


def confirm_by_scan(connection: Connection, clerk: Clerk, station: str, text: str) -> None:
    """Take a scan of a label as the proof that it came out.

    Copies say the same, so one scan proves one of them: the oldest that is in doubt.
    """
    id_ = connection.execute(
        sa.select(jobs.c.id).where(jobs.c.encoded == text, is_doubtful(jobs)).order_by(jobs.c.seq).limit(1)
    ).scalar()
    if id_ is not None:
        connection.execute(sa.update(jobs).where(jobs.c.id == id_).values(state=JobState.CONFIRMED, error=""))
        clerk.note(connection, station, "job-confirmed", {"id": id_, "by": "scan"})


def insert_jobs(connection: Connection, clerk: Clerk, new: Sequence[NewJob]) -> None:
    """Queue labels in the transaction of what asked for them; a known key is left alone."""
    for job in new:
        digest = hashlib.sha256(job.prepared.payload).hexdigest()
        known = connection.execute(sa.select(contents.c.digest).where(contents.c.digest == digest)).scalar()
        if known is None:
            connection.execute(
                sa.insert(contents).values(digest=digest, payload=job.prepared.payload, png=job.prepared.png)
            )
        what = {
            "station": job.station,
            "printer": job.printer,
            "label": job.label.label,
            "design_digest": job.prepared.design_digest,
            "fields": written(job.label.fields),
            "subject": job.label.subject,
            "encoded": job.prepared.encoded,
            "content": digest,
        }
        _insert_copies(connection, clerk, job.key, job.label.copies, what)


def _insert_copies(
    connection: Connection, clerk: Clerk, key: str, copies: int, what: Mapping[str, str]
) -> None:
    for copy in range(1, copies + 1):
        own = f"{key}/{copy}"
        if connection.execute(sa.select(jobs.c.id).where(jobs.c.key == own)).scalar() is not None:
            continue
        id_ = clerk.new_id()
        connection.execute(
            sa.insert(jobs).values(
                **what,
                id=id_,
                key=own,
                copy=copy,
                copies=copies,
                state=JobState.QUEUED,
                created_at=clerk.now(),
                error="",
            )
        )
        clerk.note(connection, what["station"], "job-queued", {"id": id_, "label": what["label"]})
