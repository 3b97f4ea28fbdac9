"""Listens to a device that may be a scanner for the one code that it is to scan."""

import fcntl
from abc import ABC, abstractmethod
from collections.abc import Sequence
from itertools import cycle
from typing import Final

from kiosk.barcodes import aim
from kiosk.errors import ScanError, ScannerGone
from kiosk.legibility import is_legible
from kiosk.ports import Candidate, Heard, Scanner, Traits
from kiosk.scanners.device_names import Roots
from kiosk.scanners.hid_pos import HidPosScanner
from kiosk.scanners.line_errors import Ask
from kiosk.scanners.overhearing import OverheardKeyboard, typed
from kiosk.scanners.serial_port import SerialScanner
from kiosk.settings import ScannerSettings

_BAUDS: Final = (115200, 9600, 19200, 38400, 57600)
"""The most usual ones first."""
_OTHER: Final = "That was another barcode. Scan the one that is shown here."


class CodeListener(ABC):
    """What every kind shares; see ``Listener``."""

    def __init__(self, candidate: Candidate, code: str) -> None:
        self._candidate = candidate
        self._code = code.encode("ascii")

    @property
    @abstractmethod
    def _device(self) -> Scanner:
        """Return what is listened to."""

    @abstractmethod
    def _judge(self, scan: bytes) -> Heard | None:
        """Say what a scan has to do with the code."""

    def _judge_dropped(self) -> Heard | None:
        """Say what a scan has to do with the code that was not whole, or too long."""
        return None

    def open(self) -> None:
        """See ``Listener``."""
        self._device.open()

    def heard(self) -> Heard | None:
        """See ``Listener``."""
        try:
            scans = self._device.read(0)
        except ScannerGone:
            raise
        except ScanError:
            return self._judge_dropped()
        return _weightiest([self._judge(scan) for scan in scans])

    def close(self) -> None:
        """See ``Listener``."""
        self._device.close()

    def _compared(self, scan: bytes, traits: Traits) -> Heard | None:
        """Compare a scan with the code; a symbology identifier in front of it is no part of it."""
        _, body = aim.split(scan)
        if body == self._code:
            return Heard(traits)
        if body == self._code + b"\t":
            return Heard(Traits(traits.baud, traits.layout, tab_ends=True))
        if body.swapcase() == self._code:
            return Heard(None, "Upper and lower case came swapped: Caps Lock, or a setting for it.")
        if self._code in body:
            more = body.replace(self._code, b"", 1)
            return Heard(None, f"It sent {more!r} with the code. Set no prefix, and CR as its only suffix.")
        return None

    def _settings(self, *, baud: int = 115200) -> ScannerSettings:
        values = {"name": "new", "station": "none", "kind": self._candidate.kind, "baud": baud}
        return ScannerSettings.model_validate(values | {"port": self._candidate.port})


class SerialListener(CodeListener):
    """Listens to a serial port; one whose speed matters is tried at one after the other."""

    def __init__(self, candidate: Candidate, code: str, roots: Roots, *, ask: Ask = fcntl.ioctl) -> None:
        super().__init__(candidate, code)
        self._roots = roots
        self._ask = ask
        self._bauds = cycle(_BAUDS)
        self._baud = next(self._bauds)
        self._port = self._at(self._baud)

    @property
    def _device(self) -> Scanner:
        return self._port

    def _judge(self, scan: bytes) -> Heard | None:
        compared = self._compared(scan, Traits(baud=self._baud))
        if compared is not None:
            return compared
        if not is_legible(scan):
            return self._at_next_speed()
        # What is no scanner, such as a scale, may talk all the time.
        return Heard(None, _OTHER) if self._candidate.is_scanner else None

    def _judge_dropped(self) -> Heard | None:
        # The driver received what is no character.
        return self._at_next_speed()

    def _at(self, baud: int) -> SerialScanner:
        return SerialScanner(self._settings(baud=baud), roots=self._roots, ask=self._ask)

    def _at_next_speed(self) -> Heard:
        before, self._baud = self._baud, next(self._bauds)
        self._port.close()
        self._port = self._at(self._baud)
        self._port.open()
        return Heard(
            None, f"Not legible at {before} baud. It is heard at {self._baud} baud now: scan the code again."
        )


class HidPosListener(CodeListener):
    """Listens to a device in HID-POS mode."""

    def __init__(self, candidate: Candidate, code: str, roots: Roots) -> None:
        super().__init__(candidate, code)
        self._port = HidPosScanner(self._settings(), roots=roots)

    @property
    def _device(self) -> Scanner:
        return self._port

    def _judge(self, scan: bytes) -> Heard | None:
        return self._compared(scan, Traits()) or Heard(None, _OTHER)


class KeyboardListener(CodeListener):
    """Overhears a keyboard. Of one that may be a person's nothing is told but that it sent the code."""

    def __init__(self, candidate: Candidate, code: str, roots: Roots) -> None:
        super().__init__(candidate, code)
        self._port = OverheardKeyboard(self._settings(), roots=roots)

    @property
    def _device(self) -> Scanner:
        return self._port

    def _judge(self, scan: bytes) -> Heard | None:
        keys = typed(scan)
        if not any(text for _, text in keys.by_layout):
            # A key that was released, or a modifier alone.
            return None
        heard = _weightiest([self._compared(text, Traits(layout=layout)) for layout, text in keys.by_layout])
        if heard is not None and not keys.is_fast:
            return Heard(
                None,
                "The code came as slowly as a person types, and a keyboard is never taken. "
                "If it is a scanner, set no delay between its keys.",
            )
        if heard is None and self._candidate.is_scanner:
            return Heard(None, f"{_OTHER} If it was that one, set the scanner's keyboard layout to US.")
        return heard


def listener(candidate: Candidate, code: str, roots: Roots) -> CodeListener:
    """Return what hears whether this device scans the code."""
    kinds: dict[str, type[SerialListener | HidPosListener | KeyboardListener]] = {
        "serial": SerialListener,
        "hid-pos": HidPosListener,
        "keyboard": KeyboardListener,
    }
    return kinds[candidate.kind](candidate, code, roots)


def _weightiest(heard: Sequence[Heard | None]) -> Heard | None:
    """Return the first that is the code, else the first advice."""
    said = [one for one in heard if one is not None]
    return next((one for one in said if one.traits is not None), said[0] if said else None)
