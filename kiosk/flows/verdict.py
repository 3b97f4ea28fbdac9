"""A person says whether a label came out, on whatever screen stands there."""

from dataclasses import replace

from kiosk.flows.flow import Outcome, Place, Pressed, stay
from kiosk.flows.sequel import label_name
from kiosk.model import Level, Message, Session, Verdict


def verdict_press(session: Session, press: Pressed, place: Place) -> Outcome:
    """Answer ``PRINTED YES`` and ``PRINTED NO``: they name a label in doubt, or mean the oldest."""
    answer, _, id_ = (press.argument or "").partition("/")
    job = next((job for job in place.doubtful if id_.casefold() in {"", job.id.casefold()}), None)
    if answer.upper() not in {"YES", "NO"}:
        return stay(session, Message(Level.ASK, "Did the label come out? Say yes or no."))
    if job is None:
        return stay(session, Message(Level.ASK, "No label of this station is in doubt."))
    values = {"label": label_name(job)}
    came_out = answer.upper() == "YES"
    message = Message(Level.GOOD, "The label of {label} came out.", values)
    if not came_out:
        message = Message(Level.WAIT, "The label of {label} is printed again.", values)
        if not job.is_wanted:
            message = Message(Level.GOOD, "The label of {label} was canceled and is not printed.", values)
    return replace(stay(session, message), effects=(Verdict(job.id, came_out),))
