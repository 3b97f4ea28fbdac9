"""Gives each event to the flow it belongs to, and asks when that is not clear."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from kiosk.barcodes import Command, Readings, read
from kiosk.flows.choice import (
    agreed_scan,
    beneath,
    choose_subject,
    chosen_scan,
    covered,
    next_page,
    option_named,
)
from kiosk.flows.difference import difference
from kiosk.flows.field_given import asks_signature
from kiosk.flows.flow import (
    Answered,
    Event,
    Flow,
    Left,
    Outcome,
    Place,
    Pressed,
    Printed,
    Refreshed,
    Scanned,
    Settled,
    resting,
    stay,
)
from kiosk.flows.help import is_sample
from kiosk.flows.history import undo_newest
from kiosk.flows.identity import UNLOCK, answered, arrived, greeted, identified, is_identity, locked
from kiosk.flows.kept_scan import scan_from_json, scan_json
from kiosk.flows.over import moved_on
from kiosk.flows.pages import page_pressed, renewed_page
from kiosk.flows.queue_press import queue_press
from kiosk.flows.receive_unverified import unverified_opened
from kiosk.flows.registry import FLOWS
from kiosk.flows.search import (
    as_scanned,
    chosen,
    is_search,
    reference_of,
    search_answered,
    searched,
)
from kiosk.flows.sequel import outcome_message, print_message
from kiosk.flows.shift import head_press, shift_press
from kiosk.flows.unknown import unknown
from kiosk.flows.verdict import verdict_press
from kiosk.flows.wording import KIND_WORDS, title
from kiosk.model import Json, Level, Message, Order, Session, Subject
from kiosk.wire import object_json
from kiosk.words import told

_WANTED = {
    "receive": "Scan a purchase order.",
    "lookup": "Scan a label, a part number or a location.",
    "move": "Scan the stock that moves, or the place it goes to.",
    "run": "Scan a run, or stock with an open run.",
    "label": "Scan what the label is for.",
    "problem": "Scan the run or the stock with the problem.",
    "adjust": "Scan the stock to count or to scrap.",
}
_ON_PURPOSE = frozenset({"move", "label", "problem", "adjust"})
"""Flows that are chosen by name; a bare scan looks the thing up."""
_ACTING = frozenset(
    {"CONFIRM", "START", "COMPLETE", "PRINT", "FAIL", "HOLD", "YES", "NO", "NOW", "VALUE", "KEY", "PHOTO"}
)
"""Verbs that do something at once, and so never reach what a question covers."""
UNANSWERED = {
    "choose": "Choose one first, or go back.",
    "agree": "Confirm it, or go back.",
    "switch": "Confirm to leave, or go back.",
    "unknown": "Go back first.",
}
"""Questions that cover a step; what is said to whoever does something before they answer."""
_COMMAND_PREFIX = "ION/CMD/"
_OVERTAKEN = "overtaken"
"""Part of a state: the key of what somebody else changed, and who, until ION has said how it is now."""


def handle(session: Session, event: Event, place: Place) -> Outcome:
    """Return what one event does at a station.

    Args:
        session: where the station stands.
        event: what happened.
        place: the facts that hold at the station now.
    """
    match event:
        case Scanned():
            return identified(session, event, _read(session, event, place), place)
        case Pressed():
            outcome = answered(session, event, place, handle) if is_identity(session) else None
            return identified(session, event, outcome or _pressed(session, event, place), place)
        case Left():
            return locked(session, place)
        case Answered():
            outcome = search_answered(session, event, place) or _news(session, event, place)
            return outcome or stay(session, session.message)
        case Refreshed(subject):
            return _refreshed(session, event, subject, place)
        case Printed(job):
            outcome = stay(session, print_message(job, session.message))
            return renewed_page(session, outcome, place)
        case _:
            outcome = _news(session, event, place) or stay(session)
            state = outcome.state
            if event.operation.overtaken_by:
                state = {**state, _OVERTAKEN: [event.operation.about, event.operation.overtaken_by]}
            outcome = replace(outcome, state=state, message=outcome_message(event.operation, session))
            return renewed_page(session, outcome, place)


def _read(session: Session, event: Scanned, place: Place) -> Outcome:
    """Answer a scan: a badge, a command that is none, or a thing."""
    if event.badge is not None:
        outcome = arrived(session, event, place, handle)
        under = beneath(session)
        if outcome is None and asks_signature(session):
            outcome = FLOWS[under.flow].handle(under, event, place)
        return outcome or greeted(session, place)
    if is_sample(session, event.readings.text):
        return stay(session, Message(Level.ASK, "That is only an example. Scan a real one."))
    fault = _command_fault(event.readings)
    if fault:
        return stay(session, fault)
    return searched(session, event, place) or _scanned(beneath(session), event, place)


def _refreshed(session: Session, event: Refreshed, subject: Subject, place: Place) -> Outcome:
    """Take fresher facts; after a change that came too late, say what somebody else changed."""
    outcome = _news(session, event, place) or stay(session, session.message)
    overtaken: Any = session.state.get(_OVERTAKEN)
    if not overtaken or overtaken[0] != subject.key:
        return outcome
    under = beneath(session)
    shown = FLOWS[under.flow].subject(under) if under.flow in FLOWS else None
    changed = difference(shown, subject, place.zone) if shown is not None and shown.key == subject.key else ""
    values = {"title": title(subject), "changed": changed, "by": str(overtaken[1])}
    template = "{title} was changed by {by}: {changed}."
    if not changed:
        template = "{title} was changed by {by}. Look at it again."
    state = {name: value for name, value in outcome.state.items() if name != _OVERTAKEN}
    return replace(outcome, state=state, message=Message(Level.STOP, template, values))


def _news(session: Session, event: Refreshed | Settled | Answered, place: Place) -> Outcome | None:
    """Let the flow take news; a question that covers it stays."""
    under = beneath(session)
    flow = FLOWS.get(under.flow)
    outcome = flow.handle(under, event, place) if flow else None
    if outcome is None or under is session:
        return outcome
    return stay(session, session.message, **moved_on(session, replace(under, state=outcome.state)))


def _command_fault(readings: Readings) -> Message | None:
    """Return what is wrong with a barcode that was meant as a command."""
    is_meant = readings.text.upper().startswith(_COMMAND_PREFIX)
    reason = next((no.reason for no in readings.rejected if no.kind == Command.kind), None)
    if not is_meant or reason is None:
        return None
    values = {"text": readings.shown, "reason": reason}
    return Message(Level.STOP, "{text} is no command: {reason}.", values)


def _scanned(session: Session, event: Scanned, place: Place) -> Outcome:
    flow = FLOWS.get(session.flow)
    outcome = flow.handle(session, event, place) if flow else None
    if outcome is not None:
        return outcome
    if not event.subjects:
        return unknown(session, event, place)
    meant = _meant(session, event, place)
    if len(meant) > 1:
        return choose_subject(session, event, meant, place)
    (subject,) = meant
    event = _narrowed(event, subject)
    fitting = _fitting(session, event, subject, place)
    if fitting is None:
        values = {"kind": KIND_WORDS[subject.kind], "title": title(subject)}
        template = "{kind} {title}: this station has no job for it."
        return stay(session, Message(Level.STOP, template, values))
    entered = flow.entered(session) if flow else ""
    if entered:
        return _leaving(session, entered, into=title(subject), flow=fitting.name, scan=event)
    return _opened(session, fitting, event, place)


def _meant(session: Session, event: Scanned, place: Place) -> tuple[Subject, ...]:
    """Return what a scan can open.

    A label on goods names an order and a part: what the chosen flow takes is meant, else the order where the
    station receives, else the part.
    """
    label = event.label
    if label is None or not label.is_naming:
        return event.subjects
    chosen = _chosen(session)
    taken = tuple(subject for subject in event.subjects if chosen and chosen.takes(subject))
    orders = tuple(subject for subject in event.subjects if isinstance(subject, Order))
    others = tuple(subject for subject in event.subjects if not isinstance(subject, Order))
    first, then = (orders, others) if "receive" in place.flows else (others, orders)
    return taken or first or then


def _chosen(session: Session) -> Flow | None:
    """Return the flow that a person chose by name."""
    if session.flow == "home":
        return FLOWS.get(str(session.state.get("wanted")))
    return FLOWS[session.flow] if session.flow in _ON_PURPOSE else None


def _narrowed(event: Scanned, subject: Subject) -> Scanned:
    """Return a scan without the subjects it does not mean; an order's label keeps the parts that it names."""
    parts = [each for each in event.subjects if not isinstance(each, Order)]
    return replace(event, subjects=(subject, *parts) if isinstance(subject, Order) else (subject,))


