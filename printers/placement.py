"""Finds the dots on which a symbol stands: whole dots a module, quiet zones inside the label."""

from dataclasses import dataclass

from printers.errors import LabelInvalid
from printers.frame import Frame, spare_above, spare_before
from printers.label import Symbol
from printers.media import Media
from printers.symbology import Shape
from printers.symbols import Matrix, encode, smallest_module_dots


@dataclass(frozen=True, slots=True)
class PlacedSymbol:
    """A symbol at its dots."""

    x: int
    """Left edge on the label."""
    y: int
    module: int
    """Dots a module."""
    height: int
    """In dots, before it is turned: that of the bars, or of the whole matrix."""
    matrix: Matrix
    turns: int = 0
    """Quarters clockwise, 0 to 3."""

    @property
    def width(self) -> int:
        """In dots, before it is turned, without the quiet zone."""
        return self.matrix.width * self.module

    @property
    def extent(self) -> tuple[int, int]:
        """Width and height on the label."""
        return (self.height, self.width) if self.turns % 2 else (self.width, self.height)

    @property
    def quiet(self) -> tuple[int, int]:
        """Blank dots left and right, and above and below, on the label."""
        along = self.matrix.quiet * self.module
        across = 0 if self.matrix.height == 1 else along
        return (across, along) if self.turns % 2 else (along, across)


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
        matrix = encode(element.symbology, text, correction=element.correction, columns=element.columns)
    except LabelInvalid as error:
        raise LabelInvalid(f"{where}: {error}") from error
    pitch = size.dots_per_mm
    frame = Frame.of(element, size, element.turns)
    is_linear = element.symbology.traits.shape is Shape.LINEAR
    fewest = smallest_module_dots(element.symbology, pitch, element.min_module_mm)
    most = (
        frame.width // matrix.width
        if is_linear
        else min(frame.width // matrix.width, frame.height // matrix.height)
    )
    if element.module_mm is not None:
        allowed = int(element.module_mm * pitch + 0.05)  # 0.25 mm counts as 3 dots at 300 dpi, 0.254 mm
        if allowed < fewest:
            raise LabelInvalid(
                f"{where}: module under the printable minimum: wants {fewest / pitch:.3f} mm "
                f"({fewest} dots at {size.dpi} dpi), had {element.module_mm:g} mm"
            )
        most = min(most, allowed)
    for module in range(most, fewest - 1, -1):
        placed = _placed(element, matrix, module, frame)
        if _is_quiet_zone_inside(placed, size):
            return placed
    raise LabelInvalid(f"{where}: {text!r} does not fit: {_shortage(element, matrix, fewest, size)}")


def _placed(element: Symbol, matrix: Matrix, module: int, frame: Frame) -> PlacedSymbol:
    width = matrix.width * module
    height = frame.height if matrix.height == 1 else matrix.height * module
    left, top, _, _ = frame.box(
        spare_before(element.align, frame.width - width),
        spare_above(element.valign, frame.height - height),
        width,
        height,
    )
    return PlacedSymbol(left, top, module, height, matrix, frame.turns)


def _is_quiet_zone_inside(placed: PlacedSymbol, size: Media) -> bool:
    (width, height), (quiet_x, quiet_y) = placed.extent, placed.quiet
    return (
        placed.x >= quiet_x
        and placed.y >= quiet_y
        and placed.x + width + quiet_x <= size.width_dots
        and placed.y + height + quiet_y <= size.height_dots
    )


def _shortage(element: Symbol, matrix: Matrix, fewest: int, size: Media) -> str:
    module_mm = fewest / size.dots_per_mm
    modules, had = f"{matrix.width}", f"{element.width_mm:g}"
    wants = f"{matrix.width * module_mm:.1f}"
    if element.symbology.traits.shape is Shape.LINEAR:
        had = f"{element.height_mm if element.turns % 2 else element.width_mm:g}"
    elif element.symbology.traits.shape is Shape.STACKED:
        modules = f"{matrix.width} x {matrix.height}"
        had = f"{element.width_mm:g} x {element.height_mm:g}"
        wants += f" x {matrix.height * module_mm:.1f}"
    return (
        f"wants {wants} mm ({modules} modules of {module_mm:.3f} mm) "
        f"and quiet zones of {matrix.quiet * module_mm:.1f} mm, "
        f"had {had} mm at x {element.x_mm:g} mm, y {element.y_mm:g} mm "
        f"on a label of {size.width_mm:g} x {size.height_mm:g} mm"
    )
