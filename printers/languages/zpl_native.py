"""A label as ZPL's own commands: symbols and rules to the dot, texts about the same.

An element becomes a command only where the bitmap shows exactly what that command draws; whatever is left
of the bitmap goes along as a graphic. So a new kind of element prints before this file knows it.
"""

import re
from typing import Final

from PIL import Image

from printers.fonts import CAP_HEIGHT_EM, Face
from printers.layout import Glyphs, Ink, Layout
from printers.placement import PlacedSymbol
from printers.raster import Raster, line_picture
from printers.symbols import Symbology
from printers.zpl_template import escaped

_PRINTABLE: Final = re.compile(r"[ -~]+")
_ASCII: Final = re.compile(r"[\x00-\x7e]+")
_ESCAPE: Final = "\\"
_LARGEST_MODULE: Final = 10
"""`^BY` and `^BQ` take no more."""
_LONGEST_DATA: Final = 3072
"""`^FD`."""
_START_B: Final = bytes(bar == "1" for bar in "11010010000")
_START_C: Final = bytes(bar == "1" for bar in "11010011100")
"""ISO/IEC 15417, table 1."""
_WORD_MODULES: Final = 11
_ENDS_MODULES: Final = 35
"""Start, check and stop."""
_CODE128_ESCAPES: Final = str.maketrans({">": ">0", "^": "><", "~": ">="})
"""ZPL II guide, Code 128 invocation codes; in set B they stand for data."""
_CAP_HEIGHT_OF_A0: Final = 0.75
"""Font 0's capitals, of the height that `^A0` names; a bit more than measured, so that texts keep inside."""
_ALPHANUMERIC: Final = re.compile(r"[0-9A-Z $%*+./:-]+")
_QR_WORDS: Final = {
    "L": (19, 34, 55, 80, 108, 136, 156, 194, 232, 274),
    "M": (16, 28, 44, 64, 86, 108, 124, 154, 182, 216),
    "Q": (13, 22, 34, 48, 62, 76, 88, 110, 132, 154),
    "H": (9, 16, 26, 36, 46, 60, 66, 86, 100, 122),
}
"""Data code words of QR versions 1 to 10 by level of correction (ISO/IEC 18004, table 7)."""
_QR_LEVELS: Final = {b"\1\1": "L", b"\1\0": "M", b"\0\1": "Q", b"\0\0": "H"}
"""The first two modules of the ninth row, masked as the format is (ISO/IEC 18004, 7.9.1)."""
_QR_FORMAT_ROW: Final = 8
_ASCII_WORD: Final = re.compile(r"\d\d|.", re.DOTALL)
"""A Data Matrix code word in the one encodation that every printer has."""
_DATA_MATRIX_WORDS: Final = {
    10: 3,
    12: 5,
    14: 8,
    16: 12,
    18: 18,
    20: 22,
    22: 30,
    24: 36,
    26: 44,
    32: 62,
    36: 86,
    40: 114,
    44: 144,
    48: 174,
    52: 204,
    64: 280,
    72: 368,
    80: 456,
    88: 576,
    96: 696,
    104: 816,
}
"""What square symbols hold, by their modules a side (ISO/IEC 16022, table 7)."""
_SHORT_VERSIONS: Final = 9
"""Up to this version the character count has the shorter of two forms."""
_BLACK_ON_WHITE: Final = bytes([255, 0]) + bytes(254)


def fields(
    layout: Layout, raster: Raster, by: tuple[int, int]
) -> tuple[list[str], tuple[int, int, Raster] | None]:
    """Turn a label into fields.

    Args:
        layout: Where everything stands.
        raster: What it looks like.
        by: Dots that all is moved right and down.

    Returns:
        The fields, and what is left to be sent as a graphic with its place; None when nothing is.
    """
    whole = raster.image()
    rest = whole.copy()
    commands = []
    for picture, (x, y), command in _elements(layout, by):
        box = (x, y, x + picture.width, y + picture.height)
        if whole.crop(box).tobytes() == picture.tobytes():
            commands.append(command)
            rest.paste(1, box)
    left_over = Image.eval(rest.convert("L"), lambda level: 255 - level).getbbox()
    if left_over is None:
        return commands, None
    left = rest.crop(left_over)
    place = (left_over[0] + by[0], left_over[1] + by[1])
    return commands, (*place, Raster(*left.size, left.tobytes("raw", "1;I")))


