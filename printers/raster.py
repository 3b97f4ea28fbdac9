"""Draws a display list as a bitmap of one bit a dot: what is printed, previewed and read back."""

import io
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw

from printers.fonts import font
from printers.layout import Layout
from printers.placement import PlacedSymbol


@dataclass(frozen=True, slots=True)
class Raster:
    """A bitmap."""

    width: int
    """In dots."""
    height: int
    bits: bytes
    """Rows from the top, each padded to whole bytes with white; most significant bit first; 1 is black."""

    @property
    def row_bytes(self) -> int:
        """Bytes a row."""
        return (self.width + 7) // 8

    def image(self) -> Image.Image:
        """Return it as a Pillow picture of mode "1"."""
        return Image.frombytes("1", (self.width, self.height), self.bits, "raw", "1;I")

    def png(self, scale: int = 1) -> bytes:
        """Return it as a PNG, each dot as a square of `scale` pixels."""
        picture = self.image()
        if scale != 1:
            picture = picture.resize((self.width * scale, self.height * scale), Image.Resampling.NEAREST)
        file = io.BytesIO()
        picture.save(file, "PNG", compress_level=1)
        return file.getvalue()


def render(layout: Layout) -> Raster:
    """Draw a label."""
    picture = Image.new("1", (layout.width, layout.height), 1)
    draw = ImageDraw.Draw(picture)
    draw.fontmode = "1"
    for ink in layout.ink:
        draw.rectangle((ink.x, ink.y, ink.x + ink.width - 1, ink.y + ink.height - 1), fill=0)
    for glyphs in layout.glyphs:
        draw.text(
            (glyphs.x, glyphs.baseline),
            glyphs.text,
            fill=0,
            font=font(glyphs.face, glyphs.size_px),
            anchor="ls",
        )
    for placed in layout.symbols:
        # Only black is put down: what another element drew into a symbol stays, and reading back finds it.
        box = (placed.x, placed.y, placed.x + placed.width, placed.y + placed.height)
        picture.paste(ImageChops.logical_and(picture.crop(box), symbol_picture(placed)), box)
    return Raster(layout.width, layout.height, picture.tobytes("raw", "1;I"))


def symbol_picture(placed: PlacedSymbol) -> Image.Image:
    """Draw one symbol by itself, without its quiet zone, in mode "1"."""
    matrix = placed.matrix
    modules = matrix.modules.translate(_ONE_IS_BLACK)
    small = Image.frombytes("L", (matrix.width, matrix.height), modules)
    return small.resize((placed.width, placed.height), Image.Resampling.NEAREST).convert(
        "1", dither=Image.Dither.NONE
    )


_ONE_IS_BLACK = bytes([255, 0]) + bytes(254)
