"""Purchase orders, and receiving against them: by line, or by receipts and their items."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from kiosk.simulator.derived import OrderStatus, order_status
from kiosk.simulator.rows import (
    LineStatus,
    Part,
    PartInventory,
    PurchaseOrder,
    PurchaseOrderLine,
    Receipt,
    ReceiptItem,
    Tracking,
)
from kiosk.simulator.rules.desk import Desk, check_etag, check_positive, invalid, location_for_stock, look_up
from kiosk.simulator.rules.inventory import check_serial_is_free, split

__all__ = [
    "ItemToReceive",
    "add_items_to_receipt",
    "create_receipt",
    "delete_receipt",
    "receive",
    "update_order",
    "update_receipt",
]

_RECEIVABLE: Final = (OrderStatus.ORDERED, OrderStatus.PARTIALLY_RECEIVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemToReceive:
    """What came of one line."""

    line_id: str | int
    quantity: Decimal
    lot_number: str | None = None
    serial_number: str | None = None
    location_id: str | int | None = None


def update_order(desk: Desk, order_id: str | int, etag: str, status: str) -> PurchaseOrder:
    """Set an order back to DRAFT, or a draft to ORDERED, by its lines; what was received stays received."""
    world = desk.world
    order = look_up(world.purchase_orders, "PurchaseOrder", order_id)
    check_etag("the purchase order", order.etag, etag)
    if status not in (OrderStatus.DRAFT, OrderStatus.ORDERED):
        raise invalid(f"A purchase order can be set to DRAFT or ORDERED, not to {status}")
    for line in world.purchase_order_lines.where("purchase_order_id", order.id):
        if line.status not in (LineStatus.RECEIVED, LineStatus.CANCELED):
            world.purchase_order_lines.put(replace(line, etag=world.new_hex(), status=LineStatus(status)))
    return world.purchase_orders.put(replace(order, etag=world.new_hex()))


def create_receipt(desk: Desk, order_id: str | int, note: str | None) -> Receipt:
    """Open a receipt for a delivery against an order."""
    world = desk.world
    order = look_up(world.purchase_orders, "PurchaseOrder", order_id)
    _check_receivable(desk, order)
    return world.receipts.put(
        Receipt(
            id=world.receipts.new_id(),
            etag=world.new_hex(),
            purchase_order_id=order.id,
            note=note,
            created=world.clock(),
        )
    )


def update_receipt(desk: Desk, receipt_id: str | int, etag: str, note: str | None) -> Receipt:
    """Change the note; as with every change, older copies of the etag are worthless from then on."""
    receipt = look_up(desk.world.receipts, "Receipt", receipt_id)
    check_etag("the receipt", receipt.etag, etag)
    return desk.world.receipts.put(replace(receipt, etag=desk.world.new_hex(), note=note))


def delete_receipt(desk: Desk, receipt_id: str | int, etag: str) -> int:
    """Delete a receipt that holds nothing."""
    receipt = look_up(desk.world.receipts, "Receipt", receipt_id)
    check_etag("the receipt", receipt.etag, etag)
    if desk.world.receipt_items.where("receipt_id", receipt.id):
        raise invalid("A receipt with items cannot be deleted")
    desk.world.receipts.remove(receipt.id)
    return receipt.id


def add_items_to_receipt(
    desk: Desk, receipt_id: str | int, etag: str, items: Sequence[ItemToReceive]
) -> Receipt:
    """Receive items of the receipt's order, all of them or none."""
    world = desk.world
    receipt = look_up(world.receipts, "Receipt", receipt_id)
    if desk.switches.adding_checks_receipt_etag:
        check_etag("the receipt", receipt.etag, etag)
    if not items:
        raise invalid("items must name at least one item")
    for item in items:
        line = look_up(world.purchase_order_lines, "PurchaseOrderLine", item.line_id)
        if line.purchase_order_id != receipt.purchase_order_id:
            raise invalid(f"Line {line.id} is not a line of the receipt's purchase order")
        inventory = receive(desk, item)[1]
        world.receipt_items.put(
            ReceiptItem(
                id=world.receipt_items.new_id(),
                receipt_id=receipt.id,
                purchase_order_line_id=line.id,
                part_inventory_id=None if inventory is None else inventory.id,
                quantity=item.quantity,
            )
        )
    if desk.switches.adding_changes_receipt_etag:
        world.receipts.put(replace(receipt, etag=world.new_hex()))
    return world.receipts[receipt.id]


