"""Who must be there for what is done: a question that keeps the event it stopped, and lets it go on once.

Which flows ask, and for what, is the station's (``Place.asks``); how surely a person is known is
``Place.proof``. An event is put to the flows first; where what comes of it needs somebody, or a fresh PIN, it
is forgotten, and a question takes its place: ``home/who`` or ``home/pin``. Its answer, the person's badge or
PIN, puts the very event to the flows again.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from kiosk.barcodes import IonRef, Readings
from kiosk.flows.choice import beneath, covered
from kiosk.flows.flow import Badge, Event, Outcome, Place, Pressed, Scanned, Signing, stay
from kiosk.flows.kept_scan import scan_from_json, scan_json
from kiosk.flows.over import restored, whole
from kiosk.flows.signing import signing_of
from kiosk.model import Demand, Json, Level, Message, Proof, Session
from kiosk.wire import object_json

UNLOCK: Final = "UNLOCK"
"""Pressed by the kiosk itself once a PIN was right; by itself it opens nothing."""
WHO: Final = "who"
PIN: Final = "pin"
IDENTITY: Final = frozenset({WHO, PIN})
"""Steps that ask who is there."""
_REFUSED: Final = {
    Badge.UNKNOWN: "Nobody here has this badge. Ask a lead.",
    Badge.DISABLED: "This badge signs nobody in any more. Ask a lead.",
    Badge.EXPIRED: "This badge has expired. Ask a lead to renew it.",
}
_FIRST: Final = {WHO: "Scan your badge first.", PIN: "Enter your PIN first, or go back."}
_OPEN: Final = IDENTITY | {"help"}
"""Steps that are shown whoever is there: help says nothing of what lies beneath it."""
_LEAVING: Final = frozenset({"HOME", "FLOW"})

Handle = Callable[[Session, Event, Place], Outcome]


def badge_of(readings: Readings) -> str | None:
    """Return which operator's badge a barcode is, ``None`` where it is none."""
    return next(
        (each.id for each in readings.readings if isinstance(each, IonRef) and each.entity == "OP"), None
    )


def is_identity(session: Session) -> bool:
    """Return whether the screen asks who is there."""
    return session.flow == "home" and session.step in IDENTITY


def identified(session: Session, event: Event, outcome: Outcome, place: Place) -> Outcome:
    """Return what a person's event leads to, or the question that has to be answered first."""
    if outcome.flow == "home" and outcome.step in _OPEN:
        return outcome
    flows = {_flow_of(outcome)}
    if outcome.effects:
        # What is done belongs to the flow it is done in, wherever that leads to.
        flows.add(outcome.acts_for or beneath(session).flow)
    unmet = {_unmet(flow, place) for flow in flows}
    signing = signing_of(session, flows, outcome, place)
    needs_pin = PIN in unmet or (signing is not None and place.proof < Proof.FRESH)
    step = WHO if WHO in unmet else PIN if needs_pin else ""
    if step:
        return _asked(session, event, step, place, signing)
    # What waited was signed before the answer to the question got here.
    return replace(outcome, signed=outcome.signed or signing)


def answered(session: Session, event: Pressed, place: Place, handle: Handle) -> Outcome | None:
    """Answer a press while it is asked who is there; ``None`` for one that leaves the screen."""
    if event.verb == UNLOCK:
        return _onward(session, place, handle)
    if event.verb in {"CANCEL", "BACK"}:
        return _given_up(session, place)
    if event.verb in _LEAVING or event.verb == "HELP":
        return None
    return stay(session, Message(Level.ASK, _FIRST[session.step]))


def arrived(session: Session, event: Scanned, place: Place, handle: Handle) -> Outcome | None:
    """Answer a badge; ``None`` where it does nothing beyond what the screen itself makes of it."""
    if event.badge in _REFUSED:
        return stay(session, Message(Level.STOP, _REFUSED[event.badge]))
    if is_identity(session):
        return _onward(session, place, handle)
    return None


def greeted(session: Session, place: Place) -> Outcome:
    """Say who is signed in now, and ask for their PIN where this station has a use for it."""
    if Demand.PIN in place.asks.values() and place.proof < Proof.GIVEN and place.has_pin:
        return _asked(session, None, PIN, place, None)
    return stay(session, _hello(place))


