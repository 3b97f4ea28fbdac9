"""Printing a label of what is on the screen: which one, and how many."""

import re
from dataclasses import replace

from kiosk.flows.flow import Outcome, Place, Pressed, stay
from kiosk.flows.labels import labels_of
from kiosk.flows.wording import NOTHING, title
from kiosk.model import Level, Message, Print, Session, Subject

MOST_COPIES = 50
_LONGEST_SHOWN = 20
_NUMBER = re.compile(r"[0-9]{1,4}")


def label_press(session: Session, subject: Subject, press: Pressed, place: Place) -> Outcome | None:
    """Answer PRINT and COPIES on the screen of a subject; ``None`` for every other verb.

    PRINT alone prints the first label that the station has for it, with a name the one of that name.
    """
    match press:
        case Pressed("PRINT", name):
            return _printed(session, subject, name, place)
        case Pressed("COPIES", argument):
            return _with_copies(session, argument or "")
        case _:
            return None


def named(labels: tuple[Print, ...], name: str | None) -> Print | None:
    """Return the label of that name, in any case; without a name the first; ``None`` where there is none."""
    folded = name.casefold() if name else None
    return next((label for label in labels if folded in {None, label.label.casefold()}), None)


def _with_copies(session: Session, given: str) -> Outcome:
    if not _NUMBER.fullmatch(given) or not 1 <= int(given) <= MOST_COPIES:
        values = {"given": given[:_LONGEST_SHOWN] or NOTHING, "most": str(MOST_COPIES)}
        template = "{given} is no number of copies. Choose 1 to {most}."
        return stay(session, Message(Level.STOP, template, values))
    copies = str(int(given))
    return stay(
        session, Message(Level.ASK, "{copies} × the label. Now print.", {"copies": copies}), copies=copies
    )


def _printed(session: Session, subject: Subject, name: str | None, place: Place) -> Outcome:
    copies = str(session.state.get("copies") or "1")
    values = {"title": title(subject), "copies": copies, "label": (name or "")[:_LONGEST_SHOWN]}
    labels = labels_of(subject, place.labels)
    label = named(labels, name)
    if not labels:
        return stay(session, Message(Level.STOP, "There is no label for {title}.", values))
    if label is None:
        values["labels"] = ", ".join(each.label for each in labels)
        template = "This station prints no label {label} of {title}. It prints {labels}."
        return stay(session, Message(Level.STOP, template, values))
    if not (label.printer or place.has_printer):
        template = "This station has no printer. Ask a technician to set one up."
        return stay(session, Message(Level.STOP, template))
    template = "Printing the label of {title}." if copies == "1" else "Printing {copies} labels of {title}."
    message = Message(Level.WAIT, template, values)
    effect = replace(label, copies=int(copies))
    return Outcome(session.flow, session.step, {**session.state, "copies": "1"}, message, (effect,))
