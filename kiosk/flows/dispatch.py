"""Gives each event to the flow it belongs to, and asks when that is not clear."""

from dataclasses import replace

from kiosk.barcodes import Readings, read, to_json
from kiosk.flows.choice import beneath, choose_subject, chosen_subject, covered, next_page
from kiosk.flows.flow import Event, Flow, Outcome, Place, Pressed, Refreshed, Scanned, Settled, stay
from kiosk.flows.registry import FLOWS
from kiosk.flows.sequel import outcome_message
from kiosk.flows.wording import KIND_WORDS, title
from kiosk.model import Json, Level, Message, Session, Subject
from kiosk.wire import object_json, subject_from_json

_WANTED = {
    "receive": "Scan a purchase order.",
    "lookup": "Scan a label, a part number or a location.",
    "move": "Scan the stock that moves.",
    "run": "Scan a run, or stock with an open run.",
    "label": "Scan what the label is for.",
}


def resting(message: Message | None = None, wanted: str | None = None) -> Outcome:
    """Return the screen that waits for any scan."""
    return Outcome("home", "idle", {"wanted": wanted}, message)


def handle(session: Session, event: Event, place: Place) -> Outcome:
    """Return what one event does at a station.

    Args:
        session: where the station stands.
        event: what happened.
        place: the facts that hold at the station now.
    """
    match event:
        case Scanned():
            return _scanned(beneath(session), event, place)
        case Pressed():
            return _pressed(session, event, place)
        case Refreshed():
            return _beside(session, event, place) or stay(session, session.message)
        case Settled(operation):
            outcome = _beside(session, event, place) or stay(session)
            return replace(outcome, message=outcome_message(operation))


def subject_shown(session: Session) -> Subject | None:
    """Return what the screen is about, also beneath a question."""
    under = beneath(session)
    flow = _flow_of(under)
    return flow.subject(under) if flow else None


def _flow_of(session: Session) -> Flow | None:
    return FLOWS.get(session.flow)


def _beside(session: Session, event: Refreshed | Settled, place: Place) -> Outcome | None:
    """Let the flow beneath a question take news without the question going away."""
    under = beneath(session)
    flow = _flow_of(under)
    outcome = flow.handle(under, event, place) if flow else None
    if outcome is None or under is session:
        return outcome
    return stay(session, session.message, resume=covered(replace(under, state=outcome.state)))


def _scanned(session: Session, event: Scanned, place: Place) -> Outcome:
    flow = _flow_of(session)
    if flow is not None:
        outcome = flow.handle(session, event, place)
        if outcome is not None:
            return outcome
    if not event.subjects:
        return _unknown(session, event)
    if len(event.subjects) > 1:
        return choose_subject(session, event.readings.shown, event.subjects)
    (subject,) = event.subjects
    fitting = _fitting(session, subject, place)
    if fitting is None:
        values = {"kind": KIND_WORDS[subject.kind], "title": title(subject)}
        template = "{kind} {title}: this station has no job for it."
        return stay(session, Message(Level.STOP, template, values))
    if flow is not None and flow.is_entered(session):
        return _leaving(session, into=title(subject), onward={"subject": object_json(subject)})
    return _open(session, fitting, event, place)


def _fitting(session: Session, subject: Subject, place: Place) -> Flow | None:
    wanted = session.state.get("wanted") if session.flow == "home" else session.flow
    names = [name for name in (wanted, *FLOWS) if isinstance(name, str) and name in place.flows]
    if wanted == "run" and subject.kind == "inventory" and "run" in place.flows:
        return FLOWS["run"]
    # Moving and labels are chosen on purpose; a bare scan looks the thing up.
    bare = [name for name in names if name not in {"move", "label"} or name == wanted]
    return next((FLOWS[name] for name in (*bare, *names) if FLOWS[name].takes(subject)), None)


def _open(session: Session, flow: Flow, event: Scanned, place: Place) -> Outcome:
    fresh = replace(session, flow=flow.name, step="", state={})
    outcome = flow.handle(fresh, event, place)
    if outcome is not None:
        if outcome.follow is not None:
            return replace(outcome, flow=session.flow, step=session.step, state=session.state)
        return outcome
    if flow.name == "run" and "lookup" in place.flows:
        return _open(session, FLOWS["lookup"], event, place)
    return _unknown(session, event)


