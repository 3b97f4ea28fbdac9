"""An upgrade with a full queue: nothing of it is lost, also when the power goes in the middle."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from kiosk.journal import Journal
from kiosk.journal.migrate import upgrade
from kiosk.journal.store import _MIGRATIONS
from kiosk.model import OperationState
from tests.journal.opened import opened, rows_of

WAITING = 400
STATES = [*OperationState]
_KILLED = """
import os, signal, sys
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from kiosk.journal.store import Store
left = int(sys.argv[2])
def count(_c, _cursor, statement, *_):
    global left
    if statement.split()[0] in {"CREATE", "ALTER", "INSERT", "UPDATE", "DROP"}:
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
sa.event.listen(Engine, "before_cursor_execute", count)
Store(sys.argv[1], allow_volatile=True)
"""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Give a journal of an earlier kiosk, with operations in every state."""
    engine = sa.create_engine(f"sqlite:///{tmp_path}/kiosk.db")
    with engine.begin() as connection:
        upgrade(connection, _MIGRATIONS, "0009")
    engine.dispose()
    rows = [
        (f"id-{number}", f"key-{number}", f"line/{number}", STATES[number % len(STATES)].value)
        for number in range(WAITING)
    ]
    with rows_of(tmp_path) as connection:
        connection.execute("BEGIN")
        connection.executemany(
            "INSERT INTO operations (id, key, station, flow, operation, subject, about, arguments, state, "
            "created_at, attempts, is_doubtful, error) VALUES (?, ?, 'dock-1', 'receive', 'receive', ?, "
            "'order/1', '{}', ?, '2026-03-02T08:00:00+00:00', 0, 0, '')",
            rows,
        )
        connection.execute("COMMIT")
    return tmp_path


def _is_whole(journal: Journal) -> None:
    found = journal.outbox.listed(limit=WAITING * 2)[::-1]
    assert [(one.id, one.state) for one in found] == [
        (f"id-{number}", STATES[number % len(STATES)]) for number in range(WAITING)
    ]
    states = [one.state for one in found]
    on_the_way = {OperationState.QUEUED, OperationState.IN_FLIGHT, OperationState.UNKNOWN}
    for_a_person = {OperationState.PARKED, OperationState.REJECTED}
    assert journal.outbox.counts() == (
        sum(state in on_the_way for state in states),
        sum(state in for_a_person for state in states),
    )


def test_what_waits_goes_on_after_an_upgrade(old: Path) -> None:
    with closing(opened(old)) as journal:
        _is_whole(journal)
        claimed = journal.outbox.claim()
        assert claimed is not None
        assert claimed.id == "id-0"


def test_an_upgrade_that_is_killed_anywhere_is_begun_again(old: Path) -> None:
    url = f"sqlite:///{old}/kiosk.db"
    for statement in (0, 4, 12):
        done = subprocess.run(
            [sys.executable, "-c", _KILLED, url, str(statement)], check=False, capture_output=True, timeout=60
        )
        assert done.returncode == -signal.SIGKILL, done.stderr
        with closing(sqlite3.connect(old / "kiosk.db")) as connection:
            assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0009",)]
    with closing(opened(old)) as journal:
        _is_whole(journal)
