"""From a scanner's bytes to every reading of them, and the reason for every kind that did not fit."""

from kiosk.barcodes.answer import to_json
from kiosk.barcodes.reader import read
from kiosk.barcodes.reading import Command, IonRef, IonUid, Reading, Readings, Rejected, Text

__all__ = ["Command", "IonRef", "IonUid", "Reading", "Readings", "Rejected", "Text", "read", "to_json"]
