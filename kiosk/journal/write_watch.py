"""Looks after whether the journal can be written, while nobody scans too: a card goes read-only by itself.

It also checks the file of a journal whose opening left that for later.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from kiosk.journal.store import Store
from kiosk.ports import Sleep

_LOG = logging.getLogger(__name__)
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

    def step(self) -> None:
        """Look once, and wait a while; the first minute of a start is left to others.

        Raises:
            JournalError: what was left to be checked cannot be read.
        """
        self.store.check()
        now_s = self.monotonic_s()
        if self._due_s is None:
            self._due_s = now_s + _EVERY_S
        if self.store.damage is None and (self.store.trouble or now_s >= self._due_s):
            self.store.prove_writing()
            self._due_s = self.monotonic_s() + _EVERY_S
        self._tell(str(self.store.damage or self.store.trouble))
        self.sleep(_LOOK_S)

    def _tell(self, trouble: str) -> None:
        if trouble == self._told:
            return
        if trouble:
            _LOG.error("%s", trouble)
        else:
            _LOG.warning("The journal can be written again")
        self._told = trouble
        self.on_change()
