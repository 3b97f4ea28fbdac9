"""How everything is that the station stands on: a page of its own, drawn from the devices themselves."""

from kiosk.flows.flow import Outcome, Pressed, stay
from kiosk.flows.over import laid_over
from kiosk.model import Session


def pressed_on_status(session: Session, press: Pressed) -> Outcome | None:
    """Answer STATUS, and NEXT on its page; ``None`` where it is not about them.

    ``turns`` counts how often a person turned the page: how many there are, who draws it knows.
    """
    if press.verb == "STATUS":
        return laid_over(session, "status", turns="0")
    if (session.flow, session.step, press.verb) == ("home", "status", "NEXT"):
        return stay(session, session.message, turns=str(int(str(session.state["turns"])) + 1))
    return None
