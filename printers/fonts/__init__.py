"""The bundled typefaces: DejaVu, and the control pictures of Noto Sans Symbols 2.

A label looks the same on every machine because nothing of the system's fonts or shaping is used; only for
Chinese, Japanese and Korean, whose faces are too large to come along, an installed one is taken.
"""

from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Final

from PIL import ImageFont

_FOLDER: Final = Path(__file__).parent


class Face(StrEnum):
    """A typeface."""

    SANS = "sans"
    BOLD = "bold"
    MONO = "mono"
    """Its zero carries a mark, so that 0 and O differ."""
    MONO_BOLD = "mono-bold"
    PICTURES = "pictures"
    """Only U+2400 to U+2426."""
    CJK = "cjk"
    """Chinese, Japanese and Korean, where a face for them is installed."""


DESIGN_FACES: Final = (Face.SANS, Face.BOLD, Face.MONO, Face.MONO_BOLD)
"""Those a design can name; the others are chosen by the layout, character by character."""

_FILES: Final = {
    Face.SANS: "DejaVuSans.ttf",
    Face.BOLD: "DejaVuSans-Bold.ttf",
    Face.MONO: "DejaVuSansMono.ttf",
    Face.MONO_BOLD: "DejaVuSansMono-Bold.ttf",
    Face.PICTURES: "NotoSansSymbols2-ControlPictures.ttf",
}

_SYSTEM_FONTS: Final = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
_CJK_FILES: Final = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJK-VF.ttf.ttc",
    "NotoSansCJKjp-Regular.otf",
    "NotoSansCJKsc-Regular.otf",
    "SourceHanSans-Regular.ttc",
    "DroidSansFallbackFull.ttf",
    "DroidSansFallback.ttf",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "ipag.ttf",
    "NanumGothic.ttf",
)
"""As Debian's packages fonts-noto-cjk, fonts-droid-fallback, fonts-wqy-microhei and others name them."""

CAP_HEIGHT_EM: Final = 0.729
"""Height of DejaVu's capitals and digits (OS/2 sCapHeight 1493 of 2048)."""
DESCENT_EM: Final = 0.236
"""How far DejaVu's letters reach below the baseline (hhea descent 483 of 2048)."""


@lru_cache(maxsize=4)
def font(face: Face, size_px: int) -> ImageFont.FreeTypeFont:
    """Load a face at a size in dots; the last ones are kept, as a line asks for the same one again and again.

    Few of them: each keeps up to 0.7 MB of its file in memory, and loading one takes 0.04 ms, which only what
    is drawn for the first time waits for.

    Args:
        face: Which; the CJK one becomes DejaVu, which draws a box for each of its characters, where none is
            installed.
        size_px: Height of the em.
    """
    path = cjk_file() if face is Face.CJK else None
    if path is None:
        path = _FOLDER / _FILES.get(face, _FILES[Face.SANS])
    return ImageFont.truetype(path, size_px, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=8)
def cjk_file(folders: Sequence[Path] = _SYSTEM_FONTS) -> Path | None:
    """Return the face for Chinese, Japanese and Korean that is installed, the best known one first."""
    found = {path.name: path for folder in folders for path in sorted(folder.rglob("*.[to]t[cf]"))}
    return next((found[name] for name in _CJK_FILES if name in found), None)
