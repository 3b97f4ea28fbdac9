"""Create a run: for stock, from a released procedure."""

from collections.abc import Mapping, Sequence
from typing import Any

from kiosk.flows.asking import answered, asking, found_in
from kiosk.flows.flow import Answered, Event, Outcome, Place, Pressed, Refreshed, Scanned, Settled, stay
from kiosk.flows.lookup_screen import stock_screen
from kiosk.flows.paging import page_after, page_on, pages_of, rows_on
from kiosk.flows.receive_order import text_of
from kiosk.flows.run_screen import RunView
from kiosk.flows.wording import title
from kiosk.model import (
    Asked,
    Inventory,
    Json,
    Level,
    Message,
    Operation,
    OperationState,
    Procedure,
    Question,
    Run,
    Session,
    Submit,
)
from kiosk.wire import from_json, object_json

RELEASED = "RELEASED"
STEPS = frozenset({"procedures", "new", "made"})
_PROCEDURES = Question(Asked.RELEASED_PROCEDURES, "")


def procedures_asked(stock: Inventory, place: Place, as_of: Json) -> Outcome:
    """Ask which procedure a new run of this stock executes."""
    state: dict[str, Json] = {
        "inventory": object_json(stock),
        "stock_as_of": as_of,
        "filter": "",
        "procedure": None,
        "is_asked": False,
        **asking(_PROCEDURES),
    }
    return _listed(state, "1", Message(Level.WAIT, "Asking ION for its released procedures …"), place)


def stock_of(session: Session) -> Inventory | None:
    """Return the stock that a run is created for."""
    data = session.state.get("inventory") if session.step in STEPS else None
    return from_json(Inventory, data) if data else None


def on_create(session: Session, event: Event, place: Place) -> Outcome | None:
    """Answer an event on the screens of a new run; ``None`` where it is not about it."""
    stock = stock_of(session)
    if stock is None:
        return None
    match event:
        case Answered():
            return _answered(session, event, place)
        case Refreshed(Inventory() as fresh) if fresh.key == stock.key:
            return stay(session, session.message, inventory=object_json(fresh))
        case Scanned(subjects=(Procedure() as procedure,)):
            return _chosen(session, procedure)
        case Scanned(subjects=()) if session.step == "procedures" and (text := text_of(event)):
            return _filtered(session, text, place)
        case Settled(operation) if operation.operation == "create_run" and operation.about == stock.key:
            return _settled(session, operation, place)
        case Pressed():
            return _pressed(session, stock, event, place)
        case _:
            return None


def _answered(session: Session, event: Answered, place: Place) -> Outcome | None:
    answer = answered(session.state, event)
    if answer is None:
        return None
    state = {**session.state, **answer}
    if session.step != "procedures":
        # One was scanned before ION had answered.
        return stay(session, session.message, **answer)
    count = len(_fitting(state))
    if event.is_offline:
        message = Message(Level.OFFLINE, "The procedures are not known here, and ION cannot be asked now.")
    elif event.error:
        message = Message(Level.STOP, "ION does not list its procedures: {error}", {"error": event.error})
    elif count == 0:
        message = Message(Level.STOP, "ION has no released procedure.")
    else:
        message = Message(Level.ASK, "Which procedure is it? Choose, scan, or type a part of its title.")
    # What was shown from memory is being answered already: the fresh list only takes its place.
    is_shown = bool(session.state["found"]) and count > 0
    return _listed(state, state["page"], session.message if is_shown else message, place)


def _fitting(state: Mapping[str, Json]) -> Sequence[Procedure]:
    """Return the released procedures whose title has what was typed, by title."""
    part = str(state["filter"]).casefold()
    found = (each for each in found_in(state) if isinstance(each, Procedure))
    fitting = (
        each
        for each in found
        if part in f"{each.title} {each.description}".casefold() and each.status.upper() in {"", RELEASED}
    )
    return sorted(fitting, key=lambda each: (each.title.casefold(), each.id))


def _listed(state: Mapping[str, Json], page: Json, message: Message | None, place: Place) -> Outcome:
    fitting = _fitting(state)
    rows: list[Json] = [object_json(each) for each in rows_on(fitting, page, place.lines)]
    shown: dict[str, Json] = {
        "rows": rows,
        "page": str(page_on(page, len(fitting), place.lines)),
        "pages": str(pages_of(len(fitting), place.lines)),
    }
    return Outcome("run", "procedures", {**state, **shown}, message)


