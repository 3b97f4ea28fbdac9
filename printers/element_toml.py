"""Reads the elements of a label design from TOML."""

import base64
import binascii
import re
from collections.abc import Callable
from functools import partial
from typing import Final, TypeAlias, TypedDict

from printers.errors import LabelInvalid
from printers.fonts import DESIGN_FACES, Face
from printers.label import (
    Align,
    Box,
    Colour,
    Element,
    Fit,
    Image,
    Line,
    Ruler,
    RulerUnit,
    Symbol,
    Table,
    Text,
    VerticalAlign,
)
from printers.picture import check_png
from printers.symbology import Shape, Symbology
from printers.template import Condition
from printers.toml_table import TomlTable

ReadFile: TypeAlias = Callable[[str], bytes]
"""Returns the bytes of a file beside the design, by name; raises OSError."""

_DESIGN_FACES: Final = tuple(face.value for face in DESIGN_FACES)
_FILE_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.png")
_LINEAR_MODULE_MM: Final = 0.375
_SMALLEST_TEXT_MM: Final = 1.6
_INVERSE_PADDING_MM: Final = 1.0
_MOST_ACROSS: Final = 20
_PDF417_COLUMNS: Final = 30
_CORRECTIONS: Final = {
    Symbology.QR: ("L", "M", "Q", "H"),
    Symbology.MICRO_QR: ("L", "M", "Q"),
    Symbology.AZTEC: ("10%", "23%", "36%", "50%"),
    Symbology.PDF417: tuple("012345678"),
}


