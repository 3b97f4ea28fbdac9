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
    red: bytes = b""
    """The same for red, no dot of which is black; empty where nothing is red."""

    @property
    def row_bytes(self) -> int:
        """Bytes a row."""
        return (self.width + 7) // 8

    @property
    def planes(self) -> tuple["Raster", "Raster | None"]:
        """Return its black and its red dots apart; no red ones where there are none."""
        if not self.red:
            return self, None
        return Raster(self.width, self.height, self.bits), Raster(self.width, self.height, self.red)

    def image(self) -> Image.Image:
        """Return all its ink as a Pillow picture of mode "1": where it is, not of what colour."""
        black = Image.frombytes("1", (self.width, self.height), self.bits, "raw", "1;I")
        if not self.red:
            return black
        red = Image.frombytes("1", (self.width, self.height), self.red, "raw", "1;I")
        return ImageChops.logical_and(black, red)

    def coloured(self) -> Image.Image:
        """Return it as a Pillow picture: of mode "1", or with a palette where something is red."""
        if not self.red:
            return self.image()
        picture = Image.new("P", (self.width, self.height), _WHITE)
        picture.putpalette(_PALETTE)
        for number, bits in ((_BLACK, self.bits), (_RED, self.red)):
            picture.paste(number, mask=Image.frombytes("1", picture.size, bits))
        return picture

    def png(self, scale: int = 1) -> bytes:
        """Return it as a PNG, each dot as a square of `scale` pixels."""
        picture = self.coloured()
        if scale != 1:
            picture = picture.resize((self.width * scale, self.height * scale), Image.Resampling.NEAREST)
        file = io.BytesIO()
        picture.save(file, "PNG", compress_level=1)
        return file.getvalue()


_WHITE, _BLACK, _RED = 0, 1, 2
RED_RGB: Final = (208, 0, 0)
_PALETTE: Final = [255, 255, 255, 0, 0, 0, *RED_RGB]


def render(layout: Layout) -> Raster:
    """Draw a label; what is drawn later covers what is beneath, of whatever colour that is."""
    size = (layout.width, layout.height)
    black = Image.new("1", size, 1)
    red = Image.new("1", size, 1) if layout.has_red else None
    for ink in layout.ink:
        box = (ink.x, ink.y, ink.x + ink.width, ink.y + ink.height)
        if red is not None:
            (black if ink.is_red else red).paste(255, box)
        (red if red is not None and ink.is_red else black).paste(0, box)
    for one in layout.pictures:
        if red is not None:
            _clear(black if one.is_red else red, one.picture, one.x, one.y)
        _put(red if red is not None and one.is_red else black, one.picture, one.x, one.y)
    for glyphs in layout.glyphs:
        if red is None:
            _write(black, glyphs)
            continue
        _write(black, replace(glyphs, is_white=glyphs.is_white or glyphs.is_red))
        _write(red, replace(glyphs, is_white=glyphs.is_white or not glyphs.is_red))
    for placed in layout.symbols:
        _put(black, symbol_picture(placed), placed.x, placed.y)
    return Raster(*size, black.tobytes("raw", "1;I"), b"" if red is None else red.tobytes("raw", "1;I"))


def _put(picture: Image.Image, black: Image.Image, x: int, y: int) -> None:
    """Put only ink down: what another element drew into a symbol stays, and reading back finds it."""
    box = (x, y, x + black.width, y + black.height)
    picture.paste(ImageChops.logical_and(picture.crop(box), black), box)


def _clear(picture: Image.Image, black: Image.Image, x: int, y: int) -> None:
    """Take the ink away that lies beneath a picture's own."""
    box = (x, y, x + black.width, y + black.height)
    picture.paste(ImageChops.logical_or(picture.crop(box), ImageChops.invert(black)), box)


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
    black, red = Image.new("1", (width, height), 1), Image.new("1", (width, height), 1)
    top = 0
    for raster in rasters:
        if top:
            for x in range(0, width, 2 * _DASH):
                black.paste(0, (x, top - _GAP // 2 - 1, min(width, x + _DASH), top - _GAP // 2 + 1))
        own, reds = raster.planes
        black.paste(own.image(), (0, top))
        if reds is not None:
            red.paste(reds.image(), (0, top))
        top += raster.height + _GAP
    has_red = any(raster.red for raster in rasters)
    return Raster(width, height, black.tobytes("raw", "1;I"), red.tobytes("raw", "1;I") if has_red else b"")


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
