"""Receive against a purchase order: order, line, quantity, lot or serials, location, confirm."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from kiosk.flows.choice import Option, choose
from kiosk.flows.flow import Event, Outcome, Place, Pressed, Refreshed, Scanned, Settled, stay
from kiosk.flows.paging import page_after
from kiosk.flows.receive_entry import Entry
from kiosk.flows.receive_order import (
    closed_line,
    closed_order,
    lines_of,
    opened_state,
    order_message,
    order_of,
    order_state,
    queued_on,
    rest_of,
    taken_serials,
    text_of,
)
from kiosk.flows.wording import line_detail, line_title, title
from kiosk.model import (
    Inventory,
    Json,
    Level,
    Location,
    Message,
    Operation,
    Order,
    OrderLine,
    Session,
    Stock,
    Subject,
    Tracking,
)
from kiosk.wire import from_json, object_json, plain


class Receive:
    """Counts what came off the truck against an order."""

    name = "receive"

    def takes(self, subject: Subject) -> bool:
        """Return whether this is a purchase order."""
        return isinstance(subject, Order)

    def subject(self, session: Session) -> Subject | None:
        """Return the order on the screen."""
        return order_of(session)

    def entered(self, session: Session) -> str:
        """Return what a person gave for a line and did not confirm."""
        entry = _entry_of(session)
        return entry.words if entry is not None and entry.is_entered else ""

    def handle(self, session: Session, event: Event, place: Place) -> Outcome | None:
        """Take whatever is scanned into the place where it fits."""
        order = order_of(session)
        match event:
            case Scanned(subjects=(Order() as scanned,)) if order is None or scanned.id != order.id:
                return None if self.entered(session) else _opened(scanned, event, place)
            case _ if order is None:
                return None
            case Scanned():
                return _scanned(session, order, event, place)
            case Pressed():
                return _pressed(session, order, event, place)
            case Refreshed(Order() as fresh) if fresh.id == order.id:
                return _refreshed({**session.state, "as_of": None}, session, fresh, place)
            case Settled(operation) if operation.operation == "receive" and operation.about == order.key:
                return _refreshed(session.state, session, _settled(order, operation), place)
            case _:
                return None


def _entry_of(session: Session) -> Entry | None:
    return Entry.of(session) if session.step == "line" else None


def _opened(order: Order, event: Scanned, place: Place) -> Outcome:
    return Outcome("receive", "order", opened_state(order, event, place), order_message(order, place))


def _refreshed(kept: Mapping[str, Json], session: Session, order: Order, place: Place) -> Outcome:
    """Show fresher figures; what a person entered stays, and so does the screen."""
    entry = _entry_of(session)
    if entry is None:
        return Outcome("receive", "order", order_state(order, place, kept), session.message)
    line = next((line for line in order.lines if line.id == entry.line.id), entry.line)
    fresh = replace(entry.with_figures(line, queued_on(line, place)), said=session.message)
    return _line_screen(kept, order, fresh)


def _settled(order: Order, operation: Operation) -> Order:
    """Return the order with what ION answered to a receipt."""
    data = (operation.result or {}).get("line")
    line = from_json(OrderLine, data) if data else None
    return replace(order, lines=tuple(line if line and old.id == line.id else old for old in order.lines))


def _scanned(session: Session, order: Order, event: Scanned, place: Place) -> Outcome | None:
    entry = _entry_of(session)
    lines = lines_of(order, event, place)
    location = next((subject for subject in event.subjects if isinstance(subject, Location)), None)
    if location is not None:
        return _located(session, order, entry, location)
    if lines:
        return _named(session, order, lines, event, place)
    if _is_order(order, event):
        return _order_again(session, order, event, place)
    stock = next((subject for subject in event.subjects if isinstance(subject, Stock)), None)
    if stock is not None:
        values = {"part": title(stock), "order": order.number}
        return stay(session, Message(Level.STOP, "{part} is not on {order}.", values))
    text = text_of(event)
    is_elsewhere = any(isinstance(subject, Order) for subject in event.subjects)
    if entry is None or not entry.wants_text or text is None or is_elsewhere:
        return None
    return _line_screen(session.state, order, entry.with_text(text, _taken(entry, event, place)))


def _located(session: Session, order: Order, entry: Entry | None, location: Location) -> Outcome:
    if entry is not None:
        return _line_screen(session.state, order, entry.with_location(location))
    message = Message(Level.GOOD, "Stock goes to {place}.", {"place": location.name})
    return stay(session, message, location=object_json(location))


def _is_order(order: Order, event: Scanned) -> bool:
    """Return whether a scan is the order on the screen; its number is known without ION, too."""
    return text_of(event) == order.number or any(subject.key == order.key for subject in event.subjects)


def _order_again(session: Session, order: Order, event: Scanned, place: Place) -> Outcome:
    """Show the order's lines again, with the location that was chosen for it."""
    entry = _entry_of(session)
    if entry is not None and entry.is_entered:
        template = "{this} is not confirmed yet. Confirm or cancel it first."
        return stay(session, Message(Level.ASK, template, {"this": entry.name}))
    scanned = next((subject for subject in event.subjects if isinstance(subject, Order)), None)
    kept = {**session.state, "page": "1", "as_of": event.as_of_text if scanned else session.state["as_of"]}
    shown = scanned or order
    return Outcome("receive", "order", order_state(shown, place, kept), order_message(shown, place))


