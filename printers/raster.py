"""Draws a display list as a bitmap of one bit a dot: what is printed, previewed and read back."""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from PIL import Image, ImageChops, ImageDraw

from printers.fonts import Face, font
from printers.layout import Glyphs, Layout, turned
from printers.placement import PlacedSymbol
from printers.typesetting import width_px


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
    for ink in layout.ink:
        picture.paste(0, (ink.x, ink.y, ink.x + ink.width, ink.y + ink.height))
    for placed_picture in layout.pictures:
        _put(picture, placed_picture.picture, placed_picture.x, placed_picture.y)
    for glyphs in layout.glyphs:
        _write(picture, glyphs)
    for placed in layout.symbols:
        _put(picture, symbol_picture(placed), placed.x, placed.y)
    return Raster(layout.width, layout.height, picture.tobytes("raw", "1;I"))


def _put(picture: Image.Image, black: Image.Image, x: int, y: int) -> None:
    """Put only black down: what another element drew into a symbol stays, and reading back finds it."""
    box = (x, y, x + black.width, y + black.height)
    picture.paste(ImageChops.logical_and(picture.crop(box), black), box)


def _write(picture: Image.Image, glyphs: Glyphs) -> None:
    """Put a line down, turned around the corner where it begins."""
    colour = 255 if glyphs.is_white else 0  # Pillow keeps a whole byte for each dot
    right, down = ((1, 0), (0, 1), (-1, 0), (0, -1))[glyphs.turns]
    along = 0.0
    for character in glyphs.text:
        advance, shape = _glyph(glyphs.face, glyphs.size_px, character, glyphs.turns)
        if shape is not None:
            far = math.floor(along + 0.5)
            at = (glyphs.x + right * far + shape.x, glyphs.baseline + down * far + shape.y)
            picture.paste(colour, at, shape.picture)
        along += advance


@dataclass(frozen=True, slots=True)
class _Shape:
    """A character's dots, 1 where they are, and where their upper left corner lies from the pen."""

    x: int
    y: int
    picture: Image.Image


@lru_cache(maxsize=2048)
def _glyph(face: Face, size_px: int, character: str, turns: int) -> tuple[float, _Shape | None]:
    """Draw one character, and return how far the pen moves; kept, as the same ones come again and again.

    Lines are put together from them instead of being drawn whole. That takes a quarter of the time, and
    Pillow counts kerning in 64ths of what it is, so that its lines now and then end a dot too early.
    """
    type_ = font(face, size_px)
    advance = type_.getlength(character, mode="1")
    left, top, right, bottom = map(int, type_.getbbox(character, mode="1", anchor="ls"))
    if right <= left or bottom <= top:
        return advance, None
    upright = Image.new("1", (right - left, bottom - top), 0)
    draw = ImageDraw.Draw(upright)
    draw.fontmode = "1"
    draw.text((-left, -top), character, fill=1, font=type_, anchor="ls")
    x, y = ((left, top), (-bottom, left), (-right, -bottom), (top, -right))[turns]
    return advance, _Shape(x, y, turned(upright, turns))


def line_picture(glyphs: Glyphs) -> tuple[Image.Image, tuple[int, int]] | None:
    """Draw one upright line by itself, in mode "1", and return it with its upper left corner on the label.

    Returns:
        None for a line without ink.
    """
    edge = 2 * glyphs.size_px
    width = math.ceil(width_px(glyphs.face, glyphs.size_px, glyphs.text))
    sheet = Image.new("1", (width + 2 * edge, 2 * edge), 0)
    _write(sheet, replace(glyphs, x=edge, baseline=edge, is_white=True))
    box = sheet.getbbox()
    if box is None:
        return None
    line = ImageChops.invert(sheet.crop(box))
    return line, (glyphs.x - edge + box[0], glyphs.baseline - edge + box[1])


def stacked(rasters: Sequence[Raster]) -> Raster:
    """Show labels below each other, a dashed line between two; a single one as it is."""
    first, *others = rasters
    if not others:
        return first
    width = max(raster.width for raster in rasters)
    height = sum(raster.height for raster in rasters) + _GAP * len(others)
    sheet = Image.new("1", (width, height), 1)
    top = 0
    for raster in rasters:
        if top:
            for x in range(0, width, 2 * _DASH):
                sheet.paste(0, (x, top - _GAP // 2 - 1, min(width, x + _DASH), top - _GAP // 2 + 1))
        sheet.paste(raster.image(), (0, top))
        top += raster.height + _GAP
    return Raster(width, height, sheet.tobytes("raw", "1;I"))


_GAP: Final = 24
_DASH: Final = 12
"""Dots, of what stands between labels that are shown together."""


def symbol_picture(placed: PlacedSymbol) -> Image.Image:
    """Draw one symbol by itself, without its quiet zone, in mode "1"."""
    matrix = placed.matrix
    modules = matrix.modules.translate(_ONE_IS_BLACK)
    small = Image.frombytes("L", (matrix.width, matrix.height), modules)
    large = small.resize((placed.width, placed.height), Image.Resampling.NEAREST)
    return turned(large.convert("1", dither=Image.Dither.NONE), placed.turns)


_ONE_IS_BLACK = bytes([255, 0]) + bytes(254)
