"""Batches of labels: asked for as one, watched as one, held and canceled as one."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from kiosk.journal.clerk import Clerk
from kiosk.journal.print_orders import NewBatch, insert_batch, known_batch
from kiosk.journal.print_queue import hold, release
from kiosk.journal.rows import job_of
from kiosk.journal.tables import batches, is_pending, jobs
from kiosk.model import MOST_PRIORITY, Batch, BatchState, JobState, Json, PrintJob, QueueAct, Reason, Tally

_WAITING = (JobState.QUEUED, JobState.HELD)
_BYTES_A_LABEL = 1024
"""What a job takes in the journal beside its bytes."""


class Batches:
    """The batches of all stations and printers."""

    def __init__(self, clerk: Clerk) -> None:
        self._clerk = clerk

    def order(self, new: NewBatch) -> Batch:
        """Queue a batch in one transaction; a key that is known gives the first batch and queues nothing.

        Raises:
            JournalError: nothing of it is queued.
        """
        sizes = sum(
            len(job.prepared.payload) + len(job.prepared.png) + job.label.copies * _BYTES_A_LABEL
            for job in new.jobs
        )
        self._clerk.store.check_room(sizes)
        with self._clerk.store.writing() as connection:
            return _read(connection, [insert_batch(connection, self._clerk, new)])[0]

    def of_key(self, key: str) -> Batch | None:
        """Return the batch of an idempotency key, ``None`` where there is none yet."""
        with self._clerk.store.reading() as connection:
            id_ = known_batch(connection, key)
            return _read(connection, [id_])[0] if id_ is not None else None

    def find(self, id_: str) -> Batch | None:
        """Return a batch as it stands now, ``None`` where there is none of that id."""
        with self._clerk.store.reading() as connection:
            return next(iter(_read(connection, [id_])), None)

    def jobs(self, id_: str, *, after: str = "", limit: int = 1_000) -> tuple[PrintJob, ...]:
        """Return the jobs of a batch in their order.

        Args:
            id_: the batch's.
            after: the id of the job before the first one, empty for the beginning.
            limit: the most to return.
        """
        query = sa.select(jobs).where(jobs.c.batch == id_).order_by(jobs.c.seq).limit(limit)
        if after:
            before = sa.select(jobs.c.seq).where(jobs.c.id == after).scalar_subquery()
            query = query.where(jobs.c.seq > before)
        with self._clerk.store.reading() as connection:
            return tuple(job_of(row) for row in connection.execute(query).mappings())

    def uses(self, id_: str) -> frozenset[tuple[str, str]]:
        """Return the labels of a batch, each by design and printer; none where there is no such batch."""
        query = sa.select(jobs.c.label, jobs.c.printer).where(jobs.c.batch == id_).distinct()
        with self._clerk.store.reading() as connection:
            return frozenset((label, printer) for label, printer in connection.execute(query))

    def pending(self, printer: str, limit: int = 100) -> tuple[Batch, ...]:
        """Return the batches with labels that wait for a printer or are being sent, in their order."""
        query = (
            sa.select(jobs.c.batch)
            .where(jobs.c.printer == printer, is_pending(jobs))
            .group_by(jobs.c.batch)
            .order_by(sa.func.max(jobs.c.priority).desc(), sa.func.min(jobs.c.seq))
            .limit(limit)
        )
        with self._clerk.store.reading() as connection:
            return _read(connection, connection.execute(query).scalars().all())

    def pause(self, id_: str, by: str = "") -> Batch | None:
        """Hold what is not sent yet; return the batch, ``None`` where there is none or it was canceled."""
        return self._turn(id_, BatchState.PAUSED, (BatchState.OPEN, BatchState.PAUSED), by)

    def go_on(self, id_: str, by: str = "") -> Batch | None:
        """Let a paused batch go on; return the batch, ``None`` where there is none or it was canceled."""
        return self._turn(id_, BatchState.OPEN, (BatchState.OPEN, BatchState.PAUSED), by)

    def cancel(self, id_: str, by: str = "") -> Batch | None:
        """Print no more of a batch; return it, ``None`` where there is none.

        What came out stays, what may have come out stays in doubt, and what is being sent comes to its own
        end: the tally of the batch says how many of each.
        """
        return self._turn(id_, BatchState.CANCELED, tuple(BatchState), by)

    def prioritize(self, id_: str, priority: int, by: str = "") -> Batch | None:
        """Give the labels that wait another place; return the batch, ``None`` where there is none.

        Raises:
            ValueError: it is not from 1 to 100.
        """
        if not 1 <= priority <= MOST_PRIORITY:
            raise ValueError(f"Cannot give priority {priority}: expected 1 to {MOST_PRIORITY}.")
        with self._clerk.store.writing() as connection:
            changed = (
                connection.execute(
                    sa.update(batches).where(batches.c.id == id_).values(priority=priority).returning(batches)
                )
                .mappings()
                .one_or_none()
            )
            if changed is None:
                return None
            connection.execute(
                sa.update(jobs)
                .where(jobs.c.batch == id_, jobs.c.state.in_(_WAITING))
                .values(priority=priority)
            )
            details: dict[str, Json] = {"id": id_, "priority": priority, "by": by}
            self._clerk.note(connection, changed["station"], "batch-priority", details)
            return _read(connection, [id_])[0]

    def _turn(self, id_: str, to: BatchState, came_from: Collection[BatchState], by: str) -> Batch | None:
        with self._clerk.store.writing() as connection:
            is_there = _turned(connection, self._clerk, id_, to, (came_from, by))
            return _read(connection, [id_])[0] if is_there else None


def turn_queues(
    connection: Connection, clerk: Clerk, act: QueueAct, printers: Collection[str], who: tuple[str, str]
) -> None:
    """Do what a person at a station wants of its printers' queues, in the transaction of their word.

    Args:
        connection: the transaction.
        clerk: the journal's.
        act: what they want.
        printers: the station's.
        who: the station, and the person where one is signed in.
    """
    station, by = who
    if act is QueueAct.CANCEL:
        waiting = sa.select(jobs.c.batch).where(
            jobs.c.printer.in_(printers), jobs.c.station == station, jobs.c.state.in_(_WAITING)
        )
        for id_ in connection.execute(waiting.distinct()).scalars().all():
            _turned(connection, clerk, id_, BatchState.CANCELED, (tuple(BatchState), by))
        return
    for printer in printers:
        (hold if act is QueueAct.PAUSE else release)(connection, clerk, printer, by)


def _turned(
    connection: Connection, clerk: Clerk, id_: str, to: BatchState, said: tuple[Collection[BatchState], str]
) -> bool:
    """Bring a batch from one of some states to another; return whether it was in one of them."""
    came_from, by = said
    query = sa.select(batches).where(batches.c.id == id_, batches.c.state.in_(came_from))
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        return False
    if row["state"] != to:
        moved = _moved(connection, id_, to)
        connection.execute(sa.update(batches).where(batches.c.id == id_).values(state=to))
        details: dict[str, Json] = {"id": id_, "labels": moved, "by": by}
        clerk.note(connection, row["station"], f"batch-{to.value}", details)
    return True


def _moved(connection: Connection, id_: str, to: BatchState) -> int:
    """Move the labels that wait to where a batch's state has them; return how many."""
    match to:
        case BatchState.PAUSED:
            values = {"state": JobState.HELD.value}
        case BatchState.OPEN:
            values = {"state": JobState.QUEUED.value}
        case BatchState.CANCELED:
            values = {"state": JobState.VOIDED.value, "voided_for": Reason.CANCELED.value, "error": ""}
    waiting = sa.update(jobs).where(jobs.c.batch == id_, jobs.c.state.in_(_WAITING))
    return connection.execute(waiting.values(**values)).rowcount


