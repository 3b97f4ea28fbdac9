"""A scanner in HID-POS mode, read from its raw HID device; no keyboard, so nothing else hears it."""

import fcntl
import os
from contextlib import suppress

from kiosk.scanners.base import DeviceScanner
from kiosk.scanners.device_names import Roots, opened, relatives
from kiosk.scanners.hid_pos_report import ReportFraming
from kiosk.scanners.link import DescriptorLink
from kiosk.settings import ScannerSettings
from kiosk.words import Told, told

_HONEYWELL = frozenset({"0c2e", "23d0"})
"""Honeywell and its maker Youjie: silent until feature report 254 has switched their reports on."""
_REPORTS_ON = b"\xfe\x01"
# linux/hidraw.h: _IOC(read and write, 'H', 6, length)
_HIDIOCSFEATURE = 0xC000_4806 | len(_REPORTS_ON) << 16


class HidPosScanner(DeviceScanner):
    """Reads scans from a raw HID device whose report descriptor says that it is a bar code scanner."""

    _group = "input"

    def __init__(self, settings: ScannerSettings, *, roots: Roots | None = None) -> None:
        super().__init__(settings, ReportFraming())
        self._roots = roots or Roots()

    def _dial(self) -> DescriptorLink:
        device, found = opened(self._settings.port, self._roots.hid_devices, os.O_RDWR)
        try:
            # Every reader of a raw HID device gets every report: a second kiosk would count every scan again.
            fcntl.flock(device, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            device.close()
            raise
        if found.vendor in _HONEYWELL:
            # A model that does not know the report refuses it and needs none.
            with suppress(OSError):
                fcntl.ioctl(device, _HIDIOCSFEATURE, _REPORTS_ON)
        return DescriptorLink(device)

    def _expected(self) -> Told:
        return told("one scanner in HID-POS mode")

    def _hint(self) -> str:
        return relatives(self._settings.port, self._roots)
