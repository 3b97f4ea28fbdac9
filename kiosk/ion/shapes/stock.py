"""Parts, places, rows of inventory and kits in ION's JSON."""

from typing import Annotated, Final

from pydantic import BeforeValidator

from kiosk.ion.shapes.values import EntityShape, Id, Quantity, Shape, Text, Word, rows_of
from kiosk.model import Inventory, Kit, KitItem, LabelTemplate, Location, Part, RunHeading, Tracking

__all__ = ["InventoryShape", "KitShape", "LocationShape", "PartShape", "TemplateShape"]

_CLOSED: Final = frozenset({"COMPLETE", "PARTIAL_COMPLETE", "CANCELED", "CANCELLED"})


def _tracking(value: object) -> object:
    word = value.lower() if isinstance(value, str) else ""
    return word if word in {Tracking.SERIAL, Tracking.LOT} else Tracking.NONE


class PartShape(Shape):
    """A part."""

    id: Id
    number: str
    revision: Text = ""
    description: Text = ""
    tracking: Annotated[Tracking, BeforeValidator(_tracking)] = Tracking.NONE

    def value(self) -> Part:
        """Return the noun."""
        return Part(self.id, self.number, self.revision, self.description, self.tracking)


class LocationShape(EntityShape):
    """A location."""

    id: Id
    name: str
    uid: str | None = None

    def value(self) -> Location:
        """Return the noun."""
        return Location(self.id, self.name, self.uid or None, self.entity_row)


class _Heading(Shape):
    id: Id
    title: Text = ""
    status: Word = "UNKNOWN"

    def value(self) -> RunHeading:
        return RunHeading(self.id, self.title, self.status)


class InventoryShape(EntityShape):
    """An inventory, with open and closed runs."""

    id: Id
    part: PartShape
    quantity: Quantity
    status: Word | None = None
    state: Word | None = None
    uid: str | None = None
    serial: str | None = None
    lot: str | None = None
    location: LocationShape | None = None
    etag: str | None = None
    runs: tuple[_Heading, ...] | None = None

    def value(self) -> Inventory:
        """Return the noun."""
        return Inventory(
            id=self.id,
            part=self.part.value(),
            quantity=self.quantity,
            status=self.status or self.state or "UNKNOWN",
            uid=self.uid or None,
            serial=self.serial or None,
            lot=self.lot or None,
            location=self.location.value() if self.location else None,
            etag=self.etag,
            entity_id=self.entity_row,
            runs=tuple(run.value() for run in self.runs or () if run.status not in _CLOSED),
        )


class _KitItem(Shape):
    id: Id
    part: PartShape
    quantity: Quantity

    def value(self) -> KitItem:
        return KitItem(self.id, self.part.value(), self.quantity)


class KitShape(EntityShape):
    """A kit with what belongs in it."""

    id: Id
    status: Word
    uid: str | None = None
    location: LocationShape | None = None
    items: Annotated[tuple[_KitItem, ...], BeforeValidator(rows_of)] = ()

    def value(self) -> Kit:
        """Return the noun."""
        return Kit(
            id=self.id,
            status=self.status,
            uid=self.uid or None,
            location=self.location.value() if self.location else None,
            items=tuple(item.value() for item in self.items),
            entity_id=self.entity_row,
        )


class TemplateShape(Shape):
    """A label that ION draws."""

    id: Id
    name: Text = ""
    entity_type: Word = ""

    def value(self) -> LabelTemplate:
        """Return the noun."""
        return LabelTemplate(self.id, self.name or f"template {self.id}", self.entity_type)
