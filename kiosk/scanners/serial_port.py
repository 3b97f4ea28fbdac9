"""A scanner on a serial port: USB CDC-ACM, or RS-232 through an adapter."""

import errno
import fcntl
import os

import serial

from kiosk.scanners.base import DeviceScanner
from kiosk.scanners.collector import Dropped
from kiosk.scanners.device_names import Roots, find, relatives
from kiosk.scanners.line_errors import Ask, LineErrors
from kiosk.scanners.line_splitter import LineSplitter
from kiosk.scanners.link import DescriptorLink
from kiosk.settings import ScannerSettings
from kiosk.words import Told, told


class SerialScanner(DeviceScanner):
    """Reads scans from a serial port.

    Nothing is ever written to the port: with ACK/NAK switched on a scanner answers to what it hears.
    """

    def __init__(
        self, settings: ScannerSettings, *, roots: Roots | None = None, ask: Ask = fcntl.ioctl
    ) -> None:
        super().__init__(settings, LineSplitter(tab_ends=settings.tab_ends))
        self._roots = roots or Roots()
        self._ask = ask
        self._line_errors: LineErrors | None = None

    def _dial(self) -> DescriptorLink:
        path = self._path()
        port = serial.Serial(path, baudrate=self._settings.baud, timeout=0, exclusive=True)
        if path != self._path():
            # Unplugged in this moment: the number may belong to another device by now.
            port.close()
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        self._line_errors = LineErrors(port.fileno(), self._ask)
        return DescriptorLink(port)

    def _damage(self) -> Dropped | None:
        return self._line_errors.since() if self._line_errors is not None else None

    def _path(self) -> str:
        name = self._settings.port
        return name if name.startswith("/") else str(find(name, self._roots.serial_ports).node)

    def _expected(self) -> Told:
        return told("a serial port at {baud} baud", baud=self._settings.baud)

    def _hint(self) -> str:
        return relatives(self._settings.port, self._roots)
