"""Writes and reads DNS messages as far as finding services needs it (RFC 1035, RFC 6763), without I/O."""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, TypeAlias

Name: TypeAlias = tuple[bytes, ...]
"""Labels as they are: the name of a service is free text that may hold dots."""

_HEADER: Final = struct.Struct(">HHHHHH")
_QUESTION: Final = struct.Struct(">HH")
_RECORD: Final = struct.Struct(">HHIH")
_SERVER: Final = struct.Struct(">HHH")
_INTERNET: Final = 1
_IS_ANSWER: Final = 0x8000
_POINTER: Final = 0xC0
_LONGEST_LABEL: Final = 63
_LONGEST_NAME: Final = 255
_MOST_POINTERS: Final = 64
_MOST_RECORDS: Final = 500
_ADDRESS_BYTES: Final = 4


class Kind(IntEnum):
    """Of a record."""

    A = 1
    PTR = 12
    TXT = 16
    SRV = 33


class Malformed(ValueError):
    """Bytes that are no answer."""


@dataclass(frozen=True, slots=True)
class Service:
    """Where a service is: SRV."""

    host: Name
    port: int


@dataclass(frozen=True, slots=True)
class Records:
    """What an answer says, each by the name it is about, which is written in small letters."""

    instances: tuple[tuple[Name, Name], ...] = ()
    """PTR: a kind of service, and one that is of it."""
    services: tuple[tuple[Name, Service], ...] = ()
    texts: tuple[tuple[Name, tuple[bytes, ...]], ...] = ()
    addresses: tuple[tuple[Name, str], ...] = ()
    """A."""


def query(questions: Sequence[tuple[Name, Kind]]) -> bytes:
    """Write a question or several; id 0, as in every question of multicast DNS (RFC 6762, 18.1).

    Raises:
        ValueError: A label is longer than 63 bytes, or empty.
    """
    body = b""
    for name, kind in questions:
        if not all(1 <= len(label) <= _LONGEST_LABEL for label in name):
            raise ValueError(f"expected labels of 1 to {_LONGEST_LABEL} bytes, got {name!r}")
        body += b"".join(bytes([len(label)]) + label for label in name) + b"\0"
        body += _QUESTION.pack(kind, _INTERNET)
    return _HEADER.pack(0, 0, len(questions), 0, 0, 0) + body


def read(message: bytes) -> Records:
    """Read an answer; records of other kinds are passed over.

    Raises:
        Malformed: It is none.
    """
    if len(message) < _HEADER.size:
        raise Malformed(f"expected a header of {_HEADER.size} bytes, got {len(message)}")
    _, flags, questions, *counts = _HEADER.unpack_from(message)
    if not flags & _IS_ANSWER or questions + sum(counts) > _MOST_RECORDS:
        raise Malformed(f"expected an answer of at most {_MOST_RECORDS} records")
    place = _HEADER.size
    for _ in range(questions):
        _, place = _name(message, place)
        place += _QUESTION.size
    instances, services, texts, addresses = [], [], [], []
    for name, kind, start, end in _records(message, place, sum(counts)):
        if kind == Kind.PTR:
            instances.append((lower(name), _name(message, start)[0]))
        elif kind == Kind.SRV and end - start > _SERVER.size:
            port = _SERVER.unpack_from(message, start)[2]
            services.append((lower(name), Service(_name(message, start + _SERVER.size)[0], port)))
        elif kind == Kind.TXT:
            texts.append((lower(name), _strings(message[start:end])))
        elif kind == Kind.A and end - start == _ADDRESS_BYTES:
            addresses.append((lower(name), ".".join(map(str, message[start:end]))))
    return Records(tuple(instances), tuple(services), tuple(texts), tuple(addresses))


def _records(message: bytes, place: int, count: int) -> Iterator[tuple[Name, int, int, int]]:
    """Yield of each record its name, its kind, and where its data begins and ends."""
    for _ in range(count):
        name, place = _name(message, place)
        if place + _RECORD.size > len(message):
            raise Malformed("expected a record, got the end")
        kind, _, _, length = _RECORD.unpack_from(message, place)
        start = place + _RECORD.size
        place = start + length
        if place > len(message):
            raise Malformed(f"expected {length} bytes, got the end")
        yield name, kind, start, place


def lower(name: Name) -> Name:
    """Return a name as it is compared: the case of ASCII letters does not count (RFC 6762, 16)."""
    return tuple(label.lower() for label in name)


def _name(message: bytes, place: int) -> tuple[Name, int]:
    """Read a name, which may go on at an earlier place; return where the message goes on."""
    labels: list[bytes] = []
    end, size = -1, 0
    for _ in range(_MOST_POINTERS + _LONGEST_NAME):
        if place >= len(message):
            break
        length = message[place]
        if length >= _POINTER:
            if place + 1 >= len(message):
                break
            end = place + 2 if end < 0 else end
            target = (length & 0x3F) << 8 | message[place + 1]
            if target >= place:
                raise Malformed("expected a name that goes on at an earlier place, got a later one")
            place = target
        elif length > _LONGEST_LABEL:
            raise Malformed(f"expected a label of at most {_LONGEST_LABEL} bytes, got {length}")
        elif length == 0:
            return tuple(labels), place + 1 if end < 0 else end
        else:
            label = message[place + 1 : place + 1 + length]
            place, size = place + 1 + length, size + 1 + length
            if len(label) != length or size > _LONGEST_NAME:
                break
            labels.append(label)
    raise Malformed(f"expected a name of at most {_LONGEST_NAME} bytes, got the end")


def _strings(data: bytes) -> tuple[bytes, ...]:
    found, place = [], 0
    while place < len(data):
        length = data[place]
        found.append(data[place + 1 : place + 1 + length])
        place += 1 + length
    return tuple(found)
