"""How much there is of everything, counted without reading the long tables through."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from kiosk.journal.clerk import Clerk
from kiosk.journal.tables import (
    ON_THE_WAY,
    is_asked,
    is_open,
    is_pending,
    jobs,
    operations,
    presses,
    scans,
    tallies,
)

_OLDEST = [
    sa.select(operations.c.created_at)
    .where(is_open(operations), operations.c.state == state)
    .order_by(operations.c.seq)
    .limit(1)
    for state in ON_THE_WAY
]
"""Each state by itself, in the order of its index."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What stands in the journal."""

    scans: int
    presses: int
    operations: int
    labels: int
    """All four: since the journal began, also what was removed since."""
    open_operations: Mapping[str, int]
    """By state: those that are neither done nor given up."""
    pending_labels: Mapping[tuple[str, str], int]
    """By printer and state: those that wait, are being sent, or are in doubt."""
    oldest_waiting: datetime | None
    """When the oldest operation was queued that is on its way to ION, ``None`` where there is none."""


class Tally:
    """Counts the journal's rows; each count is a look at an index."""

    def __init__(self, clerk: Clerk) -> None:
        self._clerk = clerk

    def counts(self) -> Counts:
        """Return how much there is.

        Raises:
            JournalError: the journal cannot be read.
        """
        with self._clerk.store.reading() as connection:

            def last(table: sa.Table) -> int:
                # The last row may have been removed since: sqlite.org/autoinc.html keeps its number.
                query = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name")
                return int(connection.execute(query, {"name": table.name}).scalar() or 0)

            by_state = sa.select(tallies.c.state, tallies.c.count).where(
                is_open(tallies), tallies.c.count > 0
            )
            by_printer = [
                sa.select(jobs.c.printer, jobs.c.state, sa.func.count())
                .where(which(jobs))
                .group_by(jobs.c.printer, jobs.c.state)
                for which in (is_pending, is_asked)
            ]
            oldest = [connection.execute(query).scalar() for query in _OLDEST]
            return Counts(
                last(scans),
                last(presses),
                last(operations),
                last(jobs),
                {row[0]: row[1] for row in connection.execute(by_state)},
                {(row[0], row[1]): row[2] for query in by_printer for row in connection.execute(query)},
                min((datetime.fromisoformat(at) for at in oldest if at), default=None),
            )
