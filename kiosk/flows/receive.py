"""Receive against a purchase order: order, line, quantity, lot or serials, location, confirm."""

from dataclasses import replace

from kiosk.barcodes import Text
from kiosk.flows.flow import Event, Outcome, Place, Pressed, Refreshed, Scanned, Settled, stay
from kiosk.flows.labels import label_of
from kiosk.flows.receive_entry import Entry, entered, shown_line
from kiosk.flows.receive_order import (
    LINES_A_PAGE,
    line_choice,
    lines_of,
    opened,
    order_of,
    refreshed,
    settled,
)
from kiosk.flows.wording import title
from kiosk.model import (
    Effect,
    Inventory,
    Level,
    Location,
    Message,
    Operation,
    Order,
    OrderLine,
    Session,
    Stock,
    Subject,
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

    def is_entered(self, session: Session) -> bool:
        """Return whether a lot, a serial or a quantity of one's own stands on the line's screen."""
        return session.step == "line" and Entry.of(session).is_touched

    def handle(self, session: Session, event: Event, place: Place) -> Outcome | None:
        """Take whatever is scanned into the place where it fits."""
        order = order_of(session)
        match event:
            case Scanned(subjects=(Order() as scanned,)) if order is None or (
                scanned.id != order.id and not self.is_entered(session)
            ):
                return opened(scanned, event, place)
            case Settled(operation) if order is not None:
                return settled(session, order, operation, place)
            case Refreshed(Order() as fresh) if order is not None and fresh.id == order.id:
                return refreshed(session, fresh, place)
        if order is None:
            return None
        if session.step == "line":
            return _on_line(session, order, event, place)
        return _on_order(session, order, event, place)


def _on_order(session: Session, order: Order, event: Event, place: Place) -> Outcome | None:
    match event:
        case Scanned(subjects=(Order() as scanned,)):
            return opened(scanned, event, place)
        case Scanned():
            return _scanned_on_order(session, order, event, place)
        case Pressed("CHOOSE", str(key)):
            line = next((line for line in order.lines if line.key == key), None)
            return entered(session, order, line, place) if line else None
        case Pressed("NEXT"):
            pages = max(1, -(-len(order.lines) // LINES_A_PAGE))
            page = (int(str(session.state.get("page") or "1")) % pages) + 1
            return stay(session, session.message, page=str(page))
        case Pressed("REPEAT"):
            line = next((line for line in order.lines if line.id == session.state.get("last_line")), None)
            if line is None:
                return stay(session, Message(Level.ASK, "Nothing to repeat yet. Scan a part of this order."))
            return entered(session, order, line, place)
        case Pressed("CONFIRM"):
            return stay(session, Message(Level.ASK, "Nothing is entered yet. Scan a part or choose a line."))
        case _:
            return None


def _scanned_on_order(session: Session, order: Order, event: Scanned, place: Place) -> Outcome | None:
    for subject in event.subjects:
        if isinstance(subject, Location):
            message = Message(Level.GOOD, "Stock goes to {place}.", {"place": subject.name})
            return stay(session, message, location=object_json(subject))
    lines = lines_of(order, event)
    if len(lines) == 1:
        return entered(session, order, lines[0], place)
    if lines:
        return line_choice(session, lines, event.readings.shown)
    for subject in event.subjects:
        if isinstance(subject, Stock):
            values = {"part": title(subject), "order": order.number}
            return stay(session, Message(Level.STOP, "{part} is not on {order}.", values))
    return None


def _on_line(session: Session, order: Order, event: Event, place: Place) -> Outcome | None:
    entry = Entry.of(session)
    match event:
        case Scanned():
            return _scanned_on_line(session, order, entry, event, place)
        case Pressed("QUANTITY", argument):
            return shown_line(session, order, entry.with_quantity(argument or ""))
        case Pressed("UNDO"):
            return shown_line(session, order, entry.without_last_serial())
        case Pressed("CONFIRM"):
            return _confirmed(session, order, entry, place)
        case Pressed("CANCEL" | "BACK"):
            back = refreshed(replace(session, step="order"), order, place)
            return replace(
                back, message=Message(Level.ASK, "Nothing was received. Scan a part or choose a line.")
            )
        case _:
            return None


def _scanned_on_line(
    session: Session, order: Order, entry: Entry, event: Scanned, place: Place
) -> Outcome | None:
    for subject in event.subjects:
        if isinstance(subject, Location):
            return shown_line(session, order, entry.with_location(subject))
    lines = lines_of(order, event)
    if any(line.id == entry.line.id for line in lines):
        return shown_line(session, order, entry.same_part_again())
    if lines and not entry.is_touched:
        return entered(session, order, lines[0], place) if len(lines) == 1 else None
    if lines:
        values = {"other": lines[0].part.number if lines[0].part else "", "this": entry.line_name}
        template = "{other} is another line. Confirm or cancel {this} first."
        return stay(session, Message(Level.ASK, template, values))
    text = next((reading.value for reading in event.readings.readings if isinstance(reading, Text)), None)
    if text is None or not entry.wants_text:
        return None
    taken = next(
        (
            subject
            for subject in event.subjects
            if isinstance(subject, Inventory) and _is_same_unit(subject, entry.line, text)
        ),
        None,
    )
    return shown_line(session, order, entry.with_text(text, taken))


def _is_same_unit(stock: Inventory, line: OrderLine, text: str) -> bool:
    return line.part is not None and stock.part.id == line.part.id and stock.serial == text


def _confirmed(session: Session, order: Order, entry: Entry, place: Place) -> Outcome:
    checked = entry.checked()
    if checked.fault is not None:
        return shown_line(session, order, checked)
    effect = entry.submit(order)
    back = refreshed(replace(session, step="order"), order, place, also=effect)
    values = {"quantity": plain(entry.count), "part": entry.line_name, "order": order.number}
    return Outcome(
        "receive",
        "order",
        {**back.state, "last_line": entry.line.id, "location": object_json(entry.location)},
        Message(Level.WAIT, "{quantity} × {part}: kept, on the way to ION.", values),
        (effect,),
    )


def labels_of_receipt(operation: Operation) -> tuple[Effect, ...]:
    """Return the label of each inventory row that a receipt made in ION."""
    rows = (operation.result or {}).get("inventories")
    made = [from_json(Inventory, row) for row in rows] if isinstance(rows, list | tuple) else []
    return tuple(label for row in made if (label := label_of(row)) is not None)
