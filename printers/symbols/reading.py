"""Finds and reads symbols in pictures."""

from collections.abc import Collection
from dataclasses import dataclass

import zxingcpp
from PIL import Image

from printers.symbology import Symbology
from printers.symbols.formats import FORMATS

_UNASKED = {"]A1": "]A0"}
"""Code 39 is reported as checked wherever its last character would happen to be the right check character."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A symbol found in a picture."""

    text: str
    identifier: str


def decode(image: Image.Image, symbologies: Collection[Symbology] = tuple(Symbology)) -> list[Decoded]:
    """Find and read every symbol of these kinds in a picture, upright ones only."""
    found = zxingcpp.read_barcodes(
        image if image.mode == "L" else image.convert("L"),
        formats=zxingcpp.BarcodeFormats([FORMATS[symbology] for symbology in symbologies]),
        try_rotate=False,
        try_downscale=False,
        try_invert=False,
        text_mode=zxingcpp.TextMode.Plain,
        binarizer=zxingcpp.Binarizer.FixedThreshold,
    )
    return [
        Decoded(barcode.text, _UNASKED.get(barcode.symbology_identifier, barcode.symbology_identifier))
        for barcode in found
    ]
