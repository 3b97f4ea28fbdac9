import pytest

from kiosk.legibility import is_legible


@pytest.mark.parametrize(
    "data",
    [
        b"PO-10007",
        b"]d1[)>\x1e06\x1dPABC\x1dQ5\x1e\x04",
        "Größe 5 µm".encode(),
        "Größe 5 µm".encode("latin-1"),
        b"\x0212345\x03",
        b"A\x00BCDEFG",
        b"",
    ],
)
def test_text_is_legible(data: bytes) -> None:
    assert is_legible(data)


@pytest.mark.parametrize(
    "data",
    [
        b"\xe6\x00\x98\x80\xf8\x00\x1e",  # 9600 baud heard at 115200
        b"\x00\x00\x00\x00",
        b"\x80\x00A\x80",
        b"\x7f\x7fA\x01",
        b"\xff",
        b"\xe6\xf8\xa9",
    ],
)
def test_noise_is_not(data: bytes) -> None:
    assert not is_legible(data)
