"""Decodes the bitmaps of ZPL: `^GFA` in hex, in Zebra's short forms, in base64, and compressed.

Written from Zebra's description of the language and sharing no code with the encoder it is used to test.
"""

import base64
import binascii
import zlib
from typing import Final

from PIL import Image

__all__ = ["SPACE", "graphic", "number", "pair"]

SPACE: Final = b" \t\r\n"
LARGEST_SIDE: Final = 16_000
"""Dots; a label beyond is not one."""
_LARGEST_GRAPHIC: Final = 8_000_000
"""Bytes of bits."""
_MOST_DIGITS: Final = 9


def number(text: bytes, default: int, low: int, high: int) -> int:
    """Read a parameter; one that is no number leaves what was in force."""
    text = text.strip(SPACE)
    return min(max(int(text), low), high) if text.isdigit() and len(text) <= _MOST_DIGITS else default


def pair(text: bytes) -> tuple[int, int]:
    """Read a place."""
    x, y, *_ = [*text.split(b","), b"", b""]
    return number(x, 0, 0, LARGEST_SIDE), number(y, 0, 0, LARGEST_SIDE)


def graphic(parameters: bytes) -> Image.Image:
    """Decode `^GFA,a,b,c,data`: b bytes of bits in rows of c bytes, high bit first, 1 is black.

    Raises:
        ValueError: It is not whole, or its check does not fit.
    """
    kind, _, rest = parameters.partition(b",")
    if kind.strip(SPACE) not in (b"A", b""):
        raise ValueError(f"expected encoding A, got {kind[:10]!r}")
    fields = rest.split(b",", 3)
    if len(fields) != 4:  # noqa: PLR2004 - a, b, c, data
        raise ValueError("expected ^GFA,a,b,c,data")
    size, row_bytes = number(fields[1], 0, 0, _LARGEST_GRAPHIC), number(fields[2], 0, 0, LARGEST_SIDE // 8)
    if not row_bytes or not size or size % row_bytes:
        raise ValueError(f"expected whole rows, got {size} bytes in rows of {row_bytes}")
    data = bytes(byte for byte in fields[3] if byte not in SPACE)
    if data.startswith((b":Z64:", b":B64:")):
        bits = _base64_bits(data, size)
    else:
        bits = _hex_bits(data, row_bytes, size)
    if len(bits) != size:
        raise ValueError(f"expected {size} bytes of bits, got {len(bits)}")
    return Image.frombytes("1", (row_bytes * 8, size // row_bytes), bits, "raw", "1;I")


def _base64_bits(data: bytes, size: int) -> bytes:
    """Decode `:Z64:` or `:B64:`, base64, `:`, CRC-16/CCITT of the base64 as four upper-case hex digits."""
    _, kind, text, check = [*data.split(b":"), b"", b""][:4]
    expected = f"{binascii.crc_hqx(text, 0):04X}".encode("ascii")
    if check != expected:
        raise ValueError(f"expected CRC {expected!r}, got {check[:10]!r}")
    packed = base64.b64decode(text, validate=True)
    if kind == b"B64":
        return packed
    unpacking = zlib.decompressobj()
    try:
        return unpacking.decompress(packed, size + 1)
    except zlib.error as error:
        raise ValueError(f"expected zlib data: {error}") from error


def _hex_bits(data: bytes, row_bytes: int, size: int) -> bytes:
    """Decode hex digits and Zebra's short forms: counts G-Y (1-19) and g-z (20-400), row ends `,` `!` `:`."""
    width = 2 * row_bytes
    rows: list[str] = []
    row, count = "", 0
    for symbol in data.decode("latin-1"):
        if len(rows) * row_bytes > size:
            break
        if symbol in ",!":
            row = row.ljust(width, "0" if symbol == "," else "F")
        elif symbol == ":":
            row = rows[-1] if rows else "0" * width
        elif "G" <= symbol <= "Y":
            count += ord(symbol) - ord("F")
            continue
        elif "g" <= symbol <= "z":
            count += 20 * (ord(symbol) - ord("f"))
            continue
        elif symbol in "0123456789ABCDEFabcdef":
            row += symbol * max(1, count)
        else:
            raise ValueError(f"expected a hex digit or a run length, got {symbol!r}")
        count = 0
        whole = len(row) // width * width
        rows += [row[start : start + width] for start in range(0, whole, width)]
        row = row[whole:]
    return bytes.fromhex("".join(rows) + row)
