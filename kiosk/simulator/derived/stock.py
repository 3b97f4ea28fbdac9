"""What can be done with inventory, and what an assembly still lacks."""

from decimal import Decimal
from enum import StrEnum
from typing import Final

from kiosk.simulator.derived.runs import RunStatus, run_status
from kiosk.simulator.rows import BuildRequirement, IssueStatus, PartInventory
from kiosk.simulator.world import World

__all__ = [
    "InventoryStatus",
    "available_quantity",
    "earliest_run_id",
    "installed_quantity",
    "inventory_status",
    "missing_quantity",
]


class InventoryStatus(StrEnum):
    """What can be done with an inventory row."""

    AVAILABLE = "AVAILABLE"
    UNAVAILABLE = "UNAVAILABLE"
    INSTALLED = "INSTALLED"
    SCRAPPED = "SCRAPPED"
    WIP = "WIP"
    KITTED = "KITTED"
    ON_ORDER = "ON_ORDER"


_RUNS_IN_WORK: Final = frozenset(
    {RunStatus.TODO, RunStatus.IN_PROGRESS, RunStatus.REDLINE, RunStatus.HOLD, RunStatus.FAILED}
)

_INSTALLED_EMPTY: Final = "installed, none left"
_EMPTY: Final = "none left"
_HELD: Final = "held"
_PLACE: Final = "not available at this place"
_ORDERS: Final = {
    "docs": (
        _INSTALLED_EMPTY,
        _EMPTY,
        InventoryStatus.SCRAPPED,
        InventoryStatus.INSTALLED,
        InventoryStatus.WIP,
        _HELD,
        InventoryStatus.KITTED,
        InventoryStatus.ON_ORDER,
        _PLACE,
    ),
    "manual": (
        InventoryStatus.SCRAPPED,
        _INSTALLED_EMPTY,
        InventoryStatus.INSTALLED,
        InventoryStatus.KITTED,
        InventoryStatus.WIP,
        InventoryStatus.ON_ORDER,
        _EMPTY,
        _HELD,
        _PLACE,
    ),
}
"""The rules of a status in the order in which two of the vendor's pages try them."""


def installed_quantity(world: World, inventory: PartInventory) -> Decimal:
    """Return how much of a row is built into assemblies."""
    installations = world.abom_installations.where("part_inventory_id", inventory.id)
    return sum((each.quantity for each in installations), Decimal(0))


def available_quantity(world: World, inventory: PartInventory) -> Decimal:
    """Return how much of a row is free to be used; nothing of a row that is not available."""
    if inventory_status(world, inventory) is not InventoryStatus.AVAILABLE:
        return Decimal(0)
    return (
        inventory.quantity
        - inventory.scrapped_quantity
        - inventory.kitted_quantity
        - installed_quantity(world, inventory)
    )


def inventory_status(world: World, inventory: PartInventory) -> InventoryStatus:
    """Return the status of an inventory row: the first rule that fits, in the order the switch names."""
    installed = installed_quantity(world, inventory)
    location = world.locations.get(inventory.location_id)
    empty, there = inventory.quantity == 0, inventory.quantity != 0
    fits = {
        _INSTALLED_EMPTY: empty and installed > 0,
        _EMPTY: empty,
        InventoryStatus.SCRAPPED: there and inventory.scrapped_quantity == inventory.quantity,
        InventoryStatus.INSTALLED: there and installed == inventory.quantity,
        InventoryStatus.WIP: _is_in_work(world, inventory),
        _HELD: inventory.unavailable or _is_held(world, inventory),
        InventoryStatus.KITTED: there and inventory.kitted_quantity == inventory.quantity,
        InventoryStatus.ON_ORDER: inventory.on_order_line_id is not None,
        _PLACE: location is not None and not location.inventory_available,
    }
    found = (rule for rule in _ORDERS[world.switches.inventory_status_order] if fits[rule])
    rule = next(found, InventoryStatus.AVAILABLE)
    if isinstance(rule, InventoryStatus):
        return rule
    return InventoryStatus.INSTALLED if rule == _INSTALLED_EMPTY else InventoryStatus.UNAVAILABLE


def _is_in_work(world: World, inventory: PartInventory) -> bool:
    runs = world.runs.where("part_inventory_id", inventory.id)
    return any(run_status(world, run.id) in _RUNS_IN_WORK for run in runs if not run.archived)


def _is_held(world: World, inventory: PartInventory) -> bool:
    """Return whether the disposition of an issue keeps the row from being used."""
    effects = {each.name.lower(): each.effect for each in world.disposition_types}
    for issue in world.issues.where("part_inventory_id", inventory.id):
        effect = effects.get((issue.disposition_type or "").lower())
        is_open = issue.status is not IssueStatus.RESOLVED
        if effect == "PERMANENTLY_UNAVAILABLE" or (effect == "RELEASE_ON_RESOLVE" and is_open):
            return True
    return False


def missing_quantity(world: World, requirement: BuildRequirement) -> Decimal:
    """Return how many a build requirement still lacks; none if an issue excepts it."""
    if any(requirement.id in issue.build_requirement_ids for issue in world.issues):
        return Decimal(0)
    installed = world.abom_installations.where("build_requirement_id", requirement.id)
    return max(requirement.quantity - sum((each.quantity for each in installed), Decimal(0)), Decimal(0))


def earliest_run_id(world: World, inventory: PartInventory) -> int | None:
    """Return the first run of a row, or of the row it was split from."""
    runs = world.runs.where("part_inventory_id", inventory.id)
    if runs:
        return runs[0].id
    origin = world.part_inventories.get(inventory.origin_part_inventory_id)
    return None if origin is None else earliest_run_id(world, origin)
