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
