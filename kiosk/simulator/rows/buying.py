"""Suppliers, orders, and what came."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from kiosk.simulator.rows.parts import Attribute

__all__ = [
    "Approval",
    "Currency",
    "Fee",
    "LineStatus",
    "PurchaseOrder",
    "PurchaseOrderLine",
    "Receipt",
    "ReceiptItem",
    "Supplier",
]


class LineStatus(StrEnum):
    """The stored state of a purchase-order line."""

    DRAFT = "DRAFT"
    REQUESTED = "REQUESTED"
    APPROVED = "APPROVED"
    ORDERED = "ORDERED"
    RECEIVED = "RECEIVED"
    CANCELED = "CANCELED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplier:
    """Who sells parts."""

    id: int
    etag: str
    name: str
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Currency:
    """What an order is paid in."""

    id: int
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Somebody's yes to an order, given or asked for."""

    id: int
    reviewer_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """What an order costs beside its lines."""

    id: int
    amount: Decimal
    description: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseOrder:
    """An order at a supplier; its status follows from its lines."""

    id: int
    etag: str
    purchase_order_number: str
    supplier_id: int | None = None
    currency_id: int | None = None
    approvals: tuple[Approval, ...] = ()
    approval_requests: tuple[Approval, ...] = ()
    fees: tuple[Fee, ...] = ()
    created: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseOrderLine:
    """How many of what are ordered, and how many came."""

    id: int
    etag: str
    purchase_order_id: int
    line_number: int
    status: LineStatus
    part_id: int | None
    """None: a service."""
    description: str | None
    quantity: Decimal
    """In the supplier's unit."""
    received_quantity: Decimal = Decimal(0)
    cost: Decimal = Decimal(0)
    need_date: datetime | None = None
    conversion_factor: Decimal = Decimal(1)
    """How many of the part's unit one of the supplier's unit is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One delivery, against one order or none."""

    id: int
    etag: str
    purchase_order_id: int | None
    note: str | None
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptItem:
    """What came of one line in one delivery."""

    id: int
    receipt_id: int
    purchase_order_line_id: int | None
    part_inventory_id: int | None
    quantity: Decimal
    inspection_run_id: int | None = None
