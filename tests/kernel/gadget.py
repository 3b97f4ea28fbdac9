"""USB devices in software: scanners and a printer on the dummy host controller, and their own side."""

import contextlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.scanners.strokes import Strokes

CONFIG = Path("/sys/kernel/config/usb_gadget")
KEYBOARD = bytes.fromhex(
    "05010906a101050719e029e71500250175019508810295017508810395067508150025650507190029658100c0"
)
"""A boot keyboard: modifiers, a reserved byte, six keys."""
POS = bytes.fromhex(
    "068c000902a101"
    "8502"  # report id 2
    "150026ff007508953f09fe8102"  # 63 bytes in
    "85fe95010900b102"  # report id 254: one byte of feature
    "c0"
)
_USAGES = {
    **dict(zip((*range(2, 12), 28, 1, 14, 15, 57), range(30, 45), strict=True)),
    **dict(zip((12, 13, 26, 27, 43), (45, 46, 47, 48, 49), strict=True)),
    **dict(zip((39, 40, 41, 51, 52, 53), (51, 52, 53, 54, 55, 56), strict=True)),
    **dict(zip((79, 80, 81, 75, 76, 77, 71, 72, 73, 82), range(89, 99), strict=True)),
    **dict(
        zip(
            (
                *(30, 48, 46, 32, 18, 33, 34, 35, 23, 36, 37, 38, 50),
                *(49, 24, 25, 16, 19, 31, 20, 22, 47, 17, 45, 21, 44),
            ),
            range(4, 30),
            strict=True,
        )
    ),
    58: 57,
    96: 88,
}
"""HID usage by key code: HID Usage Tables, keyboard page."""
_MODIFIERS = {29: 0x01, 42: 0x02, 56: 0x04, 97: 0x10, 54: 0x20, 100: 0x40}


@dataclass(frozen=True, slots=True)
class Make:
    """What a device says it is."""

    vendor: str
    product: str
    manufacturer: str
    model: str


SCANNER = Make("0c2e", "0b61", "Honeywell", "1950g")


class Gadget:
    """A device of several functions: a scanner's serial port, keyboard and HID-POS at once, or a printer."""

    def __init__(self, controller: int, serial: str, *functions: str, make: Make = SCANNER) -> None:
        self._controller = f"dummy_udc.{controller}"
        self._root = CONFIG / f"g{controller}"
        self._root.mkdir()
        self._set("idVendor", f"0x{make.vendor}")
        self._set("idProduct", f"0x{make.product}")
        texts = self._root / "strings/0x409"
        texts.mkdir()
        said = {"manufacturer": make.manufacturer, "product": make.model, "serialnumber": serial}
        for name, text in said.items():
            self._set(f"strings/0x409/{name}", text)
        (self._root / "configs/c.1").mkdir()
        for function in functions:
            folder = self._root / "functions" / function
            folder.mkdir()
            if function.startswith("hid."):
                is_pos = function.startswith("hid.pos")
                self._set(f"functions/{function}/protocol", "0" if is_pos else "1")
                self._set(f"functions/{function}/subclass", "0" if is_pos else "1")
                self._set(f"functions/{function}/report_length", "64" if is_pos else "8")
                (folder / "report_desc").write_bytes(POS if is_pos else KEYBOARD)
                # Then what the host sets arrives at the device instead of being refused.
                self._set(f"functions/{function}/no_out_endpoint", "1" if is_pos else "0")
            if function.startswith("printer."):
                device_id = f"MFG:{make.manufacturer};CMD:ZPL;MDL:{make.model};CLS:PRINTER;"
                self._set(f"functions/{function}/pnp_string", device_id)
                # One transfer fits in; more wait until somebody reads.
                self._set(f"functions/{function}/q_len", "1")
            (self._root / "configs/c.1" / function).symlink_to(folder)
        self._functions = functions

    def plug(self) -> None:
        self._set("UDC", self._controller)
        time.sleep(0.3)

    def unplug(self) -> None:
        with contextlib.suppress(OSError):
            self._set("UDC", "\n")

    def node(self, function: str) -> Path:
        """Return the device's side of a HID function."""
        minor = (self._root / "functions" / function / "dev").read_text(encoding="ascii").strip()
        return Path("/dev/hidg" + minor.partition(":")[2])

    def _set(self, name: str, value: str) -> None:
        (self._root / name).write_text(value, encoding="ascii")


def key_reports(strokes: Strokes) -> Iterator[bytes]:
    """Yield a keyboard's reports for key presses and releases."""
    modifiers, down = 0, 0
    for code, value in strokes:
        if code in _MODIFIERS:
            modifiers = modifiers | _MODIFIERS[code] if value else modifiers & ~_MODIFIERS[code]
        else:
            down = _USAGES[code] if value else 0
        yield bytes((modifiers, 0, down, 0, 0, 0, 0, 0))


def send(node: Path, reports: Iterator[bytes]) -> None:
    """Let the device send reports; each waits until the host has taken the one before."""
    fd = os.open(node, os.O_RDWR)
    try:
        for report in reports:
            os.write(fd, report)
    finally:
        os.close(fd)
