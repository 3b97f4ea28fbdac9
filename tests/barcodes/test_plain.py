import pytest

from kiosk.barcodes import Rejected, Text
from kiosk.barcodes.payload import Payload
from kiosk.barcodes.plain import read_plain


@pytest.mark.parametrize(
    "text", ["PN-100", " leading and trailing ", "Schraube 5 µm ½", "a\u00a0b", "{", "ION/WIRE/3"]
)
def test_printable_text_is_kept_as_it_is(text: str) -> None:
    assert read_plain(Payload(text)) == Text(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        ("   ", "holds nothing but blanks"),
        ("A\x1dB\x1eC\x1d", "contains GS, RS, which plain text does not"),
        ("\x1d", "contains GS, which plain text does not"),
        ("A\tB", "contains TAB, which plain text does not"),
        ("A\r\nB", "contains CR, LF, which plain text does not"),
        ("A\x00", "contains NUL, which plain text does not"),
        ("A\x7f", "contains DEL, which plain text does not"),
        ("A\x85\x9f", "contains U+0085, U+009F, which plain text does not"),
        ("lot\u202eabc", "contains U+202E, which plain text does not"),
        ("lot\u200babc", "contains U+200B, which plain text does not"),
        (
            "\x01\x02\x03\x04\x05\x06\x07",
            "contains SOH, STX, ETX, EOT, ENQ, 2 more, which plain text does not",
        ),
        ("ION/CMD/QUANTITY/x", "begins like a barcode of the kiosk"),
    ],
)
def test_what_is_not_plain_is_told_why(text: str, reason: str) -> None:
    assert read_plain(Payload(text)) == Rejected("text", reason)
