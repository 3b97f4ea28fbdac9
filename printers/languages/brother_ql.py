"""Brother's raster language for QL and PT printers, and their 32 bytes of status.

Sources: raster command references QL-720NW, QL-820NWB, QL-1110NWB, PT-E550W.
"""

import re
import struct
from collections.abc import Sequence
from typing import Final

from PIL import Image

from printers.errors import LabelInvalid
from printers.handling import Cut, Handling
from printers.languages.abilities import Abilities, check_settings
from printers.languages.base import LONGEST_ANSWER, Language, Proof, Question
from printers.languages.bitmap import moved, rows
from printers.languages.brother_stock import Model, Stock, model_of, stock_of, trial
from printers.media import Media, Tracking
from printers.raster import Raster
from printers.status import INCOMPLETE, SILENT, Loaded, PrinterStatus, Reason, told

_INITIALIZE: Final = b"\x1b@"
_RASTER_MODE: Final = b"\x1bia\x01"
_NOTIFY: Final = b"\x1bi!\x00"
"""The printer is to say when it prints and when it has printed."""
_VALID: Final = 0x80 | 0x40 | 0x08 | 0x04 | 0x02
"""`ESC i z`: recover after an error, quality before speed; length, width and type are given and must fit."""
_P_TOUCH_VALID: Final = 0x80 | 0x04
"""Any type of tape of this width."""
_PAGE: Final = b"\x1biz"
_CONTINUOUS, _DIE_CUT = 0x0A, 0x0B
_AUTO_CUT: Final = 0x40
_CUT_AT_END, _HALF_CUT, _TWO_COLOURS = 0x08, 0x04, 0x01
_NEXT_PAGE, _LAST_PAGE = b"\x0c", b"\x1a"
_BLANK_LINE: Final = b"Z"


def check(media: Media, handling: Handling) -> None:
    """See `Language`: a known model, and stock that is made for it."""
    model = model_of(handling.model)
    stock_of(media, model)
    cuts = {Cut.NO}
    if model.has_cutter:
        cuts |= {Cut.FULL, Cut.HALF} if model.is_p_touch else {Cut.FULL}
    trackings = {Tracking.CONTINUOUS} if model.is_p_touch else {Tracking.CONTINUOUS, Tracking.GAP}
    abilities = Abilities(
        cuts=frozenset(cuts), trackings=frozenset(trackings), is_two_colour=model.is_two_colour
    )
    check_settings(handling.model, abilities, media, handling)


def encode(raster: Raster, media: Media, handling: Handling) -> bytes:
    """Encode one label; see `encode_pages`."""
    return encode_pages([raster], media, handling)


def encode_pages(labels: Sequence[Raster], media: Media, handling: Handling) -> bytes:
    """Encode labels with their red dots; only two-colour stock takes any.

    Args:
        labels: Drawn from the upper left corner of the stock, its unprintable margins included.
        media: What is in the printer; the height of continuous tape is where it is cut.
        handling: How the printer is to treat them; names the model.

    Raises:
        LabelInvalid: The stock is not the model's, or there is ink where it cannot print.
    """
    return encode_colours([label.planes for label in labels], media, handling)


def encode_colours(labels: Sequence[tuple[Raster, Raster | None]], media: Media, handling: Handling) -> bytes:
    """Encode labels of two bitmaps of the same size, black and red; only two-colour stock takes a red one.

    Raises:
        LabelInvalid: See `encode_pages`; or red on stock that does not turn red.
    """
    check(media, handling)
    model = model_of(handling.model)
    stock = stock_of(media, model)
    if not media.is_two_colour and any(red is not None for _, red in labels):
        raise LabelInvalid("brother_ql: expected black only on this stock, got red too")
    start = b"\0" * model.invalidate
    if model.has_mode_switch:
        start += _RASTER_MODE
    start += _INITIALIZE
    pages = [_lines(black, red, media, handling) for black, red in labels] * handling.copies
    ends = [_NEXT_PAGE] * (len(pages) - 1) + [_LAST_PAGE]
    return start + b"".join(
        _page_head(media, handling, stock, number) + page + end
        for number, (page, end) in enumerate(zip(pages, ends, strict=True))
    )


