import pytest

from kiosk.barcodes import read


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"PN-100", "PN-100"),
        (b"A\x1dB\x1e\x04\x7f", "A\u241dB\u241e\u2404\u2421"),
        ("é\u202e\x85".encode(), "é\\u202e\\x85"),
        (b"x" * 200, "x" * 200),
        (b"x" * 201, "x" * 200 + "…"),
    ],
)
def test_control_characters_are_shown_as_pictures(raw: bytes, shown: str) -> None:
    assert read(raw).shown == shown
