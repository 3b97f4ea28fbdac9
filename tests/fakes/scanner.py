"""A scanner without a device."""

import time
from collections import deque

from kiosk.errors import ScanError, ScannerGone
from kiosk.model import Pace


class FakeScanner:
    """Gives what was put into it; unplugged, it is gone."""

    def __init__(self, name: str = "gun") -> None:
        self.name = name
        self.is_plugged = True
        self.opened = 0
        self.pace = Pace()
        self._is_open = False
        self._waiting: deque[tuple[bytes, ...] | ScanError] = deque()

    def send(self, *scans: bytes) -> None:
        """Let scans arrive together."""
        self._waiting.append(scans)

    def garble(self) -> None:
        """Let something arrive that is no scan."""
        self._waiting.append(ScanError(f"Scanner {self.name!r} sent too much; scan again."))

    def unplug(self) -> None:
        self.is_plugged = False

    def plug(self) -> None:
        self.is_plugged = True

    def open(self) -> None:
        if not self.is_plugged:
            raise ScannerGone(f"Cannot open scanner {self.name!r}: it is not there. Check its plug.")
        self.opened += 1
        self._is_open = True

    def read(self, timeout_s: float) -> tuple[bytes, ...]:
        if not self._is_open or not self.is_plugged:
            self._is_open = False
            raise ScannerGone(f"Scanner {self.name!r} went away. Check its plug.")
        if not self._waiting:
            time.sleep(min(timeout_s, 0.01))
            return ()
        arrived = self._waiting.popleft()
        if isinstance(arrived, ScanError):
            raise arrived
        return arrived

    def close(self) -> None:
        self._is_open = False
