"""Creating, changing, moving, scrapping and recounting inventory."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from kiosk.simulator.derived import InventoryStatus, inventory_status
from kiosk.simulator.rows import Part, PartInventory, Tracking
from kiosk.simulator.rules.attributes import AttributeChange, with_attributes
from kiosk.simulator.rules.desk import Desk, check_etag, check_positive, invalid, location_for_stock, look_up

__all__ = [
    "Adjustment",
    "NewInventory",
    "adjust",
    "check_serial_is_free",
    "create",
    "delete",
    "scrap",
    "split",
    "split_off",
    "update",
]

_ADJUSTABLE: Final = (InventoryStatus.AVAILABLE, InventoryStatus.UNAVAILABLE, InventoryStatus.WIP)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInventory:
    """What a new row shall be; created without a quantity it has none."""

    part_id: str | int
    serial_number: str | None = None
    lot_number: str | None = None
    quantity: Decimal = Decimal(0)
    location_id: str | int | None = None
    unit_of_measure_id: str | int | None = None
    supplier_id: str | int | None = None
    usage_type: str | None = None
    cost: Decimal | None = None
    last_maintained_date: datetime | None = None
    attributes: Sequence[AttributeChange] = ()


def create(desk: Desk, new: NewInventory) -> PartInventory:
    """Create an inventory row."""
    world = desk.world
    part = look_up(world.parts, "Part", new.part_id)
    if not part.inventoried:
        raise invalid(f"Cannot create inventory for the non-inventoried part {part.part_number!r}")
    _check_quantity(part, new.quantity)
    if new.serial_number is not None:
        check_serial_is_free(desk, part, new.serial_number)
    unit_id = part.unit_of_measure_id
    if new.unit_of_measure_id is not None:
        unit_id = look_up(world.units, "UnitOfMeasurement", new.unit_of_measure_id).id
    return world.part_inventories.put(
        PartInventory(
            id=world.part_inventories.new_id(),
            etag=world.new_hex(),
            uid=world.new_hex(),
            part_id=part.id,
            serial_number=new.serial_number,
            lot_number=new.lot_number,
            quantity=new.quantity,
            location_id=None if new.location_id is None else location_for_stock(desk, new.location_id).id,
            unit_of_measure_id=unit_id,
            supplier_id=_supplier_id(desk, new.supplier_id),
            usage_type=new.usage_type,
            cost=new.cost,
            created_by_id=desk.user.id,
            created=world.clock(),
            last_maintained_date=new.last_maintained_date,
            attributes=with_attributes(desk, (), new.attributes),
        )
    )


def update(desk: Desk, inventory_id: str | int, etag: str, changes: dict[str, Any]) -> PartInventory:
    """Change the named fields of a row, by their names in ``PartInventory``.

    ``attributes`` holds ``AttributeChange``s; every other value is the new one, None to clear it.
    """
    world = desk.world
    before = look_up(world.part_inventories, "PartInventory", inventory_id)
    check_etag("the inventory", before.etag, etag)
    part = world.parts[before.part_id]
    new = dict(changes)
    if new.get("location_id") is not None:
        new["location_id"] = location_for_stock(desk, new["location_id"]).id
    if "quantity" in new:
        _check_quantity(part, new["quantity"])
    if new.get("serial_number") not in (None, before.serial_number):
        check_serial_is_free(desk, part, new["serial_number"])
    if "attributes" in new:
        new["attributes"] = with_attributes(desk, before.attributes, new["attributes"])
    if new.get("unit_of_measure_id") is not None:
        new["unit_of_measure_id"] = look_up(world.units, "UnitOfMeasurement", new["unit_of_measure_id"]).id
    if "supplier_id" in new:
        new["supplier_id"] = _supplier_id(desk, new["supplier_id"])
    return world.part_inventories.put(replace(before, etag=world.new_hex(), **new))


def delete(desk: Desk, inventory_id: str | int, etag: str) -> int:
    """Delete a row that nothing refers to: what was received, run or installed stays for good."""
    world = desk.world
    row = look_up(world.part_inventories, "PartInventory", inventory_id)
    check_etag("the inventory", row.etag, etag)
    if row.purchase_order_line_id is not None or world.receipt_items.where("part_inventory_id", row.id):
        raise invalid("Inventory of a purchase order cannot be deleted")
    if world.runs.where("part_inventory_id", row.id):
        raise invalid("Inventory that has a run cannot be deleted")
    requirements = world.build_requirements.where("part_inventory_id", row.id)
    if requirements or world.abom_installations.where("part_inventory_id", row.id):
        raise invalid("Inventory that is part of an assembly cannot be deleted")
    if world.kit_issues.where("part_inventory_id", row.id):
        raise invalid("Inventory that is in a kit cannot be deleted")
    world.part_inventories.remove(row.id)
    return row.id


def _supplier_id(desk: Desk, supplier_id: str | int | None) -> int | None:
    return None if supplier_id is None else look_up(desk.world.suppliers, "Supplier", supplier_id).id


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """``quantity`` is what to scrap or transfer; of a recount it is the new quantity."""

    part_inventory_id: str | int
    kind: str
    """SCRAP, TRANSFER or RECOUNT."""
    quantity: Decimal
    target_location_id: str | int | None = None


def adjust(desk: Desk, adjustment: Adjustment) -> PartInventory:
    """Scrap, transfer or recount, and return the row that was left, moved or counted.

    Scrapping or transferring less than all of it splits the row.
    """
    row = look_up(desk.world.part_inventories, "PartInventory", adjustment.part_inventory_id)
    status = inventory_status(desk.world, row)
    if status not in _ADJUSTABLE:
        raise invalid(f"Inventory that is {status} cannot be adjusted")
    if adjustment.kind == "RECOUNT":
        return update(desk, row.id, row.etag, {"quantity": adjustment.quantity})
    check_positive(adjustment.quantity)
    if adjustment.quantity > row.quantity:
        raise invalid(f"Quantity {adjustment.quantity} is more than the {row.quantity} there are")
    if adjustment.kind == "SCRAP":
        return scrap(desk, row, adjustment.quantity)
    if adjustment.target_location_id is None:
        raise invalid("A transfer needs targetLocationId")
    location = location_for_stock(desk, adjustment.target_location_id)
    moved = row if adjustment.quantity == row.quantity else split(desk, row, adjustment.quantity)[1]
    return update(desk, moved.id, moved.etag, {"location_id": location.id})


def scrap(desk: Desk, row: PartInventory, quantity: Decimal) -> PartInventory:
    """Scrap some of a row, and return what is left; all of it: the scrapped row."""
    check_positive(quantity)
    if quantity > row.quantity:
        raise invalid(f"Quantity {quantity} is more than the {row.quantity} there are")
    left, scrapped = (row, row) if quantity == row.quantity else split(desk, row, quantity)
    scrapped = update(desk, scrapped.id, scrapped.etag, {"scrapped_quantity": quantity})
    return scrapped if left.id == scrapped.id else left


def split(desk: Desk, row: PartInventory, quantity: Decimal) -> tuple[PartInventory, PartInventory]:
    """Take part of a row's quantity into a new row; return what is left and the new row."""
    world = desk.world
    taken = replace(
        row,
        id=world.part_inventories.new_id(),
        etag=world.new_hex(),
        uid=world.new_hex(),
        quantity=quantity,
        kitted_quantity=Decimal(0),
        origin_part_inventory_id=row.id,
        created_by_id=desk.user.id,
        created=world.clock(),
    )
    rest = row.quantity - quantity
    left = replace(row, etag=world.new_hex(), quantity=rest, kitted_quantity=min(row.kitted_quantity, rest))
    return world.part_inventories.put(left), world.part_inventories.put(taken)


