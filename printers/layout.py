"""Turns a design and its values into a list of things to draw, in whole dots of one printer.

Millimetres are rounded to dots here and nowhere else. Does no I/O but for loading its typefaces.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from printers.errors import LabelInvalid
from printers.fonts import CAP_HEIGHT_EM, Face
from printers.label import Align, Box, Code128, DataMatrix, Design, Element, Fit, Line, Qr, Symbol, Text
from printers.media import Media
from printers.symbols import Matrix, Symbology, encode, smallest_module_dots
from printers.typesetting import LINE_EM, Room, runs, set_text, width_px


@dataclass(frozen=True, slots=True)
class Ink:
    """A filled rectangle."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Characters in one face on one baseline."""

    x: int
    baseline: int
    face: Face
    size_px: int
    text: str


@dataclass(frozen=True, slots=True)
class PlacedSymbol:
    """A symbol at its dots."""

    x: int
    y: int
    module: int
    """Dots a module."""
    height: int
    """In dots: that of the bars, or of the whole matrix."""
    matrix: Matrix

    @property
    def width(self) -> int:
        """In dots, without the quiet zone."""
        return self.matrix.width * self.module

    @property
    def quiet_x(self) -> int:
        """Blank dots left and right."""
        return self.matrix.quiet * self.module

    @property
    def quiet_y(self) -> int:
        """Blank dots above and below."""
        return 0 if self.matrix.height == 1 else self.quiet_x


@dataclass(frozen=True, slots=True)
class Layout:
    """A display list. Nothing in it depends on the printer's language."""

    design: str
    encoded: str
    """Text in the main symbol."""
    width: int
    """In dots."""
    height: int
    ink: tuple[Ink, ...]
    glyphs: tuple[Glyphs, ...]
    symbols: tuple[PlacedSymbol, ...]


def lay_out(design: Design, values: Mapping[str, str], media: Media) -> Layout:
    """Place every element of a label.

    Args:
        design: What the label looks like.
        values: A value for each field; optional ones may be missing or empty. In texts control characters
            are drawn as their pictures, in symbols they are data.
        media: What it is printed on; a smaller label stands in the top left corner.

    Raises:
        LabelInvalid: Values the design does not take or lacks, a label larger than the media, or something
            that does not fit with these values. The message names design and element, millimetres wanted and
            had.
    """
    design.check_values(values)
    if design.width_mm > media.width_mm + 1e-6 or design.height_mm > media.height_mm + 1e-6:
        raise LabelInvalid(
            f"label {design.name!r}: expected media of at least "
            f"{design.width_mm:g} x {design.height_mm:g} mm, got {media.width_mm:g} x {media.height_mm:g} mm"
        )
    sheet = _Sheet(design, values, media)
    for element, name in zip(design.elements, design.element_names, strict=True):
        if element.condition is None or values.get(element.condition):
            sheet.place(element, name)
    return Layout(
        design=design.name,
        encoded=values[design.encodes],
        width=sheet.width,
        height=sheet.height,
        ink=tuple(sheet.ink),
        glyphs=tuple(sheet.glyphs),
        symbols=tuple(sheet.symbols),
    )


