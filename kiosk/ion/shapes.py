"""ION's JSON as the kiosk's documents ask for it, field by field.

The documents give every field the kiosk's own name, so one set of shapes serves all dialects.
"""

import json
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from kiosk.barcodes import Pattern
from kiosk.model import Inventory, Location, Order, OrderLine, Part, Run, RunHeading, RunStep, Tracking

__all__ = [
    "InventoryShape",
    "LineShape",
    "LocationShape",
    "OrderShape",
    "PartShape",
    "PatternShape",
    "ReceiptItem",
    "ReceiptState",
    "RunShape",
    "rows_of",
]

_CLOSED: Final = frozenset({"COMPLETE", "PARTIAL_COMPLETE", "CANCELED", "CANCELLED"})
_PLACES: Final = Decimal("0.000000001")
_DIGITS: Final = 15


def rows_of(value: object) -> list[object]:
    """Return the objects of a list, of a connection (``edges``/``node``) or of a single answer; of null none.

    Raises:
        ValueError: a connection is not built like one.
    """
    if value is None:
        return []
    if isinstance(value, list | tuple):
        return list(value)
    if isinstance(value, dict) and "edges" in value:
        edges = value["edges"]
        if not isinstance(edges, list) or not all(isinstance(edge, dict) for edge in edges):
            raise ValueError("expected a list of edges with a node each")
        return [edge.get("node") for edge in edges]
    return [value]


def _text(value: object) -> object:
    return "" if value is None else value


