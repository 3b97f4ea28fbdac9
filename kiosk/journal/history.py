"""What happened at a station, newest first: its scans, what ION was told, its labels."""

from collections.abc import Iterable, Mapping, Sequence
from heapq import merge
from itertools import islice

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kiosk.journal.clerk import Clerk
from kiosk.journal.rows import job_of, kept_scan_of, operation_of
from kiosk.journal.tables import ON_THE_WAY, is_open, is_undoing, jobs, operations, scans
from kiosk.model import BESIDE, Glance, Operation, Past

_BUTTONS = (b"ION/CMD/", b"ION/OP/")
"""How barcodes begin that are a button, or a person's badge: nothing of them is history."""
_PREFIX = 3
"""Bytes of a symbology identifier, which may stand before (ISO/IEC 15424)."""
_SCANS_READ = 4
"""Scans read for each that is shown: a job done by scanning alone is mostly buttons."""
_LAST_LOOKED = 8
# Made once: to build a statement anew takes SQLAlchemy longer than SQLite needs to execute it.
_DONE, _PRINTED, _KEPT = (
    sa.select(table)
    .where(table.c.station == sa.bindparam("station"))
    .order_by(table.c.seq.desc())
    .limit(sa.bindparam("most"))
    for table in (operations, jobs, scans)
)
_WAITING = [
    sa.select(operations)
    .where(is_open(operations), operations.c.state == state)
    .order_by(operations.c.seq)
    .limit(1)
    for state in ON_THE_WAY
]
"""Each state by itself, in the order of its index."""
_UNDONE = sa.select(operations).where(
    is_undoing(operations), operations.c.undoes.in_(sa.bindparam("ids", expanding=True))
)


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
            printed = connection.execute(_PRINTED, {"station": station, "most": limit}).mappings()
            kept = connection.execute(_KEPT, {"station": station, "most": limit * _SCANS_READ}).mappings()
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
        rows = connection.execute(_DONE, {"station": station, "most": limit}).mappings()
        found = [operation_of(row) for row in rows]
        undone = _undone(connection, [one.id for one in found])
        return [Past(one, undone.get(one.id)) for one in found]


def _oldest(connection: Connection) -> Operation | None:
    """Return what has waited the longest."""
    found = (connection.execute(query).mappings().one_or_none() for query in _WAITING)
    rows = [row for row in found if row is not None]
    return operation_of(min(rows, key=lambda row: int(row["seq"]))) if rows else None


def _undone(connection: Connection, ids: Sequence[str]) -> Mapping[str, Operation]:
    """Return what takes each of these operations back."""
    rows = connection.execute(_UNDONE, {"ids": ids}).mappings() if ids else ()
    return {row["undoes"]: operation_of(row) for row in rows}


def _is_button(raw: bytes) -> bool:
    text = raw[_PREFIX:] if raw[:1] == b"]" else raw
    return text.upper().startswith(_BUTTONS)
