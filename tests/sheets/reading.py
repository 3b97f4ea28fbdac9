"""A sheet as a scanner sees it."""

import io

import zxingcpp
from PIL import Image


def codes_of(png: bytes) -> dict[str, str]:
    """Return each barcode's text and symbology identifier."""
    with Image.open(io.BytesIO(png)) as picture:
        found = zxingcpp.read_barcodes(picture, text_mode=zxingcpp.TextMode.Plain)
    return {barcode.text: barcode.symbology_identifier for barcode in found}
