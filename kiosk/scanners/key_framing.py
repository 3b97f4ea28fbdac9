"""Cuts the kernel's key events into scans."""

import struct
from collections.abc import Callable

from kiosk.scanners.collector import Collector, Dropped, Piece
from kiosk.scanners.key_decoder import KEY_ENTER, KEY_KP_ENTER, KEY_TAB, KeyDecoder

# linux/input.h
EVENT = struct.Struct("llHHi")
"""Seconds, microseconds, type, code, value."""
EV_SYN, EV_KEY, SYN_DROPPED = 0, 1, 3
PRESSED = 1
ENDS = frozenset({KEY_ENTER, KEY_KP_ENTER})


class Records:
    """Puts records of ``struct input_event`` together, however they are chunked."""

    def __init__(self) -> None:
        self._rest = b""

    def whole(self, data: bytes) -> bytes:
        """Take more of what the kernel sent and return the records that are whole."""
        data = self._rest + data
        end = len(data) - len(data) % EVENT.size
        self._rest = data[end:]
        return data[:end]

    def reset(self) -> None:
        """Forget the record that has begun."""
        self._rest = b""


class KeyFraming:
    """Cuts key events into scans at Enter.

    Where the kernel lost events all is dropped up to the next silence: an Enter may be among what was lost,
    and a modifier's release. Then the kernel is asked which keys are held.
    """

    def __init__(
        self, decoder: KeyDecoder, held: Callable[[], frozenset[int]], *, tab_ends: bool = False
    ) -> None:
        self._decoder = decoder
        self._held = held
        self._collector = Collector()
        self._records = Records()
        self._has_lost = False
        self._ends = ENDS | {KEY_TAB} if tab_ends else ENDS

    @property
    def pending_bytes(self) -> int:
        """See ``Framing``."""
        return self._collector.pending_bytes

    @property
    def is_inside(self) -> bool:
        """See ``Framing``."""
        return self._collector.is_inside or self._decoder.is_inside

    def feed(self, data: bytes) -> tuple[Piece, ...]:
        """See ``Framing``; takes records of ``struct input_event``, however they are chunked."""
        pieces: list[Piece] = []
        for _, _, kind, code, value in EVENT.iter_unpack(self._records.whole(data)):
            if (kind, code) == (EV_SYN, SYN_DROPPED):
                pieces += self._collector.drop(Dropped.LOST)
                self._has_lost = True
            if kind != EV_KEY or self._has_lost:
                continue
            if value == PRESSED and code in self._ends:
                pieces += self.flush()
            else:
                pieces += self._collector.add(self._decoder.key(code, value))
        return tuple(pieces)

    def flush(self) -> tuple[Piece, ...]:
        """See ``Framing``."""
        pieces = self._collector.add(self._decoder.end()) + self._collector.flush()
        if self._has_lost:
            self._has_lost = False
            self._decoder.resync(self._held())
        return pieces

    def reset(self) -> None:
        """See ``Framing``."""
        self._collector.reset()
        self._decoder.resync(())
        self._records.reset()
        self._has_lost = False
