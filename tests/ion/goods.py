"""What comes off a truck in these tests: the seed's orders, and how it is judged what arrived."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from kiosk.ion import Ion
from kiosk.model import Json
from tests.ion.factory import Factory

MARKER = "k:dock-1:17:9f3c"


def arguments(**changes: Json) -> dict[str, Json]:
    return {
        "order_id": "5001",
        "line_id": "7002",
        "part_id": "107",
        "quantity": "10",
        "lot": "LOT-2026-0200",
        "serials": [],
        "location_id": "4",
        "received_before": "0",
        **changes,
    }


LOT = arguments()
LOOSE = arguments(line_id="7003", part_id="108", quantity="250.5", lot=None)
SERIALS = arguments(
    line_id="7001", part_id="105", quantity="3", lot=None, serials=["SN-900", "SN-901", "SN-902"]
)
SERVICE = arguments(order_id="5002", line_id="7005", part_id=None, quantity="1", lot=None, location_id=None)


def received(factory: Factory, line: int) -> Decimal:
    return sum(
        (item.quantity for item in factory.world.receipt_items if item.purchase_order_line_id == line),
        Decimal(0),
    )


def lots(result: Mapping[str, Json]) -> list[tuple[Json, Json]]:
    rows = result["inventories"]
    assert isinstance(rows, list)
    return [(row["lot"], row["quantity"]) for row in rows]


def serials(result: Mapping[str, Json]) -> list[str]:
    rows = result["inventories"]
    assert isinstance(rows, list)
    return sorted(row["serial"] for row in rows)


def arrived(ion: Ion, what: dict[str, Json], marker: str = "k:before") -> dict[str, Json]:
    """Receive something, and return what takes it back."""
    result: Mapping[str, Any] = ion.perform("receive", what, marker=marker)
    rows = [
        {"id": row["id"], "quantity": row["quantity"], "location_id": (row["location"] or {}).get("id")}
        for row in result["inventories"]
    ]
    return {"receipt_id": result["receipt_id"], "rows": rows}
