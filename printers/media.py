"""The label stock in a printer and the dots its head puts on it."""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from printers.errors import LabelInvalid

MM_PER_INCH: Final = 25.4
LARGEST_SIDE_MM: Final = 1000.0
LARGEST_GAP_MM: Final = 100.0

_NOMINAL_DOTS_PER_MM: Final = {152: 6.0, 203: 8.0}
"""Heads sold as "152 dpi" and "203 dpi" have whole dots to the millimetre (152.4 and 203.2 to the inch)."""


def dots_per_mm(dpi: int) -> float:
    """Return the true pitch of a head sold as so many dots per inch.

    Args:
        dpi: Dots per inch as printed on the printer, for example 203 or 300.

    Returns:
        Dots per millimetre: 8.0 for 203, 11.811 for 300.
    """
    return _NOMINAL_DOTS_PER_MM.get(dpi, dpi / MM_PER_INCH)


class Tracking(StrEnum):
    """How a printer finds where a label begins."""

    GAP = "gap"
    """Die-cut labels with a gap, or holes, between them."""
    MARK = "mark"
    """A black mark on the back."""
    CONTINUOUS = "continuous"
    """It does not: the stock has no end but where it is torn or cut."""


@dataclass(frozen=True, slots=True)
class Media:
    """One size of label at one resolution."""

    width_mm: float
    """Across the print head."""
    height_mm: float
    """Along the feed."""
    dpi: int
    tracking: Tracking | None = None
    """None leaves the printer as it is set, where its language allows that."""
    gap_mm: float = 3.0
    """Height of the gap or the mark, for languages that have to be told."""
    is_two_colour: bool = False
    """Whether the stock turns black and red."""
    has_ribbon: bool | None = None
    """Whether it is printed with ribbon (thermal transfer); None: nobody compares."""

    def __post_init__(self) -> None:
        for name, value_mm in (("width_mm", self.width_mm), ("height_mm", self.height_mm)):
            if not 1 <= value_mm <= LARGEST_SIDE_MM:  # refuses NaN too
                raise LabelInvalid(f"media {name}={value_mm!r}: expected 1 to {LARGEST_SIDE_MM:g} mm")
        if not 0 <= self.gap_mm <= LARGEST_GAP_MM:
            raise LabelInvalid(f"media gap_mm={self.gap_mm!r}: expected 0 to {LARGEST_GAP_MM:g} mm")
        if not 100 <= self.dpi <= 1200:  # noqa: PLR2004 - the range of label heads on the market
            raise LabelInvalid(f"media dpi={self.dpi!r}: expected 100 to 1200 dots per inch")

    @property
    def dots_per_mm(self) -> float:
        """True pitch of the head."""
        return dots_per_mm(self.dpi)

    def dots(self, length_mm: float) -> int:
        """Round a length to whole dots; the only place where millimetres become dots."""
        return math.floor(length_mm * self.dots_per_mm + 0.5)

    @property
    def width_dots(self) -> int:
        """Whole dots that fit across, never more than the stock is wide."""
        return int(self.width_mm * self.dots_per_mm + 1e-6)

    @property
    def height_dots(self) -> int:
        """Whole dots that fit along the feed."""
        return int(self.height_mm * self.dots_per_mm + 1e-6)
