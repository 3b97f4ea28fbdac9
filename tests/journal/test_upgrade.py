"""An upgrade with a full queue: nothing of it is lost, also when the power goes in the middle."""

import signal
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
from kiosk.words import Told, told
from tests.journal.opened import opened, queued, rows_of, set_back

WAITING = 400
STATES = [*OperationState]
_KILLED = """
import os, sqlite3, sys
import sqlalchemy as sa
from sqlalchemy.engine import Engine
import kiosk.journal.migrate
from kiosk.journal.store import Store
def count(_c, _cursor, statement, *_):
    global left
    if statement.split()[0] in {"CREATE", "ALTER", "INSERT", "UPDATE", "DROP"}:
        left -= 1
        if left < 0:
            os.kill(os.getpid(), 9)
sa.event.listen(Engine, "before_cursor_execute", count)
url, path = sys.argv[1], sys.argv[1].removeprefix("sqlite:///")
for statement in range(1000):
    left = statement
    pid = os.fork()
    if not pid:
        Store(url, allow_volatile=True).close()
        os._exit(0)
    _, status = os.waitpid(pid, 0)
    connection = sqlite3.connect(path)
    (version,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    connection.close()
    print(os.waitstatus_to_exitcode(status), version)
    if status == 0:
        break
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


def test_an_upgrade_that_is_killed_at_any_statement_is_begun_again(old: Path) -> None:
    command = [sys.executable, "-c", _KILLED, f"sqlite:///{old}/kiosk.db"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
    *killed, whole = [line.split() for line in done.stdout.splitlines()]
    assert len(killed) > 20
    assert {tuple(one) for one in killed} == {(str(-signal.SIGKILL), "0009")}
    assert whole[0] == "0"
    assert whole[1] > "0009"
    with closing(opened(old)) as journal:
        _is_whole(journal)


def test_a_kiosk_that_is_set_back_and_brought_up_again_keeps_what_people_have_to_decide(old: Path) -> None:
    """Of a sentence only its English is left then; a later one is said anew."""
    lost = told("{name} is gone", name="'x'")
    with closing(opened(old)) as journal:
        parked = queued(journal, "new-1", "line/new")
        journal.outbox.settle(parked, OperationState.PARKED, error=lost, facts=lost)
    set_back(old, "0019")
    with closing(opened(old)) as journal:
        found = journal.outbox.find(parked.id)
        assert found is not None
        assert (found.error, found.facts, type(found.error)) == (str(lost), str(lost), str)
        settled = journal.outbox.settle(found, OperationState.PARKED, error=lost)
        assert isinstance(settled.error, Told)
        assert len(journal.outbox.listed(limit=WAITING * 2)) == WAITING + 1
