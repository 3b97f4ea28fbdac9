"""Locations, units of measurement and suppliers."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from kiosk.simulator.rows import Location, Supplier, UnitOfMeasurement
from kiosk.simulator.rules.attributes import AttributeChange, with_attributes
from kiosk.simulator.rules.desk import Desk, check_etag, invalid, look_up

__all__ = [
    "create_location",
    "create_supplier",
    "create_unit",
    "update_location",
    "update_supplier",
]

Id = str | int


def create_location(desk: Desk, name: str, columns: dict[str, Any]) -> Location:
    """Add a place; ``columns`` by their names in ``Location``."""
    world = desk.world
    new = Location(
        id=world.locations.new_id(), etag="", uid=world.new_hex(), name=name.strip(), type="WAREHOUSE"
    )
    _check_name(desk, new.name)
    return _put_location(desk, new, columns)


def update_location(desk: Desk, location_id: Id, etag: str, columns: dict[str, Any]) -> Location:
    """Change a place, or archive it."""
    location = look_up(desk.world.locations, "Location", location_id)
    check_etag("the location", location.etag, etag)
    if columns.get("name") not in (None, location.name):
        _check_name(desk, columns["name"])
    return _put_location(desk, location, columns)


def _check_name(desk: Desk, name: str) -> None:
    if not name:
        raise invalid("A location needs a name")
    if desk.world.locations.where("name", name):
        raise invalid(f"Location {name!r} already exists")


def _put_location(desk: Desk, location: Location, columns: dict[str, Any]) -> Location:
    new = {name: value for name, value in columns.items() if value is not None or name == "parent_id"}
    if new.get("parent_id") is not None:
        parent = look_up(desk.world.locations, "Location", new["parent_id"])
        above: Location | None = parent
        while above is not None:
            if above.id == location.id:
                raise invalid(f"Location {location.name!r} cannot be inside itself")
            above = desk.world.locations.get(above.parent_id)
        new["parent_id"] = parent.id
    return desk.world.locations.put(replace(location, etag=desk.world.new_hex(), **new))


def create_unit(desk: Desk, kind: str) -> UnitOfMeasurement:
    """Add a unit."""
    world = desk.world
    if not kind.strip() or any(unit.type == kind for unit in world.units):
        raise invalid(f"Unit of measurement {kind!r} already exists")
    unit = UnitOfMeasurement(id=world.units.new_id(), etag=world.new_hex(), type=kind)
    return world.units.put(unit)


def create_supplier(desk: Desk, name: str, attributes: Sequence[AttributeChange]) -> Supplier:
    """Add a supplier."""
    world = desk.world
    if any(supplier.name == name for supplier in world.suppliers):
        raise invalid(f"Supplier {name!r} already exists")
    given = with_attributes(desk, (), attributes)
    new = Supplier(id=world.suppliers.new_id(), etag=world.new_hex(), name=name, attributes=given)
    return world.suppliers.put(new)


def update_supplier(
    desk: Desk, supplier_id: Id, etag: str, name: str | None, attributes: Sequence[AttributeChange]
) -> Supplier:
    """Rename a supplier, or set attributes."""
    supplier = look_up(desk.world.suppliers, "Supplier", supplier_id)
    check_etag("the supplier", supplier.etag, etag)
    return desk.world.suppliers.put(
        replace(
            supplier,
            etag=desk.world.new_hex(),
            name=name or supplier.name,
            attributes=with_attributes(desk, supplier.attributes, attributes),
        )
    )
