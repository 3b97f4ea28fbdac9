"""Migrations in a process of their own: what they take of memory is gone with it."""

import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.errors import JournalError
from kiosk.journal import migrate_apart, open_journal, sole_use
from kiosk.journal.store import is_migration_due
from tests.fakes import Clock, counted_ids
from tests.journal.opened import opened, rows_of

_START = """
import sys
from kiosk.journal import migrate_apart
migrate_apart(sys.argv[1], allow_volatile=True)
from kiosk.journal.store import Store, is_migration_due
print(is_migration_due(sys.argv[1]))
Store(sys.argv[1], allow_volatile=True).close()
print("alembic" in sys.modules)
"""


def _started(url: str) -> list[str]:
    command = [sys.executable, "-c", _START, url]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.split()


def _url(folder: Path) -> str:
    return f"sqlite:///{folder}/kiosk.db"


def test_a_first_start_leaves_alembic_to_another_process(tmp_path: Path) -> None:
    assert _started(_url(tmp_path)) == ["False", "False"]
    with closing(opened(tmp_path)) as journal:
        assert journal.first_break() is None


def test_whether_it_is_due_is_told_without_a_change(tmp_path: Path) -> None:
    assert is_migration_due(_url(tmp_path))
    assert list(tmp_path.iterdir()) == []
    opened(tmp_path).close()
    assert not is_migration_due(_url(tmp_path))
    with rows_of(tmp_path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    assert is_migration_due(_url(tmp_path))
    assert is_migration_due("sqlite:////nowhere/kiosk.db")


def test_under_a_running_kiosk_nothing_is_migrated(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _START.partition("from kiosk.journal.store")[0], _url(tmp_path)]
    with sole_use(_url(tmp_path)):
        subprocess.run(command, check=True, timeout=60)
    assert not (tmp_path / "kiosk.db").exists()


def test_what_is_wrong_is_said_by_who_opens_it(tmp_path: Path) -> None:
    (tmp_path / "kiosk.db").write_bytes(b"not a database at all, but somebody's text" * 100)
    done = subprocess.run(
        [sys.executable, "-c", _START, _url(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert "JournalDamaged: Cannot open the journal" in done.stderr
    assert done.stderr.count("JournalDamaged: ") == 1


def test_beside_other_threads_it_is_left_to_the_opening(tmp_path: Path) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        migrate_apart(_url(tmp_path), allow_volatile=True)
    finally:
        stop.set()
        thread.join()
    assert not (tmp_path / "kiosk.db").exists()
    options = {"clock": Clock().now, "ids": counted_ids(), "boot": "boot-1", "allow_volatile": True}
    with closing(open_journal(_url(tmp_path), **options)) as journal:  # type: ignore[arg-type]
        assert journal.first_break() is None
    with pytest.raises(JournalError):
        open_journal("sqlite:////nowhere/kiosk.db", **options)  # type: ignore[arg-type]
