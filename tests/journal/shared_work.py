"""Threads that write at once: ``python -m tests.journal.shared_work FOLDER SCANS``."""

import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from kiosk.journal import Entry, Journal
from tests.journal.opened import opened, scan, session, submit

_PATIENCE_S = 20.0


def until(look: Callable[[], bool]) -> None:
    """Wait for a state."""
    end_s = time.monotonic() + _PATIENCE_S
    while not look():
        assert time.monotonic() < end_s
        time.sleep(0.001)


def event(number: int) -> Entry:
    """Return a scan that asks ION for something."""
    return Entry(session(revision=number), scan=scan(f"scan-{number}"), submits=[(f"key-{number}", submit())])


def at_once(journal: Journal, writes: Sequence[Callable[[], object]]) -> list[threading.Thread]:
    """Start threads for these writes while another part is held, and let it go once all of them wait."""
    threads = [threading.Thread(target=write) for write in writes]
    store = journal.clerk.store
    with store.writing() as connection:
        journal.clerk.note(connection, "dock-1", "held", {})
        for count, thread in enumerate(threads, 1):
            thread.start()
            # One after the other, so that they come in this order.
            until(lambda: store.writers_waiting == count)  # noqa: B023 - used at once
    return threads


def main(folder: Path, scans: int) -> None:
    """Write scans one after the other, then as many at once; an fsync of its own begins and ends each."""
    with closing(opened(folder)) as journal, (folder / "mark").open("wb", buffering=0) as mark:
        # What the migrations wrote is brought from the log to its place behind this one.
        journal.book.commit(event(2 * scans))
        os.fsync(mark)
        for number in range(scans):
            journal.book.commit(event(number))
        os.fsync(mark)

        def write(number: int) -> Callable[[], object]:
            return lambda: journal.book.commit(event(number))

        for thread in at_once(journal, [write(scans + number) for number in range(scans)]):
            thread.join()
        os.fsync(mark)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