class _Place(TypedDict):
    """What every element has."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float
    condition: Condition


class _Turns(TypedDict):
    """What an element with content of its own size has."""

    align: Align
    valign: VerticalAlign
    turns: int


def _place(table: TomlTable, width_mm: float | None = None, height_mm: float | None = None) -> _Place:
    """Take where an element stands; a side that is given is not asked for."""
    return {
        "x_mm": table.millimetres("x_mm"),
        "y_mm": table.millimetres("y_mm"),
        "width_mm": table.millimetres("width_mm") if width_mm is None else width_mm,
        "height_mm": table.millimetres("height_mm") if height_mm is None else height_mm,
        "condition": table.condition(),
    }


def _turns(table: TomlTable) -> _Turns:
    return {"align": table.align(), "valign": table.valign(), "turns": table.turns()}


def _colour(table: TomlTable) -> Colour:
    """Take a colour."""
    return Colour(table.choice("colour", tuple(Colour), Colour.BLACK))


def _check_black(table: TomlTable) -> None:
    """Refuse a symbol in red: laser scanners see by red light, in which red bars are white."""
    if _colour(table) is not Colour.BLACK:
        raise LabelInvalid(
            f"{table.where}: colour: expected black for a symbol, since scanners see by red light, in which "
            f"red bars are white, got 'red'"
        )


def _text(table: TomlTable) -> Text:
    size_mm = table.millimetres("size_mm")
    is_inverse = table.flag("inverse")
    turned = _turns(table)
    # Across its own direction a text is one line high, unless it says otherwise.
    across = "width_mm" if turned["turns"] % 2 else "height_mm"
    across_mm = table.millimetres(across, size_mm)
    return Text(
        **(_place(table, width_mm=across_mm) if turned["turns"] % 2 else _place(table, height_mm=across_mm)),
        **turned,
        value=table.template("value"),
        size_mm=size_mm,
        min_size_mm=table.millimetres("min_size_mm", min(size_mm, _SMALLEST_TEXT_MM)),
        face=table.choice("face", _DESIGN_FACES, Face.SANS.value),
        fit=Fit(table.choice("fit", tuple(Fit), Fit.ELLIPSIS)),
        is_inverse=is_inverse,
        padding_mm=table.millimetres("padding_mm", _INVERSE_PADDING_MM) if is_inverse else 0.0,
        colour=_colour(table),
    )


def _symbol(symbology: Symbology, table: TomlTable) -> Symbol:
    traits = symbology.traits
    side_mm = table.millimetres("size_mm") if traits.shape is Shape.SQUARE else None
    module_mm = table.optional_millimetres("module_mm")
    if module_mm is None and traits.shape is Shape.LINEAR:
        module_mm = _LINEAR_MODULE_MM
    _check_black(table)
    has_correction = symbology in _CORRECTIONS and "correction" in table.keys()  # noqa: SIM118 - not a dict
    return Symbol(
        **_place(table, side_mm, side_mm),
        **_turns(table),
        symbology=symbology,
        value=table.gs1_template("value") if traits.is_gs1 else table.template("value"),
        module_mm=module_mm,
        min_module_mm=table.optional_millimetres("min_module_mm"),
        correction=table.choice("correction", _CORRECTIONS[symbology]) if has_correction else "",
        columns=table.count("columns", 0, 0, _PDF417_COLUMNS) if symbology is Symbology.PDF417 else 0,
    )


def _line(table: TomlTable) -> Line:
    return Line(**_place(table), colour=_colour(table))


def _box(table: TomlTable) -> Box:
    return Box(**_place(table), thickness_mm=table.millimetres("thickness_mm"), colour=_colour(table))


def _image(read_file: ReadFile | None, table: TomlTable) -> Image:
    return Image(
        **_place(table),
        **_turns(table),
        png=_png(read_file, table),
        is_dithered=table.flag("dither"),
        colour=_colour(table),
    )


def _png(read_file: ReadFile | None, table: TomlTable) -> bytes:
    """Take the picture of an image: the name of a file, or its bytes as base64."""
    name, data = table.text("file", ""), table.text("data", "")
    if bool(name) == bool(data):
        raise LabelInvalid(
            f"{table.where}: expected either file or data, got both"
            if name
            else f"{table.where}: expected either file or data, got neither"
        )
    if data:
        try:
            png = base64.b64decode("".join(data.split()), validate=True)
        except binascii.Error as error:
            raise LabelInvalid(f"{table.where}: data: expected base64") from error
    else:
        if not _FILE_NAME.fullmatch(name):
            raise LabelInvalid(
                f"{table.where}: file: expected the name of a .png beside the design, got {name!r}"
            )
        if read_file is None:
            raise LabelInvalid(f"{table.where}: file: expected data, as there is no folder to read from")
        try:
            png = read_file(name)
        except OSError as error:
            raise LabelInvalid(
                f"{table.where}: file: expected a readable file, got {name!r} "
                f"(the system says: {error.strerror})"
            ) from error
    check_png(png, where=table.where)
    return png


def _ruler(table: TomlTable) -> Ruler:
    unit = RulerUnit(table.choice("unit", tuple(RulerUnit), RulerUnit.MM))
    return Ruler(**_place(table), unit=unit)


def _table(read_file: ReadFile | None, table: TomlTable) -> Table:
    return Table(
        **_place(table),
        rows=table.text("rows"),
        row_height_mm=table.millimetres("row_height_mm"),
        across=table.count("across", 1, 1, _MOST_ACROSS),
        elements=read_elements(table, read_file, is_within_row=True),
    )


def read_elements(
    table: TomlTable, read_file: ReadFile | None, *, is_within_row: bool = False
) -> tuple[Element, ...]:
    """Take all elements out of a table; they are drawn in the order of their kinds here.

    Args:
        table: A design, or one of its tables.
        read_file: Reads the picture of an image.
        is_within_row: There are no tables within a table.

    Raises:
        LabelInvalid: A key that is unknown, missing or of the wrong kind. The message names the element.
    """
    kinds: dict[str, Callable[[TomlTable], Element]] = {
        "line": _line,
        "box": _box,
        "ruler": _ruler,
        "image": partial(_image, read_file),
        **{symbology.value: partial(_symbol, symbology) for symbology in Symbology},
        "text": _text,
    }
    if not is_within_row:
        kinds["table"] = partial(_table, read_file)
    elements = []
    for kind, read in kinds.items():
        for number, content in enumerate(table.tables(kind), 1):
            inner = TomlTable(f"{table.where}: {kind} {number}", content)
            elements.append(read(inner))
            inner.close()
    return tuple(elements)
