"""Operations on their way to ION: claimed one subject at a time, oldest first, never dropped."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kiosk.errors import JournalError
from kiosk.journal.clerk import Clerk
from kiosk.journal.print_orders import NewJob, insert_jobs
from kiosk.journal.rows import operation_of, wording_text, written
from kiosk.journal.tables import (
    FOR_A_PERSON,
    ON_THE_WAY,
    audit,
    is_active,
    is_open,
    is_queued,
    is_undoing,
    operations,
    tallies,
)
from kiosk.journal.undoing import check_undoing
from kiosk.model import Json, Operation, OperationState, Operator, Submit, answered_keys
from kiosk.wire import to_json
from kiosk.words import N_, told

_LOOKED_BACK = 20_000
_LATELY = 2_000
_LONGEST_TRACE = 200
_DECISIONS = frozenset({OperationState.QUEUED, OperationState.DONE, OperationState.DISCARDED})
# Made once: to build a statement anew takes SQLAlchemy longer than SQLite needs to execute it.
_KNOWN = sa.select(operations.c.id).where(operations.c.key == sa.bindparam("key"))
_QUEUE = sa.insert(operations)
_ABOUT = sa.select(operations).where(
    operations.c.about.in_(sa.bindparam("keys", expanding=True)),
    # What is open and not refused is unsettled; a list of states would be put together anew every time.
    is_open(operations),
    operations.c.state != OperationState.REJECTED,
)
_DONE_UNHEARD = sa.select(operations).where(
    operations.c.key.in_(sa.bindparam("unheard", expanding=True)), operations.c.state == OperationState.DONE
)
_TALLIES = sa.select(tallies.c.state, tallies.c.count)


@dataclass(frozen=True, slots=True)
class Sequel:
    """What follows from an operation that came to an end."""

    jobs: Sequence[NewJob] = ()
    """Labels."""
    submits: Sequence[tuple[str, Submit]] = ()
    """Further changes, each with its key."""


NOTHING_MORE = Sequel()


class Outbox:
    """The operations of all stations."""

    def __init__(self, clerk: Clerk) -> None:
        self._clerk = clerk

    def recover(self) -> int:
        """Make everything that was in flight when the power went unknown; return how many."""
        with self._clerk.store.writing() as connection:
            found = connection.execute(
                sa.update(operations)
                .where(is_open(operations), operations.c.state == OperationState.IN_FLIGHT)
                .values(
                    state=OperationState.UNKNOWN,
                    is_doubtful=True,
                    error=N_("The kiosk broke off while this was being sent."),
                )
                .returning(operations.c.id, operations.c.station)
            ).all()
            for row in found:
                self._clerk.note(connection, row.station, "operation-unknown", {"id": row.id})
        return len(found)

    def changed_lately(self) -> frozenset[str]:
        """Return the subjects of what ION did last, by the newest 2,000 entries of the audit.

        What stands in ION's answers belongs to them: the rows of stock that a receipt made. Those of what was
        in doubt and is to be sent once more belong to them: its older copies may have been made stale, which
        changes the thing.

        The audit is in the order of what happened, whatever the clock showed, and 2,000 of its entries are
        more than some seconds can hold.
        """
        newest = (
            sa.select(audit.c.event, audit.c.details).order_by(audit.c.seq.desc()).limit(_LATELY).subquery()
        )
        query = sa.select(newest.c.details).where(newest.c.event == f"operation-{OperationState.DONE}")
        with self._clerk.store.reading() as connection:
            done = [json.loads(text)["id"] for text in connection.execute(query).scalars()]
            again = sa.select(operations.c.subject).where(is_queued(operations), operations.c.is_doubtful)
            subjects = set(connection.execute(again).scalars())
            found = sa.select(operations.c.subject, operations.c.result).where(operations.c.id.in_(done))
            for row in connection.execute(found):
                subjects.add(row.subject)
                subjects |= answered_keys(json.loads(row.result)) if row.result else set()
            return frozenset(subjects)

    def claim(self, resting: Collection[str] = (), unread: Collection[str] = ()) -> Operation | None:
        """Take the oldest operation that may be worked on now.

        A queued one becomes ``in_flight`` on disk before this returns; an unknown one stays unknown, since it
        may only be looked up. A subject that has one unknown or parked keeps its queued ones back. One that
        needs what ION has refused becomes ``rejected``: it is not sent, and a person decides.

        Args:
            resting: ids that are not to be taken yet.
            unread: subjects of which nothing is to be taken yet.
        """
        with self._clerk.store.reading() as connection:
            chosen = _oldest(connection, resting, unread)
        if chosen is None or chosen.state is OperationState.UNKNOWN:
            return chosen
        with self._clerk.store.writing() as connection:
            # Looked for once more: since then a person, or another thread, may have decided something.
            chosen = _oldest(connection, resting, unread)
            if chosen is None or chosen.state is OperationState.UNKNOWN:
                return chosen
            refused = _refused_before(connection, chosen)
            if refused is not None:
                return self._stop(connection, chosen, refused)
            return self._send_off(connection, chosen)

    def mark_in_flight(self, operation: Operation) -> Operation:
        """Record, before the first byte leaves, that an unknown operation is being sent again."""
        with self._clerk.store.writing() as connection:
            return self._send_off(connection, operation)

    def settle(  # noqa: PLR0913 - each is a column of its own
        self,
        operation: Operation,
        state: OperationState,
        *,
        result: Mapping[str, Json] | None = None,
        error: str = "",
        facts: str = "",
        trace: str = "",
        sequel: Sequel = NOTHING_MORE,
    ) -> Operation:
        """Record what became of an operation, together with what follows from it.

        Args:
            operation: as it was.
            state: what it is now.
            result: what ION answered.
            error: what went wrong, in words.
            facts: what ION shows of it now.
            trace: ION's own id of its refusal.
            sequel: what follows.

        Raises:
            JournalError: it could not be written, or the operation is no longer as ``operation`` says.
        """
        is_doubtful = operation.is_doubtful or state is OperationState.UNKNOWN
        with self._clerk.store.writing() as connection:
            settled = _change(
                connection,
                operation,
                state=state,
                is_doubtful=is_doubtful,
                error=str(error),
                facts=str(facts),
                wording=wording_text(error=error, facts=facts),
                trace=trace[:_LONGEST_TRACE],
                settled_at=None if state in ON_THE_WAY else self._clerk.now(),
                result=None if result is None else written(result),
            )
            if sequel.submits:
                origin = Origin(operation.station, operation.flow, operation.actor, operation.event)
                insert_operations(connection, self._clerk, sequel.submits, origin)
            insert_jobs(connection, self._clerk, sequel.jobs)
            details = {
                "id": operation.id,
                "operation": operation.operation,
                "state": state.value,
                "error": error,
                **({"facts": facts} if facts else {}),
            }
            self._clerk.note(connection, operation.station, f"operation-{state.value}", details)
            return settled

    def decide(
        self, id_: str, state: OperationState, why: str, by: Operator | None = None
    ) -> Operation | None:
        """Record a person's decision on an operation that waited for one.

        Args:
            id_: the operation.
            state: ``queued`` to send it again, ``done`` where somebody has done it in ION, ``discarded`` to
                give it up.
            why: the person's reason.
            by: the person, where that is known.

        Returns:
            The operation as it is now, ``None`` where it does not wait for a person.

        Raises:
            ValueError: the state is not one that a person can give.
            JournalError: it could not be written.
        """
        if state not in _DECISIONS:
            raise ValueError(
                f"Cannot decide {id_!r} to be {state!r}: expected one of {', '.join(sorted(_DECISIONS))}."
            )
        # What is done has no error; the reason stands in the audit.
        error = "" if state is OperationState.DONE else why
        with self._clerk.store.writing() as connection:
            row = (
                connection.execute(
                    sa.update(operations)
                    .where(operations.c.id == id_, operations.c.state.in_(FOR_A_PERSON))
                    .values(
                        state=state,
                        error=error,
                        settled_at=None if state is OperationState.QUEUED else self._clerk.now(),
                    )
                    .returning(operations)
                )
                .mappings()
                .one_or_none()
            )
            if row is None:
                return None
            details: dict[str, Json] = {"id": id_, "why": why, **({"by": by.id} if by else {})}
            self._clerk.note(connection, row["station"], f"operation-{state.value}", details)
            return operation_of(row)

    def about(self, keys: Iterable[str], *, unheard: Iterable[str] = ()) -> tuple[Operation, ...]:
        """Return the operations that a screen about these keys has to count in, oldest first.

        Args:
            keys: of what the screen is about.
            unheard: keys of operations that count although ION has done them, since the screen does not show
                that yet.
        """
        done = list(unheard)
        with self._clerk.store.reading() as connection:
            rows = list(connection.execute(_ABOUT, {"keys": list(keys)}).mappings())
            if done:
                rows += connection.execute(_DONE_UNHEARD, {"unheard": done}).mappings()
        return tuple(operation_of(row) for row in sorted(rows, key=lambda row: int(row["seq"])))

    def packages(self, identities: Collection[str]) -> frozenset[str]:
        """Return those of these packages that were received, be it long ago.

        A receipt that was given up, or taken back, is none.

        The last 20,000 operations are looked through: a dock's work of months, in a few milliseconds.
        """
        undo = operations.alias("undo")
        is_undone = sa.exists().where(
            undo.c.undoes == operations.c.id, is_undoing(undo), undo.c.state == OperationState.DONE
        )
        newest = sa.select(sa.func.coalesce(sa.func.max(operations.c.seq), 0)).scalar_subquery()
        query = sa.select(operations.c.arguments).where(
            operations.c.seq > newest - _LOOKED_BACK,
            operations.c.operation == "receive",
            operations.c.state != OperationState.DISCARDED,
            sa.not_(is_undone),
            sa.or_(*(operations.c.arguments.contains(one, autoescape=True) for one in identities)),
        )
        with self._clerk.store.reading() as connection:
            found = [json.loads(text).get("bags") or () for text in connection.execute(query).scalars()]
        return frozenset(bag for bags in found for bag in bags) & frozenset(identities)

    def counts(self) -> tuple[int, int]:
        """Return how many are on their way to ION, and how many wait for a person."""
        with self._clerk.store.reading() as connection:
            tally = {OperationState(state): int(count) for state, count in connection.execute(_TALLIES)}
        return (
            sum(tally.get(state, 0) for state in ON_THE_WAY),
            sum(tally.get(state, 0) for state in FOR_A_PERSON),
        )

    def for_a_person(self, limit: int) -> tuple[Operation, ...]:
        """Return the operations that wait for a person's decision, oldest first."""
        query = (
            sa.select(operations)
            .where(is_open(operations), operations.c.state.in_(FOR_A_PERSON))
            .order_by(operations.c.seq)
            .limit(limit)
        )
        with self._clerk.store.reading() as connection:
            return tuple(operation_of(row) for row in connection.execute(query).mappings())

    def held_behind(self, subjects: Iterable[str]) -> Mapping[str, int]:
        """Return how many operations are queued for each of these subjects."""
        query = (
            sa.select(operations.c.subject, sa.func.count())
            .where(is_queued(operations), operations.c.subject.in_(list(subjects)))
            .group_by(operations.c.subject)
        )
        with self._clerk.store.reading() as connection:
            return {str(subject): int(count) for subject, count in connection.execute(query)}

    def listed(self, states: Collection[OperationState] = (), limit: int = 200) -> tuple[Operation, ...]:
        """Return the newest operations in these states, or in any."""
        query = sa.select(operations).order_by(operations.c.seq.desc()).limit(limit)
        if states:
            query = query.where(operations.c.state.in_(list(states)))
        with self._clerk.store.reading() as connection:
            return tuple(operation_of(row) for row in connection.execute(query).mappings())

    def find(self, id_: str) -> Operation | None:
        """Return one operation."""
        query = sa.select(operations).where(operations.c.id == id_)
        with self._clerk.store.reading() as connection:
            row = connection.execute(query).mappings().one_or_none()
            return operation_of(row) if row else None

    def _stop(self, connection: Connection, operation: Operation, refused: Operation) -> Operation:
        """Reject, without sending it, what needs something that ION refused."""
        name = str(refused.arguments.get("title") or refused.subject)
        error = told(
            "Not sent, since this is missing before it: {name}. {error}", name=name, error=refused.error
        )
        stopped = _change(
            connection,
            operation,
            state=OperationState.REJECTED,
            error=str(error),
            wording=wording_text(error=error),
            settled_at=self._clerk.now(),
        )
        details: dict[str, Json] = {"id": stopped.id, "needs": refused.id, "error": str(error)}
        self._clerk.note(connection, stopped.station, "operation-rejected", details)
        return stopped

    def _send_off(self, connection: Connection, operation: Operation) -> Operation:
        attempts = operation.attempts + 1
        sent = _change(connection, operation, state=OperationState.IN_FLIGHT, attempts=attempts)
        self._clerk.note(connection, sent.station, "operation-sent", {"id": sent.id, "attempt": attempts})
        return sent


