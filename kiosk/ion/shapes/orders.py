"""Purchase orders, receipts and barcode patterns in ION's JSON."""

import json
from typing import Annotated, Any

from pydantic import BeforeValidator

from kiosk.barcodes import Pattern
from kiosk.ion.shapes.stock import InventoryShape, PartShape
from kiosk.ion.shapes.values import Id, Quantity, Shape, Text, Word, id_of, rows_of
from kiosk.model import Order, OrderLine

__all__ = ["LineShape", "OrderShape", "PatternShape", "ReceiptItem", "ReceiptState"]


class LineShape(Shape):
    """A line of an order."""

    id: Id
    part: PartShape | None = None
    ordered: Quantity
    received: Quantity
    description: Text = ""
    status: Word = "UNKNOWN"
    number: Annotated[Text, BeforeValidator(id_of)] = ""

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


class _Supplier(Shape):
    name: Text = ""


class OrderShape(Shape):
    """An order with its lines."""

    id: Id
    number: Annotated[str, BeforeValidator(id_of)]
    status: Word
    supplier: _Supplier | None = None
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


class PatternShape(Shape):
    """A barcode pattern: an expression, or ION's field names and the keys of a barcode's JSON."""

    id: Id
    type: Word
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


class ReceiptItem(Shape):
    """One thing that a receipt says was received."""

    id: Id
    quantity: Quantity
    line: LineShape
    inventory: InventoryShape | None = None


class ReceiptState(Shape):
    """A receipt as ION shows it now."""

    id: Id
    etag: str
    note: Text = ""
    order: OrderShape | None = None
    items: Annotated[tuple[ReceiptItem, ...], BeforeValidator(rows_of)] = ()
