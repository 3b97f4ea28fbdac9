"""What a journal takes for each thing that the kiosk asks of it, as it grows."""

import os
import statistics
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bench._long_journal import STATION, lengthen
from kiosk.journal import Entry, Journal, open_journal
from kiosk.journal.retention import Retention
from kiosk.model import OperationState, RawScan, Session, Submit

_TIMES: Final = 15
_SCANS: Final = 300
_SHIFT: Final = timedelta(hours=8)
_PAUSE_S: Final = 0.005
_KEPT_DAYS: Final = 1
"""So that in the longest journal a pass of the retention has work for all of its step."""
SETTLED: Final = ("claim", "settle", "scan", "counts")
"""What must stay as it was, however long the journal: the design's budget."""


def opened(place: Path, *, may_check_later: bool = False) -> Journal:
    """Open a bench's journal."""
    return open_journal(
        f"sqlite:///{place}/kiosk.db",
        clock=lambda: datetime.now(UTC),
        ids=lambda: uuid.uuid4().hex,
        boot="bench",
        may_check_later=may_check_later,
    )


def event(number: int, station: str = STATION) -> Entry:
    """Return a scan that is answered at once and asks ION for something."""
    scan = RawScan(uuid.uuid4().hex, station, "gun", b"[)>\x1e06\x1dPPN-1\x1dQ5\x1e\x04", datetime.now(UTC))
    session = Session("session", station, "receive", "order", {"order": "3"}, None, number, number)
    submit = Submit("receive", f"order-line/{number % 500}", "order/3", {"quantity": "5", "lot": "L-1"})
    key = uuid.uuid4().hex
    return Entry(session, scan=scan, key=key, submits=[(key, submit)])


def taken_ms(place: Path, rows: int, *, queued: int = 0) -> Mapping[str, float]:
    """Return the milliseconds that each thing takes in a journal of so many rows, medians."""
    opened(place).close()
    lengthen(place / "kiosk.db", rows, queued=queued)
    # As after a power cut: nothing of it is in memory.
    _forget(place / "kiosk.db")
    start_s = time.perf_counter()
    journal = opened(place)
    with closing(journal):
        opened_s = time.perf_counter()
        journal.recover()
        found = {"open": opened_s - start_s, "recover": time.perf_counter() - opened_s}
        found |= _moved_on_s(journal)
        now = datetime.now(UTC)
        asked: Mapping[str, Callable[[], object]] = {
            "counts": journal.outbox.counts,
            "screen": lambda: _viewed(journal),
            "history": lambda: journal.history.newest(STATION, 100),
            "shift": lambda: journal.work.counted(now - _SHIFT, now),
            "search": lambda: journal.answers.like("SN-000000", 20),
            "parked": lambda: journal.outbox.for_a_person(100),
            "metrics": journal.tally.counts,
        }
        found |= {
            name: statistics.median(_seconds(ask) for _ in range(_TIMES)) for name, ask in asked.items()
        }
        scans = sorted(_seconds(lambda: journal.book.commit(event(0))) for _ in range(_SCANS))
        found["scan p99"] = scans[int(_SCANS * 0.99) - 1]
        found |= _beside_retention_s(journal)
    _forget(place / "kiosk.db")
    found["open after an end in order"] = _seconds(lambda: opened(place, may_check_later=True).close())
    return {name: seconds * 1000 for name, seconds in found.items()}


def _moved_on_s(journal: Journal) -> dict[str, float]:
    times: dict[str, list[float]] = {"scan": [], "claim": [], "settle": []}
    for number in range(_TIMES):
        times["scan"].append(_seconds(lambda: journal.book.commit(event(number))))  # noqa: B023 - used at once
    for _ in range(_TIMES):
        start_s = time.perf_counter()
        operation = journal.outbox.claim()
        times["claim"].append(time.perf_counter() - start_s)
        assert operation is not None
        times["settle"].append(
            _seconds(lambda: journal.outbox.settle(operation, OperationState.DONE, result={}))  # noqa: B023
        )
    return {name: statistics.median(each) for name, each in times.items()}


def _viewed(journal: Journal) -> None:
    """Read what a station's screen shows."""
    with journal.moment():
        journal.outbox.counts()
        journal.prints.shown(STATION, 6)
        journal.history.glance(STATION)


def _beside_retention_s(journal: Journal) -> Mapping[str, float]:
    """Return how long scans wait while another thread removes old rows, a handful at a time, for one step."""
    retention = Retention(journal.clerk, _KEPT_DAYS)
    retention.begin_day()
    remover = threading.Thread(target=retention.step)
    remover.start()
    waits = []
    while remover.is_alive():
        waits.append(_seconds(lambda: journal.book.commit(event(1))))
        time.sleep(_PAUSE_S)
    remover.join()
    waits.sort()
    return {"scan beside retention p99": waits[int(len(waits) * 0.99)], "worst of these": waits[-1]}


def _seconds(ask: Callable[[], object]) -> float:
    start_s = time.perf_counter()
    ask()
    return time.perf_counter() - start_s


def _forget(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
