"""Purchase orders and their lines: drawn up, sent, taken back."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from kiosk.simulator.derived import InventoryStatus, OrderStatus, inventory_status, order_status
from kiosk.simulator.rows import (
    LineStatus,
    Part,
    PartInventory,
    PurchaseOrder,
    PurchaseOrderLine,
    Receipt,
    Tracking,
)
from kiosk.simulator.rules.desk import Desk, check_etag, check_positive, invalid, look_up

__all__ = [
    "add_line",
    "create_order",
    "create_rows_on_order",
    "delete_line",
    "delete_order",
    "move_inventory",
    "update_line",
    "update_order",
]

Id = str | int

_LINE_STATUS: Final = {
    OrderStatus.DRAFT: LineStatus.DRAFT,
    OrderStatus.IN_REVIEW: LineStatus.REQUESTED,
    OrderStatus.APPROVED: LineStatus.APPROVED,
    OrderStatus.ORDERED: LineStatus.ORDERED,
    OrderStatus.CANCELED: LineStatus.CANCELED,
}
"""What an order's status makes of its lines; the others follow from receiving."""


def create_order(desk: Desk, columns: dict[str, Any]) -> PurchaseOrder:
    """Draw up an order without lines; ``columns`` by their names in ``PurchaseOrder``."""
    world = desk.world
    row_id = world.purchase_orders.new_id()
    currency = next((each.id for each in world.currencies), None)
    new = PurchaseOrder(
        id=row_id,
        etag="",
        purchase_order_number=f"PO-{row_id}",
        currency_id=currency,
        created=world.clock(),
    )
    return _put(desk, new, columns)


def update_order(
    desk: Desk, order_id: Id, etag: str, status: str | None, columns: dict[str, Any]
) -> PurchaseOrder:
    """Change an order; its status is set through its lines, and what was received stays received."""
    world = desk.world
    order = look_up(world.purchase_orders, "PurchaseOrder", order_id)
    check_etag("the purchase order", order.etag, etag)
    if status is not None:
        _set_status(desk, order, status)
    return _put(desk, order, columns)


def _put(desk: Desk, order: PurchaseOrder, columns: dict[str, Any]) -> PurchaseOrder:
    world, new = desk.world, {name: value for name, value in columns.items() if value is not None}
    if "supplier_id" in new:
        new["supplier_id"] = look_up(world.suppliers, "Supplier", new["supplier_id"]).id
    if "currency_id" in new:
        new["currency_id"] = look_up(world.currencies, "Currency", new["currency_id"]).id
    number = new.get("purchase_order_number", order.purchase_order_number)
    if any(each.purchase_order_number == number and each.id != order.id for each in world.purchase_orders):
        raise invalid(f"Purchase order {number!r} already exists")
    return world.purchase_orders.put(replace(order, etag=world.new_hex(), **new))


def _set_status(desk: Desk, order: PurchaseOrder, status: str) -> None:
    world = desk.world
    wanted = _LINE_STATUS.get(OrderStatus(status))
    if wanted is None:
        raise invalid(f"A purchase order cannot be set to {status}: that follows from receiving")
    lines = world.purchase_order_lines.where("purchase_order_id", order.id)
    if not lines and wanted is not LineStatus.DRAFT:
        raise invalid(f"A purchase order without lines cannot be {status}")
    for line in lines:
        if line.status not in (LineStatus.RECEIVED, LineStatus.CANCELED):
            world.purchase_order_lines.put(replace(line, etag=world.new_hex(), status=wanted))
    receipts = world.receipts.where("purchase_order_id", order.id)
    if desk.switches.receipt_made_when_ordered and wanted is LineStatus.ORDERED and not receipts:
        world.receipts.put(
            Receipt(
                id=world.receipts.new_id(),
                etag=world.new_hex(),
                purchase_order_id=order.id,
                note=None,
                created=world.clock(),
            )
        )


def delete_order(desk: Desk, order_id: Id, etag: str) -> int:
    """Delete a draft, with its lines; what was ordered must be set back to DRAFT first."""
    world = desk.world
    order = look_up(world.purchase_orders, "PurchaseOrder", order_id)
    check_etag("the purchase order", order.etag, etag)
    _check_is_draft(desk, order)
    if any(world.receipt_items.where("receipt_id", each.id) for each in _receipts(desk, order)):
        raise invalid("A purchase order that something was received for cannot be deleted")
    for line in world.purchase_order_lines.where("purchase_order_id", order.id):
        delete_line(desk, line.id, line.etag)
    for receipt in _receipts(desk, order):
        world.receipts.remove(receipt.id)
    world.purchase_orders.remove(order.id)
    return order.id


def _receipts(desk: Desk, order: PurchaseOrder) -> list[Receipt]:
    return desk.world.receipts.where("purchase_order_id", order.id)


def _check_is_draft(desk: Desk, order: PurchaseOrder) -> None:
    status = order_status(desk.world, order)
    if status is not OrderStatus.DRAFT:
        raise invalid(f"Purchase order {order.purchase_order_number!r} is {status}: set it to DRAFT first")


