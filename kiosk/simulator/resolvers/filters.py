"""The ``filters`` arguments: which column a name compares, and how the operators compare."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from kiosk.simulator.derived import inventory_status, order_status, run_status
from kiosk.simulator.world import World

__all__ = [
    "INVENTORY",
    "LINES",
    "LOCATIONS",
    "ORDERS",
    "PARTS",
    "PATTERNS",
    "PROCEDURES",
    "RECEIPTS",
    "RUNS",
    "SUPPLIERS",
    "UNITS",
    "USERS",
    "Filter",
    "like",
    "matches",
]

Column = Callable[[World, Any], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What can be asked of a kind of row: columns to compare, related rows with a filter of their own."""

    columns: Mapping[str, Column]
    related: Mapping[str, tuple[Callable[[World, Any], Any], "Filter"]] = field(default_factory=dict)


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
        elif not _fits(kind.columns[name](world, row), condition):
            return False
    return True


def like(pattern: str) -> re.Pattern[str]:
    """Return SQL's ILIKE as a regular expression: ``%`` any text, ``_`` one character, any case."""
    parts = ({"%": ".*", "_": "."}.get(character, re.escape(character)) for character in pattern)
    return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)


def _fits(value: object, condition: object) -> bool:
    if not isinstance(condition, Mapping):
        return value == condition
    return all(
        operand is None or _OPERATORS[operator](value, operand) for operator, operand in condition.items()
    )


def _same(value: object, operand: object) -> bool:
    if isinstance(value, StrEnum):
        return _status_name(value) == _status_name(operand)
    return value is not None and str(value) == str(operand)


def _status_name(status: object) -> str:
    # A run nobody started is "pending" on one page and "todo" on all others.
    name = str(status).upper()
    return "TODO" if name == "PENDING" else name


_OPERATORS: Final[Mapping[str, Callable[[object, Any], bool]]] = {
    "eq": _same,
    "neq": lambda value, operand: not _same(value, operand),
    "in": lambda value, operand: any(_same(value, each) for each in operand),
    "ilike": lambda value, operand: value is not None and like(operand).fullmatch(str(value)) is not None,
}


def _columns(*names: str) -> dict[str, Column]:
    """Return the columns of a row by their names in the schema."""

    def column(name: str) -> Column:
        attribute = re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", name)
        return lambda _world, row: getattr(row, attribute)

    return {name: column(name) for name in names}


USERS: Final = Filter(columns=_columns("id", "name", "email"))
PATTERNS: Final = Filter(columns=_columns("id", "entityType"))
UNITS: Final = Filter(columns=_columns("id", "type"))
LOCATIONS: Final = Filter(columns=_columns("id", "name", "uid"))
SUPPLIERS: Final = Filter(columns=_columns("id", "name"))
PROCEDURES: Final = Filter(columns=_columns("id", "title", "status"))
RECEIPTS: Final = Filter(columns=_columns("id", "note", "purchaseOrderId"))
PARTS: Final = Filter(
    columns=_columns("id", "partNumber", "revision", "description", "partType", "trackingType")
)
INVENTORY: Final = Filter(
    columns=_columns("id", "serialNumber", "lotNumber", "partId", "locationId", "uid")
    | {
        "status": inventory_status,
        "hasSerial": lambda _world, row: row.serial_number is not None,
    },
    related={"part": (lambda world, row: world.parts[row.part_id], PARTS)},
)
ORDERS: Final = Filter(columns=_columns("id", "purchaseOrderNumber") | {"status": order_status})
LINES: Final = Filter(
    columns=_columns("id", "status", "purchaseOrderId"),
    related={
        "purchaseOrder": (lambda world, row: world.purchase_orders[row.purchase_order_id], ORDERS),
        "part": (lambda world, row: world.parts.get(row.part_id), PARTS),
    },
)
RUNS: Final = Filter(
    columns=_columns("id", "title", "procedureId", "partInventoryId", "uid")
    | {"status": lambda world, row: run_status(world, row.id)},
    related={
        "partInventory": (lambda world, row: world.part_inventories.get(row.part_inventory_id), INVENTORY)
    },
)
