"""What lies on the shelves: parts, places, rows of inventory, kits."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal


class Tracking(StrEnum):
    """How ION tells units of a part apart."""

    SERIAL = "serial"
    LOT = "lot"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Part:
    """A catalogue entry: number plus revision is unique."""

    id: str
    number: str
    revision: str = ""
    description: str = ""
    tracking: Tracking = Tracking.NONE


@dataclass(frozen=True, slots=True)
class Location:
    """A place that holds stock: warehouse, rack, shelf, tote or work centre."""

    id: str
    name: str
    uid: str | None = None
    entity_id: str | None = None
    """What labels are made for; not the location's ``id``."""
    kind: Literal["location"] = "location"

    @property
    def key(self) -> str:
        """Return the name under which the kiosk's tables and screens know this location."""
        return f"location/{self.id}"


@dataclass(frozen=True, slots=True)
class RunHeading:
    """A run as it is named on another subject's screen."""

    id: str
    title: str
    status: str


@dataclass(frozen=True, slots=True)
class Inventory:
    """One row of stock: a unit, a lot at a place, or a quantity at a place."""

    id: str
    part: Part
    quantity: Decimal
    status: str
    uid: str | None = None
    serial: str | None = None
    lot: str | None = None
    location: Location | None = None
    etag: str | None = None
    entity_id: str | None = None
    """What files and labels are attached to; not the row's ``id``."""
    runs: tuple[RunHeading, ...] = ()
    """Runs of this inventory that are neither complete nor canceled."""
    kind: Literal["inventory"] = "inventory"

    @property
    def key(self) -> str:
        """Return the name under which the kiosk's tables and screens know this inventory."""
        return f"inventory/{self.id}"


@dataclass(frozen=True, slots=True)
class Stock:
    """A part together with its rows of inventory."""

    part: Part
    rows: tuple[Inventory, ...] = ()
    kind: Literal["stock"] = "stock"

    @property
    def key(self) -> str:
        """Return the name under which the kiosk's tables and screens know this part."""
        return f"part/{self.part.id}"


@dataclass(frozen=True, slots=True)
class KitItem:
    """One part of a kit and how much of it is wanted."""

    id: str
    part: Part
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Kit:
    """Parts that travel together to where they are built in."""

    id: str
    status: str
    uid: str | None = None
    location: Location | None = None
    """Where it is to be delivered."""
    items: tuple[KitItem, ...] = ()
    entity_id: str | None = None
    """What labels are made for; not the kit's ``id``."""
    kind: Literal["kit"] = "kit"

    @property
    def key(self) -> str:
        """Return the name under which the kiosk's tables and screens know this kit."""
        return f"kit/{self.id}"
