"""What the lines of a purchase order amount to."""

from collections.abc import Iterable
from enum import StrEnum

from kiosk.simulator.rows import LineStatus, PurchaseOrder, PurchaseOrderLine
from kiosk.simulator.world import World

__all__ = ["OrderStatus", "derive_order_status", "order_status"]


class OrderStatus(StrEnum):
    """What the lines of a purchase order amount to."""

    DRAFT = "DRAFT"
    IN_REVIEW = "IN_REVIEW"
    APPROVED = "APPROVED"
    ORDERED = "ORDERED"
    PARTIALLY_RECEIVED = "PARTIALLY_RECEIVED"
    RECEIVED = "RECEIVED"
    CANCELED = "CANCELED"


def derive_order_status(
    lines: Iterable[PurchaseOrderLine], *, partially_received: bool = True
) -> OrderStatus:
    """Return the status of a purchase order with these lines; without lines it is a draft."""
    lines = list(lines)
    found = {line.status for line in lines}
    begun = partially_received and any(line.received_quantity > 0 for line in lines)
    rules = (
        (not found or LineStatus.DRAFT in found, OrderStatus.DRAFT),
        (LineStatus.REQUESTED in found, OrderStatus.IN_REVIEW),
        (LineStatus.APPROVED in found, OrderStatus.APPROVED),
        (found == {LineStatus.CANCELED}, OrderStatus.CANCELED),
        (LineStatus.ORDERED not in found, OrderStatus.RECEIVED),
        (begun, OrderStatus.PARTIALLY_RECEIVED),
    )
    return next((status for fits, status in rules if fits), OrderStatus.ORDERED)


def order_status(world: World, order: PurchaseOrder) -> OrderStatus:
    """Return the status of a purchase order."""
    lines = world.purchase_order_lines.where("purchase_order_id", order.id)
    return derive_order_status(lines, partially_received=world.switches.partially_received)
