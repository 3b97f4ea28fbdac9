"""Finds the dots on which a symbol stands: whole dots a module, quiet zones inside the label."""

from dataclasses import dataclass
from typing import Final

from printers.errors import LabelInvalid
from printers.label import Align, Code128, DataMatrix, Qr, Symbol, VerticalAlign
from printers.media import Media
from printers.symbols import Matrix, Symbology, encode, smallest_module_dots

_SYMBOLOGIES: Final[dict[type[Symbol], Symbology]] = {
    Code128: Symbology.CODE128,
    Qr: Symbology.QR,
    DataMatrix: Symbology.DATAMATRIX,
}


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


def place_symbol(element: Symbol, text: str, size: Media, *, where: str) -> PlacedSymbol:
    """Encode a text and place it with the largest module that its box and the label's edges allow.

    Args:
        element: Where the symbol is to stand.
        text: What it is to hold.
        size: The label.
        where: What messages call the element.

    Raises:
        LabelInvalid: It cannot hold the text, or does not fit with modules that print well. The message gives
            the millimetres wanted and had.
    """
    try:
        matrix = encode(_SYMBOLOGIES[type(element)], text)
    except LabelInvalid as error:
        raise LabelInvalid(f"{where}: {error}") from error
    pitch = size.dots_per_mm
    fewest = smallest_module_dots(matrix.symbology, pitch)
    width_mm = element.width_mm if isinstance(element, Code128) else element.size_mm
    module_mm = element.module_mm if isinstance(element, Code128) else element.size_mm
    most = int(module_mm * pitch + 0.05)  # 0.25 mm counts as 3 dots at 300 dpi, which are 0.254 mm
    if most < fewest:
        raise LabelInvalid(
            f"{where}: module under the printable minimum: "
            f"wants {fewest / pitch:.3f} mm ({fewest} dots at {size.dpi} dpi), had {module_mm:g} mm"
        )
    room = min(size.dots(element.x_mm + width_mm), size.width_dots) - size.dots(element.x_mm)
    for module in range(min(most, room // matrix.width), fewest - 1, -1):
        placed = _place(element, matrix, module, size)
        if _is_quiet_zone_inside(placed, size):
            return placed
    raise LabelInvalid(
        f"{where}: {text!r} does not fit: wants {matrix.width * fewest / pitch:.1f} mm "
        f"({matrix.width} modules of {fewest / pitch:.3f} mm) "
        f"and quiet zones of {matrix.quiet * fewest / pitch:.1f} mm, "
        f"had {width_mm:g} mm at x {element.x_mm:g} mm, y {element.y_mm:g} mm "
        f"on a label of {size.width_mm:g} x {size.height_mm:g} mm"
    )


def _place(element: Symbol, matrix: Matrix, module: int, size: Media) -> PlacedSymbol:
    x, y = size.dots(element.x_mm), size.dots(element.y_mm)
    width = matrix.width * module
    if isinstance(element, Code128):
        spare = size.dots(element.x_mm + element.width_mm) - x - width
        height = max(1, size.dots(element.y_mm + element.height_mm) - y)
        return PlacedSymbol(x + spare_before(element.align, spare), y, module, height, matrix)
    height = matrix.height * module
    spare_x = size.dots(element.x_mm + element.size_mm) - x - width
    spare_y = size.dots(element.y_mm + element.size_mm) - y - height
    return PlacedSymbol(
        x + spare_before(element.align, spare_x),
        y + spare_above(element.valign, spare_y),
        module,
        height,
        matrix,
    )


def _is_quiet_zone_inside(placed: PlacedSymbol, size: Media) -> bool:
    return (
        placed.x >= placed.quiet_x
        and placed.y >= placed.quiet_y
        and placed.x + placed.width + placed.quiet_x <= size.width_dots
        and placed.y + placed.height + placed.quiet_y <= size.height_dots
    )


def spare_before(align: Align, spare: int) -> int:
    """Return how many of the spare dots lie to the left."""
    return {Align.LEFT: 0, Align.CENTER: spare // 2, Align.RIGHT: spare}[align]


def spare_above(valign: VerticalAlign, spare: int) -> int:
    """Return how many of the spare dots lie above."""
    return {VerticalAlign.TOP: 0, VerticalAlign.MIDDLE: spare // 2, VerticalAlign.BOTTOM: spare}[valign]
