"""Pictures of a design's own, as dots: scaled to their box, black or white or dithered."""

import io
from functools import lru_cache
from typing import Final

from PIL import Image

from printers.errors import LabelInvalid

LARGEST_SIDE: Final = 4000
"""Pixels; more than the largest label has dots."""
LARGEST_FILE: Final = 2_000_000
"""Bytes."""


def check_png(png: bytes, *, where: str) -> None:
    """Make sure that a picture can be drawn.

    Raises:
        LabelInvalid: Not a PNG, damaged, or too large.
    """
    if len(png) > LARGEST_FILE:
        raise LabelInvalid(f"{where}: expected a picture of at most {LARGEST_FILE} bytes, got {len(png)}")
    try:
        with Image.open(io.BytesIO(png), formats=["PNG"]) as picture:
            size = picture.size
            if max(size) <= LARGEST_SIDE:
                picture.load()
    except Exception as error:  # Pillow raises a dozen kinds for damaged files
        raise LabelInvalid(f"{where}: expected a PNG: {error}") from error
    if max(size) > LARGEST_SIDE:
        raise LabelInvalid(
            f"{where}: expected a picture of at most {LARGEST_SIDE} pixels a side, got {size[0]} x {size[1]}"
        )


@lru_cache(maxsize=64)
def dots(png: bytes, width: int, height: int, *, is_dithered: bool) -> Image.Image:
    """Draw a picture as large as it fits into a box, its sides in proportion.

    Args:
        png: A checked PNG; what is transparent in it is white.
        width: Of the box, in dots.
        height: Of the box.
        is_dithered: Greys become patterns (Floyd-Steinberg); without it, black or white, at the half.

    Returns:
        A picture of mode "1"; it is shared, so nobody draws on it.
    """
    with Image.open(io.BytesIO(png), formats=["PNG"]) as picture:
        colours = picture.convert("RGBA")
    white = Image.new("RGBA", colours.size, "white")
    grey = Image.alpha_composite(white, colours).convert("L")
    scale = min(width / grey.width, height / grey.height)
    size = (max(1, int(grey.width * scale + 1e-6)), max(1, int(grey.height * scale + 1e-6)))
    if size != grey.size:
        grey = grey.resize(size, Image.Resampling.LANCZOS)
    if is_dithered:
        return grey.convert("1", dither=Image.Dither.FLOYDSTEINBERG)
    return grey.convert("1", dither=Image.Dither.NONE)
