"""What is asked all the time is found by an index of its own, however long the journal has become."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from kiosk.journal import Journal
from tests.journal.opened import new_job, queued, rows_of

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
