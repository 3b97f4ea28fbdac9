"""Barcode symbols as whole modules, and reading them back.

The only module that knows python-barcode and zxing-cpp.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

import zxingcpp
from barcode.charsets import code128 as tables  # type: ignore[import-untyped]  # it has no types
from PIL import Image

from printers.errors import LabelInvalid


class Symbology(StrEnum):
    """A kind of symbol."""

    CODE128 = "code128"
    QR = "qr"
    DATAMATRIX = "datamatrix"


_FORMATS: Final = {
    Symbology.CODE128: zxingcpp.BarcodeFormat.Code128,
    Symbology.QR: zxingcpp.BarcodeFormat.QRCode,
    Symbology.DATAMATRIX: zxingcpp.BarcodeFormat.DataMatrix,
}
_IDENTIFIERS: Final = {
    Symbology.CODE128: "]C0",
    Symbology.QR: "]Q1",
    Symbology.DATAMATRIX: "]d1",
}
"""AIM symbology identifiers (ISO/IEC 15424) of the plain variants, the only ones written here."""

QUIET_MODULES: Final = {Symbology.CODE128: 10, Symbology.QR: 4, Symbology.DATAMATRIX: 1}
"""Blank modules on each side: ISO/IEC 15417, 18004 and 16022. Code 128 needs none above and below."""

_SMALLEST_MODULE_MM: Final = {Symbology.CODE128: 0.24, Symbology.QR: 0.33, Symbology.DATAMATRIX: 0.33}
"""2 dots at 203 dpi and 3 at 300 for bars, 3 and 4 for matrices: about 10 and 13 mil."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """A symbol's modules, without its quiet zone."""

    symbology: Symbology
    text: str
    width: int
    """In modules."""
    height: int
    """In modules; 1 for a linear symbol, whose bars are drawn as high as its box."""
    modules: bytes
    """One byte a module, row by row: 1 is black."""

    @property
    def quiet(self) -> int:
        """Width of the quiet zone in modules."""
        return QUIET_MODULES[self.symbology]

    @property
    def identifier(self) -> str:
        """AIM symbology identifier a scanner reports."""
        return _IDENTIFIERS[self.symbology]


@dataclass(frozen=True, slots=True)
class Decoded:
    """A symbol found in a picture."""

    text: str
    identifier: str


