"""Asks a serial port's driver whether characters arrived damaged, as they do at a wrong baud rate."""

import fcntl
import struct
from collections.abc import Callable

from kiosk.scanners.collector import Dropped

_TIOCGICOUNT = 0x545D
# linux/serial.h, struct serial_icounter_struct: cts, dsr, rng, dcd, rx, tx, frame, overrun, parity, brk,
# buf_overrun, and nine more that are reserved.
_COUNTS = struct.Struct("20i")
_FRAME, _OVERRUN, _PARITY, _BREAK, _BUFFER_OVERRUN = 6, 7, 8, 9, 10

Ask = Callable[[int, int, bytearray], object]


class LineErrors:
    """What a port's error counters say; nothing where its driver does not count, as a pseudo terminal's."""

    def __init__(self, fd: int, ask: Ask = fcntl.ioctl) -> None:
        """Count from here.

        Args:
            fd: the open port.
            ask: ``fcntl.ioctl``.
        """
        self._fd = fd
        self._ask = ask
        self._garbled, self._lost = self._counts()

    def since(self) -> Dropped | None:
        """Return how what arrived since the last time was damaged, ``None`` where it was not."""
        before = self._garbled, self._lost
        self._garbled, self._lost = self._counts()
        if self._garbled != before[0]:
            return Dropped.GARBLED
        return Dropped.LOST if self._lost != before[1] else None

    def _counts(self) -> tuple[int, int]:
        """Return how many characters arrived in a wrong frame, and how many times some were lost."""
        field = bytearray(_COUNTS.size)
        try:
            self._ask(self._fd, _TIOCGICOUNT, field)
        except OSError:
            return 0, 0
        counts = _COUNTS.unpack(field)
        return counts[_FRAME] + counts[_PARITY] + counts[_BREAK], counts[_OVERRUN] + counts[_BUFFER_OVERRUN]
