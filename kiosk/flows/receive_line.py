"""The line's screen of receiving: quantity, lot or serials, location, confirm."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from kiosk.flows.flow import Outcome, Place, Pressed, Scanned, stay
from kiosk.flows.label_entry import with_label
from kiosk.flows.photos import photo_taken
from kiosk.flows.receive_ahead import NOTHING_AHEAD, with_ahead
from kiosk.flows.receive_entry import Entry
from kiosk.flows.receive_order import (
    closed_line,
    closed_order,
    order_state,
    queued_on,
    rest_of,
    taken_serials,
)
from kiosk.flows.wording import line_title
from kiosk.model import (
    Inventory,
    Json,
    Level,
    Location,
    Message,
    Order,
    OrderLine,
    Session,
    Stock,
    Tracking,
)
from kiosk.wire import from_json, object_json, plain

STEPS = frozenset({"line", "photos"})


def entry_of(session: Session) -> Entry | None:
    """Return what is entered on a line's screens, ``None`` on the order's."""
    return Entry.of(session) if session.step in STEPS else None


def line_opened(
    session: Session,
    order: Order,
    line: OrderLine,
    place: Place,
    given: Decimal | Scanned | None = None,
) -> Outcome:
    """Open the entry screen of a line.

    Args:
        session: on the order's screen, or on another line's.
        order: on the screen.
        line: of this order.
        place: where it is received.
        given: a quantity to put there instead of the rest, as long as it fits into it; or the scan of a label
            on the goods: what it says is entered, and where it has no quantity a person is asked.
    """
    standing = entry_of(session)
    if standing is not None and standing.is_entered:
        values = {"other": line_title(line), "this": standing.name}
        template = "{other} is another line. Confirm or cancel {this} first."
        return stay(session, Message(Level.ASK, template, values))
    closed = closed_order(order, place) or closed_line(line)
    if closed is not None:
        return stay(session, closed)
    location, queued = session.state["location"], queued_on(line, place)
    rest = rest_of(line, queued)
    entry = Entry(line, queued, None, location=from_json(Location, location) if location else None)
    if isinstance(given, Scanned):
        entry = _labelled(entry, given, place)
    elif rest > 0 and entry.tracking is not Tracking.SERIAL:
        entry = replace(entry, quantity=given if given is not None and given <= rest else rest)
    if rest == 0 and not entry.is_refused:
        said = Message(Level.ASK, "{part}: this line is complete already.", {"part": entry.name})
        entry = replace(entry, said=said)
    if not isinstance(given, Scanned):
        entry = with_ahead(entry, session, taken_serials(line.part.id if line.part else "", place))
    return line_screen({**session.state, **NOTHING_AHEAD}, order, entry)


def _labelled(entry: Entry, scan: Scanned, place: Place) -> Entry:
    label = scan.label
    return with_label(entry, label, serials_taken(entry, scan, place)) if label is not None else entry


def line_screen(kept: Mapping[str, Json], order: Order, entry: Entry) -> Outcome:
    """Show an entry.

    Args:
        kept: the state before, whose parts that belong to the order's screen stay.
        order: of the line.
        entry: with what there is to say, or else what comes next is said.
    """
    state = {**kept, "order": object_json(order), **entry.state()}
    return Outcome("receive", "line", state, entry.said or entry.prompt())


def pressed_on_line(session: Session, order: Order, event: Pressed, place: Place) -> Outcome | None:
    """Answer the buttons of a line's screens; ``None`` for every other verb."""
    entry = Entry.of(session)
    match event:
        case Pressed("QUANTITY", argument):
            return line_screen(session.state, order, entry.with_quantity(argument or ""))
        case Pressed("UNDO"):
            return line_screen(session.state, order, entry.without_last_serial())
        case Pressed("PHOTO", None) if session.step == "line":
            message = Message(
                Level.ASK, "Take a photo of {part}, here or with a phone.", {"part": entry.name}
            )
            return replace(stay(session, message), step="photos")
        case Pressed("PHOTO", digest):
            return photo_taken(session, digest)
        case Pressed("CONFIRM" | "CANCEL" | "BACK") if session.step == "photos":
            return line_screen(session.state, order, entry)
        case Pressed("CONFIRM"):
            return _confirmed(session, order, entry, place)
        case Pressed("CANCEL" | "BACK"):
            message = Message(Level.ASK, "Nothing was received. Scan a part or choose a line.")
            return Outcome("receive", "order", order_state(order, place, session.state), message)
        case _:
            return None


def _confirmed(session: Session, order: Order, entry: Entry, place: Place) -> Outcome:
    current = entry.with_figures(entry.line, queued_on(entry.line, place))
    fault = closed_order(order, place) or current.fault()
    asked = replace(current, said=fault) if fault else current.asked_over()
    if asked is not None:
        return line_screen(session.state, order, asked)
    effect = current.submit(order, place.now.astimezone(place.zone).date())
    kept = {
        **session.state,
        "last_line": current.line.id,
        "last_quantity": plain(current.count),
    }
    values = {"quantity": plain(current.count), "part": current.name}
    message = Message(Level.WAIT, "{quantity} × {part}: kept, on the way to ION.", values)
    return Outcome("receive", "order", order_state(order, place, kept, effect), message, (effect,))


def serials_taken(entry: Entry, event: Scanned, place: Place) -> frozenset[str]:
    """Return the serials of the line's part that are known to be in stock or on their way there."""
    part_id = entry.line.part.id if entry.line.part else ""
    rows = [row for subject in event.subjects if isinstance(subject, Stock) for row in subject.rows]
    found = (subject for subject in (*event.subjects, *rows) if isinstance(subject, Inventory))
    in_stock = {stock.serial for stock in found if stock.serial and stock.part.id == part_id}
    return taken_serials(part_id, place) | in_stock
