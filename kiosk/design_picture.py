"""A picture for an image element, as it is kept: drawn anew in greys, so that nothing else of it is left."""

import io
import re
import warnings
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps

from kiosk.errors import LabelError
from kiosk.hostile_picture import NO_PICTURE, has_too_many_scans

MOST_BYTES: Final = 2 * 1024 * 1024
_MOST_KEPT_BYTES: Final = 2_000_000
"""What a design may have in a picture; noise of 2400 pixels a side takes more."""
_MOST_PIXELS: Final = 16_000_000
_LONGEST_SIDE_PX: Final = 2400
"""Four inches at 600 dpi; a longer side would be made smaller for every label."""
_FORMATS: Final = ("PNG", "JPEG", "GIF", "BMP", "WEBP")
_UNFIT: Final = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST_NAME: Final = 40
_TWO: Final = 2


@dataclass(frozen=True, slots=True)
class GreyPicture:
    """A picture that was drawn anew."""

    png: bytes
    width: int
    height: int
    has_greys: bool


def grey_picture(data: bytes) -> GreyPicture:
    """Return a picture as PNG in greys on white, 2400 pixels long at most.

    Args:
        data: PNG, JPEG, GIF (its first picture), BMP or WebP.

    Raises:
        LabelError: it is none of these, not whole, or too large.
    """
    if len(data) > MOST_BYTES:
        raise LabelError(f"This picture has {len(data) / 1e6:.1f} MB, expected 2 MB or less.")
    if has_too_many_scans(data):
        raise LabelError("This is no picture that a program for pictures made. Save it as PNG.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            drawn = _drawn(data)
    except NO_PICTURE as error:
        raise LabelError(
            "This is no picture that can be read, or it is not whole. Expected PNG, JPEG, GIF, BMP or WebP."
        ) from error
    png = _written(drawn)
    while len(png) > _MOST_KEPT_BYTES:
        drawn = drawn.resize((drawn.width * 3 // 4, drawn.height * 3 // 4), Image.Resampling.LANCZOS)
        png = _written(drawn)
    colours = drawn.getcolors(_TWO)
    has_greys = colours is None or any(value not in {0, 255} for _, value in colours)
    return GreyPicture(png, drawn.width, drawn.height, has_greys)


def file_stem(name: str) -> str:
    """Return a name that a file can have, from what somebody called theirs."""
    stem = _UNFIT.sub("-", name.rpartition(".")[0] or name).strip("-_")
    return stem[:_LONGEST_NAME].strip("-_") or "picture"


def _written(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=True)
    return file.getvalue()


def _drawn(data: bytes) -> Image.Image:
    with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
        if picture.width * picture.height > _MOST_PIXELS:
            raise LabelError(
                f"This picture has {picture.width} x {picture.height} pixels, "
                f"expected {_MOST_PIXELS // 1_000_000} megapixels or less."
            )
        upright = ImageOps.exif_transpose(picture)
    if upright.has_transparency_data:
        upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright.convert("RGBA"))
    drawn = upright.convert("L")
    drawn.thumbnail((_LONGEST_SIDE_PX, _LONGEST_SIDE_PX), Image.Resampling.LANCZOS)
    drawn.info.clear()
    return drawn
