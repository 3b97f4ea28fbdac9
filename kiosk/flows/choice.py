"""Questions of the kiosk itself: which of several is meant, and whether to leave what was entered."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from kiosk.flows.flow import Outcome
from kiosk.flows.wording import detail, title
from kiosk.model import Json, Level, Message, Session, Subject
from kiosk.wire import object_json, subject_from_json, to_json

OPTIONS_A_PAGE = 4


@dataclass(frozen=True, slots=True)
class Option:
    """One thing a person can choose."""

    key: str
    title: str
    detail: str
    kind: str


def beneath(session: Session) -> Session:
    """Return the session as it was before a question covered it."""
    resume = session.state.get("resume")
    if session.flow != "home" or not isinstance(resume, dict):
        return session
    state: Any = resume["state"]
    return replace(session, flow=str(resume["flow"]), step=str(resume["step"]), state=state)


def covered(session: Session) -> Json:
    """Return what is beneath a question, to come back to."""
    under = beneath(session)
    return {"flow": under.flow, "step": under.step, "state": to_json(under.state)}


def choose(
    session: Session, text: str, options: Sequence[Option], subjects: Sequence[Subject] = ()
) -> Outcome:
    """Ask which of several things a scan means."""
    state: dict[str, Json] = {
        "text": text,
        "all": [object_json(option) for option in options],
        "subjects": [object_json(subject) for subject in subjects],
        "resume": covered(session),
    }
    values = {"text": text, "count": str(len(options))}
    message = Message(Level.ASK, "{text} can be {count} things. Which one is it?", values)
    return _page(state, 1, message)


def choose_subject(session: Session, text: str, subjects: Sequence[Subject]) -> Outcome:
    """Ask which of several subjects a scan means."""
    options = [Option(subject.key, title(subject), detail(subject), subject.kind) for subject in subjects]
    return choose(session, text, options, subjects)


def next_page(session: Session) -> Outcome:
    """Show the next options, after the last the first."""
    pages = int(str(session.state["pages"]))
    page = int(str(session.state["page"])) % pages + 1
    return _page(dict(session.state), page, session.message)


def chosen_subject(session: Session, key: str) -> Subject | None:
    """Return the subject that a choice names, ``None`` where the choice is no subject."""
    found = session.state.get("subjects")
    for data in found if isinstance(found, list | tuple) else ():
        subject = subject_from_json(data)
        if subject.key == key:
            return subject
    return None


def _page(state: dict[str, Json], page: int, message: Message | None) -> Outcome:
    every = state["all"]
    options = list(every) if isinstance(every, list | tuple) else []
    pages = max(1, -(-len(options) // OPTIONS_A_PAGE))
    first = (page - 1) * OPTIONS_A_PAGE
    shown = options[first : first + OPTIONS_A_PAGE]
    return Outcome(
        "home", "choose", {**state, "options": shown, "page": str(page), "pages": str(pages)}, message
    )
