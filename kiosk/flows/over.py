"""Pages that lie over whatever a station is in the middle of, and give back the very step they covered.

Beneath a page may be a step of a flow, or a question that covers one itself: ``resume`` is the step, ``over``
the question.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from kiosk.flows.choice import beneath, covered
from kiosk.flows.flow import Outcome, stay
from kiosk.model import Json, Message, Session
from kiosk.wire import message_from_json, message_json, to_json

HISTORY: Final = frozenset({"history", "entry", "undo", "again"})
"""Steps that look back on what happened here."""
PAGES: Final = HISTORY | {"search", "help", "status"}


def is_page(session: Session) -> bool:
    """Return whether a page lies over what the station is in the middle of."""
    return session.flow == "home" and session.step in PAGES


def laid_over(session: Session, step: str, message: Message | None = None, **state: Json) -> Outcome:
    """Lay a page over a session; one that lies there already gives way."""
    ground = uncovered(session)
    is_question = ground is not beneath(ground)
    kept: dict[str, Json] = {"resume": covered(ground), "over": whole(ground) if is_question else None}
    return Outcome("home", step, {**state, **kept}, message)


def uncovered(session: Session) -> Session:
    """Return what the page covers, the session itself where no page lies over it."""
    if not is_page(session):
        return session
    question = session.state.get("over")
    return beneath(session) if question is None else restored(session, question)


def given_back(session: Session) -> Outcome:
    """Take the page away: everything beneath is as it was."""
    ground = uncovered(session)
    return stay(ground, ground.message)


def moved_on(session: Session, ground: Session) -> dict[str, Json]:
    """Return the parts of a question's or a page's state that keep what lies beneath it, as it is now."""
    changes: dict[str, Json] = {"resume": covered(ground)}
    over = session.state.get("over")
    if is_page(session) and isinstance(over, Mapping):
        inner: Any = over["state"]
        changes["over"] = {**over, "state": {**inner, **changes}}
    return changes


def whole(session: Session) -> dict[str, Json]:
    """Return a screen as the state of what covers it keeps it."""
    return {
        "flow": session.flow,
        "step": session.step,
        "state": to_json(session.state),
        "message": message_json(session.message),
    }


def restored(session: Session, kept: Json) -> Session:
    """Return a screen that ``whole`` kept."""
    screen: Any = kept
    message = message_from_json(screen["message"])
    return replace(session, flow=screen["flow"], step=screen["step"], state=screen["state"], message=message)
