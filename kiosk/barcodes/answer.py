"""The readings as JSON: the answer of ``kiosk decode --json``."""

from kiosk.barcodes.reading import Command, IonRef, IonUid, Reading, Readings
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
    match reading:
        case IonUid(uid):
            return {"uid": uid}
        case IonRef(entity, id_):
            return {"entity": entity, "id": id_}
        case Command(verb, argument):
            return {"verb": verb, "argument": argument}
        case _:
            return {"value": reading.value}
