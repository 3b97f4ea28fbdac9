"""Places, suppliers and parts of a seed file."""

from decimal import Decimal

from kiosk.simulator.rows import (
    FileAttachment,
    Location,
    MBomItem,
    Part,
    PartProcedure,
    PartSubtype,
    Supplier,
    Tracking,
)
from kiosk.simulator.seeding.names import Entry, attributes_of, find, find_id, find_part
from kiosk.simulator.world import World

__all__ = ["plant_location", "plant_mbom", "plant_part", "plant_part_procedure", "plant_supplier"]


def plant_location(world: World, entry: Entry) -> None:
    """Plant a place."""
    world.locations.put(
        Location(
            id=entry["id"],
            etag=world.new_hex(),
            uid=world.new_hex(),
            name=entry["name"],
            type=entry["type"],
            status=entry.get("status", "ACTIVE"),
            inventory_available=entry.get("inventoryAvailable", True),
            parent_id=find_id(world.locations, "name", entry.get("in")),
        )
    )


def plant_supplier(world: World, entry: Entry) -> None:
    """Plant a supplier."""
    attributes = attributes_of(world, entry)
    supplier = Supplier(id=entry["id"], etag=world.new_hex(), name=entry["name"], attributes=attributes)
    world.suppliers.put(supplier)


def plant_part(world: World, entry: Entry) -> None:
    """Plant a part, with its subtypes and its picture."""
    tracking, inventoried = entry.get("tracking"), entry.get("inventoried", True)
    world.parts.put(
        Part(
            id=entry["id"],
            etag=world.new_hex(),
            part_number=entry["partNumber"],
            revision=entry.get("revision", "A"),
            description=entry["description"],
            tracking_type=tracking and Tracking(tracking),
            part_type=entry.get("type", "PART"),
            status=entry.get("status", "RELEASED"),
            purchase_type="RECEIVABLE_INVENTORY" if inventoried else "RECEIVABLE_NON_INVENTORY",
            unit_of_measure_id=find(world.units, "type", entry.get("unit", "EA")).id,
            subtype_ids=tuple(_subtype_id(world, name) for name in entry.get("subtypes", ())),
            maintenance_interval_seconds=entry.get("maintenanceIntervalSeconds"),
            thumbnail_id=_picture_id(world, entry),
            attributes=attributes_of(world, entry),
        )
    )


def _subtype_id(world: World, name: str) -> int:
    for subtype in world.part_subtypes:
        if subtype.name == name:
            return subtype.id
    return world.part_subtypes.put(PartSubtype(id=world.part_subtypes.new_id(), name=name)).id


def _picture_id(world: World, entry: Entry) -> int | None:
    filename = entry.get("thumbnail")
    if filename is None:
        return None
    picture = FileAttachment(
        id=world.file_attachments.new_id(),
        etag=world.new_hex(),
        filename=filename,
        content_type="image/png",
        s3_key=f"parts/{entry['id']}/{filename}",
    )
    return world.file_attachments.put(picture).id


def plant_mbom(world: World, entry: Entry) -> None:
    """Plant what a part is made of."""
    parent = find_part(world, entry["part"])
    for item in entry["items"]:
        world.mbom_items.put(
            MBomItem(
                id=world.mbom_items.new_id(),
                etag=world.new_hex(),
                parent_part_id=parent.id,
                part_id=find_part(world, item["part"]).id,
                quantity=Decimal(item["quantity"]),
                reference_designators=tuple(item.get("at", ())),
            )
        )


def plant_part_procedure(world: World, entry: Entry) -> None:
    """Plant by which procedure a part is made, or inspected when it comes."""
    world.part_procedures.put(
        PartProcedure(
            id=world.part_procedures.new_id(),
            part_id=find_part(world, entry["part"]).id,
            procedure_id=world.procedures[entry["procedure"]].id,
            inspect_on_receipt=entry.get("inspectOnReceipt", False),
        )
    )
