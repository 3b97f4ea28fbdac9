"""The journal's price: durable scans a second, syncs a scan, and what all takes in a long journal.

The budgets: 200 durable scans a second, at most 1.2 fdatasync and 64 KiB each; claims, scans and counts as
quick in a journal of 1,000,000 rows as in one of 1,000, and 99 of 100 scans acknowledged within 150 ms among
100,000 that wait; an audit of 100,000 entries verified in 5 s. Run on the disk that the kiosk will use:
``TMPDIR=/var/lib/ion-kiosk make bench ARGS=journal``. ``ROWS=10000000`` before it makes the longest longer.
"""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

from bench._grown import SETTLED, event, opened, taken_ms
from kiosk.journal import Journal

SCANS = 500
COUNTED_SCANS = 200
STATIONS = 4
VERIFIED = 100_000
MOST_VERIFY_S = 5.0
LEAST_SCANS_A_SECOND = 200
MOST_SYNCS_A_SCAN = 1.2
MOST_KIB_A_SCAN = 64.0
MOST_GROWTH = 3.0
LONG = (1_000, 100_000, int(os.environ.get("ROWS", "1000000")))
QUEUED = 100_000
MOST_SCAN_P99_MS = 150.0


def main() -> int:
    with folder() as place:
        ours = scans_a_second(lambda: journal_writer(place))
    with folder() as place:
        together = together_a_second(place)
    with folder() as place:
        plain = scans_a_second(lambda: plain_writer(place))
    print(f"scans a second, each on disk: journal {ours:.0f}, {STATIONS} stations at once {together:.0f}")
    print(f"plain sqlite3 as Python sets it up (one row a scan, DELETE mode): {plain:.0f}")
    kept = ours >= LEAST_SCANS_A_SECOND
    syncs = {name: syncs_a_scan(name) for name in WORK}
    for name, figures in syncs.items():
        print(f"system calls a scan, {name}: {figures}")
        counted = figures.get("fdatasync")
        kept &= name == "plain" or counted is None or counted <= MOST_SYNCS_A_SCAN
    written = kib_a_scan()
    print(f"KiB written a scan, journal: {written}")
    kept &= written is None or written <= MOST_KIB_A_SCAN
    kept &= is_growth_kept()
    verified_s = verify_s(VERIFIED)
    print(f"audit of {VERIFIED} entries verified in {verified_s:.1f} s")
    kept &= verified_s <= MOST_VERIFY_S
    return 0 if kept else 1


def is_growth_kept() -> bool:
    """Print what all takes as a journal grows; return whether the budgets are kept."""
    grown: dict[str, Mapping[str, float]] = {}
    for rows in LONG:
        with folder() as place:
            grown[f"{rows:,} rows"] = taken_ms(place, rows)
    with folder() as place:
        offline = grown[f"{QUEUED:,} waiting"] = taken_ms(place, QUEUED, queued=QUEUED)
    print("\nmilliseconds, medians:")
    print(f"{'':<28}" + "".join(f"{name:>18}" for name in grown))
    for what in offline:
        print(f"{what:<28}" + "".join(f"{column[what]:>18.2f}" for column in grown.values()))
    few, *_, many, _ = grown.values()
    is_flat = all(many[what] <= few[what] * MOST_GROWTH for what in SETTLED)
    return is_flat and offline["scan p99"] <= MOST_SCAN_P99_MS


def verify_s(entries: int) -> float:
    """Return how long the chain of so many entries takes to check."""
    with folder() as place, closing(opened(place)) as journal:
        details = {"id": "0" * 32, "operation": "receive", "arguments": {"quantity": "5", "lot": "L-1"}}
        with journal.clerk.store.writing() as connection:
            for _ in range(entries):
                journal.clerk.note(connection, "dock-1", "operation-queued", details)
        start_s = time.perf_counter()
        assert journal.first_break() is None
        return time.perf_counter() - start_s


@contextmanager
def folder() -> Iterator[Path]:
    place = Path(tempfile.mkdtemp(prefix="bench-journal-"))
    try:
        yield place
    finally:
        shutil.rmtree(place)


