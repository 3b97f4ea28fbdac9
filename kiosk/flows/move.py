"""Move stock: the stock, then the location it goes to; or the location, then all that goes there.

Of one row a part can go, where this ION takes that.
"""

from kiosk.flows.flow import Event, Outcome, Place, Pressed, Refreshed, Scanned, resting, stay
from kiosk.flows.move_many import many_opened, move_submit, on_many, target_of, whereabouts, words_of
from kiosk.flows.move_part import part_given, part_of, part_submit, why_whole
from kiosk.flows.wording import title
from kiosk.model import Inventory, Json, Level, Location, Message, Session, Subject
from kiosk.wire import from_json, object_json


class Move:
    """Takes rows of stock, or a part of one, to another location."""

    name = "move"
    steps = frozenset({"item", "many"})

    def takes(self, subject: Subject) -> bool:
        """Return whether this is stock, or where it goes."""
        return isinstance(subject, Inventory | Location)

    def subject(self, session: Session) -> Subject | None:
        """Return the stock being moved, or the location that many rows go to."""
        return _stock_of(session) or target_of(session)

    def entered(self, session: Session) -> str:
        """Return what is to go where, once that is chosen."""
        stock, target = _stock_of(session), _target_of(session)
        if stock is None or target is None:
            return words_of(session)
        part = session.state.get("quantity")
        return f"{part} of {title(stock)} to {target.name}" if part else f"{title(stock)} to {target.name}"

    def handle(self, session: Session, event: Event, place: Place) -> Outcome | None:
        """Take the stock and the location in either order, then the confirmation."""
        stock, many = _stock_of(session), target_of(session)
        if many is not None:
            return on_many(session, many, event, place)
        match event:
            case Scanned(subjects=(Inventory() as scanned,)):
                return _picked(session, stock, scanned, event, place)
            case Scanned(subjects=(Location() as target,)) if stock is None:
                return many_opened(target, place, event.as_of_text)
            case Scanned(subjects=subjects) if stock is not None:
                found = next((subject for subject in subjects if isinstance(subject, Location)), None)
                return _aimed(session, stock, found, place) if found else None
            case Refreshed(Inventory() as fresh) if stock is not None and fresh.id == stock.id:
                whole = why_whole(fresh, place)
                return stay(session, session.message, inventory=object_json(fresh), as_of=None, whole=whole)
            case Pressed("QUANTITY" | "VALUE", argument) if stock is not None:
                return part_given(session, stock, argument or "", place)
            case Pressed("CONFIRM") if stock is not None:
                return _confirmed(session, stock, place)
            case Pressed("CANCEL" | "BACK"):
                return resting(Message(Level.ASK, "Nothing was moved."))
            case _:
                return None


def _stock_of(session: Session) -> Inventory | None:
    data = session.state.get("inventory")
    return from_json(Inventory, data) if data else None


def _target_of(session: Session) -> Location | None:
    data = session.state.get("target")
    return from_json(Location, data) if data else None


def _picked(
    session: Session, stock: Inventory | None, scanned: Inventory, event: Scanned, place: Place
) -> Outcome | None:
    target = session.state.get("target")
    if target and stock is not None and scanned.id != stock.id:
        return None
    state: dict[str, Json] = {
        "inventory": object_json(scanned),
        "target": target,
        "as_of": event.as_of_text,
        "quantity": session.state.get("quantity") if stock is not None and scanned.id == stock.id else None,
        "whole": why_whole(scanned, place),
    }
    template = (
        "{stock} is on the screen. Confirm, or cancel." if target else "Move {stock}: scan where it goes."
    )
    return Outcome("move", "item", state, Message(Level.ASK, template, {"stock": title(scanned)}))


def _aimed(session: Session, stock: Inventory, target: Location, place: Place) -> Outcome:
    part = str(session.state.get("quantity") or "")
    values = {"stock": title(stock), "place": target.name} | ({"quantity": part} if part else {})
    if whereabouts(stock, place) == target.id:
        return stay(session, Message(Level.ASK, "{stock} is at {place} already.", values))
    template = "{quantity} of {stock} to {place}: confirm." if part else "{stock} to {place}: confirm."
    return stay(session, Message(Level.ASK, template, values), target=object_json(target))


def _confirmed(session: Session, stock: Inventory, place: Place) -> Outcome:
    target = _target_of(session)
    if target is None:
        return stay(session, Message(Level.ASK, "Still missing: location. Scan where it goes."))
    if place.lacks("move"):
        return stay(session, Message(Level.STOP, "This ION does not offer to move stock. Ask a technician."))
    values = {"stock": title(stock), "place": target.name}
    # What is there may have changed since the quantity was given.
    part = part_of(stock, str(session.state["quantity"]), place) if session.state.get("quantity") else ""
    if isinstance(part, Message):
        return stay(session, part)
    if not part:
        message = Message(Level.WAIT, "{stock} to {place}: kept, on the way to ION.", values)
        return Outcome("home", "idle", resting().state, message, (move_submit(stock, target, place),))
    template = "{quantity} of {stock} to {place}: kept, on the way to ION."
    message = Message(Level.WAIT, template, {**values, "quantity": part})
    return Outcome("home", "idle", resting().state, message, (part_submit(stock, part, target, place),))
