"""A label on goods in receiving: whose order, which line, and whether this package was counted before."""

from collections.abc import Mapping
from dataclasses import replace

from kiosk.flows.choice import Option, agree, choose, choose_subject
from kiosk.flows.flow import AGAIN, Outcome, Place, Scanned, stay
from kiosk.flows.label_entry import with_label
from kiosk.flows.receive_line import entry_of, line_opened, line_screen, serials_taken
from kiosk.flows.receive_order import lines_numbered, lines_of_part, listed
from kiosk.flows.wording import line_detail, line_title, title
from kiosk.model import Json, Level, Message, Order, OrderLine, Session, Stock
from kiosk.resolve import GoodsLabel

_MOST_NAMES = 20


def label_scanned(
    session: Session, order: Order, event: Scanned, label: GoodsLabel, place: Place
) -> Outcome | None:
    """Answer a label that names an order or a part; ``None`` where it is the order's own barcode.

    Lines are found by the order's line number and by part numbers, never by anything else. Where both name
    lines, those that both name are meant; where they disagree, or several fit, a person chooses.

    Args:
        session: on the order's screen or on a line's.
        order: on the screen.
        event: the scan.
        label: what it says.
        place: where it is received.
    """
    names = _also_named(session.state)
    is_ours = not label.order_number or _same(label.order_number, order.number)
    if order.key in event.agreed and not is_ours:
        names = (*names, label.order_number.casefold())[-_MOST_NAMES:]
        session = replace(session, state={**session.state, "also_named": list(names)})
    if not is_ours and label.order_number.casefold() not in names:
        return _other_order(session, order, event, label, place)
    lines = _lines(order, event, label, place)
    if not lines:
        return _not_on_it(session, order, event, label) if label.part_numbers or label.order_line else None
    if label.identity in place.counted and AGAIN not in event.agreed:
        template = "This bag was counted already. Confirm to count it again."
        return agree(session, event, label, AGAIN, Message(Level.ASK, template))
    entry = entry_of(session)
    if entry is not None and any(line.id == entry.line.id for line in lines):
        filled = with_label(entry, label, serials_taken(entry, event, place))
        return line_screen(session.state, order, filled)
    if len(lines) == 1:
        return line_opened(session, order, lines[0], place, event)
    return choose(session, _title(event, label), _options(lines), place, event)


def damaged_label(session: Session, order: Order, event: Scanned, place: Place) -> Outcome | None:
    """Answer a label whose separators were lost: its line is found by the part numbers that stand in it.

    Nothing else of it is believed, and a person compares: a number may go on where the order's ends. ``None``
    where it is no such label, or no part of the order stands in it.
    """
    if not event.readings.is_damaged_label:
        return None
    text = event.readings.text.casefold()
    found = {
        line.part.number for line in order.lines if line.part and f"p{line.part.number.casefold()}" in text
    }
    numbers = {number for number in found if not any(number in other for other in found - {number})}
    chosen = tuple(line for line in order.lines if line.key in event.agreed)
    lines = chosen or lines_of_part(order, (), numbers, place)
    if len(lines) > 1:
        return choose(session, event.readings.shown, _options(lines), place, event)
    if not lines:
        return None
    (line,) = lines
    entry = entry_of(session)
    if entry is None or entry.line.id != line.id:
        opened = line_opened(session, order, line, place, event)
        entry = entry_of(replace(session, step=opened.step, state=opened.state))
        if entry is None or entry.line.id != line.id:
            return opened
        session = replace(session, step=opened.step, state=opened.state)
    template = "Is it {part}? The scanner drops control characters, so enter what is missing."
    said = Message(Level.ASK, template, {"part": line_title(line)})
    return line_screen(session.state, order, replace(entry, said=said))


def _options(lines: tuple[OrderLine, ...]) -> list[Option]:
    return [Option(line.key, line_title(line), line_detail(line), "order-line") for line in lines]


def _other_order(session: Session, order: Order, event: Scanned, label: GoodsLabel, place: Place) -> Outcome:
    """Ask by name: the other order where ION knows it, else whether the label may count here."""
    values = {"other": label.order_number, "order": order.number}
    others = [
        subject
        for subject in event.subjects
        if isinstance(subject, Order) and subject.id != order.id and _same(subject.number, label.order_number)
    ]
    if others:
        message = Message(Level.ASK, "The label is for {other}, not for {order}. Which one is it?", values)
        return choose_subject(session, event, (*others, order), place, message)
    template = "The label says order {other}, this is {order}. Confirm to count it here."
    return agree(session, event, label, order.key, Message(Level.ASK, template, values))


def _not_on_it(session: Session, order: Order, event: Scanned, label: GoodsLabel) -> Outcome:
    values = {"part": _title(event, label), "line": label.order_line, "order": order.number}
    if not label.part_numbers:
        return stay(
            session, Message(Level.STOP, "{order} has no line {line}, and the label no part.", values)
        )
    return stay(session, Message(Level.STOP, "{part} is not on {order}.", values))


def _title(event: Scanned, label: GoodsLabel) -> str:
    stock = next((subject for subject in event.subjects if isinstance(subject, Stock)), None)
    return title(stock) if stock is not None else " / ".join(label.part_numbers) or event.readings.shown


def _lines(order: Order, event: Scanned, label: GoodsLabel, place: Place) -> tuple[OrderLine, ...]:
    """Return the lines a label can mean: the one a person chose, else what its numbers name."""
    chosen = tuple(line for line in order.lines if line.key in event.agreed)
    if chosen:
        return chosen
    parts = frozenset(subject.part.id for subject in event.subjects if isinstance(subject, Stock))
    by_part = lines_of_part(order, parts, label.part_numbers, place)
    # A line's number means something only together with the order's.
    is_certain = bool(label.order_line) and _same(label.order_number, order.number)
    by_number = lines_numbered(order, label.order_line) if is_certain else ()
    both = tuple(line for line in by_part if line in by_number)
    return both or tuple(dict.fromkeys((*by_number, *by_part)))


def _same(number: str, other: str) -> bool:
    return number.strip(" ").casefold() == other.strip(" ").casefold()


def _also_named(state: Mapping[str, Json]) -> tuple[str, ...]:
    return tuple(str(name) for name in listed(state.get("also_named")))