def smallest_module_dots(symbology: Symbology, dots_per_mm: float) -> int:
    """Return the fewest dots a module may have on a head with this pitch."""
    return max(2, -int(-_SMALLEST_MODULE_MM[symbology] * dots_per_mm // 1))


def encode(symbology: Symbology, text: str) -> Matrix:
    """Encode a text.

    Args:
        symbology: Code 128 (ASCII, control characters included), QR or Data Matrix (any Unicode text).
        text: What a scanner shall report.

    Raises:
        LabelInvalid: The text is empty, too long, or has characters the symbology does not.
    """
    if not text:
        raise LabelInvalid(f"{symbology}: expected a text, got ''")
    if symbology is Symbology.CODE128:
        return code128(text)
    return _matrix(symbology, text)


def decode(image: Image.Image, symbologies: Collection[Symbology] = tuple(Symbology)) -> list[Decoded]:
    """Find and read every symbol of these kinds in a picture, upright ones only."""
    found = zxingcpp.read_barcodes(
        image if image.mode == "L" else image.convert("L"),
        formats=zxingcpp.BarcodeFormats([_FORMATS[symbology] for symbology in symbologies]),
        try_rotate=False,
        try_downscale=False,
        try_invert=False,
        text_mode=zxingcpp.TextMode.Plain,
        binarizer=zxingcpp.Binarizer.FixedThreshold,
    )
    return [Decoded(barcode.text, barcode.symbology_identifier) for barcode in found]


_SHIFT, _TO_C, _TO_B, _TO_A = 98, 99, 100, 101
"""Code words of ISO/IEC 15417 in sets A and B. python-barcode's tables name them as if they were characters,
and its encoder takes a leading "99" for the switch to set C; here data never meets those entries."""
_FIRST_CONTROL: Final = 96


def _characters(table: dict[str, int]) -> dict[str, int]:
    return {entry: value for entry, value in table.items() if value < _FIRST_CONTROL and entry.isascii()}


_VALUES_A: Final = _characters(tables.A)
_VALUES_B: Final = _characters(tables.B)
_SWITCH: Final = {"A": _TO_A, "B": _TO_B, "C": _TO_C}
_CHECK_MODULUS: Final = 103
_Words: TypeAlias = "tuple[int, _Words] | None"
"""A linked list, so that the ways through a text share their ends."""
_Ways: TypeAlias = dict[str, tuple[int, _Words]]
"""By set in force: how many words, and which."""


def code128(text: str) -> Matrix:
    """Encode ASCII in the fewest code words that Code 128 allows.

    Raises:
        LabelInvalid: A character outside ASCII.
    """
    if outside := [
        character for character in text if character not in _VALUES_A and character not in _VALUES_B
    ]:
        raise LabelInvalid(f"code128 {text!r}: expected ASCII only, got {outside[0]!r}")
    words = code128_words(text)
    check = (words[0] + sum(place * word for place, word in enumerate(words[1:], 1))) % _CHECK_MODULUS
    bars = "".join(tables.CODES[word] for word in [*words, check]) + tables.STOP + "11"
    return Matrix(Symbology.CODE128, text, len(bars), 1, bytes(bar == "1" for bar in bars))


def code128_words(text: str) -> list[int]:
    """Choose sets and shifts so that the fewest words come out; check word and stop are not among them.

    Args:
        text: ASCII, not empty.
    """
    # From the end to the start: in `best`, for each set in force, the fewest words that write the rest.
    best: _Ways = {"A": (0, None), "B": (0, None), "C": (0, None)}
    after_next = best
    for place in range(len(text) - 1, -1, -1):
        ways = _ways(text[place : place + 2], best, after_next)
        for to in "ABC":
            via = min((name for name in ways if name != to), key=lambda name: ways[name][0])
            count, rest = ways[via]
            if to not in ways or count + 1 < ways[to][0]:
                ways[to] = (count + 1, (_SWITCH[via], rest))
        after_next, best = best, ways
    start = min(best, key=lambda name: best[name][0])
    words = [tables.START_CODES[start]]
    rest = best[start][1]
    while rest is not None:
        word, rest = rest
        words.append(word)
    return words


def _ways(pair: str, best: _Ways, after_next: _Ways) -> _Ways:
    """Write the first character of a pair, or both of them, without switching sets."""
    ways: _Ways = {}
    for own, other, name in ((_VALUES_A, _VALUES_B, "A"), (_VALUES_B, _VALUES_A, "B")):
        count, rest = best[name]
        if pair[0] in own:
            ways[name] = (count + 1, (own[pair[0]], rest))
        else:
            ways[name] = (count + 2, (_SHIFT, (other[pair[0]], rest)))
    if len(pair) == 2 and pair.isdigit():  # noqa: PLR2004 - a pair
        count, rest = after_next["C"]
        ways["C"] = (count + 1, (int(pair), rest))
    return ways


def _matrix(symbology: Symbology, text: str) -> Matrix:
    options: dict[str, object] = (
        {"force_square": True} if symbology is Symbology.DATAMATRIX else {"ec_level": "M"}
    )
    if not text.isascii():
        options["eci"] = "UTF-8"  # without it the writer picks one of several old code pages by content
    try:
        text.encode()  # a lone surrogate would end in the writer as a nameless RuntimeError
        barcode = zxingcpp.create_barcode(text, _FORMATS[symbology], **options)
        picture = zxingcpp.write_barcode_to_image(barcode, scale=1, add_quiet_zones=False)
    except (ValueError, UnicodeEncodeError) as error:
        raise LabelInvalid(f"{symbology} {text!r}: expected a text it can hold: {error}") from error
    height, width = picture.shape
    # The writer ignores options it does not know, so what came out is looked at.
    if height != width or barcode.symbology_identifier != _IDENTIFIERS[symbology]:
        raise LabelInvalid(
            f"{symbology} {text!r}: expected a square {_IDENTIFIERS[symbology]}, "
            f"got {barcode.symbology_identifier} of {width} x {height} modules"
        )
    pixels = bytes(memoryview(picture))  # type: ignore[arg-type]  # its types leave the buffer protocol out
    return Matrix(symbology, text, width, height, pixels.translate(_BLACK_IS_ONE))


_BLACK_IS_ONE: Final = bytes([1]) + bytes(255)
