"""What zxing-cpp calls each symbology."""

from typing import Final

from zxingcpp import BarcodeFormat

from printers.symbology import Symbology

FORMATS: Final = {
    Symbology.CODE128: BarcodeFormat.Code128,
    Symbology.GS1_128: BarcodeFormat.Code128,
    # Plain Code39 would take six suitable characters for Code 32, Italy's pharmacy code.
    Symbology.CODE39: BarcodeFormat.Code39Std,
    Symbology.ITF14: BarcodeFormat.ITF,
    Symbology.EAN13: BarcodeFormat.EAN13,
    Symbology.QR: BarcodeFormat.QRCode,
    Symbology.MICRO_QR: BarcodeFormat.MicroQRCode,
    Symbology.DATAMATRIX: BarcodeFormat.DataMatrix,
    Symbology.GS1_DATAMATRIX: BarcodeFormat.DataMatrix,
    Symbology.AZTEC: BarcodeFormat.Aztec,
    Symbology.PDF417: BarcodeFormat.PDF417,
}