def _page_head(media: Media, handling: Handling, stock: Stock, number: int) -> bytes:
    model = model_of(handling.model)
    if model.is_p_touch:
        valid, kind = _P_TOUCH_VALID, 0
    else:
        valid, kind = _VALID, _DIE_CUT if stock.length_mm else _CONTINUOUS
    head = _RASTER_MODE + _NOTIFY if model.has_mode_switch else b""
    head += _PAGE + struct.pack(
        "<BBBBIBB",
        valid,
        kind,
        int(media.width_mm + 0.5),
        stock.length_mm,
        stock.height,
        int(number > 0),
        0,
    )
    if model.has_cutter:
        cut = handling.cut or Cut.FULL
        more = _CUT_AT_END if cut is not Cut.NO else 0
        more |= _HALF_CUT if cut is Cut.HALF else 0
        more |= _TWO_COLOURS if media.is_two_colour else 0
        head += b"\x1biM" + bytes([_AUTO_CUT if cut is not Cut.NO else 0])
        head += b"\x1biA\x01" if cut is not Cut.NO else b""
        head += b"\x1biK" + bytes([more])
    head += b"\x1bid" + struct.pack("<H", stock.feed_margin)
    if model.can_compress:
        head += b"M\x02"
    return head


def _lines(black: Raster, red: Raster | None, media: Media, handling: Handling) -> bytes:
    model = model_of(handling.model)
    stock = stock_of(media, model)
    if not media.is_two_colour:
        lines = rows(_on_pins(black, media, handling, stock))
        written = {row: _line(model, row) for row in set(lines)}  # many are alike
        return b"".join(map(written.__getitem__, lines))
    plane = Raster(black.width, black.height, bytes(len(black.bits))) if red is None else red
    pairs = zip(
        rows(_on_pins(black, media, handling, stock)),
        rows(_on_pins(plane, media, handling, stock)),
        strict=True,
    )
    return b"".join(
        b"w\x01" + _counted(model, row) + b"w\x02" + _counted(model, red_row) for row, red_row in pairs
    )


def _on_pins(raster: Raster, media: Media, handling: Handling, stock: Stock) -> Raster:
    """Cut the margins off, and put every dot on the pin that prints it: pin 0 is at the right edge."""
    model = model_of(handling.model)
    if raster.width > media.width_dots or raster.height > media.height_dots:
        raise LabelInvalid(
            f"brother_ql: expected a bitmap of at most {media.width_dots} x {media.height_dots} dots, "
            f"got {raster.width} x {raster.height}"
        )
    right = media.dots(handling.offset_x_mm) - (media.width_dots - stock.width) // 2
    down = media.dots(handling.offset_y_mm) - (media.height_dots - stock.height) // 2
    printed = moved("brother_ql", raster, (right, down), (stock.width, stock.height)).image()
    head = Image.new("1", (model.pins, stock.height), 1)
    head.paste(printed, (model.pins - stock.offset - stock.width, 0))
    mirrored = head.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return Raster(model.pins, stock.height, mirrored.tobytes("raw", "1;I"))


def _line(model: Model, row: bytes) -> bytes:
    if model.can_compress and not any(row):
        return _BLANK_LINE
    if model.is_p_touch:
        packed = packbits(row)
        return b"G" + struct.pack("<H", len(packed)) + packed
    return b"g\x00" + _counted(model, row)


def _counted(model: Model, row: bytes) -> bytes:
    packed = packbits(row) if model.can_compress else row
    return bytes([len(packed)]) + packed


_RUN: Final = re.compile(rb"(.)\1{2,127}", re.DOTALL)
_LONGEST_LITERAL: Final = 128


def packbits(row: bytes) -> bytes:
    """Compress a line as TIFF's PackBits does: a count and bytes as they are, or a count and one byte."""
    packed, place = bytearray(), 0
    for run in _RUN.finditer(row):
        _pack_literal(packed, row[place : run.start()])
        packed += bytes([257 - (run.end() - run.start())]) + run[1]
        place = run.end()
    _pack_literal(packed, row[place:])
    return bytes(packed)


def _pack_literal(packed: bytearray, literal: bytes) -> None:
    for start in range(0, len(literal), _LONGEST_LITERAL):
        piece = literal[start : start + _LONGEST_LITERAL]
        packed += bytes([len(piece) - 1]) + piece


