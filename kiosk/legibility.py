"""Tells text from the noise that a serial line at the wrong speed gives."""

_SEPARATORS = frozenset(b"\t\n\r\x02\x03\x04\x1c\x1d\x1e\x1f")
_BLANK, _DELETE = 0x20, 0x7F
_MOST_NOISE = 1 / 4


def is_legible(data: bytes) -> bool:
    """Return whether these bytes may be a barcode.

    At the wrong speed most bytes are control characters or beyond ASCII. Text in UTF-8 is legible; so is one
    with a few such bytes in it.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode("latin-1")
        noise = sum(not _BLANK <= byte < _DELETE and byte not in _SEPARATORS for byte in data)
    else:
        noise = sum((char < " " and ord(char) not in _SEPARATORS) or char == "\x7f" for char in text)
    return noise <= len(text) * _MOST_NOISE
