"""What the fields of orders and receipts read."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from kiosk.simulator.derived import order_status
from kiosk.simulator.resolvers.request import Request
from kiosk.simulator.rows import PurchaseOrder, PurchaseOrderLine, Receipt, ReceiptItem, Run

__all__ = ["FIELDS"]


def _order_lines(order: PurchaseOrder, request: Request) -> list[PurchaseOrderLine]:
    return request.world.purchase_order_lines.where("purchase_order_id", order.id)


def _order_cost(order: PurchaseOrder, request: Request) -> Decimal:
    lines = sum((line.quantity * line.cost for line in _order_lines(order, request)), Decimal(0))
    return lines + sum((fee.amount for fee in order.fees), Decimal(0))


def _receipt_items(receipt: Receipt, request: Request) -> list[ReceiptItem]:
    return request.world.receipt_items.where("receipt_id", receipt.id)


def _receipt_lines(receipt: Receipt, request: Request) -> list[PurchaseOrderLine]:
    line_ids = {item.purchase_order_line_id for item in _receipt_items(receipt, request)} - {None}
    return [line for line in request.world.purchase_order_lines if line.id in line_ids]


def _inspections(receipt: Receipt, request: Request) -> list[Run]:
    ids = {item.inspection_run_id for item in _receipt_items(receipt, request)}
    return [run for run in request.world.runs if run.id in ids]


FIELDS: Final[Mapping[str, Mapping[str, Callable[[Any, Request], Any]]]] = {
    "Approval": {"reviewer": lambda approval, request: request.world.users[approval.reviewer_id]},
    "PurchaseOrder": {
        "status": lambda order, request: order_status(request.world, order),
        "supplier": lambda order, request: request.world.suppliers.get(order.supplier_id),
        "currency": lambda order, request: request.world.currencies.get(order.currency_id),
        "purchaseOrderLines": _order_lines,
        "estimatedTotalCost": _order_cost,
    },
    "PurchaseOrderLine": {
        "part": lambda line, request: request.world.parts.get(line.part_id),
        "partInventories": lambda line, request: request.world.part_inventories.where(
            "purchase_order_line_id", line.id
        ),
        "purchaseOrder": lambda line, request: request.world.purchase_orders[line.purchase_order_id],
    },
    "Receipt": {
        "purchaseOrder": lambda receipt, request: request.world.purchase_orders.get(
            receipt.purchase_order_id
        ),
        "purchaseOrderLines": _receipt_lines,
        "items": _receipt_items,
        "runs": _inspections,
    },
    "ReceiptItem": {
        "partInventory": lambda item, request: request.world.part_inventories.get(item.part_inventory_id),
        "purchaseOrderLine": lambda item, request: request.world.purchase_order_lines.get(
            item.purchase_order_line_id
        ),
    },
}
