"""The check of a journal that was closed in order comes beside the first scans; every other comes before."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from kiosk.errors import JournalDamaged, JournalError
from kiosk.journal import Entry, Journal, WriteWatch, open_journal
from kiosk.journal.orderly_end import mark_end
from kiosk.journal.store import is_migration_due
from tests.fakes import Clock, counted_ids
from tests.journal.opened import opened, rows_of, scan, session

SCANS = 40


def _served(folder: Path) -> Journal:
    """Open the journal as the service does."""
    return open_journal(
        f"sqlite:///{folder}/kiosk.db",
        clock=Clock().now,
        ids=counted_ids("s"),
        boot="boot-2",
        allow_volatile=True,
        may_check_later=True,
    )


def _left_to_later(folder: Path) -> bool:
    with closing(_served(folder)) as journal:
        found = journal.clerk.store.is_unchecked
        journal.clerk.store.check()
        assert journal.damage is None
        return found


def _rot(folder: Path, table: str) -> None:
    """Let a page go bad as a medium does it: neither the size nor the times of the file tell."""
    path = folder / "kiosk.db"
    with rows_of(folder) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        before = path.stat()
        with path.open("r+b") as file:
            file.seek((page - 1) * 4096)
            file.write(b"\xff" * 64)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """Give the folder of a journal with scans that was closed in order."""
    with closing(opened(tmp_path)) as journal:
        for number in range(SCANS):
            journal.book.commit(Entry(session(), scan=scan(f"scan-{number}", b"PN-1" * 50)))
    return tmp_path


def test_after_an_end_in_order_the_check_comes_later_and_once(closed: Path) -> None:
    with closing(_served(closed)) as journal:
        store = journal.clerk.store
        watch = WriteWatch(store, Clock().sleep, lambda: None)
        assert store.is_unchecked
        watch.step()
        assert not store.is_unchecked
        assert journal.state().is_ready
    assert _left_to_later(closed), "the next end was in order too"
    with closing(opened(closed)) as journal:
        assert not journal.clerk.store.is_unchecked, "only the service has somebody who checks later"


def test_who_only_looks_in_between_changes_nothing(closed: Path) -> None:
    assert not is_migration_due(f"sqlite:///{closed}/kiosk.db")
    assert _left_to_later(closed)


def test_a_file_whose_tables_are_of_an_earlier_kiosk_is_checked_before_they_are_changed(closed: Path) -> None:
    with rows_of(closed) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    _rot(closed, "files")
    mark_end(closed / "kiosk.db")
    with pytest.raises(JournalDamaged, match="sets the file aside"):
        _served(closed)


def test_who_ends_before_the_check_is_checked_first_the_next_time(closed: Path) -> None:
    _served(closed).close()
    assert not _left_to_later(closed)


def _touch(path: Path) -> None:
    os.utime(path, ns=(1, 1))


def _grow(path: Path) -> None:
    before = path.stat()
    with path.open("ab") as file:
        file.write(bytes(4096))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _count_up(path: Path) -> None:
    before = path.stat()
    data = bytearray(path.read_bytes())
    data[27] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize(
    "change",
    [
        _touch,
        _grow,
        _count_up,
        lambda path: path.with_name("kiosk.db-wal").write_bytes(b"7\x7f\x06\x82"),
        lambda path: path.with_name("kiosk.db.closed").write_bytes(b"\xff nothing"),
        lambda path: path.with_name("kiosk.db.closed").unlink(),
    ],
    ids=["another time", "another size", "another count of changes", "a log", "a torn mark", "no mark"],
)
def test_a_file_that_is_not_as_it_was_left_is_checked_first(
    closed: Path, change: Callable[[Path], None]
) -> None:
    change(closed / "kiosk.db")
    assert not _left_to_later(closed)


def test_after_a_power_cut_the_check_comes_first(
    closed: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    left = tmp_path_factory.mktemp("left")
    with closing(_served(closed)) as journal:
        journal.book.keep(scan("scan-last"))
        for path in closed.glob("kiosk.db*"):
            shutil.copy2(path, left)
    assert not (left / "kiosk.db.closed").exists()
    assert not _left_to_later(left)


def test_beside_a_kiosk_at_work_no_end_is_marked(closed: Path) -> None:
    with closing(_served(closed)) as journal:
        journal.book.keep(scan("scan-last"))
        opened(closed, ids="c").close()
        assert not (closed / "kiosk.db.closed").exists()


def test_damage_that_the_later_check_finds_ends_all_taking(closed: Path) -> None:
    _rot(closed, "files")
    with closing(_served(closed)) as journal:
        journal.book.keep(scan("scan-early"))
        told: list[str] = []
        watch = WriteWatch(journal.clerk.store, Clock().sleep, lambda: told.append(journal.state().text))
        watch.step()
        assert journal.damage is not None
        assert told == [str(journal.damage)]
        assert not journal.state().is_ready
        with pytest.raises(JournalDamaged, match="Nothing is taken any more; its file is set aside"):
            journal.book.keep(scan("scan-late"))
        watch.step()
        assert len(told) == 1
    with rows_of(closed) as connection:
        kept = {row[0] for row in connection.execute("SELECT id FROM scans WHERE state = 'waiting'")}
    assert kept == {"scan-early"}, "what was taken before is in the file that is set aside"
    with pytest.raises(JournalDamaged, match="sets the file aside"):
        _served(closed)


def test_damage_that_the_start_itself_comes_upon_is_said_to_be_damage(closed: Path) -> None:
    """The service sets the file aside and stands still then, and at any other error it ends."""
    _rot(closed, "audit")
    with closing(_served(closed)) as journal, pytest.raises(JournalDamaged, match="malformed"):
        journal.recover()
    assert not (closed / "kiosk.db.closed").exists()


def test_a_medium_that_cannot_be_read_by_the_later_check_is_told_until_it_can(closed: Path) -> None:
    with closing(_served(closed)) as journal:
        store = journal.clerk.store
        told: list[str] = []
        watch = WriteWatch(store, Clock().sleep, lambda: told.append(journal.state().text))
        is_broken = True

        def read(_c: object, _cursor: object, statement: str, *_: object) -> None:
            if is_broken and statement == "PRAGMA quick_check":
                error = sqlite3.OperationalError("disk I/O error")
                raise sa.exc.OperationalError(statement, None, error)

        sa.event.listen(store._engine, "before_cursor_execute", read)
        for _ in range(2):
            with pytest.raises(JournalError, match="disk I/O error"):
                watch.step()
        assert (store.is_unchecked, journal.damage) == (True, None)
        assert told == ["Cannot read the journal. (SQLite says: disk I/O error)"]
        is_broken = False
        watch.step()
        assert told[1:] == ["Durable."]


def test_a_page_that_goes_bad_while_the_kiosk_works_ends_all_taking(closed: Path) -> None:
    with closing(_served(closed)) as journal:
        journal.clerk.store.check()
        _rot(closed, "scans")
        journal.clerk.store._engine.dispose()  # what is in memory hides what the medium has
        with pytest.raises(JournalError, match="malformed"):
            journal.history.newest("dock-1", 100)
        assert journal.damage is not None
        with pytest.raises(JournalDamaged):
            journal.book.keep(scan("scan-late"))
