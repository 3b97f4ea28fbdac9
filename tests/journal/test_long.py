"""What is asked all the time is found by an index of its own, however long the journal has become."""

import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from kiosk.journal import Entry, Journal
from kiosk.model import Operation, OperationState
from tests.journal.days import KEPT, Days
from tests.journal.opened import STATION, new_job, opened, queued, rows_of, session, submit

OWN = {
    "ix_operations_open",
    "ix_print_jobs_asked",
    "ix_print_jobs_asked_here",
    "ix_print_jobs_pending",
    "uq_print_jobs_sending",
}
"""Indexes that have only what is open, waits, or is asked about."""


@pytest.mark.parametrize(
    ("ask", "from_all"),
    [
        (lambda journal: journal.prints.shown("dock-1", 6), {"ix_print_jobs_station"}),
        (lambda journal: journal.prints.doubtful("dock-1"), set()),
        (lambda journal: journal.prints.explain("zebra", "kind", "why"), set()),
        (lambda journal: journal.queues.asked("zebra"), set()),
        (lambda journal: journal.queues.waiting("zebra"), set()),
        (lambda journal: journal.queues.in_flight("zebra"), set()),
        (lambda journal: journal.queues.names(), set()),
        (lambda journal: journal.batches.pending("zebra"), {"ix_print_jobs_batch"}),
        (lambda journal: journal.tally.counts(), set()),
        (lambda journal: journal.history.glance("dock-1"), {"ix_operations_station", "uq_operations_undoes"}),
        (lambda journal: journal.outbox.for_a_person(100), set()),
    ],
    ids=[
        "shown",
        "doubtful",
        "explain",
        "asked",
        "waiting",
        "in_flight",
        "names",
        "pending",
        "counts",
        "glance",
        "for_a_person",
    ],
)
def test_it_is_found_by_its_index(
    journal: Journal, tmp_path: Path, ask: Callable[[Journal], object], from_all: set[str]
) -> None:
    journal.prints.add([new_job("label-1")])
    queued(journal, "key-1")
    said: list[tuple[str, object]] = []

    def listen(_c: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        if statement.startswith("SELECT"):
            said.append((statement, parameters))

    sa.event.listen(journal.clerk.store._engine, "before_cursor_execute", listen)
    ask(journal)
    with rows_of(tmp_path) as connection:
        plans = [
            str(step[3])
            for statement, parameters in said
            for step in connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)  # type: ignore[arg-type]
        ]
    steps = [plan for plan in plans if " operations" in plan or " print_jobs" in plan]
    assert steps
    used = {name for step in steps for name in step.split() if name.startswith(("ix_", "uq_"))}
    assert not [step for step in steps if " INDEX " not in step]
    assert used <= OWN | from_all
    assert used & OWN


MOVES: dict[str, Callable[[Journal], object]] = {
    "counts": lambda journal: journal.outbox.counts(),
    "claim": lambda journal: journal.outbox.settle(claimed(journal), OperationState.DONE),
    "scan": lambda journal: journal.book.commit(Entry(session(), submits=[(_key(journal), submit())])),
    "labels": lambda journal: journal.prints.shown(STATION, 6),
    "glance": lambda journal: journal.history.glance(STATION),
    "history": lambda journal: journal.history.newest(STATION, 5),
    "parked": lambda journal: journal.outbox.for_a_person(5),
}


def claimed(journal: Journal) -> Operation:
    found = journal.outbox.claim()
    assert found is not None
    return found


def _key(journal: Journal) -> str:
    return f"another-{journal.head().seq}"


def test_what_is_done_all_the_time_costs_the_same_however_much_there_is(journal: Journal) -> None:
    """Counted in the steps of SQLite's own machine, which no load of this one makes more."""
    steps: Counter[str] = Counter()
    now = [""]

    def count() -> int:
        steps[now[0]] += 1
        return 0

    def checked_out(connection: sqlite3.Connection, *_: object) -> None:
        connection.set_progress_handler(count, 10)

    sa.event.listen(journal.clerk.store._engine, "checkout", checked_out)

    def measured(begin: int, end: int) -> dict[str, int]:
        now[0] = ""
        for number in range(begin, end):
            journal.book.commit(Entry(session(), submits=[(f"key-{number}", submit(f"order-line/{number}"))]))
            journal.prints.add([new_job(f"label-{number}", code=f"ION/LOC/{number}")])
        for number in range(begin, end, 2):
            journal.outbox.settle(
                claimed(journal), OperationState.PARKED if number % 3 else OperationState.DONE
            )
        steps.clear()
        for name, move in MOVES.items():
            now[0] = name
            move(journal)
        return dict(steps)

    few, many = measured(0, 20), measured(20, 100)
    assert few.keys() >= {"claim", "scan", "history"}
    grown = {name: (few.get(name, 0), count) for name, count in many.items() if count > few.get(name, 0) + 12}
    assert grown == {}


def test_nothing_is_dropped_in_35_days_without_network(days: Days) -> None:
    lines, a_day = 2, 3
    for day in range(35):
        for number in range(a_day):
            asked = submit(f"order-line/{number % lines}")
            days.journal.book.commit(
                Entry(session(), scan=days.scan(f"{day}-{number}"), submits=[(f"{day:02}-{number}", asked)])
            )
        days.passed()
    assert KEPT < 35
    days.journal.close()
    with closing(opened(days.folder, days.clock, ids="again")) as journal:
        journal.recover()
        assert journal.outbox.counts() == (35 * a_day, 0)
        assert len(journal.book.scanned()) == 35 * a_day
        sent = []
        while (operation := journal.outbox.claim()) is not None:
            journal.outbox.settle(operation, OperationState.DONE)
            sent.append(operation.key)
        assert sent == sorted(sent), "the oldest first"
        assert len(sent) == 35 * a_day
        assert journal.outbox.counts() == (0, 0)
        assert journal.first_break() is None
