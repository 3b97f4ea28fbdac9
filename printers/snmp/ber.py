"""The part of ASN.1's basic encoding rules that SNMP needs (ITU-T X.690; RFC 1157, 3.2.2), without I/O."""

from collections.abc import Sequence
from enum import IntEnum
from typing import Final, TypeAlias

Oid: TypeAlias = tuple[int, ...]

_SHORT: Final = 0x80
_MOST_LENGTH_BYTES: Final = 3
_LONGEST_OID: Final = 128
"""RFC 2578, 3.5."""
_LARGEST_PART: Final = 2**32 - 1
_LONGEST_INTEGER: Final = 9
"""Counter64 with its sign."""


class Tag(IntEnum):
    """How a value is written."""

    INTEGER = 0x02
    OCTETS = 0x04
    NULL = 0x05
    OID = 0x06
    SEQUENCE = 0x30


class Malformed(ValueError):
    """Bytes that are no such value."""


def written(tag: int, content: bytes) -> bytes:
    """Write a tag, a length and a content."""
    length = len(content)
    if length < _SHORT:
        return bytes((tag, length)) + content
    size = (length.bit_length() + 7) // 8
    return bytes((tag, _SHORT | size)) + length.to_bytes(size, "big") + content


def integer(value: int) -> bytes:
    """Write a number in the fewest bytes."""
    size = ((value if value >= 0 else ~value).bit_length() // 8) + 1
    return written(Tag.INTEGER, value.to_bytes(size, "big", signed=True))


def oid(value: Oid) -> bytes:
    """Write an object identifier."""
    first, second, *others = value
    return written(Tag.OID, b"".join(map(_base128, (40 * first + second, *others))))


def _base128(part: int) -> bytes:
    digits = [part & 0x7F]
    while part := part >> 7:
        digits.append(part & 0x7F | _SHORT)
    return bytes(reversed(digits))


def sequence(*parts: bytes, tag: int = Tag.SEQUENCE) -> bytes:
    """Write values that belong together."""
    return written(tag, b"".join(parts))


def parts_of(content: bytes, most: int) -> Sequence[tuple[int, bytes]]:
    """Read the values that follow each other, each as its tag and its content.

    Args:
        content: All of it is read.
        most: How many there may be.

    Raises:
        Malformed: A length goes beyond the end, or there are more.
    """
    found: list[tuple[int, bytes]] = []
    place = 0
    while place < len(content):
        if len(found) == most:
            raise Malformed(f"expected at most {most} values, got more")
        tag, length, place = _head(content, place)
        if place + length > len(content):
            raise Malformed(f"expected {length} bytes, got {len(content) - place}")
        found.append((tag, content[place : place + length]))
        place += length
    return found


def _head(content: bytes, place: int) -> tuple[int, int, int]:
    """Return tag, length, and where the content begins."""
    if place + 2 > len(content):
        raise Malformed("expected a length, got the end")
    tag, length, place = content[place], content[place + 1], place + 2
    if length < _SHORT:
        return tag, length, place
    size = length & 0x7F
    if not 1 <= size <= _MOST_LENGTH_BYTES or place + size > len(content):
        raise Malformed(f"expected a length of 1 to {_MOST_LENGTH_BYTES} bytes, got {size}")
    return tag, int.from_bytes(content[place : place + size], "big"), place + size


def read_integer(content: bytes) -> int:
    """Read a number.

    Raises:
        Malformed: It is none, or larger than SNMP's.
    """
    if not 1 <= len(content) <= _LONGEST_INTEGER:
        raise Malformed(f"expected a number of 1 to {_LONGEST_INTEGER} bytes, got {len(content)}")
    return int.from_bytes(content, "big", signed=True)


def read_oid(content: bytes) -> Oid:
    """Read an object identifier.

    Raises:
        Malformed: It is none, or longer than SNMP's.
    """
    parts: list[int] = []
    part, is_open = 0, False
    for byte in content:
        part, is_open = part << 7 | byte & 0x7F, bool(byte & _SHORT)
        if part > _LARGEST_PART:
            raise Malformed(f"expected parts of at most {_LARGEST_PART}, got {part}")
        if not is_open:
            parts.append(part)
            part = 0
    if is_open or not 1 <= len(parts) < _LONGEST_OID:
        raise Malformed(f"expected an object identifier, got {content[:40]!r}")
    first = min(parts[0] // 40, 2)
    return (first, parts[0] - 40 * first, *parts[1:])
