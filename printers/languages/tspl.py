"""TSPL and TSPL2: the bitmap by `BITMAP`, and the answers to `<ESC>!S` and `<ESC>!?` (TSC's manual)."""

import re
from typing import Final

from printers.handling import Cut, Handling
from printers.languages.abilities import Abilities, check_settings
from printers.languages.base import LONGEST_ANSWER, Language, Proof, Question
from printers.languages.bitmap import bands, inverted, placed
from printers.media import Media, Tracking
from printers.raster import Raster
from printers.status import INCOMPLETE, SILENT, PrinterStatus, Reason, told

_ABILITIES: Final = Abilities(
    speeds=range(1, 19),
    darknesses=range(16),
    cuts=frozenset({Cut.NO, Cut.FULL}),
    can_peel=True,
    trackings=frozenset(Tracking),
)
"""`SPEED` in inches a second, `DENSITY`, `SET CUTTER`, `SET PEEL`, `GAP` and `BLINE`."""
_IMMEDIATE: Final = b"\x1b!"
"""Printers act on `<ESC>!` as soon as it arrives; `<ESC>!R` restarts them."""
_MOST_ROWS: Final = 65_535


def check(media: Media, handling: Handling) -> None:
    """See `Language`."""
    check_settings("tspl", _ABILITIES, media, handling)


def encode(raster: Raster, media: Media, handling: Handling) -> bytes:
    """Encode one label. In the data 0 is black.

    Args:
        raster: The label; drawn from the media's top left corner.
        media: What is in the printer; gives `SIZE`.
        handling: How the printer is to treat it.

    Raises:
        LabelInvalid: The bitmap is larger than the media, or its ink begins at the very edge.
    """
    check(media, handling)
    sheet = placed("tspl", raster, media, handling)
    lines = ["", f"SIZE {media.width_mm:g} mm,{media.height_mm:g} mm"]
    if media.tracking is not None:
        command = "BLINE" if media.tracking is Tracking.MARK else "GAP"
        gap_mm = 0 if media.tracking is Tracking.CONTINUOUS else media.gap_mm
        lines.append(f"{command} {gap_mm:g} mm,0 mm")
    if handling.speed is not None:
        lines.append(f"SPEED {handling.speed}")
    if handling.darkness is not None:
        lines.append(f"DENSITY {handling.darkness}")
    if handling.cut is not None:
        lines.append("SET CUTTER 1" if handling.cut is Cut.FULL else "SET CUTTER OFF")
    if handling.peel is not None:
        lines.append(f"SET PEEL {'ON' if handling.peel else 'OFF'}")
    lines += ["DIRECTION 0,0", "REFERENCE 0,0", "CLS", ""]
    pieces = [
        f"BITMAP {x},{y},{piece.row_bytes},{piece.height},0,".encode("ascii") + inverted(piece) + b"\r\n"
        for x, y, piece in bands("tspl", sheet, _is_harmless, most_rows=_MOST_ROWS)
    ]
    end = f"PRINT 1,{handling.copies}\r\n".encode("ascii")
    return "\r\n".join(lines).encode("ascii") + b"".join(pieces) + end


def _is_harmless(piece: Raster) -> bool:
    return _IMMEDIATE not in inverted(piece)


_WHOLE: Final = re.compile(rb"\x02([@-\x7f]{4})\x03\r\n")
_BUSY: Final = frozenset(b"BCFPW")
"""First byte: backing, cutting, feeding, printing, imaging."""
_MESSAGES: Final = {
    ord("`"): Reason.PAUSED,
    ord("E"): Reason.FAULT,
    ord("K"): Reason.PAUSED,
    ord("L"): Reason.LABEL_TO_TAKE,
}
_WARNINGS: Final = {0x01: Reason.MEDIA_LOW, 0x02: Reason.RIBBON_LOW, 0x08: Reason.BUFFER_FULL}
_THIRD: Final = {
    0x01: Reason.OVER_TEMPERATURE,
    0x02: Reason.MOTOR_TOO_HOT,
    0x04: Reason.HEAD_BROKEN,
    0x08: Reason.CUTTER,
    0x10: Reason.MEMORY_FULL,
    0x20: Reason.FAULT,
}
_FOURTH: Final = {
    0x01: Reason.MEDIA_EMPTY,
    0x02: Reason.MEDIA_JAM,
    0x04: Reason.RIBBON_EMPTY,
    0x08: Reason.RIBBON_EMPTY,
    0x10: Reason.FAULT,
    0x20: Reason.HEAD_OPEN,
}


def is_whole_complete(answer: bytes) -> bool:
    """Tell whether the end of the answer to `<ESC>!S` is there, or so much that it is no answer."""
    return b"\x03\r\n" in answer or len(answer) > LONGEST_ANSWER


def parse_whole(answer: bytes) -> PrinterStatus:
    """Read the answer to `<ESC>!S`: STX, a message, a byte of warnings, two of errors, ETX CR LF."""
    if not answer:
        return SILENT
    found = _WHOLE.fullmatch(answer)
    if found is None:
        return INCOMPLETE
    message, warnings, third, fourth = found[1]
    if message not in (*_MESSAGES, *_BUSY, ord("@")):
        return INCOMPLETE
    reasons = [reason for bit, reason in _FOURTH.items() if fourth & bit]
    reasons += [reason for bit, reason in _THIRD.items() if third & bit]
    if message in _MESSAGES and not (message == ord("E") and reasons):
        reasons.append(_MESSAGES[message])
    reasons += [reason for bit, reason in _WARNINGS.items() if warnings & bit]
    return told(tuple(dict.fromkeys(reasons)), is_busy=message in _BUSY)


_FLAGS: Final = {
    0x01: Reason.HEAD_OPEN,
    0x02: Reason.MEDIA_JAM,
    0x04: Reason.MEDIA_EMPTY,
    0x08: Reason.RIBBON_EMPTY,
    0x10: Reason.PAUSED,
    0x40: Reason.HEAD_OPEN,
    0x80: Reason.OVER_TEMPERATURE,
}
_PRINTING: Final = 0x20


def is_flags_complete(answer: bytes) -> bool:
    """Tell whether the one byte of `<ESC>!?` is there."""
    return bool(answer)


def parse_flags(answer: bytes) -> PrinterStatus:
    """Read the answer to `<ESC>!?`: one byte of flags."""
    if not answer:
        return SILENT
    if len(answer) != 1:
        return INCOMPLETE
    reasons = [reason for bit, reason in _FLAGS.items() if answer[0] & bit]
    return told(tuple(dict.fromkeys(reasons)), is_busy=bool(answer[0] & _PRINTING))


def _shows_printing(_handling: Handling) -> Proof:
    return Proof.PHASE


TSPL: Final = Language(
    "tspl",
    "application/vnd.tsc-tspl",
    encode,
    check,
    questions=(
        Question(b"\x1b!S", is_whole_complete, parse_whole),
        Question(b"\x1b!?", is_flags_complete, parse_flags),
    ),
    proof=_shows_printing,
)
