"""What the fields of inventory, aBOMs, kits and places read."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from kiosk.simulator.derived import (
    InventoryStatus,
    available_quantity,
    earliest_run_id,
    inventory_status,
    missing_quantity,
)
from kiosk.simulator.resolvers.request import Request
from kiosk.simulator.rows import AbomInstallation, BuildRequirement, PartInventory, PartKit, PartKitItem
from kiosk.simulator.rules.kits import kitted_quantity
from kiosk.simulator.world import World

__all__ = ["FIELDS"]

Item = dict[str, Any]


def _is(status: InventoryStatus) -> Callable[[Any, Request], bool]:
    def resolver(row: PartInventory, request: Request) -> bool:
        return inventory_status(request.world, row) is status

    return resolver


def _requirements(row: PartInventory, request: Request) -> list[BuildRequirement]:
    return request.world.build_requirements.where("part_inventory_id", row.id)


def _installations(requirement: BuildRequirement, request: Request) -> list[AbomInstallation]:
    return request.world.abom_installations.where("build_requirement_id", requirement.id)


def _installed_in(row: PartInventory, request: Request) -> list[AbomInstallation]:
    return request.world.abom_installations.where("part_inventory_id", row.id)


def _installed(installation: AbomInstallation, request: Request) -> PartInventory:
    return request.world.part_inventories[installation.part_inventory_id]


def _assembly_of(row: PartInventory, request: Request) -> PartInventory | None:
    for installation in _installed_in(row, request):
        requirement = request.world.build_requirements[installation.build_requirement_id]
        return request.world.part_inventories[requirement.part_inventory_id]
    return None


def _legacy_items(row: PartInventory, request: Request) -> list[Item]:
    return [_legacy_item(request.world, each) for each in _requirements(row, request)]


def _legacy_item(world: World, requirement: BuildRequirement) -> Item:
    """Return a requirement the older way: one item, with the first thing installed."""
    installed = world.abom_installations.where("build_requirement_id", requirement.id)
    return {
        "id": requirement.id,
        "_etag": requirement.etag,
        "quantity": requirement.quantity,
        "partInventoryId": installed[0].part_inventory_id if installed else None,
        "part": world.parts[requirement.part_id],
    }


def _own_item(world: World, row: PartInventory) -> Item:
    """Return the item that stands for an assembly itself: its children are the requirements."""
    part = world.parts[row.part_id]
    return {
        "id": row.id,
        "_etag": row.etag,
        "quantity": row.quantity,
        "partInventoryId": row.id,
        "part": part,
    }


def _legacy_parents(row: PartInventory, request: Request) -> list[Item]:
    world = request.world
    needs = [world.build_requirements[each.build_requirement_id] for each in _installed_in(row, request)]
    return [_own_item(world, world.part_inventories[each.part_inventory_id]) for each in needs]


def _all_children(row: PartInventory, request: Request) -> list[Item]:
    found: list[Item] = []
    for item in _legacy_items(row, request):
        found.append(item)
        below = request.world.part_inventories.get(item["partInventoryId"])
        found += [] if below is None else _all_children(below, request)
    return found


def _all_parents(row: PartInventory, request: Request) -> list[Item]:
    found: list[Item] = []
    for item in _legacy_parents(row, request):
        above = request.world.part_inventories[item["partInventoryId"]]
        found += [item, *_all_parents(above, request)]
    return found


def _item(source: Any, request: Request) -> Item:  # noqa: ANN401  what a mutation returned, or an item
    if isinstance(source, BuildRequirement):
        return _legacy_item(request.world, source)
    return _own_item(request.world, source) if isinstance(source, PartInventory) else source


def _of_item(name: str) -> Callable[[Any, Request], Any]:
    return lambda source, request: _item(source, request)[name]


def _item_inventory(source: Any, request: Request) -> PartInventory | None:  # noqa: ANN401  as _item
    return request.world.part_inventories.get(_item(source, request)["partInventoryId"])


def _item_children(source: Any, request: Request) -> list[Item]:  # noqa: ANN401  as _item
    inventory = _item_inventory(source, request)
    return [] if inventory is None else _legacy_items(inventory, request)


def _kit_items(kit: PartKit, request: Request) -> list[PartKitItem]:
    return request.world.part_kit_items.where("part_kit_id", kit.id)


def _in_kit(item: PartKitItem, request: Request) -> list[PartInventory]:
    issues = request.world.kit_issues.where("part_kit_item_id", item.id)
    return [request.world.part_inventories[issue.part_inventory_id] for issue in issues]


def _kitted(item: PartKitItem, request: Request) -> Decimal:
    return kitted_quantity(request.desk, item)


FIELDS: Final[Mapping[str, Mapping[str, Callable[[Any, Request], Any]]]] = {
    "PartInventory": {
        "part": lambda row, request: request.world.parts[row.part_id],
        "trackingType": lambda row, request: request.world.parts[row.part_id].tracking_type,
        "location": lambda row, request: request.world.locations.get(row.location_id),
        "unitOfMeasure": lambda row, request: request.world.units.get(row.unit_of_measure_id),
        "supplier": lambda row, request: request.world.suppliers.get(row.supplier_id),
        "purchaseOrderLine": lambda row, request: request.world.purchase_order_lines.get(
            row.purchase_order_line_id
        ),
        "issues": lambda row, request: request.world.issues.where("part_inventory_id", row.id),
        "runs": lambda row, request: request.world.runs.where("part_inventory_id", row.id),
        "earliestRunId": lambda row, request: earliest_run_id(request.world, row),
        "status": lambda row, request: inventory_status(request.world, row),
        "state": lambda row, request: inventory_status(request.world, row),
        "quantityAvailable": lambda row, request: available_quantity(request.world, row),
        "installed": _is(InventoryStatus.INSTALLED),
        "kitted": _is(InventoryStatus.KITTED),
        "buildRequirements": _requirements,
        "abomInstallations": _installed_in,
        "abomItems": _legacy_items,
        "abomChildren": _legacy_items,
        "abomParents": _legacy_parents,
        "allChildren": _all_children,
        "allParents": _all_parents,
        "parentPartInventory": _assembly_of,
    },
    "BuildRequirement": {
        "part": lambda row, request: request.world.parts[row.part_id],
        "quantityMissing": lambda row, request: missing_quantity(request.world, row),
        "abomInstallations": _installations,
        "installations": _installations,
    },
    "AbomInstallation": {
        "buildRequirement": lambda row, request: request.world.build_requirements[row.build_requirement_id],
        "partInventory": _installed,
        "installedPartInventory": _installed,
    },
    "ABomItem": {
        "id": _of_item("id"),
        "_etag": _of_item("_etag"),
        "quantity": _of_item("quantity"),
        "partInventoryId": _of_item("partInventoryId"),
        "part": _of_item("part"),
        "partInventory": _item_inventory,
        "children": _item_children,
    },
    "PartKit": {
        "assignedTo": lambda kit, request: request.world.users.get(kit.assigned_to_id),
        "deliveryLocation": lambda kit, request: request.world.locations.get(kit.delivery_location_id),
        "run": lambda kit, request: request.world.runs.get(kit.run_id),
        "partKitItems": _kit_items,
    },
    "PartKitItem": {
        "part": lambda item, request: request.world.parts[item.part_id],
        "quantityKitted": _kitted,
        "partInventories": _in_kit,
    },
    "Location": {"parent": lambda row, request: request.world.locations.get(row.parent_id)},
}
