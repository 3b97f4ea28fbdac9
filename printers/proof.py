"""Reads every symbol of a finished bitmap back: what would not scan is not printed."""

from PIL import Image

from printers.errors import LabelUnreadable
from printers.layout import Layout
from printers.placement import PlacedSymbol
from printers.raster import Raster, symbol_picture
from printers.symbols import Decoded, decode


def check_readable(raster: Raster, layout: Layout) -> None:
    """Make sure that each symbol stands undisturbed in its quiet zone and decodes to its text.

    Raises:
        LabelUnreadable: One does not.
    """
    picture = raster.image()
    for placed in layout.symbols:
        _check(picture, placed, f"label {layout.design!r}: {placed.matrix.symbology} {placed.matrix.text!r}")


def _check(picture: Image.Image, placed: PlacedSymbol, where: str) -> None:
    left, top = placed.x - placed.quiet_x, placed.y - placed.quiet_y
    size = (placed.width + 2 * placed.quiet_x, placed.height + 2 * placed.quiet_y)
    alone = Image.new("1", size, 1)
    alone.paste(symbol_picture(placed), (placed.quiet_x, placed.quiet_y))
    printed = picture.crop((left, top, left + size[0], top + size[1]))
    if printed.tobytes() != alone.tobytes():
        raise LabelUnreadable(f"{where}: expected nothing else on the symbol and its quiet zone")
    expected = [Decoded(placed.matrix.text, placed.matrix.identifier)]
    found = decode(printed, [placed.matrix.symbology])
    if found != expected:
        raise LabelUnreadable(f"{where}: expected to read {expected}, got {found}")