def split_off(
    desk: Desk, inventory_id: str | int, etag: str, quantities: Sequence[Decimal]
) -> tuple[PartInventory, list[PartInventory]]:
    """Split a row into what is left and one new row a quantity; some of it must be left."""
    row = look_up(desk.world.part_inventories, "PartInventory", inventory_id)
    check_etag("the inventory", row.etag, etag)
    status = inventory_status(desk.world, row)
    if status not in _ADJUSTABLE:
        raise invalid(f"Inventory that is {status} cannot be split")
    for quantity in quantities:
        check_positive(quantity)
    if not quantities or sum(quantities) >= row.quantity:
        raise invalid(f"Quantities to split off must be less than the {row.quantity} there are")
    new: list[PartInventory] = []
    for quantity in quantities:
        row, taken = split(desk, row, quantity)
        new.append(taken)
    return row, new


def check_serial_is_free(desk: Desk, part: Part, serial_number: str) -> None:
    """Refuse a serial that the part, or by the switch the organisation, has already."""
    if not serial_number.strip():
        raise invalid("Serial number must not be blank")
    for row in desk.world.part_inventories.where("serial_number", serial_number):
        if row.part_id == part.id or desk.switches.serials_unique_in == "organization":
            number = desk.world.parts[row.part_id].part_number
            raise invalid(f"Serial number {serial_number!r} already exists for part {number!r}")


def _check_quantity(part: Part, quantity: Decimal | None) -> None:
    if quantity is None:
        raise invalid("Quantity must be a number")
    if part.tracking_type is Tracking.SERIAL and quantity not in (0, 1):
        raise invalid(f"Quantity of a serial tracked part must be 0 or 1, got {quantity}")
    if part.tracking_type is Tracking.LOT and quantity < 0:
        raise invalid(f"Quantity of a lot tracked part must be 0 or more, got {quantity}")
