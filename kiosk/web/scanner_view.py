"""Scanners put into words: their state, and their last scans byte for byte."""

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.barcodes import aim
from kiosk.sheets import Finding, findings
from kiosk.web.rooms import ScannerDesk, ScanSeen

MOST_SCANS = 5
_MOST_BYTES = 320
"""Of one scan; longer ones end with how many more there are."""
_KINDS = {
    "serial": "Serial port",
    "keyboard": "USB keyboard",
    "hid-pos": "USB HID POS",
    "network": "Network",
}
_DELETE = 0x7F


@dataclass(frozen=True, slots=True)
class ByteView:
    """One byte of a scan."""

    hex: str
    shown: str
    """The ASCII character, or the picture of a control character; a middle dot beyond ASCII."""
    is_control: bool


@dataclass(frozen=True, slots=True)
class ScanView:
    """One scan."""

    at: str
    """ISO 8601."""
    bytes: tuple[ByteView, ...]
    more: int
    """Bytes that are not among them."""
    length: int
    symbology: str
    findings: tuple[Finding, ...]

    @property
    def shown(self) -> str:
        """Return the scan as one line of characters."""
        return "".join(byte.shown for byte in self.bytes) + ("…" if self.more else "")


@dataclass(frozen=True, slots=True)
class ScannerView:
    """One scanner."""

    name: str
    kind: str
    port: str
    station: str
    is_ready: bool
    text: str
    faults: int
    last: ScanView | None
    earlier: tuple[ScanView, ...]


def scanner_views(desks: Sequence[ScannerDesk]) -> tuple[ScannerView, ...]:
    """Put scanners into words, those that are gone first."""
    return tuple(sorted((_scanner(desk) for desk in desks), key=lambda view: view.is_ready))


def _scanner(desk: ScannerDesk) -> ScannerView:
    lamp = desk.lamp
    scans = tuple(map(scan_view, desk.last_scans()[:MOST_SCANS]))
    return ScannerView(
        name=desk.name,
        kind=_KINDS.get(desk.kind, desk.kind),
        port=desk.port,
        station=desk.station,
        is_ready=lamp.is_ready,
        text=lamp.text,
        faults=desk.faults,
        last=scans[0] if scans else None,
        earlier=scans[1:],
    )


def scan_view(scan: ScanSeen) -> ScanView:
    """Put a scan into words; the symbology identifier is among its bytes, where there is one."""
    identifier, _ = aim.split(scan.data)
    return ScanView(
        at=scan.at.isoformat(),
        bytes=tuple(map(_byte, scan.data[:_MOST_BYTES])),
        more=max(0, len(scan.data) - _MOST_BYTES),
        length=len(scan.data),
        symbology=f"{identifier} {aim.describe(identifier).name}"
        if identifier
        else "not said by the scanner",
        findings=findings(scan.data),
    )


def _byte(value: int) -> ByteView:
    is_control = value < ord(" ") or value == _DELETE
    if is_control:
        shown = chr(0x2421 if value == _DELETE else 0x2400 + value)
    else:
        shown = chr(value) if value < _DELETE else "·"
    return ByteView(f"{value:02x}", shown, is_control)
