"""A label design as values: the fields it takes and the elements it draws, in millimetres.

Coordinates run from the label's top left corner, right and down. An element's box is the room it has on the
label; what is turned is turned within it.
"""

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeAlias

from printers.errors import LabelInvalid
from printers.symbology import Symbology
from printers.template import Condition, Gs1Template, Template
from printers.zpl_template import ZplTemplate

LONGEST_VALUE: Final = 7089
"""Characters; what the largest QR code holds of digits, and no symbol holds more."""
MOST_ROWS: Final = 500
MOST_PAGES: Final = 50
"""Labels that one set of values may need; more is a mistake, and a roll of labels."""

Row: TypeAlias = Mapping[str, str]
Values: TypeAlias = Mapping[str, "str | Sequence[Row]"]
"""A text for each field, rows for each table; where an element names the rows, it means their number."""

PAGE: Final = "page"
PAGES: Final = "pages"
"""Always there: which of how many labels this is; both empty where one label holds everything."""


class Align(StrEnum):
    """Where something narrower than its box stands in it."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class VerticalAlign(StrEnum):
    """Where something lower than its box stands in it."""

    TOP = "top"
    MIDDLE = "middle"
    BOTTOM = "bottom"


class Fit(StrEnum):
    """What happens to a text that is too long even at its smallest size."""

    ELLIPSIS = "ellipsis"
    """Its end is cut and marked with an ellipsis."""
    WHOLE = "whole"
    """The label is refused: half a serial number is another serial number."""


class RulerUnit(StrEnum):
    """What the ticks of a ruler count."""

    MM = "mm"
    DOTS = "dots"


@dataclass(frozen=True, slots=True)
class Field:
    """One text a design takes."""

    name: str
    required: bool
    sample: str
    """A value as long as those to be expected; the design must be printable with it."""


@dataclass(frozen=True, slots=True)
class Column:
    """One text in each row of a table."""

    name: str
    required: bool
    samples: tuple[str, ...]
    """One for each sample row, over and over."""


@dataclass(frozen=True, slots=True)
class RowsField:
    """Rows a design takes, for the table that draws them."""

    name: str
    required: bool
    columns: tuple[Column, ...]
    sample_rows: int
    """How many rows the samples have."""

    @property
    def samples(self) -> tuple[dict[str, str], ...]:
        """Rows as those to be expected."""
        return tuple(
            {column.name: column.samples[number % len(column.samples)] for column in self.columns}
            for number in range(self.sample_rows)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What every element has: a box, and when it is drawn."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float
    condition: Condition = field(default_factory=Condition)


class Colour(StrEnum):
    """The colour of an element's ink; red wants stock and a printer that have it."""

    BLACK = "black"
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aligned(Placed):
    """An element whose content can be smaller than its box, and can be turned in it."""

    align: Align = Align.LEFT
    valign: VerticalAlign = VerticalAlign.TOP
    turns: int = 0
    """Quarters clockwise, 0 to 3."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Aligned):
    """Text in a box whose top is the top of the first line's capitals.

    The box reaches to the last baseline; words wrap where it is higher than one line.
    """

    value: Template
    size_mm: float
    """Height of the capitals; shrinks towards `min_size_mm` until the text fits."""
    min_size_mm: float
    face: str
    fit: Fit = Fit.ELLIPSIS
    is_inverse: bool = False
    """White on a box of its colour."""
    padding_mm: float = 0.0
    """How far the box of an inverse text reaches beyond its own."""
    colour: Colour = Colour.BLACK


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol(Aligned):
    """A barcode in a box. Its quiet zone lies outside the box and inside the label.

    Bars are as high as the box; other symbols keep their shape. The module is the largest whole number of
    dots with which the symbol stands in its box.
    """

    symbology: Symbology
    value: Template | Gs1Template
    module_mm: float | None = None
    """No module is larger."""
    min_module_mm: float | None = None
    """No module is smaller; without it what label heads print well."""
    correction: str = ""
    columns: int = 0
    """These two are those of `printers.symbols.encode`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Placed):
    """A horizontal or vertical line, given as the box it fills."""

    colour: Colour = Colour.BLACK


@dataclass(frozen=True, slots=True, kw_only=True)
class Box(Placed):
    """The outline of a rectangle."""

    thickness_mm: float
    colour: Colour = Colour.BLACK


@dataclass(frozen=True, slots=True, kw_only=True)
class Image(Aligned):
    """A picture of the design's own, as large as its box allows."""

    png: bytes
    is_dithered: bool = False
    """Greys become patterns of dots; without it, ink or none."""
    colour: Colour = Colour.BLACK


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruler(Placed):
    """A scale along the longer side of its box, to measure a print or a head with."""

    unit: RulerUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Placed):
    """A part of the label that is repeated for each row, from left to right and downwards.

    What finds no room goes on further labels, which repeat everything else.
    """

    rows: str
    """Name of the design's rows; its elements name the columns `rows.column`."""
    row_height_mm: float
    across: int
    """Rows beside each other."""
    elements: tuple["Element", ...]
    """Their coordinates run from the row's top left corner."""

    @property
    def row_width_mm(self) -> float:
        """Width of one row."""
        return self.width_mm / self.across

    @property
    def capacity(self) -> int:
        """Rows on one label."""
        return self.across * int(self.height_mm / self.row_height_mm + 1e-9)


Element: TypeAlias = Text | Symbol | Line | Box | Image | Ruler | Table


