"""How subjects and quantities are named on the screen."""

from kiosk.model import (
    Inventory,
    Issue,
    Kit,
    LabelTemplate,
    Location,
    Order,
    OrderLine,
    Procedure,
    Run,
    Stock,
    Subject,
)
from kiosk.wire import plain
from kiosk.words import N_, told

NOTHING = told("Nothing")
"""Names what was entered where that was empty."""
JOB_WORDS = {
    "receive": N_("Receive"),
    "lookup": N_("Look up"),
    "move": N_("Move"),
    "run": N_("Runs"),
    "label": N_("Labels"),
    "problem": N_("Problem"),
    "adjust": N_("Count"),
}
"""What a flow is called where one goes to it, by its name."""
STATUS_WORDS = {
    "TODO": "to do",
    "PENDING": "to do",
    "IN_PROGRESS": "in progress",
    "COMPLETE": "complete",
    "PARTIAL_COMPLETE": "partly complete",
    "HOLD": "on hold",
    "FAILED": "failed",
    "CANCELED": "canceled",
    "REDLINE": "in redline",
    "WIP": "in work",
    "ON_ORDER": "on order",
    "DRAFT": "a draft",
    "APPROVED": "approved, but not ordered",
    "RECEIVED": "received in full",
}

KIND_WORDS = {
    "inventory": "Stock",
    "stock": "Part",
    "order": "Purchase order",
    "run": "Run",
    "location": "Location",
    "kit": "Kit",
    "procedure": "Procedure",
    "issue": "Issue",
    "label-template": "Label",
}


def status_words(status: str) -> str:
    """Return a status of ION in an operator's words."""
    return STATUS_WORDS.get(status.upper(), status.replace("_", " ").lower())


def title(subject: Subject) -> str:
    """Return the number a person knows the subject by."""
    match subject:
        case Inventory():
            return subject.serial or subject.lot or subject.part.number
        case Stock():
            return _joined(subject.part.number, _revision(subject.part.revision), by=" ")
        case Order():
            return subject.number
        case Run():
            return subject.title or told("Run {id}", id=subject.id)
        case Location():
            return subject.name
        case Kit():
            return told("Kit {id}", id=subject.id)
        case Procedure() | Issue():
            return subject.title or subject.id
        case LabelTemplate():
            return subject.name


def detail(subject: Subject) -> str:
    """Return the line beneath the title that tells like subjects apart."""
    match subject:
        case Inventory():
            place = subject.location.name if subject.location else "no location"
            return _joined(subject.part.number, plain(subject.quantity), status_words(subject.status), place)
        case Stock():
            return subject.part.description
        case Order():
            return _joined(subject.supplier, status_words(subject.status))
        case Run():
            return _joined(subject.part_number, status_words(subject.status))
        case Location():
            return "location"
        case LabelTemplate():
            return "drawn by ION"
        case Procedure():
            return subject.description
        case Kit():
            return status_words(subject.status)
        case Issue():
            # A pending issue waits for somebody to look at it; a pending run is one to do.
            return subject.status.replace("_", " ").lower()


def line_title(line: OrderLine) -> str:
    """Return what a person calls an order line: its part's number, or what a service is described as."""
    return line.part.number if line.part else line.description


def line_detail(line: OrderLine) -> str:
    """Return the line beneath the title that tells lines of one part apart."""
    revision = _revision(line.part.revision) if line.part else ""
    return _joined(revision, f"{plain(line.received)} of {plain(line.ordered)} received", line.description)


def _revision(revision: str) -> str:
    return f"rev {revision}" if revision else ""


def _joined(*facts: str, by: str = " · ") -> str:
    return by.join(fact for fact in facts if fact)