def receive(desk: Desk, item: ItemToReceive) -> tuple[PurchaseOrderLine, PartInventory | None]:
    """Receive a quantity of one line; return the line and the inventory, which a service has none of."""
    world = desk.world
    line = look_up(world.purchase_order_lines, "PurchaseOrderLine", item.line_id)
    order = world.purchase_orders[line.purchase_order_id]
    status = order_status(world, order)
    _check_receivable(desk, order)
    _check_quantity(desk, line, item.quantity)
    part = world.parts.get(line.part_id)
    inventory = _put_into_stock(desk, line, part, item) if part is not None and part.inventoried else None
    received = line.received_quantity + item.quantity
    line = world.purchase_order_lines.put(
        replace(
            line,
            etag=world.new_hex() if desk.switches.receiving_changes_line_etag else line.etag,
            received_quantity=received,
            status=LineStatus.RECEIVED if received >= line.quantity else line.status,
        )
    )
    if order_status(world, order) is not status:
        world.purchase_orders.put(replace(order, etag=world.new_hex()))
    return line, inventory


def _check_receivable(desk: Desk, order: PurchaseOrder) -> None:
    status = order_status(desk.world, order)
    if status not in _RECEIVABLE:
        number = order.purchase_order_number
        raise invalid(f"Purchase order {number!r} is {status}; only an ORDERED one can be received")


def _check_quantity(desk: Desk, line: PurchaseOrderLine, quantity: Decimal) -> None:
    check_positive(quantity)
    if line.status is LineStatus.CANCELED:
        raise invalid(f"Line {line.line_number} is canceled")
    remaining = max(line.quantity - line.received_quantity, Decimal(0))
    if quantity > remaining and not desk.switches.allow_over_receipt:
        raise invalid(
            f"Quantity {quantity} is more than the {remaining} that remain on line {line.line_number}"
        )


def _put_into_stock(desk: Desk, line: PurchaseOrderLine, part: Part, item: ItemToReceive) -> PartInventory:
    if item.location_id is None:
        raise invalid("A received item needs a location")
    location = location_for_stock(desk, item.location_id)
    if part.tracking_type is Tracking.SERIAL:
        _check_serial_item(desk, part, item)
    elif item.serial_number is not None:
        raise invalid(f"Part {part.part_number!r} is not serial tracked, got serial {item.serial_number!r}")
    if part.tracking_type is Tracking.LOT and not (item.lot_number or "").strip():
        raise invalid(f"Part {part.part_number!r} is lot tracked: an item needs a lot number")
    row = _row_on_order(desk, line, part, item.quantity)
    return desk.world.part_inventories.put(
        replace(
            row,
            etag=desk.world.new_hex(),
            quantity=item.quantity,
            serial_number=item.serial_number,
            lot_number=item.lot_number,
            location_id=location.id,
            received=True,
        )
    )


def _check_serial_item(desk: Desk, part: Part, item: ItemToReceive) -> None:
    if item.serial_number is None or not item.serial_number.strip():
        raise invalid(f"Part {part.part_number!r} is serial tracked: an item needs a serial number")
    if item.quantity != 1:
        raise invalid(f"Part {part.part_number!r} is serial tracked: quantity must be 1, got {item.quantity}")
    check_serial_is_free(desk, part, item.serial_number)


def _row_on_order(desk: Desk, line: PurchaseOrderLine, part: Part, quantity: Decimal) -> PartInventory:
    """Return the row for what comes in: rows exist from the order on, and are split as it arrives."""
    world = desk.world
    waiting = next(iter(world.part_inventories.where("on_order_line_id", line.id)), None)
    if waiting is not None:
        return split(desk, waiting, quantity)[1] if quantity < waiting.quantity else waiting
    return PartInventory(
        id=world.part_inventories.new_id(),
        etag=world.new_hex(),
        uid=world.new_hex(),
        part_id=part.id,
        quantity=quantity,
        supplier_id=world.purchase_orders[line.purchase_order_id].supplier_id,
        purchase_order_line_id=line.id,
        created_by_id=desk.user.id,
    )
