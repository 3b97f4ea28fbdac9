"""From a scanner's bytes to every reading of them, and the reason for every kind that did not fit."""

from kiosk.barcodes.answer import to_json
from kiosk.barcodes.gs1_elements import warm_up
from kiosk.barcodes.patterns import Pattern
from kiosk.barcodes.payload import decoded
from kiosk.barcodes.reader import read, text_of
from kiosk.barcodes.reading import (
    FIELDS,
    Command,
    Digikey1d,
    Gs1,
    IonPattern,
    IonRef,
    IonUid,
    Iso15434,
    Lcsc,
    Reading,
    Readings,
    Rejected,
    Text,
    Tme,
)

__all__ = [
    "FIELDS",
    "Command",
    "Digikey1d",
    "Gs1",
    "IonPattern",
    "IonRef",
    "IonUid",
    "Iso15434",
    "Lcsc",
    "Pattern",
    "Reading",
    "Readings",
    "Rejected",
    "Text",
    "Tme",
    "decoded",
    "read",
    "text_of",
    "to_json",
    "warm_up",
]
