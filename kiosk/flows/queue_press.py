"""A person pauses the station's printers, lets them go on, or cancels what waits, on any screen."""

from dataclasses import replace
from typing import Final

from kiosk.flows.flow import Outcome, Place, Pressed, stay
from kiosk.model import Level, Message, QueueAct, QueueTurn, Session

_SAID: Final = {
    QueueAct.PAUSE: Message(Level.ASK, "The printer is paused. Let it go on, or cancel the labels."),
    QueueAct.GO: Message(Level.GOOD, "The printer goes on."),
    QueueAct.CANCEL: Message(Level.ASK, "The labels that waited are canceled. Let the printer go on."),
}


def queue_press(session: Session, press: Pressed, place: Place) -> Outcome:
    """Answer ``QUEUE PAUSE``, ``GO`` and ``CANCEL``; nothing is canceled that was not paused first."""
    wanted = (press.argument or "").lower()
    if wanted not in {act.value for act in QueueAct}:
        return stay(session, Message(Level.ASK, "What of the printer? Pause, go or cancel."))
    act = QueueAct(wanted)
    if not place.has_printer:
        return stay(session, Message(Level.STOP, "This station has no printer."))
    if act is QueueAct.CANCEL and not place.is_paused:
        return stay(session, Message(Level.ASK, "Pause the printer first, then cancel the labels."))
    return replace(stay(session, _SAID[act]), effects=(QueueTurn(act),))
