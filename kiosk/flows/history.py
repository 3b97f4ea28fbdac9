"""Looking back: what happened here and what became of each, and taking it back where there is a way."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from kiosk.flows.flow import Event, Outcome, Place, Pressed, stay
from kiosk.flows.identity import kept_event, question_beneath
from kiosk.flows.over import HISTORY, given_back, laid_over
from kiosk.flows.paging import page_after, page_on, pages_of, row_named, rows_on
from kiosk.flows.past_words import UNDOING, facts_of, row_of, title_of
from kiosk.flows.reprint import REPRINT_REASONS
from kiosk.flows.sequel import label_name
from kiosk.flows.wanted import wanted
from kiosk.flows.way_back import Way, WayBack, flow_of, way_back
from kiosk.model import (
    BESIDE,
    Json,
    Level,
    Message,
    Operation,
    OperationState,
    Past,
    PrintJob,
    Reason,
    Reprint,
    Session,
    Why,
)

_VERBS: Final = frozenset({"HISTORY", "UNDO"})
_REASONS: Final = tuple(reason for reason in REPRINT_REASONS if reason is not Reason.OTHER)
"""Of those that a button can say; another reason needs words, and is given at the printers."""
_WORK, _ALL = "work", "all"
_FACTS_A_PAGE: Final = 6
_GONE: Final = Message(Level.ASK, "This is too long ago to be looked at here. Ask a technician.")


def looks_back(session: Session, event: Event) -> bool:
    """Return whether an event has to do with the past, for ``Place.past`` to be looked up."""
    base = question_beneath(session)
    if base.flow == "home" and base.step in HISTORY:
        return True
    return any(isinstance(each, Pressed) and each.verb in _VERBS for each in (event, kept_event(session)))


def pressed_on_history(session: Session, press: Pressed, place: Place) -> Outcome | None:
    """Answer a press on one of the pages; ``None`` where it is not about them."""
    if press.verb == "HISTORY":
        return (
            _listed(session, place, _WORK, "1") if press.argument is None else _named(session, place, press)
        )
    if session.flow != "home":
        return None
    match session.step:
        case "history":
            return _on_list(session, press, place)
        case "entry":
            return _on_entry(session, press, place)
        case "undo" | "again":
            return _on_question(session, press, place)
        case _:
            return None


def _on_list(session: Session, press: Pressed, place: Place) -> Outcome | None:
    match press:
        case Pressed("NEXT" | "PREVIOUS" as verb):
            return _turned(session, place, verb)
        case Pressed("CHOOSE", str(key)):
            return _chosen(session, place, key)
        case Pressed("UNDO"):
            return undo_newest(session, place)
        case _:
            return None


def _on_entry(session: Session, press: Pressed, place: Place) -> Outcome | None:
    match press:
        case Pressed("BACK" | "CANCEL"):
            return _listed(session, place, str(session.state["show"]), session.state["page"])
        case Pressed("NEXT"):
            part = int(str(session.state["part"])) % int(str(session.state["parts"])) + 1
            return _entered(session, place, session.message, str(part))
        case Pressed("UNDO" | "PRINT" as verb):
            return _asked(session, place, verb)
        case _:
            return None


def _on_question(session: Session, press: Pressed, place: Place) -> Outcome | None:
    match session.step, press:
        case _, Pressed("BACK" | "CANCEL"):
            return given_back(session) if session.state.get("is_direct") else _entered(session, place, None)
        case "undo", Pressed("CONFIRM" | "UNDO"):
            return _taken_back(session, place)
        case "again", Pressed("NEXT"):
            page = str(page_after(session.state["reason_page"], len(_REASONS), place.lines))
            return stay(session, session.message, **_reasons(page, place))
        case "again", Pressed("CHOOSE", str(key)):
            return _printed_again(session, place, key)
        case _:
            return None


def reprint_asked(session: Session, job: PrintJob, place: Place) -> Outcome:
    """Ask why the label of a serial is printed that is out already, over the step where it was wanted.

    Args:
        session: where it was wanted.
        job: the print of it that is out, or on its way there.
        place: what holds there.
    """
    past = Past(job)
    way = way_back(past, place)
    if way.way is not Way.REPRINT:
        return stay(session, Message(Level.ASK, "{why}", {"why": way.why}))
    message = Message(
        Level.ASK, "The label of {label} is out already. Why one more?", {"label": label_name(job)}
    )
    return _page(session, "again", past, place, message, is_direct=True, **_reasons("1", place))


def undo_newest(session: Session, place: Place) -> Outcome:
    """Ask whether the last thing done here is to be taken back; never a thing before that."""
    for past in place.past:
        if isinstance(past.what, Operation) and not past.what.undoes and past.what.operation not in BESIDE:
            return _undo_asked(session, past, place, way_back(past, place))
    return stay(session, Message(Level.ASK, "Nothing was done here that could be taken back."))


def renewed(session: Session, place: Place) -> dict[str, Json]:
    """Return the parts of a page's state that what happened meanwhile changes."""
    if session.step == "history":
        return _list_state(place, str(session.state["show"]), session.state["page"])
    past = _found(place, session.state.get("key"))
    return _entry_state(past, place, session.state.get("part") or "1") if past is not None else {}


