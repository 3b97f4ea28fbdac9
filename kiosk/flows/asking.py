"""Questions that a screen waits for: what ION is asked for a list to choose from.

A flow puts ``asking(question)`` into the state of its screen. Whoever drives the station asks ION what
``awaited`` names, from memory first, and tells the flow by ``Answered``; after a restart the question still
stands in the state, and is asked again.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from kiosk.flows.choice import beneath
from kiosk.flows.flow import Answered
from kiosk.flows.over import is_page
from kiosk.model import Json, Question, Session, Subject
from kiosk.wire import from_json, object_json, subject_from_json, told_again, told_json

NOT_REFUSED: Final[Mapping[str, Json]] = {"is_offline": False, "refusal": "", "refusal_told": None}


def asking(question: Question) -> dict[str, Json]:
    """Return the part of a state that asks ION."""
    return {
        "question": object_json(question),
        "found": None,
        "found_as_of": None,
        **NOT_REFUSED,
    }


def awaited(session: Session) -> Question | None:
    """Return what the screen, or the one beneath a question, waits for; ``None`` where that is nothing."""
    is_searching = is_page(session) and session.step == "search"
    state = session.state if is_searching else beneath(session).state
    asked = state.get("question")
    return from_json(Question, asked) if asked and state.get("found") is None else None


def answered(state: Mapping[str, Json], event: Answered) -> dict[str, Json] | None:
    """Return the part of a state that holds an answer, ``None`` where it was not asked for here.

    An answer that ION could not give does not take the place of one that is remembered.
    """
    if state.get("question") != object_json(event.question):
        return None
    is_missing = event.is_offline or bool(event.error)
    if is_missing and state.get("found"):
        return None
    return {
        "found": [object_json(subject) for subject in event.subjects],
        "found_as_of": event.as_of.isoformat() if event.as_of else None,
        **missing(event),
    }


def missing(event: Answered) -> dict[str, Json]:
    """Return the part of a state that says why there is no answer; what the words are made of, too."""
    return {
        "is_offline": event.is_offline,
        "refusal": event.error,
        "refusal_told": told_json(event.error),
    }


def refusal_in(state: Mapping[str, Json]) -> str:
    """Return why ION did not answer, empty where it did, or was not asked yet."""
    return told_again(str(state.get("refusal") or ""), state.get("refusal_told"))


def found_in(state: Mapping[str, Json]) -> Sequence[Subject]:
    """Return what ION answered, empty while it has not."""
    found: Any = state.get("found")
    return tuple(map(subject_from_json, found or ()))
