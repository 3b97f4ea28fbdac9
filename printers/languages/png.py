"""PNG: the bitmap as a picture that says how large its dots are."""

import io
from collections.abc import Sequence
from typing import Final

from printers.errors import LabelInvalid
from printers.handling import Handling
from printers.languages.abilities import Abilities, check_settings
from printers.languages.base import Language, any_stock
from printers.languages.bitmap import placed
from printers.media import MM_PER_INCH, Media
from printers.raster import Raster, stacked


def check(media: Media, handling: Handling) -> None:
    """See `Language`: a picture has no speed."""
    check_settings("png", Abilities(), media, handling)


def encode(raster: Raster, media: Media, handling: Handling) -> bytes:
    """Encode one label; see `encode_pages`."""
    return encode_pages([raster], media, handling)


def encode_pages(labels: Sequence[Raster], media: Media, handling: Handling) -> bytes:
    """Encode labels as one picture, each below the other, as they are shown.

    Args:
        labels: The bitmaps.
        media: Gives the dots their size.
        handling: Offsets; a picture is one copy.

    Raises:
        LabelInvalid: A bitmap is larger than the media, or more than one copy is wanted.
    """
    check(media, handling)
    if handling.copies != 1:
        raise LabelInvalid(f"png: copies={handling.copies}: expected 1, as a picture is one label")
    sheet = stacked([placed("png", label, media, handling) for label in labels])
    dpi = media.dots_per_mm * MM_PER_INCH
    file = io.BytesIO()
    sheet.coloured().save(file, "PNG", compress_level=1, dpi=(dpi, dpi))
    return file.getvalue()


PNG: Final = Language(
    "png", "image/png", encode, check, has_red=any_stock, encode_pages=encode_pages, has_own_size=True
)
