"""How subjects and quantities are named on the screen."""

from kiosk.model import Inventory, Location, Order, Run, Stock, Subject
from kiosk.wire import plain

STATUS_WORDS = {
    "TODO": "to do",
    "IN_PROGRESS": "in progress",
    "COMPLETE": "complete",
    "PARTIAL_COMPLETE": "partly complete",
    "HOLD": "on hold",
    "REDLINE": "redline",
    "FAILED": "failed",
    "CANCELED": "canceled",
    "DRAFT": "a draft",
    "IN_REVIEW": "in review",
    "REQUESTED": "requested",
    "APPROVED": "approved, but not ordered",
    "RECEIVED": "received in full",
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
            return f"{subject.part.number} rev {subject.part.revision}".removesuffix(" rev ")
        case Order():
            return subject.number
        case Run():
            return subject.title or f"Run {subject.id}"
        case Location():
            return subject.name


def detail(subject: Subject) -> str:
    """Return the line beneath the title that tells like subjects apart."""
    match subject:
        case Inventory():
            place = subject.location.name if subject.location else "no location"
            facts = (subject.part.number, plain(subject.quantity), status_words(subject.status), place)
            return " · ".join(facts)
        case Stock():
            return subject.part.description
        case Order():
            return f"{subject.supplier} · {status_words(subject.status)}".removeprefix(" · ")
        case Run():
            return f"{subject.part_number} · {status_words(subject.status)}".removeprefix(" · ")
        case Location():
            return "location"


KIND_WORDS = {
    "inventory": "Stock",
    "stock": "Part",
    "order": "Purchase order",
    "run": "Run",
    "location": "Location",
}
