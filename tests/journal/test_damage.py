"""A damaged journal is kept, said, and followed by a new one only when a technician says so."""

import json
import shutil
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.errors import JournalDamaged, JournalError
from kiosk.journal import Damage, Entry, noted_damage, renew, set_aside, sole_use
from tests.fakes import Clock, counted_ids
from tests.journal.opened import opened, rows_of, scan, session

NOW = datetime(2026, 11, 26, 3, 4, 5, tzinfo=UTC)
PAGE = 4096


def _url(folder: Path) -> str:
    return f"sqlite:///{folder}/kiosk.db"


def _renew(folder: Path) -> Damage:
    return renew(
        _url(folder), "card replaced", clock=Clock().now, ids=counted_ids(), boot="b", allow_volatile=True
    )


@pytest.fixture
def written(tmp_path: Path) -> Path:
    with closing(opened(tmp_path)) as journal:
        for number in range(60):
            journal.book.commit(Entry(session(), scan=scan(f"scan-{number}")))
    return tmp_path


def _flip(path: Path, offset: int) -> bytes:
    data = bytearray(path.read_bytes())
    data[offset] ^= 0x10
    path.write_bytes(data)
    return bytes(data)


def _damage(folder: Path) -> bytes:
    """Flip one bit in the kind of every page's tree, and return the file as it is then."""
    path = folder / "kiosk.db"
    for page in range(1, path.stat().st_size // PAGE):
        _flip(path, page * PAGE)
    return path.read_bytes()


def test_a_damaged_file_is_set_aside_whole_and_nothing_takes_its_place(written: Path) -> None:
    damaged = _damage(written)
    with pytest.raises(JournalDamaged) as caught:
        opened(written)
    damage = set_aside(_url(written), caught.value.found, NOW)
    assert damage.kept == "kiosk.db.damaged-20261126T030405Z"
    assert (written / damage.kept).read_bytes() == damaged
    assert not (written / "kiosk.db").exists()
    for _ in range(2):
        with pytest.raises(JournalDamaged, match=r"kept as 'kiosk\.db\.damaged-.*kiosk journal renew --why"):
            opened(written)
    assert not (written / "kiosk.db").exists()


def test_a_technician_begins_a_new_one_which_says_what_it_follows(written: Path) -> None:
    damaged = _damage(written)
    with pytest.raises(JournalDamaged):
        opened(written)
    damage = _renew(written)
    assert (written / damage.kept).read_bytes() == damaged
    assert noted_damage(_url(written)) is None
    with closing(opened(written, ids="b")) as journal:
        assert journal.book.scanned() == ()
        assert journal.first_break() is None
        journal.book.keep(scan("scan-after"))
    with rows_of(written) as rows:
        event, details = rows.execute("SELECT event, details FROM audit WHERE seq = 1").fetchone()
    assert event == "journal-renewed"
    assert json.loads(details)["kept"] == damage.kept
    assert json.loads(details)["why"] == "card replaced"


def test_a_second_damage_keeps_the_first_file_too(written: Path) -> None:
    _damage(written)
    first = set_aside(_url(written), "first", NOW)
    _renew(written)
    with closing(opened(written, ids="b")) as journal:
        journal.book.keep(scan("scan-after"))
    _damage(written)
    second = set_aside(_url(written), "second", NOW)
    assert second.kept == f"{first.kept}-2"
    assert (written / first.kept).exists()
    assert (written / second.kept).exists()


@pytest.mark.parametrize("moved", [[], ["-wal"], ["-wal", "-shm"], ["-wal", "-shm", ""]])
def test_setting_aside_that_was_cut_short_is_finished(written: Path, moved: list[str]) -> None:
    for part in ("-wal", "-shm"):
        (written / f"kiosk.db{part}").write_text(part)
    kept = "kiosk.db.damaged-before"
    note = {"at": "2026-11-26T03:00:00+00:00", "found": "a page", "kept": kept}
    (written / "kiosk.db.damage").write_text(json.dumps(note))
    for part in moved:
        (written / f"kiosk.db{part}").rename(written / f"{kept}{part}")
    assert set_aside(_url(written), "something else", NOW) == Damage(**note)
    assert sorted(path.name for path in written.glob("kiosk.db*")) == [
        "kiosk.db.begun",
        "kiosk.db.damage",
        kept,
        f"{kept}-shm",
        f"{kept}-wal",
    ]


def test_what_somebody_puts_into_its_place_does_not_go_over_it(written: Path) -> None:
    """A technician copies a backup there by hand; the service starts again, or a new journal is begun."""
    backup = (written / "kiosk.db").read_bytes()
    damaged = _damage(written)
    damage = set_aside(_url(written), "a page", NOW)
    (written / "kiosk.db").write_bytes(backup)
    assert set_aside(_url(written), "a page", NOW) == damage
    assert (written / damage.kept).read_bytes() == damaged
    assert (written / f"{damage.kept}-2").read_bytes() == backup
    assert not (written / "kiosk.db").exists()
    (written / "kiosk.db").write_bytes(backup)
    _renew(written)
    assert (written / damage.kept).read_bytes() == damaged
    with closing(opened(written, ids="b")) as journal:
        assert journal.book.scanned() == (), "what is sent may have been sent before"


def test_the_log_goes_with_its_file(tmp_path: Path) -> None:
    """What was acknowledged last is in the log alone; it can be read where the file was put."""
    living, dead = tmp_path / "living", tmp_path / "dead"
    living.mkdir()
    dead.mkdir()
    with closing(opened(living)) as journal:
        journal.book.keep(scan("scan-last"))
        for name in ("kiosk.db", "kiosk.db-wal"):
            shutil.copy(living / name, dead / name)
    damage = set_aside(_url(dead), "said by a test", NOW)
    for part in ("", "-wal"):
        (dead / f"{damage.kept}{part}").rename(dead / f"kiosk.db{part}")
    with rows_of(dead) as rows:
        assert rows.execute("SELECT id FROM scans").fetchall() == [("scan-last",)]


@pytest.mark.parametrize("loss", ["deleted", "emptied"])
def test_a_file_that_is_gone_is_no_first_start(written: Path, loss: str) -> None:
    path = written / "kiosk.db"
    if loss == "deleted":
        path.unlink()
    else:
        path.write_bytes(b"")
    with pytest.raises(JournalDamaged, match="it was begun before, and is missing or empty now"):
        opened(written)
    _renew(written)
    opened(written).close()


def test_a_whole_journal_is_not_begun_anew(written: Path) -> None:
    with pytest.raises(JournalError, match=r"'kiosk\.db' is whole: there is nothing to begin anew"):
        _renew(written)


def test_a_kiosk_at_work_is_not_begun_anew(written: Path) -> None:
    with sole_use(_url(written)), pytest.raises(JournalError, match="Another kiosk is running"):
        _renew(written)


def test_a_note_that_cannot_be_read_opens_nothing(written: Path) -> None:
    (written / "kiosk.db.damage").write_text("{")
    with pytest.raises(JournalError, match="Cannot read the note of the journal's damage"):
        opened(written)


def test_a_bit_that_flips_is_found_or_hides_no_scan(written: Path) -> None:
    path = written / "kiosk.db"
    whole = path.read_bytes()
    refused = told = 0
    for offset in range(0, len(whole), PAGE + 1):
        _flip(path, offset)
        try:
            with closing(opened(written, ids=f"x{offset}")) as journal:
                scans, broken = len(journal.book.scanned()), journal.first_break()
        except JournalError:
            refused += 1
        else:
            told += broken is not None
            assert scans == 60 or broken is not None
        for part in ("", "-wal", "-shm"):
            (written / f"kiosk.db{part}").unlink(missing_ok=True)
        path.write_bytes(whole)
    assert refused + told > 5
