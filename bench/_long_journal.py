"""A journal of any length, written past the kiosk in seconds: as years of work leave one behind.

Its audit is chained as the kiosk chains it, and its order, days and counts are those of real work: a change
every two minutes, each scanned, each fifth with a label.
"""

import hashlib
import json
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

_START: Final = "0" * 64
_EVERY: Final = timedelta(minutes=2)
_LABEL_EVERY: Final = 5
_ROWS_AN_EVENT: Final = 3
"""A scan, an operation, and an entry of the audit; presses and labels come on top."""
LINES: Final = 500
STATION: Final = "dock-1"
_ANSWER: Final = json.dumps([{"kind": "location", "id": "7", "name": "Dock", "uid": None}])

_STATEMENTS: Final = {
    "scans": "INSERT INTO scans (id, station, scanner, raw, at, boot, state, screen) "
    "VALUES (?, 'dock-1', 'gun', ?, ?, 'boot', 'handled', 'receive/line')",
    "operations": "INSERT INTO operations (id, key, station, flow, operation, subject, about, arguments, "
    "state, created_at, attempts, is_doubtful, error, event) "
    "VALUES (?, ?, 'dock-1', 'receive', 'receive', ?, ?, ?, ?, ?, 1, 0, '', ?)",
    "audit": "INSERT INTO audit (at, boot, station, event, details, hash) VALUES (?, ?, ?, ?, ?, ?)",
    "print_jobs": "INSERT INTO print_jobs (id, key, station, printer, label, design_digest, fields, subject, "
    "encoded, content, copy, copies, state, created_at, error, event) "
    "VALUES (?, ?, 'dock-1', 'zebra', 'receiving', '', '{}', '', ?, 'content', 1, 1, 'sent', ?, '', ?)",
    "answers": "INSERT INTO answers (by, value, subjects, at) VALUES ('serial', ?, ?, ?)",
}


def lengthen(path: Path, rows: int, *, queued: int = 0, until: datetime | None = None) -> None:
    """Write so many rows of done work into a journal that the kiosk has made, and some that wait for ION.

    Args:
        path: the database; nobody else has it open.
        rows: scans, operations and entries of the audit together.
        queued: how many of the operations, the newest, wait.
        until: when the newest happened; else now.
    """
    end = until or datetime.now(UTC)
    events = max(rows // _ROWS_AN_EVENT, queued)
    with closing(sqlite3.connect(path)) as connection:
        for pragma in ("synchronous=OFF", "cache_size=-400000", "foreign_keys=OFF"):
            connection.execute(f"PRAGMA {pragma}")
        # A trigger counts each operation; all at once is a hundred times quicker.
        triggers = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'operations'"
        ).fetchall()
        for name, _ in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        last = connection.execute("SELECT hash FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
        for table, values in _rows(events, queued, end, last[0] if last else _START):
            connection.executemany(_STATEMENTS[table], values)
        connection.execute("INSERT OR IGNORE INTO label_contents VALUES ('content', x'00', x'00')")
        connection.execute("DELETE FROM operation_tallies")
        connection.execute(
            "INSERT INTO operation_tallies SELECT state, count(*) FROM operations GROUP BY state"
        )
        _write_days(connection, events, end)
        for _, trigger in triggers:
            connection.execute(trigger)
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _rows(
    events: int, queued: int, end: datetime, last: str
) -> Iterator[tuple[str, Iterator[tuple[object, ...]]]]:
    ids = [uuid.uuid4().hex for _ in range(events)]
    times = [(end - _EVERY * (events - number)).isoformat() for number in range(events)]
    arguments = '{"quantity":"5","lot":"L-1","part":"PN-1"}'
    waits_from = events - queued
    yield (
        "scans",
        ((id_, b"[)>\x1e06\x1dPPN-1\x1dQ5\x1e\x04", at) for id_, at in zip(ids, times, strict=True)),
    )
    yield (
        "operations",
        (
            (
                uuid.uuid4().hex,
                f"long/{number}",
                f"order-line/{number % LINES}",
                f"order/{number % (LINES // 10)}",
                arguments,
                "queued" if number >= waits_from else "done",
                times[number],
                ids[number],
            )
            for number in range(events)
        ),
    )
    yield "audit", _chain(ids, times, last)
    yield (
        "print_jobs",
        (
            (uuid.uuid4().hex, f"long/{number}", f"ION/PI/{number}", times[number], ids[number])
            for number in range(0, events, _LABEL_EVERY)
        ),
    )
    yield "answers", ((f"SN-{number:09}", _ANSWER, times[number]) for number in range(0, events, 10))


def _chain(ids: list[str], times: list[str], last: str) -> Iterator[tuple[object, ...]]:
    for id_, at in zip(ids, times, strict=True):
        details = _canonical({"scan": id_, "screen": "receive/line"})
        entry = {"at": at, "boot": "boot", "station": STATION, "event": "event", "details": details}
        last = hashlib.sha256(f"{last}{_canonical(entry)}".encode()).hexdigest()
        yield at, "boot", STATION, "event", details, last


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def _write_days(connection: sqlite3.Connection, events: int, end: datetime) -> None:
    """Note where each day of work began, as the kiosk does on that day."""
    a_day = int(timedelta(days=1) / _EVERY)
    for number in range(0, events, a_day):
        at = end - _EVERY * (events - number)
        row = connection.execute("SELECT seq, hash FROM audit WHERE seq = ?", (number,)).fetchone()
        jobs = number // _LABEL_EVERY
        connection.execute(
            "INSERT OR IGNORE INTO days (day, at, entry, hash, scans, presses, operations, print_batches, "
            "print_jobs, is_removed) VALUES (?, ?, ?, ?, ?, 0, ?, 0, ?, 0)",
            (at.date().isoformat(), at.isoformat(), *(row or (0, _START)), number, number, jobs),
        )
