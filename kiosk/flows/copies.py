"""Printing the label of what is on the screen, and how many."""

import re

from kiosk.flows.flow import Outcome, Place, Pressed, stay
from kiosk.flows.labels import label_of
from kiosk.flows.wording import title
from kiosk.model import Level, Message, Session, Subject

MOST_COPIES = 50
_LONGEST_SHOWN = 20
_NUMBER = re.compile(r"[0-9]{1,4}")


def label_press(session: Session, subject: Subject, press: Pressed, place: Place) -> Outcome | None:
    """Answer PRINT and COPIES on the screen of a subject; ``None`` for every other verb."""
    match press:
        case Pressed("PRINT"):
            return _printed(session, subject, place)
        case Pressed("COPIES", argument):
            return _with_copies(session, argument or "")
        case _:
            return None


def _with_copies(session: Session, given: str) -> Outcome:
    if not _NUMBER.fullmatch(given) or not 1 <= int(given) <= MOST_COPIES:
        values = {"given": given[:_LONGEST_SHOWN] or "Nothing", "most": str(MOST_COPIES)}
        template = "{given} is no number of copies. Choose 1 to {most}."
        return stay(session, Message(Level.STOP, template, values))
    copies = str(int(given))
    return stay(
        session, Message(Level.ASK, "{copies} × the label. Now print.", {"copies": copies}), copies=copies
    )


def _printed(session: Session, subject: Subject, place: Place) -> Outcome:
    copies = str(session.state.get("copies") or "1")
    values = {"title": title(subject), "copies": copies}
    label = label_of(subject, int(copies))
    if label is None:
        return stay(session, Message(Level.STOP, "There is no label for {title}.", values))
    if not place.has_printer:
        template = "This station has no printer. Ask a technician to set one up."
        return stay(session, Message(Level.STOP, template))
    template = "Printing the label of {title}." if copies == "1" else "Printing {copies} labels of {title}."
    message = Message(Level.WAIT, template, values)
    return Outcome(session.flow, session.step, {**session.state, "copies": "1"}, message, (label,))