def _fitting(session: Session, event: Scanned, subject: Subject, place: Place) -> Flow | None:
    """Return the flow for a subject: the one chosen, else one for bare scans, else any.

    A step's barcode has no label of its own, and leads to its run.
    """
    chosen = session.state.get("wanted") if session.flow == "home" else session.flow
    chosen = "run" if event.step and chosen == "label" else chosen
    names = sorted(
        (name for name in FLOWS if name in place.flows and FLOWS[name].takes(subject)),
        key=lambda name: (name != chosen, name in _ON_PURPOSE),
    )
    return FLOWS[names[0]] if names else None


def _opened(session: Session, flow: Flow, event: Scanned, place: Place) -> Outcome:
    """Open a flow with what it takes; the screen stays until a reference it wants to follow is looked up."""
    is_open = session.flow == flow.name
    # A location that was scanned before an order is where its stock goes, a part what is received.
    along = {"lookup": ("location", "scan"), "home": ("wanted",)}.get(session.flow, ())
    chosen = {name: session.state[name] for name in along if session.state.get(name)}
    fresh = session if is_open else replace(session, flow=flow.name, step="", state=chosen)
    outcome = flow.handle(fresh, event, place) or stay(session)
    if outcome.follow is not None:
        return replace(outcome, flow=session.flow, step=session.step, state=session.state)
    return outcome


