"""What is done again and again while nobody waits for it."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.ports import Sleep

_EVERY_S = 3600.0
_FIRST_AFTER_S = 60.0
"""A kiosk that starts has better things to do."""
_LOOK_S = 1.0


@dataclass(slots=True)
class Housekeeping:
    """Runs one chore again and again."""

    chore: Callable[[], object]
    """What it returns tells whether there is more of it: exactly ``True`` for *go on in a moment*."""
    sleep: Sleep
    monotonic_s: Callable[[], float] = time.monotonic
    every_s: float = _EVERY_S
    _due_s: float | None = None

    def step(self) -> None:
        """Do it if it is due, or wait a moment; one that fails is tried again when it is due next."""
        now_s = self.monotonic_s()
        if self._due_s is None:
            self._due_s = now_s + _FIRST_AFTER_S
        if now_s < self._due_s:
            self.sleep(_LOOK_S)
            return
        self._due_s = now_s + self.every_s
        if self.chore() is True:
            self._due_s = self.monotonic_s() + _LOOK_S
