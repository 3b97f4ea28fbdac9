"""Reads a label design from TOML, and refuses whatever it does not know."""

import tomllib
from collections.abc import Sequence

from printers.element_toml import ReadFile, read_elements
from printers.errors import LabelInvalid
from printers.label import (
    MOST_ROWS,
    PAGE,
    PAGES,
    Column,
    Design,
    Element,
    Field,
    RowsField,
    Symbol,
    Table,
    Text,
    element_names,
    elements_in,
)
from printers.template import FIELD_NAME
from printers.toml_table import TomlTable, no_toml
from printers.zpl_template import ZplTemplate

_FINEST_DPI = 1200
_ROUNDED_MM = 1e-9


def parse_design(
    name: str, source: str, *, where: str, read_file: ReadFile | None = None, zpl: str = ""
) -> Design:
    """Read one design and check all that needs no symbol to be drawn.

    Args:
        name: What the design is called; its file's name without the ending.
        source: The TOML.
        where: What messages call the source, for example the file's name.
        read_file: Reads a picture that the design names; without it pictures stand in the design itself.
        zpl: What ZPL printers get instead of the elements, unless the design says it itself.

    Raises:
        LabelInvalid: Not TOML, a key that is unknown or of the wrong kind, a field used and not declared or
            declared and not used, or an element outside the label. The message names source and element.
    """
    try:
        root = TomlTable(where, tomllib.loads(source))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise LabelInvalid(f"{where}: {no_toml(error)}") from error
    design = Design(
        name=name,
        title=root.text("title"),
        encodes=root.text("encodes"),
        width_mm=root.millimetres("width_mm"),
        height_mm=root.millimetres("height_mm"),
        min_dpi=root.count("min_dpi", 0, 0, _FINEST_DPI),
        fields=_fields(TomlTable(f"{where}: fields", root.take("fields"))),
        rows=_rows(TomlTable(f"{where}: rows", root.take("rows", {}))),
        elements=read_elements(root, read_file),
        zpl=_zpl(root, zpl),
    )
    root.close()
    _check_fields(design, where)
    _check_boxes(design, where)
    return design


def _zpl(root: TomlTable, beside: str) -> ZplTemplate | None:
    source = root.text("zpl", beside)
    try:
        return ZplTemplate.parse(source) if source else None
    except LabelInvalid as error:
        raise LabelInvalid(f"{root.where}: {error}") from error


def _fields(table: TomlTable) -> tuple[Field, ...]:
    fields = []
    for name in table.keys():  # noqa: SIM118 - not a dict
        entry = TomlTable(f"{table.where}: {name}", table.take(name))
        _check_name(name, table.where)
        fields.append(Field(name, entry.flag("required"), entry.text("sample")))
        entry.close()
    return tuple(fields)


def _rows(table: TomlTable) -> tuple[RowsField, ...]:
    found = []
    for name in table.keys():  # noqa: SIM118 - not a dict
        entry = TomlTable(f"{table.where}: {name}", table.take(name))
        _check_name(name, table.where)
        found.append(
            RowsField(
                name,
                entry.flag("required"),
                _columns(TomlTable(f"{entry.where}: columns", entry.take("columns"))),
                entry.count("sample_rows", 3, 1, MOST_ROWS),
            )
        )
        entry.close()
    return tuple(found)


def _columns(table: TomlTable) -> tuple[Column, ...]:
    columns = []
    for name in table.keys():  # noqa: SIM118 - not a dict
        entry = TomlTable(f"{table.where}: {name}", table.take(name))
        _check_name(name, table.where)
        samples = entry.texts("sample")
        if not samples:
            raise LabelInvalid(f"{entry.where}: expected a value for 'sample', got none")
        columns.append(Column(name, entry.flag("required"), samples))
        entry.close()
    if not columns:
        raise LabelInvalid(f"{table.where}: expected a column at least, got none")
    return tuple(columns)


def _check_name(name: str, where: str) -> None:
    if not FIELD_NAME.fullmatch(name) or name in {PAGE, PAGES}:
        raise LabelInvalid(f"{where}: expected a name such as serialNumber or part.partNumber, got {name!r}")


