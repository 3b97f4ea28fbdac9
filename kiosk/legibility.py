"""Tells text from the noise that a serial line at the wrong speed gives."""

from typing import Final

_SEPARATORS: Final = b"\t\n\r\x02\x03\x04\x1c\x1d\x1e\x1f"
_NOISE: Final = frozenset({*range(0x20), 0x7F, *range(0x80, 0xA0), 0xFF}) - frozenset(_SEPARATORS)
"""Control characters that no barcode is parted by, and what Latin-1 has no letter for."""
_MOST_NOISE: Final = 1 / 4


def is_legible(data: bytes) -> bool:
    """Return whether these bytes may be a barcode: UTF-8, or Latin-1 with something of ASCII in it.

    At the wrong speed most bytes are control characters or beyond ASCII. A few in a text make no noise.
    """
    try:
        data.decode()
    except UnicodeDecodeError:
        has_text = any(chr(byte).isalnum() for byte in data if byte < 0x80)  # noqa: PLR2004 - ASCII ends there
        return has_text and sum(byte in _NOISE for byte in data) <= len(data) * _MOST_NOISE
    return sum(byte in _NOISE for byte in data if byte < 0x80) <= len(data) * _MOST_NOISE  # noqa: PLR2004
