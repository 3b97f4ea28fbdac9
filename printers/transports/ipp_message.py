"""Writes IPP requests and reads IPP answers (RFC 8010), as values without I/O."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, TypeAlias

Value: TypeAlias = "int | bool | str | bytes"


class Operation(IntEnum):
    """What a print service is asked to do (RFC 8011, 5.4.15)."""

    PRINT_JOB = 0x0002
    GET_JOB_ATTRIBUTES = 0x0009
    GET_PRINTER_ATTRIBUTES = 0x000B


class Tag(IntEnum):
    """How a value is written (RFC 8010, 3.5)."""

    OPERATION = 0x01
    END = 0x03
    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    CHARSET = 0x47
    LANGUAGE = 0x48
    MIME_TYPE = 0x49


_VERSION: Final = 0x0200
_FIRST_VALUE_TAG: Final = 0x10
_TEXTS: Final = range(0x40, 0x60)
_NUMBER_BYTES: Final = 4
_MOST_ATTRIBUTES: Final = 5000
SUCCESSFUL: Final = range(0x0100)


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of a request."""

    tag: Tag
    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a print service said."""

    status: int
    """0x0000 to 0x00FF is success (RFC 8011, appendix B)."""
    attributes: dict[str, tuple[Value, ...]]
    """Of all groups; of two with one name the first counts."""

    @property
    def is_successful(self) -> bool:
        """Whether it did what it was asked."""
        return self.status in SUCCESSFUL

    def number(self, name: str) -> int | None:
        """Return the first value of an attribute, where that is a number."""
        value = self.attributes.get(name, (None,))[0]
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def texts(self, name: str) -> tuple[str, ...]:
        """Return those values of an attribute that are texts."""
        return tuple(value for value in self.attributes.get(name, ()) if isinstance(value, str))


class Garbled(ValueError):
    """Bytes that are no IPP answer."""


def written(operation: Operation, request_id: int, uri: str, attributes: Sequence[Attribute] = ()) -> bytes:
    """Write a request's attributes; a document follows them as it is.

    Args:
        operation: What is asked.
        request_id: Comes back in the answer.
        uri: Of the printer.
        attributes: After the three that every request begins with.
    """
    first = (
        Attribute(Tag.CHARSET, "attributes-charset", ("utf-8",)),
        Attribute(Tag.LANGUAGE, "attributes-natural-language", ("en",)),
        Attribute(Tag.URI, "printer-uri", (uri,)),
    )
    body = struct.pack(">HHIB", _VERSION, operation, request_id, Tag.OPERATION)
    for attribute in (*first, *attributes):
        name = attribute.name
        for value in attribute.values:
            data = _bytes(attribute.tag, value)
            body += struct.pack(">BH", attribute.tag, len(name)) + name.encode("ascii")
            body += struct.pack(">H", len(data)) + data
            name = ""  # a further value of the same attribute
    return body + bytes([Tag.END])


def _bytes(tag: Tag, value: Value) -> bytes:
    if tag in (Tag.INTEGER, Tag.ENUM):
        return struct.pack(">i", value)
    if tag is Tag.BOOLEAN:
        return bytes([bool(value)])
    return value if isinstance(value, bytes) else str(value).encode()


def read(body: bytes, request_id: int) -> Answer:
    """Read an answer.

    Raises:
        Garbled: It is none, or one to another request.
    """
    if len(body) < 8:  # noqa: PLR2004 - version, status, request id
        raise Garbled(f"expected an IPP answer, got {len(body)} bytes: {body[:40]!r}")
    major, _, status, answered = struct.unpack(">BBHI", body[:8])
    if major not in (1, 2) or answered != request_id:
        raise Garbled(f"expected an IPP answer to request {request_id}, got {body[:40]!r}")
    attributes: dict[str, tuple[Value, ...]] = {}
    place, name, is_kept = 8, "", False
    for _ in range(_MOST_ATTRIBUTES):
        if place >= len(body):
            raise Garbled("expected the end of the attributes, got the end of the answer")
        tag, place = body[place], place + 1
        if tag == Tag.END:
            return Answer(status, attributes)
        if tag < _FIRST_VALUE_TAG:  # another group begins
            continue
        label, place = _counted(body, place)
        data, place = _counted(body, place)
        if label:
            name = label.decode("ascii", "replace")
            is_kept = name not in attributes
        if name and is_kept:
            attributes[name] = (*attributes.get(name, ()), _value(tag, data))
    raise Garbled(f"expected at most {_MOST_ATTRIBUTES} attributes, got more")


def _counted(body: bytes, place: int) -> tuple[bytes, int]:
    if place + 2 > len(body):
        raise Garbled("expected a length, got the end of the answer")
    (length,) = struct.unpack(">H", body[place : place + 2])
    end = place + 2 + length
    if end > len(body):
        raise Garbled(f"expected {length} bytes, got the end of the answer")
    return body[place + 2 : end], end


def _value(tag: int, data: bytes) -> Value:
    if tag in (Tag.INTEGER, Tag.ENUM) and len(data) == _NUMBER_BYTES:
        return int.from_bytes(data, "big", signed=True)
    if tag == Tag.BOOLEAN and len(data) == 1:
        return data != b"\0"
    if tag in _TEXTS:
        return data.decode("utf-8", "replace")
    return data
