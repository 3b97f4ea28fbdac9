"""What a ZPL printer answers to `~HS`, `~HQES` and `~HI`."""

import re
from typing import Final

from printers.languages.base import LONGEST_ANSWER, Inquiry, Question
from printers.status import INCOMPLETE, SILENT, Identity, Loaded, PrinterStatus, Reason, cleaned, told

_FRAMES: Final = 3
_FRAME: Final = re.compile(rb"\x02([^\x02\x03]*)\x03")
_FIRST_FIELDS: Final = 12
_SECOND_FIELDS: Final = 11
_LONGEST_NUMBER: Final = 10


def is_host_status_complete(answer: bytes) -> bool:
    """Tell whether all three frames of `~HS` are there, or so much that it is no answer."""
    return answer.count(b"\x03") >= _FRAMES or len(answer) > LONGEST_ANSWER


def parse_host_status(answer: bytes) -> PrinterStatus:
    """Read the answer to `~HS`: three frames of comma-separated fields between STX and ETX (ZPL II guide).

    Whatever is not exactly that is silence: a printer with its head open may give no answer or half of one.
    """
    if not answer:
        return SILENT
    frames = [frame.replace(b" ", b"").split(b",") for frame in _FRAME.findall(answer[: LONGEST_ANSWER + 1])]
    if len(answer) > LONGEST_ANSWER or len(frames) != _FRAMES:
        return INCOMPLETE
    first, second = frames[0], frames[1]
    if len(first) != _FIRST_FIELDS or len(second) != _SECOND_FIELDS:
        return INCOMPLETE
    if not all(field.isdigit() and len(field) <= _LONGEST_NUMBER for field in (*first, *second)):
        return INCOMPLETE
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
    return told(reasons, labels_waiting=waiting, loaded=Loaded(has_ribbon=bool(int(second[4]))))


_ERRORS: Final = {
    0x1: Reason.MEDIA_EMPTY,
    0x2: Reason.RIBBON_EMPTY,
    0x4: Reason.HEAD_OPEN,
    0x8: Reason.CUTTER,
    0x10: Reason.OVER_TEMPERATURE,
    0x20: Reason.MOTOR_TOO_HOT,
    0x40: Reason.HEAD_BROKEN,
    0x80: Reason.HEAD_BROKEN,
    0x100: Reason.MEMORY_LOST,
    0x200: Reason.HEAD_BROKEN,
}
"""Group 1 of the errors in `~HQES`. Its fourth and fifth nibble are read differently by different makers."""
_WARNINGS: Final = {
    0x1: Reason.TO_CALIBRATE,
    0x2: Reason.HEAD_DIRTY,
    0x4: Reason.HEAD_WORN,
    0x8: Reason.MEDIA_LOW,
}
_LINE: Final = re.compile(
    rb"(ERRORS|WARNINGS):\s{0,20}([01])\s{1,20}([0-9A-Fa-f]{8})\s{1,20}([0-9A-Fa-f]{8})(?![0-9A-Fa-f])"
)


def is_error_status_complete(answer: bytes) -> bool:
    """Tell whether the end of `~HQES` is there, or so much that it is no answer."""
    return b"\x03" in answer or len(answer) > LONGEST_ANSWER


def parse_error_status(answer: bytes) -> PrinterStatus:
    """Read the answer to `~HQES`: a flag and two groups of bits for errors, the same for warnings.

    Read by tokens, as makers space the lines differently. A bit that is not known is a fault all
    the same. Nothing in it tells of labels that wait, so that a good answer is no proof that all are out.
    """
    if not answer:
        return SILENT
    if len(answer) > LONGEST_ANSWER or answer.count(b"\x02") != 1 or answer.count(b"\x03") != 1:
        return INCOMPLETE
    body = answer[answer.index(b"\x02") : answer.rindex(b"\x03") + 1]
    lines = _LINE.findall(body)
    if not body or [line[0] for line in lines] != [b"ERRORS", b"WARNINGS"]:
        return INCOMPLETE
    errors, warnings = lines
    reasons = _reasons(errors, _ERRORS)
    if errors[1] == b"1" and (not reasons or int(errors[3], 16) & ~sum(_ERRORS)):
        reasons.append(Reason.FAULT)
    reasons += _reasons(warnings, _WARNINGS)
    return told(tuple(dict.fromkeys(reasons)))


def _reasons(line: tuple[bytes, ...], known: dict[int, Reason]) -> list[Reason]:
    if line[1] != b"1":
        return []
    bits = int(line[3], 16)
    return [reason for bit, reason in known.items() if bits & bit]


_IDENTITY: Final = re.compile(
    rb"\x02?([^,\x02\x03]{1,64}),([^,\x02\x03]{1,64}),(\d{1,2}),[^\x02\x03]{1,64}\x03\s{0,4}"
)


def is_identification_complete(answer: bytes) -> bool:
    """Tell whether the end of `~HI` is there, or so much that it is no answer."""
    return b"\x03" in answer or len(answer) > LONGEST_ANSWER


def parse_identification(answer: bytes) -> Identity | None:
    """Read the answer to `~HI`: model, firmware, dots a millimetre, memory, perhaps options."""
    found = _IDENTITY.fullmatch(answer[:LONGEST_ANSWER])
    if found is None:
        return None
    return Identity(cleaned(found[1]), cleaned(found[2]), int(found[3]) or None)


QUESTIONS: Final = (
    Question(b"~HS", is_host_status_complete, parse_host_status),
    Question(b"~HQES", is_error_status_complete, parse_error_status),
)
"""`~HS` tells most, and may stay unanswered with paper or ribbon out or the head open; `~HQES` says which."""
INQUIRY: Final = Inquiry(b"~HI", is_identification_complete, parse_identification)
