"""Labels on their way to paper: one in flight a printer, the most urgent first, then the oldest."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kiosk.journal.clerk import Clerk
from kiosk.journal.print_orders import NewBatch, NewJob, insert_batch
from kiosk.journal.rows import job_of
from kiosk.journal.tables import (
    batches,
    contents,
    holds,
    is_asked,
    is_pending,
    is_queued,
    is_sending,
    jobs,
)
from kiosk.model import BatchState, JobState, PrintJob, Reason, Verdict
from kiosk.words import N_

_CAME_FROM = {
    JobState.QUEUED: (JobState.SENDING, JobState.UNKNOWN),
    JobState.SENT: (JobState.SENDING,),
    JobState.CONFIRMED: (JobState.SENDING, JobState.SENT, JobState.UNKNOWN),
    JobState.UNKNOWN: (JobState.SENDING,),
    JobState.FAILED: (JobState.SENDING,),
    JobState.VOIDED: (JobState.QUEUED, JobState.SENT, JobState.UNKNOWN),
}
"""What a job must be before it can become this: what is confirmed stays confirmed, whoever comes later."""
_Jobs: TypeAlias = sa.Select[Any]
_NEWEST = (
    sa.select(jobs)
    .where(jobs.c.station == sa.bindparam("station"))
    .order_by(jobs.c.seq.desc())
    .limit(sa.bindparam("most"))
)
_ASKED_HERE = sa.select(jobs).where(jobs.c.station == sa.bindparam("station"), is_asked(jobs))
_SHOWN = sa.union_all(
    *(
        sa.select(sa.literal_column(is_asked_about, sa.Integer).label("is_asked_about"), query.subquery())
        for is_asked_about, query in (("1", _ASKED_HERE), ("0", _NEWEST))
    )
).order_by(sa.desc("is_asked_about"), sa.desc("seq"))
"""Asked for every screen: one that is asked about may come twice, first as such."""
_ANOTHER_KIND = N_("This label was made for {made_for}. This printer is {takes}.")
_CUT_OFF = "The kiosk broke off while this was being sent."


@dataclass(frozen=True, slots=True)
class Hold:
    """A person keeps a printer from going on."""

    by: str
    """Who, empty where nobody was signed in."""
    at: datetime


class PrintQueue:
    """The print jobs of all printers."""

    def __init__(self, clerk: Clerk) -> None:
        self._clerk = clerk

    def recover(self, printer: str | None = None) -> int:
        """Doubt every job that was being sent when the power went; return how many.

        One whose label was scanned meanwhile is confirmed.

        Args:
            printer: only this printer's.
        """
        query = sa.select(jobs.c.id).where(is_sending(jobs))
        if printer is not None:
            query = query.where(jobs.c.printer == printer)
        with self._clerk.store.writing() as connection:
            found = connection.execute(query).scalars().all()
            for id_ in found:
                _settled(connection, self._clerk, id_, JobState.UNKNOWN, _CUT_OFF)
        return len(found)

    def add(self, new: Sequence[NewJob]) -> tuple[PrintJob, ...]:
        """Queue labels, each with its copies a batch of its own; a key that is known gives its first jobs."""
        self._clerk.store.check_room()
        with self._clerk.store.writing() as connection:
            ids = [
                insert_batch(connection, self._clerk, NewBatch(job.key, job.station, (job,))) for job in new
            ]
            query = sa.select(jobs).where(jobs.c.batch.in_(ids)).order_by(jobs.c.seq)
            return tuple(job_of(row) for row in connection.execute(query).mappings())

    def claim(self, printer: str, made_for: str | None = None) -> tuple[PrintJob, bytes] | None:
        """Take a printer's next job and its bytes; it is ``sending`` on disk before this returns.

        Nothing is given while a person holds the printer, or while a job of it is being sent, be it by
        another process.

        Args:
            printer: its name.
            made_for: its kind, where labels that were made for another are to be left alone.
        """
        with self._clerk.store.reading() as connection:
            if _next_of(connection, printer, made_for) is None:
                return None
        with self._clerk.store.writing() as connection:
            id_ = _next_of(connection, printer, made_for)
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

    def sending(self, printer: str) -> str:
        """Return the id of the job that a printer is being sent, empty where there is none."""
        query = sa.select(jobs.c.id).where(jobs.c.printer == printer, is_sending(jobs))
        with self._clerk.store.reading() as connection:
            return connection.execute(query).scalar() or ""

    def explain(self, printer: str, made_for: str, why: str) -> tuple[PrintJob, ...]:
        """Say at a printer's labels why they wait: at the first of each station, and at what does not fit.

        Args:
            printer: its name.
            made_for: its kind.
            why: what holds it, empty where nothing does.

        Returns:
            The jobs that say something else now.
        """
        # What is queued is pending; only where that is said does SQLite take the index of what is.
        mine = (jobs.c.printer == printer, is_queued(jobs), is_pending(jobs))
        fits = jobs.c.made_for.in_(("", made_for))
        head, _, rest = _ANOTHER_KIND.partition("{made_for}")
        says = {~fits: head + jobs.c.made_for + rest.format(takes=made_for)}
        if why:
            firsts = sa.select(sa.func.min(jobs.c.seq)).where(*mine, fits).group_by(jobs.c.station)
            says[jobs.c.seq.in_(firsts)] = sa.literal(why)
        else:
            says[fits] = sa.literal("")
        with self._clerk.store.reading() as connection:
            changes = [
                connection.execute(sa.select(jobs.c.id).where(*mine, which, jobs.c.error != text).limit(1))
                .scalars()
                .all()
                for which, text in says.items()
            ]
        if not any(changes):
            return ()
        with self._clerk.store.writing() as connection:
            return tuple(
                job_of(row)
                for which, text in says.items()
                for row in connection.execute(
                    sa.update(jobs)
                    .where(*mine, which, jobs.c.error != text)
                    .values(error=text)
                    .returning(jobs)
                ).mappings()
            )

    def settle(self, id_: str, state: JobState, error: str = "") -> PrintJob | None:
        """Record what became of a job.

        Returns:
            The job, ``None`` where there is none of that id or it cannot become this any more.
        """
        with self._clerk.store.writing() as connection:
            return _settled(connection, self._clerk, id_, state, error)

    def hold(self, printer: str, by: str = "") -> None:
        """Send a printer nothing more until ``release``; what is being sent comes to its end."""
        with self._clerk.store.writing() as connection:
            hold(connection, self._clerk, printer, by)

    def release(self, printer: str, by: str = "") -> None:
        """Let a printer that a person holds go on."""
        with self._clerk.store.writing() as connection:
            release(connection, self._clerk, printer, by)

    def held(self, printer: str) -> Hold | None:
        """Return who holds a printer, ``None`` where nobody does."""
        with self._clerk.store.reading() as connection:
            row = connection.execute(sa.select(holds).where(holds.c.printer == printer)).one_or_none()
            return Hold(row.by, datetime.fromisoformat(row.at)) if row else None

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
        query = (
            sa.select(jobs, batches.c.state.label("batch_state"))
            .outerjoin(batches, batches.c.id == jobs.c.batch)
            .where(jobs.c.station == station, is_asked(jobs))
            .order_by(jobs.c.seq)
        )
        with self._clerk.store.reading() as connection:
            return tuple(
                replace(job_of(row), is_wanted=row["batch_state"] != BatchState.CANCELED)
                for row in connection.execute(query).mappings()
            )

    def shown(self, station: str, limit: int) -> tuple[PrintJob, ...]:
        """Return what a person at a station sees of its labels: all that are asked about, then the newest."""
        with self._clerk.store.reading() as connection:
            rows = connection.execute(_SHOWN, {"station": station, "most": limit}).mappings().all()
        asked = sum(row["is_asked_about"] for row in rows)
        found: dict[str, PrintJob] = {}
        for row in rows:
            if row["id"] not in found:
                found[row["id"]] = job_of(row)
        return tuple(found.values())[: max(asked, limit)]

    def newest(self, station: str, limit: int) -> tuple[PrintJob, ...]:
        """Return a station's last jobs, newest first."""
        with self._clerk.store.reading() as connection:
            return _jobs(connection, _NEWEST, {"station": station, "most": limit})


