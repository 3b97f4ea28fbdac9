"""A scan that a question is about, as the question's state keeps it: nothing of it is lost meanwhile."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from kiosk.barcodes import Command, IonPattern, IonRef, IonUid, Readings, read
from kiosk.flows.flow import Scanned
from kiosk.model import Json
from kiosk.wire import from_json, object_json, subject_from_json


def scan_json(scan: Scanned) -> dict[str, Json]:
    """Return a scan as JSON.

    Its bytes are kept and read again later; what the tenant's patterns made of them is kept as it is, since
    the patterns are not at hand then.
    """
    readings = scan.readings
    return {
        "raw": readings.raw.decode("latin-1"),
        "symbology": readings.symbology,
        "taught": [object_json(each) for each in readings.readings if isinstance(each, IonPattern)],
        "subjects": [object_json(subject) for subject in scan.subjects],
        "as_of": scan.as_of_text,
        "is_offline": scan.is_offline,
        "agreed": list(scan.agreed),
    }


def scan_from_json(data: Json) -> Scanned:
    """Return the scan that ``scan_json`` wrote."""
    kept: Any = data
    taught = tuple(from_json(IonPattern, each) for each in kept["taught"])
    return Scanned(
        readings=_with_taught(_read_again(kept), taught),
        subjects=tuple(map(subject_from_json, kept["subjects"])),
        as_of=datetime.fromisoformat(kept["as_of"]) if kept["as_of"] else None,
        is_offline=kept["is_offline"],
        agreed=tuple(kept["agreed"]),
    )


def _read_again(kept: Mapping[str, Any]) -> Readings:
    raw, symbology = kept["raw"].encode("latin-1"), kept["symbology"]
    is_within = symbology is None or kept["raw"].startswith(symbology)
    return read(raw, None if is_within else symbology)


def _with_taught(readings: Readings, taught: tuple[IonPattern, ...]) -> Readings:
    if not taught:
        return readings
    own = [each for each in readings.readings if isinstance(each, IonUid | IonRef | Command)]
    others = [each for each in readings.readings if each not in own]
    rejected = tuple(no for no in readings.rejected if no.kind != IonPattern.kind)
    return replace(readings, readings=(*own, *taught, *others), rejected=rejected)
