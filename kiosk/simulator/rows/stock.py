"""Inventory, where it is, what it is built into, and the kits it is picked for."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from kiosk.simulator.rows.parts import Attribute

__all__ = [
    "AbomInstallation",
    "BuildRequirement",
    "KitIssue",
    "Location",
    "PartInventory",
    "PartKit",
    "PartKitItem",
]


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
    created: datetime | None = None
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
    etag: str
    build_requirement_id: int
    part_inventory_id: int
    """The unit that is built in."""
    quantity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PartKit:
    """Parts picked for a run or a place."""

    id: int
    etag: str
    uid: str
    status: str = "DRAFT"
    assigned_to_id: int | None = None
    delivery_location_id: int | None = None
    run_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartKitItem:
    """How many of what belong into a kit."""

    id: int
    etag: str
    part_kit_id: int
    part_id: int
    quantity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class KitIssue:
    """An inventory that was put into a kit."""

    id: int
    part_kit_item_id: int
    part_inventory_id: int
    quantity: Decimal
