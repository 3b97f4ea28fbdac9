"""Answers the kiosk's questions: as few round trips as the tenant's schema allows, compared exactly."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kiosk.errors import IonRejected, IonUnsupported
from kiosk.ion.documents import Call
from kiosk.ion.mapping import read
from kiosk.ion.tenant import LIST_LIMIT, Tenant
from kiosk.ion.variables import NotEncodable
from kiosk.ion.wording import quoted
from kiosk.model import Asked, Inventory, Location, Order, Part, Question, Run, Stock, Subject

__all__ = ["OPERATIONS_OF", "ask"]

OPERATIONS_OF: Final[Mapping[Asked, tuple[str, ...]]] = {
    Asked.UID: ("inventory_by_uid", "location_by_uid", "run_by_uid"),
    Asked.INVENTORY_ID: ("inventory_by_id",),
    Asked.PART_ID: ("part_by_id",),
    Asked.PART_NUMBER: ("part_by_number",),
    Asked.SERIAL: ("inventory_by_serial",),
    Asked.LOT: ("inventory_by_lot",),
    Asked.ORDER_ID: ("order_by_id",),
    Asked.ORDER_NUMBER: ("order_by_number",),
    Asked.RUN_ID: ("run_by_id",),
    Asked.LOCATION_ID: ("location_by_id",),
    Asked.LOCATION_NAME: ("location_by_name",),
}
"""Which look-ups answer which question."""

_ROOTS: Final[Mapping[str, type[Subject]]] = {
    "inventories": Inventory,
    "orders": Order,
    "runs": Run,
    "locations": Location,
}
_COMPLETED_AT_MOST: Final = 20
"""Rows found by going through a whole list, which are then read with their runs."""


@dataclass(frozen=True, slots=True)
class _Lookup:
    question: Question
    operation: str
    call: Call

    @property
    def values(self) -> dict[str, object]:
        return {"value": self.question.value}


def ask(tenant: Tenant, questions: Sequence[Question]) -> Mapping[Question, tuple[Subject, ...]]:
    """Return ION's subjects for each question (see ``kiosk.ports.IonReader``).

    Raises:
        IonUnsupported: the only question has no fitting document, or nothing was found in a list that ION
            does not show whole.
        IonError: ION could not be asked, or refused.
    """
    unique = tuple(dict.fromkeys(questions))
    lookups = _plan(tenant, unique)
    found: dict[Question, dict[str, Subject]] = {question: {} for question in unique}
    cut_short: list[_Lookup] = []
    for lookup, rows in zip(lookups, _rows(tenant, lookups), strict=True):
        if tenant.is_full(lookup.call, rows):
            cut_short.append(lookup)
        matches = [subject for subject in _subjects(lookup, rows) if _is_meant(lookup.question, subject)]
        for subject in _completed(tenant, lookup, matches):
            found[lookup.question].setdefault(subject.key, subject)
    if cut_short and not any(found.values()):
        asked = cut_short[0].question
        raise IonUnsupported(
            f"Look for {asked.by.value} {quoted(asked.value)}: expected a list of fewer than {LIST_LIMIT} "
            f"rows or a filter, got the first {LIST_LIMIT} rows without it"
        )
    return {question: tuple(subjects.values()) for question, subjects in found.items()}


def _plan(tenant: Tenant, questions: Sequence[Question]) -> list[_Lookup]:
    lookups = []
    for question in questions:
        offered = [name for name in OPERATIONS_OF[question.by] if tenant.catalogue.offers(name)]
        if not offered and len(questions) == 1:
            tenant.catalogue.calls(OPERATIONS_OF[question.by][0])  # raises: says what the schema lacks
        for name in offered:
            lookup = _Lookup(question, name, tenant.catalogue.question(name))
            if question.value and _can_be_said(lookup):
                lookups.append(lookup)
    return lookups


def _can_be_said(lookup: _Lookup) -> bool:
    """Return whether ION can have such a value at all: ``abc`` is nobody's id where ids are numbers."""
    try:
        lookup.call.encode(lookup.values)
    except NotEncodable:
        return False
    return True


def _rows(tenant: Tenant, lookups: Sequence[_Lookup]) -> list[dict[str, list[object]]]:
    merged = (
        tenant.catalogue.merged(tuple(lookup.operation for lookup in lookups)) if len(lookups) > 1 else None
    )
    if merged is None:
        return [_rows_of_one(tenant, lookup) for lookup in lookups]
    try:
        data = tenant.send_merged(merged, [lookup.values for lookup in lookups])
    except IonRejected:
        # One refused question (an unknown id) refuses the document; apart, the others have their answers.
        return [_rows_of_one(tenant, lookup) for lookup in lookups]
    return [
        tenant.all_pages(lookup.call, lookup.values, answer)
        for lookup, answer in zip(lookups, merged.split(data), strict=True)
    ]


def _rows_of_one(tenant: Tenant, lookup: _Lookup) -> dict[str, list[object]]:
    try:
        return tenant.rows(lookup.call, lookup.values)
    except IonRejected as error:
        if error.code == "NOT_FOUND_ERROR":
            return {}
        raise


def _subjects(lookup: _Lookup, rows: Mapping[str, list[object]]) -> list[Subject]:
    tried = f"{lookup.call.name} with {quoted(lookup.question.value)}"
    if "parts" in rows:
        stock = [read(Inventory, row, tried=tried) for row in rows.get("inventories", ())]
        parts = [read(Part, row, tried=tried) for row in rows["parts"]]
        return [Stock(part, tuple(row for row in stock if row.part.id == part.id)) for part in parts]
    return [
        read(kind, row, tried=tried)
        for root, kind in _ROOTS.items()
        for row in rows.get(root, ())
        if row is not None
    ]


def _completed(tenant: Tenant, lookup: _Lookup, matches: list[Subject]) -> list[Subject]:
    """Read what a plain list was too long to say of every row."""
    inventories = [match for match in matches if isinstance(match, Inventory)][:_COMPLETED_AT_MOST]
    is_from_list = lookup.question.by in {Asked.SERIAL, Asked.LOT} and "limit" in lookup.call.variables
    if not inventories or not is_from_list or not tenant.catalogue.offers("inventory_by_id"):
        return matches
    questions = [Question(Asked.INVENTORY_ID, inventory.id) for inventory in inventories]
    full = ask(tenant, questions)
    whole = {subject.key: subject for subjects in full.values() for subject in subjects}
    return [whole.get(match.key, match) for match in matches]


_MEANT: Final[Mapping[Asked, Callable[[Subject], str | None]]] = {
    Asked.SERIAL: lambda subject: subject.serial if isinstance(subject, Inventory) else None,
    Asked.LOT: lambda subject: subject.lot if isinstance(subject, Inventory) else None,
    Asked.PART_ID: lambda subject: subject.part.id if isinstance(subject, Stock) else None,
    Asked.PART_NUMBER: lambda subject: subject.part.number if isinstance(subject, Stock) else None,
    Asked.ORDER_NUMBER: lambda subject: subject.number if isinstance(subject, Order) else None,
    Asked.LOCATION_NAME: lambda subject: subject.name if isinstance(subject, Location) else None,
}


def _is_meant(question: Question, subject: Subject) -> bool:
    """Compare exactly: a filter may ignore case, or know wildcards, or be no filter at all."""
    if question.by is Asked.UID:
        uid = subject.uid if isinstance(subject, Inventory | Location | Run) else None
        return uid == question.value
    if question.by in _MEANT:
        return _MEANT[question.by](subject) == question.value
    return not isinstance(subject, Stock) and subject.id == question.value
