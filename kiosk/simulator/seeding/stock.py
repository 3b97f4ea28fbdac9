"""Inventory, assemblies, kits, orders and deliveries of a seed file."""

from decimal import Decimal

from kiosk.simulator.rows import (
    AbomInstallation,
    Approval,
    BuildRequirement,
    Fee,
    KitIssue,
    LineStatus,
    PartInventory,
    PartKit,
    PartKitItem,
    PurchaseOrder,
    PurchaseOrderLine,
)
from kiosk.simulator.rules import receipts, receiving
from kiosk.simulator.rules.desk import Desk
from kiosk.simulator.rules.orders import create_rows_on_order
from kiosk.simulator.seeding.names import Entry, attributes_of, find, find_id, find_part, moment
from kiosk.simulator.world import World

__all__ = ["plant_assembly", "plant_inventory", "plant_kit", "plant_order"]


def plant_inventory(world: World, entry: Entry) -> None:
    """Plant a unit, a lot or a quantity."""
    part = find_part(world, entry["part"])
    world.part_inventories.put(
        PartInventory(
            id=entry["id"],
            etag=world.new_hex(),
            uid=world.new_hex(),
            part_id=part.id,
            serial_number=entry.get("serial"),
            lot_number=entry.get("lot"),
            quantity=Decimal(entry["quantity"]),
            scrapped_quantity=Decimal(entry.get("scrapped", 0)),
            kitted_quantity=Decimal(entry.get("kitted", 0)),
            unavailable=entry.get("unavailable", False),
            location_id=find_id(world.locations, "name", entry.get("location")),
            unit_of_measure_id=part.unit_of_measure_id,
            last_maintained_date=moment(entry.get("maintained")),
            attributes=attributes_of(world, entry),
        )
    )


def plant_assembly(world: World, entry: Entry) -> None:
    """Plant what an inventory is made of, and what is installed in it."""
    for need in entry["needs"]:
        world.build_requirements.put(
            BuildRequirement(
                id=need["id"],
                etag=world.new_hex(),
                part_inventory_id=world.part_inventories[entry["inventory"]].id,
                part_id=find_part(world, need["part"]).id,
                quantity=Decimal(need["quantity"]),
            )
        )
        for installed in need.get("installed", ()):
            world.abom_installations.put(
                AbomInstallation(
                    id=world.abom_installations.new_id(),
                    etag=world.new_hex(),
                    build_requirement_id=need["id"],
                    part_inventory_id=world.part_inventories[installed["inventory"]].id,
                    quantity=Decimal(installed["quantity"]),
                )
            )


def plant_kit(world: World, entry: Entry) -> None:
    """Plant a kit and what is in it; that the inventory is kitted stands with the inventory."""
    kit = world.part_kits.put(
        PartKit(
            id=entry["id"],
            etag=world.new_hex(),
            uid=world.new_hex(),
            status=entry.get("status", "DRAFT"),
            assigned_to_id=find_id(world.users, "email", entry.get("assignedTo")),
            delivery_location_id=find_id(world.locations, "name", entry.get("deliverTo")),
            run_id=entry.get("run") and world.runs[entry["run"]].id,
        )
    )
    for item in entry["items"]:
        planted = world.part_kit_items.put(
            PartKitItem(
                id=item["id"],
                etag=world.new_hex(),
                part_kit_id=kit.id,
                part_id=find_part(world, item["part"]).id,
                quantity=Decimal(item["quantity"]),
            )
        )
        for inventory_id in item.get("holds", ()):
            row = world.part_inventories[inventory_id]
            world.kit_issues.put(
                KitIssue(
                    id=world.kit_issues.new_id(),
                    part_kit_item_id=planted.id,
                    part_inventory_id=row.id,
                    quantity=row.kitted_quantity,
                )
            )


def plant_order(world: World, entry: Entry) -> None:
    """Plant an order, and receive what came of it once more."""
    approver = find_id(world.users, "email", entry.get("approvedBy"))
    order = world.purchase_orders.put(
        PurchaseOrder(
            id=entry["id"],
            etag=world.new_hex(),
            purchase_order_number=entry["number"],
            supplier_id=find(world.suppliers, "name", entry["supplier"]).id,
            currency_id=next((each.id for each in world.currencies), None),
            approvals=() if approver is None else (Approval(id=entry["id"], reviewer_id=approver),),
            fees=(Fee(id=entry["id"], amount=Decimal(entry["fee"])),) if "fee" in entry else (),
        )
    )
    lines = [_plant_line(world, order, number, line) for number, line in enumerate(entry["lines"], start=1)]
    desk = Desk.of(world, next(iter(world.users)))
    for receipt in entry.get("receipts", ()):
        opened = receipts.create_receipt(desk, order.id, receipt.get("note"))
        items = [_item(world, lines[item["line"] - 1], item) for item in receipt["items"]]
        receipts.add_items_to_receipt(desk, opened.id, opened.etag, items)


def _plant_line(world: World, order: PurchaseOrder, number: int, entry: Entry) -> PurchaseOrderLine:
    part = find_part(world, entry["part"]) if entry["part"] is not None else None
    line = world.purchase_order_lines.put(
        PurchaseOrderLine(
            id=entry["id"],
            etag=world.new_hex(),
            purchase_order_id=order.id,
            line_number=number,
            status=LineStatus(entry.get("status", "ORDERED")),
            part_id=None if part is None else part.id,
            description=entry["description"],
            quantity=Decimal(entry["quantity"]),
            cost=Decimal(entry.get("unitCost", 0)),
            need_date=moment(entry.get("needDate")),
            conversion_factor=Decimal(entry.get("conversionFactor", 1)),
        )
    )
    if part is not None:
        create_rows_on_order(Desk.of(world, next(iter(world.users))), line, part)
    return line


def _item(world: World, line: PurchaseOrderLine, entry: Entry) -> receiving.ItemToReceive:
    return receiving.ItemToReceive(
        line_id=line.id,
        quantity=Decimal(entry["quantity"]),
        lot_number=entry.get("lot"),
        serial_number=entry.get("serial"),
        location_id=find_id(world.locations, "name", entry.get("location")),
    )
