"""A backup is whole whatever is written meanwhile, and nothing in it happens a second time."""

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.errors import JournalError
from kiosk.journal import Entry, Journal, back_up, restore, sole_use
from kiosk.model import JobState, OperationState
from tests.fakes import Clock, counted_ids
from tests.journal.opened import new_job, opened, queued, rows_of, scan, session


def _url(folder: Path) -> str:
    return f"sqlite:///{folder}/kiosk.db"


def _restore(folder: Path, source: Path, clock: Clock | None = None) -> str | None:
    return restore(
        _url(folder),
        source,
        "card died",
        clock=(clock or Clock()).now,
        ids=counted_ids("r"),
        boot="b",
        allow_volatile=True,
    )


@pytest.fixture
def backup(journal: Journal, tmp_path: Path) -> Path:
    for key in ("first", "second"):
        queued(journal, key, "line/1")
    operation = journal.outbox.claim()
    assert operation is not None
    queued(journal, "third", "line/2")
    queued(journal, "fourth", "line/2")
    done = queued(journal, "done", "line/3")
    journal.outbox.settle(done, OperationState.DONE, result={})
    journal.prints.add([new_job("job-1"), new_job("job-2")])
    journal.prints.claim("zebra")
    journal.book.keep(scan("scan-waiting"))
    target = tmp_path / "backup.db"
    back_up(_url(tmp_path), target)
    return target


def test_a_backup_is_one_whole_file_made_while_the_journal_is_written(
    journal: Journal, tmp_path: Path
) -> None:
    stop = threading.Event()
    written: list[int] = []

    def write() -> None:
        while not stop.is_set():
            journal.book.commit(Entry(session(), scan=scan(f"scan-{len(written)}")))
            written.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            before = len(written)
            folder = tmp_path / f"copy-{number}"
            folder.mkdir()
            back_up(_url(tmp_path), folder / "kiosk.db")
            assert [path.name for path in folder.iterdir()] == ["kiosk.db"]
            with closing(opened(folder)) as copy:
                assert copy.first_break() is None
                assert len(copy.book.scanned()) >= before
    finally:
        stop.set()
        writer.join()


def test_what_waited_is_held_back_for_a_person(backup: Path, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    assert _restore(fresh, backup) is None
    with closing(opened(fresh, ids="x")) as journal:
        assert journal.recover() == (0, 0)
        assert journal.outbox.claim() is None, "nothing is sent by itself"
        assert journal.prints.claim("zebra") is None, "nothing is printed by itself"
        assert journal.book.waiting("dock-1") == (), "nothing is answered by itself"
        states = {one.key: one.state for one in journal.outbox.listed()}
        assert states == {
            "first": OperationState.PARKED,
            "second": OperationState.REJECTED,
            "third": OperationState.PARKED,
            "fourth": OperationState.REJECTED,
            "done": OperationState.DONE,
        }
        assert all(
            "may have done this since" in one.error for one in journal.outbox.listed() if one.key != "done"
        )
        assert {job.state for job in journal.prints.newest("dock-1", 9)} == {JobState.UNKNOWN}
        assert journal.first_break() is None
        assert journal.outbox.decide("x", OperationState.QUEUED, "none") is None
    with rows_of(fresh) as rows:
        event, details = rows.execute("SELECT event, details FROM audit ORDER BY seq DESC").fetchone()
    assert event == "journal-restored"
    assert '"why":"card died"' in details


def test_the_journal_before_is_kept(backup: Path, tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    with closing(opened(place)) as journal:
        journal.book.keep(scan("scan-of-before"))
    kept = _restore(place, backup)
    assert kept == "kiosk.db.before-20260302T080000Z"
    with closing(sqlite3.connect(place / kept)) as before:
        assert before.execute("SELECT id FROM scans").fetchall() == [("scan-of-before",)]


def test_a_running_kiosk_is_not_restored_over(backup: Path, tmp_path: Path) -> None:
    with sole_use(_url(tmp_path)), pytest.raises(JournalError, match="Another kiosk is running"):
        _restore(tmp_path, backup)


@pytest.mark.parametrize("fault", ["damaged", "cut short", "no database", "another database"])
def test_what_is_no_whole_backup_changes_nothing(backup: Path, tmp_path: Path, fault: str) -> None:
    place = tmp_path / "place"
    place.mkdir()
    opened(place).close()
    before = (place / "kiosk.db").read_bytes()
    data = bytearray(backup.read_bytes())
    bad = tmp_path / "bad.db"
    if fault == "damaged":
        for page in range(1, len(data) // 4096):
            data[page * 4096] ^= 0xFF
    elif fault == "cut short":
        del data[len(data) // 2 :]
    elif fault == "no database":
        data = bytearray(b"somebody's text, and a long one too" * 99)
    bad.write_bytes(data)
    if fault == "another database":
        bad.unlink()
        with closing(sqlite3.connect(bad)) as other:
            other.execute("CREATE TABLE audit (seq)")
            other.commit()
    with pytest.raises(JournalError):
        _restore(place, bad)
    assert (place / "kiosk.db").read_bytes() == before
    assert not list(place.glob("*.before-*")) + list(place.glob("*.restored"))


def test_a_backup_is_not_written_over(backup: Path, tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="it exists, and is not written over"):
        back_up(_url(tmp_path), backup)


def test_a_folder_that_is_missing_is_named(journal: Journal, tmp_path: Path) -> None:
    journal.book.keep(scan("scan-1"))
    with pytest.raises(JournalError, match=r"Cannot back up the journal to .*unable to open database file"):
        back_up(_url(tmp_path), tmp_path / "nowhere" / "backup.db")
