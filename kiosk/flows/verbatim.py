"""Screens that take a barcode as it stands: ION is not asked what it means."""

from collections.abc import Callable

from kiosk.barcodes import IonRef, IonUid, Readings
from kiosk.flows.choice import beneath
from kiosk.flows.fields import number_of
from kiosk.flows.search import is_search, is_searched_for
from kiosk.model import Session


def _any_text(_text: str) -> bool:
    return True


def _number(text: str) -> bool:
    return number_of(text) is not None


_TAKEN: dict[tuple[str, str], Callable[[str], bool]] = {
    ("receive", "unverified"): _any_text,
    ("run", "field"): _any_text,
    ("run", "procedures"): _any_text,
    ("problem", "title"): _any_text,
    ("adjust", "entry"): _number,
    ("adjust", "reason"): _any_text,
}
"""Screen to the texts that belong there; what names a thing of ION is looked up on every screen."""


def is_verbatim(session: Session, readings: Readings) -> bool:
    """Return whether a screen takes a barcode as it stands.

    Args:
        session: where it is scanned; a question on the screen gives way.
        readings: all that it can be read as.
    """
    if is_search(session):
        return is_searched_for(session, readings)
    under = beneath(session)
    is_taken = _TAKEN.get((under.flow, under.step))
    is_named = any(isinstance(reading, IonUid | IonRef) for reading in readings.readings)
    return is_taken is not None and not is_named and is_taken(readings.text.rstrip("\r\n"))
