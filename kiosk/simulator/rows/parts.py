"""The catalogue: parts, what they are made of, what they are counted in."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

__all__ = ["Attribute", "MBomItem", "Part", "PartProcedure", "PartSubtype", "Tracking", "UnitOfMeasurement"]


class Tracking(StrEnum):
    """How single pieces of a part are told apart; None in a part is untracked."""

    SERIAL = "SERIAL"
    LOT = "LOT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """A custom value of an object, with a lock of its own."""

    key: str
    value: str | None
    etag: str
    type: str = "STRING"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitOfMeasurement:
    """What a quantity counts."""

    id: int
    etag: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartSubtype:
    """A tag on parts."""

    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part number in one revision: an entry of the catalogue."""

    id: int
    etag: str
    part_number: str
    revision: str
    description: str | None
    tracking_type: Tracking | None
    part_type: str = "PART"
    status: str = "RELEASED"
    purchase_type: str = "RECEIVABLE_INVENTORY"
    unit_of_measure_id: int | None = None
    subtype_ids: tuple[int, ...] = ()
    maintenance_interval_seconds: int | None = None
    thumbnail_id: int | None = None
    attributes: tuple[Attribute, ...] = ()
    created: datetime | None = None

    @property
    def inventoried(self) -> bool:
        """Whether it is kept as inventory, not only bought and received."""
        return self.purchase_type == "RECEIVABLE_INVENTORY"


@dataclass(frozen=True, slots=True, kw_only=True)
class MBomItem:
    """A line of a part's bill of materials."""

    id: int
    etag: str
    parent_part_id: int
    """The assembly."""
    part_id: int
    quantity: Decimal
    reference_designators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PartProcedure:
    """A procedure that a part is made or inspected by."""

    id: int
    part_id: int
    procedure_id: int
    inspect_on_receipt: bool = False
