"""What a print service says of a printer and of a job, in the vocabulary of every printer (RFC 8011)."""

import re
import struct
from collections.abc import Iterable
from typing import Final

from printers.media import MM_PER_INCH
from printers.status import INCOMPLETE, Identity, Loaded, PrinterStatus, Reason, cleaned, told
from printers.transports.ipp_message import Answer

PRINTER_ATTRIBUTES: Final = (
    "printer-state",
    "printer-state-reasons",
    "printer-is-accepting-jobs",
    "printer-make-and-model",
    "printer-resolution-default",
    "media-ready",
    "cups-version",
)
JOB_ATTRIBUTES: Final = ("job-state", "job-state-reasons", "job-state-message")
_PRINTER_PROCESSING, _PRINTER_STOPPED = 4, 5
_PRINTER_STATES: Final = range(3, 6)
JOB_STOPPED, JOB_CANCELED, JOB_ABORTED, JOB_COMPLETED = 6, 7, 8, 9
_SIZE: Final = re.compile(r".*_([0-9]{1,5}(?:\.[0-9]{1,4})?)x([0-9]{1,5}(?:\.[0-9]{1,4})?)(in|mm)")
_UNITS_MM: Final = {"in": MM_PER_INCH, "mm": 1.0}
_RESOLUTION_BYTES: Final = 9
_PER_INCH, _PER_CM = 3, 4
_SUFFIXES: Final = ("-error", "-warning", "-report")
_HARMLESS: Final = frozenset({"none", "connecting-to-device", "cups-waiting-for-job-completed"})
_KNOWN: Final = {
    **{reason.value: reason for reason in Reason},
    "door-open": Reason.HEAD_OPEN,
    "interlock-open": Reason.HEAD_OPEN,
    "moving-to-paused": Reason.PAUSED,
    "shutdown": Reason.OFFLINE,
    "stopped-partly": Reason.FAULT,
    "stopping": Reason.PAUSED,
    "timed-out": Reason.OFFLINE,
    "toner-empty": Reason.RIBBON_EMPTY,
    "toner-low": Reason.RIBBON_LOW,
    "hold-new-jobs": Reason.PAUSED,
}


def reasons_of(keywords: Iterable[str]) -> tuple[Reason, ...]:
    """Read printer-state-reasons, whose severity is stripped.

    Some services call an error a warning, so what is known counts at any severity; what is not known is a
    fault unless it is called a warning or a report.
    """
    found = []
    for keyword in keywords:
        suffix = next((ending for ending in _SUFFIXES if keyword.endswith(ending)), "")
        plain = keyword.removesuffix(suffix)
        if plain in _KNOWN:
            found.append(_KNOWN[plain])
        elif plain not in _HARMLESS and suffix in ("-error", ""):
            found.append(Reason.FAULT)
    return tuple(dict.fromkeys(found))


def printer_status(answer: Answer) -> PrinterStatus:
    """Read what was said of a printer; one that is stopped without a reason is paused."""
    reasons = reasons_of(answer.texts("printer-state-reasons"))
    state = answer.number("printer-state")
    if state not in _PRINTER_STATES:
        return INCOMPLETE
    if answer.attributes.get("printer-is-accepting-jobs") == (False,):
        reasons = (*reasons, Reason.OFFLINE)
    if state == _PRINTER_STOPPED and not reasons:
        reasons = (Reason.PAUSED,)
    return told(reasons, is_busy=state == _PRINTER_PROCESSING, loaded=_loaded(answer))


def printer_identity(answer: Answer) -> Identity | None:
    """Read what a printer says it is; of a queue of CUPS only what its driver says is known, so nothing."""
    models = answer.texts("printer-make-and-model")
    if not models or answer.texts("cups-version"):
        return None
    return Identity(cleaned(models[0].encode()), dots_per_mm=_dots_per_mm(answer))


def _dots_per_mm(answer: Answer) -> int | None:
    """Read printer-resolution-default: across, along, and 3 for dots an inch, 4 for a cm (RFC 8010, 3.9)."""
    value = answer.attributes.get("printer-resolution-default", (b"",))[0]
    if not isinstance(value, bytes) or len(value) != _RESOLUTION_BYTES:
        return None
    across, _, unit = struct.unpack(">iib", value)
    mm = {_PER_INCH: MM_PER_INCH, _PER_CM: 10.0}.get(unit)
    return round(across / mm) or None if mm is not None and across > 0 else None


def _loaded(answer: Answer) -> Loaded | None:
    """Read media-ready: names that end in their size (PWG 5101.1), as in `oe_4x2-label_4x2in`.

    What CUPS says is in a printer is what somebody once chose for its queue.
    """
    if answer.texts("cups-version"):
        return None
    found = [_SIZE.fullmatch(name) for name in answer.texts("media-ready")]
    sizes_mm = tuple(
        (round(float(size[1]) * _UNITS_MM[size[3]], 1), round(float(size[2]) * _UNITS_MM[size[3]], 1))
        for size in found
        if size
    )
    return Loaded(sizes_mm) if sizes_mm else None


def job_status(job: Answer, printer: Answer) -> PrinterStatus:
    """Read what was said of a job and of its printer.

    CUPS calls a job completed when the bytes have left it, so its word proves nothing of a label.
    """
    reasons = reasons_of(printer.texts("printer-state-reasons"))
    state = job.number("job-state")
    if state is None:
        return INCOMPLETE
    if state == JOB_COMPLETED:
        return told(reasons, labels_printed=0 if printer.texts("cups-version") else 1)
    if state == JOB_STOPPED and not reasons:
        reasons = (Reason.FAULT,)
    return told(reasons, is_busy=True)
