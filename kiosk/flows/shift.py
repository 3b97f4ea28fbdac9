"""The label of a shift: asked for on any screen, and scanned again to see what became of the audit."""

from dataclasses import replace

from kiosk.flows.flow import Outcome, Place, Pressed, stay
from kiosk.model import Level, Message, Session


def shift_press(session: Session, place: Place) -> Outcome:
    """Answer ``SHIFT``: the label of the shift that is on comes out here."""
    if place.shift is None:
        return stay(session, Message(Level.ASK, "This kiosk counts no shifts."))
    if not place.has_printer:
        return stay(session, Message(Level.ASK, "This station has no printer for the label of the shift."))
    message = Message(Level.WAIT, "The label of the shift is printed. Keep it: it proves what was done.")
    return replace(stay(session, message), effects=(place.shift,))


def head_press(session: Session, press: Pressed, place: Place) -> Outcome:
    """Answer ``HEAD``, which stands on the label of a shift: is the journal still the one that printed it?"""
    if not press.argument:
        return stay(session, Message(Level.ASK, "Scan the code on the label of a shift."))
    if place.lost_head:
        values = {"why": place.lost_head}
        return stay(session, Message(Level.STOP, "{why} Keep this label, and tell a technician.", values))
    entry = press.argument.partition(":")[0]
    return stay(
        session,
        Message(Level.GOOD, "The journal still has entry {entry} as it was printed.", {"entry": entry}),
    )
