"""Move stock: the stock, then the location it goes to."""

from kiosk.flows.flow import Event, Outcome, Place, Pressed, Refreshed, Scanned, stay
from kiosk.flows.wording import title
from kiosk.model import Inventory, Level, Location, Message, Session, Subject, Submit
from kiosk.wire import from_json, object_json


class Move:
    """Takes one row of stock to another location, whole."""

    name = "move"

    def takes(self, subject: Subject) -> bool:
        """Return whether this is stock."""
        return isinstance(subject, Inventory)

    def subject(self, session: Session) -> Subject | None:
        """Return the stock being moved."""
        data = session.state.get("inventory")
        return from_json(Inventory, data) if isinstance(data, dict) else None

    def is_entered(self, session: Session) -> bool:
        """Return whether a target is chosen."""
        return session.state.get("target") is not None

    def handle(self, session: Session, event: Event, place: Place) -> Outcome | None:
        """Take the stock, then the location, then the confirmation."""
        stock = self.subject(session)
        match event:
            case Scanned(subjects=(Inventory() as scanned,)) if not self.is_entered(session):
                as_of = event.as_of.isoformat() if event.as_of else None
                message = Message(Level.ASK, "Move {stock}: scan where it goes.", {"stock": title(scanned)})
                state = {"inventory": object_json(scanned), "target": None, "as_of": as_of}
                return Outcome("move", "item", state, message)
            case Refreshed(Inventory() as fresh) if isinstance(stock, Inventory) and fresh.id == stock.id:
                return stay(session, session.message, inventory=object_json(fresh), as_of=None)
        if not isinstance(stock, Inventory):
            return None
        match event:
            case Scanned(subjects=subjects):
                target = next((subject for subject in subjects if isinstance(subject, Location)), None)
                return _aimed(session, stock, target) if target else None
            case Pressed("CONFIRM"):
                return _confirmed(session, stock, place)
            case Pressed("CANCEL" | "BACK"):
                return Outcome("home", "idle", {}, Message(Level.ASK, "Nothing was moved."))
            case _:
                return None


def _aimed(session: Session, stock: Inventory, target: Location) -> Outcome:
    values = {"stock": title(stock), "place": target.name}
    if stock.location is not None and stock.location.id == target.id:
        return stay(session, Message(Level.ASK, "{stock} is at {place} already.", values))
    message = Message(Level.ASK, "{stock} to {place}: confirm.", values)
    return stay(session, message, target=object_json(target))


def _confirmed(session: Session, stock: Inventory, place: Place) -> Outcome:
    data = session.state.get("target")
    if not isinstance(data, dict):
        return stay(session, Message(Level.ASK, "Still missing: location. Scan where it goes."))
    if place.offers is not None and "move" not in place.offers:
        return stay(session, Message(Level.STOP, "This ION does not offer to move stock. Ask a technician."))
    target = from_json(Location, data)
    effect = Submit(
        "move",
        stock.key,
        stock.key,
        {
            "inventory_id": stock.id,
            "location_id": target.id,
            "from_location_id": stock.location.id if stock.location else None,
            "quantity": str(stock.quantity),
            "title": title(stock),
            "place": target.name,
        },
    )
    values = {"stock": title(stock), "place": target.name}
    message = Message(Level.WAIT, "{stock} to {place}: kept, on the way to ION.", values)
    return Outcome("home", "idle", {}, message, (effect,))
