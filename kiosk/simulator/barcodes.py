"""What there is to scan in a world: the texts of its barcodes, for a scan pad and the simulator's page."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kiosk.simulator.derived import InventoryStatus, OrderStatus, inventory_status, order_status, run_status
from kiosk.simulator.rows import LineStatus
from kiosk.simulator.schema import Dialect
from kiosk.simulator.world import World

__all__ = ["ScanPadItem", "scan_pad"]

_COMMANDS: Final = (
    ("CONFIRM", "Do it"),
    ("CANCEL", "Forget what was entered"),
    ("BACK", "One step back"),
    ("START", "Start the run"),
    ("COMPLETE", "Complete the step"),
    ("PRINT", "Print the label"),
    ("REPEAT", "Once more"),
    ("QUANTITY/5", "Five of them"),
    ("COPIES/2", "Two copies"),
    ("ENTER", "Fill in the step's fields"),
    ("YES", "Yes"),
    ("NO", "No"),
    ("NOW", "Now"),
    ("CHOOSE/1", "The first on the screen"),
    ("FAIL", "Fail the step"),
    ("HOLD", "Put the step on hold"),
    ("PROBLEM", "Report a problem"),
    ("CREATE", "Create a run for the stock"),
    ("RECOUNT", "Count the stock anew"),
    ("SCRAP", "Scrap some of it"),
    ("FLOW/MOVE", "Move stock"),
    ("VALUE/5", "Enter 5"),
)


@dataclass(frozen=True, slots=True)
class ScanPadItem:
    """One barcode: where it belongs, what it is called, what it is, and the text to encode."""

    group: str
    title: str
    detail: str
    text: str


def scan_pad(world: World, dialect: Dialect = "both") -> list[ScanPadItem]:
    """Return everything worth scanning: orders, parts to come, stock, runs, places, commands."""
    return [
        *_orders(world),
        *_lines(world),
        *_inventory(world, dialect),
        *_runs(world),
        *_locations(world),
        *(ScanPadItem("Commands", verb, detail, f"ION/CMD/{verb}") for verb, detail in _COMMANDS),
    ]


def _orders(world: World) -> Iterator[ScanPadItem]:
    for order in world.purchase_orders:
        supplier = world.suppliers.get(order.supplier_id)
        detail = f"{order_status(world, order)}, {'no supplier' if supplier is None else supplier.name}"
        yield ScanPadItem("Purchase orders", order.purchase_order_number, detail, f"ION/PO/{order.id}")


def _lines(world: World) -> Iterator[ScanPadItem]:
    """Yield the part numbers of what is still to come."""
    for line in world.purchase_order_lines:
        order = world.purchase_orders[line.purchase_order_id]
        part = world.parts.get(line.part_id)
        receivable = order_status(world, order) in (OrderStatus.ORDERED, OrderStatus.PARTIALLY_RECEIVED)
        if part is None or line.status is not LineStatus.ORDERED or not receivable:
            continue
        remaining = line.quantity - line.received_quantity
        tracking = part.tracking_type or "untracked"
        detail = f"{remaining} to come, {tracking}, {order.purchase_order_number} line {line.line_number}"
        yield ScanPadItem("Parts on order", part.part_number, detail, part.part_number)


def _inventory(world: World, dialect: Dialect) -> Iterator[ScanPadItem]:
    for row in world.part_inventories:
        status = inventory_status(world, row)
        if status is InventoryStatus.ON_ORDER:
            continue
        part = world.parts[row.part_id]
        location = world.locations.get(row.location_id)
        place = "nowhere" if location is None else location.name
        name = row.serial_number or row.lot_number
        title = f"{part.part_number} {name}" if name else part.part_number
        text = f"ION/PI/{row.id}" if dialect == "documented-2026" else f'{{"uid":"{row.uid}"}}'
        yield ScanPadItem("Inventory", title, f"{row.quantity} at {place}, {status}", text)


def _runs(world: World) -> Iterator[ScanPadItem]:
    for run in world.runs:
        if not run.archived:
            yield ScanPadItem("Runs", run.title, run_status(world, run.id), f"ION/RUN/{run.id}")


def _locations(world: World) -> Iterator[ScanPadItem]:
    for location in world.locations:
        yield ScanPadItem("Locations", location.name, location.type.capitalize(), f"ION/LOC/{location.id}")
