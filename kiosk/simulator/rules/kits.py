"""Kits: parts picked for a run or a place."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from kiosk.simulator.derived import InventoryStatus, available_quantity, inventory_status, missing_quantity
from kiosk.simulator.rows import KitIssue, Location, PartKit, PartKitItem
from kiosk.simulator.rules.desk import Desk, check_etag, check_positive, invalid, location_for_stock, look_up
from kiosk.simulator.rules.inventory import split, update

__all__ = [
    "create_item",
    "create_kit",
    "create_kit_for_run",
    "delete_item",
    "delete_kit",
    "issue_item",
    "kitted_quantity",
    "move_kit",
    "take_out",
    "update_item",
    "update_kit",
]

Id = str | int

_DELIVERED: Final = "DELIVERED"


def create_kit(desk: Desk, assigned_to: Id | None, location: Id | None, run: Id | None) -> PartKit:
    """Open an empty kit."""
    world = desk.world
    return world.part_kits.put(
        PartKit(
            id=world.part_kits.new_id(),
            etag=world.new_hex(),
            uid=world.new_hex(),
            assigned_to_id=None if assigned_to is None else look_up(world.users, "User", assigned_to).id,
            delivery_location_id=None if location is None else location_for_stock(desk, location).id,
            run_id=None if run is None else look_up(world.runs, "Run", run).id,
        )
    )


def create_kit_for_run(desk: Desk, run_id: Id, assigned_to: Id | None, location: Id | None) -> PartKit:
    """Open a kit with what the run's inventory still lacks."""
    world = desk.world
    run = look_up(world.runs, "Run", run_id)
    kit = create_kit(desk, assigned_to, location, run.id)
    for requirement in world.build_requirements.where("part_inventory_id", run.part_inventory_id):
        missing = missing_quantity(world, requirement)
        if missing:
            create_item(desk, kit.id, requirement.part_id, missing)
    return world.part_kits[kit.id]


def update_kit(desk: Desk, kit_id: Id, etag: str, columns: dict[str, Any]) -> PartKit:
    """Change a kit; any status may follow any other, DELIVERED brings everything to its place."""
    world = desk.world
    kit = look_up(world.part_kits, "PartKit", kit_id)
    check_etag("the kit", kit.etag, etag)
    new = dict(columns)
    if new.get("assigned_to_id") is not None:
        new["assigned_to_id"] = look_up(world.users, "User", new["assigned_to_id"]).id
    if new.get("delivery_location_id") is not None:
        new["delivery_location_id"] = location_for_stock(desk, new["delivery_location_id"]).id
    status = new.get("status")
    after = world.part_kits.put(replace(kit, etag=world.new_hex(), **new))
    if status == _DELIVERED and kit.status != _DELIVERED:
        _deliver(desk, after)
    elif kit.status == _DELIVERED and status not in (None, _DELIVERED):
        for issue in _issues(desk, kit):
            _change_kitted(desk, issue, issue.quantity)
    return after


def _deliver(desk: Desk, kit: PartKit) -> None:
    if kit.delivery_location_id is None:
        raise invalid("A kit without a delivery location cannot be DELIVERED")
    location = location_for_stock(desk, kit.delivery_location_id)
    _move(desk, kit, location)
    for issue in _issues(desk, kit):
        _change_kitted(desk, issue, -issue.quantity)


def move_kit(desk: Desk, kit_id: Id, location_id: Id) -> PartKit:
    """Bring what is in a kit to a place."""
    kit = look_up(desk.world.part_kits, "PartKit", kit_id)
    _move(desk, kit, location_for_stock(desk, location_id))
    return desk.world.part_kits.put(replace(kit, etag=desk.world.new_hex()))


def _move(desk: Desk, kit: PartKit, location: Location) -> None:
    for issue in _issues(desk, kit):
        row = desk.world.part_inventories[issue.part_inventory_id]
        update(desk, row.id, row.etag, {"location_id": location.id})


def delete_kit(desk: Desk, kit_id: Id, etag: str) -> int:
    """Delete a kit that nothing is in."""
    kit = look_up(desk.world.part_kits, "PartKit", kit_id)
    check_etag("the kit", kit.etag, etag)
    if _issues(desk, kit):
        raise invalid("A kit with inventory in it cannot be deleted")
    for item in desk.world.part_kit_items.where("part_kit_id", kit.id):
        desk.world.part_kit_items.remove(item.id)
    desk.world.part_kits.remove(kit.id)
    return kit.id


