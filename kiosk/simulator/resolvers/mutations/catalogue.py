"""Mutations about parts, locations, units and suppliers."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from kiosk.simulator.resolvers.given import Given, Payload, attributes, columns
from kiosk.simulator.resolvers.request import Request
from kiosk.simulator.rules import parts, places
from kiosk.simulator.rules.attributes import AttributeChange, set_attribute
from kiosk.simulator.tables import Table

__all__ = ["MUTATIONS", "one_attribute"]

_PART: Final = (
    "description",
    "partType",
    "trackingType",
    "maintenanceIntervalSeconds",
    "status",
    "purchaseType",
    "unitOfMeasureId",
    "thumbnailId",
    "attributes",
)
_LOCATION: Final = ("name", "type", "parentId", "status", "inventoryAvailable")


def _part_columns(given: Given, *names: str) -> dict[str, Any]:
    return columns(given, *_PART, *names, partSubtypeIds="subtype_ids")


def _create_part(request: Request, given: Given) -> Payload:
    new = _part_columns(given)
    if new.get("part_type", "") is None:
        del new["part_type"]
    return {"part": parts.create_part(request.desk, given["partNumber"], given.get("revision"), new)}


def _update_part(request: Request, given: Given) -> Payload:
    changes = _part_columns(given, "partNumber")
    return {"part": parts.update_part(request.desk, given["id"], given["etag"], changes)}


def one_attribute(request: Request, given: Given, table: Table[Any], kind: str) -> Payload:
    """Set one attribute of an object of this kind."""
    change = AttributeChange(key=given["key"], value=given.get("value"), etag=given.get("etag"))
    name = kind[0].lower() + kind[1:]
    return {
        f"{name}Attribute": set_attribute(request.desk, table, kind, given[f"{name}Id"], change),
    }


def _mbom_row(given: Given) -> parts.MbomRow:
    return parts.MbomRow(
        row_id=given.get("rowId", ""),
        parent_part_id=given["parentPartId"],
        part_id=given["partId"],
        quantity=given["quantity"],
        reference_designators=tuple(given.get("referenceDesignators") or ()),
    )


def _designator(request: Request, given: Given) -> Payload:
    item = parts.add_reference_designator(request.desk, given["mbomItemId"], given["value"])
    number = len(item.reference_designators)
    return {"mbomItemReferenceDesignator": {"id": item.id * 1000 + number, "value": given["value"]}}


def _many_mboms(request: Request, given: Given) -> Payload:
    new, errors = parts.create_or_update_mboms(request.desk, [_mbom_row(each) for each in given["rows"]])
    return {"errorMessages": errors, "newMbomRowIds": [item.id for item in new]}


def _create_location(request: Request, given: Given) -> Payload:
    new = {name: value for name, value in columns(given, *_LOCATION[1:]).items() if value is not None}
    return {"location": places.create_location(request.desk, given["name"], new)}


def _update_location(request: Request, given: Given) -> Payload:
    changes = columns(given, *_LOCATION)
    return {"location": places.update_location(request.desk, given["id"], given["etag"], changes)}


def _update_supplier(request: Request, given: Given) -> Payload:
    supplier = places.update_supplier(
        request.desk, given["id"], given["etag"], given.get("name"), attributes(given)
    )
    return {"supplier": supplier}


MUTATIONS: Final[Mapping[str, Callable[[Request, Given], Payload]]] = {
    "createPart": _create_part,
    "updatePart": _update_part,
    "createPartRevision": lambda request, given: {
        "part": parts.revise_part(request.desk, given["partId"], given.get("revision"))
    },
    "updatePartAttribute": lambda request, given: one_attribute(request, given, request.world.parts, "Part"),
    "createPartSubtype": lambda request, given: {
        "partSubtype": parts.create_part_subtype(request.desk, given["name"])
    },
    "createMbomItem": lambda request, given: {
        "mbomItem": parts.create_mbom_item(request.desk, _mbom_row(given))
    },
    "createMbomItemReferenceDesignator": _designator,
    "createOrUpdateMultipleMboms": _many_mboms,
    "createLocation": _create_location,
    "updateLocation": _update_location,
    "createUnitOfMeasurement": lambda request, given: {
        "unitOfMeasurement": places.create_unit(request.desk, given["type"])
    },
    "createSupplier": lambda request, given: {
        "supplier": places.create_supplier(request.desk, given["name"], attributes(given))
    },
    "updateSupplier": _update_supplier,
    "updateSupplierAttribute": lambda request, given: one_attribute(
        request, given, request.world.suppliers, "Supplier"
    ),
}
