"""The medium under a kiosk at work fails: nothing is acknowledged, the screen says why, and it goes on."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from kiosk.errors import JournalDamaged, JournalError
from kiosk.journal import Journal, WriteWatch
from kiosk.journal.store import Store
from kiosk.model import OperationState
from tests.fakes import Clock
from tests.faults.medium import Card, card
from tests.journal.opened import new_job, opened, queued, rows_of, scan
from tests.station_world import LONG_S, World, warmed


@pytest.fixture
def medium(tmp_path: Path) -> Iterator[Card]:
    with card(tmp_path) as made:
        opened(made.folder).close()
        made.settle()  # the tests' own copy of a fresh journal; from here on the kiosk alone sees to that
        yield made


@dataclass
class Watched:
    """The watch of a journal, and what every page was told."""

    journal: Journal
    clock: Clock = field(default_factory=Clock)
    told: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.watch = WriteWatch(
            self.journal.clerk.store,
            self.clock.sleep,
            lambda: self.told.append(self.journal.state().text),
            self.clock.monotonic_s,
        )

    def look_for(self, seconds: float) -> None:
        end_s = self.clock.passed_s + seconds
        while self.clock.passed_s < end_s:
            self.watch.step()


def _refused(world: World, text: str) -> None:
    before = world.scans()
    sent = world.send(text)
    world.station.step()
    with pytest.raises(JournalError, match="Cannot write the journal"):
        sent.result(LONG_S)
    assert world.message.startswith("stop: NOT KEPT. Do it again, and tell a technician. Cannot write the")
    assert world.scans() == before


def test_on_a_card_that_goes_read_only_nothing_is_acknowledged_and_nothing_taken_is_lost(
    medium: Card,
) -> None:
    with closing(opened(medium.folder)) as journal:
        world = World(medium.folder, journal)
        warmed(world, "PO-1")
        world.scan("PO-1")
        queued(journal, "key-1")
        journal.prints.add([new_job("job-1")])
        head, waiting = journal.head(), journal.outbox.counts()
        assert journal.state().is_ready

        medium.go_read_only()
        _refused(world, "PO-1")
        _refused(world, "never seen")
        for begins in (journal.outbox.claim, lambda: journal.prints.claim("zebra")):
            with pytest.raises(JournalError, match="Cannot write the journal"):
                begins()
        assert world.view.waiting == waiting[0], "what is on disk is still shown"
        lamp = journal.state()
        assert (lamp.is_ready, lamp.text.startswith("Cannot write the journal. (")) == (False, True)
        watched = Watched(journal)
        watched.look_for(20)
        assert (len(watched.told), journal.state().is_ready) == (1, False)
        world.pool.shutdown()
    medium.unmount()

    medium.repair()
    medium.mount()
    with closing(opened(medium.folder, ids="b")) as journal:
        assert (journal.head(), journal.outbox.counts(), journal.first_break()) == (head, waiting, None)
        again = World(medium.folder, journal, ids="b")
        assert again.scan("PO-1").is_repeat is False
        claimed = journal.outbox.claim()
        assert claimed is not None
        assert claimed.state is OperationState.IN_FLIGHT
        assert journal.state().is_ready
        again.pool.shutdown()
    medium.unmount()


def test_a_card_that_goes_read_only_while_nobody_scans_is_noticed_within_a_minute(medium: Card) -> None:
    with closing(opened(medium.folder)) as journal:
        watched = Watched(journal)
        watched.look_for(70)
        medium.go_read_only()
        assert (watched.told, journal.state().is_ready) == ([], True)
        watched.look_for(64)
        (said,) = watched.told
        assert said.startswith("Cannot write the journal. (")
    medium.unmount()


def test_a_card_without_room_says_so_while_nobody_scans_and_is_well_again_once_there_is(medium: Card) -> None:
    with closing(opened(medium.folder)) as journal:
        watched = Watched(journal)
        ballast = medium.folder / "ballast"
        ballast.write_bytes(bytes(14 * 1024 * 1024))
        watched.look_for(64)
        ballast.unlink()
        watched.look_for(4)
        assert watched.told[0].startswith("The disk is almost full: expected 16384 KiB free for the journal")
        assert watched.told[1:] == ["Durable."]
        journal.book.keep(scan("scan-1"))
    medium.unmount()


def test_ten_minutes_in_which_another_program_holds_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every minute somebody scans; none of these scans counts, and the first one after it does."""
    monkeypatch.setattr("kiosk.journal.store._BUSY_TIMEOUT_S", 0.001)  # ten seconds are long in a test
    with closing(opened(tmp_path)) as journal:
        world = World(tmp_path, journal)
        warmed(world, "PO-1")
        watched = Watched(journal)
        with closing(sqlite3.connect(tmp_path / "kiosk.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            for _ in range(10):
                _refused(world, "PO-1")
                watched.look_for(60)
                assert journal.state().text == "Cannot write the journal. (SQLite says: database is locked)"
                assert world.view.screen == "home/idle"
            other.execute("ROLLBACK")
        assert watched.told == ["Cannot write the journal. (SQLite says: database is locked)"]
        watched.look_for(4)
        assert watched.told[1:] == ["Durable."]
        assert world.scan("PO-1").is_repeat is False
        assert world.view.screen == "receive/order"
        assert journal.first_break() is None
        world.pool.shutdown()


def test_a_look_at_the_disk_changes_nothing_and_makes_no_file(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as journal:
        journal.book.keep(scan("scan-1"))
        with rows_of(tmp_path) as connection:
            before = list(connection.iterdump())
            journal.clerk.store.prove_writing()
            assert list(connection.iterdump()) == before
        assert journal.state().is_ready
    (tmp_path / "kiosk.db").rename(tmp_path / "elsewhere.db")
    journal.clerk.store.prove_writing()
    assert not (tmp_path / "kiosk.db").exists()
    assert journal.state().text == "Cannot write the journal. (SQLite says: unable to open database file)"


@pytest.mark.parametrize("part", ["-wal", "-shm", ""])
def test_a_file_that_is_deleted_under_the_kiosk_ends_all_taking_and_what_can_be_kept_is(
    tmp_path: Path, part: str
) -> None:
    with closing(opened(tmp_path)) as journal:
        journal.book.keep(scan("scan-1"))
        watched = Watched(journal)
        watched.look_for(4)
        (tmp_path / f"kiosk.db{part}").unlink()
        journal.book.keep(scan("scan-2"))
        watched.look_for(4)
        (said,) = watched.told
        assert said.startswith("The journal is damaged (the file, or its log, was deleted while")
        with pytest.raises(JournalDamaged):
            journal.book.keep(scan("scan-3"))
    if part:
        with rows_of(tmp_path) as connection:
            kept = {row[0] for row in connection.execute("SELECT id FROM scans")}
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert kept == {"scan-1", "scan-2"}, "closing the file puts into it what its log had"
    else:
        assert not (tmp_path / "kiosk.db").exists(), "nothing takes its place"
        with pytest.raises(JournalDamaged, match="missing or empty"):
            Store(f"sqlite:///{tmp_path}/kiosk.db", allow_volatile=True)


def test_pages_hear_that_a_failure_of_a_moment_is_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.journal.store._BUSY_TIMEOUT_S", 0.001)
    with closing(opened(tmp_path)) as journal:
        watched = Watched(journal)
        watched.look_for(4)
        with closing(sqlite3.connect(tmp_path / "kiosk.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(JournalError):
                journal.book.keep(scan("scan-1"))
        assert not journal.state().is_ready, "every page that is drawn now says so"
        watched.look_for(2)
        assert watched.told == ["Cannot write the journal. (SQLite says: database is locked)", "Durable."]


def test_a_header_that_goes_bad_while_nobody_scans_is_damage(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as journal:
        watched = Watched(journal)
        watched.look_for(4)
        with rows_of(tmp_path) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with (tmp_path / "kiosk.db").open("r+b") as file:
            file.write(b"\xff" * 100)
        watched.look_for(64)
        assert journal.damage is not None
        assert journal.damage.found == "SQLite says: file is not a database"
        assert watched.told == [str(journal.damage)]


def test_a_log_that_sqlite_deletes_itself_is_no_damage(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as journal:
        watched = Watched(journal)
        for number in range(3):
            journal.book.keep(scan(f"scan-{number}"))
            journal.clerk.store._engine.dispose()
            assert not (tmp_path / "kiosk.db-wal").exists()
            watched.look_for(4)
        assert (watched.told, journal.damage) == ([], None)
