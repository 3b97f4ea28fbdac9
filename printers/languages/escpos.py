"""ESC/POS: the bitmap by `GS v 0`, and the real-time status (Epson's command reference)."""

import re
import struct
from collections.abc import Sequence
from typing import Final

from printers.errors import LabelInvalid
from printers.handling import Cut, Handling
from printers.languages.abilities import Abilities, check_settings
from printers.languages.base import LONGEST_ANSWER, Language, Proof, Question
from printers.languages.bitmap import bands, placed
from printers.media import Media
from printers.raster import Raster
from printers.status import INCOMPLETE, SILENT, PrinterStatus, Reason, told

_ABILITIES: Final = Abilities(speeds=range(1, 14), darknesses=range(-6, 9), cuts=frozenset(Cut))
"""`GS ( K`: function 50, 1 is the slowest; function 49, 0 is the standard. `GS V`."""
_MOST_UNITS: Final = 255
"""`GS P`."""
_MOST_ROWS: Final = 128
"""A piece stays within small receive buffers."""
_REAL_TIME: Final = re.compile(rb"\x10[\x04\x05\x14]")
"""Printers act on DLE EOT, DLE ENQ and DLE DC4 as soon as they arrive; one of them empties the buffer."""
_INITIALIZE: Final = b"\x1b@"
_LEFT_EDGE: Final = b"\x1dL"
_OUT_OF_THE_PRINTER: Final = b"\x1bd\x05"
"""Five lines, 21 mm: from the head to where paper is torn."""
_CUTS: Final = {Cut.FULL: b"\x1dVA\x00", Cut.HALF: b"\x1dVB\x00"}
"""`GS V`, functions 65 and 66: feed to the cutter, then cut all or all but a bit."""
_TELL_WHEN_PRINTED: Final = b"\x1d(H\x06\x0000LABL"
"""`GS ( H`, function 48: an answer with these four letters when all before it has been printed."""
_WITH_REPORT: Final = "TM-"
"""Epson's models; others may print the letters."""


def check(media: Media, handling: Handling) -> None:
    """See `Language`."""
    check_settings("escpos", _ABILITIES, media, handling)
    _unit(media)


def encode(raster: Raster, media: Media, handling: Handling) -> bytes:
    """Encode one label; see `encode_pages`."""
    return encode_pages([raster], media, handling)


def encode_pages(labels: Sequence[Raster], media: Media, handling: Handling) -> bytes:
    """Encode labels; the printer tells only of the last one that it is out.

    Args:
        labels: Drawn from the media's top left corner.
        media: What is in the printer; a shorter bitmap is followed by white up to its height.
        handling: How the printer is to treat them.

    Raises:
        LabelInvalid: A bitmap is larger than the media, or its ink begins at the very edge.
    """
    check(media, handling)
    _, per_inch = _unit(media)
    head = _INITIALIZE
    if handling.darkness is not None:
        head += b"\x1d(K\x02\x001" + struct.pack("b", handling.darkness)
    if handling.speed is not None:
        head += b"\x1d(K\x02\x002" + bytes([handling.speed])
    body = b"".join(_label(label, media, handling) * handling.copies for label in labels)
    if _LEFT_EDGE in body or any(label.height < media.height_dots for label in labels):
        head += b"\x1dP" + bytes([per_inch, per_inch])
    return head + body + (_TELL_WHEN_PRINTED if handling.model.startswith(_WITH_REPORT) else b"")


