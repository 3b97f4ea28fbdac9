"""The kinds of symbol a label can carry, and what the standards and label heads ask of each."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Symbology(StrEnum):
    """A kind of symbol, by the name that designs use."""

    CODE128 = "code128"
    GS1_128 = "gs1-128"
    CODE39 = "code39"
    ITF14 = "itf14"
    EAN13 = "ean13"
    QR = "qr"
    MICRO_QR = "micro-qr"
    DATAMATRIX = "datamatrix"
    GS1_DATAMATRIX = "gs1-datamatrix"
    AZTEC = "aztec"
    PDF417 = "pdf417"

    @property
    def traits(self) -> "Traits":
        """What holds for every symbol of this kind."""
        return _TRAITS[self]


class Shape(StrEnum):
    """How a kind of symbol fills its box."""

    LINEAR = "linear"
    """Bars as high as the box."""
    SQUARE = "square"
    STACKED = "stacked"
    """Rows of bars, wider than high."""


@dataclass(frozen=True, slots=True)
class Traits:
    """What holds for every symbol of one kind."""

    shape: Shape
    identifier: str
    """AIM symbology identifier (ISO/IEC 15424) a scanner reports for the variant that is written here."""
    quiet_modules: int
    """Blank modules on each side; linear symbols need none above and below."""
    smallest_module_mm: float
    """What label heads print well; a design can allow less, for stock that is read at once and close by."""
    is_gs1: bool = False
    """It holds GS1 element strings and nothing else."""


_BARS_MM: Final = 0.24
"""2 dots at 203 dpi and 3 at 300: about 10 mil."""
_SQUARES_MM: Final = 0.33
"""3 dots at 203 dpi and 4 at 300: about 13 mil."""

# Quiet zones: ISO/IEC 15417, 16388, 16390, 15420 (11 to the left and 7 to the right; both sides get the
# larger one here), 18004 (Micro QR too), 16022, 15438. ISO/IEC 24778 asks Aztec for none; one module keeps
# other ink off its outermost layer.
_TRAITS: Final = {
    Symbology.CODE128: Traits(Shape.LINEAR, "]C0", 10, _BARS_MM),
    Symbology.GS1_128: Traits(Shape.LINEAR, "]C1", 10, _BARS_MM, is_gs1=True),
    Symbology.CODE39: Traits(Shape.LINEAR, "]A0", 10, _BARS_MM),
    Symbology.ITF14: Traits(Shape.LINEAR, "]I1", 10, _BARS_MM),
    Symbology.EAN13: Traits(Shape.LINEAR, "]E0", 11, _BARS_MM),
    Symbology.QR: Traits(Shape.SQUARE, "]Q1", 4, _SQUARES_MM),
    Symbology.MICRO_QR: Traits(Shape.SQUARE, "]Q1", 2, _SQUARES_MM),
    Symbology.DATAMATRIX: Traits(Shape.SQUARE, "]d1", 1, _SQUARES_MM),
    Symbology.GS1_DATAMATRIX: Traits(Shape.SQUARE, "]d2", 1, _SQUARES_MM, is_gs1=True),
    Symbology.AZTEC: Traits(Shape.SQUARE, "]z0", 1, _SQUARES_MM),
    Symbology.PDF417: Traits(Shape.STACKED, "]L2", 2, _BARS_MM),
}
