"""A scanner that acts as a keyboard, read from its event device and kept from everybody else."""

import fcntl
import os
import struct
from collections.abc import Callable

from kiosk.scanners.base import DeviceScanner
from kiosk.scanners.collector import Collector, Dropped, Piece
from kiosk.scanners.device_names import Roots, opened, relatives
from kiosk.scanners.key_decoder import KEY_ENTER, KEY_KP_ENTER, KEY_TAB, KeyDecoder
from kiosk.scanners.pump import Pump
from kiosk.settings import ScannerSettings

# linux/input.h
_EVENT = struct.Struct("llHHi")
_EV_SYN, _EV_KEY, _SYN_DROPPED = 0, 1, 3
_PRESSED = 1
_EVIOCGRAB = 0x4004_4590
_KEY_BYTES = 96
_EVIOCGKEY = 0x8000_4518 | _KEY_BYTES << 16


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
        self._rest = b""
        self._has_lost = False
        self._ends = {KEY_ENTER, KEY_KP_ENTER, *((KEY_TAB,) if tab_ends else ())}

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
        data = self._rest + data
        end = len(data) - len(data) % _EVENT.size
        self._rest = data[end:]
        for _, _, kind, code, value in _EVENT.iter_unpack(data[:end]):
            if (kind, code) == (_EV_SYN, _SYN_DROPPED):
                pieces += self._collector.drop(Dropped.LOST)
                self._has_lost = True
            if kind != _EV_KEY or self._has_lost:
                continue
            if value == _PRESSED and code in self._ends:
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
        self._rest = b""
        self._has_lost = False


class KeyboardScanner(DeviceScanner):
    """Reads scans from one keyboard, grabbed; no other one is ever opened, and no LED is ever set."""

    _group = "input"

    def __init__(self, settings: ScannerSettings, *, roots: Roots | None = None) -> None:
        decoder = KeyDecoder(settings.layout, gs_key=settings.gs_key)
        super().__init__(settings, KeyFraming(decoder, self._held, tab_ends=settings.tab_ends))
        self._roots = roots or Roots()
        self._fd = -1

    def _dial(self) -> Pump:
        device, _ = opened(self._settings.port, self._roots.keyboards, os.O_RDONLY)
        try:
            fcntl.ioctl(device, _EVIOCGRAB, 1)
        except OSError:
            device.close()
            raise
        self._fd = device.fileno()
        return Pump(device)

    def _held(self) -> frozenset[int]:
        bits = bytearray(_KEY_BYTES)
        try:
            fcntl.ioctl(self._fd, _EVIOCGKEY, bits)
        except OSError:
            # It is gone, and the next read says so.
            return frozenset()
        return frozenset(code for code in range(_KEY_BYTES * 8) if bits[code // 8] >> code % 8 & 1)

    def _expected(self) -> str:
        return "one keyboard"

    def _hint(self) -> str:
        return relatives(self._settings.port, self._roots)
