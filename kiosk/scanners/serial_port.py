"""A scanner on a serial port: USB CDC-ACM, or RS-232 through an adapter."""

import serial

from kiosk.scanners.base import DeviceScanner
from kiosk.scanners.line_splitter import LineSplitter
from kiosk.scanners.link import DescriptorLink
from kiosk.settings import ScannerSettings


class SerialScanner(DeviceScanner):
    """Reads scans from a serial port.

    Nothing is ever written to the port: with ACK/NAK switched on a scanner answers to what it hears.
    """

    def __init__(self, settings: ScannerSettings) -> None:
        super().__init__(settings, LineSplitter(tab_ends=settings.tab_ends))

    def _dial(self) -> DescriptorLink:
        return DescriptorLink(
            serial.Serial(self._settings.port, baudrate=self._settings.baud, timeout=0, exclusive=True)
        )

    def _expected(self) -> str:
        return f"a serial port at {self._settings.baud} baud"