def _found(place: Place, key: Json) -> Past | None:
    return next((past for past in place.past if past.key == key), None)


def _kept(session: Session) -> dict[str, Json]:
    """Return where on the list a page goes back to."""
    is_back = session.flow == "home" and session.step in HISTORY
    return {
        "show": session.state.get("show") if is_back else _WORK,
        "page": session.state.get("page") if is_back else "1",
    }


def _listed(session: Session, place: Place, show: str, page: Json) -> Outcome:
    state = _list_state(place, show, page)
    message = None if state["rows"] else Message(Level.ASK, "Nothing has happened here yet.")
    return laid_over(session, "history", message, **state)


def _shown(place: Place, show: str) -> Sequence[Past]:
    if show == _ALL:
        return place.past
    return [past for past in place.past if isinstance(past.what, Operation | PrintJob)]


def _list_state(place: Place, show: str, page: Json) -> dict[str, Json]:
    found = _shown(place, show)
    return {
        "rows": [row_of(past) for past in rows_on(found, page, place.lines)],
        "show": show,
        "page": str(page_on(page, len(found), place.lines)),
        "pages": str(pages_of(len(found), place.lines)),
    }


def _turned(session: Session, place: Place, verb: str) -> Outcome:
    pages = int(str(session.state["pages"]))
    page = int(str(session.state["page"])) + (1 if verb == "NEXT" else -1)
    return _listed(session, place, str(session.state["show"]), str((page - 1) % pages + 1))


def _chosen(session: Session, place: Place, key: str) -> Outcome:
    if key in {f"show/{_WORK}", f"show/{_ALL}"}:
        return _listed(session, place, key.removeprefix("show/"), "1")
    past = _found(place, row_named(session.state, key))
    if past is None:
        return stay(session, Message(Level.ASK, "Choose one from the list."))
    return _page(session, "entry", past, place, None)


def _named(session: Session, place: Place, press: Pressed) -> Outcome:
    """Show the one thing that a press names by its key, from wherever the station is."""
    past = _found(place, press.argument)
    return _page(session, "entry", past, place, None) if past is not None else stay(session, _GONE)


def _page(
    session: Session, step: str, past: Past, place: Place, message: Message | None, **changes: Json
) -> Outcome:
    """Lay a page about one thing over the session."""
    state = {**_kept(session), **_entry_state(past, place, "1"), **changes}
    return laid_over(session, step, message, **state)


