"""Custom attributes of an object: key and value, each with a lock of its own."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from kiosk.simulator.rows import Attribute
from kiosk.simulator.rules.desk import Desk, check_etag, look_up
from kiosk.simulator.tables import Table

__all__ = ["AttributeChange", "set_attribute", "with_attributes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeChange:
    """A value to set; ``etag`` is the attribute's, where it is known."""

    key: str
    value: str | None
    etag: str | None = None
    type: str = "STRING"


def with_attributes(
    desk: Desk, current: tuple[Attribute, ...], changes: Iterable[AttributeChange]
) -> tuple[Attribute, ...]:
    """Return the attributes after the changes; a key that is new is added at the end."""
    by_key = {attribute.key: attribute for attribute in current}
    for change in changes:
        before = by_key.get(change.key)
        if before is not None and change.etag is not None:
            check_etag(f"attribute {change.key!r}", before.etag, change.etag)
        etag = desk.world.new_hex()
        by_key[change.key] = (
            Attribute(key=change.key, value=change.value, etag=etag, type=change.type)
            if before is None
            else replace(before, value=change.value, etag=etag)
        )
    return tuple(by_key.values())


def set_attribute(
    desk: Desk, table: Table[Any], kind: str, row_id: str | int, change: AttributeChange
) -> Attribute:
    """Set one attribute of an object, and return it."""
    row = look_up(table, kind, row_id)
    attributes = with_attributes(desk, row.attributes, [change])
    table.put(replace(row, attributes=attributes, etag=desk.world.new_hex()))
    return next(each for each in attributes if each.key == change.key)
