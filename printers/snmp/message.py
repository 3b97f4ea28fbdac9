"""SNMP's GetRequest and its response, versions 1 and 2c (RFC 1157, RFC 3416), as values without I/O."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, TypeAlias

from printers.snmp import ber
from printers.snmp.ber import Malformed, Oid, Tag

Value: TypeAlias = "int | bytes"

_GET: Final = 0xA0
_RESPONSE: Final = 0xA2
_NUMBERS: Final = frozenset({Tag.INTEGER, 0x41, 0x42, 0x43, 0x46})
"""INTEGER, Counter32, Gauge32, TimeTicks, Counter64."""
_MOST_VALUES: Final = 64


class Version(IntEnum):
    """As it is written in a message."""

    V1 = 0
    V2C = 1


@dataclass(frozen=True, slots=True)
class Response:
    """What an agent said."""

    error: int
    """0 for none; 2 is what version 1 says of a name that it does not know."""
    error_index: int
    """Which of the names, from 1."""
    values: dict[Oid, Value]
    """Those that it knows and that are numbers or bytes."""


def get_request(version: Version, community: bytes, request_id: int, names: Sequence[Oid]) -> bytes:
    """Ask for the values of some names."""
    bindings = (ber.sequence(ber.oid(name), ber.written(Tag.NULL, b"")) for name in names)
    head = (ber.integer(request_id), ber.integer(0), ber.integer(0))
    return ber.sequence(
        ber.integer(version),
        ber.written(Tag.OCTETS, community),
        ber.sequence(*head, ber.sequence(*bindings), tag=_GET),
    )


def read_response(message: bytes, request_id: int) -> Response:
    """Read an answer.

    Raises:
        Malformed: It is none, or one to another request.
    """
    ((_, content),) = _exactly(message, (Tag.SEQUENCE,))
    _, _, (_, pdu) = _exactly(content, (Tag.INTEGER, Tag.OCTETS, _RESPONSE))
    answered, error, index, bindings = _exactly(pdu, (Tag.INTEGER, Tag.INTEGER, Tag.INTEGER, Tag.SEQUENCE))
    if ber.read_integer(answered[1]) != request_id:
        raise Malformed(f"expected an answer to request {request_id}, got another")
    values: dict[Oid, Value] = {}
    for tag, binding in ber.parts_of(bindings[1], _MOST_VALUES):
        pair = ber.parts_of(binding, 2) if tag == Tag.SEQUENCE else ()
        if len(pair) != 2 or pair[0][0] != Tag.OID:  # noqa: PLR2004 - a name and its value
            raise Malformed(f"expected a name and its value, got {binding[:40]!r}")
        name, value = pair
        if value[0] in _NUMBERS:
            values[ber.read_oid(name[1])] = ber.read_integer(value[1])
        elif value[0] == Tag.OCTETS:
            values[ber.read_oid(name[1])] = value[1]
    return Response(ber.read_integer(error[1]), ber.read_integer(index[1]), values)


def _exactly(content: bytes, tags: tuple[int, ...]) -> Sequence[tuple[int, bytes]]:
    found = ber.parts_of(content, len(tags))
    if tuple(tag for tag, _ in found) != tags:
        raise Malformed(f"expected tags {tags}, got {tuple(tag for tag, _ in found)}")
    return found