class _Sheet:
    """The label being laid out."""

    def __init__(self, design: Design, values: Mapping[str, str], media: Media) -> None:
        size = Media(design.width_mm, design.height_mm, media.dpi)
        self.name = design.name
        self.values = values
        self.pitch = size.dots_per_mm
        self.width, self.height = size.width_dots, size.height_dots
        self.ink: list[Ink] = []
        self.glyphs: list[Glyphs] = []
        self.symbols: list[PlacedSymbol] = []

    def place(self, element: Element, name: str) -> None:
        match element:
            case Text():
                self._text(element, name)
            case Code128() | Qr() | DataMatrix():
                self._symbol(element, name)
            case Line():
                self.ink.append(self._box(element))
            case Box():
                self._outline(element)

    def _dots(self, millimetres: float) -> int:
        return math.floor(millimetres * self.pitch + 0.5)

    def _box(self, element: Line | Box | Text) -> Ink:
        """Round the edges, not the extents, so that elements that touch in the design touch in dots."""
        left, top = self._dots(element.x_mm), self._dots(element.y_mm)
        right = min(self._dots(element.x_mm + element.width_mm), self.width)
        bottom = min(self._dots(element.y_mm + element.height_mm), self.height)
        return Ink(left, top, max(1, right - left), max(1, bottom - top))

    def _outline(self, element: Box) -> None:
        box = self._box(element)
        edge = max(1, self._dots(element.thickness_mm))
        self.ink += [
            Ink(box.x, box.y, box.width, edge),
            Ink(box.x, box.y + box.height - edge, box.width, edge),
            Ink(box.x, box.y, edge, box.height),
            Ink(box.x + box.width - edge, box.y, edge, box.height),
        ]

    def _text(self, element: Text, name: str) -> None:
        value = element.value.fill(self.values)
        box = self._box(element)
        face = Face(element.face)
        room = Room(
            face, box.width, box.height, self._size_px(element.size_mm), self._size_px(element.min_size_mm)
        )
        setting = set_text(value, room, element.fit)
        if not setting.is_whole and element.fit is Fit.WHOLE:
            wanted_mm = width_px(face, room.min_size_px, value) / self.pitch
            raise LabelInvalid(
                f"label {self.name!r}: {name}: {value!r} does not fit: "
                f"wants {wanted_mm:.1f} mm at its smallest, had {element.width_mm:g} mm"
            )
        for number, line in enumerate(setting.lines):
            baseline = box.y + math.floor((CAP_HEIGHT_EM + number * LINE_EM) * setting.size_px + 0.5)
            spare = box.width - math.ceil(width_px(face, setting.size_px, line))
            x = float(box.x + _shift(element.align, spare))
            for run in runs(face, line):
                self.glyphs.append(Glyphs(math.floor(x + 0.5), baseline, run.face, setting.size_px, run.text))
                x += width_px(run.face, setting.size_px, run.text)

    def _size_px(self, cap_height_mm: float) -> int:
        return max(1, math.floor(cap_height_mm * self.pitch / CAP_HEIGHT_EM + 0.5))

    def _symbol(self, element: Symbol, name: str) -> None:
        where = f"label {self.name!r}: {name}"
        try:
            matrix = encode(_SYMBOLOGIES[type(element)], element.value.fill(self.values))
        except LabelInvalid as error:
            raise LabelInvalid(f"{where}: {error}") from error
        left, top = self._dots(element.x_mm), self._dots(element.y_mm)
        if isinstance(element, Code128):
            width_mm, most = element.width_mm, math.floor(element.module_mm * self.pitch + 0.05)
            height = self._dots(element.y_mm + element.height_mm) - top
        else:
            width_mm, most = element.size_mm, self.width
            height = None
        right = min(self._dots(element.x_mm + width_mm), self.width)
        fewest = smallest_module_dots(matrix.symbology, self.pitch)
        if most < fewest:
            raise LabelInvalid(
                f"{where}: module under the printable minimum: wants {fewest / self.pitch:.3f} mm, "
                f"had {most / self.pitch:.3f} mm"
            )
        for module in range(min(most, (right - left) // matrix.width), fewest - 1, -1):
            spare = right - left - matrix.width * module
            placed = PlacedSymbol(
                left + _shift(element.align, spare), top, module, height or matrix.height * module, matrix
            )
            if self._is_quiet_zone_inside(placed):
                self.symbols.append(placed)
                return
        wanted_mm = (matrix.width + 2 * matrix.quiet) * fewest / self.pitch
        quiet_mm = matrix.quiet * fewest / self.pitch
        raise LabelInvalid(
            f"{where}: {matrix.text!r} does not fit: wants {wanted_mm:.1f} mm for {matrix.width} modules of "
            f"{fewest / self.pitch:.3f} mm and quiet zones of {quiet_mm:.1f} mm, had {width_mm:g} mm "
            f"at x {element.x_mm:g} y {element.y_mm:g} mm of a label of {self.width / self.pitch:.1f} x "
            f"{self.height / self.pitch:.1f} mm"
        )

    def _is_quiet_zone_inside(self, placed: PlacedSymbol) -> bool:
        return (
            placed.x >= placed.quiet_x
            and placed.y >= placed.quiet_y
            and placed.x + placed.width + placed.quiet_x <= self.width
            and placed.y + placed.height + placed.quiet_y <= self.height
        )


_SYMBOLOGIES: dict[type[Element], Symbology] = {
    Code128: Symbology.CODE128,
    Qr: Symbology.QR,
    DataMatrix: Symbology.DATAMATRIX,
}


def _shift(align: Align, spare: int) -> int:
    return {Align.LEFT: 0, Align.CENTER: spare // 2, Align.RIGHT: spare}[align]
