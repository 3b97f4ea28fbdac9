"""A label design as values: the fields it takes and the elements it draws, in millimetres.

Coordinates run from the label's top left corner, right and down.
"""

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from printers.errors import LabelInvalid
from printers.template import Condition, Template

LONGEST_VALUE: Final = 7089
"""Characters; what the largest QR code holds of digits, and no symbol holds more."""


class Align(StrEnum):
    """Where something narrower than its box stands in it."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class VerticalAlign(StrEnum):
    """Where lines that do not fill their box stand in it."""

    TOP = "top"
    MIDDLE = "middle"
    BOTTOM = "bottom"


class Fit(StrEnum):
    """What happens to a text that is too long even at its smallest size."""

    ELLIPSIS = "ellipsis"
    """Its end is cut and marked with an ellipsis."""
    WHOLE = "whole"
    """The label is refused: half a serial number is another serial number."""


@dataclass(frozen=True, slots=True)
class Field:
    """One value a design takes."""

    name: str
    required: bool
    sample: str
    """A value as long as those to be expected; the design must be printable with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Text in a box whose top is the top of the first line's capitals."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float
    """Top of the first line's capitals to the last baseline; words wrap where it is more than one line."""
    value: Template
    size_mm: float
    """Height of the capitals; shrinks towards `min_size_mm` until the text fits."""
    min_size_mm: float
    face: str
    align: Align
    valign: VerticalAlign
    fit: Fit
    condition: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Code128:
    """A Code 128 whose bars stand in a box; its quiet zones lie outside the box and inside the label."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float
    value: Template
    module_mm: float
    """Widest module; a whole number of dots at or under it is taken, as wide as the box allows."""
    align: Align
    condition: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Qr:
    """A QR code in a square box, error correction level M or better; quiet zone outside the box."""

    x_mm: float
    y_mm: float
    size_mm: float
    """The module is the largest whole number of dots with which the symbol stands in this."""
    value: Template
    align: Align
    valign: VerticalAlign
    condition: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class DataMatrix:
    """A square Data Matrix ECC 200 in a square box; quiet zone outside the box."""

    x_mm: float
    y_mm: float
    size_mm: float
    value: Template
    align: Align
    valign: VerticalAlign
    condition: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A horizontal or vertical line, given as the box it fills."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float
    condition: Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """The outline of a rectangle."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float
    thickness_mm: float
    condition: Condition


Symbol = Code128 | Qr | DataMatrix
Element = Text | Symbol | Line | Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """One label, language-neutral."""

    name: str
    title: str
    fields: tuple[Field, ...]
    encodes: str
    """Name of the field held in the main symbol: scanning the label gives this field's value."""
    width_mm: float
    height_mm: float
    elements: tuple[Element, ...]

    @property
    def digest(self) -> str:
        """SHA-256 in hex of everything that decides what a label looks like."""
        content = json.dumps(dataclasses.asdict(self), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(content.encode()).hexdigest()

    @property
    def element_names(self) -> tuple[str, ...]:
        """What messages call each element: its kind, and which of that kind in the file."""
        counts: dict[str, int] = {}
        names = []
        for element in self.elements:
            kind = type(element).__name__.lower()
            counts[kind] = counts.get(kind, 0) + 1
            names.append(f"{kind} {counts[kind]}")
        return tuple(names)

    @property
    def samples(self) -> dict[str, str]:
        """A value for every field."""
        return {field.name: field.sample for field in self.fields}

    def check_values(self, values: Mapping[str, str]) -> None:
        """Make sure that values are exactly those the design takes.

        Raises:
            LabelInvalid: A field the design does not have, a required one without a value, or one that is
                longer than anything printable.
        """
        known = {field.name for field in self.fields}
        if unknown := sorted(set(values) - known):
            raise LabelInvalid(
                f"label {self.name!r}: expected only the fields {', '.join(sorted(known))}, "
                f"got also {', '.join(map(repr, unknown))}"
            )
        for name, value in values.items():
            if len(value) > LONGEST_VALUE:
                raise LabelInvalid(
                    f"label {self.name!r}: {name}: "
                    f"expected at most {LONGEST_VALUE} characters, got {len(value)}"
                )
        for field in self.fields:
            if field.required and not values.get(field.name):
                raise LabelInvalid(
                    f"label {self.name!r}: expected a value for {field.name!r}, "
                    f"got {values.get(field.name)!r}"
                )
