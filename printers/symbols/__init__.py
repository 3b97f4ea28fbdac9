"""Barcode symbols as whole modules, and reading them back.

The only package that knows python-barcode and zxing-cpp.
"""

from printers.errors import LabelInvalid
from printers.symbology import Shape, Symbology
from printers.symbols.code128 import FNC1, code128_words
from printers.symbols.linear import linear
from printers.symbols.matrix import Matrix
from printers.symbols.reading import Decoded, decode
from printers.symbols.two_dimensional import two_dimensional

__all__ = [
    "FNC1",
    "Decoded",
    "Matrix",
    "Symbology",
    "code128_words",
    "decode",
    "encode",
    "smallest_module_dots",
]


def smallest_module_dots(symbology: Symbology, dots_per_mm: float, smallest_mm: float | None = None) -> int:
    """Return the fewest dots a module may have on a head with this pitch; two at least.

    Args:
        symbology: Gives the smallest module unless `smallest_mm` does.
        dots_per_mm: Of the head.
        smallest_mm: The smallest module a design allows.
    """
    least_mm = symbology.traits.smallest_module_mm if smallest_mm is None else smallest_mm
    return max(2, -int(-least_mm * dots_per_mm // 1))


def encode(symbology: Symbology, text: str, *, correction: str = "", columns: int = 0) -> Matrix:
    """Encode a text.

    Args:
        symbology: Code 128 takes ASCII, control characters included; Code 39 digits, capitals, `-`, `.` and
            space; ITF-14 and EAN-13 their digits, the check digit included; Micro QR ASCII; the GS1 kinds
            element strings with GS between them; the others any Unicode text.
        text: What a scanner shall report, without a symbology identifier.
        correction: How much damage the symbol bears: `L` to `H` for QR (M unless said) and Micro QR, a
            percentage such as `23%` for Aztec, 0 to 8 for PDF417.
        columns: Data columns of a PDF417, 1 to 30; 0 leaves them to the writer.

    Raises:
        LabelInvalid: The text is empty, too long, or nothing the symbology can hold.
    """
    if not text:
        raise LabelInvalid(f"{symbology}: expected a text, got ''")
    if symbology.traits.shape is Shape.LINEAR:
        return linear(symbology, text)
    return two_dimensional(symbology, text, correction=correction, columns=columns)