def _id(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _quantity(value: object) -> object:
    """Accept a JSON number or a decimal text; no exponent is worked out before its size is checked."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise ValueError("expected a number")  # noqa: TRY004  what pydantic turns into a fault
    try:
        number = Decimal(value)
    except ArithmeticError:
        raise ValueError("expected a number") from None
    if not number.is_finite() or number.adjusted() >= _DIGITS:
        raise ValueError(f"expected a quantity of at most {_DIGITS} digits")
    # Servers that compute in binary answer 0.30000000000000004; ION keeps nothing finer than this.
    rounded = number.quantize(_PLACES).normalize()
    return rounded if rounded.as_tuple().exponent <= 0 else rounded.quantize(Decimal(1))  # type: ignore[operator]


def _word(value: object) -> object:
    return value.strip().upper() if isinstance(value, str) else "UNKNOWN" if value is None else value


def _tracking(value: object) -> object:
    word = value.lower() if isinstance(value, str) else ""
    return word if word in {Tracking.SERIAL, Tracking.LOT} else Tracking.NONE


_Id = Annotated[str, BeforeValidator(_id), Field(min_length=1, max_length=200)]
_Text = Annotated[str, BeforeValidator(_text)]
_Quantity = Annotated[Decimal, BeforeValidator(_quantity)]
_Word = Annotated[str, BeforeValidator(_word)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class PartShape(_Shape):
    """A part."""

    id: _Id
    number: str
    revision: _Text = ""
    description: _Text = ""
    tracking: Annotated[Tracking, BeforeValidator(_tracking)] = Tracking.NONE

    def value(self) -> Part:
        """Return the noun."""
        return Part(self.id, self.number, self.revision, self.description, self.tracking)


class LocationShape(_Shape):
    """A location."""

    id: _Id
    name: str
    uid: str | None = None

    def value(self) -> Location:
        """Return the noun."""
        return Location(self.id, self.name, self.uid or None)


class _Heading(_Shape):
    id: _Id
    title: _Text = ""
    status: _Word = "UNKNOWN"

    def value(self) -> RunHeading:
        return RunHeading(self.id, self.title, self.status)


class InventoryShape(_Shape):
    """An inventory, with open and closed runs."""

    id: _Id
    part: PartShape
    quantity: _Quantity
    status: _Word = "UNKNOWN"
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
            status=self.status,
            uid=self.uid or None,
            serial=self.serial or None,
            lot=self.lot or None,
            location=self.location.value() if self.location else None,
            etag=self.etag,
            runs=tuple(run.value() for run in self.runs or () if run.status not in _CLOSED),
        )


class LineShape(_Shape):
    """A line of an order."""

    id: _Id
    part: PartShape | None = None
    ordered: _Quantity
    received: _Quantity
    description: _Text = ""
    status: _Word = "UNKNOWN"
    number: Annotated[_Text, BeforeValidator(_id)] = ""

    def value(self) -> OrderLine:
        """Return the noun."""
        return OrderLine(
            id=self.id,
            part=self.part.value() if self.part else None,
            ordered=self.ordered,
            received=self.received,
            description=self.description,
            status=self.status,
            number=self.number,
        )


class _Named(_Shape):
    name: _Text = ""
    title: _Text = ""


class OrderShape(_Shape):
    """An order with its lines."""

    id: _Id
    number: Annotated[str, BeforeValidator(_id)]
    status: _Word
    supplier: _Named | None = None
    lines: Annotated[tuple[LineShape, ...], BeforeValidator(rows_of)]

    def value(self) -> Order:
        """Return the noun."""
        return Order(
            id=self.id,
            number=self.number,
            status=self.status,
            supplier=self.supplier.name if self.supplier else "",
            lines=tuple(line.value() for line in self.lines),
        )


class _Step(_Shape):
    id: _Id
    title: _Text = ""
    status: _Word
    position: int = 0
    etag: str | None = None
    upstream: tuple[_Id, ...] | None = None
    parent: _Id | None = None

    def value(self) -> RunStep:
        return RunStep(
            self.id, self.title, self.status, self.position, self.etag, self.upstream or (), self.parent
        )


class _BuiltPart(_Shape):
    number: _Text = ""


class _BuiltInventory(_Shape):
    id: _Id
    serial: str | None = None
    part: _BuiltPart | None = None


class RunShape(_Shape):
    """A run with its steps."""

    id: _Id
    title: _Text = ""
    status: _Word
    uid: str | None = None
    etag: str | None = None
    procedure: _Named | None = None
    inventory: _BuiltInventory | None = None
    steps: Annotated[tuple[_Step, ...], BeforeValidator(rows_of)] = ()

    def value(self) -> Run:
        """Return the noun."""
        built = self.inventory
        return Run(
            id=self.id,
            title=self.title,
            status=self.status,
            uid=self.uid or None,
            etag=self.etag,
            procedure=self.procedure.title if self.procedure else "",
            part_number=built.part.number if built and built.part else "",
            serial=(built.serial or None) if built else None,
            inventory_id=built.id if built else None,
            steps=tuple(sorted((step.value() for step in self.steps), key=lambda step: step.position)),
        )


class PatternShape(_Shape):
    """A barcode pattern: an expression, or ION's field names and the keys of a barcode's JSON."""

    id: _Id
    type: _Word
    expression: str | None = None
    map: str | None = None

    def value(self) -> Pattern:
        """Return the pattern; one that cannot be read stays, with its fault."""
        json_map = _json_map(self.map) if self.map else None
        return Pattern(self.id, self.type, self.expression or None, json_map)


def _json_map(text: str) -> dict[str, str]:
    """Return a map of texts, an empty one where it is none: ``Pattern.fault`` says so then."""
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    is_map = isinstance(found, dict) and all(isinstance(key, str) for key in found.values())
    return dict(found) if is_map else {}


class ReceiptItem(_Shape):
    """One thing that a receipt says was received."""

    id: _Id
    quantity: _Quantity
    line: LineShape
    inventory: InventoryShape | None = None


class ReceiptState(_Shape):
    """A receipt as ION shows it now."""

    id: _Id
    etag: str
    note: _Text = ""
    order: OrderShape | None = None
    items: Annotated[tuple[ReceiptItem, ...], BeforeValidator(rows_of)] = ()
