"""What happened here, in words: a row of the list, and the facts behind it."""

from collections.abc import Sequence
from typing import Any

from kiosk.barcodes import read
from kiosk.flows.sequel import label_name
from kiosk.flows.unknown import kind_words
from kiosk.flows.wanted import facts, wanted
from kiosk.model import Json, KeptScan, Operation, OperationState, Past, PrintJob, ScanState
from kiosk.wire import told_json
from kiosk.words import N_, Told, listed, told

_UNKNOWN = "home/unknown"
UNDOING, UNDONE, UNDO_STUCK = "undoing", "undone", "undo-stuck"
"""Fates of what another operation takes back: on its way, done, waiting for a person."""
_STUCK = frozenset({OperationState.REJECTED, OperationState.PARKED})


def row_of(past: Past) -> dict[str, Json]:
    """Return one line of the list.

    ``kind`` is *scan*, *operation* or *label*; ``fate`` what became of it: a state of the model, or *unknown*
    of a scan that means nothing here, or what is said of an undo above; ``screen`` where a scan led to;
    ``told`` what the title is made of, where that is known.
    """
    kind, screen = "label", ""
    match past.what:
        case KeptScan() as kept:
            kind, screen = "scan", kept.screen
        case Operation():
            kind = "operation"
    title = title_of(past)
    made_of = told_json(title)
    return {
        "key": past.key,
        "kind": kind,
        "title": title,
        **({"told": made_of} if made_of else {}),
        "at": past.at.isoformat(),
        "fate": fate_of(past),
        "screen": screen,
    }


def title_of(past: Past) -> str:
    """Return what a person calls it."""
    match past.what:
        case KeptScan() as kept:
            return read(kept.scan.data, kept.scan.symbology).shown
        case Operation() as operation:
            return wanted(operation)
        case PrintJob() as job:
            return label_name(job)


def fate_of(past: Past) -> str:
    """Return what became of it, as ``row_of`` says."""
    match past.what:
        case KeptScan(state=ScanState.HANDLED, screen=screen) if screen == _UNKNOWN:
            return "unknown"
        case Operation() if past.undone_by is not None:
            if past.undone_by.state is OperationState.DONE:
                return UNDONE
            return UNDO_STUCK if past.undone_by.state in _STUCK else UNDOING
        case what:
            return what.state.value


def facts_of(past: Past) -> list[Json]:
    """Return what there is to know: pairs of ``caption`` and ``value``, the operator's first.

    ``kind`` is *time* of an ISO 8601 time, *number* of what is read letter by letter, *words* of the kiosk's
    own, else *text*. ``told`` is what such words are made of, where that is known.
    """
    match past.what:
        case KeptScan() as kept:
            found = _scan_facts(kept)
        case Operation() as operation:
            found = _operation_facts(operation, past.undone_by)
        case PrintJob() as job:
            found = _label_facts(job)
    return [_fact(*each) for each in found if each[1]]


def _fact(caption: str, value: str, kind: str) -> dict[str, Json]:
    made_of = told_json(value)
    return {"caption": caption, "value": value, "kind": kind, **({"told": made_of} if made_of else {})}


def _scan_facts(kept: KeptScan) -> Sequence[tuple[str, str, str]]:
    readings = read(kept.scan.data, kept.scan.symbology)
    return (
        (N_("Scanned"), kept.scan.at.isoformat(), "time"),
        (N_("Scanner"), kept.scan.scanner, "text"),
        (
            N_("Read as"),
            listed(dict.fromkeys(kind_words(each.kind) for each in readings.readings), between=", "),
            "words",
        ),
        (N_("Length"), str(len(readings.raw)), "number"),
        (N_("Symbology"), readings.symbology or "", "number"),
        (N_("Scan"), kept.scan.id, "number"),
    )


def _operation_facts(operation: Operation, undone_by: Operation | None) -> Sequence[tuple[str, str, str]]:
    settled = operation.settled_at.isoformat() if operation.settled_at else ""
    said = [
        (caption, value, "words" if isinstance(value, Told) else "number")
        for caption, value in facts(operation).items()
    ]
    taken = undone_by.created_at.isoformat() if undone_by else ""
    return (
        (N_("Entered"), operation.created_at.isoformat(), "time"),
        (
            N_("By"),
            operation.actor.name if operation.actor else "nobody signed in",
            "text" if operation.actor else "words",
        ),
        (N_("Answered"), settled, "time"),
        (N_("ION says"), answer_of(operation), "words"),
        *said,
        (N_("Taken back"), taken, "time"),
        (N_("Sent"), _sent_words(operation.attempts), "words"),
        (N_("ION shows"), operation.facts, "words"),
        (N_("ION's trace"), operation.trace, "number"),
        (N_("In ION's notes"), operation.marker, "number"),
    )


def _sent_words(attempts: int) -> str:
    if not attempts:
        return "not yet"
    return N_("once") if attempts == 1 else f"{attempts} times"


def answer_of(operation: Operation) -> str:
    """Return ION's answer in words, empty while there is none."""
    if operation.error:
        return operation.error
    if operation.state is not OperationState.DONE:
        return ""
    result: Any = operation.result or {}
    rows = result.get("inventories")
    if isinstance(rows, list | tuple) and rows:
        names = [str(row.get("serial") or row.get("lot") or row.get("id")) for row in rows]
        shown = ", ".join(names[:3]) + (" …" if names[3:] else "")
        return told("It has {names}.", names=shown)
    return "It has it."


def _label_facts(job: PrintJob) -> Sequence[tuple[str, str, str]]:
    return (
        (N_("Asked for"), job.created_at.isoformat(), "time"),
        (N_("Design"), job.label, "text"),
        (N_("Printer"), job.printer, "text"),
        (N_("Copy"), f"{job.copy} of {job.copies}" if job.copies > 1 else "", "words"),
        (N_("Print number"), str(job.edition) if job.edition > 1 else "", "number"),
        (N_("Printer says"), job.error, "words"),
        (N_("Its barcode"), job.encoded, "number"),
        (N_("Job"), job.id, "number"),
    )
