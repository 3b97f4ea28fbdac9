"""Scanners put into words: their state, and their last scans byte for byte."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kiosk.barcodes import aim
from kiosk.legibility import is_legible
from kiosk.model import ScanSeen
from kiosk.sheets import Finding, findings
from kiosk.web.rooms import ScannerDesk

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
_LEAST_S = 0.000_05
_SLOW_S = 0.25
"""A person waits from here on."""
_FASTER = {
    "serial": "Set 115200 baud in the scanner and in the settings, or its USB serial mode.",
    "keyboard": "Set its USB serial or HID-POS mode; else no delay between keys, and fast USB polling.",
    "hid-pos": "Set its USB serial mode.",
}


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
    pace: str
    """How long it took to come, and to be on disk."""
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
    fault: str
    """What went wrong last, empty where it is what ``text`` says."""
    fault_at: str
    """ISO 8601, empty without a fault."""
    device: str
    """What a scanner that was added on the page calls itself."""
    added: str
    """ISO 8601, when it was added on the page; empty where the settings name it."""
    last: ScanView | None
    earlier: tuple[ScanView, ...]


def scanner_views(desks: Sequence[ScannerDesk]) -> tuple[ScannerView, ...]:
    """Put scanners into words, those that are gone first."""
    return tuple(sorted((_scanner(desk) for desk in desks), key=lambda view: view.is_ready))


def _scanner(desk: ScannerDesk) -> ScannerView:
    lamp, fault, binding = desk.lamp, desk.last_fault, desk.binding
    scans = tuple(scan_view(scan, desk.kind) for scan in desk.last_scans()[:MOST_SCANS])
    return ScannerView(
        name=desk.name,
        kind=_KINDS.get(desk.kind, desk.kind),
        port=desk.port,
        station=desk.station,
        is_ready=lamp.is_ready,
        text=lamp.text,
        faults=desk.faults,
        fault=fault.text if fault and fault.text != lamp.text else "",
        fault_at=fault.at.isoformat() if fault else "",
        device=binding.device if binding else "",
        added=binding.at.isoformat() if binding else "",
        last=scans[0] if scans else None,
        earlier=scans[1:],
    )


def scan_view(scan: ScanSeen, kind: str = "") -> ScanView:
    """Put a scan into words; the symbology identifier is among its bytes, where there is one.

    Args:
        scan: the scan.
        kind: that of its scanner.
    """
    identifier, _ = aim.split(scan.data)
    return ScanView(
        at=scan.at.isoformat(),
        bytes=tuple(map(_byte, scan.data[:_MOST_BYTES])),
        more=max(0, len(scan.data) - _MOST_BYTES),
        length=len(scan.data),
        symbology=f"{identifier} {aim.describe(identifier).name}"
        if identifier
        else "not said by the scanner",
        pace=_pace(scan),
        findings=(*_line_findings(scan, kind), *findings(scan.data)),
    )


def _pace(scan: ScanSeen) -> str:
    """Say how long it took from the first byte to the disk."""
    is_timed = scan.pace.wire_s >= _LEAST_S
    parts = [f"{_ms(scan.pace.wire_s)} from its first byte to its last" if is_timed else "came in one piece"]
    if scan.pace.waited_s:
        parts.append(f"{_ms(scan.pace.waited_s)} of silence")
    answered = "not kept" if scan.answered_s is None else f"on disk {_ms(scan.answered_s)} later"
    return ", ".join([*parts, answered])


def _ms(seconds: float) -> str:
    ms = seconds * 1000
    return f"{ms:.0f} ms" if ms >= 10 else f"{ms:.1f} ms"  # noqa: PLR2004 - two digits say enough


def _line_findings(scan: ScanSeen, kind: str) -> Iterator[Finding]:
    """Say what the line itself shows, whatever was scanned."""
    if kind == "serial" and not is_legible(scan.data):
        yield Finding(
            is_good=False,
            text=(
                "This is hardly text: set the baud rate in the settings to the scanner's, "
                "and the scanner to 8 data bits without parity."
            ),
        )
    if scan.pace.waited_s and kind != "hid-pos":
        yield Finding(
            is_good=False,
            text=f"It has no suffix, so every scan waits {_ms(scan.pace.waited_s)}. Set its suffix to CR.",
        )
    if scan.pace.wire_s > _SLOW_S:
        yield Finding(is_good=False, text=f"It sends slowly. {_FASTER.get(kind, 'Look at the network.')}")


def _byte(value: int) -> ByteView:
    is_control = value < ord(" ") or value == _DELETE
    if is_control:
        shown = chr(0x2421 if value == _DELETE else 0x2400 + value)
    else:
        shown = chr(value) if value < _DELETE else "·"
    return ByteView(f"{value:02x}", shown, is_control)
