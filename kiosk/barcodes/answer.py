"""The readings as JSON: the answer of ``kiosk decode --json``."""

from kiosk.barcodes.reading import (
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
    Tme,
)
from kiosk.model import Json


def to_json(readings: Readings) -> dict[str, Json]:
    """Return the readings as JSON values; ``raw`` is not among them, since JSON holds no bytes."""
    return {
        "text": readings.text,
        "symbology": readings.symbology,
        "readings": [{"kind": reading.kind, **_values(reading)} for reading in readings.readings],
        "rejected": [{"kind": rejected.kind, "reason": rejected.reason} for rejected in readings.rejected],
    }


def _values(reading: Reading) -> dict[str, Json]:
    values: dict[str, Json]
    match reading:
        case IonUid(uid):
            values = {"uid": uid}
        case IonRef(entity, id_):
            values = {"entity": entity, "id": id_}
        case Command(verb, argument):
            values = {"verb": verb, "argument": argument}
        case IonPattern(pattern, fields):
            values = {"pattern": pattern, "fields": dict(fields)}
        case Gs1(elements):
            values = {"elements": [list(element) for element in elements]}
        case Iso15434():
            values = {
                "format": reading.format,
                "identifiers": [list(identifier) for identifier in reading.identifiers],
                "supplier": reading.supplier,
                "fields": dict(reading.fields),
            }
        case Lcsc(fields) | Tme(fields) | Digikey1d(fields):
            values = {"fields": dict(fields)}
        case _:
            values = {"value": reading.value}
    return values
