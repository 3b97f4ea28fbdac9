"""Turns a design and its values into a list of things to draw, in whole dots of one printer.

Does no I/O but for loading its typefaces.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from printers.errors import LabelInvalid
from printers.fonts import CAP_HEIGHT_EM, Face
from printers.label import (
    Align,
    Box,
    Code128,
    DataMatrix,
    Design,
    Element,
    Fit,
    Line,
    Qr,
    Text,
)
from printers.media import Media
from printers.placement import PlacedSymbol, place_symbol, spare_above, spare_before
from printers.typesetting import LINE_EM, Room, runs, set_text, visible, width_px


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
        if element.condition.holds(values):
            sheet.place(element, f"label {design.name!r}: {name}")
    return Layout(
        design=design.name,
        encoded=values[design.encodes],
        width=sheet.size.width_dots,
        height=sheet.size.height_dots,
        ink=tuple(sheet.ink),
        glyphs=tuple(sheet.glyphs),
        symbols=tuple(sheet.symbols),
    )


class _Sheet:
    """The label being laid out."""

    def __init__(self, design: Design, values: Mapping[str, str], media: Media) -> None:
        self.values = values
        self.size = Media(design.width_mm, design.height_mm, media.dpi)
        self.ink: list[Ink] = []
        self.glyphs: list[Glyphs] = []
        self.symbols: list[PlacedSymbol] = []

    def place(self, element: Element, where: str) -> None:
        match element:
            case Text():
                self._text(element, where)
            case Code128() | Qr() | DataMatrix():
                text = element.value.fill(self.values)
                self.symbols.append(place_symbol(element, text, self.size, where=where))
            case Line():
                self.ink.append(self._box(element))
            case Box():
                self._outline(element)

    def _box(self, element: Line | Box | Text) -> Ink:
        """Round the edges, not the extents, so that elements that touch in the design touch in dots."""
        left, top = self.size.dots(element.x_mm), self.size.dots(element.y_mm)
        right = min(self.size.dots(element.x_mm + element.width_mm), self.size.width_dots)
        bottom = min(self.size.dots(element.y_mm + element.height_mm), self.size.height_dots)
        return Ink(left, top, max(1, right - left), max(1, bottom - top))

    def _outline(self, element: Box) -> None:
        box = self._box(element)
        edge = max(1, self.size.dots(element.thickness_mm))
        self.ink += [
            Ink(box.x, box.y, box.width, edge),
            Ink(box.x, box.y + box.height - edge, box.width, edge),
            Ink(box.x, box.y, edge, box.height),
            Ink(box.x + box.width - edge, box.y, edge, box.height),
        ]

    def _text(self, element: Text, where: str) -> None:
        value = element.value.fill(self.values)
        box = self._box(element)
        face = Face(element.face)
        room = Room(
            face, box.width, box.height, self._size_px(element.size_mm), self._size_px(element.min_size_mm)
        )
        setting = set_text(value, room, element.fit)
        if not setting.is_whole and element.fit is Fit.WHOLE:
            wanted_mm = width_px(face, room.min_size_px, visible(value)) / self.size.dots_per_mm
            raise LabelInvalid(
                f"{where}: {value!r} does not fit: "
                f"wants {wanted_mm:.1f} mm at its smallest, had {element.width_mm:g} mm"
            )
        block = math.floor((CAP_HEIGHT_EM + (len(setting.lines) - 1) * LINE_EM) * setting.size_px + 0.5)
        top = box.y + spare_above(element.valign, box.height - block)
        for number, line in enumerate(setting.lines):
            baseline = top + math.floor((CAP_HEIGHT_EM + number * LINE_EM) * setting.size_px + 0.5)
            self._line(element, line, setting.size_px, (box.x, box.width, baseline))

    def _line(self, element: Text, line: str, size_px: int, room: tuple[int, int, int]) -> None:
        """Set one line; `room` is its left edge, width and baseline."""
        x, width, baseline = room
        face = Face(element.face)
        if element.align is not Align.LEFT:
            x += spare_before(element.align, width - math.ceil(width_px(face, size_px, line)))
        before = ""
        for run in runs(face, line):
            start = x + math.floor(width_px(face, size_px, before) + 0.5)
            self.glyphs.append(Glyphs(start, baseline, run.face, size_px, run.text))
            before += run.text

    def _size_px(self, cap_height_mm: float) -> int:
        return max(1, math.floor(cap_height_mm * self.size.dots_per_mm / CAP_HEIGHT_EM + 0.5))
