"""What is old and came to an end goes; what is open stays, and the audit can still be checked."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from sqlite3 import IntegrityError
from tempfile import TemporaryDirectory

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk.errors import JournalError
from kiosk.journal import Entry, Head, Press, back_up, restore
from kiosk.journal.retention import Retention
from kiosk.model import Answer, Asked, JobState, Location, OperationState, Question, RawScan
from tests.fakes import Clock, counted_ids
from tests.journal.opened import STATION, new_job, opened, rows_of, session, submit

KEPT = 2
"""Days that are kept here."""
DAY_S = 86_400
TABLES = ("operations", "scans", "presses", "print_jobs", "print_batches", "label_contents", "audit")


class Days:
    """A journal that lives for some days."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.folder = folder
        self.journal = opened(folder, self.clock)
        self.retention = Retention(self.journal.clerk, KEPT, self.clock.monotonic_s)
        self.number = 0

    def operation(self, state: OperationState, *, is_press: bool = False) -> str:
        """Bring an operation that a scan or press asked for to a state, and return what asked for it."""
        self.number += 1
        cause, key = f"cause-{self.number}", f"key-{self.number}"
        asked = submit(f"order-line/{self.number}")
        entry = Entry(session(), submits=[(key, asked)])
        if is_press:
            entry = Entry(session(), press=Press(cause, "CONFIRM", None), key=key, submits=[(key, asked)])
        else:
            entry = Entry(session(), scan=self.scan(cause), key=key, submits=[(key, asked)])
        self.journal.book.commit(entry)
        operation = self.journal.outbox.listed(limit=1)[0]
        if state is not OperationState.QUEUED:
            self.journal.outbox.settle(operation, state)
        return cause

    def scan(self, id_: str) -> RawScan:
        return RawScan(id_, STATION, "gun", b"PN-1", self.clock.now())

    def label(self, state: JobState, copies: int = 1) -> str:
        self.number += 1
        job = new_job(f"label-{self.number}", code=f"ION/LOC/{self.number}", copies=copies)
        id_ = self.journal.prints.add([job])[0].id
        with rows_of(self.folder) as connection:
            connection.execute("UPDATE print_jobs SET state = ? WHERE id = ?", (state, id_))
        return id_

    def passed(self, days: int = 1) -> None:
        """Let days go by, each with the house kept."""
        for _ in range(days):
            self.clock.passed_s += DAY_S
            self.keep_house()

    def keep_house(self) -> None:
        self.retention.begin_day()
        while self.retention.step():
            pass

    def counts(self) -> dict[str, int]:
        with rows_of(self.folder) as connection:
            return {
                table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
                for table in TABLES
            }

    def column(self, column: str, table: str, where: str = "1") -> set[str]:
        with rows_of(self.folder) as connection:
            rows = connection.execute(f"SELECT {column} FROM {table} WHERE {where}")  # noqa: S608
            return {row[0] for row in rows}


@pytest.fixture
def days(tmp_path: Path) -> Iterator[Days]:
    made = Days(tmp_path)
    with closing(made.journal):
        made.keep_house()
        yield made


def _work(days: Days) -> None:
    days.operation(OperationState.DONE)
    days.operation(OperationState.DISCARDED, is_press=True)
    days.label(JobState.CONFIRMED)


def test_what_is_over_goes_after_its_days_and_not_before(days: Days) -> None:
    _work(days)
    days.passed(KEPT)
    assert days.counts()["operations"] == 2, "kept for whole days after the one it belongs to"
    days.passed()
    counts = days.counts()
    audit = counts.pop("audit")
    assert counts == dict.fromkeys(counts, 0)
    assert audit == 1, "what says that something was removed"
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
    _work(days)
    audit = days.counts()["audit"]
    days.passed(KEPT + 3)
    assert days.column("cause", "operations") == {cause}
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
        connection.execute("UPDATE operations SET cause = ''")
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
    _work(days)
    days.passed(9)
    assert days.counts()["operations"] == 2


@pytest.mark.parametrize("jump_days", [-20_000, 20_000])
def test_a_clock_that_jumps_makes_nothing_old(days: Days, jump_days: int) -> None:
    """A Pi without a clock of its own starts in the past; one with an empty battery anywhere."""
    _work(days)
    days.clock.passed_s += jump_days * DAY_S
    days.keep_house()
    _work(days)
    days.clock.passed_s -= jump_days * DAY_S
    days.keep_house()
    assert days.counts()["operations"] == 4


def test_days_on_which_the_kiosk_was_off_make_nothing_old(days: Days) -> None:
    _work(days)
    days.clock.passed_s += 365 * DAY_S
    days.keep_house()
    assert days.counts()["operations"] == 2


def test_it_goes_on_where_it_broke_off(days: Days) -> None:
    for _ in range(5):
        _work(days)
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
    begun: list[str] = []

    def listen(_c: object, cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("DELETE"):
            removed.append(cursor.rowcount)  # type: ignore[attr-defined]  # the driver's own
        if statement == "BEGIN IMMEDIATE":
            begun.append(statement)

    engine = days.journal.clerk.store._engine
    sa.event.listen(engine, "after_cursor_execute", listen)
    days.passed()
    assert sum(removed) >= 40
    assert max(removed) <= 3
    assert len(begun) >= len(removed)


def test_what_it_looks_for_it_finds_by_its_index(days: Days) -> None:
    days.operation(OperationState.PARKED)
    _work(days)
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
    assert any("ix_operations_cause" in plan for plan in plans)
    whole = [plan for plan in plans if plan.startswith("SCAN") and "USING" not in plan]
    # These are read from their end, or stop at the first that is found; days and cuts have one row a day.
    assert {plan.split()[1] for plan in whole} <= {"audit", "days", "audit_cuts", "answers"}


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


def test_a_broken_audit_is_evidence(days: Days) -> None:
    _work(days)
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
    _work(days)
    for _ in range(KEPT + 1):
        days.clock.passed_s += DAY_S
        assert not days.journal.keep_house(), "nothing more is due"
    assert days.counts()["operations"] == 0
    assert "The audit begins after" in caplog.text


# What stands around the cut


@pytest.fixture
def cut(days: Days) -> Days:
    """Give a journal whose audit was cut, with some more after it."""
    _work(days)
    days.passed()
    _work(days)
    days.passed(KEPT)
    begun = days.journal.begun_after()
    assert begun is not None
    assert min(map(int, days.column("seq", "audit"))) == begun.after.seq + 1
    assert days.journal.first_break() is None
    return days


def _unguarded(days: Days, *statements: str) -> None:
    with rows_of(days.folder) as connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            if name.startswith("audit"):
                connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)


