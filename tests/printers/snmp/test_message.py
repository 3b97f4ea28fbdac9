import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printers.snmp import ber
from printers.snmp.ber import Malformed, Oid, Tag
from printers.snmp.message import Response, Version, get_request, read_response

NAME: Oid = (1, 3, 6, 1, 2, 1, 1, 5, 0)
OTHER: Oid = (1, 3, 6, 1, 2, 1, 1, 6, 0)
NO_SUCH = b"\x80\x00"


def answer(
    *values: tuple[Oid, bytes], request_id: int = 7, error: int = 0, index: int = 0, pdu: int = 0xA2
) -> bytes:
    bindings = (ber.sequence(ber.oid(name), value) for name, value in values)
    numbers = map(ber.integer, (request_id, error, index))
    return ber.sequence(
        ber.integer(1), ber.written(Tag.OCTETS, b"public"),
        ber.sequence(*numbers, ber.sequence(*bindings), tag=pdu),
    )  # fmt: skip


def test_a_question_to_the_byte() -> None:
    assert get_request(Version.V1, b"public", 7, [NAME]).hex() == (
        "302602010004067075626c6963a01902010702010002010030" + "0e300c06082b060102010105000500"
    )


def test_values_of_every_kind() -> None:
    said = answer((NAME, ber.integer(-2)), (OTHER, ber.written(Tag.OCTETS, b"\x00\xff")))
    assert read_response(said, 7) == Response(0, 0, {NAME: -2, OTHER: b"\x00\xff"})
    for tag in (0x41, 0x42, 0x43, 0x46):
        assert read_response(answer((NAME, ber.written(tag, b"\x05"))), 7).values == {NAME: 5}


def test_what_the_agent_does_not_know_is_missing() -> None:
    said = answer((NAME, NO_SUCH), (OTHER, ber.integer(1)))
    assert read_response(said, 7).values == {OTHER: 1}
    assert read_response(answer((NAME, b"\x05\x00"), error=2, index=1), 7) == Response(2, 1, {})


@pytest.mark.parametrize(
    "said",
    [
        b"",
        answer(request_id=8),
        answer(pdu=0xA0),
        answer() + b"\x05\x00",
        answer((NAME, b"")),
        ber.sequence(),
        ber.integer(1),
        answer((NAME, ber.written(Tag.INTEGER, b""))),
        answer(*[(NAME, NO_SUCH)] * 65),
    ],
)
def test_what_is_no_answer(said: bytes) -> None:
    with pytest.raises(Malformed):
        read_response(said, 7)


@given(st.data())
def test_a_damaged_answer_is_read_or_refused(data: st.DataObject) -> None:
    said = bytearray(answer((NAME, ber.integer(3)), (OTHER, ber.written(Tag.OCTETS, b"@"))))
    for _ in range(data.draw(st.integers(1, 4))):
        said[data.draw(st.integers(0, len(said) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(Malformed):
        read_response(bytes(said[: data.draw(st.integers(0, len(said)))]), 7)
