"""The root fields of Query."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import GraphQLError

from kiosk.simulator.resolvers import filters
from kiosk.simulator.resolvers.pages import connection, limited, sorted_by
from kiosk.simulator.resolvers.request import Request
from kiosk.simulator.rules.desk import look_up
from kiosk.simulator.tables import Table
from kiosk.simulator.world import World

__all__ = ["resolve_query"]


@dataclass(frozen=True, slots=True)
class _List:
    table: Callable[[World], Table[Any]]
    filter: filters.Filter


_LISTS: Final[Mapping[str, _List]] = {
    "users": _List(lambda world: world.users, filters.USERS),
    "parts": _List(lambda world: world.parts, filters.PARTS),
    "partInventories": _List(lambda world: world.part_inventories, filters.INVENTORY),
    "locations": _List(lambda world: world.locations, filters.LOCATIONS),
    "unitsOfMeasurement": _List(lambda world: world.units, filters.UNITS),
    "suppliers": _List(lambda world: world.suppliers, filters.SUPPLIERS),
    "purchaseOrders": _List(lambda world: world.purchase_orders, filters.ORDERS),
    "purchaseOrderLines": _List(lambda world: world.purchase_order_lines, filters.LINES),
    "receipts": _List(lambda world: world.receipts, filters.RECEIPTS),
    "barcodePatterns": _List(lambda world: world.barcode_patterns, filters.PATTERNS),
    "procedures": _List(lambda world: world.procedures, filters.PROCEDURES),
    "runs": _List(lambda world: world.runs, filters.RUNS),
}

_SINGLES: Final[Mapping[str, Callable[[World], Table[Any]]]] = {
    "part": lambda world: world.parts,
    "partInventory": lambda world: world.part_inventories,
    "location": lambda world: world.locations,
    "purchaseOrder": lambda world: world.purchase_orders,
    "purchaseOrderLine": lambda world: world.purchase_order_lines,
    "receipt": lambda world: world.receipts,
    "receiptItem": lambda world: world.receipt_items,
    "procedure": lambda world: world.procedures,
    "run": lambda world: world.runs,
    "runStep": lambda world: world.run_steps,
}


def resolve_query(name: str, request: Request, arguments: Mapping[str, Any]) -> object:
    """Return what one root field of a query asks for."""
    if name in ("me", "currentUser"):
        return request.desk.user
    if name in _SINGLES:
        table = _SINGLES[name](request.world)
        return look_up(table, table.row_type.__name__, arguments["id"])
    if name not in _LISTS:
        raise GraphQLError(f"The simulator does not answer {name} yet")
    asked = _LISTS[name]
    wanted = arguments.get("filters")
    rows = [
        row for row in asked.table(request.world) if filters.matches(request.world, row, wanted, asked.filter)
    ]
    if request.dialect == "documented-2026":
        return limited(rows, arguments.get("limit"))
    return connection(sorted_by(rows, arguments.get("sort")), arguments)
