"""Printers on this machine's USB."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote

from printers.discovery.found import FoundPrinter
from printers.status import cleaned
from printers.transports.usb_identity import DEV, SYS

_LONGEST: Final = 1000
_SERIAL: Final = re.compile(r"[!-~]{1,126}")


def usb_printers(sys: Path = SYS, dev: Path = DEV) -> Iterator[FoundPrinter]:
    """Yield every printer that the kernel's usblp driver has, by what it is where that is unique.

    The device id of IEEE 1284 is what the driver read from the printer: `MFG:Zebra;CMD:ZPL;MDL:ZD421;`.
    """
    found = [(entry.name, *_identity(entry / "device")) for entry in sorted(sys.glob("lp*"))]
    identities = [identity for _, identity, _ in found]
    for name, identity, said in found:
        is_unique = bool(identity) and identities.count(identity) == 1
        url = f"device://{quote(identity, safe=':')}" if is_unique else f"device://{dev / name}"
        words = (_said(said, "MFG", "MANUFACTURER"), _said(said, "MDL", "MODEL"))
        model = " ".join(word for word in words if word)
        yield FoundPrinter("usb", url, model, note=name, commands=_said(said, "CMD", "COMMAND SET"))


def _identity(interface: Path) -> tuple[str, dict[str, str]]:
    device = interface.resolve().parent
    vendor, product, serial = (_text(device / name) for name in ("idVendor", "idProduct", "serial"))
    pairs = (one.partition(":") for one in _text(interface / "ieee1284_id").split(";"))
    said = {name.strip().upper(): value for name, _, value in pairs}
    parts = [vendor, product, *([serial] if _SERIAL.fullmatch(serial) else [])]
    return (":".join(parts) if vendor and product else "", said)


def _said(said: dict[str, str], *names: str) -> str:
    return next((cleaned(said[name].encode()) for name in names if name in said), "")


def _text(path: Path) -> str:
    try:
        return path.read_bytes()[:_LONGEST].decode("utf-8", "replace").strip()
    except OSError:
        return ""