def _jobs(connection: Connection, query: _Jobs, values: Mapping[str, object]) -> tuple[PrintJob, ...]:
    return tuple(job_of(row) for row in connection.execute(query, values).mappings())


def hold(connection: Connection, clerk: Clerk, printer: str, by: str) -> None:
    """Keep a printer from going on; who held it first is kept."""
    known = connection.execute(sa.select(holds.c.by).where(holds.c.printer == printer)).one_or_none()
    if known is None:
        connection.execute(sa.insert(holds).values(printer=printer, by=by, at=clerk.now()))
        clerk.note(connection, "", "printer-held", {"printer": printer, "by": by})


def release(connection: Connection, clerk: Clerk, printer: str, by: str) -> None:
    """Let a printer go on that somebody holds."""
    if connection.execute(sa.delete(holds).where(holds.c.printer == printer)).rowcount:
        clerk.note(connection, "", "printer-released", {"printer": printer, "by": by})


def _first_in_line(*which: sa.ColumnElement[bool]) -> sa.Select[str]:
    """Return the query for a printer's next job of those, none while the printer is busy or held."""
    sending, printer = jobs.alias("under_way"), sa.bindparam("printer", type_=sa.String)
    is_busy = sa.exists().where(sending.c.printer == printer, is_sending(sending))
    is_held = sa.exists().where(holds.c.printer == printer)
    query = sa.select(jobs.c.id).where(jobs.c.printer == printer, is_queued(jobs), ~is_busy, ~is_held, *which)
    return query.order_by(jobs.c.priority.desc(), jobs.c.seq).limit(1)


