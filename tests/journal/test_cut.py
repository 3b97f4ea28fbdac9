"""The audit after its first entries were removed: still whole, and tampering around the cut is found."""

from contextlib import closing
from pathlib import Path
from sqlite3 import IntegrityError

import pytest

from kiosk.errors import JournalError
from kiosk.journal import Head, back_up, restore
from kiosk.model import OperationState, RawScan
from tests.fakes import Clock, counted_ids
from tests.journal.days import DAY_S, KEPT, Days
from tests.journal.opened import STATION, opened, rows_of


@pytest.fixture
def cut(days: Days) -> Days:
    """Give a journal whose audit was cut, with some more after it."""
    days.work()
    days.passed()
    days.work()
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
    days.work()
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
