import pytest

from kiosk.barcodes import aim


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"]d1ABC", ("]d1", b"ABC")),
        (b"]C1", ("]C1", b"")),
        (b"]zC\x1d", ("]zC", b"\x1d")),
        (b"]dab", ("]da", b"b")),
        (b"ABC]d1", (None, b"ABC]d1")),
        (b"]01095", (None, b"]01095")),
        (b"]d", (None, b"]d")),
        (b"]\xe91x", (None, b"]\xe91x")),
        (b"", (None, b"")),
    ],
)
def test_an_identifier_is_split_off_at_the_start_only(raw: bytes, expected: tuple[str | None, bytes]) -> None:
    assert aim.split(raw) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("]d1", True), ("]d1x", False), ("d1", False), ("", False), ("]é1", False), ("]d1\n", False)],
)
def test_the_form_of_an_identifier(text: str, expected: bool) -> None:
    assert aim.is_identifier(text) is expected


@pytest.mark.parametrize(
    ("identifier", "name", "is_gs1", "has_eci"),
    [
        ("]A0", "Code 39", False, False),
        ("]C0", "Code 128", False, False),
        ("]C1", "Code 128", True, False),
        ("]E0", "EAN/UPC", False, False),
        ("]I1", "Interleaved 2 of 5", False, False),
        ("]J1", "DotCode", True, False),
        ("]J4", "DotCode", True, True),
        ("]L1", "PDF417", False, True),
        ("]Q1", "QR Code", False, False),
        ("]Q2", "QR Code", False, True),
        ("]Q3", "QR Code", True, False),
        ("]Q4", "QR Code", True, True),
        ("]d1", "Data Matrix", False, False),
        ("]d2", "Data Matrix", True, False),
        ("]d5", "Data Matrix", True, True),
        ("]d7", "Data Matrix", False, False),
        ("]d8", "Data Matrix", True, False),
        ("]dA", "Data Matrix", False, True),
        ("]dB", "Data Matrix", True, True),
        ("]e0", "GS1 DataBar and Composite", True, False),
        ("]z1", "Aztec", True, False),
        ("]U1", "MaxiCode", False, False),
        ("]U2", "MaxiCode", False, True),
        ("]Z0", "No barcode", False, False),
        ("]k9", "Unknown", False, False),
    ],
)
def test_what_an_identifier_says(identifier: str, name: str, is_gs1: bool, has_eci: bool) -> None:
    said = aim.describe(identifier)
    assert (said.name, said.is_gs1, said.has_eci) == (name, is_gs1, has_eci)


def test_the_option_says_more() -> None:
    assert aim.describe("]A7").option == "full ASCII, check character stripped"
    assert aim.describe("]d8").option == "DMRE, GS1 (FNC1 first)"
    assert aim.describe("]dZ").option == ""


def test_no_identifier_is_neither() -> None:
    assert not aim.carries_gs1(None)
    assert not aim.has_eci(None)
