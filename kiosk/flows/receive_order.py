"""The order's screen of receiving: its lines, what is received, and what is on its way."""

from dataclasses import replace
from decimal import Decimal

from kiosk.barcodes import Readings, Text
from kiosk.flows.choice import Option, choose
from kiosk.flows.flow import Outcome, Place, Scanned
from kiosk.flows.wording import status_words
from kiosk.model import (
    Json,
    Level,
    Message,
    Operation,
    OperationState,
    Order,
    OrderLine,
    Session,
    Stock,
    Submit,
)
from kiosk.wire import from_json, object_json, plain

LINES_A_PAGE = 4
RECEIVABLE = frozenset({"ORDERED", "PARTIALLY_RECEIVED"})


def order_of(session: Session) -> Order | None:
    """Return the order that the session is about."""
    data = session.state.get("order")
    if not isinstance(data, dict):
        return None
    return from_json(Order, data)


def queued_on(line: OrderLine, place: Place, also: Submit | None = None) -> Decimal:
    """Return what was received on a line and is not yet settled with ION."""
    quantities = [
        Decimal(str(operation.arguments.get("quantity", "0")))
        for operation in place.outstanding
        if operation.operation == "receive" and operation.subject == line.key
    ]
    if also is not None and also.subject == line.key:
        quantities.append(Decimal(str(also.arguments["quantity"])))
    return sum(quantities, Decimal(0))


def line_json(line: OrderLine, queued: Decimal) -> dict[str, Json]:
    """Return a line as the screens show it."""
    rest = max(line.remaining - queued, Decimal(0))
    return {
        **object_json(line),
        "remaining": plain(rest),
        "queued": plain(queued),
        "is_open": rest > 0 and line.part is not None,
    }


def order_state(order: Order, place: Place, also: Submit | None = None) -> dict[str, Json]:
    """Return the order with the figures of its lines."""
    lines = [line_json(line, queued_on(line, place, also)) for line in order.lines]
    return {**object_json(order), "lines": lines}


def opened(order: Order, event: Scanned, place: Place) -> Outcome:
    """Show an order that was scanned."""
    state: dict[str, Json] = {
        "order": order_state(order, place),
        "location": object_json(place.location) if place.location else None,
        "as_of": event.as_of.isoformat() if event.as_of else None,
        "page": "1",
        "pages": str(max(1, -(-len(order.lines) // LINES_A_PAGE))),
        "is_receivable": order.status.upper() in RECEIVABLE,
        "last_line": None,
    }
    open_lines = sum(1 for line in order.lines if line.remaining > queued_on(line, place))
    values = {"order": order.number, "status": status_words(order.status), "count": str(open_lines)}
    if order.status.upper() not in RECEIVABLE:
        message = Message(Level.STOP, "{order} is {status}. Only an ordered one can be received.", values)
    elif open_lines == 0:
        message = Message(Level.ASK, "{order}: every line is received.", values)
    else:
        message = Message(Level.GOOD, "{order}: {count} open. Scan a part or choose a line.", values)
    return Outcome("receive", "order", state, message)


def refreshed(session: Session, order: Order, place: Place, also: Submit | None = None) -> Outcome:
    """Show fresher figures without taking away what a person entered."""
    state = {**session.state, "order": order_state(order, place, also), "as_of": None}
    state["is_receivable"] = order.status.upper() in RECEIVABLE
    if session.step == "line":
        state["order"] = {**object_json(order)}
        shown = session.state.get("line")
        for line in order.lines:
            if isinstance(shown, dict) and shown.get("id") == line.id:
                state["line"] = line_json(line, queued_on(line, place))
    return Outcome("receive", session.step, state, session.message)


def settled(session: Session, order: Order, operation: Operation, place: Place) -> Outcome | None:
    """Tell what became of a receipt, and take ION's new figures over."""
    if operation.operation != "receive" or operation.about != order.key:
        return None
    fresh = order
    result = operation.result or {}
    data = result.get("line")
    if isinstance(data, dict):
        line = from_json(OrderLine, data)
        fresh = replace(order, lines=tuple(line if old.id == line.id else old for old in order.lines))
    return refreshed(session, fresh, place)


def receipt_message(operation: Operation) -> Message:
    """Return what became of a receipt, in the operator's words."""
    result = operation.result or {}
    data = result.get("line")
    name = str(operation.arguments.get("part_number") or "")
    if isinstance(data, dict):
        line = from_json(OrderLine, data)
        name = line.part.number if line.part else line.description
    values = {
        "quantity": str(operation.arguments.get("quantity")),
        "part": name or "parts",
        "error": operation.error,
    }
    match operation.state:
        case OperationState.DONE:
            return Message(Level.GOOD, "ION has it: {quantity} × {part} received.", values)
        case OperationState.REJECTED:
            return Message(Level.STOP, "ION did not take {quantity} × {part}: {error}", values)
        case _:
            return Message(
                Level.STOP, "{quantity} × {part}: it is not sure that ION has it. Tell the lead.", values
            )


def lines_of(order: Order, scan: Scanned) -> tuple[OrderLine, ...]:
    """Return the lines that a scan names by part, open ones first.

    The part number printed on the order is compared too, so that it is found without ION.
    """
    parts = {subject.part.id for subject in scan.subjects if isinstance(subject, Stock)}
    text = _text(scan.readings)
    found = [
        line
        for line in order.lines
        if line.part is not None and (line.part.id in parts or line.part.number.casefold() == text.casefold())
    ]
    still_open = [line for line in found if line.remaining > 0]
    return tuple(still_open or found)


def line_choice(session: Session, lines: tuple[OrderLine, ...], text: str) -> Outcome:
    """Ask which of several lines is meant."""
    options = tuple(
        Option(
            line.key,
            line.part.number if line.part else line.description,
            f"{plain(line.remaining)} of {plain(line.ordered)} expected",
            "order-line",
        )
        for line in lines
    )
    return choose(session, text, options)


def _text(readings: Readings) -> str:
    return next((reading.value for reading in readings.readings if isinstance(reading, Text)), "\0")
