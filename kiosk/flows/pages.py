"""The pages that lie over every step: how they open, answer, and stay fresh."""

from dataclasses import replace

from kiosk.flows.flow import Outcome, Place, Pressed, stay
from kiosk.flows.help import pressed_on_help
from kiosk.flows.history import pressed_on_history, renewed
from kiosk.flows.over import HISTORY, given_back, is_page
from kiosk.flows.search import is_search, pressed_on_search
from kiosk.flows.status import pressed_on_status
from kiosk.model import Level, Message, Session

_LEAVING = frozenset({"HOME", "FLOW"})


def page_pressed(session: Session, press: Pressed, place: Place) -> Outcome | None:
    """Answer a press that opens a page, or one on a page; ``None`` where the step beneath answers.

    While a page is open no press reaches what it covers but those that leave it.
    """
    outcome = (
        pressed_on_help(session, press, place)
        or pressed_on_status(session, press)
        or pressed_on_search(session, press, place)
        or pressed_on_history(session, press, place)
    )
    is_choice = is_search(session) and press.verb == "CHOOSE"
    if outcome is not None or not is_page(session) or press.verb in _LEAVING or is_choice:
        return outcome
    if press.verb in {"BACK", "CANCEL"}:
        return given_back(session)
    return stay(session, Message(Level.ASK, "{verb} does nothing here. Go back first.", {"verb": press.verb}))


def renewed_page(session: Session, outcome: Outcome, place: Place) -> Outcome:
    """Return what news lead to, with the page that is open as it is now."""
    if session.flow != "home" or session.step not in HISTORY:
        return outcome
    return replace(outcome, state={**outcome.state, **renewed(session, place)})