_FRAME_BYTES: Final = 32
_FRAME_START: Final = b"\x80\x20B"
_FIRST_ERRORS: Final = {
    0x01: Reason.MEDIA_EMPTY,
    0x02: Reason.MEDIA_EMPTY,
    0x04: Reason.CUTTER,
    0x08: Reason.BATTERY_LOW,
    0x10: Reason.FAULT,
    0x20: Reason.OFFLINE,
    0x40: Reason.FAULT,
    0x80: Reason.FAULT,
}
_SECOND_ERRORS: Final = {
    0x01: Reason.MEDIA_WRONG,
    0x02: Reason.MEMORY_FULL,
    0x04: Reason.FAULT,
    0x08: Reason.MEMORY_FULL,
    0x10: Reason.HEAD_OPEN,
    0x20: Reason.OVER_TEMPERATURE,
    0x40: Reason.MEDIA_JAM,
    0x80: Reason.FAULT,
}
_NO_MEDIA, _INCOMPATIBLE = 0x00, 0xFF
_CONTINUOUS_TYPES: Final = frozenset({0x0A, 0x4A, 0x01, 0x03, 0x11, 0x13, 0x14, 0x17})
_PRINTED, _FAILED, _OFF, _NOTIFIED = 0x01, 0x02, 0x04, 0x05
_PRINTING_PHASE: Final = 1
_COOLING: Final = 3


def is_answer_complete(answer: bytes) -> bool:
    """Tell whether whole frames of 32 bytes are there, or so much that it is no answer."""
    return (bool(answer) and len(answer) % _FRAME_BYTES == 0) or len(answer) > LONGEST_ANSWER


def parse_status(answer: bytes) -> PrinterStatus:
    """Read one or more frames of status: the last one counts, and each word that a label is printed."""
    if not answer:
        return SILENT
    frames = [answer[start : start + _FRAME_BYTES] for start in range(0, len(answer), _FRAME_BYTES)]
    if len(answer) > LONGEST_ANSWER or len(frames[-1]) != _FRAME_BYTES:
        return INCOMPLETE
    if not all(frame.startswith(_FRAME_START) for frame in frames):
        return INCOMPLETE
    return _of_frame(frames[-1], sum(frame[18] == _PRINTED for frame in frames))


def _of_frame(frame: bytes, labels_printed: int) -> PrinterStatus:
    reasons = [reason for bit, reason in _SECOND_ERRORS.items() if frame[9] & bit]
    reasons += [reason for bit, reason in _FIRST_ERRORS.items() if frame[8] & bit]
    kind, state, phase = frame[11], frame[18], frame[19]
    if kind == _INCOMPATIBLE:
        reasons.append(Reason.MEDIA_WRONG)
    elif kind == _NO_MEDIA and frame[10] == 0:
        reasons.append(Reason.MEDIA_EMPTY)
    if state == _FAILED and not reasons:
        reasons.append(Reason.FAULT)
    if state == _OFF:
        reasons.append(Reason.OFFLINE)
    if state == _NOTIFIED and frame[22] == _COOLING:
        reasons.append(Reason.OVER_TEMPERATURE)
    length_mm = 0 if kind in _CONTINUOUS_TYPES else frame[17]
    return told(
        tuple(dict.fromkeys(reasons)),
        is_busy=phase == _PRINTING_PHASE and state != _PRINTED,
        labels_printed=labels_printed,
        loaded=Loaded(((frame[10], length_mm),)) if frame[10] else None,
    )


def _words(payload: bytes) -> int:
    """Count the pages; dots that look like the beginning of one only make the proof harder."""
    return payload.count(_PAGE)


def _takes_red(media: Media) -> bool:
    return media.is_two_colour


def _reports(_handling: Handling) -> Proof:
    return Proof.REPORT


BROTHER_QL: Final = Language(
    "brother_ql",
    "application/octet-stream",
    encode,
    check,
    encode_pages=encode_pages,
    questions=(Question(b"\x1biS", is_answer_complete, parse_status),),
    listening=Question(b"", is_answer_complete, parse_status),
    proof=_reports,
    words=_words,
    trial=trial,
    has_red=_takes_red,
)