def locked(session: Session, place: Place) -> Outcome:
    """Cover what somebody was at who is gone; all of it stays as it is."""
    base = question_beneath(session)
    if place.operator is not None or not _unmet(_flow_of_session(base), place):
        return stay(base, base.message) if is_identity(session) else stay(session, session.message)
    return _asked(base, None, WHO, place, None)


def kept_event(session: Session) -> Scanned | Pressed | None:
    """Return the event that waits for the question on the screen to be answered."""
    kept: Any = session.state.get("event") if is_identity(session) else None
    if kept is None:
        return None
    if "verb" in kept:
        return Pressed(kept["verb"], kept["argument"])
    return scan_from_json(kept)


def _onward(session: Session, place: Place, handle: Handle) -> Outcome:
    """Let the kept event happen, or show again what the question covered."""
    base, event = question_beneath(session), kept_event(session)
    if event is not None:
        return handle(base, event, place)
    # Without an event only the screen comes back, and that too only to whom it is open.
    step = _unmet(_flow_of_session(base), place)
    return _asked(base, None, step, place, None) if step else stay(base, _hello(place))


def _given_up(session: Session, place: Place) -> Outcome:
    base = question_beneath(session)
    step = _unmet(_flow_of_session(base), place)
    return _asked(base, None, step, place, None) if step else stay(base, base.message)


def _hello(place: Place) -> Message | None:
    if place.operator is None:
        return None
    return Message(Level.GOOD, "{name} is signed in.", {"name": place.operator.name})


def _unmet(flow: str, place: Place) -> str:
    """Return which question a flow asks first, empty where it asks none."""
    demand = place.demand(flow)
    if demand is Demand.NONE:
        return ""
    if place.operator is None:
        return WHO
    return PIN if demand is Demand.PIN and place.proof < Proof.GIVEN else ""


def _flow_of(outcome: Outcome) -> str:
    """Return the flow that an outcome belongs to: that of what it covers, where it is a question."""
    resume = outcome.state.get("resume") if outcome.flow == "home" else None
    return str(resume["flow"]) if isinstance(resume, Mapping) else outcome.flow


def _flow_of_session(session: Session) -> str:
    return beneath(session).flow


def _asked(
    session: Session, event: Event | None, step: str, place: Place, signing: Signing | None
) -> Outcome:
    """Ask who is there, or for their PIN; what waits for the one waits for the other too."""
    base = question_beneath(session)
    is_kept = isinstance(event, Scanned) and event.badge is None
    if is_identity(session) and not is_kept:
        event = kept_event(session)
    kept: dict[str, Json] | None = None
    match event:
        case Scanned(badge=None):
            kept, base = scan_json(event), beneath(session)
        case Pressed():
            kept = object_json(event)
    operator = place.operator
    state: dict[str, Json] = {
        "event": kept,
        "question": whole(base) if base is not beneath(base) else None,
        "resume": covered(base),
        "who": operator.id if operator else "",
        "person": operator.name if operator else "",
        "has_pin": place.has_pin,
        "signs": object_json(signing) if signing else None,
    }
    return Outcome("home", step, state, _prompt(step, place, signing, is_waiting=kept is not None))


def _prompt(step: str, place: Place, signing: Signing | None, *, is_waiting: bool) -> Message:
    name = place.operator.name if place.operator else ""
    if step == WHO:
        template = "Scan your badge. Then it goes on." if is_waiting else "Locked. Scan your badge to go on."
        return Message(Level.ASK, template)
    if not place.has_pin:
        template = "{name} has no PIN here. Ask a lead for one, or sign in with ION again."
        return Message(Level.STOP, template, {"name": name})
    template = "{name}: sign with your PIN." if signing else "{name}: enter your PIN."
    return Message(Level.ASK, template, {"name": name})


def question_beneath(session: Session) -> Session:
    """Return the session that the question about a person covers, another question perhaps."""
    if not is_identity(session):
        return session
    question = session.state.get("question")
    return beneath(session) if question is None else restored(session, question)
