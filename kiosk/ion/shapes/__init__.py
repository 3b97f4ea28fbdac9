"""ION's JSON as the kiosk's documents ask for it, field by field.

The documents give every field the kiosk's own name, so one set of shapes serves all dialects.
"""

from kiosk.ion.shapes.orders import LineShape, OrderShape, PatternShape, ReceiptItem, ReceiptState
from kiosk.ion.shapes.runs import IssueShape, ProcedureShape, RunShape, field_value
from kiosk.ion.shapes.stock import (
    InventoryShape,
    KitShape,
    LocationShape,
    PartShape,
    TemplateShape,
)
from kiosk.ion.shapes.values import rich_text, rows_of

__all__ = [
    "InventoryShape",
    "IssueShape",
    "KitShape",
    "LineShape",
    "LocationShape",
    "OrderShape",
    "PartShape",
    "PatternShape",
    "ProcedureShape",
    "ReceiptItem",
    "ReceiptState",
    "RunShape",
    "TemplateShape",
    "field_value",
    "rich_text",
    "rows_of",
]
