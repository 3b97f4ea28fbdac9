"""The ``filters`` arguments: which column a name compares, and how the operators compare."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from kiosk.simulator.derived import RunStatus, inventory_status, order_status, run_status
from kiosk.simulator.resolvers.given import snake
from kiosk.simulator.rows import Issue, Procedure, PurchaseOrder, ReviewStatus
from kiosk.simulator.world import World, entity_of

__all__ = ["FILTERS", "PLAIN", "Filter", "like", "matches"]

Column = Callable[[World, Any], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What can be asked of a kind of row beside its own columns."""

    columns: Mapping[str, Column] = field(default_factory=dict)
    """What has to be worked out."""
    related: Mapping[str, tuple[Callable[[World, Any], Any], "Filter"]] = field(default_factory=dict)
    """Other rows, with a filter of their own."""


class Word(str):
    """A value that is compared without case: an enum kept as text, or an organisation's own word."""

    __slots__ = ()


PLAIN: Final = Filter()


def matches(world: World, row: object, wanted: Mapping[str, Any] | None, kind: Filter) -> bool:
    """Return whether a row fits every filter that is set."""
    for name, condition in (wanted or {}).items():
        if condition is None:
            continue
        if name in kind.related:
            relation, related_kind = kind.related[name]
            related = relation(world, row)
            if related is None or not matches(world, related, condition, related_kind):
                return False
        elif not _fits(_value(world, row, name, kind), condition):
            return False
    return True


def _value(world: World, row: object, name: str, kind: Filter) -> object:
    column = kind.columns.get(name)
    return getattr(row, snake(name)) if column is None else column(world, row)


def like(pattern: str) -> re.Pattern[str]:
    """Return SQL's ILIKE as a regular expression: ``%`` any text, ``_`` one character, any case."""
    return re.compile(_like(pattern), re.IGNORECASE | re.DOTALL)


def _like(pattern: str) -> str:
    return "".join({"%": ".*", "_": "."}.get(character, re.escape(character)) for character in pattern)


def _fits(value: object, condition: object) -> bool:
    if not isinstance(condition, Mapping):
        return value == condition
    return all(
        operand is None or _OPERATORS[operator](value, operand) for operator, operand in condition.items()
    )


def _same(value: object, operand: object) -> bool:
    if isinstance(value, RunStatus):
        return _run_status_name(value) == _run_status_name(operand)
    if isinstance(value, StrEnum):
        return value == str(operand).upper()
    if isinstance(value, Decimal | datetime) and type(value) is type(operand):
        return value == operand
    if isinstance(value, Word):
        return value.casefold() == str(operand).casefold()
    return value is not None and str(value) == str(operand)


def _run_status_name(status: object) -> str:
    # A run nobody started is "pending" on one page and "todo" on all others.
    name = str(status).upper()
    return "TODO" if name == "PENDING" else name


def _is_like(value: object, operand: Any) -> bool:  # noqa: ANN401  as GraphQL coerced it
    return value is not None and re.fullmatch(_like(operand), str(value), re.DOTALL) is not None


def _is_like_any_case(value: object, operand: Any) -> bool:  # noqa: ANN401  as GraphQL coerced it
    return value is not None and like(operand).fullmatch(str(value)) is not None


_OPERATORS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "eq": _same,
    "neq": lambda value, operand: not _same(value, operand),
    "in": lambda value, operand: any(_same(value, each) for each in operand),
    "notIn": lambda value, operand: not any(_same(value, each) for each in operand),
    "like": _is_like,
    "ilike": _is_like_any_case,
    "gt": lambda value, operand: value is not None and value > operand,
    "gte": lambda value, operand: value is not None and value >= operand,
    "lt": lambda value, operand: value is not None and value < operand,
    "lte": lambda value, operand: value is not None and value <= operand,
}


def _word(name: str) -> Column:
    """Return how to read a column whose case does not count."""

    def read(_world: World, row: Any) -> object:  # noqa: ANN401  any row
        value = getattr(row, name)
        return None if value is None else Word(value)

    return read


def _reviewed(kind: type) -> Column:
    def read(world: World, row: Any) -> object:  # noqa: ANN401  a review or a request for one
        found: Any = entity_of(world, row.entity_id)
        fits = isinstance(found, kind)
        return int(found.id) if fits else None

    return read


def _request_status(world: World, row: Any) -> object:  # noqa: ANN401  a request for a review
    reviews = world.reviews.where("entity_id", row.entity_id)
    said = [each.status for each in reviews if each.reviewer_id == row.reviewer_id]
    decided = [each for each in said if each is not ReviewStatus.PENDING]
    return decided[-1] if decided else ReviewStatus.PENDING


def _part_of_run(world: World, row: Any) -> object:  # noqa: ANN401  a run
    inventory = world.part_inventories.get(row.part_inventory_id)
    return None if inventory is None else inventory.part_id


def _run_of_issue(world: World, row: Any) -> object:  # noqa: ANN401  an issue
    step = world.run_steps.get(row.run_step_id)
    return None if step is None else step.run_id


_TYPED: Final = {"type": _word("type"), "status": _word("status")}
_REVIEWED: Final = {
    "procedureId": _reviewed(Procedure),
    "issueId": _reviewed(Issue),
    "purchaseOrderId": _reviewed(PurchaseOrder),
}
_PARTS: Final = Filter(columns={"status": _word("status")})
_LOCATIONS: Final = Filter(columns=_TYPED)
_INVENTORY: Final = Filter(
    columns={
        "status": inventory_status,
        "hasSerial": lambda _world, row: row.serial_number is not None,
    },
    related={
        "part": (lambda world, row: world.parts[row.part_id], _PARTS),
        "location": (lambda world, row: world.locations.get(row.location_id), _LOCATIONS),
    },
)
_ORDERS: Final = Filter(columns={"status": order_status})

FILTERS: Final[Mapping[str, Filter]] = {
    "parts": _PARTS,
    "partInventories": _INVENTORY,
    "locations": _LOCATIONS,
    "purchaseOrders": _ORDERS,
    "purchaseOrderLines": Filter(
        related={
            "purchaseOrder": (lambda world, row: world.purchase_orders[row.purchase_order_id], _ORDERS),
            "part": (lambda world, row: world.parts.get(row.part_id), _PARTS),
        },
    ),
    "partKits": Filter(columns={"status": _word("status")}),
    "procedures": Filter(columns={"type": _word("type")}),
    "runs": Filter(
        columns={"status": lambda world, row: run_status(world, row.id), "partId": _part_of_run},
        related={
            "partInventory": (
                lambda world, row: world.part_inventories.get(row.part_inventory_id),
                _INVENTORY,
            )
        },
    ),
    "issues": Filter(columns={"dispositionType": _word("disposition_type"), "runId": _run_of_issue}),
    "reviews": Filter(columns=_REVIEWED),
    "reviewRequests": Filter(columns={**_REVIEWED, "status": _request_status}),
    "barcodeTemplates": Filter(columns={"entityType": _word("entity_type")}),
    "barcodePatterns": Filter(columns={"entityType": _word("entity_type")}),
    "rules": Filter(columns={"target": _word("target")}),
}
"""The lists of the schema whose filters ask for more than a row's own columns."""
