"""What happened at a station, newest first: its scans, what ION was told, its labels."""

from collections.abc import Iterable, Mapping, Sequence
from heapq import merge
from itertools import islice

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kiosk.journal.clerk import Clerk
from kiosk.journal.rows import job_of, kept_scan_of, operation_of
from kiosk.journal.tables import is_open, is_undoing, jobs, operations, scans
from kiosk.model import BESIDE, Glance, Operation, OperationState, Past

_BUTTONS = (b"ION/CMD/", b"ION/OP/")
"""How barcodes begin that are a button, or a person's badge: nothing of them is history."""
_PREFIX = 3
"""Bytes of a symbology identifier, which may stand before (ISO/IEC 15424)."""
_SCANS_READ = 4
"""Scans read for each that is shown: a job done by scanning alone is mostly buttons."""
_LAST_LOOKED = 8
_ON_THE_WAY = (OperationState.QUEUED, OperationState.IN_FLIGHT, OperationState.UNKNOWN)


class History:
    """The past of each station; it writes nothing."""

    def __init__(self, clerk: Clerk) -> None:
        self._clerk = clerk

    def newest(self, station: str, limit: int) -> tuple[Past, ...]:
        """Return what happened at a station last, newest first.

        Command barcodes and badges are left out.
        """
        with self._clerk.store.reading() as connection:
            done = self._operations(connection, station, limit)
            printed = connection.execute(
                sa.select(jobs).where(jobs.c.station == station).order_by(jobs.c.seq.desc()).limit(limit)
            ).mappings()
            kept = connection.execute(
                sa.select(scans)
                .where(scans.c.station == station)
                .order_by(scans.c.seq.desc())
                .limit(limit * _SCANS_READ)
            ).mappings()
            each: Sequence[Iterable[Past]] = (
                done,
                [Past(job_of(row)) for row in printed],
                [Past(kept_scan_of(row)) for row in kept if not _is_button(row["raw"])],
            )
        return tuple(islice(merge(*each, key=lambda past: past.at, reverse=True), limit))

    def glance(self, station: str) -> Glance:
        """Return what a station's screen shows of the past at any moment."""
        with self._clerk.store.reading() as connection:
            oldest = _oldest(connection)
            done = self._operations(connection, station, _LAST_LOOKED)
        told = (
            past for past in done if isinstance(past.what, Operation) and past.what.operation not in BESIDE
        )
        return Glance(next(told, None), oldest)

    def _operations(self, connection: Connection, station: str, limit: int) -> list[Past]:
        query = (
            sa.select(operations)
            .where(operations.c.station == station)
            .order_by(operations.c.seq.desc())
            .limit(limit)
        )
        found = [operation_of(row) for row in connection.execute(query).mappings()]
        undone = _undone(connection, [one.id for one in found])
        return [Past(one, undone.get(one.id)) for one in found]


def _oldest(connection: Connection) -> Operation | None:
    """Return what has waited the longest; each state is asked by itself, in the order of its index."""
    rows = []
    for state in _ON_THE_WAY:
        query = sa.select(operations).where(is_open(operations), operations.c.state == state)
        row = connection.execute(query.order_by(operations.c.seq).limit(1)).mappings().one_or_none()
        if row is not None:
            rows.append(row)
    return operation_of(min(rows, key=lambda row: int(row["seq"]))) if rows else None


def _undone(connection: Connection, ids: Sequence[str]) -> Mapping[str, Operation]:
    """Return what takes each of these operations back."""
    query = sa.select(operations).where(is_undoing(operations), operations.c.undoes.in_(ids))
    return {row["undoes"]: operation_of(row) for row in connection.execute(query).mappings()}


def _is_button(raw: bytes) -> bool:
    text = raw[_PREFIX:] if raw[:1] == b"]" else raw
    return text.upper().startswith(_BUTTONS)