def _pressed(session: Session, event: Pressed, place: Place) -> Outcome:
    if event.verb == UNLOCK:
        return stay(session, session.message)
    anywhere = _anywhere(session, event, place)
    if anywhere is not None:
        return anywhere
    page = page_pressed(session, event, place)
    if page is not None:
        return page
    found = chosen(session, event.argument or "") if is_search(session) and event.verb == "CHOOSE" else None
    return _pressed_beneath(session, event, place) if found is None else _gone_on(session, found, place)


def _gone_on(session: Session, found: Subject, place: Place) -> Outcome:
    """Go on with what was found as if it had been scanned, asking ION once more where it can be asked."""
    under, named = beneath(session), reference_of(found)
    if named and not session.state["is_offline"]:
        return Outcome(under.flow, under.step, under.state, under.message, follow=named)
    return _scanned(under, as_scanned(session, found), place)


def _pressed_beneath(session: Session, event: Pressed, place: Place) -> Outcome:
    """Answer a press where no page is open, or one that leaves the page."""
    under = beneath(session)
    flow = FLOWS.get(under.flow)
    if event.verb == "CHOOSE" and session.step == "choose":
        event = replace(event, argument=option_named(session, event.argument or ""))
    if under is not session:
        answer = _answered(session, event, place)
        if answer is not None:
            return answer
    if event.verb == "HOME" or (event.verb == "FLOW" and event.argument):
        return _switched(under, flow, event, place)
    outcome = flow.handle(under, event, place) if flow else None
    if outcome is not None:
        return outcome
    return _unclaimed(session, event.verb, place)


def _unclaimed(session: Session, verb: str, place: Place) -> Outcome:
    """Answer a press that no flow and no question takes."""
    match verb:
        case "BACK" | "CANCEL":
            return resting()
        case "REPEAT":
            return stay(session, Message(Level.ASK, "There is nothing to repeat here."))
        case "UNDO":
            return undo_newest(session, place)
        case _:
            return stay(session, Message(Level.ASK, "{verb} does nothing here.", {"verb": verb}))


