"""Turns a design and its values into a list of things to draw, in whole dots of one printer.

Does no I/O but for loading its typefaces.
"""

from dataclasses import dataclass, replace

from PIL import Image as Picture

from printers.errors import LabelInvalid
from printers.fonts import Face
from printers.frame import Frame, spare_above, spare_before
from printers.label import (
    PAGE,
    PAGES,
    Box,
    Colour,
    Design,
    Element,
    Image,
    Line,
    Ruler,
    Symbol,
    Table,
    Text,
    Values,
    element_names,
    rows_of,
    texts_of,
)
from printers.media import Media
from printers.picture import dots
from printers.placement import PlacedSymbol, place_symbol
from printers.ruler import ticks
from printers.typesetting import set_in_frame


@dataclass(frozen=True, slots=True)
class Ink:
    """A filled rectangle."""

    x: int
    y: int
    width: int
    height: int
    is_red: bool = False


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Characters in one face on one baseline."""

    x: int
    """Where the line begins; with `baseline`, the corner between dots that it is turned around."""
    baseline: int
    face: Face
    size_px: int
    text: str
    turns: int = 0
    """Quarters clockwise, 0 to 3."""
    is_white: bool = False
    is_red: bool = False


@dataclass(frozen=True, slots=True)
class PlacedPicture:
    """A picture at its dots."""

    x: int
    y: int
    picture: Picture.Image
    """Of mode "1", turned already."""
    is_red: bool = False


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
    pictures: tuple[PlacedPicture, ...] = ()

    @property
    def has_red(self) -> bool:
        """Whether anything is red."""
        return (
            any(one.is_red for one in self.ink)
            or any(one.is_red for one in self.glyphs)
            or any(one.is_red for one in self.pictures)
        )


def lay_out(design: Design, values: Values, media: Media, *, page: int = 1) -> Layout:
    """Place every element of a label.

    Args:
        design: What the label looks like.
        values: A text for each field and rows for each table; optional ones may be missing or empty. In texts
            control characters are drawn as their pictures, in symbols they are data.
        media: What it is printed on; a smaller label stands in the top left corner.
        page: Which of the `design.page_count(values)` labels that all rows need.

    Raises:
        LabelInvalid: Values the design does not take or lacks, a label larger than the media or too fine for
            its printer, or something that does not fit with these values. The message names design and
            element, millimetres wanted and had.
    """
    design.check_values(values)
    if design.width_mm > media.width_mm + 1e-6 or design.height_mm > media.height_mm + 1e-6:
        raise LabelInvalid(
            f"label {design.name!r}: expected media of at least "
            f"{design.width_mm:g} x {design.height_mm:g} mm, got {media.width_mm:g} x {media.height_mm:g} mm"
        )
    if not design.elements:
        raise LabelInvalid(f"label {design.name!r}: expected a printer of its own language, zpl")
    if media.dpi < design.min_dpi:
        raise LabelInvalid(
            f"label {design.name!r}: expected a printer of at least {design.min_dpi} dpi, got {media.dpi}"
        )
    texts = texts_of(values)
    pages = design.page_count(values)
    if pages > 1:
        texts |= {PAGE: str(page), PAGES: str(pages)}
    sheet = _Sheet(design, values, media, page)
    sheet.place_all(design.elements, texts, f"label {design.name!r}")
    return Layout(
        design=design.name,
        encoded=texts[design.encodes],
        width=sheet.size.width_dots,
        height=sheet.size.height_dots,
        ink=tuple(sheet.ink),
        glyphs=tuple(sheet.glyphs),
        symbols=tuple(sheet.symbols),
        pictures=tuple(sheet.pictures),
    )


class _Sheet:
    """The label being laid out."""

    def __init__(self, design: Design, values: Values, media: Media, page: int) -> None:
        self.values = values
        self.page = page
        self.size = Media(design.width_mm, design.height_mm, media.dpi)
        self.ink: list[Ink] = []
        self.glyphs: list[Glyphs] = []
        self.symbols: list[PlacedSymbol] = []
        self.pictures: list[PlacedPicture] = []

    def place_all(self, elements: tuple[Element, ...], texts: dict[str, str], where: str) -> None:
        for element, name in zip(elements, element_names(elements), strict=True):
            if element.condition.holds(texts):
                self._place(element, texts, f"{where}: {name}")

    def _place(self, element: Element, texts: dict[str, str], where: str) -> None:
        match element:
            case Text():
                self._text(element, texts, where)
            case Symbol():
                try:
                    text = element.value.fill(texts)
                except LabelInvalid as error:
                    raise LabelInvalid(f"{where}: {error}") from error
                self.symbols.append(place_symbol(element, text, self.size, where=where))
            case Line():
                frame = Frame.of(element, self.size)
                self.ink.append(Ink(frame.x, frame.y, frame.width, frame.height, _is_red(element)))
            case Box():
                self._outline(element)
            case Image():
                self._picture(element)
            case Ruler():
                self._ruler(element)
            case Table():
                self._table(element, texts, where)

    def _outline(self, element: Box) -> None:
        frame = Frame.of(element, self.size)
        edge = min(max(1, self.size.dots(element.thickness_mm)), frame.width, frame.height)
        right, bottom = frame.x + frame.width - edge, frame.y + frame.height - edge
        sides = (
            (frame.x, frame.y, frame.width, edge),
            (frame.x, bottom, frame.width, edge),
            (frame.x, frame.y, edge, frame.height),
            (right, frame.y, edge, frame.height),
        )
        self.ink += [Ink(*side, _is_red(element)) for side in sides]

    def _picture(self, element: Image) -> None:
        frame = Frame.of(element, self.size, element.turns)
        picture = dots(element.png, frame.width, frame.height, is_dithered=element.is_dithered)
        left, top, _, _ = frame.box(
            spare_before(element.align, frame.width - picture.width),
            spare_above(element.valign, frame.height - picture.height),
            picture.width,
            picture.height,
        )
        self.pictures.append(PlacedPicture(left, top, turned(picture, element.turns), _is_red(element)))

    def _ruler(self, element: Ruler) -> None:
        frame = Frame.of(element, self.size, 1 if element.height_mm > element.width_mm else 0)
        marks, numbers = ticks(element.unit, frame.width, frame.height, self.size)
        self.ink += [Ink(*frame.box(*mark)) for mark in marks]
        for number in numbers:
            x, baseline = frame.point(number.x, number.baseline)
            self.glyphs.append(Glyphs(x, baseline, Face.SANS, number.size_px, number.text, frame.turns))

    def _table(self, element: Table, texts: dict[str, str], where: str) -> None:
        first = (self.page - 1) * element.capacity
        rows = rows_of(self.values, element.rows)[first : first + element.capacity]
        for number, row in enumerate(rows):
            down, right = divmod(number, element.across)
            x_mm = element.x_mm + right * element.row_width_mm
            y_mm = element.y_mm + down * element.row_height_mm
            moved = tuple(
                replace(inner, x_mm=inner.x_mm + x_mm, y_mm=inner.y_mm + y_mm) for inner in element.elements
            )
            own = {f"{element.rows}.{name}": value for name, value in row.items()}
            self.place_all(moved, texts | own, f"{where} row {first + number + 1}")

    def _text(self, element: Text, texts: dict[str, str], where: str) -> None:
        frame = Frame.of(element, self.size, element.turns)
        if element.is_inverse:
            self.ink.append(self._padded(frame, element))
        for line in set_in_frame(element, element.value.fill(texts), frame, self.size, where=where):
            x, baseline = frame.point(line.x, line.baseline)
            self.glyphs.append(
                Glyphs(
                    x,
                    baseline,
                    line.face,
                    line.size_px,
                    line.text,
                    frame.turns,
                    is_white=element.is_inverse,
                    is_red=_is_red(element) and not element.is_inverse,
                )
            )

    def _padded(self, frame: Frame, element: Text) -> Ink:
        padding = self.size.dots(element.padding_mm)
        left, top, width, height = frame.box(0, 0, frame.width, frame.height)
        x, y = max(0, left - padding), max(0, top - padding)
        right = min(self.size.width_dots, left + width + padding)
        bottom = min(self.size.height_dots, top + height + padding)
        return Ink(x, y, right - x, bottom - y, _is_red(element))


def _is_red(element: Text | Line | Box | Image) -> bool:
    return element.colour is Colour.RED


def turned(picture: Picture.Image, turns: int) -> Picture.Image:
    """Turn a picture by so many quarters clockwise."""
    return picture.transpose(_TURNS[turns]) if turns else picture


_TURNS = {
    1: Picture.Transpose.ROTATE_270,  # Pillow turns the other way
    2: Picture.Transpose.ROTATE_180,
    3: Picture.Transpose.ROTATE_90,
}