@contextmanager
def journal_writer(place: Path) -> Iterator[Callable[[int], None]]:
    with closing(opened(place)) as journal:
        yield lambda number: journal.book.commit(event(number))


@contextmanager
def plain_writer(place: Path) -> Iterator[Callable[[int], None]]:
    with closing(sqlite3.connect(place / "plain.db")) as connection:
        connection.execute("CREATE TABLE scans (seq INTEGER PRIMARY KEY, id TEXT UNIQUE, raw BLOB)")

        def write(_number: int) -> None:
            connection.execute("INSERT INTO scans (id, raw) VALUES (?, ?)", (uuid.uuid4().hex, b"PN-1"))
            connection.commit()

        yield write


def scans_a_second(
    writer: Callable[[], AbstractContextManager[Callable[[int], None]]], count: int = SCANS
) -> float:
    with writer() as write:
        start_s = time.perf_counter()
        for number in range(count):
            write(number)
        return count / (time.perf_counter() - start_s)


def together_a_second(place: Path, count: int = SCANS) -> float:
    """Return how many scans a second several stations have on disk together."""
    with closing(opened(place)) as journal:
        start_s = time.perf_counter()
        scan_together(journal, count)
        return count / (time.perf_counter() - start_s)


def scan_together(journal: Journal, count: int) -> None:
    """Let several stations scan, each as fast as it is answered."""

    def scan(station: str) -> None:
        for number in range(count // STATIONS):
            journal.book.commit(event(number, station))

    threads = [threading.Thread(target=scan, args=(f"dock-{number}",)) for number in range(STATIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def syncs_a_scan(name: str) -> dict[str, float]:
    """Return calls a scan of what reaches the disk, counted by strace; empty without it."""
    if shutil.which("strace") is None:
        print("strace is not installed: syncs are not counted (apt-get install strace)")
        return {}
    with folder() as place:
        counts = [
            strace_counts([sys.executable, "-m", "bench.journal", name, str(place / str(scans)), str(scans)])
            for scans in (0, COUNTED_SCANS)
        ]
    without, with_scans = counts
    return {
        call: round((with_scans[call] - without.get(call, 0)) / COUNTED_SCANS, 2)
        for call in sorted(with_scans)
        if with_scans[call] > without.get(call, 0)
    }


def kib_a_scan() -> float | None:
    """Return how much is written a scan, checkpoints included; ``None`` without strace."""
    if shutil.which("strace") is None:
        return None
    totals = []
    with folder() as place:
        for scans in (0, COUNTED_SCANS):
            trace = place / f"trace-{scans}"
            command = [sys.executable, "-m", "bench.journal", "journal", str(place / str(scans)), str(scans)]
            subprocess.run(
                ["strace", "-f", "-s", "0", "-o", str(trace), "-e", "trace=pwrite64", *command],  # noqa: S607
                check=True,
                cwd=Path(__file__).parent.parent,
            )
            sizes = re.findall(r"(?m)\) += (\d+)$", trace.read_text(encoding="ascii", errors="replace"))
            totals.append(sum(map(int, sizes)))
    without, with_scans = totals
    return round((with_scans - without) / COUNTED_SCANS / 1024, 1)


def strace_counts(command: list[str]) -> dict[str, int]:
    calls = "fdatasync,fsync,pwrite64,unlink,ftruncate"
    done = subprocess.run(
        ["strace", "-f", "-c", "-e", f"trace={calls}", *command],  # noqa: S607 - found on PATH above
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parent.parent,
    )
    rows = re.findall(r"^\s*[\d.]+\s+[\d.]+\s+\d+\s+(\d+)\s+(?:\d+\s+)?(\w+)$", done.stderr, re.MULTILINE)
    return {call: int(count) for count, call in rows if call != "total"}


def work(name: str, place: Path, scans: int) -> None:
    """Write scans and end: what strace counts."""
    place.mkdir(parents=True)
    if name == "together":
        with closing(opened(place)) as journal:
            scan_together(journal, scans)
        return
    with WORK[name](place) as write:
        for number in range(scans):
            write(number)


WORK = {"journal": journal_writer, "together": journal_writer, "plain": plain_writer}


if __name__ == "__main__":
    work(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
