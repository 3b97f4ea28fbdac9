"""What was bought."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from kiosk.model.stock import Part


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A purchase order line; ``part`` is ``None`` for services."""

    id: str
    part: Part | None
    ordered: Decimal
    received: Decimal
    description: str = ""
    status: str = ""
    number: str = ""
    """The line's number on the order, empty where ION does not tell."""

    @property
    def remaining(self) -> Decimal:
        """Return what ION still expects, never below zero."""
        return max(self.ordered - self.received, Decimal(0))

    @property
    def key(self) -> str:
        """Return the subject under which receipts on this line are kept in order."""
        return f"order-line/{self.id}"


@dataclass(frozen=True, slots=True)
class Order:
    """A purchase order; ION receives only against one that is ``ORDERED`` or ``PARTIALLY_RECEIVED``."""

    id: str
    number: str
    status: str
    supplier: str = ""
    lines: tuple[OrderLine, ...] = ()
    kind: Literal["order"] = "order"

    @property
    def key(self) -> str:
        """Return the name under which the kiosk's tables and screens know this order."""
        return f"order/{self.id}"
