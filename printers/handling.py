"""How one printer treats its labels: speed, darkness, cutting, peeling, and where its paper really lies."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from printers.errors import LabelInvalid

LARGEST_OFFSET_MM: Final = 20.0
MOST_COPIES: Final = 999


class Cut(StrEnum):
    """What a printer's cutter does after each label."""

    NO = "no"
    FULL = "full"
    HALF = "half"
    """The label is cut and its backing is not, or a strip is left standing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """How one printer treats its labels; None leaves what is set on the printer.

    Raises:
        LabelInvalid: A value that no printer has.
    """

    model: str = ""
    """As printed on it, for languages whose printers differ: "QL-820NWB"."""
    is_native: bool = False
    """Symbols, rules and texts as the printer's own commands instead of one picture."""
    speed: int | None = None
    """On the printer's own scale; each language says which."""
    darkness: int | None = None
    """On the printer's own scale; each language says which."""
    cut: Cut | None = None
    peel: bool | None = None
    """Whether it waits after each label until that is taken off its backing."""
    offset_x_mm: float = 0.0
    """Moves the print right; for a printer whose stock does not lie where it believes."""
    offset_y_mm: float = 0.0
    """Moves the print down."""
    copies: int = 1

    def __post_init__(self) -> None:
        for name, value_mm in (("offset_x_mm", self.offset_x_mm), ("offset_y_mm", self.offset_y_mm)):
            if not -LARGEST_OFFSET_MM <= value_mm <= LARGEST_OFFSET_MM:  # refuses NaN too
                raise LabelInvalid(
                    f"{name}={value_mm!r}: expected {-LARGEST_OFFSET_MM:g} to {LARGEST_OFFSET_MM:g} mm"
                )
        if not 1 <= self.copies <= MOST_COPIES:
            raise LabelInvalid(f"copies={self.copies!r}: expected 1 to {MOST_COPIES}")


AS_SET: Final = Handling()
"""Everything stays as it is set on the printer."""
