"""Receive against a purchase order: order, line, quantity, lot or serials, location, confirm."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from kiosk.flows.choice import Option, choose
from kiosk.flows.flow import Event, Outcome, Place, Pressed, Refreshed, Scanned, Settled, stay
from kiosk.flows.kept_scan import scan_from_json
from kiosk.flows.label_entry import is_served_by, with_label
from kiosk.flows.paging import page_after, rows_on
from kiosk.flows.receive_ahead import quantity_ahead, text_ahead, words_ahead
from kiosk.flows.receive_entry import Entry
from kiosk.flows.receive_label import damaged_label, label_scanned
from kiosk.flows.receive_line import STEPS, entry_of, line_opened, line_screen, pressed_on_line, serials_taken
from kiosk.flows.receive_order import (
    lines_of,
    opened_state,
    order_message,
    order_of,
    order_state,
    queued_on,
    text_of,
)
from kiosk.flows.receive_unverified import STEP, Unverified, on_unverified
from kiosk.flows.wording import line_detail, line_title, title
from kiosk.model import (
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
)
from kiosk.wire import from_json, object_json


class Receive:
    """Counts what came off the truck against an order."""

    name = "receive"
    steps = frozenset({"order", STEP}) | STEPS

    def takes(self, subject: Subject) -> bool:
        """Return whether this is a purchase order."""
        return isinstance(subject, Order)

    def subject(self, session: Session) -> Subject | None:
        """Return the order on the screen."""
        return order_of(session)

    def entered(self, session: Session) -> str:
        """Return what a person gave for a line and did not confirm."""
        unverified = Unverified.of(session)
        if unverified is not None:
            return unverified.words
        entry = entry_of(session)
        if entry is None:
            return words_ahead(session)
        return entry.words if entry.is_entered else ""

    def handle(self, session: Session, event: Event, place: Place) -> Outcome | None:
        """Take whatever is scanned into the place where it fits."""
        order, unverified = order_of(session), Unverified.of(session)
        match event:
            case Scanned() if (scanned := _order_meant(order, event)) is not None:
                entry = unverified or entry_of(session)
                return None if entry and entry.is_entered else _opened(session, scanned, event, place)
            case _ if unverified is not None:
                return on_unverified(unverified, event, place)
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


def _order_meant(order: Order | None, event: Scanned) -> Order | None:
    """Return the order that a scan opens, ``None`` where it is none, or the one on the screen.

    On an order's screen a label on goods opens another order only where a person chose it.
    """
    orders = [subject for subject in event.subjects if isinstance(subject, Order)]
    label = event.label
    if label is not None and label.is_naming:
        meant = orders if order is None else [each for each in orders if each.key in event.agreed]
    else:
        meant = orders if len(event.subjects) == 1 else []
    return meant[0] if len(meant) == 1 and (order is None or meant[0].id != order.id) else None


def _opened(session: Session, order: Order, event: Scanned, place: Place) -> Outcome:
    """Show the lines of an order; a label on goods, or the part scanned before, goes on to its line."""
    before = session.state if session.step == "" else {}
    state = opened_state(order, event, place, before.get("location"))
    shown = Outcome("receive", "order", state, order_message(order, place))
    fresh = replace(session, flow="receive", step="order", state=state, message=shown.message)
    label = event.label
    if label and label.is_naming:
        return label_scanned(fresh, order, event, label, place) or shown
    kept = before.get("scan")
    onward = _scanned(fresh, order, scan_from_json(kept), place) if kept else None
    # A part that was only looked up is no news where it is not on the order.
    return onward if onward is not None and (onward.flow, onward.step) != ("receive", "order") else shown


def _refreshed(kept: Mapping[str, Json], session: Session, order: Order, place: Place) -> Outcome:
    """Show fresher figures; what a person entered stays, and so does the screen."""
    entry = entry_of(session)
    if entry is None:
        return Outcome("receive", "order", order_state(order, place, kept), session.message)
    line = next((line for line in order.lines if line.id == entry.line.id), entry.line)
    fresh = replace(entry.with_figures(line, queued_on(line, place)), said=session.message)
    return replace(line_screen(kept, order, fresh), step=session.step)


def _settled(order: Order, operation: Operation) -> Order:
    """Return the order with what ION answered to a receipt."""
    data = (operation.result or {}).get("line")
    line = from_json(OrderLine, data) if data else None
    return replace(order, lines=tuple(line if line and old.id == line.id else old for old in order.lines))


def _scanned(session: Session, order: Order, event: Scanned, place: Place) -> Outcome | None:
    label = event.label
    if label is not None and label.is_naming:
        return label_scanned(session, order, event, label, place) or _order_again(
            session, order, event, place
        )
    damaged = damaged_label(session, order, event, place)
    if damaged is not None:
        return damaged
    entry = entry_of(session)
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
    if any(isinstance(subject, Order) for subject in event.subjects):
        return None
    if entry is None:
        is_nameless = label is not None and not label.is_taught and label.is_counting and not event.subjects
        template = "This label names no part. Scan the part or choose a line."
        if is_nameless:
            return stay(session, Message(Level.ASK, template))
        return _next_of_last(session, order, event, place) or text_ahead(session, order, event, place)
    return _entered_on(session, order, entry, event, place)


def _next_of_last(session: Session, order: Order, event: Scanned, place: Place) -> Outcome | None:
    """Take the next serial or lot of the part that was received last, without a scan of its number."""
    line = next((line for line in order.lines if line.id == session.state["last_line"]), None)
    text = text_of(event)
    if line is None or text is None or event.subjects or event.label is not None:
        return None
    opened = line_opened(session, order, line, place)
    onward = replace(session, step=opened.step, state=opened.state)
    entry = entry_of(onward)
    if entry is None or not entry.wants_text or entry.rest == 0:
        return None
    return line_screen(onward.state, order, entry.with_text(text, serials_taken(entry, event, place)))


def _entered_on(session: Session, order: Order, entry: Entry, event: Scanned, place: Place) -> Outcome | None:
    """Take what names neither part nor order: a label's counts, or else text as the lot or a serial."""
    label, text = event.label, text_of(event)
    taken = serials_taken(entry, event, place)
    if label is not None and is_served_by(entry, label):
        return line_screen(session.state, order, with_label(entry, label, taken))
    is_label = label is not None and not label.is_taught
    if not entry.wants_text or text is None or is_label:
        return None
    return line_screen(session.state, order, entry.with_text(text, taken))


