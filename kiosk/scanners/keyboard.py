"""A scanner that acts as a keyboard, read from its event device and kept from everybody else."""

import fcntl
import os

from kiosk.scanners.base import DeviceScanner
from kiosk.scanners.device_names import Roots, opened, relatives
from kiosk.scanners.key_decoder import KeyDecoder
from kiosk.scanners.key_framing import KeyFraming
from kiosk.scanners.pump import Pump
from kiosk.settings import ScannerSettings
from kiosk.words import Told, told

# linux/input.h
_EVIOCGRAB = 0x4004_4590
_KEY_BYTES = 96
_EVIOCGKEY = 0x8000_4518 | _KEY_BYTES << 16


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

    def _expected(self) -> Told:
        return told("one keyboard")

    def _hint(self) -> str:
        return relatives(self._settings.port, self._roots)
