"""Mutations about inventory, aBOMs and kits."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from kiosk.simulator.resolvers.given import Given, Payload, attributes, columns, deleted
from kiosk.simulator.resolvers.mutations.catalogue import one_attribute
from kiosk.simulator.resolvers.request import Request
from kiosk.simulator.rules import abom, inventory, kits
from kiosk.simulator.rules.desk import check_etag, invalid, look_up

__all__ = ["MUTATIONS"]

_INVENTORY: Final = (
    "quantity",
    "locationId",
    "unavailable",
    "serialNumber",
    "lotNumber",
    "unitOfMeasureId",
    "supplierId",
    "usageType",
    "cost",
    "lastMaintainedDate",
)


def _create(request: Request, given: Given) -> Payload:
    new = inventory.NewInventory(
        part_id=given["partId"],
        serial_number=given.get("serialNumber"),
        lot_number=given.get("lotNumber"),
        quantity=given.get("quantity") or Decimal(0),
        location_id=given.get("locationId"),
        unit_of_measure_id=given.get("unitOfMeasureId"),
        supplier_id=given.get("supplierId"),
        usage_type=given.get("usageType"),
        cost=given.get("cost"),
        last_maintained_date=given.get("lastMaintainedDate"),
        attributes=attributes(given),
    )
    return {"partInventory": inventory.create(request.desk, new)}


def _update(request: Request, given: Given) -> Payload:
    desk, changes = request.desk, columns(given, *_INVENTORY)
    if given.get("attributes") is not None:
        changes["attributes"] = attributes(given)
    scrapped: Decimal | None = given.get("scrappedQuantity")
    if scrapped is None:
        return {"partInventory": inventory.update(desk, given["id"], given["etag"], changes)}
    row = look_up(desk.world.part_inventories, "PartInventory", given["id"])
    check_etag("the inventory", row.etag, given["etag"])
    if changes:
        row = inventory.update(desk, row.id, row.etag, changes)
    if scrapped == 0:
        return {"partInventory": inventory.update(desk, row.id, row.etag, {"scrapped_quantity": scrapped})}
    return {"partInventory": inventory.scrap(desk, row, scrapped)}


def _adjust(request: Request, given: Given) -> Payload:
    adjustment = inventory.Adjustment(
        part_inventory_id=given["partInventoryId"],
        kind=given["adjustmentType"],
        quantity=given["quantity"],
        target_location_id=given.get("targetLocationId"),
    )
    return {"partInventory": inventory.adjust(request.desk, adjustment)}


def _split(request: Request, given: Given) -> Payload:
    left, (new,) = inventory.split_off(request.desk, given["id"], given["etag"], [given["quantity"]])
    changes = {
        name: value
        for name, value in columns(given, "locationId", "serialNumber", "lotNumber").items()
        if value is not None
    }
    if changes:
        new = inventory.update(request.desk, new.id, new.etag, changes)
    return {"partInventory": left, "newPartInventory": new}


def _split_many(request: Request, given: Given) -> Payload:
    left, new = inventory.split_off(request.desk, given["id"], given["etag"], given["quantities"])
    return {"partInventory": left, "newPartInventories": new}


def _create_requirement(request: Request, given: Given) -> Payload:
    row = abom.create_requirement(request.desk, given["partInventoryId"], given["partId"], given["quantity"])
    return {"buildRequirement": row}


def _install(request: Request, given: Given) -> Payload:
    installation = abom.install(
        request.desk, given["buildRequirementId"], given["partInventoryId"], given.get("quantity")
    )
    return {"abomInstallation": installation}


def _uninstall(request: Request, given: Given) -> Payload:
    installation_id = abom.uninstall(request.desk, given["id"])
    return {"success": True, "message": f"AbomInstallation {installation_id} was deleted"}


def _legacy_item(request: Request, given: Given) -> Payload:
    desk, quantity = request.desk, given.get("quantity")
    if "partInventoryId" not in given and quantity is None:
        raise invalid("Nothing to change: expected quantity or partInventoryId")
    if "partInventoryId" in given:
        item = abom.fill_legacy_item(desk, given["id"], given["etag"], given.get("partInventoryId"), quantity)
    else:
        item = abom.update_requirement(desk, given["id"], given["etag"], quantity or Decimal(0))
    return {"abomItem": item}


def _abom_for(request: Request, given: Given) -> Payload:
    return {"abomItem": abom.create_from_mbom(request.desk, given["id"], given["etag"])}


def _kit(request: Request, given: Given) -> Payload:
    kit = kits.create_kit(
        request.desk, given.get("assignedToId"), given.get("deliveryLocationId"), given.get("runId")
    )
    return {"partKit": kit}


def _kit_for_run(request: Request, given: Given) -> Payload:
    kit = kits.create_kit_for_run(
        request.desk, given["runId"], given.get("assignedToId"), given.get("deliveryLocationId")
    )
    return {"partKit": kit}


def _update_kit(request: Request, given: Given) -> Payload:
    changes = columns(given, "status", "assignedToId", "deliveryLocationId")
    if changes.get("status", "") is None:
        del changes["status"]
    return {"partKit": kits.update_kit(request.desk, given["id"], given["etag"], changes)}


def _issue_item(request: Request, given: Given) -> Payload:
    item = kits.issue_item(
        request.desk, given["partKitItemId"], given["partInventoryId"], given.get("quantity")
    )
    return {"partKitItem": item}


MUTATIONS: Final[Mapping[str, Callable[[Request, Given], Payload]]] = {
    "createPartInventory": _create,
    "updatePartInventory": _update,
    "deletePartInventory": deleted(inventory.delete),
    "adjustInventory": _adjust,
    "splitPartInventory": _split,
    "splitManyPartInventory": _split_many,
    "updatePartInventoryAttribute": lambda request, given: one_attribute(
        request, given, request.world.part_inventories, "PartInventory"
    ),
    "createBuildRequirement": _create_requirement,
    "updateBuildRequirement": lambda request, given: {
        "buildRequirement": abom.update_requirement(
            request.desk, given["id"], given["etag"], given["quantity"]
        )
    },
    "deleteBuildRequirement": deleted(abom.delete_requirement),
    "createAbomInstallation": _install,
    "deleteAbomInstallation": _uninstall,
    "updateAbomItem": _legacy_item,
    "createAbomForPartInventory": _abom_for,
    "createPartKit": _kit,
    "updatePartKit": _update_kit,
    "deletePartKit": deleted(kits.delete_kit),
    "createPartKitItem": lambda request, given: {
        "partKitItem": kits.create_item(request.desk, given["partKitId"], given["partId"], given["quantity"])
    },
    "updatePartKitItem": lambda request, given: {
        "partKitItem": kits.update_item(request.desk, given["id"], given["etag"], given["quantity"])
    },
    "deletePartKitItem": deleted(kits.delete_item),
    "createKitForRun": _kit_for_run,
    "issueItemToKit": _issue_item,
    "moveItemToInventory": lambda request, given: {
        "partKitItem": kits.take_out(request.desk, given["partKitItemId"], given["partInventoryId"])
    },
    "moveKitInventoryToLocation": lambda request, given: {
        "partKit": kits.move_kit(request.desk, given["partKitId"], given["locationId"])
    },
}
