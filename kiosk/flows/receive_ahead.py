"""What is scanned before the line it belongs to: a quantity, a lot, the next serial, a location."""

from dataclasses import replace

from kiosk.flows.flow import Outcome, Place, Scanned, stay
from kiosk.flows.receive_entry import Entry, quantity_of
from kiosk.flows.receive_order import closed_order, text_of
from kiosk.flows.wording import NOTHING
from kiosk.model import Json, Level, Message, Order, Session


def ahead_of(session: Session) -> dict[str, Json]:
    """Return what waits for a line, as the order's screen keeps it."""
    return {name: session.state.get(name) for name in ("ahead_quantity", "ahead_text")}


NOTHING_AHEAD: dict[str, Json] = {"ahead_quantity": None, "ahead_text": None}


def words_ahead(session: Session) -> str:
    """Return what waits for a line, as it is named before it is thrown away."""
    return ", ".join(str(value) for value in ahead_of(session).values() if value)


def quantity_ahead(session: Session, given: str) -> Outcome:
    """Keep a quantity for the line that is scanned next, or say what is wrong with it."""
    if quantity_of(given) is None:
        template = "{given} is no quantity. Enter a number above zero, such as 5 or 2.5."
        return stay(session, Message(Level.STOP, template, {"given": given[:20] or NOTHING}))
    message = Message(
        Level.ASK, "Quantity {quantity}. Now scan its part or choose its line.", {"quantity": given}
    )
    return stay(session, message, ahead_quantity=given)


def text_ahead(session: Session, order: Order, scan: Scanned, place: Place) -> Outcome | None:
    """Keep plain text that nobody knows for the line that is scanned next: it is its lot or serial."""
    text = text_of(scan)
    if text is None or scan.subjects or scan.label is not None or closed_order(order, place) is not None:
        return None
    template = "{text} is kept for the next part. Scan the part or choose its line."
    return stay(session, Message(Level.ASK, template, {"text": scan.readings.shown}), ahead_text=text)


def with_ahead(entry: Entry, session: Session, taken: frozenset[str]) -> Entry:
    """Enter what was scanned ahead of the line."""
    quantity, text = session.state.get("ahead_quantity"), session.state.get("ahead_text")
    if quantity:
        entry = replace(entry.with_quantity(str(quantity).removeprefix("+")), said=None)
    if text and entry.wants_text:
        entry = entry.with_text(str(text), taken)
        entry = entry if entry.is_refused else replace(entry, said=None)
    return entry
