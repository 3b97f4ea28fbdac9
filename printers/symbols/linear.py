"""Linear symbols: Code 128 by our own encoder, the others by python-barcode."""

import re
from typing import Final

from barcode.codex import Code39  # type: ignore[import-untyped]  # it has no types
from barcode.ean import EuropeanArticleNumber13  # type: ignore[import-untyped]
from barcode.itf import ITF  # type: ignore[import-untyped]

from printers.errors import LabelInvalid
from printers.gs1 import GS, has_check_digit, split
from printers.symbology import Symbology
from printers.symbols.code128 import FNC1, code128_bars
from printers.symbols.matrix import Matrix

_CODE39_OUTSIDE: Final = re.compile(r"[^0-9A-Z. -]")
"""The symbology has $ / + % too, but for scanners set to full ASCII they begin another character."""
_ITF_WIDE: Final = 3
"""Wide to narrow; GS1 General Specifications 5.3.2.3 allow 2.25 to 3, and only 3 is whole modules."""
_DIGITS: Final = {Symbology.ITF14: 14, Symbology.EAN13: 13}


def linear(symbology: Symbology, text: str) -> Matrix:
    """Encode a text in a linear symbol.

    Raises:
        LabelInvalid: Nothing the symbology can hold.
    """
    return Matrix.of_bars(symbology, text, _bars(symbology, text))


def _bars(symbology: Symbology, text: str) -> str:
    match symbology:
        case Symbology.CODE128:
            if outside := [character for character in text if not character.isascii()]:
                raise LabelInvalid(f"code128 {text!r}: expected ASCII only, got {outside[0]!r}")
            return code128_bars([*text])
        case Symbology.GS1_128:
            split(text)
            return code128_bars([FNC1, *(FNC1 if character == GS else character for character in text)])
        case Symbology.CODE39:
            if outside := _CODE39_OUTSIDE.findall(text):
                raise LabelInvalid(
                    f"code39 {text!r}: expected digits, capitals, '-', '.' and space, got {outside[0]!r}"
                )
            return _only(Code39(text, add_checksum=False).build())
        case _:
            if not has_check_digit(text, _DIGITS[symbology]):
                raise LabelInvalid(
                    f"{symbology} {text!r}: "
                    f"expected {_DIGITS[symbology]} digits of which the last checks the others"
                )
            if symbology is Symbology.ITF14:
                return _only(ITF(text, narrow=1, wide=_ITF_WIDE).build())
            return _only(EuropeanArticleNumber13(text).build())


def _only(lines: list[str]) -> str:
    (bars,) = lines
    return bars
