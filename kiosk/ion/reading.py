"""Answers the kiosk's questions: as few round trips as the tenant's schema allows, compared exactly."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kiosk.errors import IonRejected, IonUnsupported
from kiosk.ion.documents import Call
from kiosk.ion.mapping import read
from kiosk.ion.tenant import LIST_LIMIT, Tenant
from kiosk.ion.variables import NotEncodable, Word
from kiosk.ion.wording import quoted
from kiosk.model import (
    Asked,
    Inventory,
    Issue,
    Kit,
    LabelTemplate,
    Location,
    Order,
    Part,
    Procedure,
    Question,
    Run,
    Stock,
    Subject,
)
from kiosk.words import Told, told

__all__ = ["OPERATIONS_OF", "ask"]

_LOG = logging.getLogger(__name__)

OPERATIONS_OF: Final[Mapping[Asked, tuple[str, ...]]] = {
    Asked.UID: ("inventory_by_uid", "location_by_uid", "run_by_uid", "kit_by_uid"),
    Asked.INVENTORY_ID: ("inventory_by_id",),
    Asked.PART_ID: ("part_by_id",),
    Asked.PART_NUMBER: ("part_by_number",),
    Asked.PART_TEXT: ("part_by_text",),
    Asked.SERIAL: ("inventory_by_serial",),
    Asked.LOT: ("inventory_by_lot",),
    Asked.STOCK_AT: ("stock_at",),
    Asked.ORDER_ID: ("order_by_id",),
    Asked.ORDER_NUMBER: ("order_by_number",),
    Asked.OPEN_ORDERS: ("open_orders",),
    Asked.RUN_ID: ("run_by_id",),
    Asked.RUNS_OF: ("runs_of",),
    Asked.OPEN_RUNS: ("open_runs",),
    Asked.PROCEDURE_ID: ("procedure_by_id",),
    Asked.RELEASED_PROCEDURES: ("released_procedures",),
    Asked.ISSUE_ID: ("issue_by_id",),
    Asked.ISSUES_OF: ("issues_of_step", "issues_of_inventory", "open_issues"),
    Asked.KIT_ID: ("kit_by_id",),
    Asked.LOCATION_ID: ("location_by_id",),
    Asked.LOCATION_NAME: ("location_by_name",),
    Asked.LABEL_TEMPLATES: ("label_templates",),
    Asked.LOCATIONS: ("locations",),
    Asked.SEARCH: (),
}
"""Which look-ups answer which question; of issues one, by what the value begins with."""

_ROOTS: Final[Mapping[str, type[Subject]]] = {
    "inventories": Inventory,
    "orders": Order,
    "runs": Run,
    "locations": Location,
    "procedures": Procedure,
    "issues": Issue,
    "kits": Kit,
    "templates": LabelTemplate,
}
_WHOLE_LISTS: Final = frozenset(
    {Asked.OPEN_ORDERS, Asked.OPEN_RUNS, Asked.RELEASED_PROCEDURES, Asked.LOCATIONS}
)
"""Questions that have no value."""
_LISTS: Final = _WHOLE_LISTS | {
    Asked.STOCK_AT,
    Asked.PART_TEXT,
    Asked.RUNS_OF,
    Asked.ISSUES_OF,
    Asked.LABEL_TEMPLATES,
}
"""Questions whose answer is useful also where it is cut short."""
_FIELDS: Final[Mapping[Asked, Told]] = {
    Asked.UID: told("uid"),
    Asked.INVENTORY_ID: told("inventory"),
    Asked.PART_ID: told("part"),
    Asked.PART_NUMBER: told("part number"),
    Asked.SERIAL: told("serial"),
    Asked.LOT: told("lot"),
    Asked.ORDER_ID: told("purchase order"),
    Asked.ORDER_NUMBER: told("purchase order"),
    Asked.RUN_ID: told("run"),
    Asked.LOCATION_ID: told("location"),
    Asked.LOCATION_NAME: told("location"),
    Asked.KIT_ID: told("kit"),
    Asked.PROCEDURE_ID: told("procedure"),
    Asked.ISSUE_ID: told("issue"),
}
"""What a person calls that by which one thing is looked for."""
_ISSUES_OF: Final = {"run-step/": "issues_of_step", "inventory/": "issues_of_inventory"}
_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "open_orders": ("ORDERED", "PARTIALLY_RECEIVED"),
    "open_runs": ("TODO", "PENDING", "IN_PROGRESS"),
    "released_procedures": ("RELEASED",),
    "open_issues": ("PENDING", "IN_PROGRESS", "IN_REVIEW"),
}
"""The statuses that are asked for, and compared again."""
_ELSEWHERE: Final = frozenset({"INSTALLED", "ON_ORDER"})
"""Statuses of inventory that is not where ION has it: it is in something, or has not come yet."""
_COMPLETED_AT_MOST: Final = 20
"""Rows found by going through a whole list, which are then read with their runs."""


@dataclass(frozen=True, slots=True)
class _Lookup:
    question: Question
    operation: str
    call: Call

    @property
    def values(self) -> dict[str, object]:
        value = self.question.value
        if self.question.by is Asked.PART_TEXT:
            value = f"%{value}%"
        elif self.question.by is Asked.ISSUES_OF:
            value = value.partition("/")[2]
        statuses = [Word(word) for word in _WORDS.get(self.operation, ())]
        return {"value": value, "statuses": statuses, "entity_type": Word(value)}


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
        if lookup.question.by is Asked.RUNS_OF:
            matches.sort(key=_newest_first, reverse=True)
        for subject in _completed(tenant, lookup, matches):
            found[lookup.question].setdefault(subject.key, subject)
    for lookup in cut_short:
        asked = lookup.question
        _LOG.warning(
            "%s %s: ION shows only the first %d rows", asked.by.value, quoted(asked.value), LIST_LIMIT
        )
    exact = [lookup.question for lookup in cut_short if lookup.question.by not in _LISTS]
    if exact and not any(found.values()):
        raise IonUnsupported(
            told(
                "Look for {field} {value}: expected a list of fewer than {count} rows or a filter, "
                "got the first {count} rows without it",
                field=_FIELDS[exact[0].by],
                value=quoted(exact[0].value),
                count=LIST_LIMIT,
            )
        )
    return {question: tuple(subjects.values()) for question, subjects in found.items()}


def _plan(tenant: Tenant, questions: Sequence[Question]) -> list[_Lookup]:
    lookups = []
    for question in questions:
        operations = _operations_of(question)
        offered = [name for name in operations if tenant.catalogue.offers(name)]
        if operations and not offered and len(questions) == 1:
            tenant.catalogue.calls(operations[0])  # raises: says what the schema lacks
        for name in offered:
            lookup = _Lookup(question, name, tenant.catalogue.question(name))
            if _can_be_said(lookup):
                lookups.append(lookup)
    return lookups


def _operations_of(question: Question) -> tuple[str, ...]:
    if question.by is not Asked.ISSUES_OF:
        is_asked = bool(question.value) or question.by in _WHOLE_LISTS
        return OPERATIONS_OF[question.by] if is_asked else ()
    if not question.value:
        return ("open_issues",)
    return tuple(name for start, name in _ISSUES_OF.items() if question.value.startswith(start))


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
        tenant.all_pages(lookup.call, lookup.values, answer, may_be_cut=lookup.question.by in _LISTS)
        for lookup, answer in zip(lookups, merged.split(data), strict=True)
    ]


def _rows_of_one(tenant: Tenant, lookup: _Lookup) -> dict[str, list[object]]:
    try:
        return tenant.rows(lookup.call, lookup.values, may_be_cut=lookup.question.by in _LISTS)
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


_MEANT: Final[Mapping[Asked, Callable[[Subject, str], bool]]] = {
    Asked.SERIAL: lambda found, value: isinstance(found, Inventory) and found.serial == value,
    Asked.LOT: lambda found, value: isinstance(found, Inventory) and found.lot == value,
    Asked.STOCK_AT: lambda found, value: (
        isinstance(found, Inventory)
        and found.location is not None
        and found.location.id == value
        and found.status not in _ELSEWHERE
    ),
    Asked.PART_ID: lambda found, value: isinstance(found, Stock) and found.part.id == value,
    Asked.PART_NUMBER: lambda found, value: isinstance(found, Stock) and found.part.number == value,
    Asked.PART_TEXT: lambda found, value: (
        isinstance(found, Stock) and value.casefold() in found.part.number.casefold()
    ),
    Asked.ORDER_NUMBER: lambda found, value: isinstance(found, Order) and found.number == value,
    Asked.OPEN_ORDERS: lambda found, _: isinstance(found, Order) and found.status in _WORDS["open_orders"],
    Asked.RUNS_OF: lambda found, value: isinstance(found, Run) and found.inventory_id == value,
    Asked.OPEN_RUNS: lambda found, _: isinstance(found, Run) and found.status in _WORDS["open_runs"],
    Asked.RELEASED_PROCEDURES: lambda found, _: (
        isinstance(found, Procedure) and found.status in _WORDS["released_procedures"]
    ),
    Asked.ISSUES_OF: lambda found, value: isinstance(found, Issue) and _is_issue_of(found, value),
    Asked.LABEL_TEMPLATES: lambda found, value: (
        isinstance(found, LabelTemplate) and found.entity_type == value
    ),
    Asked.LOCATIONS: lambda found, _: isinstance(found, Location),
    Asked.LOCATION_NAME: lambda found, value: isinstance(found, Location) and found.name == value,
    Asked.UID: lambda found, value: (
        isinstance(found, Inventory | Location | Run | Kit) and found.uid == value
    ),
}
"""Compares exactly: a filter may ignore case, or know wildcards, or be no filter at all."""


def _is_meant(question: Question, subject: Subject) -> bool:
    if question.by in _MEANT:
        return _MEANT[question.by](subject, question.value)
    return not isinstance(subject, Stock) and subject.id == question.value


def _is_issue_of(issue: Issue, value: str) -> bool:
    if not value:
        return issue.status in _WORDS["open_issues"]
    return value in {f"run-step/{issue.run_step_id}", f"inventory/{issue.inventory_id}"}


def _newest_first(run: Subject) -> tuple[int, str]:
    """Order by id, which ION counts upwards; ids that are no numbers stand in the order of their text."""
    own = "" if isinstance(run, Stock) else run.id
    return (int(own) if own.isdecimal() and own.isascii() else 0, own)