def _filtered(session: Session, text: str, place: Place) -> Outcome:
    state = {**session.state, "filter": text}
    count = len(_fitting(state))
    if count == 0:
        values = {"text": text[:30]}
        return stay(session, Message(Level.STOP, "No released procedure has {text} in its title.", values))
    message = Message(Level.ASK, "{count} found with {text}.", {"count": str(count), "text": text[:30]})
    return _listed(state, "1", message, place)


def _chosen(session: Session, procedure: Procedure) -> Outcome:
    """Show the run that would be created; only a released procedure can be run."""
    if procedure.status.upper() not in {"", RELEASED}:
        values = {"title": procedure.title, "status": procedure.status.replace("_", " ").lower()}
        return stay(
            session, Message(Level.STOP, "{title} is {status}. Only a released one can be run.", values)
        )
    state = {**session.state, "procedure": object_json(procedure), "is_asked": False}
    message = Message(Level.ASK, "A new run of {title}: confirm.", {"title": procedure.title})
    return Outcome("run", "new", state, message)


def _pressed(session: Session, stock: Inventory, press: Pressed, place: Place) -> Outcome | None:
    state: Any = session.state
    match session.step, press:
        case "procedures", Pressed("CHOOSE", str(key)):
            shown = {str(number): row["id"] for number, row in enumerate(state["rows"], 1)}
            wanted = f"procedure/{shown[key]}" if key in shown else key
            found = next((each for each in _fitting(state) if each.key == wanted), None)
            return _chosen(session, found) if found else None
        case "procedures", Pressed("NEXT"):
            page = str(page_after(state["page"], len(_fitting(state)), place.lines))
            return _listed(state, page, session.message, place)
        case "procedures", Pressed("REPEAT"):
            message = Message(Level.WAIT, "Asking ION for its released procedures …")
            return _listed({**state, **asking(_PROCEDURES), "filter": ""}, "1", message, place)
        case "new", Pressed("CONFIRM"):
            return _confirmed(session, stock, place)
        case "new", Pressed("CANCEL" | "BACK"):
            return _listed(state, state["page"], Message(Level.ASK, "Which procedure is it?"), place)
        case "made", Pressed("BACK" | "CANCEL"):
            return stock_screen(stock, place, state["stock_as_of"])
        case _, Pressed("CANCEL" | "BACK"):
            message = Message(Level.ASK, "No run was created.")
            return stock_screen(stock, place, state["stock_as_of"], message)
        case _:
            return None


def _confirmed(session: Session, stock: Inventory, place: Place) -> Outcome:
    if place.lacks("create_run"):
        template = "This ION does not offer to create runs. Ask a technician."
        return stay(session, Message(Level.STOP, template))
    procedure = from_json(Procedure, session.state["procedure"])
    is_under_way = any(
        each.operation == "create_run" and each.arguments.get("procedure_id") == procedure.id
        for each in place.outstanding
    )
    values = {"title": procedure.title, "stock": title(stock)}
    if is_under_way and not session.state["is_asked"]:
        template = "A run of {title} for {stock} is on its way already. Confirm to create another."
        return stay(session, Message(Level.ASK, template, values), is_asked=True)
    # ION's importers and its pages title a run so.
    run_title = " - ".join(filter(None, (stock.part.number, stock.serial or stock.lot, procedure.title)))
    arguments: dict[str, Json] = {
        "procedure_id": procedure.id,
        "inventory_id": stock.id,
        "part_id": stock.part.id,
        "title": run_title,
    }
    effect = Submit("create_run", stock.key, stock.key, arguments)
    message = Message(Level.WAIT, "The run of {title}: kept, on the way to ION.", values)
    return Outcome("run", "made", {**session.state, "is_asked": False}, message, (effect,))


def _settled(session: Session, operation: Operation, place: Place) -> Outcome | None:
    """Go on with the run that ION made, where a person waits for it; ask anew where ION did not."""
    if session.step != "made":
        return stay(session)
    run = (operation.result or {}).get("run")
    if operation.state is OperationState.DONE and run:
        return RunView.of(from_json(Run, run), place).screen({}, None)
    if operation.state is OperationState.DONE:
        return stay(session)
    return Outcome("run", "new", session.state)
