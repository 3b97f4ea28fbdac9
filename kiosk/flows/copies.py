"""Printing the label of what is on the screen, and how many."""

from kiosk.flows.flow import Outcome, Place, stay
from kiosk.flows.labels import MOST_COPIES, label_of
from kiosk.flows.wording import title
from kiosk.model import Level, Message, Session, Subject


def copies_of(session: Session) -> int:
    """Return the copies chosen on this screen, one where none were."""
    return int(str(session.state.get("copies") or "1"))


def with_copies(session: Session, argument: str | None) -> Outcome:
    """Set the copies, or say what is wrong with the number."""
    text = argument or ""
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:4]) <= MOST_COPIES and len(text) <= 4):  # noqa: PLR2004 - four digits hold any limit
        return stay(
            session,
            Message(
                Level.STOP,
                "{given} is no number of copies. Choose 1 to {most}.",
                {"given": text or "Nothing", "most": str(MOST_COPIES)},
            ),
        )
    return stay(
        session,
        Message(Level.ASK, "{copies} copies. Now print.", {"copies": str(int(text))}),
        copies=str(int(text)),
    )


def print_label(session: Session, subject: Subject, place: Place) -> Outcome:
    """Order the label of a subject, in the chosen copies."""
    copies = copies_of(session)
    label = label_of(subject, copies)
    if label is None:
        return stay(session, Message(Level.STOP, "There is no label for {title}.", {"title": title(subject)}))
    if not place.has_printer:
        return stay(
            session, Message(Level.STOP, "This station has no printer. Ask a technician to set one up.")
        )
    template = "Printing the label of {title}." if copies == 1 else "Printing {copies} labels of {title}."
    message = Message(Level.WAIT, template, {"title": title(subject), "copies": str(copies)})
    return Outcome(session.flow, session.step, {**session.state, "copies": "1"}, message, (label,))