def _claimable() -> tuple[sa.Select[Any], sa.Select[Any]]:
    """Return the queries for what is unknown, and for what is queued and not held back on its own subject."""
    active, earlier = operations.alias("active"), operations.alias("earlier")
    is_held = sa.exists().where(active.c.subject == operations.c.subject, is_active(active))
    is_later = sa.exists().where(
        earlier.c.subject == operations.c.subject,
        is_queued(earlier),
        earlier.c.seq < operations.c.seq,
        # What waits for this one cannot hold it back.
        sa.or_(earlier.c.needs == "", earlier.c.needs != operations.c.serves),
    )
    server = operations.alias("server")
    is_needing = sa.and_(
        operations.c.needs != "",
        sa.exists().where(
            server.c.serves == operations.c.needs,
            is_open(server),
            server.c.state != OperationState.REJECTED,
        ),
    )
    ready = sa.select(operations).where(
        is_open(operations), operations.c.state == OperationState.QUEUED, ~is_held, ~is_later, ~is_needing
    )
    unknown = sa.select(operations).where(is_open(operations), operations.c.state == OperationState.UNKNOWN)
    is_awake = sa.and_(
        operations.c.id.not_in(sa.bindparam("resting", expanding=True)),
        operations.c.subject.not_in(sa.bindparam("unread", expanding=True)),
    )
    unknown, ready = (query.where(is_awake).order_by(operations.c.seq).limit(1) for query in (unknown, ready))
    return unknown, ready