def element_names(elements: Sequence[Element]) -> tuple[str, ...]:
    """Return what messages call each element: its kind, and which of that kind in the file."""
    counts: dict[str, int] = {}
    names = []
    for element in elements:
        kind = element.symbology if isinstance(element, Symbol) else type(element).__name__.lower()
        counts[kind] = counts.get(kind, 0) + 1
        names.append(f"{kind} {counts[kind]}")
    return tuple(names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """One label, language-neutral."""

    name: str
    title: str
    fields: tuple[Field, ...]
    rows: tuple[RowsField, ...] = ()
    encodes: str
    """Name of the field held in the main symbol: scanning the label gives this field's value."""
    width_mm: float
    height_mm: float
    min_dpi: int = 0
    """Coarser heads cannot print it."""
    elements: tuple[Element, ...]
    zpl: ZplTemplate | None = None
    """What ZPL printers get instead of the elements."""

    @property
    def digest(self) -> str:
        """SHA-256 in hex of everything that decides what a label looks like."""
        content = json.dumps(
            dataclasses.asdict(self), sort_keys=True, separators=(",", ":"), default=bytes.hex
        )
        return hashlib.sha256(content.encode()).hexdigest()

    @property
    def element_names(self) -> tuple[str, ...]:
        """What messages call each element."""
        return element_names(self.elements)

    @property
    def takes(self) -> dict[str, bool]:
        """The names of its fields and rows, and whether there must be a value."""
        return {one.name: one.required for one in self.fields} | {
            rows.name: rows.required for rows in self.rows
        }

    @property
    def samples(self) -> dict[str, "str | Sequence[Row]"]:
        """A value for every field, and rows for every table."""
        return {
            **{one.name: one.sample for one in self.fields},
            **{rows.name: rows.samples for rows in self.rows},
        }

    def page_count(self, values: Values) -> int:
        """Return how many labels it takes to draw every row."""
        texts = texts_of(values)
        counts = [
            -(-len(rows_of(values, element.rows)) // element.capacity)
            for element in self.elements
            if isinstance(element, Table) and element.condition.holds(texts)
        ]
        return max(1, *counts) if counts else 1

    def check_values(self, values: Values) -> None:
        """Make sure that values are exactly those the design takes.

        Raises:
            LabelInvalid: A field the design does not have, a required one without a value, or one that is
                longer than anything printable; the same of rows and their columns.
        """
        where = f"label {self.name!r}"
        texts = {one.name: one for one in self.fields}
        tables = {rows.name: rows for rows in self.rows}
        _check_known(values, [*texts, *tables], where)
        for name, value in values.items():
            if name in texts and not isinstance(value, str):
                raise LabelInvalid(f"{where}: {name}: expected a text, got {type(value).__name__}")
            if name in tables and not _is_rows(value):
                raise LabelInvalid(
                    f"{where}: {name}: expected rows, a list of objects with "
                    f"{', '.join(column.name for column in tables[name].columns)}, got {str(value)[:40]!r}"
                )
        given_texts = {name: value for name, value in values.items() if isinstance(value, str)}
        _check_texts(given_texts, self.fields, where)
        for rows in self.rows:
            given = rows_of(values, rows.name)
            if rows.required and not given:
                raise LabelInvalid(f"{where}: expected rows for {rows.name!r}, got none")
            if len(given) > MOST_ROWS:
                raise LabelInvalid(
                    f"{where}: {rows.name}: expected at most {MOST_ROWS} rows, got {len(given)}"
                )
            for number, row in enumerate(given, 1):
                place = f"{where}: {rows.name} row {number}"
                _check_known(row, [column.name for column in rows.columns], place)
                _check_texts(row, rows.columns, place)
        if (pages := self.page_count(values)) > MOST_PAGES:
            raise LabelInvalid(f"{where}: expected rows for at most {MOST_PAGES} labels, got {pages}")


def _is_rows(value: object) -> bool:
    return (
        isinstance(value, Sequence)
        and not isinstance(value, str)
        and all(isinstance(row, Mapping) for row in value)
    )


def texts_of(values: Values) -> dict[str, str]:
    """Return the texts, and for rows their number; nothing where there are none."""
    return {
        name: value if isinstance(value, str) else str(len(value)) for name, value in values.items() if value
    }


def rows_of(values: Values, name: str) -> Sequence[Row]:
    """Return the rows of that name, none where there are none."""
    rows = values.get(name, ())
    return () if isinstance(rows, str) else rows


def elements_in(elements: Sequence[Element]) -> Iterator[tuple[str, Element]]:
    """Yield every element with what messages call it, those of a table after the table."""
    for element, name in zip(elements, element_names(elements), strict=True):
        yield name, element
        if isinstance(element, Table):
            for inner_name, inner in elements_in(element.elements):
                yield f"{name}: {inner_name}", inner


def _check_known(values: Mapping[str, object], known: Sequence[str], where: str) -> None:
    if unknown := sorted(set(values) - set(known)):
        raise LabelInvalid(
            f"{where}: expected only the fields {', '.join(sorted(known))}, "
            f"got also {', '.join(map(repr, unknown))}"
        )


def _check_texts(values: Row, fields: Sequence[Field | Column], where: str) -> None:
    for name, value in values.items():
        if not isinstance(value, str):
            raise LabelInvalid(f"{where}: {name}: expected a text, got {type(value).__name__}")
        if len(value) > LONGEST_VALUE:
            raise LabelInvalid(
                f"{where}: {name}: expected at most {LONGEST_VALUE} characters, got {len(value)}"
            )
    for one in fields:
        if one.required and not values.get(one.name):
            raise LabelInvalid(f"{where}: expected a value for {one.name!r}, got {values.get(one.name)!r}")
