"""The rows of the simulated factory: what ION would have in its database.

Rows are frozen; a change puts a new row in the old one's place. Statuses that ION calculates (run, purchase
order, inventory) are not stored: see ``derived``.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

__all__ = [
    "AbomInstallation",
    "ApiClient",
    "Approval",
    "Attribute",
    "BarcodePattern",
    "BuildRequirement",
    "Effect",
    "Fee",
    "FieldValue",
    "LineStatus",
    "Location",
    "Organization",
    "Part",
    "PartInventory",
    "Procedure",
    "ProcedureStatus",
    "PurchaseOrder",
    "PurchaseOrderLine",
    "Receipt",
    "ReceiptItem",
    "Redline",
    "Run",
    "RunStep",
    "RunStepField",
    "Step",
    "StepField",
    "StepStatus",
    "StoredFile",
    "Supplier",
    "Tracking",
    "UnitOfMeasurement",
    "User",
]

FieldValue = str | int | float | bool | list[str] | None
"""What a run-step field holds, by its type."""


class Tracking(StrEnum):
    """How single pieces of a part are told apart; None in a part is untracked."""

    SERIAL = "SERIAL"
    LOT = "LOT"


class LineStatus(StrEnum):
    """The stored state of a purchase-order line."""

    DRAFT = "DRAFT"
    REQUESTED = "REQUESTED"
    APPROVED = "APPROVED"
    ORDERED = "ORDERED"
    RECEIVED = "RECEIVED"
    CANCELED = "CANCELED"


class ProcedureStatus(StrEnum):
    """The stored state of a procedure; only a released one can be run."""

    DRAFT = "DRAFT"
    IN_REVIEW = "IN_REVIEW"
    RELEASED = "RELEASED"
    ARCHIVED = "ARCHIVED"


class StepStatus(StrEnum):
    """The stored state of a run step."""

    TODO = "TODO"
    IN_PROGRESS = "IN_PROGRESS"
    HOLD = "HOLD"
    REDLINE = "REDLINE"
    COMPLETE = "COMPLETE"
    FAILED = "FAILED"
    CANCELED = "CANCELED"
    DAG_MODIFIABLE = "DAG_MODIFIABLE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """The tenant."""

    id: int
    name: str
    domain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person or a service account."""

    id: int
    name: str
    email: str
    roles: tuple[str, ...] = ()
    permissions: tuple[str, ...] = ()
    """Names of mutations in PascalCase, as ION spells its permissions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiClient:
    """An API key: acts with the permissions of the user it belongs to."""

    id: int
    client_id: str
    client_secret: str
    user_id: int
    enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """A custom value of an object, with a lock of its own."""

    key: str
    value: str | None
    etag: str
    type: str = "STRING"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file in ION's storage."""

    id: int
    filename: str
    content_type: str
    s3_key: str
    s3_bucket: str = "ion-files"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitOfMeasurement:
    """What a quantity counts."""

    id: int
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part number in one revision: an entry of the catalogue."""

    id: int
    etag: str
    part_number: str
    revision: str
    description: str
    tracking_type: Tracking | None
    part_type: str = "PART"
    status: str = "RELEASED"
    inventoried: bool = True
    """False: bought and received, never kept as inventory."""
    unit_of_measure_id: int | None = None
    subtypes: tuple[str, ...] = ()
    maintenance_interval_seconds: int | None = None
    thumbnail: StoredFile | None = None
    file_attachments: tuple[StoredFile, ...] = ()
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartInventory:
    """One unit, lot or quantity of a part."""

    id: int
    etag: str
    uid: str
    part_id: int
    quantity: Decimal
    serial_number: str | None = None
    lot_number: str | None = None
    scrapped_quantity: Decimal = Decimal(0)
    kitted_quantity: Decimal = Decimal(0)
    unavailable: bool = False
    location_id: int | None = None
    supplier_id: int | None = None
    unit_of_measure_id: int | None = None
    purchase_order_line_id: int | None = None
    received: bool = False
    origin_part_inventory_id: int | None = None
    """The row this one was split from."""
    cost: Decimal | None = None
    usage_type: str | None = None
    created_by_id: int | None = None
    last_maintained_date: datetime | None = None
    attributes: tuple[Attribute, ...] = ()

    @property
    def on_order_line_id(self) -> int | None:
        """The purchase-order line this row is still to come from, None if it is here."""
        return None if self.received else self.purchase_order_line_id


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildRequirement:
    """What must go into an assembly: a line of its aBOM."""

    id: int
    etag: str
    part_inventory_id: int
    """The assembly."""
    part_id: int
    quantity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class AbomInstallation:
    """One inventory built in to fulfil a build requirement."""

    id: int
    build_requirement_id: int
    part_inventory_id: int
    """The unit that is built in."""
    quantity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place where inventory can be."""

    id: int
    etag: str
    uid: str
    name: str
    type: str
    status: str = "ACTIVE"
    inventory_available: bool = True
    parent_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplier:
    """Who sells parts."""

    id: int
    name: str
    attributes: tuple[Attribute, ...] = ()


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseOrder:
    """An order at a supplier; its status follows from its lines."""

    id: int
    etag: str
    purchase_order_number: str
    supplier_id: int
    approvals: tuple[Approval, ...] = ()
    approval_requests: tuple[Approval, ...] = ()
    fees: tuple[Fee, ...] = ()


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
    description: str
    quantity: Decimal
    received_quantity: Decimal = Decimal(0)
    unit_cost: Decimal = Decimal(0)
    need_date: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One delivery against one order."""

    id: int
    etag: str
    purchase_order_id: int
    note: str | None
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptItem:
    """What came of one line in one delivery."""

    id: int
    receipt_id: int
    purchase_order_line_id: int
    part_inventory_id: int | None
    quantity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class StepField:
    """A blank to fill in, as the procedure defines it."""

    id: int
    name: str
    type: str
    required: bool = False
    options: tuple[str, ...] | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of a procedure."""

    id: int
    procedure_id: int
    title: str
    content: str | None
    position: int
    parent_id: int | None = None
    upstream_step_ids: tuple[int, ...] = ()
    location_id: int | None = None
    fields: tuple[StepField, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """A template for runs."""

    id: int
    family_id: int
    title: str
    description: str | None = None
    type: str = "BUILD"
    status: ProcedureStatus = ProcedureStatus.RELEASED


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A procedure carried out on an inventory; its status follows from its steps."""

    id: int
    etag: str
    uid: str
    title: str
    procedure_id: int
    part_inventory_id: int | None
    created: datetime
    started_at: datetime | None = None
    completed_at: datetime | None = None
    archived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Redline:
    """What an edit during execution changed."""

    id: int
    diff: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStep:
    """A step of a run."""

    id: int
    etag: str
    run_id: int
    title: str
    content: str | None
    status: StepStatus
    position: int
    parent_id: int | None = None
    upstream_step_ids: tuple[int, ...] = ()
    location_id: int | None = None
    before_redline: tuple[str, str | None] | None = None
    """Title and content as they were when the redline began."""
    redlines: tuple[Redline, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStepField:
    """A blank to fill in on a run step, and what was filled in."""

    id: int
    etag: str
    run_step_id: int
    name: str
    type: str
    required: bool = False
    value: FieldValue = None
    options: tuple[str, ...] | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BarcodePattern:
    """How a barcode of another system is read; one of expression and JSON is set."""

    id: int
    etag: str
    entity_type: str
    expression: str | None = None
    barcode_pattern_json: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One change that happened: a line of the ledger."""

    id: int
    operation: str
    arguments: dict[str, Any]
    at: datetime
