import json
import logging
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection, IntegrityError

import pytest

from kiosk.journal import Entry, Head, Journal, read_head
from kiosk.journal.audit_watch import LOG_NAME
from kiosk.model import OperationState
from tests.fakes import Clock
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


def _forge(folder: Path, numbers: range) -> None:
    """Write another history by the rules, as somebody who knows them would."""
    for path in folder.glob("kiosk.db*"):
        path.unlink()
    with closing(opened(folder)) as journal:
        for number in numbers:
            journal.book.commit(Entry(session(), scan=scan(f"forged-{number}")))


def test_an_anchor_is_found_again_after_more_was_written(written: Path) -> None:
    with closing(opened(written, ids="b")) as journal:
        anchor = journal.head()
        assert anchor.seq == 6
        journal.book.commit(Entry(session(), scan=scan("scan-after")))
        assert journal.missing_anchor(anchor) is None
        assert journal.missing_anchor(journal.head()) is None


def test_an_anchor_finds_a_tail_that_was_cut_off(written: Path) -> None:
    with closing(opened(written)) as journal:
        anchor = journal.head()
    with rows_of(written) as connection:
        connection.execute("DROP TRIGGER audit_is_never_shortened")
        connection.execute("DELETE FROM audit WHERE seq > 4")
    with closing(opened(written)) as journal:
        assert journal.first_break() is None, "the chain alone cannot see it"
        assert journal.missing_anchor(anchor) == "The audit was cut off: it once had 6 entries, and has 4."


@pytest.mark.parametrize("entries", [6, 9])
def test_an_anchor_finds_an_audit_that_was_rewritten(written: Path, entries: int) -> None:
    with closing(opened(written)) as journal:
        anchor = journal.head()
    _forge(written, range(entries))
    with closing(opened(written)) as journal:
        assert journal.first_break() is None, "the chain alone cannot see it"
        words = "The audit was rewritten: its entry 6 is another than it once was."
        assert journal.missing_anchor(anchor) == words


def test_an_anchor_finds_a_log_that_was_deleted(tmp_path: Path) -> None:
    living, dead = tmp_path / "living", tmp_path / "dead"
    living.mkdir()
    dead.mkdir()
    opened(living).close()
    with closing(opened(living)) as journal:
        journal.book.commit(Entry(session(), scan=scan("in the log alone")))
        anchor = journal.head()
        shutil.copy(living / "kiosk.db", dead / "kiosk.db")
    with closing(opened(dead)) as journal:
        assert journal.first_break() is None
        assert journal.missing_anchor(anchor) == "The audit was cut off: it once had 1 entries, and has 0."


@pytest.mark.parametrize("text", ["", "6", "6:", "six:" + "0" * 64, "6:" + "0" * 63, "6:" + "g" * 64, "-1:0"])
def test_what_is_no_anchor_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected SEQ:HASH"):
        read_head(text)


def test_an_anchor_is_read_as_it_is_written() -> None:
    head = Head(12, "0a" * 32)
    assert read_head(str(head)) == head
    assert read_head(f" {head} \n".upper()) == head, "a scanner or a person may have typed it"


def test_a_broken_tail_is_said_at_the_start(written: Path, caplog: pytest.LogCaptureFixture) -> None:
    with closing(opened(written)) as journal:
        journal.recover()
        assert journal.state().is_ready
        assert caplog.records == []
    with rows_of(written) as connection:
        connection.execute(f"DROP TRIGGER {TRIGGERS[0]}")
        _edit(connection)
    with closing(opened(written)) as journal:
        journal.recover()
        state = journal.state()
    words = "The audit is broken at entry 3: it was changed, and not by the kiosk."
    assert (state.is_ready, state.text) == (False, f"{words} Tell a technician.")
    assert [(one.levelname, one.getMessage()) for one in caplog.records] == [("CRITICAL", words)]


def test_each_day_all_is_checked_and_the_head_is_logged(
    written: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.journal.audit_watch._AT_ONCE", 2)  # six entries take more than one go
    caplog.set_level(logging.INFO, LOG_NAME)
    clock = Clock()
    with closing(opened(written, clock)) as journal:
        head = journal.head()
        for hours in (1, 1, 24, 1):
            journal.watch.look_daily()
            clock.passed_s += 3600 * hours
        days = [one.getMessage() for one in caplog.records]
        assert [line.rpartition(" ")[2] for line in days] == [str(head)] * 2
        with rows_of(written) as connection:
            connection.execute(f"DROP TRIGGER {TRIGGERS[0]}")
            _edit(connection)
        clock.passed_s += 3600 * 24
        journal.watch.look_daily()
        assert journal.watch.broken_at == 3


def test_a_clock_that_jumps_changes_no_order(tmp_path: Path) -> None:
    """Order is by number and boot; wall times are only told."""
    clock = Clock()
    with closing(opened(tmp_path, clock)) as journal:
        for number, years in enumerate((0, 10, -20, 10)):
            clock.passed_s += years * 365 * 24 * 3600
            journal.book.commit(
                Entry(session(), scan=scan(f"scan-{number}"), submits=[(f"key-{number}", submit("line/1"))])
            )
        assert [kept.scan.id for kept in journal.book.scanned()] == [f"scan-{n}" for n in range(4)]
        order = []
        while (operation := journal.outbox.claim()) is not None:
            order.append(operation.key)
            journal.outbox.settle(operation, OperationState.DONE, result={})
        assert order == [f"key-{number}" for number in range(4)]
        assert journal.first_break() is None
