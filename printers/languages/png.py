"""PNG: the bitmap as a picture that says how large its dots are."""

import io
from collections.abc import Sequence
from typing import Final

from printers.errors import LabelInvalid
from printers.handling import Handling
from printers.languages.abilities import Abilities, check_settings
from printers.languages.base import Language
from printers.languages.bitmap import placed
from printers.media import MM_PER_INCH, Media
from printers.raster import Raster, stacked


def check(media: Media, handling: Handling) -> None:
    """See `Language`: a picture has no speed."""
    check_settings("png", Abilities(), media, handling)


def encode(raster: Raster, media: Media, handling: Handling) -> bytes:
    """Encode one label.

    Args:
        raster: The label.
        media: Gives the dots their size.
        handling: Offsets; a picture is one copy.

    Raises:
        LabelInvalid: The bitmap is larger than the media, or more than one copy is wanted.
    """
    return encode_pages([raster], media, handling)


def encode_pages(rasters: Sequence[Raster], media: Media, handling: Handling) -> bytes:
    """Encode labels below each other, as they are shown.

    Raises:
        LabelInvalid: A bitmap is larger than the media, or more than one copy is wanted.
    """
    check(media, handling)
    if handling.copies != 1:
        raise LabelInvalid(f"png: copies={handling.copies}: expected 1, as a picture is one label")
    dpi = media.dots_per_mm * MM_PER_INCH
    file = io.BytesIO()
    sheet = stacked([placed("png", raster, media, handling) for raster in rasters])
    sheet.image().save(file, "PNG", compress_level=1, dpi=(dpi, dpi))
    return file.getvalue()


PNG: Final = Language("png", "image/png", encode, check, encode_pages=encode_pages)
