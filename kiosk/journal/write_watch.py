"""Looks after whether the journal can be written, while nobody scans too: a card goes read-only by itself.

It also checks the file of a journal whose opening left that for later.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kiosk.journal.store import Store
from kiosk.ports import Sleep
from kiosk.words import told

_LOG = logging.getLogger(__name__)
_OPEN_FILES: Final = Path("/proc/self/fd")
_LOOK_S: Final = 2.0
_EVERY_S: Final = 60.0
"""One sync a minute is nothing to a card, and nobody waits longer than that for bad news."""


@dataclass(slots=True)
class WriteWatch:
    """Writes for no other reason than to see it on disk: every minute, in trouble every two seconds."""

    store: Store
    sleep: Sleep
    on_change: Callable[[], object]
    monotonic_s: Callable[[], float] = time.monotonic
    _due_s: float | None = None
    _told: str = ""
    _was_gone: bool = False
    """At the last look; once alone it may be SQLite itself, which deletes its log when all is closed."""

    def step(self) -> None:
        """Look once, and wait a while; the first minute of a start is left to others.

        Raises:
            JournalError: what was left to be checked cannot be read.
        """
        try:
            self.store.check()
        finally:
            # A page may show by now why a write failed: it has to hear that the next one did not.
            self._tell()
        is_gone = _is_gone(self.store.path)
        if is_gone and self._was_gone:
            self.store.condemn(told("the file, or its log, was deleted while the kiosk worked with it"))
        now_s = self.monotonic_s()
        if self._due_s is None:
            self._due_s = now_s + _EVERY_S
        # A new connection would make a new log beside the one that is still written.
        is_whole = self.store.damage is None and not is_gone
        if is_whole and (self.store.trouble or now_s >= self._due_s):
            self.store.prove_writing()
            self._due_s = self.monotonic_s() + _EVERY_S
        self._was_gone = is_gone
        self._tell()
        self.sleep(_LOOK_S)

    def _tell(self) -> None:
        trouble = str(self.store.damage or self.store.trouble)
        if trouble == self._told:
            return
        if trouble:
            _LOG.error("%s", trouble)
        else:
            _LOG.warning("The journal can be written again")
        self._told = trouble
        self.on_change()


def _is_gone(path: Path) -> bool:
    """Return whether this process has a file of the database open that has no name any more.

    What is written to it goes with the process: the kernel says so of each open file (proc_pid_fd(5)).
    """
    names = {Path(f"{path.resolve()}{part} (deleted)") for part in ("", "-wal", "-shm")}
    try:
        return any(_target(entry) in names for entry in _OPEN_FILES.iterdir())
    except OSError:
        return False


def _target(entry: Path) -> Path | None:
    try:
        return entry.readlink()
    except OSError:  # closed meanwhile
        return None
