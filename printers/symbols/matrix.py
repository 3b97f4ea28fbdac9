"""What every encoder gives: the modules of one symbol."""

from collections.abc import Iterable
from dataclasses import dataclass

from printers.symbology import Symbology


@dataclass(frozen=True, slots=True)
class Matrix:
    """A symbol's modules, without its quiet zone."""

    symbology: Symbology
    text: str
    width: int
    """In modules."""
    height: int
    """In modules; 1 for a linear symbol, whose bars are drawn as high as its box."""
    modules: bytes
    """One byte a module, row by row: 1 is black."""

    @classmethod
    def of_bars(cls, symbology: Symbology, text: str, bars: Iterable[str]) -> "Matrix":
        """Make a linear symbol from its modules, `1` for black ones."""
        modules = bytes(bar == "1" for bar in bars)
        return cls(symbology, text, len(modules), 1, modules)

    @property
    def quiet(self) -> int:
        """Width of the quiet zone in modules."""
        return self.symbology.traits.quiet_modules

    @property
    def identifier(self) -> str:
        """AIM symbology identifier a scanner reports."""
        return self.symbology.traits.identifier
