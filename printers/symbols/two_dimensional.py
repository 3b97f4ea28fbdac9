"""Square and stacked symbols, written by zxing-cpp."""

from typing import Final

import zxingcpp

from printers.errors import LabelInvalid
from printers.gs1 import bracketed, split
from printers.symbology import Shape, Symbology
from printers.symbols.formats import FORMATS
from printers.symbols.matrix import Matrix

_BLACK_IS_ONE: Final = bytes([1]) + bytes(255)
_CORRECTION: Final = {Symbology.QR: "M"}


def two_dimensional(symbology: Symbology, text: str, *, correction: str, columns: int) -> Matrix:
    """Encode a text in a square or stacked symbol; the arguments are those of `printers.symbols.encode`.

    Raises:
        LabelInvalid: Nothing the symbology can hold.
    """
    content = bracketed(split(text), "[]") if symbology.traits.is_gs1 else text
    if symbology is Symbology.MICRO_QR and not text.isascii():
        raise LabelInvalid(f"micro-qr {text!r}: expected ASCII only")
    try:
        text.encode()  # a lone surrogate would end in the writer as a nameless RuntimeError
        barcode = zxingcpp.create_barcode(
            content, FORMATS[symbology], **_options(symbology, text, correction, columns)
        )
        picture = zxingcpp.write_barcode_to_image(barcode, scale=1, add_quiet_zones=False)
    except (ValueError, UnicodeEncodeError) as error:
        raise LabelInvalid(f"{symbology} {text!r}: expected a text it can hold: {error}") from error
    height, width = picture.shape
    # The writer ignores options it does not know, so what came out is looked at.
    traits = symbology.traits
    if barcode.symbology_identifier != traits.identifier or (
        traits.shape is Shape.SQUARE and height != width
    ):
        raise LabelInvalid(
            f"{symbology} {text!r}: expected a {traits.shape} {traits.identifier}, "
            f"got {barcode.symbology_identifier} of {width} x {height} modules"
        )
    pixels = bytes(memoryview(picture))  # type: ignore[arg-type]  # its types leave the buffer protocol out
    return Matrix(symbology, text, width, height, pixels.translate(_BLACK_IS_ONE))


def _options(symbology: Symbology, text: str, correction: str, columns: int) -> dict[str, object]:
    options: dict[str, object] = {}
    if symbology in {Symbology.DATAMATRIX, Symbology.GS1_DATAMATRIX}:
        options["force_square"] = True  # rectangles of ISO/IEC 21471 are beyond many scanners
    if symbology.traits.is_gs1:
        options["gs1"] = True
    elif not text.isascii():
        options["eci"] = "UTF-8"  # without it the writer picks one of several old code pages by content
    if level := correction or _CORRECTION.get(symbology):
        options["ec_level"] = level
    if columns:
        options["options"] = f"first=dropped,columns={columns}"  # the writer drops what comes first
    return options