def create_item(desk: Desk, kit_id: Id, part_id: Id, quantity: Decimal) -> PartKitItem:
    """Ask for a quantity of a part."""
    world = desk.world
    kit = look_up(world.part_kits, "PartKit", kit_id)
    part = look_up(world.parts, "Part", part_id)
    check_positive(quantity)
    if kit.status == _DELIVERED:
        raise invalid("A kit that is DELIVERED takes nothing more")
    world.part_kits.put(replace(kit, etag=world.new_hex()))
    return world.part_kit_items.put(
        PartKitItem(
            id=world.part_kit_items.new_id(),
            etag=world.new_hex(),
            part_kit_id=kit.id,
            part_id=part.id,
            quantity=quantity,
        )
    )


def update_item(desk: Desk, item_id: Id, etag: str, quantity: Decimal) -> PartKitItem:
    """Ask for another quantity, not less than is in the kit."""
    item = look_up(desk.world.part_kit_items, "PartKitItem", item_id)
    check_etag("the kit item", item.etag, etag)
    check_positive(quantity)
    if quantity < kitted_quantity(desk, item):
        raise invalid(f"Quantity {quantity} is less than the {kitted_quantity(desk, item)} in the kit")
    return desk.world.part_kit_items.put(replace(item, etag=desk.world.new_hex(), quantity=quantity))


def delete_item(desk: Desk, item_id: Id, etag: str) -> int:
    """Take an item off the list while nothing of it is in the kit."""
    item = look_up(desk.world.part_kit_items, "PartKitItem", item_id)
    check_etag("the kit item", item.etag, etag)
    if kitted_quantity(desk, item):
        raise invalid("A kit item with inventory cannot be deleted")
    desk.world.part_kit_items.remove(item.id)
    return item.id


def kitted_quantity(desk: Desk, item: PartKitItem) -> Decimal:
    """Return how many of an item are in the kit."""
    issues = desk.world.kit_issues.where("part_kit_item_id", item.id)
    return sum((issue.quantity for issue in issues), Decimal(0))


def issue_item(desk: Desk, item_id: Id, inventory_id: Id, quantity: Decimal | None) -> PartKitItem:
    """Put inventory into a kit; less than all of a row is split off. A kit REQUESTED is then in progress."""
    world = desk.world
    item = look_up(world.part_kit_items, "PartKitItem", item_id)
    row = look_up(world.part_inventories, "PartInventory", inventory_id)
    kit = world.part_kits[item.part_kit_id]
    missing = item.quantity - kitted_quantity(desk, item)
    if kit.status == _DELIVERED:
        raise invalid("A kit that is DELIVERED takes nothing more")
    if row.part_id != item.part_id:
        raise invalid(f"Inventory {row.id} is of another part than the kit item")
    status = inventory_status(world, row)
    if status is not InventoryStatus.AVAILABLE:
        raise invalid(f"Inventory that is {status} cannot be kitted")
    there = available_quantity(world, row)
    wanted = min(missing, there) if quantity is None else quantity
    check_positive(wanted)
    if wanted > missing or wanted > there:
        raise invalid(f"Quantity {wanted} is more than the {missing} missing or the {there} there are")
    if wanted < row.quantity:
        row = split(desk, row, wanted)[1]
    issue = KitIssue(
        id=world.kit_issues.new_id(), part_kit_item_id=item.id, part_inventory_id=row.id, quantity=wanted
    )
    _change_kitted(desk, world.kit_issues.put(issue), wanted)
    status_after = "IN_PROGRESS" if kit.status == "REQUESTED" else kit.status
    world.part_kits.put(replace(kit, etag=world.new_hex(), status=status_after))
    return world.part_kit_items.put(replace(item, etag=world.new_hex()))


def take_out(desk: Desk, item_id: Id, inventory_id: Id) -> PartKitItem:
    """Take an inventory out of a kit again."""
    world = desk.world
    item = look_up(world.part_kit_items, "PartKitItem", item_id)
    row = look_up(world.part_inventories, "PartInventory", inventory_id)
    issues = world.kit_issues.where("part_kit_item_id", item.id)
    issue = next((each for each in issues if each.part_inventory_id == row.id), None)
    if issue is None:
        raise invalid(f"Inventory {row.id} is not in the kit")
    if world.part_kits[item.part_kit_id].status != _DELIVERED:
        _change_kitted(desk, issue, -issue.quantity)
    world.kit_issues.remove(issue.id)
    return world.part_kit_items.put(replace(item, etag=world.new_hex()))


def _issues(desk: Desk, kit: PartKit) -> list[KitIssue]:
    items = desk.world.part_kit_items.where("part_kit_id", kit.id)
    return [issue for item in items for issue in desk.world.kit_issues.where("part_kit_item_id", item.id)]


def _change_kitted(desk: Desk, issue: KitIssue, quantity: Decimal) -> None:
    row = desk.world.part_inventories[issue.part_inventory_id]
    update(desk, row.id, row.etag, {"kitted_quantity": row.kitted_quantity + quantity})
