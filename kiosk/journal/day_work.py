"""What was done in a stretch of time, counted from what was asked for then."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime

import sqlalchemy as sa

from kiosk.journal.clerk import Clerk
from kiosk.journal.tables import FOR_A_PERSON, jobs, operations
from kiosk.model import JobState, OperationState, Work

_MINUTE = 16
"""Characters of an ISO 8601 time down to its minute."""
_STATUSES = {"IN_PROGRESS": Work.STARTED, "COMPLETE": Work.COMPLETED}
_OUT = (JobState.SENT, JobState.CONFIRMED, JobState.UNKNOWN)
_OVER = (OperationState.DISCARDED,)


class DayWork:
    """Counts."""

    def __init__(self, clerk: Clerk) -> None:
        self._clerk = clerk

    def counted(
        self, begin: datetime, end: datetime, station: str = ""
    ) -> Mapping[tuple[datetime, Work], int]:
        """Return how much of each kind was asked for in each minute; what was given up does not count.

        Args:
            begin: the first moment.
            end: the first that no longer belongs to it.
            station: where; empty for all stations.
        """
        found: defaultdict[tuple[datetime, Work], int] = defaultdict(int)
        span = (begin.astimezone(UTC).isoformat(), end.astimezone(UTC).isoformat())
        with self._clerk.store.reading() as connection:
            for at, operation, status, state, count in connection.execute(_operations(span, station)):
                minute = _moment(at)
                kind = _kind(operation, status, state)
                if kind is not None:
                    found[minute, kind] += int(count)
                if state in FOR_A_PERSON:
                    found[minute, Work.PARKED] += int(count)
            for at, count in connection.execute(_labels(span, station)):
                found[_moment(at), Work.LABELS] += int(count)
        return found


def _operations(span: tuple[str, str], station: str) -> sa.Select[str, str, object, str, int]:
    minute = sa.func.substr(operations.c.created_at, 1, _MINUTE).label("minute")
    status = sa.func.json_extract(operations.c.arguments, "$.status").label("status")
    which = [operations.c.created_at >= span[0], operations.c.created_at < span[1]]
    if station:
        # Else SQLite takes the index of stations, and reads all that was ever done there.
        which.append(operations.c.station.concat("") == station)
    columns = (minute, operations.c.operation, status, operations.c.state)
    return (
        sa.select(*columns, sa.func.count())
        .where(*which, operations.c.state.not_in(_OVER))
        .group_by(*columns)
    )


def _labels(span: tuple[str, str], station: str) -> sa.Select[str, int]:
    minute = sa.func.substr(jobs.c.created_at, 1, _MINUTE).label("minute")
    which = [jobs.c.created_at >= span[0], jobs.c.created_at < span[1], jobs.c.state.in_(_OUT)]
    if station:
        # As above.
        which.append(jobs.c.station.concat("") == station)
    return sa.select(minute, sa.func.count()).where(*which).group_by(minute)


def _kind(operation: str, status: object, state: str) -> Work | None:
    match operation:
        case "receive":
            return Work.RECEIVED
        case "check_receipt":
            # What it leads to is a receipt of its own, once ION has the order.
            return None if state == OperationState.DONE else Work.RECEIVED
        case "move" | "move_part":
            return Work.MOVED
        case "set_step_status" | "set_run_status":
            return _STATUSES.get(str(status))
        case _:
            return None


def _moment(minute: str) -> datetime:
    return datetime.fromisoformat(f"{minute}:00+00:00")
