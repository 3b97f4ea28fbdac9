"""Finds a scanner that is plugged in by the name that the settings give it, without opening any device.

A name is a path, ``vendor:product`` or ``vendor:product:serial`` as lsusb shows them, or the physical port:
as the kernel calls it (``usb-0000:01:00.0-1.3/input0``), or for a serial port udev's link in
``/dev/serial/by-path``. What is plugged in is read from sysfs.
"""

import errno
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from kiosk.words import told

_IDS = re.compile(r"([0-9a-f]{4}):([0-9a-f]{4})(?::(.+))?", re.IGNORECASE)
_KEY_A, _KEY_ENTER = 30, 28
_POS_DESCRIPTORS = (b"\x06\x8c\x00\x09\x02", b"\x05\x8c\x09\x02")
"""Usage page 0x8C and usage 2, both "bar code scanner": USB-IF, HID Point of Sale Usage Tables 1.02."""


@dataclass(frozen=True, slots=True)
class Found:
    """A device that is plugged in."""

    node: Path
    vendor: str
    """Four hex digits, lower case; ``product`` too."""
    product: str
    serial: str
    phys: str
    """The physical port, empty where it is not known."""
    fits: bool
    """It is a keyboard, or in HID-POS mode, or a serial port: what the caller looks for."""
    name: str = ""
    """What it calls itself."""

    def is_called(self, port: str) -> bool:
        """Return whether this is the name of the device."""
        if port.startswith("/"):
            return _is_same(Path(port), self.node)
        if (ids := _IDS.fullmatch(port)) is None:
            return port == self.phys
        is_kin = (self.vendor, self.product) == (ids[1].lower(), ids[2].lower())
        return is_kin and ids[3] in {None, self.serial}

    def __str__(self) -> str:
        serial = f" serial {self.serial!r}" if self.serial else ""
        return f"{self.vendor}:{self.product}{serial} in port {self.phys!r}"


@dataclass(frozen=True, slots=True)
class Roots:
    """Where the kernel shows devices."""

    sys: Path = Path("/sys")
    dev: Path = Path("/dev")

    def keyboards(self) -> Iterator[Found]:
        """Yield every input device that sends key events."""
        for entry in sorted(self.sys.glob("class/input/event*")):
            device = entry / "device"
            yield Found(
                self.dev / "input" / entry.name,
                _text(device / "id/vendor"),
                _text(device / "id/product"),
                _text(device / "uniq") or _usb_serial(device),
                _text(device / "phys"),
                fits=_is_keyboard(_text(device / "capabilities/key")),
                name=_text(device / "name"),
            )

    def hid_devices(self) -> Iterator[Found]:
        """Yield every HID device."""
        for entry in sorted(self.sys.glob("class/hidraw/hidraw*")):
            device = entry / "device"
            facts = dict(line.split("=", 1) for line in _text(device / "uevent").splitlines() if "=" in line)
            _, vendor, product = (*facts.get("HID_ID", "").split(":"), "", "", "")[:3]
            yield Found(
                self.dev / entry.name,
                vendor[-4:].lower(),
                product[-4:].lower(),
                facts.get("HID_UNIQ", "") or _usb_serial(device),
                facts.get("HID_PHYS", ""),
                fits=any(start in _bytes(device / "report_descriptor") for start in _POS_DESCRIPTORS),
                name=facts.get("HID_NAME", ""),
            )

    def serial_ports(self) -> Iterator[Found]:
        """Yield every serial port on USB; what is soldered to the board has no name of its own."""
        links = [(path, os.path.realpath(path)) for path in sorted(self.dev.glob("serial/by-path/*"))]
        for kind in ("ttyACM", "ttyUSB"):
            for entry in sorted(self.sys.glob(f"class/tty/{kind}*")):
                node = self.dev / entry.name
                usb = _usb_device(entry / "device")
                if usb is None:
                    continue
                words = (_text(usb / name) for name in ("manufacturer", "product"))
                yield Found(
                    node,
                    _text(usb / "idVendor"),
                    _text(usb / "idProduct"),
                    _text(usb / "serial"),
                    next((str(path) for path, real in links if real == os.path.realpath(node)), ""),
                    fits=True,
                    name=" ".join(word for word in words if word),
                )

    def usb_names(self, vendor: str) -> tuple[str, ...]:
        """Return ``vendor:product`` of what is plugged in from this make, in whatever mode."""
        return tuple(
            f"{vendor}:{_text(device / 'idProduct')}"
            for device in sorted(self.sys.glob("bus/usb/devices/*"))
            if _text(device / "idVendor") == vendor
        )


def find(port: str, plugged_in: Callable[[], Iterable[Found]]) -> Found:
    """Return the one device of this name.

    Raises:
        FileNotFoundError: it is not plugged in.
        ValueError: several have this name, or it is not in the mode that is looked for.
    """
    called = [found for found in plugged_in() if found.is_called(port)]
    fitting = [found for found in called if found.fits]
    if len(fitting) > 1:
        raise ValueError(
            told(
                "{count} of them: {names}. Name it by its serial number or its physical port.",
                count=len(fitting),
                names=_list(fitting),
            )
        )
    if fitting:
        return fitting[0]
    if called:
        raise ValueError(
            told(
                "{names} in another mode. Scan the code that sets the mode in its manual.",
                names=_list(called),
            )
        )
    if port.startswith("/") and Path(port).exists():
        raise ValueError(told("something else"))
    raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), port)


def opened(port: str, plugged_in: Callable[[], Iterable[Found]], flags: int) -> tuple[FileIO, Found]:
    """Open the one device of this name, and no other.

    Raises:
        OSError, ValueError: as ``find``, or it cannot be opened.
    """
    found = find(port, plugged_in)
    device = FileIO(os.open(found.node, flags | os.O_NONBLOCK | os.O_CLOEXEC), "rb")
    try:
        if find(port, plugged_in) != found:
            # Unplugged in this moment: the number may belong to somebody's keyboard by now.
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), port)
    except (OSError, ValueError):
        device.close()
        raise
    return device, found


def relatives(port: str, roots: Roots) -> str:
    """Return a sentence on other devices of the same make, empty where there are none."""
    ids = _IDS.fullmatch(port)
    names = roots.usb_names(ids[1].lower()) if ids else ()
    if not names:
        return ""
    # A scanner's product id depends on its mode.
    return told(
        "From the same make {names} is plugged in: the scanner may be set to another mode.",
        names=", ".join(names),
    )


def _list(devices: Sequence[Found]) -> str:
    return ", ".join(str(found) for found in devices)


def _is_same(path: Path, node: Path) -> bool:
    try:
        return path.samefile(node)
    except OSError:
        return False


def _is_keyboard(capabilities: str) -> bool:
    """Read sysfs' bit map: 64-bit words in hex, the highest first."""
    words = capabilities.split()
    lowest = int(words[-1], 16) if words else 0
    return all(lowest >> key & 1 for key in (_KEY_A, _KEY_ENTER))


def _usb_serial(device: Path) -> str:
    usb = _usb_device(device)
    return _text(usb / "serial") if usb else ""


def _usb_device(device: Path) -> Path | None:
    """Return the USB device that this is a part of, ``None`` where it is on another bus."""
    real = Path(os.path.realpath(device))
    return next((parent for parent in (real, *real.parents) if (parent / "idVendor").exists()), None)


def _text(path: Path) -> str:
    return _bytes(path).decode("utf-8", "replace").strip()


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        # The device went away, or does not have this attribute.
        return b""
