"""Receiving one item: what may come in, and what becomes of the line, the stock and the inspection."""

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
    Run,
    Tracking,
)
from kiosk.simulator.rules.attributes import AttributeChange, with_attributes
from kiosk.simulator.rules.desk import Desk, check_positive, invalid, location_for_stock, look_up
from kiosk.simulator.rules.inventory import NewInventory, check_serial_is_free, create, split, update
from kiosk.simulator.rules.runs import NewRun, create_run

__all__ = [
    "ItemToReceive",
    "Received",
    "check_receivable",
    "receive",
    "receive_row",
    "receive_without_order",
    "take_back",
]

Id = str | int

_RECEIVABLE: Final = (OrderStatus.ORDERED, OrderStatus.PARTIALLY_RECEIVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemToReceive:
    """What came: of a line, or without an order of a part. ``quantity`` is in the supplier's unit."""

    quantity: Decimal
    line_id: Id | None = None
    part_id: Id | None = None
    lot_number: str | None = None
    serial_number: str | None = None
    location_id: Id | None = None
    attributes: Sequence[AttributeChange] = ()


@dataclass(frozen=True, slots=True)
class Received:
    """What receiving made: a service has no inventory, a receipt without an order no line."""

    line: PurchaseOrderLine | None
    inventory: PartInventory | None
    inspection: Run | None = None


def receive(desk: Desk, item: ItemToReceive) -> Received:
    """Receive a quantity of one line."""
    world = desk.world
    line = look_up(world.purchase_order_lines, "PurchaseOrderLine", item.line_id or "")
    check_receivable(desk, world.purchase_orders[line.purchase_order_id])
    _check_quantity(desk, line, item.quantity)
    part = world.parts.get(line.part_id)
    inventory = _put_into_stock(desk, line, part, item) if part is not None and part.inventoried else None
    return _received(desk, line, item.quantity, inventory)


def receive_row(desk: Desk, row: PartInventory, location_id: Id | None) -> Received:
    """Receive an inventory as it is: a whole row that is on order, or one that was never ordered."""
    world = desk.world
    part = world.parts[row.part_id]
    if row.received:
        raise invalid(f"Inventory {row.id} has been received already")
    place = row.location_id if location_id is None else location_id
    stock = ItemToReceive(
        quantity=row.quantity, serial_number=row.serial_number, lot_number=row.lot_number, location_id=place
    )
    line = world.purchase_order_lines.get(row.purchase_order_line_id)
    if line is not None:
        check_receivable(desk, world.purchase_orders[line.purchase_order_id])
        _check_quantity(desk, line, row.quantity / line.conversion_factor)
    _check_item(desk, part, stock, known=row)
    changes = {"location_id": stock.location_id, "received": True}
    inventory = update(desk, row.id, row.etag, changes)
    if line is None:
        return Received(None, inventory, _inspection(desk, part, inventory))
    return _received(desk, line, row.quantity / line.conversion_factor, inventory)


def receive_without_order(desk: Desk, item: ItemToReceive) -> Received:
    """Take in something that nobody ordered."""
    part = look_up(desk.world.parts, "Part", item.part_id or "")
    check_positive(item.quantity)
    if not part.inventoried:
        return Received(None, None)
    _check_item(desk, part, item)
    row = create(
        desk,
        NewInventory(
            part_id=part.id,
            quantity=item.quantity,
            serial_number=item.serial_number,
            lot_number=item.lot_number,
            location_id=item.location_id,
        ),
    )
    row = update(desk, row.id, row.etag, {"received": True})
    return Received(None, row, _inspection(desk, part, row))


def take_back(desk: Desk, line_id: int | None, row: PartInventory | None, quantity: Decimal) -> None:
    """Undo the receiving of an item."""
    world = desk.world
    if row is not None:
        update(desk, row.id, row.etag, {"received": False, "location_id": None})
    line = world.purchase_order_lines.get(line_id)
    if line is not None:
        left = line.received_quantity - quantity
        status = LineStatus.ORDERED if line.status is LineStatus.RECEIVED else line.status
        world.purchase_order_lines.put(
            replace(line, etag=world.new_hex(), received_quantity=left, status=status)
        )


def check_receivable(desk: Desk, order: PurchaseOrder) -> None:
    """Refuse an order that is not on its way."""
    status = order_status(desk.world, order)
    if status not in _RECEIVABLE:
        number = order.purchase_order_number
        raise invalid(f"Purchase order {number!r} is {status}; only an ORDERED one can be received")


def _received(
    desk: Desk, line: PurchaseOrderLine, quantity: Decimal, inventory: PartInventory | None
) -> Received:
    world = desk.world
    order = world.purchase_orders[line.purchase_order_id]
    status, received = order_status(world, order), line.received_quantity + quantity
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
    part = world.parts.get(line.part_id)
    inspection = None if part is None or inventory is None else _inspection(desk, part, inventory)
    return Received(line, inventory, inspection)


def _inspection(desk: Desk, part: Part, inventory: PartInventory) -> Run | None:
    """Make the run that the part's procedure demands on receipt; the inventory is WIP until it is done."""
    if not desk.switches.inspection_on_receipt:
        return None
    for link in desk.world.part_procedures.where("part_id", part.id):
        if link.inspect_on_receipt:
            return create_run(desk, NewRun(procedure_id=link.procedure_id, part_inventory_id=inventory.id))
    return None


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
    quantity = item.quantity * line.conversion_factor
    _check_item(desk, part, replace(item, quantity=quantity))
    row = _row_on_order(desk, line, part, quantity)
    place = None if item.location_id is None else location_for_stock(desk, item.location_id).id
    return desk.world.part_inventories.put(
        replace(
            row,
            etag=desk.world.new_hex(),
            quantity=quantity,
            serial_number=item.serial_number,
            lot_number=item.lot_number,
            location_id=place,
            attributes=with_attributes(desk, row.attributes, item.attributes),
            received=True,
            created=row.created or desk.world.clock(),
        )
    )


def _check_item(desk: Desk, part: Part, item: ItemToReceive, known: PartInventory | None = None) -> None:
    """Refuse an item that lacks what its part needs; ``item.quantity`` is in stock's unit."""
    number, switches = part.part_number, desk.switches
    if item.location_id is not None:
        location_for_stock(desk, item.location_id)
    elif switches.receipt_item_needs_location:
        raise invalid("A received item needs a location")
    has_serial = bool((item.serial_number or "").strip())
    if part.tracking_type is Tracking.SERIAL:
        if not has_serial and switches.receipt_item_needs_serial:
            raise invalid(f"Part {number!r} is serial tracked: an item needs a serial number")
        if item.quantity != 1:
            raise invalid(f"Part {number!r} is serial tracked: quantity must be 1, got {item.quantity}")
        if item.serial_number is not None and (known is None or known.serial_number != item.serial_number):
            check_serial_is_free(desk, part, item.serial_number)
    elif item.serial_number is not None:
        raise invalid(f"Part {number!r} is not serial tracked, got serial {item.serial_number!r}")
    has_lot = bool((item.lot_number or "").strip())
    if part.tracking_type is Tracking.LOT and not has_lot and switches.receipt_item_needs_lot:
        raise invalid(f"Part {number!r} is lot tracked: an item needs a lot number")


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
