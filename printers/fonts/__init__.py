"""The bundled typefaces: DejaVu, and the control pictures of Noto Sans Symbols 2.

A label looks the same on every machine because nothing of the system's fonts or shaping is used.
"""

from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Final

from PIL import ImageFont

_FOLDER: Final = Path(__file__).parent


class Face(StrEnum):
    """A typeface a design can name."""

    SANS = "sans"
    BOLD = "bold"
    MONO = "mono"
    """Its zero carries a mark, so that 0 and O differ."""
    MONO_BOLD = "mono-bold"
    PICTURES = "pictures"
    """Only U+2400 to U+2426; chosen by the layout, never by a design."""


_FILES: Final = {
    Face.SANS: "DejaVuSans.ttf",
    Face.BOLD: "DejaVuSans-Bold.ttf",
    Face.MONO: "DejaVuSansMono.ttf",
    Face.MONO_BOLD: "DejaVuSansMono-Bold.ttf",
    Face.PICTURES: "NotoSansSymbols2-ControlPictures.ttf",
}

CAP_HEIGHT_EM: Final = 0.729
"""Height of DejaVu's capitals and digits (OS/2 sCapHeight 1493 of 2048)."""
DESCENT_EM: Final = 0.236
"""How far DejaVu's letters reach below the baseline (hhea descent 483 of 2048)."""


@lru_cache(maxsize=128)
def font(face: Face, size_px: int) -> ImageFont.FreeTypeFont:
    """Load a face at a size in dots; loaded ones are kept, as loading costs more than drawing."""
    return ImageFont.truetype(_FOLDER / _FILES[face], size_px, layout_engine=ImageFont.Layout.BASIC)
