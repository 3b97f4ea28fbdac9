"""Operations on their way to ION: claimed one subject at a time, oldest first, never dropped."""

from collections.abc import Collection, Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kiosk.errors import JournalError
from kiosk.journal.clerk import Clerk
from kiosk.journal.print_queue import NewJob, insert_jobs
from kiosk.journal.rows import operation_of, written
from kiosk.journal.tables import operations
from kiosk.model import Json, Operation, OperationState, Submit

UNSETTLED = (OperationState.QUEUED, OperationState.IN_FLIGHT, OperationState.UNKNOWN, OperationState.PARKED)
FOR_A_PERSON = (OperationState.PARKED, OperationState.REJECTED)
_ON_THE_WAY = (OperationState.QUEUED, OperationState.IN_FLIGHT, OperationState.UNKNOWN)
_CANDIDATES = 50


class Outbox:
    """The operations of all stations."""

    def __init__(self, clerk: Clerk) -> None:
        self._clerk = clerk

    def recover(self) -> int:
        """Make everything that was in flight when the power went unknown; return how many."""
        with self._clerk.store.writing() as connection:
            found = connection.execute(
                sa.update(operations)
                .where(operations.c.state == OperationState.IN_FLIGHT)
                .values(
                    state=OperationState.UNKNOWN,
                    is_doubtful=True,
                    error="The kiosk stopped while this was being sent.",
                )
                .returning(operations.c.id)
            ).all()
            for row in found:
                self._clerk.note(connection, "", "operation-unknown", {"id": row.id})
        return len(found)

    def claim(self, resting: Collection[str] = ()) -> Operation | None:
        """Take the oldest operation that may be worked on now.

        A queued one becomes ``in_flight`` on disk before this returns; an unknown one stays unknown, since it
        may only be looked up.

        Args:
            resting: ids that are not to be taken yet.
        """
        earlier = operations.alias()
        blocked = sa.exists().where(
            earlier.c.subject == operations.c.subject,
            earlier.c.seq < operations.c.seq,
            earlier.c.state.in_(UNSETTLED),
        )
        query = (
            sa.select(operations)
            .where(operations.c.state.in_((OperationState.QUEUED, OperationState.UNKNOWN)), ~blocked)
            .order_by(operations.c.seq)
            .limit(_CANDIDATES + len(resting))
        )
        with self._clerk.store.reading() as connection:
            rows = connection.execute(query).mappings().all()
        chosen = next((operation_of(row) for row in rows if row["id"] not in resting), None)
        if chosen is None or chosen.state is OperationState.UNKNOWN:
            return chosen
        return self.mark_in_flight(chosen)

    def mark_in_flight(self, operation: Operation) -> Operation:
        """Record, before the first byte leaves, that an operation is being sent."""
        with self._clerk.store.writing() as connection:
            row = (
                connection.execute(
                    sa.update(operations)
                    .where(operations.c.id == operation.id, operations.c.state == operation.state)
                    .values(state=OperationState.IN_FLIGHT, attempts=operations.c.attempts + 1, error="")
                    .returning(operations)
                )
                .mappings()
                .one_or_none()
            )
            if row is None:
                raise JournalError(f"Operation {operation.id!r} was changed while it was claimed.")
            self._clerk.note(connection, row["station"], "operation-sent", {"id": row["id"]})
            return operation_of(row)

    def settle(
        self,
        operation: Operation,
        state: OperationState,
        *,
        result: Mapping[str, Json] | None = None,
        error: str = "",
        jobs: Sequence[NewJob] = (),
    ) -> Operation:
        """Record what became of an operation, together with the labels that follow from it."""
        is_doubtful = operation.is_doubtful or state is OperationState.UNKNOWN
        values = {"state": state, "is_doubtful": is_doubtful, "error": error}
        with self._clerk.store.writing() as connection:
            row = (
                connection.execute(
                    sa.update(operations)
                    .where(operations.c.id == operation.id)
                    .values(**values, result=None if result is None else written(result))
                    .returning(operations)
                )
                .mappings()
                .one()
            )
            insert_jobs(connection, self._clerk, jobs)
            details = {
                "id": operation.id,
                "operation": operation.operation,
                "state": state.value,
                "error": error,
            }
            self._clerk.note(connection, operation.station, f"operation-{state.value}", details)
            return operation_of(row)

    def decide(self, id_: str, state: OperationState, why: str) -> Operation | None:
        """Record a person's decision on an operation that waited for one.

        Args:
            id_: the operation.
            state: ``queued`` to send it again, ``discarded`` to give it up.
            why: the person's reason.

        Returns:
            The operation as it is now, ``None`` where it does not wait for a person.
        """
        with self._clerk.store.writing() as connection:
            row = (
                connection.execute(
                    sa.update(operations)
                    .where(operations.c.id == id_, operations.c.state.in_(FOR_A_PERSON))
                    .values(state=state, error=why)
                    .returning(operations)
                )
                .mappings()
                .one_or_none()
            )
            if row is None:
                return None
            self._clerk.note(connection, row["station"], f"operation-{state.value}", {"id": id_, "why": why})
            return operation_of(row)

    def about(self, keys: Iterable[str]) -> tuple[Operation, ...]:
        """Return the unsettled operations that a screen about these keys has to count in."""
        with self._clerk.store.reading() as connection:
            rows = connection.execute(
                sa.select(operations)
                .where(operations.c.about.in_(list(keys)), operations.c.state.in_(UNSETTLED))
                .order_by(operations.c.seq)
            ).mappings()
            return tuple(operation_of(row) for row in rows)

    def counts(self) -> tuple[int, int]:
        """Return how many are on their way to ION, and how many wait for a person."""
        with self._clerk.store.reading() as connection:
            found = connection.execute(
                sa.select(operations.c.state, sa.func.count())
                .where(operations.c.state.in_((*_ON_THE_WAY, *FOR_A_PERSON)))
                .group_by(operations.c.state)
            ).all()
        tally = {OperationState(state): count for state, count in found}
        return (
            sum(tally.get(state, 0) for state in _ON_THE_WAY),
            sum(tally.get(state, 0) for state in FOR_A_PERSON),
        )

    def listed(self, states: Collection[OperationState] = (), limit: int = 200) -> tuple[Operation, ...]:
        """Return the newest operations in these states, or in any."""
        query = sa.select(operations).order_by(operations.c.seq.desc()).limit(limit)
        if states:
            query = query.where(operations.c.state.in_(list(states)))
        with self._clerk.store.reading() as connection:
            return tuple(operation_of(row) for row in connection.execute(query).mappings())

    def find(self, id_: str) -> Operation | None:
        """Return one operation."""
        with self._clerk.store.reading() as connection:
            row = (
                connection.execute(sa.select(operations).where(operations.c.id == id_))
                .mappings()
                .one_or_none()
            )
            return operation_of(row) if row else None


def insert_operations(
    connection: Connection, clerk: Clerk, submits: Sequence[tuple[str, Submit]], station: str, flow: str
) -> tuple[str, ...]:
    """Queue operations in the transaction of the event that asked for them.

    Args:
        connection: the transaction.
        clerk: gives ids and the time.
        submits: each with its key; a key that is there already is left alone.
        station: whose event it was.
        flow: which job asked.

    Returns:
        The ids of the new ones.
    """
    made = []
    for key, submit in submits:
        known = connection.execute(sa.select(operations.c.id).where(operations.c.key == key)).scalar()
        if known is not None:
            continue
        id_ = clerk.new_id()
        connection.execute(
            sa.insert(operations).values(
                id=id_,
                key=key,
                station=station,
                flow=flow,
                operation=submit.operation,
                subject=submit.subject,
                about=submit.about,
                arguments=written(submit.arguments),
                state=OperationState.QUEUED,
                created_at=clerk.now(),
                attempts=0,
                is_doubtful=False,
                error="",
            )
        )
        details: dict[str, Json] = {
            "id": id_,
            "operation": submit.operation,
            "arguments": dict(submit.arguments),
        }
        clerk.note(connection, station, "operation-queued", details)
        made.append(id_)
    return tuple(made)