def _located(session: Session, order: Order, entry: Entry | None, location: Location) -> Outcome:
    if entry is not None:
        return line_screen(session.state, order, entry.with_location(location))
    message = Message(Level.GOOD, "Stock goes to {place}.", {"place": location.name})
    return stay(session, message, location=object_json(location))


def _is_order(order: Order, event: Scanned) -> bool:
    """Return whether a scan is the order on the screen; its number is known without ION, too."""
    return text_of(event) == order.number or any(subject.key == order.key for subject in event.subjects)


def _order_again(session: Session, order: Order, event: Scanned, place: Place) -> Outcome:
    """Show the order's lines again, with the location that was chosen for it."""
    entry = entry_of(session)
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
    entry = entry_of(session)
    if entry is not None and any(line.id == entry.line.id for line in lines):
        return line_screen(session.state, order, replace(entry, said=entry.prompt()))
    if len(lines) == 1:
        return line_opened(session, order, lines[0], place)
    options = [Option(line.key, line_title(line), line_detail(line), "order-line") for line in lines]
    return choose(session, event.readings.shown, options, place)


def _pressed(session: Session, order: Order, event: Pressed, place: Place) -> Outcome | None:
    match event:
        case Pressed("CHOOSE", str(key)):
            # By the line's key, or by its number on the screen.
            shown = {
                str(number): line
                for number, line in enumerate(rows_on(order.lines, session.state["page"], place.lines), 1)
            }
            line = next((line for line in order.lines if line.key == key), shown.get(key))
            return line_opened(session, order, line, place) if line else None
        case Pressed() if session.step in STEPS:
            return pressed_on_line(session, order, event, place)
        case Pressed("NEXT"):
            page = page_after(session.state["page"], len(order.lines), place.lines)
            return stay(session, session.message, page=str(page))
        case Pressed("QUANTITY", argument):
            return quantity_ahead(session, argument or "")
        case Pressed("REPEAT"):
            return _repeated(session, order, place)
        case Pressed("CONFIRM"):
            return stay(session, Message(Level.ASK, "Nothing is entered yet. Scan a part or choose a line."))
        case _:
            return None


def _repeated(session: Session, order: Order, place: Place) -> Outcome:
    """Open the last line again, with the last quantity."""
    line = next((line for line in order.lines if line.id == session.state["last_line"]), None)
    if line is None:
        return stay(session, Message(Level.ASK, "Nothing to repeat yet. Scan a part of this order."))
    quantity = Decimal(str(session.state["last_quantity"]))
    return line_opened(session, order, line, place, quantity)