def _check_fields(design: Design, where: str) -> None:
    texts = {field.name for field in design.fields}
    if twice := sorted(texts & {rows.name for rows in design.rows}):
        raise LabelInvalid(f"{where}: rows: expected names that are no field's, got {twice[0]!r}")
    names = texts | {rows.name for rows in design.rows}
    used = {design.encodes} | _used(design.elements, design, names, where)
    if design.zpl is not None:
        own = set(design.zpl.fields)
        if undeclared := sorted(own - texts):
            raise LabelInvalid(
                f"{where}: zpl: expected only declared fields ({', '.join(sorted(texts))}), "
                f"got {', '.join(map(repr, undeclared))}"
            )
        used |= own
    columns = {f"{rows.name}.{column.name}" for rows in design.rows for column in rows.columns}
    if unused := sorted((texts | columns) - used):
        raise LabelInvalid(
            f"{where}: fields: expected every field in an element, not used: {', '.join(unused)}"
        )
    if not any(field.required for field in design.fields if field.name == design.encodes):
        raise LabelInvalid(f"{where}: encodes: expected a required field, got {design.encodes!r}")
    if not design.elements and design.zpl is None:
        raise LabelInvalid(f"{where}: expected an element to draw, got none")
    if design.elements and not any(_holds(element, design.encodes) for element in design.elements):
        raise LabelInvalid(
            f"{where}: encodes: expected a symbol whose value is '${{{design.encodes}}}' and nothing else"
        )
    if design.zpl is not None and design.zpl.scanned(design.encodes, {}) is None:
        raise LabelInvalid(f"{where}: zpl: expected '${{{design.encodes}}}' in the data of a symbol")


def _holds(element: Element, field: str) -> bool:
    return isinstance(element, Symbol) and element.value.source == f"${{{field}}}"


def _used(elements: Sequence[Element], design: Design, declared: set[str], where: str) -> set[str]:
    """Return the fields that elements name, all of which must be declared."""
    used: set[str] = set()
    for name, element in zip(element_names(elements), elements, strict=True):
        names = set(element.condition.fields)
        if isinstance(element, Text | Symbol):
            names |= set(element.value.fields)
        if undeclared := sorted(names - declared - {PAGE, PAGES}):
            raise LabelInvalid(
                f"{where}: {name}: expected only declared fields ({', '.join(sorted(declared))}), "
                f"got {', '.join(map(repr, undeclared))}"
            )
        used |= names
        if isinstance(element, Table):
            own = [rows for rows in design.rows if rows.name == element.rows]
            if not own:
                raise LabelInvalid(
                    f"{where}: {name}: rows: expected one of "
                    f"{', '.join(rows.name for rows in design.rows) or 'none, as none are declared'}, "
                    f"got {element.rows!r}"
                )
            columns = {f"{rows.name}.{column.name}" for rows in own for column in rows.columns}
            used |= _used(element.elements, design, declared | columns, f"{where}: {name}")
    return used


def _check_boxes(design: Design, where: str) -> None:
    rooms = {"": (design.width_mm, design.height_mm, "the label")}
    for name, element in elements_in(design.elements):
        table, _, _ = name.rpartition(": ")
        width_mm, height_mm, room = rooms[table]
        if isinstance(element, Table):
            rooms[name] = (element.row_width_mm, element.row_height_mm, "its row")
        _check_size(element, f"{where}: {name}")
        wants_mm = element.x_mm + element.width_mm
        if wants_mm > width_mm + _ROUNDED_MM:
            raise LabelInvalid(
                f"{where}: {name}: outside {room}: wants {wants_mm:g} mm of its width, had {width_mm:g} mm"
            )
        wants_mm = element.y_mm + element.height_mm
        if wants_mm > height_mm + _ROUNDED_MM:
            raise LabelInvalid(
                f"{where}: {name}: outside {room}: wants {wants_mm:g} mm of its height, had {height_mm:g} mm"
            )


def _check_size(element: Element, where: str) -> None:
    if (
        not element.width_mm
        or not element.height_mm
        or (isinstance(element, Text) and not element.min_size_mm)
    ):
        raise LabelInvalid(f"{where}: expected a size, got {element.width_mm:g} x {element.height_mm:g} mm")
    if isinstance(element, Text):
        side, across_mm = (
            ("width_mm", element.width_mm) if element.turns % 2 else ("height_mm", element.height_mm)
        )
        if not element.min_size_mm <= element.size_mm <= across_mm:
            raise LabelInvalid(
                f"{where}: expected min_size_mm <= size_mm <= {side}, "
                f"got {element.min_size_mm:g}, {element.size_mm:g} and {across_mm:g} mm"
            )
    if isinstance(element, Table):
        if not 0 < element.row_height_mm <= element.height_mm:
            raise LabelInvalid(
                f"{where}: expected room for a row, "
                f"wants {element.row_height_mm:g} mm, had {element.height_mm:g} mm"
            )
        if not element.elements:
            raise LabelInvalid(f"{where}: expected an element to draw in each row, got none")
