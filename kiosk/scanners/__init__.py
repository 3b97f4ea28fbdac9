"""The devices that send barcodes, by the ``kind`` that the settings give them."""

from collections.abc import Callable

from kiosk.ports import Scanner
from kiosk.scanners.serial_port import SerialScanner
from kiosk.settings import ScannerSettings

SCANNERS: dict[str, Callable[[ScannerSettings], Scanner]] = {"serial": SerialScanner}

__all__ = ["SCANNERS"]
