"""What the virtual printer answers, in Zebra's frames (ZPL II guide)."""

from dataclasses import dataclass
from typing import Final

from kiosk.simulator.printer_faults import Faults

__all__ = ["PLAIN", "Load", "Make", "error_status", "host_identification", "host_status"]


@dataclass(frozen=True, slots=True)
class Load:
    """How much the printer has to do."""

    formats: int
    """Whole labels in its buffer."""
    left_in_batch: int
    """Copies of the current one still to come out."""
    is_inside_label: bool
    """Whether a label has begun to arrive."""


@dataclass(frozen=True, slots=True)
class Make:
    """What kind of printer it is."""

    model: str = "KIOSK-VIRTUAL"
    dots_per_mm: int = 8
    has_ribbon: bool = False
    """Prints by thermal transfer; direct thermal otherwise."""


PLAIN: Final = Make()


def host_status(faults: Faults, load: Load, label_length: int, make: Make = PLAIN) -> bytes:
    """Return the three frames of `~HS`."""
    first = (
        f"030,{faults.is_paper_out:d},{faults.is_paused:d},{label_length:04d},{load.formats:03d},"
        f"0,0,{load.is_inside_label:d},000,0,0,0"
    )
    second = (
        f"000,0,{faults.is_head_open:d},{faults.is_ribbon_out:d},{make.has_ribbon:d},2,6,0,"
        f"{load.left_in_batch:08d},1,000"
    )
    return b"".join(b"\x02" + frame.encode("ascii") + b"\x03\r\n" for frame in (first, second, "1234,0"))


def host_identification(make: Make = PLAIN) -> bytes:
    """Return the answer to `~HI`: model, firmware, dots a millimetre, memory."""
    return f"\x02{make.model},V1.0,{make.dots_per_mm},8192KB\x03\r\n".encode("ascii")


def error_status(faults: Faults) -> bytes:
    """Return the answer to `~HQES`."""
    bits = (
        faults.is_paper_out * 0x1
        | faults.is_ribbon_out * 0x2
        | faults.is_head_open * 0x4
        | faults.is_paused * 0x10000
    )
    return (
        "\x02\r\n  PRINTER STATUS\r\n"
        f"   ERRORS:         {bits > 0:d} 00000000 {bits:08X}\r\n"
        "   WARNINGS:       0 00000000 00000000\r\n\x03"
    ).encode("ascii")