_FIRST = "(SELECT min(seq) FROM audit)"
_ATTACKS = {
    "the first entry is gone": ["DELETE FROM audit WHERE seq = FIRST"],
    "the first is edited": ["UPDATE audit SET station = 'x' WHERE seq = FIRST"],
    "the cut is gone": ["DELETE FROM audit_cuts"],
    "the cut is moved on and forged": [
        "UPDATE audit_cuts SET hash = (SELECT hash FROM audit WHERE seq = FIRST), entry = FIRST",
        "DELETE FROM audit WHERE seq = FIRST",
    ],
    "a second cut is forged": [
        (
            "INSERT INTO audit_cuts (at, entry, hash, noted) "
            "SELECT at, seq, hash, (SELECT noted FROM audit_cuts) FROM audit WHERE seq = FIRST"
        ),
        "DELETE FROM audit WHERE seq = FIRST",
    ],
    "the hash at the cut is another": ["UPDATE audit_cuts SET hash = substr(hash, 2) || '0'"],
    "something is put before the cut": [
        (
            "INSERT INTO audit (seq, at, boot, station, event, details, hash) "
            "SELECT entry, at, 'b', 's', 'forged', '{}', '0' FROM audit_cuts"
        )
    ],
    "the entry that tells of the cut is gone": [
        "DELETE FROM audit WHERE seq = (SELECT noted FROM audit_cuts)"
    ],
}


@pytest.mark.parametrize("attack", _ATTACKS)
def test_tampering_around_the_cut_is_found(cut: Days, attack: str) -> None:
    _unguarded(cut, *(statement.replace("FIRST", _FIRST) for statement in _ATTACKS[attack]))
    assert cut.journal.first_break() is not None
    cut.journal.watch.look_daily()
    assert cut.journal.watch.words.startswith("The audit is broken at entry ")


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM audit WHERE seq = (SELECT min(seq) FROM audit)",
        "UPDATE audit_cuts SET entry = entry + 1",
        "DELETE FROM audit_cuts",
    ],
)
def test_the_database_refuses_what_no_cut_gave_free(cut: Days, statement: str) -> None:
    with rows_of(cut.folder) as connection, pytest.raises(IntegrityError, match="the audit is never"):
        connection.execute(statement)


def test_heads_around_the_cut(cut: Days) -> None:
    begun = cut.journal.begun_after()
    assert begun is not None
    after = begun.after
    assert cut.journal.missing_anchor(after) is None
    assert cut.journal.missing_anchor(cut.journal.head()) is None
    other = "0" * 64
    rewritten = f"The audit was rewritten: its entry {after.seq} is another than it once was."
    assert cut.journal.missing_anchor(Head(after.seq, other)) == rewritten
    words = cut.journal.missing_anchor(Head(after.seq - 1, other))
    assert words is not None
    assert words.startswith(f"Entry {after.seq - 1} cannot be looked for any more: the audit begins after")


def test_the_start_looks_at_no_more_than_there_is(cut: Days) -> None:
    cut.journal.recover()
    assert cut.journal.watch.words == ""


def test_a_backup_is_whole_and_begins_again(cut: Days, tmp_path: Path) -> None:
    url, copy = f"sqlite:///{cut.folder}/kiosk.db", tmp_path / "copy.db"
    cut.operation(OperationState.QUEUED)
    back_up(url, copy)
    cut.journal.close()
    options = {"clock": cut.clock.now, "ids": counted_ids("r"), "boot": "boot-2", "allow_volatile": True}
    restore(url, copy, "a new card", **options)  # type: ignore[arg-type]
    with closing(opened(cut.folder, cut.clock, ids="z")) as again:
        assert again.first_break() is None
        assert again.outbox.counts() == (0, 1)


def test_a_second_copy_does_not_bring_back_what_was_removed(cut: Days) -> None:
    old = RawScan("old", STATION, "gun", b"PN-1", Clock().now())
    missing = cut.scan("missing")
    assert cut.journal.book.take_back([old, missing]) == 1
    assert "missing" in cut.column("id", "scans")


def test_what_is_exported_is_what_is_there(cut: Days) -> None:
    left = cut.counts()
    assert len(cut.journal.outbox.listed()) == left["operations"]
    assert len(cut.journal.book.scanned()) == left["scans"]


def test_without_room_nothing_is_marked_as_removed(days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
    """A transaction that fails leaves the cut and its entry undone together."""
    _work(days)
    days.passed(KEPT)
    days.clock.passed_s += DAY_S
    days.retention.begin_day()

    def fail(*_: object) -> None:
        raise JournalError("full")

    monkeypatch.setattr("kiosk.journal.audit.append", fail)
    with pytest.raises(JournalError, match="full"):
        days.retention.step()
    monkeypatch.undo()
    assert days.journal.begun_after() is None
    assert days.journal.first_break() is None


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
            causes = days.column("cause", "operations")
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
