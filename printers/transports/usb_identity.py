"""Finds a USB printer by what it is, as the number in `/dev/usb/lp0` may change with every plug."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from printers.errors import PrinterUnreachable

_IDENTITY: Final = re.compile(r"([0-9a-fA-F]{4}):([0-9a-fA-F]{4})(?::([!-~]{1,126}))?")
SYS: Final = Path("/sys/class/usbmisc")
DEV: Final = Path("/dev/usb")


@dataclass(frozen=True, slots=True)
class UsbIdentity:
    """A printer as `lsusb -v` tells of it."""

    vendor: str
    """Four hex digits, lower case; `product` too."""
    product: str
    serial: str
    """Empty where any one of this kind is meant."""
    sys: Path = SYS
    dev: Path = DEV

    @classmethod
    def read(cls, text: str) -> "UsbIdentity":
        """Read `vendor:product` or `vendor:product:serial`.

        Raises:
            ValueError: It is neither.
        """
        found = _IDENTITY.fullmatch(text)
        if found is None:
            raise ValueError("expected device:///dev/usb/lp0 or device://vendor:product:serial")
        return cls(found[1].lower(), found[2].lower(), found[3] or "")

    def node(self) -> Path:
        """Return the printer's node.

        Raises:
            PrinterUnreachable: It is not plugged in, or more than one is that could be meant.
        """
        found = [entry for entry in sorted(self.sys.glob("lp*")) if self._is_meant(entry / "device")]
        if len(found) != 1:
            raise PrinterUnreachable(
                f"device://{self}: expected one such printer on USB, got {len(found) or 'none'}"
            )
        return self.dev / found[0].name

    def _is_meant(self, interface: Path) -> bool:
        """Compare with the USB device that an interface belongs to."""
        device = interface.resolve().parent
        is_kind = (_text(device / "idVendor"), _text(device / "idProduct")) == (self.vendor, self.product)
        return is_kind and self.serial in {"", _text(device / "serial")}

    def __str__(self) -> str:
        return ":".join(filter(None, (self.vendor, self.product, self.serial)))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