def _label(raster: Raster, media: Media, handling: Handling) -> bytes:
    sheet = placed("escpos", raster, media, handling)
    unit, _ = _unit(media)
    label, left = b"", 0
    for x, _, piece in bands("escpos", sheet, _is_harmless, most_rows=_MOST_ROWS, step=unit):
        if x != left:
            label += _LEFT_EDGE + struct.pack("<H", x // unit)
            left = x
        label += b"\x1dv0\x00" + struct.pack("<HH", piece.row_bytes, piece.height) + piece.bits
    if left:
        label += _LEFT_EDGE + b"\x00\x00"
    rest = (media.height_dots - sheet.height) // unit
    label += b"".join(b"\x1bJ" + bytes([min(255, rest - done)]) for done in range(0, rest, 255))
    return label + _CUTS.get(handling.cut or Cut.NO, _OUT_OF_THE_PRINTER)


def _unit(media: Media) -> tuple[int, int]:
    """Return the dots of a unit for `GS L` and `ESC J`, and how many of them make an inch: at most 255.

    Raises:
        LabelInvalid: No such unit has whole dots.
    """
    unit = -(-media.dpi // _MOST_UNITS)
    if media.dpi % unit:
        raise LabelInvalid(f"escpos: dpi={media.dpi}: expected at most {_MOST_UNITS}, or an even number")
    return unit, media.dpi // unit


def _is_harmless(piece: Raster) -> bool:
    return _REAL_TIME.search(piece.bits) is None


_FIXED_BITS: Final = 0x93
_REAL_TIME_BITS: Final = 0x12
"""Bits 1 and 4 set, 0 and 7 clear: an answer to DLE EOT."""
_AUTOMATIC_BITS: Final = 0x10
"""The first of the four bytes of the automatic status (`GS a`); the others have bits 4 and 7 clear."""
_AUTOMATIC_BYTES: Final = 4
_FOLLOWING_BITS: Final = 0x90
_FLOW_CONTROL: Final = b"\x11\x13"
_REPORT: Final = re.compile(rb"7\x22[\x20-\x7e]{4}\x00")
_QUESTIONS: Final = 4
_QUERY: Final = b"".join(bytes([0x10, 0x04, number]) for number in range(1, _QUESTIONS + 1))


def is_answer_complete(answer: bytes) -> bool:
    """Tell whether an answer to each of the four questions is there, or so much that it is none."""
    if len(answer) > LONGEST_ANSWER:
        return True
    found = _tokens(answer)
    return found is not None and len(found[0]) >= _QUESTIONS


def parse_status(answer: bytes) -> PrinterStatus:
    """Read the answers to DLE EOT 1 to 4, the automatic status, and the word that all is printed."""
    if not answer:
        return SILENT
    found = None if len(answer) > LONGEST_ANSWER else _tokens(answer)
    if found is None:
        return INCOMPLETE
    real_time, automatic, reports = found
    if len(real_time) == _QUESTIONS:
        reasons = _of_real_time(*real_time)
    elif not real_time and automatic:
        reasons = _of_automatic(*automatic)
    elif not real_time and reports:
        reasons = []
    else:
        return INCOMPLETE
    return told(tuple(dict.fromkeys(reasons)), labels_printed=reports)


def _tokens(answer: bytes) -> tuple[bytes, bytes, int] | None:
    """Sort what came into answers, the last automatic status, and how many reports; None for noise."""
    real_time, automatic, reports, place = b"", b"", 0, 0
    while place < len(answer):
        byte = answer[place]
        if (report := _REPORT.match(answer, place)) is not None:
            reports, place = reports + 1, report.end()
        elif byte & _FIXED_BITS == _REAL_TIME_BITS:
            real_time += answer[place : place + 1]
            place += 1
        elif byte & _FIXED_BITS == _AUTOMATIC_BITS:
            automatic = answer[place : place + _AUTOMATIC_BYTES]
            if len(automatic) < _AUTOMATIC_BYTES or any(other & _FOLLOWING_BITS for other in automatic[1:]):
                return None
            place += _AUTOMATIC_BYTES
        elif byte in _FLOW_CONTROL:
            place += 1
        else:
            return None
    return real_time, automatic, reports


def _of_real_time(printer: int, offline: int, error: int, paper: int) -> list[Reason]:
    reasons = []
    if offline & 0x04:
        reasons.append(Reason.HEAD_OPEN)
    if paper & 0x60 or offline & 0x20:
        reasons.append(Reason.MEDIA_EMPTY)
    if error & 0x08:
        reasons.append(Reason.CUTTER)
    if error & 0x40:
        reasons.append(Reason.OVER_TEMPERATURE)
    if error & 0x20 or (offline & 0x40 and not error & 0x68):
        reasons.append(Reason.FAULT)
    if printer & 0x08 and not reasons:
        reasons.append(Reason.OFFLINE)
    if paper & 0x0C:
        reasons.append(Reason.MEDIA_LOW)
    return reasons


def _of_automatic(first: int, second: int, third: int, _fourth: int) -> list[Reason]:
    reasons = []
    if first & 0x20:
        reasons.append(Reason.HEAD_OPEN)
    if third & 0x0C:
        reasons.append(Reason.MEDIA_EMPTY)
    if second & 0x08:
        reasons.append(Reason.CUTTER)
    if second & 0x40:
        reasons.append(Reason.OVER_TEMPERATURE)
    if second & 0x24:
        reasons.append(Reason.FAULT)
    if first & 0x08 and not reasons:
        reasons.append(Reason.OFFLINE)
    if third & 0x03:
        reasons.append(Reason.MEDIA_LOW)
    return reasons


def _reports(handling: Handling) -> Proof:
    return Proof.REPORT if handling.model.startswith(_WITH_REPORT) else Proof.NONE


ESCPOS: Final = Language(
    "escpos",
    "application/octet-stream",
    encode,
    check,
    encode_pages=encode_pages,
    questions=(Question(_QUERY, is_answer_complete, parse_status),),
    proof=_reports,
)
