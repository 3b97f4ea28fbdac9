"""Receipts: one delivery, its note, and the items that go into it."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from kiosk.simulator.rows import Receipt, ReceiptItem
from kiosk.simulator.rules.desk import Desk, check_etag, invalid, look_up
from kiosk.simulator.rules.receiving import (
    ItemToReceive,
    Received,
    check_receivable,
    receive,
    receive_row,
    receive_without_order,
    take_back,
)

__all__ = [
    "add_inventory",
    "add_items_to_receipt",
    "create_receipt",
    "delete_receipt",
    "receive_by_line",
    "remove_inventory",
    "update_receipt",
]

Id = str | int


def create_receipt(desk: Desk, order_id: Id | None, note: str | None) -> Receipt:
    """Open a receipt for a delivery against an order, or without one."""
    world = desk.world
    order = None if order_id is None else look_up(world.purchase_orders, "PurchaseOrder", order_id)
    if order is not None:
        check_receivable(desk, order)
    return world.receipts.put(
        Receipt(
            id=world.receipts.new_id(),
            etag=world.new_hex(),
            purchase_order_id=None if order is None else order.id,
            note=note,
            created=world.clock(),
        )
    )


def update_receipt(desk: Desk, receipt_id: Id, etag: str, note: str | None) -> Receipt:
    """Change the note; as with every change, older copies of the etag are worthless from then on."""
    receipt = look_up(desk.world.receipts, "Receipt", receipt_id)
    check_etag("the receipt", receipt.etag, etag)
    return desk.world.receipts.put(replace(receipt, etag=desk.world.new_hex(), note=note))


def delete_receipt(desk: Desk, receipt_id: Id, etag: str) -> int:
    """Delete a receipt that holds nothing."""
    receipt = look_up(desk.world.receipts, "Receipt", receipt_id)
    check_etag("the receipt", receipt.etag, etag)
    if desk.world.receipt_items.where("receipt_id", receipt.id):
        raise invalid("A receipt with items cannot be deleted")
    desk.world.receipts.remove(receipt.id)
    return receipt.id


def add_items_to_receipt(desk: Desk, receipt_id: Id, etag: str, items: Sequence[ItemToReceive]) -> Receipt:
    """Receive items of the receipt's order, or of none, all of them or none."""
    world = desk.world
    receipt = _open(desk, receipt_id, etag)
    if not items:
        raise invalid("items must name at least one item")
    for item in items:
        if item.line_id is None:
            if item.part_id is None:
                raise invalid("An item names a purchaseOrderLineId, or without an order a partId")
            _add(desk, receipt, receive_without_order(desk, item), item.quantity)
            continue
        line = look_up(world.purchase_order_lines, "PurchaseOrderLine", item.line_id)
        if line.purchase_order_id != receipt.purchase_order_id:
            raise invalid(f"Line {line.id} is not a line of the receipt's purchase order")
        _add(desk, receipt, receive(desk, item), item.quantity)
    return _changed(desk, receipt)


def receive_by_line(desk: Desk, item: ItemToReceive) -> Received:
    """Receive without naming a receipt: into the order's latest one that has no note, else into a new one."""
    world = desk.world
    received = receive(desk, item)
    order_id = None if received.line is None else received.line.purchase_order_id
    unnamed = [each for each in world.receipts.where("purchase_order_id", order_id) if each.note is None]
    receipt = (
        unnamed[-1]
        if unnamed
        else world.receipts.put(
            Receipt(
                id=world.receipts.new_id(),
                etag=world.new_hex(),
                purchase_order_id=order_id,
                note=None,
                created=world.clock(),
            )
        )
    )
    _add(desk, receipt, received, item.quantity)
    _changed(desk, receipt)
    return received


def add_inventory(desk: Desk, receipt_id: Id, etag: str, inventory_id: Id, location_id: Id | None) -> Receipt:
    """Receive an inventory that exists, as a whole."""
    world = desk.world
    receipt = _open(desk, receipt_id, etag)
    row = look_up(world.part_inventories, "PartInventory", inventory_id)
    line = world.purchase_order_lines.get(row.purchase_order_line_id)
    if line is not None and line.purchase_order_id != receipt.purchase_order_id:
        raise invalid(f"Inventory {row.id} is not of the receipt's purchase order")
    factor = Decimal(1) if line is None else line.conversion_factor
    _add(desk, receipt, receive_row(desk, row, location_id), row.quantity / factor)
    return _changed(desk, receipt)


def remove_inventory(desk: Desk, receipt_id: Id, etag: str, inventory_id: Id) -> Receipt:
    """Take an item back: it has not come."""
    world = desk.world
    receipt = _open(desk, receipt_id, etag)
    row = look_up(world.part_inventories, "PartInventory", inventory_id)
    items = world.receipt_items.where("part_inventory_id", row.id)
    item = next((each for each in items if each.receipt_id == receipt.id), None)
    if item is None:
        raise invalid(f"Inventory {row.id} is not of the receipt")
    take_back(desk, item.purchase_order_line_id, row, item.quantity)
    world.receipt_items.remove(item.id)
    return _changed(desk, receipt)


def _open(desk: Desk, receipt_id: Id, etag: str) -> Receipt:
    receipt = look_up(desk.world.receipts, "Receipt", receipt_id)
    if desk.switches.adding_checks_receipt_etag:
        check_etag("the receipt", receipt.etag, etag)
    return receipt


def _add(desk: Desk, receipt: Receipt, received: Received, quantity: Decimal) -> None:
    items = desk.world.receipt_items
    items.put(
        ReceiptItem(
            id=items.new_id(),
            receipt_id=receipt.id,
            purchase_order_line_id=None if received.line is None else received.line.id,
            part_inventory_id=None if received.inventory is None else received.inventory.id,
            quantity=quantity,
            inspection_run_id=None if received.inspection is None else received.inspection.id,
        )
    )


def _changed(desk: Desk, receipt: Receipt) -> Receipt:
    world = desk.world
    if desk.switches.adding_changes_receipt_etag:
        world.receipts.put(replace(receipt, etag=world.new_hex()))
    return world.receipts[receipt.id]
