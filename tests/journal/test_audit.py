import json
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection, IntegrityError

import pytest

from kiosk.journal import Entry, Journal
from tests.journal.opened import opened, rows_of, scan, session, submit

TRIGGERS = ("audit_is_never_changed", "audit_is_never_shortened")


@pytest.fixture
def written(tmp_path: Path) -> Path:
    with closing(opened(tmp_path)) as journal:
        for number in range(6):
            journal.book.commit(Entry(session(), scan=scan(f"scan-{number}")))
        assert journal.first_break() is None
    return tmp_path


def _edit(connection: Connection) -> None:
    connection.execute("UPDATE audit SET details = replace(details, 'scan-2', 'scan-9') WHERE seq = 3")


def _backdate(connection: Connection) -> None:
    connection.execute("UPDATE audit SET at = '2020-01-01T00:00:00+00:00' WHERE seq = 3")


def _delete(connection: Connection) -> None:
    connection.execute("DELETE FROM audit WHERE seq = 3")


def _delete_the_first(connection: Connection) -> None:
    connection.execute("DELETE FROM audit WHERE seq = 1")


def _insert(connection: Connection) -> None:
    connection.execute(
        "INSERT INTO audit (seq, at, boot, station, event, details, hash) "
        "SELECT 7, at, boot, station, event, details, hash FROM audit WHERE seq = 6"
    )


def _insert_between(connection: Connection) -> None:
    connection.execute("UPDATE audit SET seq = seq + 100 WHERE seq >= 3")
    connection.execute("UPDATE audit SET seq = seq - 99 WHERE seq >= 100")
    connection.execute(
        "INSERT INTO audit (seq, at, boot, station, event, details, hash) "
        "SELECT 3, at, boot, station, event, details, hash FROM audit WHERE seq = 2"
    )


def _swap(connection: Connection) -> None:
    connection.execute("UPDATE audit SET seq = 100 WHERE seq = 3")
    connection.execute("UPDATE audit SET seq = 3 WHERE seq = 4")
    connection.execute("UPDATE audit SET seq = 4 WHERE seq = 100")


@pytest.mark.parametrize(
    ("attack", "broken"),
    [
        (_edit, 3),
        (_backdate, 3),
        (_delete, 4),
        (_delete_the_first, 2),
        (_insert, 7),
        (_insert_between, 3),
        (_swap, 3),
    ],
)
def test_the_chain_finds(written: Path, attack: Callable[[Connection], None], broken: int) -> None:
    with rows_of(written) as connection:
        for trigger in TRIGGERS:
            connection.execute(f"DROP TRIGGER {trigger}")
        attack(connection)
    with closing(opened(written)) as journal:
        assert journal.first_break() == broken


@pytest.mark.parametrize("attack", [_edit, _delete])
def test_the_database_refuses(written: Path, attack: Callable[[Connection], None]) -> None:
    with rows_of(written) as connection, pytest.raises(IntegrityError, match="the audit is never"):
        attack(connection)


def test_the_chain_goes_on_after_a_restart(written: Path) -> None:
    with closing(opened(written, ids="b")) as journal:
        journal.book.commit(Entry(session(), scan=scan("scan-after")))
        assert journal.first_break() is None


def test_an_event_tells_of_all_it_led_to(journal: Journal, tmp_path: Path) -> None:
    journal.book.commit(
        Entry(session(), scan=scan("scan-1"), submits=[("key-1", submit(quantity="5", serials=("a", "b")))])
    )
    with rows_of(tmp_path) as connection:
        found = connection.execute("SELECT station, boot, event, details FROM audit ORDER BY seq").fetchall()
    assert [row[:3] for row in found] == [
        ("dock-1", "boot-1", "event"),
        ("dock-1", "boot-1", "operation-queued"),
    ]
    assert json.loads(found[0][3]) == {"scan": "scan-1", "screen": "home/idle"}
    assert json.loads(found[1][3])["arguments"] == {"quantity": "5", "serials": ["a", "b"]}
