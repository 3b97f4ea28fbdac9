"""The devices that send barcodes, by the ``kind`` that the settings give them."""

from collections.abc import Callable

from kiosk.ports import Scanner
from kiosk.scanners.candidates import PluggedIn, Subordinate
from kiosk.scanners.hid_pos import HidPosScanner
from kiosk.scanners.keyboard import KeyboardScanner
from kiosk.scanners.network import NetworkScanner
from kiosk.scanners.serial_port import SerialScanner
from kiosk.settings import ScannerSettings

SCANNERS: dict[str, Callable[[ScannerSettings], Scanner]] = {
    "serial": SerialScanner,
    "keyboard": KeyboardScanner,
    "hid-pos": HidPosScanner,
    "network": NetworkScanner,
}

__all__ = ["SCANNERS", "PluggedIn", "Subordinate"]
