"""What there is to scan in a world: the texts of its barcodes, for a scan pad and the simulator's page."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kiosk.flows.wording import status_words
from kiosk.simulator.derived import InventoryStatus, OrderStatus, inventory_status, order_status, run_status
from kiosk.simulator.rows import LineStatus
from kiosk.simulator.schema import Dialect
from kiosk.simulator.world import World
from kiosk.words import N_, Told, listed, told, whole

__all__ = ["ScanPadItem", "scan_pad"]

_COMMANDS: Final = (
    ("CONFIRM", told("Do it")),
    ("CANCEL", told("Forget what was entered")),
    ("BACK", told("One step back")),
    ("START", told("Start the run")),
    ("COMPLETE", told("Complete the step")),
    ("PRINT", told("Print the label")),
    ("REPEAT", told("Once more")),
    ("QUANTITY/5", told("Five of them")),
    ("COPIES/2", told("Two copies")),
    ("ENTER", told("Fill in the step's fields")),
    ("YES", told("Yes")),
    ("NO", told("No")),
    ("NOW", told("Now")),
    ("CHOOSE/1", told("The first on the screen")),
    ("FAIL", told("Fail the step")),
    ("HOLD", told("Put the step on hold")),
    ("PROBLEM", told("Report a problem")),
    ("CREATE", told("Create a run for the stock")),
    ("RECOUNT", told("Count the stock anew")),
    ("SCRAP", told("Scrap some of it")),
    ("FLOW/MOVE", told("Move stock")),
    ("VALUE/5", told("Enter 5")),
)


@dataclass(frozen=True, slots=True)
class ScanPadItem:
    """One barcode: where it belongs, what it is called, what it is, and the text to encode.

    What it is remembers what it is made of (``kiosk.words.Told``), for a page in any language.
    """

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
        *(ScanPadItem(N_("Commands"), verb, detail, f"ION/CMD/{verb}") for verb, detail in _COMMANDS),
    ]


def _orders(world: World) -> Iterator[ScanPadItem]:
    for order in world.purchase_orders:
        supplier = world.suppliers.get(order.supplier_id)
        named = told("no supplier") if supplier is None else supplier.name
        detail = listed((_said(order_status(world, order)), named), between=", ")
        yield ScanPadItem(N_("Purchase orders"), order.purchase_order_number, detail, f"ION/PO/{order.id}")


def _lines(world: World) -> Iterator[ScanPadItem]:
    """Yield the part numbers of what is still to come."""
    for line in world.purchase_order_lines:
        order = world.purchase_orders[line.purchase_order_id]
        part = world.parts.get(line.part_id)
        receivable = order_status(world, order) in (OrderStatus.ORDERED, OrderStatus.PARTIALLY_RECEIVED)
        if part is None or line.status is not LineStatus.ORDERED or not receivable:
            continue
        remaining = line.quantity - line.received_quantity
        detail = told(
            "{quantity} to come, {tracking}, {order} line {line}",
            quantity=remaining,
            tracking=_said(part.tracking_type) if part.tracking_type else told("untracked"),
            order=order.purchase_order_number,
            line=line.line_number,
        )
        yield ScanPadItem(N_("Parts on order"), part.part_number, detail, part.part_number)


def _inventory(world: World, dialect: Dialect) -> Iterator[ScanPadItem]:
    for row in world.part_inventories:
        status = inventory_status(world, row)
        if status is InventoryStatus.ON_ORDER:
            continue
        part = world.parts[row.part_id]
        location = world.locations.get(row.location_id)
        place = told("nowhere") if location is None else location.name
        name = row.serial_number or row.lot_number
        title = f"{part.part_number} {name}" if name else part.part_number
        text = f"ION/PI/{row.id}" if dialect == "documented-2026" else f'{{"uid":"{row.uid}"}}'
        detail = told(
            "{quantity} at {place}, {status}", quantity=row.quantity, place=place, status=_said(status)
        )
        yield ScanPadItem(N_("Inventory"), title, detail, text)


def _runs(world: World) -> Iterator[ScanPadItem]:
    for run in world.runs:
        if not run.archived:
            yield ScanPadItem(N_("Runs"), run.title, _said(run_status(world, run.id)), f"ION/RUN/{run.id}")


def _locations(world: World) -> Iterator[ScanPadItem]:
    for location in world.locations:
        yield ScanPadItem(
            N_("Locations"), location.name, location.type.capitalize(), f"ION/LOC/{location.id}"
        )


def _said(status: str) -> Told:
    return whole(status_words(status))
