"""Barcodes in a photo, as a scanner would send them: symbology identifier and bytes."""

import io
from dataclasses import dataclass

import zxingcpp
from PIL import Image

from kiosk.errors import ScanError

MOST_PIXELS = 64_000_000
_KINDS = ("JPEG", "PNG", "WEBP")
_ENOUGH_PX = 4096
"""Side up to which a photo is looked at as it is; a larger JPEG is decoded at half its size or less."""
_NO_PICTURE = (
    OSError,
    ValueError,
    SyntaxError,  # Pillow's PNG reader
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


@dataclass(frozen=True, slots=True)
class SeenCode:
    """A barcode in a photo."""

    identifier: str
    """AIM symbology identifier, such as ``]d1``."""
    name: str
    """The symbology in words."""
    data: bytes
    """What it holds, with GS and RS."""

    @property
    def raw(self) -> bytes:
        """Return it as a scanner sends it that names its symbologies."""
        return self.identifier.encode("ascii") + self.data


def read_photo(data: bytes) -> tuple[SeenCode, ...]:
    """Return every barcode in a photo once, from the top to the bottom.

    Raises:
        ScanError: it is no picture of a kind that cameras make, or a huge one.
    """
    try:
        with Image.open(io.BytesIO(data), formats=_KINDS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ScanError(
                    f"Cannot read a photo of {picture.width} x {picture.height} dots: "
                    f"expected {MOST_PIXELS // 1_000_000} megapixels or less."
                )
            picture.draft("L", (_ENOUGH_PX, _ENOUGH_PX))
            grey = picture.convert("L")
    except _NO_PICTURE as error:
        raise ScanError(
            f"Cannot read a photo of {len(data)} bytes: expected one of {list(_KINDS)}, got {data[:8]!r}."
        ) from error
    found = [one for one in zxingcpp.read_barcodes(grey, text_mode=zxingcpp.TextMode.Plain) if one.bytes]
    found.sort(key=lambda one: (one.position.top_left.y, one.position.top_left.x))
    codes = (SeenCode(one.symbology_identifier, str(one.format), one.bytes) for one in found)
    return tuple(dict.fromkeys(codes))
