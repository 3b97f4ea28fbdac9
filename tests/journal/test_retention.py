"""What is old and came to an end goes; what is open stays, however it is mixed."""

import logging
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.journal import Entry
from kiosk.journal.retention import Retention
from kiosk.model import Answer, Asked, JobState, Location, OperationState, Question
from tests.journal.days import DAY_S, KEPT, Days
from tests.journal.opened import STATION, new_job, opened, rows_of, session


def test_what_is_over_goes_after_its_days_and_not_before(days: Days) -> None:
    days.work()
    days.passed(KEPT)
    assert days.counts()["operations"] == 2, "kept for whole days after the one it belongs to"
    days.passed()
    counts = days.counts()
    audit = counts.pop("audit")
    assert counts == dict.fromkeys(counts, 0)
    assert audit == 1, "what says that something was removed"
    told = days.journal.tally.counts()
    assert (told.operations, told.scans, told.presses, told.labels) == (2, 1, 1, 1), "counters never go down"
    assert days.journal.first_break() is None


OPEN = (
    OperationState.QUEUED,
    OperationState.IN_FLIGHT,
    OperationState.UNKNOWN,
    OperationState.PARKED,
    OperationState.REJECTED,
)


@pytest.mark.parametrize("state", OPEN)
@pytest.mark.parametrize("is_press", [True, False])
def test_an_open_operation_stays_with_what_it_came_from(
    days: Days, state: OperationState, is_press: bool
) -> None:
    cause = days.operation(state, is_press=is_press)
    days.work()
    audit = days.counts()["audit"]
    days.passed(KEPT + 3)
    assert days.column("event", "operations") == {cause}
    assert days.column("id", "scans") | days.column("id", "presses") == {cause}
    assert days.counts()["audit"] > audit, "its whole story"
    (operation,) = days.journal.outbox.listed()
    if state in {OperationState.PARKED, OperationState.REJECTED}:
        days.journal.outbox.decide(operation.id, OperationState.DISCARDED, "no longer needed")
    else:
        days.journal.outbox.settle(operation, OperationState.DONE)
    days.passed()
    assert days.counts()["operations"] == 0


def test_an_operation_of_an_earlier_kiosk_keeps_the_scans_of_its_day(days: Days) -> None:
    days.operation(OperationState.PARKED)
    days.journal.book.commit(Entry(session(), scan=days.scan("the same day")))
    with rows_of(days.folder) as connection:
        connection.execute("UPDATE operations SET event = ''")
    days.passed()
    days.journal.book.commit(Entry(session(), scan=days.scan("another day")))
    days.passed(KEPT + 1)
    assert days.column("id", "scans") == {"cause-1", "the same day"}


def test_a_scan_that_waits_stays(days: Days) -> None:
    days.journal.book.keep(days.scan("waits"))
    days.passed(KEPT + 2)
    assert [one.id for one in days.journal.book.waiting(STATION)] == ["waits"]


@pytest.mark.parametrize("state", [JobState.QUEUED, JobState.HELD, JobState.SENDING, JobState.UNKNOWN])
def test_a_label_that_is_open_stays_with_its_batch(days: Days, state: JobState) -> None:
    open_id = days.label(state, copies=3)
    with rows_of(days.folder) as connection:
        connection.execute("UPDATE print_jobs SET state = 'confirmed' WHERE id <> ?", (open_id,))
    days.label(JobState.CONFIRMED)
    days.passed(KEPT + 2)
    counts = days.counts()
    assert (counts["print_jobs"], counts["print_batches"], counts["label_contents"]) == (3, 1, 1)
    assert days.journal.prints.picture(open_id) == b"PNG"


def test_bytes_that_a_later_label_has_too_stay(days: Days) -> None:
    days.journal.prints.add([new_job("first")])
    with rows_of(days.folder) as connection:
        connection.execute("UPDATE print_jobs SET state = 'confirmed'")
    days.passed(KEPT)
    (later,) = days.journal.prints.add([new_job("later")])
    days.passed()
    counts = days.counts()
    assert (counts["print_jobs"], counts["label_contents"]) == (1, 1)
    assert days.journal.prints.picture(later.id) == b"PNG"


def test_for_ever_means_for_ever(days: Days) -> None:
    days.retention = Retention(days.journal.clerk, 0)
    days.work()
    days.passed(9)
    assert days.counts()["operations"] == 2


@pytest.mark.parametrize("jump_days", [-20_000, 20_000])
def test_a_clock_that_jumps_makes_nothing_old(days: Days, jump_days: int) -> None:
    """A Pi without a clock of its own starts in the past; one with an empty battery anywhere."""
    days.work()
    days.clock.passed_s += jump_days * DAY_S
    days.keep_house()
    days.work()
    days.clock.passed_s -= jump_days * DAY_S
    days.keep_house()
    assert days.counts()["operations"] == 4