def add_line(
    desk: Desk, order_id: Id, part_id: Id | None, quantity: Decimal, columns: dict[str, Any]
) -> PurchaseOrderLine:
    """Add a line to a draft; the inventory to come exists from then on.

    ``columns`` by their names in ``PurchaseOrderLine``.
    """
    world = desk.world
    order = look_up(world.purchase_orders, "PurchaseOrder", order_id)
    part = None if part_id is None else look_up(world.parts, "Part", part_id)
    check_positive(quantity)
    _check_is_draft(desk, order)
    new = {name: value for name, value in columns.items() if value is not None}
    if part is None and not new.get("description"):
        raise invalid("A line without a part needs a description")
    lines = world.purchase_order_lines.where("purchase_order_id", order.id)
    line = world.purchase_order_lines.put(
        PurchaseOrderLine(
            id=world.purchase_order_lines.new_id(),
            etag=world.new_hex(),
            purchase_order_id=order.id,
            line_number=max((each.line_number for each in lines), default=0) + 1,
            status=LineStatus.DRAFT,
            part_id=None if part is None else part.id,
            quantity=quantity,
            **({"description": None if part is None else part.description} | new),
        )
    )
    if part is not None:
        create_rows_on_order(desk, line, part)
    world.purchase_orders.put(replace(order, etag=world.new_hex()))
    return line


def create_rows_on_order(desk: Desk, line: PurchaseOrderLine, part: Part) -> None:
    """Make the rows that exist from the order on: one a unit for serial parts, else one."""
    if not part.inventoried or line.status is LineStatus.CANCELED:
        return
    world, stock = desk.world, line.quantity * line.conversion_factor
    serial = part.tracking_type is Tracking.SERIAL
    for quantity in [Decimal(1)] * int(stock) if serial else [stock]:
        world.part_inventories.put(
            PartInventory(
                id=world.part_inventories.new_id(),
                etag=world.new_hex(),
                uid=world.new_hex(),
                part_id=part.id,
                quantity=quantity,
                cost=line.cost,
                supplier_id=world.purchase_orders[line.purchase_order_id].supplier_id,
                unit_of_measure_id=part.unit_of_measure_id,
                purchase_order_line_id=line.id,
            )
        )


def update_line(desk: Desk, line_id: Id, etag: str, columns: dict[str, Any]) -> PurchaseOrderLine:
    """Change a line; another quantity makes the inventory to come anew."""
    world = desk.world
    line = look_up(world.purchase_order_lines, "PurchaseOrderLine", line_id)
    check_etag("the purchase order line", line.etag, etag)
    new = dict(columns)
    quantity = new.get("quantity")
    if new.get("status") is not None:
        new["status"] = LineStatus(new["status"])
    if quantity is not None:
        check_positive(quantity)
        if line.received_quantity:
            raise invalid("The quantity of a line that something was received for cannot be changed")
    line = world.purchase_order_lines.put(replace(line, etag=world.new_hex(), **new))
    part = world.parts.get(line.part_id)
    if quantity is not None and part is not None:
        _remove_rows(desk, line)
        create_rows_on_order(desk, line, part)
    return line


def delete_line(desk: Desk, line_id: Id, etag: str) -> int:
    """Delete a line of a draft with its inventory to come; what came, is installed or kitted keeps it."""
    world = desk.world
    line = look_up(world.purchase_order_lines, "PurchaseOrderLine", line_id)
    check_etag("the purchase order line", line.etag, etag)
    _check_is_draft(desk, world.purchase_orders[line.purchase_order_id])
    if line.received_quantity:
        raise invalid("A line that something was received for cannot be deleted")
    _remove_rows(desk, line)
    world.purchase_order_lines.remove(line.id)
    return line.id


def _remove_rows(desk: Desk, line: PurchaseOrderLine) -> None:
    world = desk.world
    for row in world.part_inventories.where("purchase_order_line_id", line.id):
        status = inventory_status(world, row)
        if row.received or status in (InventoryStatus.INSTALLED, InventoryStatus.KITTED):
            raise invalid(f"Inventory {row.id} of the line is {status}")
        world.part_inventories.remove(row.id)


def move_inventory(desk: Desk, line_id: Id, inventory_id: Id, *, added: bool) -> PurchaseOrderLine:
    """Let an inventory that has not come yet belong to a line, or no longer."""
    world = desk.world
    line = look_up(world.purchase_order_lines, "PurchaseOrderLine", line_id)
    row = look_up(world.part_inventories, "PartInventory", inventory_id)
    if row.received:
        raise invalid(f"Inventory {row.id} has been received")
    if added and (row.part_id != line.part_id or row.purchase_order_line_id is not None):
        raise invalid(f"Inventory {row.id} is of another part, or of a line already")
    if not added and row.purchase_order_line_id != line.id:
        raise invalid(f"Inventory {row.id} is not of this line")
    world.part_inventories.put(
        replace(row, etag=world.new_hex(), purchase_order_line_id=line.id if added else None)
    )
    return world.purchase_order_lines.put(replace(line, etag=world.new_hex()))
