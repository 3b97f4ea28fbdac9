"""Search: a part of a number or a name, and what is known by it; choosing one is the same as scanning it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from kiosk.barcodes import Readings, Text, read
from kiosk.barcodes.ion import reference
from kiosk.flows.asking import NOT_REFUSED, answered, asking, found_in, missing, refusal_in
from kiosk.flows.flow import Answered, Outcome, Place, Pressed, Scanned, stay
from kiosk.flows.over import laid_over
from kiosk.flows.paging import page_after, page_on, pages_of, row_named, rows_on
from kiosk.flows.wording import KIND_WORDS, detail, title
from kiosk.model import Asked, Json, Level, Message, Question, Session, Subject
from kiosk.resolve.searching import LEAST_CHARACTERS
from kiosk.wire import subject_from_json

_LONGEST = 60
_ENTITIES = {"inventory": "PI", "stock": "PART", "order": "PO", "run": "RUN", "location": "LOC"}


def is_search(session: Session) -> bool:
    """Return whether the screen searches."""
    return session.flow == "home" and session.step == "search"


def is_searched_for(session: Session, readings: Readings) -> bool:
    """Return whether a barcode is a text to search for; what names a thing of ION is looked up instead."""
    return is_search(session) and all(isinstance(each, Text) for each in readings.readings)


def pressed_on_search(session: Session, press: Pressed, place: Place) -> Outcome | None:
    """Answer SEARCH, and the buttons of its page; ``None`` where it is not about them."""
    if press.verb == "SEARCH":
        return _opened(session, place)
    if not is_search(session):
        return None
    match press:
        case Pressed("NEXT"):
            return _turned(session, 1, place)
        case Pressed("PREVIOUS"):
            return _turned(session, -1, place)
        case Pressed("REPEAT") if session.state["text"]:
            return _searching(session, str(session.state["text"]), place)
        case Pressed("CHOOSE", str(key)) if chosen(session, key) is None:
            return stay(session, Message(Level.ASK, "Choose one from the list."))
        case _:
            return None


def searched(session: Session, scan: Scanned, place: Place) -> Outcome | None:
    """Search for a text that was typed or scanned; ``None`` where it means a thing."""
    if scan.subjects or not is_searched_for(session, scan.readings):
        return None
    text = " ".join(scan.readings.text.split())[:_LONGEST]
    if len(text) < LEAST_CHARACTERS:
        values = {"least": str(LEAST_CHARACTERS)}
        return stay(session, Message(Level.ASK, "Type {least} characters or more.", values))
    return _searching(session, text, place)


def search_answered(session: Session, event: Answered, place: Place) -> Outcome | None:
    """Take what is known by a text; ``None`` where the screen did not ask."""
    if not is_search(session):
        return None
    has_found = bool(session.state.get("found"))
    is_missing = event.is_offline or bool(event.error)
    changes = answered(session.state, event)
    if changes is None and has_found and is_missing:
        # What is remembered stays, and it is said that ION was not asked.
        changes = missing(event)
    if changes is None:
        return None
    state = {**session.state, **changes}
    return stay(session, _said(state), **changes, **_rows(state, "1", place))


def chosen(session: Session, key: str) -> Subject | None:
    """Return what a choice names, by its number on the screen or by the key itself."""
    named = row_named(session.state, key)
    return next((one for one in found_in(session.state) if one.key == named), None)


def reference_of(subject: Subject) -> str:
    """Return the barcode that names a thing, empty where there is none."""
    entity = _ENTITIES.get(subject.kind)
    named = subject.key.partition("/")[2]
    try:
        return reference(entity, named) if entity else ""
    except ValueError:
        return ""


def as_scanned(session: Session, subject: Subject) -> Scanned:
    """Return the scan of a thing that was chosen, with its age where it comes from memory."""
    as_of = session.state.get("found_as_of")
    at = datetime.fromisoformat(str(as_of)) if as_of else None
    return Scanned(read(reference_of(subject).encode()), (subject,), at)


def _opened(session: Session, place: Place) -> Outcome:
    state: dict[str, Json] = {"text": "", "question": None, "found": None, "found_as_of": None}
    state |= {**NOT_REFUSED, **_rows({}, "1", place)}
    message = Message(Level.ASK, "Type or scan a part of a number or a name.")
    return laid_over(session, "search", message, **state)


def _searching(session: Session, text: str, place: Place) -> Outcome:
    asked = asking(Question(Asked.SEARCH, text))
    message = Message(Level.WAIT, "Looking for {text} …", {"text": text})
    return stay(session, message, **asked, text=text, **_rows({}, "1", place))


def _turned(session: Session, by: int, place: Place) -> Outcome:
    count = len(found_in(session.state))
    page = page_after(session.state["page"], count, place.lines)
    if by < 0:
        pages = pages_of(count, place.lines)
        page = (page_on(session.state["page"], count, place.lines) - 2) % pages + 1
    return stay(session, session.message, **_rows(session.state, str(page), place))


def _said(state: Any) -> Message:  # noqa: ANN401 - JSON of the page's own shape
    values = {"text": str(state["text"]), "count": str(len(state["found"])), "error": refusal_in(state)}
    if state["is_offline"]:
        template = "ION cannot be asked now. This is what the kiosk has seen of {text}: {count}."
        if not state["found"]:
            template = "ION cannot be asked now, and the kiosk has seen nothing like {text}."
        return Message(Level.OFFLINE, template, values)
    if state["refusal"]:
        return Message(Level.STOP, "ION did not answer all of it: {error}", values)
    if not state["found"]:
        return Message(Level.ASK, "Nothing is known by {text}. Try less of it.", values)
    return Message(Level.GOOD, "{count} found by {text}. Choose one.", values)


def _rows(
    state: Any,  # noqa: ANN401 - JSON of the page's own shape
    page: Json,
    place: Place,
) -> dict[str, Json]:
    found: Sequence[Any] = state.get("found") or ()
    shown = [subject_from_json(each) for each in rows_on(found, page, place.lines)]
    rows: list[Json] = [
        {"key": one.key, "title": title(one), "detail": detail(one), "kind": KIND_WORDS[one.kind]}
        for one in shown
    ]
    return {
        "rows": rows,
        "page": str(page_on(page, len(found), place.lines)),
        "pages": str(pages_of(len(found), place.lines)),
        "count": str(len(found)),
    }
