"""What an assembly is made of: its requirements, and what is installed to fulfil them."""

from dataclasses import replace
from decimal import Decimal
from typing import Final

from kiosk.simulator.derived import InventoryStatus, available_quantity, inventory_status, missing_quantity
from kiosk.simulator.rows import AbomInstallation, BuildRequirement, PartInventory
from kiosk.simulator.rules.desk import Desk, check_etag, check_positive, invalid, look_up
from kiosk.simulator.rules.inventory import split

__all__ = [
    "create_from_mbom",
    "create_requirement",
    "delete_requirement",
    "fill_legacy_item",
    "install",
    "uninstall",
    "update_requirement",
]

Id = str | int

_INSTALLABLE: Final = (InventoryStatus.AVAILABLE, InventoryStatus.KITTED)


def create_requirement(desk: Desk, inventory_id: Id, part_id: Id, quantity: Decimal) -> BuildRequirement:
    """Say that a part must go into an assembly."""
    world = desk.world
    assembly = look_up(world.part_inventories, "PartInventory", inventory_id)
    part = look_up(world.parts, "Part", part_id)
    check_positive(quantity)
    if part.id == assembly.part_id:
        raise invalid(f"Part {part.part_number!r} cannot be part of itself")
    return world.build_requirements.put(
        BuildRequirement(
            id=world.build_requirements.new_id(),
            etag=world.new_hex(),
            part_inventory_id=assembly.id,
            part_id=part.id,
            quantity=quantity,
        )
    )


def update_requirement(desk: Desk, requirement_id: Id, etag: str, quantity: Decimal) -> BuildRequirement:
    """Change how many must go in, not below what is in already."""
    row = look_up(desk.world.build_requirements, "BuildRequirement", requirement_id)
    check_etag("the build requirement", row.etag, etag)
    check_positive(quantity)
    if quantity < _installed(desk, row):
        raise invalid(f"Quantity {quantity} is less than the {_installed(desk, row)} installed")
    return desk.world.build_requirements.put(replace(row, etag=desk.world.new_hex(), quantity=quantity))


def delete_requirement(desk: Desk, requirement_id: Id, etag: str) -> int:
    """Take a requirement back while nothing is installed for it."""
    row = look_up(desk.world.build_requirements, "BuildRequirement", requirement_id)
    check_etag("the build requirement", row.etag, etag)
    if _installed(desk, row):
        raise invalid("A build requirement with installations cannot be deleted")
    desk.world.build_requirements.remove(row.id)
    return row.id


def create_from_mbom(desk: Desk, inventory_id: Id, etag: str | None = None) -> PartInventory:
    """Give an inventory the requirements of its part's mBOM."""
    world = desk.world
    assembly = look_up(world.part_inventories, "PartInventory", inventory_id)
    if etag is not None:
        check_etag("the inventory", assembly.etag, etag)
        if world.build_requirements.where("part_inventory_id", assembly.id):
            raise invalid("The inventory has an aBOM already")
    for item in world.mbom_items.where("parent_part_id", assembly.part_id):
        create_requirement(desk, assembly.id, item.part_id, item.quantity)
    return world.part_inventories.put(replace(assembly, etag=world.new_hex()))


def install(desk: Desk, requirement_id: Id, inventory_id: Id, quantity: Decimal | None) -> AbomInstallation:
    """Install an inventory; without a quantity as many as are missing and there.

    What comes of a lot is split off, so that the rest stays where it is.
    """
    world = desk.world
    requirement = look_up(world.build_requirements, "BuildRequirement", requirement_id)
    row = look_up(world.part_inventories, "PartInventory", inventory_id)
    _check_fits(desk, requirement, row)
    missing, there = missing_quantity(world, requirement), _free(desk, row)
    wanted = min(missing, there) if quantity is None else quantity
    if missing == 0:
        raise invalid("Nothing is missing: the build requirement is fulfilled")
    check_positive(wanted)
    if wanted > missing:
        raise invalid(f"Quantity {wanted} is more than the {missing} missing")
    if wanted > there:
        raise invalid(f"Quantity {wanted} is more than the {there} there are")
    if wanted < row.quantity:
        for issue in world.kit_issues.where("part_inventory_id", row.id):
            world.kit_issues.put(replace(issue, quantity=row.quantity - wanted))
        row = split(desk, row, wanted)[1]
    else:
        row = world.part_inventories.put(replace(row, etag=world.new_hex()))
    world.build_requirements.put(replace(requirement, etag=world.new_hex()))
    return world.abom_installations.put(
        AbomInstallation(
            id=world.abom_installations.new_id(),
            etag=world.new_hex(),
            build_requirement_id=requirement.id,
            part_inventory_id=row.id,
            quantity=wanted,
        )
    )


def uninstall(desk: Desk, installation_id: Id) -> int:
    """Take an inventory out of its assembly."""
    world = desk.world
    installation = look_up(world.abom_installations, "AbomInstallation", installation_id)
    world.abom_installations.remove(installation.id)
    row = world.part_inventories[installation.part_inventory_id]
    world.part_inventories.put(replace(row, etag=world.new_hex()))
    requirement = world.build_requirements[installation.build_requirement_id]
    world.build_requirements.put(replace(requirement, etag=world.new_hex()))
    return installation.id


def fill_legacy_item(
    desk: Desk, item_id: Id, etag: str, inventory_id: Id | None, quantity: Decimal | None
) -> BuildRequirement:
    """Install the older way, through the item that stands for a requirement; no inventory uninstalls."""
    world = desk.world
    requirement = look_up(world.build_requirements, "BuildRequirement", item_id)
    check_etag("the aBOM item", requirement.etag, etag)
    for each in world.abom_installations.where("build_requirement_id", requirement.id):
        uninstall(desk, each.id)
    if inventory_id is not None:
        install(desk, requirement.id, inventory_id, quantity)
    return world.build_requirements[requirement.id]


def _check_fits(desk: Desk, requirement: BuildRequirement, row: PartInventory) -> None:
    parts = desk.world.parts
    if row.part_id != requirement.part_id:
        wanted, found = parts[requirement.part_id].part_number, parts[row.part_id].part_number
        raise invalid(f"Part {found!r} does not fulfil the build requirement for {wanted!r}")
    status = inventory_status(desk.world, row)
    if status not in _INSTALLABLE:
        raise invalid(f"Inventory that is {status} cannot be installed")
    if row.id == requirement.part_inventory_id:
        raise invalid("An inventory cannot be installed in itself")


def _free(desk: Desk, row: PartInventory) -> Decimal:
    if inventory_status(desk.world, row) is InventoryStatus.KITTED:
        return row.quantity
    return available_quantity(desk.world, row)


def _installed(desk: Desk, requirement: BuildRequirement) -> Decimal:
    found = desk.world.abom_installations.where("build_requirement_id", requirement.id)
    return sum((each.quantity for each in found), Decimal(0))