def _named(
    session: Session, order: Order, lines: tuple[OrderLine, ...], event: Scanned, place: Place
) -> Outcome:
    """Open the line that a part number names, or ask where there are several."""
    entry = _entry_of(session)
    if entry is not None and any(line.id == entry.line.id for line in lines):
        return _line_screen(session.state, order, replace(entry, said=entry.prompt()))
    if len(lines) == 1:
        return _line_opened(session, order, lines[0], place)
    options = [Option(line.key, line_title(line), line_detail(line), "order-line") for line in lines]
    return choose(session, event.readings.shown, options)


def _taken(entry: Entry, event: Scanned, place: Place) -> frozenset[str]:
    """Return the serials of the line's part that are known to be in stock or on their way there."""
    part_id = entry.line.part.id if entry.line.part else ""
    found = (subject for subject in event.subjects if isinstance(subject, Inventory))
    in_stock = {stock.serial for stock in found if stock.serial and stock.part.id == part_id}
    return taken_serials(part_id, place) | in_stock


def _pressed(session: Session, order: Order, event: Pressed, place: Place) -> Outcome | None:
    match event:
        case Pressed("CHOOSE", str(key)):
            line = next((line for line in order.lines if line.key == key), None)
            return _line_opened(session, order, line, place) if line else None
        case Pressed() if session.step == "line":
            return _pressed_on_line(session, order, event, place)
        case Pressed("NEXT"):
            page = page_after(session.state["page"], len(order.lines))
            return stay(session, session.message, page=str(page))
        case Pressed("QUANTITY"):
            return stay(session, Message(Level.ASK, "Scan a part or choose a line, then the quantity."))
        case Pressed("REPEAT"):
            return _repeated(session, order, place)
        case Pressed("CONFIRM"):
            return stay(session, Message(Level.ASK, "Nothing is entered yet. Scan a part or choose a line."))
        case _:
            return None


def _pressed_on_line(session: Session, order: Order, event: Pressed, place: Place) -> Outcome | None:
    entry = Entry.of(session)
    match event:
        case Pressed("QUANTITY", argument):
            return _line_screen(session.state, order, entry.with_quantity(argument or ""))
        case Pressed("UNDO"):
            return _line_screen(session.state, order, entry.without_last_serial())
        case Pressed("CONFIRM"):
            return _confirmed(session, order, entry, place)
        case Pressed("CANCEL" | "BACK"):
            message = Message(Level.ASK, "Nothing was received. Scan a part or choose a line.")
            return Outcome("receive", "order", order_state(order, place, session.state), message)
        case _:
            return None


def _line_opened(
    session: Session, order: Order, line: OrderLine, place: Place, quantity: Decimal | None = None
) -> Outcome:
    """Open the entry screen of a line.

    Args:
        session: on the order's screen, or on another line's.
        order: on the screen.
        line: of this order.
        place: where it is received.
        quantity: put there instead of the rest, as long as it fits into it.
    """
    standing = _entry_of(session)
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
    if rest == 0:
        said = Message(Level.ASK, "{part}: this line is complete already.", {"part": entry.name})
        entry = replace(entry, said=said)
    elif entry.tracking is not Tracking.SERIAL:
        entry = replace(entry, quantity=quantity if quantity is not None and quantity <= rest else rest)
    return _line_screen(session.state, order, entry)


def _line_screen(kept: Mapping[str, Json], order: Order, entry: Entry) -> Outcome:
    state = {**kept, "order": object_json(order), **entry.state()}
    return Outcome("receive", "line", state, entry.said or entry.prompt())


def _repeated(session: Session, order: Order, place: Place) -> Outcome:
    """Open the last line again, with the last quantity."""
    line = next((line for line in order.lines if line.id == session.state["last_line"]), None)
    if line is None:
        return stay(session, Message(Level.ASK, "Nothing to repeat yet. Scan a part of this order."))
    return _line_opened(session, order, line, place, Decimal(str(session.state["last_quantity"])))


def _confirmed(session: Session, order: Order, entry: Entry, place: Place) -> Outcome:
    current = entry.with_figures(entry.line, queued_on(entry.line, place))
    fault = closed_order(order, place) or current.fault()
    asked = replace(current, said=fault) if fault else current.asked_over()
    if asked is not None:
        return _line_screen(session.state, order, asked)
    effect = current.submit(order)
    kept = {**session.state, "last_line": current.line.id, "last_quantity": plain(current.count)}
    values = {"quantity": plain(current.count), "part": current.name}
    message = Message(Level.WAIT, "{quantity} × {part}: kept, on the way to ION.", values)
    return Outcome("receive", "order", order_state(order, place, kept, effect), message, (effect,))