def _read(connection: Connection, ids: Collection[str]) -> tuple[Batch, ...]:
    """Return batches with their tallies, in the order of their ids."""
    counted: defaultdict[str, dict[JobState, int]] = defaultdict(dict)
    counts = sa.select(jobs.c.batch, jobs.c.state, sa.func.count()).where(jobs.c.batch.in_(ids))
    for batch, state, count in connection.execute(counts.group_by(jobs.c.batch, jobs.c.state)):
        counted[batch][JobState(state)] = count
    rows = connection.execute(sa.select(batches).where(batches.c.id.in_(ids))).mappings()
    found = {row["id"]: _batch(row, Tally(counted[row["id"]])) for row in rows}
    return tuple(found[id_] for id_ in ids if id_ in found)


def _batch(row: RowMapping, tally: Tally) -> Batch:
    return Batch(
        id=row["id"],
        key=row["key"],
        station=row["station"],
        title=row["title"],
        by=row["by"],
        state=BatchState(row["state"]),
        priority=row["priority"],
        created_at=datetime.fromisoformat(row["created_at"]),
        tally=tally,
        reason=Reason(row["reason"]) if row["reason"] else None,
        note=row["note"],
        request=row["request"],
        as_of=datetime.fromisoformat(row["as_of"]) if row["as_of"] else None,
    )