def _entry_state(past: Past, place: Place, part: Json) -> dict[str, Json]:
    found = facts_of(past)
    way = way_back(past, place)
    parts = max(1, -(-len(found) // _FACTS_A_PAGE))
    number = min(int(str(part)), parts)
    first = (number - 1) * _FACTS_A_PAGE
    return {
        **row_of(past),
        "facts": found[first : first + _FACTS_A_PAGE],
        "part": str(number),
        "parts": str(parts),
        "way": way.way.value,
        "why": way.why,
        "about": past.what.about if isinstance(past.what, Operation) else "",
    }


def _entered(session: Session, place: Place, message: Message | None, part: str = "1") -> Outcome:
    past = _found(place, session.state["key"])
    if past is None:
        return stay(session, _GONE)
    return _page(session, "entry", past, place, message, **_entry_state(past, place, part))


def _asked(session: Session, place: Place, verb: str) -> Outcome:
    """Ask whether it is meant, or for which reason."""
    past = _found(place, session.state["key"])
    if past is None:
        return stay(session, _GONE)
    way = way_back(past, place)
    wanted_way = way.way is Way.REPRINT if verb == "PRINT" else way.way in {Way.UNDO, Way.WITHDRAW}
    if not wanted_way:
        why = way.why or "There is nothing to take back here."
        return stay(session, Message(Level.ASK, "{why}", {"why": why}))
    if way.way is Way.REPRINT:
        message = Message(Level.ASK, "Why is the label printed once more?")
        return _page(session, "again", past, place, message, **_reasons("1", place))
    return _undo_asked(session, past, place, way)


def _reasons(page: Json, place: Place) -> dict[str, Json]:
    """Return the part of a state that offers reasons to choose from."""
    rows: list[Json] = [reason.value for reason in rows_on(_REASONS, page, place.lines)]
    return {
        "reasons": rows,
        "reason_page": str(page_on(page, len(_REASONS), place.lines)),
        "reason_pages": str(pages_of(len(_REASONS), place.lines)),
    }


def _undo_asked(session: Session, past: Past, place: Place, way: WayBack) -> Outcome:
    if way.effect is None:
        return _page(session, "entry", past, place, Message(Level.ASK, "{why}", {"why": way.why}))
    message = Message(Level.ASK, "Take this back? {what}.", {"what": title_of(past)})
    return _page(session, "undo", past, place, message)


def _taken_back(session: Session, place: Place) -> Outcome:
    past = _found(place, session.state["key"])
    if past is None or not isinstance(past.what, Operation):
        return stay(session, _GONE)
    way = way_back(past, place)
    if way.effect is None or way.way is Way.REPRINT:
        return _entered(session, place, Message(Level.ASK, "{why}", {"why": way.why}))
    what = {"what": wanted(past.what)}
    if way.way is Way.WITHDRAW:
        message = Message(Level.GOOD, "Withdrawn, ION is not told of it: {what}.", what)
        fate: dict[str, Json] = {"fate": OperationState.DISCARDED.value, "why": "It was withdrawn."}
    else:
        message = Message(Level.WAIT, "Taking back, on the way to ION: {what}.", what)
        fate = {"fate": UNDOING, "why": "It is being taken back."}
    outcome = _page(session, "entry", past, place, message, **fate, way=Way.NONE.value)
    return replace(outcome, effects=(way.effect,), acts_for=flow_of(past.what))


def _printed_again(session: Session, place: Place, key: str) -> Outcome:
    past = _found(place, session.state["key"])
    names = [reason.value for reason in _REASONS]
    shown: Any = session.state["reasons"]
    numbered = {str(number): str(one) for number, one in enumerate(shown, 1)}
    name = numbered.get(key) or key.removeprefix("reason/")
    if past is None or not isinstance(past.what, PrintJob):
        return stay(session, _GONE)
    if name not in names:
        return stay(session, Message(Level.ASK, "Choose a reason first, or go back."))
    way = way_back(past, place)
    if way.way is not Way.REPRINT:
        return _entered(session, place, Message(Level.ASK, "{why}", {"why": way.why}))
    # The word "label" in it lets the news of its printing take its place.
    message = Message(
        Level.WAIT, "Printing the label of {label} once more.", {"label": label_name(past.what)}
    )
    is_direct = bool(session.state.get("is_direct"))
    listed = (str(session.state["show"]), session.state["page"])
    outcome = given_back(session) if is_direct else _listed(session, place, *listed)
    return replace(outcome, message=message, effects=(Reprint(past.what, Why(Reason(name))),))