def _anywhere(session: Session, event: Pressed, place: Place) -> Outcome | None:
    """Answer what has nothing to do with the screen; ``None`` for every other press."""
    match event.verb:
        case "PRINTED":
            return verdict_press(session, event, place)
        case "QUEUE":
            return queue_press(session, event, place)
        case "SHIFT":
            return shift_press(session, place)
        case "HEAD":
            return head_press(session, event, place)
        case _:
            return None


def _answered(session: Session, event: Pressed, place: Place) -> Outcome | None:
    """Answer a question's own buttons; ``None`` where what it covers may answer."""
    under = beneath(session)
    match session.step, event.verb:
        case ("choose", "NEXT"):
            return next_page(session, place)
        case ("choose", "CHOOSE"):
            scan = chosen_scan(session, event.argument or "")
            return _scanned(under, scan, place) if scan else None
        case ("agree", "CONFIRM"):
            return _scanned(under, agreed_scan(session), place)
        case ("switch", "CONFIRM"):
            return _left(session, place)
        case ("unknown", "CONFIRM") if session.state.get("order_number"):
            entered = FLOWS[under.flow].entered(under) if under.flow in FLOWS else ""
            return None if entered else unverified_opened(str(session.state["order_number"]), place)
        case (_, "BACK" | "CANCEL"):
            return stay(under, under.message)
        case (step, verb) if verb in _ACTING:
            return stay(session, Message(Level.ASK, UNANSWERED[step]))
        case _:
            return None


def _switched(session: Session, flow: Flow | None, event: Pressed, place: Place) -> Outcome:
    """Go home or to another flow, with what is on the screen where it fits there."""
    name = (event.argument or "").lower() if event.verb == "FLOW" else ""
    if name and name not in place.flows:
        values = {"name": told(name) if name in FLOWS else name, "flows": ", ".join(place.flows) or "nothing"}
        return stay(session, Message(Level.STOP, "This station does not do {name}. It does {flows}.", values))
    entered = flow.entered(session) if flow else ""
    if entered:
        return _leaving(session, entered, into=name or "home", flow=name)
    return _arrived(session, name, flow.subject(session) if flow else None, place)


def _arrived(session: Session, name: str, subject: Subject | None, place: Place) -> Outcome:
    if not name:
        return resting()
    if subject is None or not FLOWS[name].takes(subject):
        return resting(Message(Level.ASK, _WANTED[name]), wanted=name)
    as_of = session.state.get("as_of")
    at = datetime.fromisoformat(str(as_of)) if as_of else None
    return _opened(session, FLOWS[name], Scanned(read(b""), (subject,), at), place)


def _leaving(session: Session, entered: str, *, into: str, flow: str, scan: Scanned | None = None) -> Outcome:
    """Ask before something entered is thrown away.

    Args:
        session: where it is entered.
        entered: what is entered, in words.
        into: what leaving leads to, in words.
        flow: the name of the flow that leaving leads to, empty for home.
        scan: what was scanned, with its one subject, where it was a scan that leads away.
    """
    state: dict[str, Json] = {
        "entered": entered,
        "into": into,
        "onward": flow,
        "subjects": [object_json(subject) for subject in scan.subjects] if scan else [],
        "scan": scan_json(scan) if scan else None,
        "resume": covered(session),
    }
    template = "Leave {entered}, and go to {into}? What was entered is not kept."
    message = Message(Level.ASK, template, {"entered": entered, "into": into})
    return Outcome("home", "switch", state, message)


def _left(session: Session, place: Place) -> Outcome:
    """Go where the person wanted to go, without what was entered."""
    name = str(session.state["onward"])
    scan = session.state["scan"]
    if scan is None:
        return _arrived(session, name, None, place)
    clear = resting(wanted=name)
    fresh = replace(session, flow=clear.flow, step=clear.step, state=clear.state)
    return _scanned(fresh, scan_from_json(scan), place)
