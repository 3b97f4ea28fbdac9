"""Move stock: the stock, then the location it goes to; or the location, then all that goes there."""

from kiosk.flows.flow import Event, Outcome, Place, Pressed, Refreshed, Scanned, resting, stay
from kiosk.flows.move_many import many_opened, move_submit, on_many, target_of, whereabouts, words_of
from kiosk.flows.wording import title
from kiosk.model import Inventory, Level, Location, Message, Session, Subject
from kiosk.wire import from_json, object_json


class Move:
    """Takes rows of stock to another location, whole."""

    name = "move"

    def takes(self, subject: Subject) -> bool:
        """Return whether this is stock, or where it goes."""
        return isinstance(subject, Inventory | Location)

    def subject(self, session: Session) -> Subject | None:
        """Return the stock being moved, or the location that many rows go to."""
        return _stock_of(session) or target_of(session)

    def entered(self, session: Session) -> str:
        """Return what is to go where, once that is chosen."""
        stock, target = _stock_of(session), _target_of(session)
        return f"{title(stock)} to {target.name}" if stock and target else words_of(session)

    def handle(self, session: Session, event: Event, place: Place) -> Outcome | None:
        """Take the stock and the location in either order, then the confirmation."""
        stock, many = _stock_of(session), target_of(session)
        if many is not None:
            return on_many(session, many, event, place)
        match event:
            case Scanned(subjects=(Inventory() as scanned,)):
                return _picked(session, stock, scanned, event)
            case Scanned(subjects=(Location() as target,)) if stock is None:
                return many_opened(target, event.as_of_text)
            case Scanned(subjects=subjects) if stock is not None:
                found = next((subject for subject in subjects if isinstance(subject, Location)), None)
                return _aimed(session, stock, found, place) if found else None
            case Refreshed(Inventory() as fresh) if stock is not None and fresh.id == stock.id:
                return stay(session, session.message, inventory=object_json(fresh), as_of=None)
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


def _picked(session: Session, stock: Inventory | None, scanned: Inventory, event: Scanned) -> Outcome | None:
    target = session.state.get("target")
    if target and stock is not None and scanned.id != stock.id:
        return None
    state = {"inventory": object_json(scanned), "target": target, "as_of": event.as_of_text}
    template = (
        "{stock} is on the screen. Confirm, or cancel." if target else "Move {stock}: scan where it goes."
    )
    return Outcome("move", "item", state, Message(Level.ASK, template, {"stock": title(scanned)}))


def _aimed(session: Session, stock: Inventory, target: Location, place: Place) -> Outcome:
    values = {"stock": title(stock), "place": target.name}
    if whereabouts(stock, place) == target.id:
        return stay(session, Message(Level.ASK, "{stock} is at {place} already.", values))
    return stay(
        session, Message(Level.ASK, "{stock} to {place}: confirm.", values), target=object_json(target)
    )


def _confirmed(session: Session, stock: Inventory, place: Place) -> Outcome:
    target = _target_of(session)
    if target is None:
        return stay(session, Message(Level.ASK, "Still missing: location. Scan where it goes."))
    if place.lacks("move"):
        return stay(session, Message(Level.STOP, "This ION does not offer to move stock. Ask a technician."))
    values = {"stock": title(stock), "place": target.name}
    message = Message(Level.WAIT, "{stock} to {place}: kept, on the way to ION.", values)
    return Outcome("home", "idle", resting().state, message, (move_submit(stock, target, place),))
