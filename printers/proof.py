"""Reads every symbol of a finished bitmap back: what would not scan is not printed."""

from PIL import Image, ImageChops

from printers.errors import LabelUnreadable
from printers.label import Design, Values
from printers.layout import Layout, lay_out, turned
from printers.media import Media
from printers.placement import PlacedSymbol
from printers.raster import Raster, render, symbol_picture
from printers.symbols import Decoded, decode


def draw(design: Design, values: Values, media: Media) -> list[tuple[Layout, Raster]]:
    """Lay out, draw and read back a label, and the further ones where its rows find no room on it.

    Raises:
        LabelInvalid: These values do not make a good label on this media.
        LabelUnreadable: A bitmap does not decode to what was to be encoded.
    """
    design.check_values(values)
    drawn = []
    for page in range(1, design.page_count(values) + 1):
        layout = lay_out(design, values, media, page=page)
        raster = render(layout)
        check_readable(raster, layout)
        drawn.append((layout, raster))
    return drawn


def check_readable(raster: Raster, layout: Layout) -> None:
    """Make sure that each symbol stands undisturbed in its quiet zone and decodes to its text.

    Raises:
        LabelUnreadable: One does not.
    """
    picture = raster.image()
    for placed in layout.symbols:
        _check(picture, placed, f"label {layout.design!r}: {placed.matrix.symbology} {placed.matrix.text!r}")


def _check(picture: Image.Image, placed: PlacedSymbol, where: str) -> None:
    (width, height), (quiet_x, quiet_y) = placed.extent, placed.quiet
    left, top = placed.x - quiet_x, placed.y - quiet_y
    size = (width + 2 * quiet_x, height + 2 * quiet_y)
    alone = Image.new("1", size, 1)
    alone.paste(symbol_picture(placed), (quiet_x, quiet_y))
    printed = picture.crop((left, top, left + size[0], top + size[1]))
    if ImageChops.logical_xor(printed, alone).getbbox() is not None:
        raise LabelUnreadable(f"{where}: expected nothing else on the symbol and its quiet zone")
    expected = [Decoded(placed.matrix.text, placed.matrix.identifier)]
    found = decode(turned(printed, -placed.turns % 4), [placed.matrix.symbology])
    if found != expected:
        raise LabelUnreadable(f"{where}: expected to read {expected}, got {found}")
