"""Which of several things is meant: a question that covers the screen and gives it back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from kiosk.flows.flow import Outcome
from kiosk.flows.paging import ROWS_A_PAGE, page_after, pages_of
from kiosk.flows.wording import detail, title
from kiosk.model import Json, Level, Message, Session, Subject
from kiosk.wire import from_json, object_json, subject_from_json, to_json


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
    if session.flow != "home" or not isinstance(resume, Mapping):
        return session
    state: Any = resume["state"]
    message = from_json(Message, resume["message"]) if resume["message"] else None
    return replace(session, flow=str(resume["flow"]), step=str(resume["step"]), state=state, message=message)


def covered(session: Session) -> Json:
    """Return what is beneath a question, to come back to."""
    under = beneath(session)
    return {
        "flow": under.flow,
        "step": under.step,
        "state": to_json(under.state),
        "message": to_json(under.message),
    }


def choose(session: Session, text: str, options: Sequence[Option]) -> Outcome:
    """Ask which of several things is meant; the flow beneath is told by ``CHOOSE <key>``.

    Args:
        session: what the question covers.
        text: what was scanned, as it can be shown.
        options: in the order in which they are offered.
    """
    return _asked(session, text, options, {})


def choose_subject(
    session: Session, text: str, subjects: Sequence[Subject], as_of: str | None = None
) -> Outcome:
    """Ask which of several subjects a scan means; the chosen one counts as scanned alone."""
    options = [Option(subject.key, title(subject), detail(subject), subject.kind) for subject in subjects]
    found: dict[str, Json] = {"subjects": [object_json(subject) for subject in subjects], "as_of": as_of}
    return _asked(session, text, options, found)


def next_page(session: Session) -> Outcome:
    """Show the next options, after the last the first."""
    page = page_after(session.state["page"], len(_options(session.state)))
    return _page(session.state, page, session.message)


def asked_about(session: Session) -> tuple[Subject, ...]:
    """Return the subjects that the question on the screen offers."""
    found = session.state.get("subjects")
    return tuple(map(subject_from_json, found if isinstance(found, list | tuple) else ()))


def chosen_subject(session: Session, key: str) -> Subject | None:
    """Return the subject that a choice names, ``None`` where the choice is no subject."""
    return next((subject for subject in asked_about(session) if subject.key == key), None)


def option_named(session: Session, argument: str) -> str:
    """Return the key of the option that a choice names, by its number on the screen or by the key itself."""
    shown: Any = session.state["options"]
    return next((str(one["key"]) for number, one in enumerate(shown, 1) if argument == str(number)), argument)


def _asked(session: Session, text: str, options: Sequence[Option], found: Mapping[str, Json]) -> Outcome:
    state: dict[str, Json] = {
        **found,
        "text": text,
        "all": [object_json(option) for option in options],
        "resume": covered(session),
    }
    values = {"text": text, "count": str(len(options))}
    return _page(state, 1, Message(Level.ASK, "{text} can be {count} things. Which one is it?", values))


def _options(state: Mapping[str, Json]) -> Sequence[Json]:
    every: Any = state["all"]
    options: Sequence[Json] = every
    return options


def _page(state: Mapping[str, Json], page: int, message: Message | None) -> Outcome:
    options = _options(state)
    first = (page - 1) * ROWS_A_PAGE
    shown: dict[str, Json] = {
        "options": list(options[first : first + ROWS_A_PAGE]),
        "page": str(page),
        "pages": str(pages_of(len(options))),
    }
    return Outcome("home", "choose", {**state, **shown}, message)
