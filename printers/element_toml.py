"""Reads the elements of a label design from TOML."""

import base64
import binascii
import re
from collections.abc import Callable
from functools import partial
from typing import Final, TypeAlias

from printers.errors import LabelInvalid
from printers.fonts import DESIGN_FACES, Face
from printers.label import Box, Element, Fit, Image, Line, Ruler, RulerUnit, Symbol, Table, Text
from printers.picture import check_png
from printers.symbology import Shape, Symbology
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


def _text(table: TomlTable) -> Text:
    size_mm = table.millimetres("size_mm")
    is_inverse = table.flag("inverse")
    turns = table.turns()
    # What is left out is one line high, across the text's own direction.
    sides = ("height_mm", "width_mm") if turns % 2 else ("width_mm", "height_mm")
    extent = {sides[0]: table.millimetres(sides[0]), sides[1]: table.millimetres(sides[1], size_mm)}
    return Text(
        x_mm=table.millimetres("x_mm"),
        y_mm=table.millimetres("y_mm"),
        width_mm=extent["width_mm"],
        height_mm=extent["height_mm"],
        value=table.template("value"),
        size_mm=size_mm,
        min_size_mm=table.millimetres("min_size_mm", min(size_mm, _SMALLEST_TEXT_MM)),
        face=table.choice("face", _DESIGN_FACES, Face.SANS.value),
        align=table.align(),
        valign=table.valign(),
        turns=turns,
        fit=Fit(table.choice("fit", tuple(Fit), Fit.ELLIPSIS)),
        is_inverse=is_inverse,
        padding_mm=table.millimetres("padding_mm", _INVERSE_PADDING_MM) if is_inverse else 0.0,
        condition=table.condition(),
    )


def _symbol(symbology: Symbology, table: TomlTable) -> Symbol:
    traits = symbology.traits
    if traits.shape is Shape.SQUARE:
        width_mm = height_mm = table.millimetres("size_mm")
    else:
        width_mm, height_mm = table.millimetres("width_mm"), table.millimetres("height_mm")
    module_mm = table.optional_millimetres("module_mm")
    if module_mm is None and traits.shape is Shape.LINEAR:
        module_mm = _LINEAR_MODULE_MM
    has_correction = symbology in _CORRECTIONS and "correction" in table.keys()  # noqa: SIM118 - not a dict
    correction = table.choice("correction", _CORRECTIONS[symbology]) if has_correction else ""
    return Symbol(
        symbology=symbology,
        x_mm=table.millimetres("x_mm"),
        y_mm=table.millimetres("y_mm"),
        width_mm=width_mm,
        height_mm=height_mm,
        value=table.gs1_template("value") if traits.is_gs1 else table.template("value"),
        module_mm=module_mm,
        min_module_mm=table.optional_millimetres("min_module_mm"),
        correction=correction,
        columns=table.count("columns", 0, 0, _PDF417_COLUMNS) if symbology is Symbology.PDF417 else 0,
        align=table.align(),
        valign=table.valign(),
        turns=table.turns(),
        condition=table.condition(),
    )


def _line(table: TomlTable) -> Line:
    return Line(
        x_mm=table.millimetres("x_mm"),
        y_mm=table.millimetres("y_mm"),
        width_mm=table.millimetres("width_mm"),
        height_mm=table.millimetres("height_mm"),
        condition=table.condition(),
    )


def _box(table: TomlTable) -> Box:
    return Box(
        x_mm=table.millimetres("x_mm"),
        y_mm=table.millimetres("y_mm"),
        width_mm=table.millimetres("width_mm"),
        height_mm=table.millimetres("height_mm"),
        thickness_mm=table.millimetres("thickness_mm"),
        condition=table.condition(),
    )


def _image(read_file: ReadFile | None, table: TomlTable) -> Image:
    return Image(
        x_mm=table.millimetres("x_mm"),
        y_mm=table.millimetres("y_mm"),
        width_mm=table.millimetres("width_mm"),
        height_mm=table.millimetres("height_mm"),
        png=_png(read_file, table),
        is_dithered=table.flag("dither"),
        align=table.align(),
        valign=table.valign(),
        turns=table.turns(),
        condition=table.condition(),
    )


def _png(read_file: ReadFile | None, table: TomlTable) -> bytes:
    """Take the picture of an image: the name of a file, or its bytes as base64."""
    name, data = table.text("file", ""), table.text("data", "")
    if bool(name) == bool(data):
        raise LabelInvalid(
            f"{table.where}: expected either file or data, got {'both' if name else 'neither'}"
        )
    if data:
        try:
            png = base64.b64decode("".join(data.split()), validate=True)
        except binascii.Error as error:
            raise LabelInvalid(f"{table.where}: data: expected base64: {error}") from error
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
            raise LabelInvalid(f"{table.where}: file: expected a readable file: {error}") from error
    check_png(png, where=table.where)
    return png


def _ruler(table: TomlTable) -> Ruler:
    return Ruler(
        x_mm=table.millimetres("x_mm"),
        y_mm=table.millimetres("y_mm"),
        width_mm=table.millimetres("width_mm"),
        height_mm=table.millimetres("height_mm"),
        unit=RulerUnit(table.choice("unit", tuple(RulerUnit), RulerUnit.MM)),
        condition=table.condition(),
    )


def _table(read_file: ReadFile | None, table: TomlTable) -> Table:
    return Table(
        x_mm=table.millimetres("x_mm"),
        y_mm=table.millimetres("y_mm"),
        width_mm=table.millimetres("width_mm"),
        height_mm=table.millimetres("height_mm"),
        rows=table.text("rows"),
        row_height_mm=table.millimetres("row_height_mm"),
        across=table.count("across", 1, 1, _MOST_ACROSS),
        condition=table.condition(),
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