def _unknown(session: Session, event: Scanned) -> Outcome:
    readings = event.readings
    state: dict[str, Json] = {
        **_decoded(readings),
        "text": readings.shown,
        "length": len(readings.raw),
        "is_offline": event.is_offline,
        "resume": covered(session),
    }
    values = {"text": readings.shown or "an empty scan"}
    if event.is_offline:
        template = "{text} is kept. ION cannot be asked now, and it is not stored here."
        return Outcome("home", "unknown", state, Message(Level.OFFLINE, template, values))
    return Outcome("home", "unknown", state, Message(Level.STOP, "ION does not know {text}.", values))


def _decoded(readings: Readings) -> dict[str, Json]:
    return {**to_json(readings), "symbology": readings.symbology}


def _pressed(session: Session, event: Pressed, place: Place) -> Outcome:
    verb, argument = event.verb, event.argument
    if session.flow == "home":
        asked = _answered(session, event, place)
        if asked is not None:
            return asked
    under = beneath(session)
    flow = _flow_of(under)
    if verb == "HOME" or (verb == "FLOW" and argument):
        return _switched(under, flow, argument if verb == "FLOW" else None, place)
    if flow is not None:
        outcome = flow.handle(under, event, place)
        if outcome is not None:
            return outcome
    if verb in {"BACK", "CANCEL"}:
        return resting()
    if verb == "REPEAT":
        return stay(under, session.message)
    return stay(session, Message(Level.ASK, "{verb} does nothing here.", {"verb": verb}))


def _answered(session: Session, event: Pressed, place: Place) -> Outcome | None:
    """Answer a question screen's own buttons."""
    under = beneath(session)
    match session.step, event.verb:
        case ("choose", "NEXT"):
            return next_page(session)
        case ("choose", "CHOOSE"):
            subject = chosen_subject(session, event.argument or "")
            if subject is None:
                flow = _flow_of(under)
                return flow.handle(under, event, place) if flow else None
            readings = read(str(session.state["text"]).encode())
            return _scanned(under, Scanned(readings, (subject,)), place)
        case ("switch", "CONFIRM"):
            return _left(session, place)
        case ("choose" | "unknown" | "switch", "BACK" | "CANCEL"):
            return Outcome(under.flow, under.step, under.state)
        case _:
            return None


def _switched(session: Session, flow: Flow | None, name: str | None, place: Place) -> Outcome:
    """Go to another flow with what is on the screen, where it fits there."""
    if name is not None and name.lower() not in place.flows:
        values = {"name": name, "flows": ", ".join(place.flows)}
        return stay(session, Message(Level.STOP, "This station does not do {name}. It does {flows}.", values))
    if flow is not None and flow.is_entered(session):
        return _leaving(session, into=name or "home", onward={"flow": name})
    subject = flow.subject(session) if flow else None
    return _arrived(session, name.lower() if name else None, subject, place)


def _arrived(session: Session, name: str | None, subject: Subject | None, place: Place) -> Outcome:
    if name is None:
        return resting()
    target = FLOWS[name]
    if subject is not None and target.takes(subject):
        scan = Scanned(read(b""), (subject,))
        outcome = target.handle(replace(session, flow=name, step="", state={}), scan, place)
        if outcome is not None and outcome.follow is None:
            return outcome
    return resting(Message(Level.ASK, _WANTED[name]), wanted=name)


def _leaving(session: Session, *, into: str, onward: dict[str, Json]) -> Outcome:
    """Ask before something entered is thrown away."""
    flow = _flow_of(session)
    subject = flow.subject(session) if flow else None
    entered = title(subject) if subject else session.flow
    state: dict[str, Json] = {"entered": entered, "into": into, "onward": onward, "resume": covered(session)}
    values = {"entered": entered, "into": into}
    template = "Leave {entered} and go to {into}? What was entered is not kept."
    return Outcome("home", "switch", state, Message(Level.ASK, template, values))


def _left(session: Session, place: Place) -> Outcome:
    onward = session.state.get("onward")
    if isinstance(onward, dict) and onward.get("subject"):
        subject = subject_from_json(onward["subject"])
        clear = replace(session, flow="home", step="idle", state={})
        return _scanned(clear, Scanned(read(b""), (subject,)), place)
    name = onward.get("flow") if isinstance(onward, dict) else None
    return _arrived(session, str(name).lower() if name else None, None, place)
