"""What somebody else's picture may do to Pillow, and what is looked at before it is decoded."""

from typing import Final

from PIL import Image

NO_PICTURE: Final = (
    OSError,
    ValueError,
    SyntaxError,  # Pillow's PNG reader
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
    EOFError,
    RuntimeError,  # pi_heif
)
"""What decoding raises where it is no whole picture."""
_MOST_JPEG_SCANS: Final = 100
"""Cameras make a dozen; a file of a million empty ones keeps a decoder busy for hours."""
_START_OF_SCAN: Final = b"\xff\xda"
"""Never inside of a scan's data, where 0xFF is followed by 0x00 or a restart (ITU-T T.81, B.1.1.5)."""


def has_too_many_scans(data: bytes) -> bool:
    """Return whether this could be a JPEG that takes hours; another file hardly has the marker so often."""
    return data.count(_START_OF_SCAN) > _MOST_JPEG_SCANS