def _elements(layout: Layout, by: tuple[int, int]) -> list[tuple[Image.Image, tuple[int, int], str]]:
    """Return what each command would draw, where, and the command."""
    found = []
    for rule in layout.ink:
        if rule.width > 0 and rule.height > 0:
            picture = Image.new("1", (rule.width, rule.height), 0)
            found.append((picture, (rule.x, rule.y), _rule(rule, by)))
    for placed in layout.symbols:
        command = _symbol(placed, by)
        if command is not None:
            found.append((_symbol_picture(placed), (placed.x, placed.y), command))
    for glyphs in layout.glyphs:
        if _PRINTABLE.fullmatch(glyphs.text) and glyphs.face is not Face.PICTURES:
            drawn = None if glyphs.turns or glyphs.is_white else line_picture(glyphs)
            if drawn is not None:
                found.append((*drawn, _text(glyphs, by)))
    return found


def _rule(rule: Ink, by: tuple[int, int]) -> str:
    thickness = min(rule.width, rule.height)
    return f"^FO{rule.x + by[0]},{rule.y + by[1]}^GB{rule.width},{rule.height},{thickness}^FS"


def _text(glyphs: Glyphs, by: tuple[int, int]) -> str:
    height = max(10, round(glyphs.size_px * CAP_HEIGHT_EM / _CAP_HEIGHT_OF_A0))
    return (
        f"^FT{glyphs.x + by[0]},{glyphs.baseline + by[1]}^A0N,{height},{height}"
        f"^FH{_ESCAPE}^FD{escaped(glyphs.text, _ESCAPE)}^FS"
    )


def _symbol_picture(placed: PlacedSymbol) -> Image.Image:
    matrix = placed.matrix
    small = Image.frombytes("L", (matrix.width, matrix.height), matrix.modules.translate(_BLACK_ON_WHITE))
    height = placed.height if matrix.height == 1 else matrix.height * placed.module
    large = small.resize((matrix.width * placed.module, height), Image.Resampling.NEAREST)
    return large.convert("1", dither=Image.Dither.NONE)


def _symbol(placed: PlacedSymbol, by: tuple[int, int]) -> str | None:
    """Return the command for a symbol, None where its modules would not be the same on every printer."""
    matrix, at = placed.matrix, f"^FO{placed.x + by[0]},{placed.y + by[1]}"
    if placed.module > _LARGEST_MODULE or len(matrix.text) > _LONGEST_DATA:
        return None
    if matrix.symbology is Symbology.CODE128:
        data = _code128_data(matrix.text, matrix.modules)
        if data is None:
            return None
        height = placed.height
        return f"^BY{placed.module},3,{height}{at}^BCN,{height},N,N,N,N^FD{data}^FS"
    if matrix.symbology is Symbology.DATAMATRIX:
        # "_" and "~" begin escapes of `^BX`'s own, which of them depends on the firmware.
        if not _ASCII.fullmatch(matrix.text) or "_" in matrix.text or "~" in matrix.text:
            return None
        if len(_ASCII_WORD.findall(matrix.text)) > _DATA_MATRIX_WORDS.get(matrix.width, 0):
            return None
        size = f"{matrix.width},{matrix.height}"
        data = escaped(matrix.text, _ESCAPE)
        return f"{at}^BXN,{placed.module},200,{size}^FH{_ESCAPE}^FD{data}^FS"
    if matrix.symbology is Symbology.QR:
        start = _QR_FORMAT_ROW * matrix.width
        level = _QR_LEVELS[matrix.modules[start : start + 2]]
        if not _is_version_certain(matrix.text, matrix.width, level):
            return None
        # `^FO` and `^BQ` sink by the bar height in force, hence 1.
        data = escaped(matrix.text, _ESCAPE)
        return f"^BY2,3,1{at}^BQN,2,{placed.module}^FH{_ESCAPE}^FD{level}A,{data}^FS"
    return None


def _code128_data(text: str, modules: bytes) -> str | None:
    """Return the data with which mode N draws these very modules: pure set B or pure set C."""
    if not _PRINTABLE.fullmatch(text):
        return None
    start, words = modules[:_WORD_MODULES], (len(modules) - _ENDS_MODULES) // _WORD_MODULES
    if start == _START_C and text.isdigit() and 2 * words == len(text):
        return f">;{text}"
    if start == _START_B and words == len(text):
        return f">:{text.translate(_CODE128_ESCAPES)}"
    return None


def _is_version_certain(text: str, width: int, level: str) -> bool:
    """Tell whether a printer that does not mix modes within a symbol comes to the same QR version."""
    if not _PRINTABLE.fullmatch(text):
        return False
    count = len(text)
    for version, words in enumerate(_QR_WORDS[level], 1):
        is_short = version <= _SHORT_VERSIONS
        if text.isdigit():
            bits = 4 + (10 if is_short else 12) + (10 * count + 2) // 3
        elif _ALPHANUMERIC.fullmatch(text):
            bits = 4 + (9 if is_short else 11) + 11 * (count // 2) + 6 * (count % 2)
        else:
            bits = 4 + (8 if is_short else 16) + 8 * count
        if bits <= 8 * words:
            return width == 17 + 4 * version
    return False
