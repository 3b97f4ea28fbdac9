"""The catalogue: parts, their revisions, subtypes and bills of materials."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from string import ascii_uppercase
from typing import Any

from kiosk.simulator.refusals import Refusal
from kiosk.simulator.rows import MBomItem, Part, PartSubtype, Tracking
from kiosk.simulator.rules.attributes import AttributeChange, with_attributes
from kiosk.simulator.rules.desk import Desk, check_etag, check_positive, invalid, look_up

__all__ = [
    "MbomRow",
    "add_reference_designator",
    "create_mbom_item",
    "create_or_update_mboms",
    "create_part",
    "create_part_subtype",
    "revise_part",
    "update_part",
]

Id = str | int


def create_part(desk: Desk, part_number: str, revision: str | None, columns: dict[str, Any]) -> Part:
    """Add a part; number and revision together are unique.

    ``columns`` as in ``update_part``.
    """
    number = part_number.strip()
    if not number:
        raise invalid("partNumber must not be blank")
    return _put_new(
        desk,
        Part(
            id=desk.world.parts.new_id(),
            etag="",
            part_number=number,
            revision=revision or "A",
            description=None,
            tracking_type=None,
            unit_of_measure_id=next((unit.id for unit in desk.world.units), None),
            created=desk.world.clock(),
        ),
        columns,
    )


def update_part(desk: Desk, part_id: Id, etag: str, columns: dict[str, Any]) -> Part:
    """Change the named fields of a part, by their names in ``Part``.

    ``attributes`` holds ``AttributeChange``s, ids are looked up; None clears what can be empty.
    """
    part = look_up(desk.world.parts, "Part", part_id)
    check_etag("the part", part.etag, etag)
    number = columns.get("part_number")
    if number is not None and number != part.part_number:
        _check_is_free(desk, number, part.revision)
    return _put(desk, part, columns)


def revise_part(desk: Desk, part_id: Id, revision: str | None) -> Part:
    """Make the next revision of a part, or the one that is named."""
    part = look_up(desk.world.parts, "Part", part_id)
    taken = {each.revision for each in desk.world.parts.where("part_number", part.part_number)}
    free = (letter for letter in ascii_uppercase if letter > max(taken))
    named = revision or next(free, None)
    if named is None:
        raise invalid(f"Part {part.part_number!r} has no letter left for a revision: name one")
    new = replace(part, id=desk.world.parts.new_id(), revision=named, created=desk.world.clock())
    return _put_new(desk, new, {})


def create_part_subtype(desk: Desk, name: str) -> PartSubtype:
    """Add a tag."""
    if any(each.name == name for each in desk.world.part_subtypes):
        raise invalid(f"Part subtype {name!r} already exists")
    return desk.world.part_subtypes.put(PartSubtype(id=desk.world.part_subtypes.new_id(), name=name))


def _put_new(desk: Desk, part: Part, columns: dict[str, Any]) -> Part:
    _check_is_free(desk, part.part_number, part.revision)
    return _put(desk, part, columns)


def _check_is_free(desk: Desk, number: str, revision: str) -> None:
    if any(each.revision == revision for each in desk.world.parts.where("part_number", number)):
        raise invalid(f"Part {number!r} in revision {revision!r} already exists")


def _put(desk: Desk, part: Part, columns: dict[str, Any]) -> Part:
    world, new = desk.world, dict(columns)
    if "attributes" in new:
        changes: Sequence[AttributeChange] = new["attributes"]
        new["attributes"] = with_attributes(desk, part.attributes, changes)
    if new.get("unit_of_measure_id") is not None:
        new["unit_of_measure_id"] = look_up(world.units, "UnitOfMeasurement", new["unit_of_measure_id"]).id
    if new.get("thumbnail_id") is not None:
        new["thumbnail_id"] = look_up(world.file_attachments, "FileAttachment", new["thumbnail_id"]).id
    if "subtype_ids" in new:
        found = [look_up(world.part_subtypes, "PartSubtype", each) for each in new["subtype_ids"] or ()]
        new["subtype_ids"] = tuple(each.id for each in found)
    if "tracking_type" in new:
        new["tracking_type"] = new["tracking_type"] and Tracking(new["tracking_type"])
    for name in ("part_type", "status", "purchase_type"):
        if new.get(name, "") is None:
            raise invalid(f"{name} must not be null")
    after = replace(part, etag=world.new_hex(), **new)
    if after.part_type == "TOOL" and after.tracking_type is not Tracking.SERIAL:
        raise invalid(f"Part {after.part_number!r} must be SERIAL tracked before it can be a TOOL")
    return world.parts.put(after)


@dataclass(frozen=True, slots=True, kw_only=True)
class MbomRow:
    """One row of a bill of materials as it is sent; ``row_id`` is the sender's own."""

    row_id: Id
    parent_part_id: Id
    part_id: Id
    quantity: Decimal
    reference_designators: tuple[str, ...] = ()


def create_mbom_item(desk: Desk, row: MbomRow) -> MBomItem:
    """Add a part to what an assembly is made of."""
    world = desk.world
    parent, part = (look_up(world.parts, "Part", each) for each in (row.parent_part_id, row.part_id))
    check_positive(row.quantity)
    if parent.id == part.id or parent.id in _made_of(desk, part.id):
        raise invalid(f"Part {part.part_number!r} cannot be part of itself")
    return world.mbom_items.put(
        MBomItem(
            id=world.mbom_items.new_id(),
            etag=world.new_hex(),
            parent_part_id=parent.id,
            part_id=part.id,
            quantity=row.quantity,
            reference_designators=row.reference_designators,
        )
    )


def _made_of(desk: Desk, part_id: int) -> set[int]:
    found: set[int] = set()
    for item in desk.world.mbom_items.where("parent_part_id", part_id):
        found |= {item.part_id} | _made_of(desk, item.part_id)
    return found


def add_reference_designator(desk: Desk, item_id: Id, value: str) -> MBomItem:
    """Say where on the assembly an item goes."""
    item = look_up(desk.world.mbom_items, "MBomItem", item_id)
    if value in item.reference_designators:
        raise invalid(f"Reference designator {value!r} already exists")
    designators = (*item.reference_designators, value)
    return desk.world.mbom_items.put(
        replace(item, etag=desk.world.new_hex(), reference_designators=designators)
    )


def create_or_update_mboms(
    desk: Desk, sent: Sequence[MbomRow]
) -> tuple[list[MBomItem], list[dict[str, Any]]]:
    """Write many rows; those that cannot be written are told by their row id, the others are."""
    new: list[MBomItem] = []
    errors: list[dict[str, Any]] = []
    for row in sent:
        try:
            parent = look_up(desk.world.parts, "Part", row.parent_part_id)
            part = look_up(desk.world.parts, "Part", row.part_id)
            lines = desk.world.mbom_items.where("parent_part_id", parent.id)
            known = next((each for each in lines if each.part_id == part.id), None)
            if known is None:
                new.append(create_mbom_item(desk, row))
                continue
            check_positive(row.quantity)
            designators = row.reference_designators or known.reference_designators
            desk.world.mbom_items.put(
                replace(
                    known,
                    etag=desk.world.new_hex(),
                    quantity=row.quantity,
                    reference_designators=designators,
                )
            )
        except Refusal as exc:
            errors.append({"rowId": str(row.row_id), "errorMsg": exc.message})
    return new, errors
