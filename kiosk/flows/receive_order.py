"""The order's screen of receiving: its lines, what is received, and what is on its way."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal

from kiosk.barcodes import Text
from kiosk.flows.flow import Place, Scanned
from kiosk.flows.paging import page_on, pages_of
from kiosk.flows.wording import line_title, status_words
from kiosk.model import Json, Level, Message, Order, OrderLine, Session, Stock, Submit
from kiosk.wire import from_json, object_json, plain

RECEIVABLE = frozenset({"ORDERED", "PARTIALLY_RECEIVED"})
_CANCELED = frozenset({"CANCELED", "CANCELLED"})


def order_of(session: Session) -> Order | None:
    """Return the order that the session is about."""
    data = session.state.get("order")
    return from_json(Order, data) if data else None


def queued_on(line: OrderLine, place: Place, also: Submit | None = None) -> Decimal:
    """Return what was received on a line and is not yet settled with ION.

    Args:
        line: of any order.
        place: knows the operations that are on their way.
        also: a receipt that is made by this very event.
    """
    receipts = [(each.operation, each.subject, each.arguments) for each in place.outstanding]
    if also is not None:
        receipts.append((also.operation, also.subject, also.arguments))
    quantities = (
        Decimal(str(arguments["quantity"]))
        for operation, subject, arguments in receipts
        if operation == "receive" and subject == line.key
    )
    return sum(quantities, Decimal(0))


def rest_of(line: OrderLine, queued: Decimal) -> Decimal:
    """Return what is still expected once all that is on its way has arrived."""
    return max(line.remaining - queued, Decimal(0))


def line_json(line: OrderLine, queued: Decimal) -> dict[str, Json]:
    """Return a line with the figures that the screens show."""
    return {
        **object_json(line),
        "remaining": plain(rest_of(line, queued)),
        "queued": plain(queued),
        "is_open": _is_open(line, queued),
    }


def order_state(
    order: Order, place: Place, kept: Mapping[str, Json], also: Submit | None = None
) -> dict[str, Json]:
    """Return the state of the order's screen.

    Args:
        order: as ION knows it.
        place: where it is received.
        kept: the state before, of this screen or of a line's: location, page, age, last line and the names
            that labels give this order stay.
        also: a receipt that is made by this very event.
    """
    lines: list[Json] = [line_json(line, queued_on(line, place, also)) for line in order.lines]
    return {
        "order": {**object_json(order), "lines": lines},
        "location": kept["location"],
        "as_of": kept["as_of"],
        "page": str(page_on(kept["page"], len(lines), place.lines)),
        "pages": str(pages_of(len(lines), place.lines)),
        "is_receivable": order.status.upper() in RECEIVABLE,
        "last_line": kept["last_line"],
        "last_quantity": kept["last_quantity"],
        "ahead_quantity": kept.get("ahead_quantity"),
        "ahead_text": kept.get("ahead_text"),
        "also_named": kept.get("also_named") or [],
    }


def opened_state(order: Order, event: Scanned, place: Place, chosen: Json = None) -> dict[str, Json]:
    """Return the state of the screen of an order that was just scanned.

    Args:
        order: what was scanned.
        event: how it was known.
        place: where it is received.
        chosen: a location that was scanned before the order.
    """
    location = chosen or (object_json(place.location) if place.location else None)
    kept: dict[str, Json] = {
        "location": location,
        "as_of": event.as_of_text,
        "page": "1",
        "last_line": None,
        "last_quantity": None,
    }
    return order_state(order, place, kept)


def order_message(order: Order, place: Place) -> Message:
    """Return what to do with an order that was just scanned."""
    count = sum(1 for line in order.lines if _is_open(line, queued_on(line, place)))
    closed = closed_order(order, place)
    if closed is not None:
        return closed
    if count == 0:
        return Message(Level.ASK, "{order}: every line is received.", {"order": order.number})
    values = {"order": order.number, "count": str(count)}
    return Message(Level.GOOD, "{order}: {count} open. Scan a part or choose a line.", values)


def closed_order(order: Order, place: Place) -> Message | None:
    """Return why nothing of an order can be received here, ``None`` where it can."""
    if order.status.upper() not in RECEIVABLE:
        values = {"order": order.number, "status": status_words(order.status)}
        return Message(Level.STOP, "{order} is {status}. Only an ordered one can be received.", values)
    if place.lacks("receive"):
        return Message(Level.STOP, "This ION does not offer to receive orders. Ask a technician.")
    return None


def closed_line(line: OrderLine) -> Message | None:
    """Return why a line is never received here, ``None`` where it is."""
    if line.part is None:
        return Message(
            Level.STOP, "{line} is a service. It is not received here.", {"line": line_title(line)}
        )
    if line.status.upper() in _CANCELED:
        return Message(Level.STOP, "{line} was canceled. It is not received.", {"line": line_title(line)})
    return None


def lines_of(order: Order, scan: Scanned, place: Place) -> tuple[OrderLine, ...]:
    """Return the lines that a scan names by part: the open ones, or all where none is open.

    The part number printed on the order is compared too, so that it is found without ION.
    """
    parts = {subject.part.id for subject in scan.subjects if isinstance(subject, Stock)}
    text = text_of(scan)
    return lines_of_part(order, parts, (text,) if text is not None else (), place)


def lines_of_part(
    order: Order, ids: Collection[str], numbers: Iterable[str], place: Place
) -> tuple[OrderLine, ...]:
    """Return the lines of a part: the open ones, or all where none is open.

    Args:
        order: on the screen.
        ids: of the parts that are meant.
        numbers: part numbers that are meant, in any case.
        place: where it is received.
    """
    folded = {number.casefold() for number in numbers}
    found = tuple(
        line
        for line in order.lines
        if line.part and (line.part.id in ids or line.part.number.casefold() in folded)
    )
    return tuple(line for line in found if _is_open(line, queued_on(line, place))) or found


def lines_numbered(order: Order, number: str) -> tuple[OrderLine, ...]:
    """Return the lines with this number on the order; ``0010`` is 10."""
    wanted = _line_number(number)
    return tuple(line for line in order.lines if line.number and _line_number(line.number) == wanted)


def text_of(scan: Scanned) -> str | None:
    """Return the plain text of a scan, ``None`` where it is none."""
    return next((reading.value for reading in scan.readings.readings if isinstance(reading, Text)), None)


def taken_serials(part_id: str, place: Place) -> frozenset[str]:
    """Return the serials of a part that were received and are on their way to ION."""
    return frozenset(
        str(serial)
        for each in place.outstanding
        if each.operation == "receive" and each.arguments.get("part_id") == part_id
        for serial in listed(each.arguments.get("serials"))
    )


def listed(data: Json) -> Sequence[Json]:
    """Return a list of a state or of arguments, an empty one where there is none."""
    return data if isinstance(data, list | tuple) else ()


def _line_number(text: str) -> str:
    return text.strip(" ").lstrip("0").casefold()


def _is_open(line: OrderLine, queued: Decimal) -> bool:
    return rest_of(line, queued) > 0 and closed_line(line) is None
