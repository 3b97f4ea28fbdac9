"""Barcodes that a tenant has taught ION: what of them can be asked, and what of the answers they mean.

ION finds the rows that fit all fields of a pattern. The kiosk asks for those that are exact, and compares
the others itself: ``__prefix``, ``__suffix`` and ``__contains``. A field that the kiosk does not know of a
subject is not compared: more is offered then, and a person chooses.
"""

from collections.abc import Callable, Mapping, Sequence

from kiosk.barcodes import IonPattern
from kiosk.model import Asked, Inventory, Location, Order, Part, Question, Run, Stock, Subject

_ASKED: Mapping[str, Mapping[str, Asked]] = {
    "PARTS_INVENTORY": {
        "uid": Asked.UID,
        "id": Asked.INVENTORY_ID,
        "serialNumber": Asked.SERIAL,
        "lotNumber": Asked.LOT,
        "part_id": Asked.PART_ID,
        "part_partNumber": Asked.PART_NUMBER,
    },
    "PARTS": {"id": Asked.PART_ID, "partNumber": Asked.PART_NUMBER},
    "LOCATIONS": {"uid": Asked.UID, "id": Asked.LOCATION_ID, "name": Asked.LOCATION_NAME},
    "RUNS": {"uid": Asked.UID, "id": Asked.RUN_ID},
    "PURCHASE_ORDERS": {"id": Asked.ORDER_ID, "purchaseOrderNumber": Asked.ORDER_NUMBER},
}
"""Entity type to field to question. The first is published, the others are named like it."""
_ROW_FIELDS = frozenset({"serialNumber", "lotNumber"})
_COMPARED: Mapping[str, Callable[[str, str], bool]] = {
    "": str.__eq__,
    "prefix": str.startswith,
    "suffix": str.endswith,
    "contains": str.__contains__,
}


def questions_of(taught: IonPattern) -> tuple[Question, ...]:
    """Return the exact fields of a taught barcode as questions; none where all of them are partial."""
    known = _ASKED.get(taught.entity_type.upper(), {})
    return tuple(
        Question(by, value.lower() if by is Asked.UID else value)
        for name, by in known.items()
        if (value := taught.fields.get(name))
    )


def fitting(taught: IonPattern, found: Sequence[Subject]) -> tuple[Subject, ...]:
    """Return what of ION's answers fits all fields of a taught barcode, each once.

    A part's rows are looked through where the barcode says something about rows; the part itself is meant
    only where no row is.
    """
    is_about_rows = any(name.partition("__")[0] in _ROW_FIELDS for name in taught.fields)
    rows = [row for part in found if isinstance(part, Stock) for row in part.rows] if is_about_rows else []
    fits: dict[str, Subject] = {}
    for subject in (*found, *rows):
        if _fits(taught.fields, _values(subject)):
            fits.setdefault(subject.key, subject)
    return tuple(each for each in fits.values() if not isinstance(each, Stock)) or tuple(fits.values())


def _fits(fields: Mapping[str, str], values: Mapping[str, str | None]) -> bool:
    for name, wanted in fields.items():
        column, _, how = name.partition("__")
        if column not in values or how not in _COMPARED:
            continue
        value = values[column]
        if value is None or not _COMPARED[how](value, wanted):
            return False
    return True


def _values(subject: Subject) -> Mapping[str, str | None]:
    """Return what the kiosk knows of a subject by ION's names of the fields."""
    match subject:
        case Inventory():
            own = {"id": subject.id, "serialNumber": subject.serial, "lotNumber": subject.lot}
            return {**own, **{f"part_{name}": value for name, value in _part(subject.part).items()}}
        case Stock():
            part = _part(subject.part)
            return {**part, **{f"part_{name}": value for name, value in part.items()}}
        case Location():
            return {"id": subject.id, "name": subject.name}
        case Run():
            return {"id": subject.id, "title": subject.title}
        case Order():
            return {"id": subject.id, "purchaseOrderNumber": subject.number}
        case _:
            return {"id": subject.id}


def _part(part: Part) -> dict[str, str | None]:
    return {"id": part.id, "partNumber": part.number, "revision": part.revision}
