"""ZPL II: the bitmap as one compressed graphic, and the answer to `~HS`."""

import base64
import binascii
import re
import zlib
from typing import Final

from printers.errors import LabelInvalid
from printers.languages.base import Language
from printers.media import Media
from printers.raster import Raster
from printers.status import SILENT, PrinterState, PrinterStatus, Reason

STATUS_QUERY: Final = b"~HS"
_COMPRESSION: Final = 6
_LONGEST_ANSWER: Final = 4096
"""Three frames are under 100 bytes; more than this is noise."""
_FRAMES: Final = 3
_FRAME: Final = re.compile(rb"\x02([^\x02\x03]*)\x03")
_FIRST_FIELDS: Final = 12
_SECOND_FIELDS: Final = 11


def encode(raster: Raster, media: Media) -> bytes:
    """Encode one label, printed once.

    No user text is in it but as dots, so nothing a barcode or ION says can become a command. `^JZN` because
    whoever sent the label asks a person before printing it again; the printer must not do so by itself when
    its paper ran out.

    Args:
        raster: The label; drawn from the media's top left corner.
        media: What is in the printer; gives `^PW` and `^LL`.

    Raises:
        LabelInvalid: The bitmap is larger than the media.
    """
    if raster.width > media.width_dots or raster.height > media.height_dots:
        raise LabelInvalid(
            f"zpl: expected a bitmap of at most {media.width_dots} x {media.height_dots} dots, "
            f"got {raster.width} x {raster.height}"
        )
    packed = base64.b64encode(zlib.compress(raster.bits, _COMPRESSION))
    return (
        f"^XA^CI28^PW{media.width_dots}^LL{media.height_dots}^LH0,0^JZN"
        f"^FO0,0^GFA,{len(raster.bits)},{len(raster.bits)},{raster.row_bytes},:Z64:{packed.decode('ascii')}:"
        f"{binascii.crc_hqx(packed, 0):04X}^FS^PQ1^XZ"
    ).encode("ascii")


def is_answer_complete(answer: bytes) -> bool:
    """Tell whether all three frames of `~HS` are there, or so much that it is no answer."""
    return answer.count(b"\x03") >= _FRAMES or len(answer) > _LONGEST_ANSWER


def parse_status(answer: bytes) -> PrinterStatus:
    """Read the answer to `~HS`: three frames of comma-separated fields between STX and ETX (ZPL II guide).

    Whatever is not exactly that is silence: a printer with its head open may give no answer or half of one.
    """
    if not answer:
        return SILENT
    frames = [frame.replace(b" ", b"").split(b",") for frame in _FRAME.findall(answer[: _LONGEST_ANSWER + 1])]
    if len(answer) > _LONGEST_ANSWER or len(frames) != _FRAMES:
        return _INCOMPLETE
    first, second = frames[0], frames[1]
    if len(first) != _FIRST_FIELDS or len(second) != _SECOND_FIELDS:
        return _INCOMPLETE
    if not all(field.isdigit() for field in (*first, *second)):
        return _INCOMPLETE
    flags = [
        (first[1], Reason.MEDIA_EMPTY),
        (first[2], Reason.PAUSED),
        (first[5], Reason.BUFFER_FULL),
        (first[6], Reason.DIAGNOSTIC_MODE),
        (first[9], Reason.MEMORY_LOST),
        (first[10], Reason.UNDER_TEMPERATURE),
        (first[11], Reason.OVER_TEMPERATURE),
        (second[2], Reason.HEAD_OPEN),
        (second[3], Reason.RIBBON_EMPTY),
        (second[7], Reason.LABEL_TO_TAKE),
    ]
    reasons = tuple(reason for flag, reason in flags if int(flag))
    waiting = int(first[4]) + bool(int(first[7])) + int(second[8])
    return PrinterStatus(_state(reasons, waiting), reasons, waiting)


_INCOMPLETE: Final = PrinterStatus(PrinterState.SILENT, (Reason.ANSWER_INCOMPLETE,))
_TROUBLE: Final = frozenset(
    {
        Reason.MEDIA_EMPTY,
        Reason.DIAGNOSTIC_MODE,
        Reason.MEMORY_LOST,
        Reason.OVER_TEMPERATURE,
        Reason.HEAD_OPEN,
        Reason.RIBBON_EMPTY,
    }
)


def _state(reasons: tuple[Reason, ...], waiting: int) -> PrinterState:
    if not _TROUBLE.isdisjoint(reasons):
        return PrinterState.TROUBLE
    if Reason.PAUSED in reasons:
        return PrinterState.PAUSED
    if waiting or Reason.BUFFER_FULL in reasons:
        return PrinterState.PRINTING
    return PrinterState.READY


ZPL: Final = Language("zpl", encode, STATUS_QUERY, is_answer_complete, parse_status)
