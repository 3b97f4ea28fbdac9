"""Seed files name things as people do: by e-mail, by name, by part number and revision."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeVar

from kiosk.simulator.rows import Attribute, Part
from kiosk.simulator.tables import HasId, Table
from kiosk.simulator.world import World

__all__ = ["Entry", "attributes_of", "find", "find_id", "find_part", "moment"]

Row = TypeVar("Row", bound=HasId)
Entry = Mapping[str, Any]


def find(table: Table[Row], column: str, value: object) -> Row:
    """Return the row with this name."""
    for row in table:
        if getattr(row, column) == value:
            return row
    raise LookupError(f"no {table.row_type.__name__} with {column} {value!r}")


def find_id(table: Table[Any], column: str, value: object) -> int | None:
    """Return the id of the row with this name; None for no name."""
    return None if value is None else int(find(table, column, value).id)


def find_part(world: World, name: str) -> Part:
    """Return a part by ``<part number>/<revision>``."""
    number, _, revision = name.rpartition("/")
    for part in world.parts.where("part_number", number):
        if part.revision == revision:
            return part
    raise LookupError(f"no part {name!r}: expected <part number>/<revision> of a part in the file")


def attributes_of(world: World, entry: Entry) -> tuple[Attribute, ...]:
    """Return the attributes of an entry."""
    values: Mapping[str, str] = entry.get("attributes", {})
    return tuple(Attribute(key=key, value=value, etag=world.new_hex()) for key, value in values.items())


def moment(text: str | None) -> datetime | None:
    """Return a time of an entry."""
    return None if text is None else datetime.fromisoformat(text)