_ANY_NEXT = _first_in_line()
_FITTING_NEXT = _first_in_line(jobs.c.made_for.in_(["", sa.bindparam("made_for")]))


def _next_of(connection: Connection, printer: str, made_for: str | None) -> str | None:
    if made_for is None:
        return connection.execute(_ANY_NEXT, {"printer": printer}).scalar()
    return connection.execute(_FITTING_NEXT, {"printer": printer, "made_for": made_for}).scalar()


def _settled(connection: Connection, clerk: Clerk, id_: str, state: JobState, error: str) -> PrintJob | None:
    query = sa.select(jobs.c.is_proved, batches.c.state).outerjoin(batches, batches.c.id == jobs.c.batch)
    around = connection.execute(query.where(jobs.c.id == id_)).one_or_none()
    if around is None:
        return None
    becomes = _becomes(state, around.state, is_proved=around.is_proved)
    values: dict[str, object] = {"state": becomes, "error": "" if becomes is JobState.CONFIRMED else error}
    if becomes in {JobState.QUEUED, JobState.HELD}:
        values["is_proved"] = False
    if becomes is JobState.VOIDED and state is not JobState.VOIDED:
        values |= {"voided_for": Reason.CANCELED, "error": ""}
    row = (
        connection.execute(
            sa.update(jobs)
            .where(jobs.c.id == id_, jobs.c.state.in_(_CAME_FROM[state]))
            .values(**values)
            .returning(jobs)
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        return None
    clerk.note(connection, row["station"], f"job-{becomes.value}", {"id": id_, "error": error})
    return job_of(row)


def _becomes(state: JobState, batch: str | None, *, is_proved: bool) -> JobState:
    """Return what a job really becomes: a batch that waits or ended takes nothing back as if it went on."""
    if state is JobState.QUEUED and batch == BatchState.CANCELED:
        return JobState.VOIDED
    if state is JobState.QUEUED and batch == BatchState.PAUSED:
        return JobState.HELD
    if state in {JobState.SENT, JobState.UNKNOWN} and is_proved:
        return JobState.CONFIRMED
    return state


def take_verdict(connection: Connection, clerk: Clerk, verdict: Verdict) -> PrintJob | None:
    """Take a person's word for a job that is in doubt; one that was decided meanwhile stays as it is.

    Returns:
        The job, ``None`` where it is not in doubt.
    """
    query = sa.select(jobs.c.state).where(jobs.c.id == verdict.job)
    if connection.execute(query).scalar() != JobState.UNKNOWN:
        return None
    state = JobState.CONFIRMED if verdict.came_out else JobState.QUEUED
    return _settled(connection, clerk, verdict.job, state, "")
