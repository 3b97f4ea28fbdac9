"""How fast ION may be asked: what 429 asks for is kept by all, and waited out by questions alone."""

import random
import time
from collections.abc import Callable
from typing import Final

from kiosk.errors import IonBusy
from kiosk.words import told

__all__ = ["Pace"]

_FIRST_S: Final = 0.5
_LONGEST_S: Final = 8.0


class Pace:
    """Remembers until when ION wants to be left alone. Threads may share it.

    A question waits as long as a person would; a change never waits here, since its own queue does.
    """

    def __init__(
        self,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._jitter = jitter
        self._quiet_until_s = 0.0
        self._refusals = 0

    def await_turn(self, tried: str, *, patience_s: float) -> float:
        """Wait until ION may be asked, and return how many seconds that took.

        Args:
            tried: what is to be asked; begins the error text.
            patience_s: the longest to wait.

        Raises:
            IonBusy: it would take longer; nothing was sent.
        """
        wait_s = self._quiet_until_s - self._monotonic()
        if wait_s <= 0:
            return 0.0
        if wait_s > patience_s:
            raise IonBusy(
                told(
                    "{tried}: expected ION to take questions, but it asked for {seconds} s of rest",
                    tried=tried,
                    seconds=f"{wait_s:.0f}",
                ),
                retry_after_s=wait_s,
            )
        self._sleep(wait_s)
        return wait_s

    def refused(self, error: IonBusy) -> None:
        """Take note of a 429: rest as it asks, else twice as long each time, never in step with others."""
        self._refusals += 1
        longest_s = min(_LONGEST_S, _FIRST_S * 2 ** min(self._refusals - 1, 6))
        asked_s = error.retry_after_s
        pause_s = longest_s * (0.5 + self._jitter() / 2) if asked_s is None else asked_s + self._jitter() / 4
        self._quiet_until_s = max(self._quiet_until_s, self._monotonic() + pause_s)

    def answered(self) -> None:
        """Take note of an answer."""
        self._refusals = 0
