"""Move only a part of a row of stock: how much, and why that may not be possible."""

from kiosk.flows.adjust_entry import known_quantity
from kiosk.flows.fields import number_of
from kiosk.flows.flow import Outcome, Place, stay
from kiosk.flows.wording import NOTHING, title
from kiosk.model import Inventory, Json, Level, Location, Message, Session, Submit, Tracking
from kiosk.wire import plain

__all__ = ["part_given", "part_of", "part_submit", "why_whole"]

_LONGEST_SHOWN = 20


def why_whole(stock: Inventory, place: Place) -> str | None:
    """Return why a row can only be moved as a whole, ``None`` where a part of it can."""
    if stock.part.tracking is Tracking.SERIAL or stock.quantity <= 1:
        return "It is one piece."
    if place.lacks("move_part"):
        return "This ION moves stock only whole."
    if any(each.operation == "move" and each.subject == stock.key for each in place.outstanding):
        return "All of it is on its way already."
    return None


def part_of(stock: Inventory, given: str, place: Place) -> str | Message:
    """Return how much moves, empty where that is all there is, or what is wrong with it."""
    why = why_whole(stock, place)
    if why is not None:
        return Message(Level.STOP, "{why} Move all of it, or cancel.", {"why": why})
    number, known = number_of(given), known_quantity(stock, place)
    values = {"given": given[:_LONGEST_SHOWN] or NOTHING, "known": plain(known)}
    if number is None or number <= 0:
        return Message(Level.ASK, "{given} is no quantity. Enter a number such as 5 or 2.5.", values)
    if number > known:
        return Message(Level.ASK, "{given} is more than the {known} that are there.", values)
    return "" if number == known else plain(number)


def part_given(session: Session, stock: Inventory, given: str, place: Place) -> Outcome:
    """Take how much is to move, or say why not."""
    part = part_of(stock, given, place)
    if isinstance(part, Message):
        return stay(session, part)
    values = {"stock": title(stock), "known": plain(known_quantity(stock, place)), "quantity": part}
    template = "{quantity} of {known} of {stock} move." if part else "All {known} of {stock} move."
    return stay(session, Message(Level.ASK, template, values), quantity=part or None)


def part_submit(stock: Inventory, quantity: str, target: Location, place: Place) -> Submit:
    """Return the move as ION is to make it."""
    arguments: dict[str, Json] = {
        "inventory_id": stock.id,
        "location_id": target.id,
        "from_location_id": stock.location.id if stock.location else None,
        "quantity": quantity,
        "from_quantity": plain(known_quantity(stock, place)),
        "title": title(stock),
        "place": target.name,
    }
    return Submit("move_part", stock.key, stock.key, arguments)
