"""A photo as it is kept: drawn anew, so that nothing of the bytes that were sent survives but the picture."""

import importlib
import io
import threading
from collections.abc import Mapping
from typing import Final

from PIL import Image, ImageOps

from kiosk.errors import PhotoRefused
from kiosk.hostile_picture import NO_PICTURE, has_too_many_scans

MOST_SENT_BYTES: Final = 12 * 1024 * 1024
LONGEST_SIDE_PX: Final = 2048
CONTENT_TYPE: Final = "image/jpeg"
_QUALITY: Final = 85
_THUMBNAIL_PX: Final = 320
_MEGA: Final = 1_000_000
_MOST_PIXELS: Final[Mapping[str, int]] = {
    # A JPEG is read at a fraction of its size; a progressive one, and every other kind, only as a whole.
    "JPEG": 64 * _MEGA,
    "MPO": 64 * _MEGA,
    "PROGRESSIVE": 24 * _MEGA,
    "HEIF": 24 * _MEGA,
    "PNG": 16 * _MEGA,
    "WEBP": 16 * _MEGA,
}
_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_ONE_AT_A_TIME: Final = threading.Lock()
"""A large photo takes a tenth of a small Pi's memory while it is read."""


def snapshot(data: bytes) -> bytes:
    """Return a photo as JPEG: upright, 2048 dots long at most, without place, time, camera or comment.

    Args:
        data: JPEG, PNG or WebP; HEIC where ``pi-heif`` is installed.

    Raises:
        PhotoRefused: it is none of these, not whole, or too large.
    """
    if len(data) > MOST_SENT_BYTES:
        raise PhotoRefused(
            f"This photo is larger than {MOST_SENT_BYTES // (1024 * 1024)} megabytes. Take a smaller one."
        )
    kinds = ("JPEG", "PNG", "WEBP", *_heic(data))
    if has_too_many_scans(data):
        raise PhotoRefused("This is no photo that a camera made. Take another.")
    with _ONE_AT_A_TIME:
        try:
            picture = _drawn(data, kinds)
        except NO_PICTURE as error:
            raise PhotoRefused(
                "This is no photo that can be read, or it is not whole. Expected JPEG, PNG or WebP."
            ) from error
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=_QUALITY)
    return file.getvalue()


def thumbnail(content: bytes) -> bytes:
    """Return a photo that is kept as a small JPEG, 320 dots long."""
    file = io.BytesIO()
    with Image.open(io.BytesIO(content), formats=["JPEG"]) as picture:
        picture.draft("RGB", (_THUMBNAIL_PX, _THUMBNAIL_PX))
        picture.thumbnail((_THUMBNAIL_PX, _THUMBNAIL_PX))
        picture.save(file, "JPEG", quality=_QUALITY)
    return file.getvalue()


def _drawn(data: bytes, kinds: tuple[str, ...]) -> Image.Image:
    size = (LONGEST_SIDE_PX, LONGEST_SIDE_PX)
    with Image.open(io.BytesIO(data), formats=kinds) as picture:
        is_progressive = bool(picture.info.get("progressive"))
        most = _MOST_PIXELS["PROGRESSIVE" if is_progressive else str(picture.format)]
        if picture.width * picture.height > most:
            raise PhotoRefused(
                f"This photo has {picture.width} x {picture.height} dots. "
                f"Expected {most // _MEGA} megapixels or less: take a smaller one."
            )
        picture.draft("RGB", size)
        upright = ImageOps.exif_transpose(picture)
    if upright.has_transparency_data:
        upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright.convert("RGBA"))
    drawn = upright.convert("RGB")
    drawn.thumbnail(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    drawn.info.clear()  # Pillow writes a comment that it read
    return drawn


def _heic(data: bytes) -> tuple[str, ...]:
    """Return the kind that Pillow calls HEIC, if this is one and can be read here.

    Raises:
        PhotoRefused: this is one, and ``pi-heif`` is not installed.
    """
    if data[4:8] != b"ftyp" or data[8:12] not in _HEIC_BRANDS:
        return ()
    try:
        importlib.import_module("pi_heif").register_heif_opener()
    except ImportError as error:
        raise PhotoRefused(
            "This photo is HEIC. Set the phone's camera to JPEG (iPhone: Formats, Most Compatible)."
        ) from error
    return ("HEIF",)
