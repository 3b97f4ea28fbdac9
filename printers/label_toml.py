"""Reads a label design from TOML, and refuses whatever it does not know."""

import tomllib
from collections.abc import Callable
from typing import Any, Final

from printers.errors import LabelInvalid
from printers.fonts import Face
from printers.label import (
    Align,
    Box,
    Code128,
    DataMatrix,
    Design,
    Element,
    Field,
    Fit,
    Line,
    Qr,
    Text,
    VerticalAlign,
)
from printers.template import FIELD_NAME, Condition, Template

_NEEDED: Final = object()
_DESIGN_FACES: Final = tuple(face.value for face in Face if face is not Face.PICTURES)


class _Table:
    """One TOML table, read key by key; `close` refuses what was not read."""

    def __init__(self, where: str, content: object) -> None:
        if not isinstance(content, dict):
            raise LabelInvalid(f"{where}: expected a table, got {content!r}")
        self.where = where
        self._left: dict[str, Any] = dict(content)

    def take(self, key: str, default: object = _NEEDED) -> Any:  # noqa: ANN401 - TOML is untyped until checked
        value = self._left.pop(key, default)
        if value is _NEEDED:
            raise LabelInvalid(f"{self.where}: expected a value for {key!r}, got none")
        return value

    def text(self, key: str, default: object = _NEEDED) -> str:
        value = self.take(key, default)
        if not isinstance(value, str):
            raise LabelInvalid(f"{self.where}: {key}: expected a text, got {value!r}")
        return value

    def millimetres(self, key: str, default: object = _NEEDED) -> float:
        value = self.take(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1000:  # noqa: PLR2004 - no label is a metre long
            raise LabelInvalid(f"{self.where}: {key}: expected millimetres from 0 to 1000, got {value!r}")
        return float(value)

    def choice(self, key: str, choices: tuple[str, ...], default: object = _NEEDED) -> str:
        value = self.text(key, default)
        if value not in choices:
            raise LabelInvalid(f"{self.where}: {key}: expected one of {', '.join(choices)}, got {value!r}")
        return value

    def template(self, key: str) -> Template:
        source = self.text(key)
        try:
            return Template.parse(source)
        except LabelInvalid as error:
            raise LabelInvalid(f"{self.where}: {key}: {error}") from error

    def align(self) -> Align:
        return Align(self.choice("align", tuple(Align), Align.LEFT))

    def valign(self) -> VerticalAlign:
        return VerticalAlign(self.choice("valign", tuple(VerticalAlign), VerticalAlign.TOP))

    def condition(self) -> Condition:
        return Condition(self._names("if"), self._names("unless"))

    def _names(self, key: str) -> tuple[str, ...]:
        value = self.take(key, [])
        names = [value] if isinstance(value, str) else value
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise LabelInvalid(f"{self.where}: {key}: expected a field or a list of fields, got {value!r}")
        return tuple(names)

    def close(self) -> None:
        if self._left:
            raise LabelInvalid(
                f"{self.where}: expected no other keys, got {', '.join(map(repr, sorted(self._left)))}"
            )


def _text(table: _Table) -> Text:
    size_mm = table.millimetres("size_mm")
    return Text(
        x_mm=table.millimetres("x_mm"),
        y_mm=table.millimetres("y_mm"),
        width_mm=table.millimetres("width_mm"),
        height_mm=table.millimetres("height_mm", size_mm),
        value=table.template("value"),
        size_mm=size_mm,
        min_size_mm=table.millimetres("min_size_mm", min(size_mm, 1.6)),
        face=table.choice("face", _DESIGN_FACES, Face.SANS.value),
        align=table.align(),
        valign=table.valign(),
        fit=Fit(table.choice("fit", tuple(Fit), Fit.ELLIPSIS)),
        condition=table.condition(),
    )


def _code128(table: _Table) -> Code128:
    return Code128(
        x_mm=table.millimetres("x_mm"),
        y_mm=table.millimetres("y_mm"),
        width_mm=table.millimetres("width_mm"),
        height_mm=table.millimetres("height_mm"),
        value=table.template("value"),
        module_mm=table.millimetres("module_mm", 0.375),
        align=table.align(),
        condition=table.condition(),
    )


def _square(kind: type[Qr] | type[DataMatrix]) -> Callable[[_Table], Qr | DataMatrix]:
    def read(table: _Table) -> Qr | DataMatrix:
        return kind(
            x_mm=table.millimetres("x_mm"),
            y_mm=table.millimetres("y_mm"),
            size_mm=table.millimetres("size_mm"),
            value=table.template("value"),
            align=table.align(),
            valign=table.valign(),
            condition=table.condition(),
        )

    return read


def _line(table: _Table) -> Line:
    return Line(
        x_mm=table.millimetres("x_mm"),
        y_mm=table.millimetres("y_mm"),
        width_mm=table.millimetres("width_mm"),
        height_mm=table.millimetres("height_mm"),
        condition=table.condition(),
    )


def _box(table: _Table) -> Box:
    return Box(
        x_mm=table.millimetres("x_mm"),
        y_mm=table.millimetres("y_mm"),
        width_mm=table.millimetres("width_mm"),
        height_mm=table.millimetres("height_mm"),
        thickness_mm=table.millimetres("thickness_mm"),
        condition=table.condition(),
    )


_ELEMENTS: Final[dict[str, Callable[[_Table], Element]]] = {
    "line": _line,
    "box": _box,
    "code128": _code128,
    "qr": _square(Qr),
    "datamatrix": _square(DataMatrix),
    "text": _text,
}


def parse_design(name: str, source: str, *, where: str) -> Design:
    """Read one design and check all that needs no symbol to be drawn.

    Args:
        name: What the design is called; its file's name without the ending.
        source: The TOML.
        where: What messages call the source, for example the file's name.

    Raises:
        LabelInvalid: Not TOML, a key that is unknown or of the wrong kind, a field used and not declared or
            declared and not used, or an element outside the label. The message names source and element.
    """
    try:
        root = _Table(where, tomllib.loads(source))
    except tomllib.TOMLDecodeError as error:
        raise LabelInvalid(f"{where}: expected TOML: {error}") from error
    design = Design(
        name=name,
        title=root.text("title"),
        encodes=root.text("encodes"),
        width_mm=root.millimetres("width_mm"),
        height_mm=root.millimetres("height_mm"),
        fields=_fields(_Table(f"{where}: fields", root.take("fields"))),
        elements=tuple(_elements(root, where)),
    )
    root.close()
    _check_fields(design, where)
    for element, label in zip(design.elements, design.element_names, strict=True):
        _check_inside(design, element, f"{where}: {label}")
    return design


def _fields(table: _Table) -> tuple[Field, ...]:
    fields = []
    for name in list(table._left):  # noqa: SLF001 - the table's own keys
        if not FIELD_NAME.fullmatch(name):
            raise LabelInvalid(
                f"{table.where}: expected a name such as serialNumber or part.partNumber, got {name!r}"
            )
        entry = _Table(f"{table.where}: {name}", table.take(name))
        required = entry.take("required", default=False)
        if not isinstance(required, bool):
            raise LabelInvalid(f"{entry.where}: required: expected true or false, got {required!r}")
        fields.append(Field(name, required, entry.text("sample")))
        entry.close()
    return tuple(fields)


def _elements(root: _Table, where: str) -> list[Element]:
    elements = []
    for kind, read in _ELEMENTS.items():
        tables = root.take(kind, [])
        if not isinstance(tables, list):
            raise LabelInvalid(f"{where}: {kind}: expected [[{kind}]], got {tables!r}")
        for number, content in enumerate(tables, 1):
            table = _Table(f"{where}: {kind} {number}", content)
            elements.append(read(table))
            table.close()
    return elements


def _check_fields(design: Design, where: str) -> None:
    declared = {field.name for field in design.fields}
    used = {design.encodes}
    for element, label in zip(design.elements, design.element_names, strict=True):
        names = set() if isinstance(element, Line | Box) else set(element.value.fields)
        names |= set(element.condition.fields)
        if undeclared := sorted(names - declared):
            raise LabelInvalid(
                f"{where}: {label}: expected only declared fields ({', '.join(sorted(declared))}), "
                f"got {', '.join(map(repr, undeclared))}"
            )
        used |= names
    if unused := sorted(declared - used):
        raise LabelInvalid(
            f"{where}: fields: expected every field in an element, not used: {', '.join(unused)}"
        )
    if not any(field.required for field in design.fields if field.name == design.encodes):
        raise LabelInvalid(f"{where}: encodes: expected a required field, got {design.encodes!r}")
    main = [e for e in design.elements if isinstance(e, Code128 | Qr | DataMatrix)]
    if not any(element.value.source == f"${{{design.encodes}}}" for element in main):
        raise LabelInvalid(
            f"{where}: encodes: expected a symbol whose value is '${{{design.encodes}}}' and nothing else"
        )


def _check_inside(design: Design, element: Element, where: str) -> None:
    width_mm, height_mm = (
        (element.size_mm, element.size_mm)
        if isinstance(element, Qr | DataMatrix)
        else (element.width_mm, element.height_mm)
    )
    if not width_mm or not height_mm or (isinstance(element, Text) and not element.min_size_mm):
        raise LabelInvalid(f"{where}: expected a size, got {width_mm:g} x {height_mm:g} mm")
    if isinstance(element, Text) and not element.min_size_mm <= element.size_mm <= height_mm:
        raise LabelInvalid(
            f"{where}: expected min_size_mm <= size_mm <= height_mm, "
            f"got {element.min_size_mm:g}, {element.size_mm:g} and {height_mm:g} mm"
        )
    for side, start_mm, extent_mm, room_mm in (
        ("width", element.x_mm, width_mm, design.width_mm),
        ("height", element.y_mm, height_mm, design.height_mm),
    ):
        if start_mm + extent_mm > room_mm + 1e-9:
            raise LabelInvalid(
                f"{where}: outside the label: "
                f"wants {start_mm + extent_mm:g} mm of its {side}, had {room_mm:g} mm"
            )