_CLAIMABLE = _claimable()


def _oldest(connection: Connection, resting: Collection[str], unread: Collection[str]) -> Operation | None:
    """Return the oldest operation that may be worked on now."""
    found = []
    for query in _CLAIMABLE:
        given = {"resting": list(resting), "unread": list(unread)}
        row = connection.execute(query, given).mappings().one_or_none()
        if row is not None:
            found.append(row)
    return operation_of(min(found, key=lambda row: int(row["seq"]))) if found else None


def _refused_before(connection: Connection, operation: Operation) -> Operation | None:
    """Return what ION refused of all that an operation needs."""
    if not operation.needs:
        return None
    query = sa.select(operations).where(
        operations.c.serves == operation.needs,
        is_open(operations),
        operations.c.state == OperationState.REJECTED,
    )
    row = connection.execute(query.order_by(operations.c.seq).limit(1)).mappings().one_or_none()
    return operation_of(row) if row else None


def _change(connection: Connection, operation: Operation, **values: object) -> Operation:
    """Change an operation that is still in the state in which it was read."""
    row = (
        connection.execute(
            sa.update(operations)
            .where(operations.c.id == operation.id, operations.c.state == operation.state)
            .values(**values)
            .returning(operations)
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise JournalError(
            f"Operation {operation.id!r}: expected it {operation.state.value}, it was changed meanwhile."
        )
    return operation_of(row)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where operations come from."""

    station: str
    flow: str
    """Which job asked."""
    actor: Operator | None = None
    """Who was signed in."""
    event: str = ""
    """The id of the scan or press."""


def insert_operations(
    connection: Connection, clerk: Clerk, submits: Sequence[tuple[str, Submit]], origin: Origin
) -> None:
    """Queue operations in the transaction of the event that asked for them.

    Args:
        connection: the transaction.
        clerk: gives ids and the time.
        submits: each with its key; a key that is there already is left alone.
        origin: whose event it was.

    Raises:
        JournalOvertaken: one takes back what is not done, or is taken back already.
    """
    for key, submit in submits:
        if connection.execute(_KNOWN, {"key": key}).scalar() is not None:
            continue
        if submit.undoes:
            check_undoing(connection, submit)
        id_ = clerk.new_id()
        values = {
            "id": id_,
            "key": key,
            "station": origin.station,
            "flow": origin.flow,
            "operation": submit.operation,
            "subject": submit.subject,
            "about": submit.about,
            "arguments": written(submit.arguments),
            "state": OperationState.QUEUED,
            "created_at": clerk.now(),
            "attempts": 0,
            "is_doubtful": False,
            "error": "",
            "serves": submit.serves,
            "needs": submit.needs,
            "undoes": submit.undoes,
            "event": origin.event,
            "actor": None if origin.actor is None else written(origin.actor),
        }
        connection.execute(_QUEUE, values)
        details: dict[str, Json] = {
            "id": id_,
            "operation": submit.operation,
            "arguments": dict(submit.arguments),
            "actor": to_json(origin.actor),
            **({"undoes": submit.undoes} if submit.undoes else {}),
        }
        clerk.note(connection, origin.station, "operation-queued", details)