def test_days_on_which_the_kiosk_was_off_make_nothing_old(days: Days) -> None:
    days.work()
    days.clock.passed_s += 365 * DAY_S
    days.keep_house()
    assert days.counts()["operations"] == 2


def test_it_goes_on_where_it_broke_off(days: Days) -> None:
    for _ in range(5):
        days.work()
    days.clock.passed_s += DAY_S
    days.retention.begin_day()
    days.clock.passed_s += DAY_S
    days.retention.begin_day()
    days.clock.passed_s += DAY_S
    days.retention.begin_day()
    hurried = Retention(days.journal.clerk, KEPT, iter(range(0, 1_000_000, 10)).__next__)
    assert hurried.step(), "one handful, since time is up at once"
    left = days.counts()
    assert left["operations"] == 0
    assert left["scans"] == 5
    assert days.journal.first_break() is None
    days.journal.close()
    with closing(opened(days.folder, days.clock, ids="b")) as again:
        retention = Retention(again.clerk, KEPT)
        while retention.step():
            pass
        assert again.first_break() is None
    assert days.counts()["scans"] == 0


def test_the_writers_lock_is_held_for_a_handful_at_most(days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.journal.retention._AT_ONCE", 3)
    for _ in range(10):
        days.operation(OperationState.DONE)
    days.passed(KEPT)
    removed: list[int] = []
    committed: list[object] = []

    def listen(_c: object, cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("DELETE"):
            removed.append(cursor.rowcount)  # type: ignore[attr-defined]  # the driver's own

    engine = days.journal.clerk.store._engine
    sa.event.listen(engine, "after_cursor_execute", listen)
    sa.event.listen(engine, "commit", committed.append)
    days.passed()
    assert sum(removed) >= 40
    assert max(removed) <= 3
    assert len(committed) >= len(removed)


def test_what_it_looks_for_it_finds_by_its_index(days: Days) -> None:
    days.operation(OperationState.PARKED)
    days.work()
    days.passed(KEPT)
    said: list[tuple[str, object]] = []

    def listen(_c: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        said.append((statement, parameters))

    sa.event.listen(days.journal.clerk.store._engine, "before_cursor_execute", listen)
    days.passed()
    with rows_of(days.folder) as connection:
        plans = [
            str(step[3])
            for statement, parameters in said
            if "LIMIT" in statement and statement.startswith("SELECT")
            for step in connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)  # type: ignore[arg-type]
        ]
    assert any("ix_operations_event" in plan for plan in plans)
    whole = [plan for plan in plans if plan.startswith("SCAN") and "USING" not in plan]
    # These are read from their end, or stop at the first that is found; days and cuts have one row a day.
    assert {plan.split()[1] for plan in whole} <= {"audit", "days", "audit_cuts", "answers"}


def test_nothing_that_stays_is_looked_at_again_for_each_handful(
    days: Days, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.journal.retention._AT_ONCE", 2)
    for _ in range(5):
        days.operation(OperationState.QUEUED)
    for _ in range(8):
        days.label(JobState.CONFIRMED)
    days.passed(KEPT)
    looks: Counter[str] = Counter()

    def listen(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if (words := statement.split())[0] == "SELECT" and words[1].endswith(".seq") and "LIMIT" in statement:
            looks[words[1]] += 1

    sa.event.listen(days.journal.clerk.store._engine, "before_cursor_execute", listen)
    days.passed()
    assert days.counts()["print_jobs"] == 0
    assert (looks["operations.seq"], looks["scans.seq"], looks["print_jobs.seq"]) == (1, 1, 5)


def test_a_scan_waits_no_longer_however_many_labels_have_no_batch(days: Days) -> None:
    """Counted in the steps of SQLite's own machine, while the writers' lock is held."""
    steps = [0]

    def count() -> int:
        steps[0] += 1
        return 0

    def begun(statement: str, connection: sqlite3.Connection) -> None:
        connection.set_progress_handler(count if statement.startswith("DELETE FROM print_jobs") else None, 10)

    sa.event.listen(
        days.journal.clerk.store._engine,
        "before_cursor_execute",
        lambda connection, _cursor, statement, *_: begun(statement, connection.connection.driver_connection),
    )

    def removing(labels: int) -> int:
        days.number += 1
        job = new_job(f"labels-{days.number}", code=f"ION/LOC/{days.number}", copies=labels)
        days.journal.prints.add([job])
        with rows_of(days.folder) as connection:
            connection.execute("UPDATE print_jobs SET batch = '', state = 'confirmed'")
        days.passed(KEPT)
        steps[0] = 0
        days.passed()
        assert days.counts()["print_jobs"] == 0
        return steps[0]

    few, many = removing(30), removing(120)
    assert few > 0
    assert many < few * 5


def test_the_file_does_not_grow_for_ever(days: Days) -> None:
    sizes = []
    for _ in range(9):
        for _ in range(40):
            days.operation(OperationState.DONE)
        days.passed()
        with rows_of(days.folder) as connection:
            sizes.append(connection.execute("PRAGMA page_count").fetchone()[0])
    assert sizes[-1] <= sizes[4] + 2


def test_remembered_answers_go_too(days: Days) -> None:
    question = Question(Asked.LOCATION_ID, "7")
    days.journal.answers.put([Answer(question, (Location("7", "Dock"),), days.clock.now())])
    days.passed(KEPT)
    assert days.journal.answers.get([question])
    days.passed()
    assert not days.journal.answers.get([question])


def test_an_answer_that_comes_anew_while_the_old_ones_are_looked_for_stays(days: Days) -> None:
    question = Question(Asked.LOCATION_ID, "7")
    days.journal.answers.put([Answer(question, (Location("7", "Dock"),), days.clock.now())])

    def answered(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT answers"):
            with rows_of(days.folder) as connection:
                connection.execute("UPDATE answers SET at = ?", (days.clock.now().isoformat(),))

    days.passed(KEPT)
    sa.event.listen(days.journal.clerk.store._engine, "after_cursor_execute", answered)
    days.passed()
    assert days.journal.answers.get([question])


def test_a_broken_audit_is_evidence(days: Days) -> None:
    days.work()
    with rows_of(days.folder) as connection:
        connection.execute("DROP TRIGGER audit_is_never_changed")
        connection.execute("UPDATE audit SET station = 'dock-2' WHERE seq = 2")
    days.journal.retention._keep_days = KEPT
    for _ in range(KEPT + 2):
        days.clock.passed_s += DAY_S
        assert not days.journal.keep_house()
    assert days.counts()["operations"] == 2
    assert len(days.column("day", "days")) == 1


def test_the_house_is_kept_by_the_journal(days: Days, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    days.journal.retention._keep_days = KEPT
    days.work()
    for _ in range(KEPT + 1):
        days.clock.passed_s += DAY_S
        assert not days.journal.keep_house(), "nothing more is due"
    assert days.counts()["operations"] == 0
    assert "The audit begins after" in caplog.text


# Whatever the mix

_EVENTS = st.one_of(
    st.tuples(st.sampled_from(OperationState), st.booleans()),
    st.sampled_from(JobState),
    st.just("scan"),
    st.just("waits"),
    st.just("day"),
    st.just("clock"),
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(_EVENTS, max_size=25))
def test_whatever_the_mix_what_is_open_stays(events: Sequence[object]) -> None:
    with TemporaryDirectory() as name:
        days = Days(Path(name))
        with closing(days.journal):
            days.keep_house()
            for event in events:
                _happen(days, event)
            kept = _open(days)
            # A clock that went back shows days once more that are counted already.
            days.passed(KEPT + 1 + 3 * events.count("clock"))
            assert _open(days) == kept
            assert days.journal.first_break() is None
            causes = days.column("event", "operations")
            assert causes <= days.column("id", "scans") | days.column("id", "presses")
            assert days.column("batch", "print_jobs") <= days.column("id", "print_batches")
            assert days.column("content", "print_jobs") == days.column("digest", "label_contents")
            ended = "state NOT IN ('queued', 'in_flight', 'unknown', 'parked', 'rejected')"
            assert days.column("id", "operations", ended) == set()
            _, waits = days.journal.outbox.counts()
            parked = days.column("id", "operations", "state IN ('parked', 'rejected')")
            assert waits == len(parked)


def _happen(days: Days, event: object) -> None:
    match event:
        case (OperationState() as state, bool(is_press)):
            days.operation(state, is_press=is_press)
        case JobState() as state:
            if state is not JobState.SENDING or not days.column("id", "print_jobs", "state = 'sending'"):
                days.label(state, copies=2)
        case "day":
            days.passed()
        case "clock":
            days.clock.passed_s -= 3 * DAY_S
        case what:
            days.number += 1
            taken = days.scan(f"scan-{days.number}")
            if what == "waits":
                days.journal.book.keep(taken)
            else:
                days.journal.book.commit(Entry(session(), scan=taken))


def _open(days: Days) -> dict[str, set[str]]:
    return {
        "operations": days.column(
            "id", "operations", "state IN ('queued', 'in_flight', 'unknown', 'parked', 'rejected')"
        ),
        "jobs": days.column("id", "print_jobs", "state IN ('queued', 'held', 'sending', 'unknown')"),
        "scans": days.column("id", "scans", "state = 'waiting'"),
    }
