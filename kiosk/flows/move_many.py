"""Move many rows of stock to one location: the location first, then what goes there."""

from collections.abc import Mapping, Sequence
from typing import Any

from kiosk.flows.flow import Event, Outcome, Place, Pressed, Refreshed, Scanned, resting, stay
from kiosk.flows.paging import page_after, page_on, pages_of, rows_on
from kiosk.flows.wording import title
from kiosk.model import Inventory, Json, Level, Location, Message, Session, Submit
from kiosk.wire import from_json, object_json, plain

MOST = 100
"""Rows of stock that one confirmation moves."""


def many_opened(target: Location, place: Place, as_of: Json = None) -> Outcome:
    """Ask what goes to a location."""
    message = Message(Level.ASK, "Scan all that goes to {place}.", {"place": target.name})
    return _screen(target, (), {"as_of": as_of}, message, place)


def target_of(session: Session) -> Location | None:
    """Return the location that many rows go to."""
    data = session.state.get("target") if session.step == "many" else None
    return from_json(Location, data) if data else None


def words_of(session: Session) -> str:
    """Return what is on the list, as it is named before it is thrown away; empty where that is nothing."""
    items, target = _items_of(session), target_of(session)
    return f"{len(items)} to {target.name}" if items and target else ""


def on_many(session: Session, target: Location, event: Event, place: Place) -> Outcome | None:
    """Answer an event on the list; ``None`` where it is not about it."""
    items = _items_of(session)
    match event:
        case Scanned(subjects=(Inventory() as scanned,)):
            return _added(session, target, scanned, place)
        case Scanned(subjects=(Location() as scanned,)) if not items or scanned.key == target.key:
            return (
                many_opened(scanned, place, event.as_of_text)
                if not items
                else stay(session, _how(session, target))
            )
        case Refreshed(Inventory() as fresh):
            newer = [fresh if each.key == fresh.key else each for each in items]
            return _screen(target, newer, session.state, session.message, place)
        case Pressed("UNDO"):
            return _taken_back(session, target, items, place)
        case Pressed("NEXT"):
            page = str(page_after(session.state["page"], len(items), place.lines))
            return _screen(target, items, {**session.state, "page": page}, session.message, place)
        case Pressed("CONFIRM"):
            return _confirmed(session, target, items, place)
        case Pressed("CANCEL" | "BACK"):
            return resting(Message(Level.ASK, "Nothing was moved."))
        case _:
            return None


def whereabouts(stock: Inventory, place: Place) -> str | None:
    """Return the id of the location where stock is once the moves on their way have arrived."""
    moves = [move for move in place.outstanding if move.subject == stock.key and move.operation == "move"]
    if moves:
        return str(moves[-1].arguments["location_id"])
    return stock.location.id if stock.location else None


def _place_before(stock: Inventory, place: Place) -> str | None:
    """Return the name of that location, for whoever takes the move back."""
    moves = [move for move in place.outstanding if move.subject == stock.key and move.operation == "move"]
    if moves:
        return str(moves[-1].arguments["place"])
    return stock.location.name if stock.location else None


def move_submit(stock: Inventory, target: Location, place: Place) -> Submit:
    """Return the move as ION is to make it."""
    arguments: dict[str, Json] = {
        "inventory_id": stock.id,
        "location_id": target.id,
        "from_location_id": whereabouts(stock, place),
        "quantity": plain(stock.quantity),
        "title": title(stock),
        "place": target.name,
        "from_place": _place_before(stock, place),
    }
    return Submit("move", stock.key, stock.key, arguments)


def _items_of(session: Session) -> tuple[Inventory, ...]:
    items: Any = session.state.get("items")
    return tuple(from_json(Inventory, item) for item in items or ())


def _screen(
    target: Location,
    items: Sequence[Inventory],
    kept: Mapping[str, Json],
    message: Message | None,
    place: Place,
) -> Outcome:
    """Show the list, what was scanned last on top.

    Args:
        target: where all of it goes.
        items: what was scanned so far.
        kept: the state before; a list without a page begins with its first.
        message: what is said.
        place: where it happens.
    """
    newest, page = list(reversed(items)), kept.get("page")
    state: dict[str, Json] = {
        "target": object_json(target),
        "items": [object_json(item) for item in items],
        "rows": [object_json(item) for item in rows_on(newest, page, place.lines)],
        "count": str(len(items)),
        "page": str(page_on(page, len(items), place.lines)),
        "pages": str(pages_of(len(items), place.lines)),
        "as_of": kept["as_of"],
    }
    return Outcome("move", "many", state, message)


def _how(session: Session, target: Location) -> Message:
    values = {"count": str(session.state["count"]), "place": target.name}
    return Message(Level.ASK, "{count} to {place}. Scan more, or confirm.", values)


def _added(session: Session, target: Location, stock: Inventory, place: Place) -> Outcome:
    items = _items_of(session)
    values = {"stock": title(stock), "place": target.name, "count": str(len(items) + 1), "most": str(MOST)}
    if any(each.key == stock.key for each in items):
        return stay(session, Message(Level.ASK, "{stock} is on the list already.", values))
    if whereabouts(stock, place) == target.id:
        return stay(session, Message(Level.ASK, "{stock} is at {place} already.", values))
    if len(items) == MOST:
        return stay(
            session, Message(Level.STOP, "{most} are enough for one time. Confirm them first.", values)
        )
    message = Message(Level.ASK, "{stock}: {count} to {place}. Scan more, or confirm.", values)
    return _screen(target, (*items, stock), {"as_of": session.state["as_of"]}, message, place)


def _taken_back(session: Session, target: Location, items: Sequence[Inventory], place: Place) -> Outcome:
    if not items:
        return stay(session, Message(Level.ASK, "There is nothing to take back."))
    message = Message(Level.ASK, "{stock} taken back.", {"stock": title(items[-1])})
    return _screen(target, items[:-1], {"as_of": session.state["as_of"]}, message, place)


def _confirmed(session: Session, target: Location, items: Sequence[Inventory], place: Place) -> Outcome:
    if place.lacks("move"):
        return stay(session, Message(Level.STOP, "This ION does not offer to move stock. Ask a technician."))
    moving = [item for item in items if whereabouts(item, place) != target.id]
    if not moving:
        return stay(session, Message(Level.ASK, "Nothing is on the list yet. Scan what moves."))
    effects = tuple(move_submit(item, target, place) for item in moving)
    values = {"count": str(len(effects)), "place": target.name}
    message = Message(Level.WAIT, "{count} to {place}: kept, on the way to ION.", values)
    return Outcome("home", "idle", resting().state, message, effects)
