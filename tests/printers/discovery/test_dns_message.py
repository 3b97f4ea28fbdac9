import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printers.discovery.dns_message import Kind, Malformed, Name, Records, Service, lower, query, read
from tests.printers.discovery.announcing import IPP, Announcer, named

LABEL = st.binary(min_size=1, max_size=63)


def test_a_question_to_the_byte() -> None:
    assert query([((b"_ipp", b"_tcp", b"local"), Kind.PTR)]).hex() == (
        "000000000001000000000000" + "045f697070045f746370056c6f63616c00" + "000c0001"
    )


@pytest.mark.parametrize("name", [(b"",), (b"x" * 64,)])
def test_a_name_that_cannot_be_asked_for(name: Name) -> None:
    with pytest.raises(ValueError, match="expected labels of 1 to 63 bytes"):
        query([(name, Kind.A)])


def test_an_answer_of_every_kind_with_names_that_go_on_elsewhere() -> None:
    far = Announcer()
    far.announce("Büro. 2", IPP, "192.0.2.9", 631, {"ty": "Label Maker 9", "rp": "ipp/print"})
    instance = ("Büro. 2".encode(), *IPP)
    found = read(far.answer([(IPP, Kind.PTR)]))
    assert found == Records(
        ((IPP, instance),),
        ((lower(instance), Service((b"host-1", b"local"), 631)),),
        ((lower(instance), (b"ty=Label Maker 9", b"rp=ipp/print")),),
        (((b"host-1", b"local"), "192.0.2.9"),),
    )


def test_a_compressed_name() -> None:
    head = struct.pack(">HHHHHH", 0, 0x8400, 1, 1, 0, 0)
    question = named(IPP) + struct.pack(">HH", 12, 1)
    record = b"\xc0\x0c" + struct.pack(">HHIH", 12, 1, 10, 5) + b"\x02ab\xc0\x0c"
    assert read(head + question + record).instances == ((IPP, (b"ab", *IPP)),)


@pytest.mark.parametrize(
    "body",
    [
        b"\xc0\x0c",
        b"\xc0\xff",
        b"\xc0",
        b"\x01a\xc0\x0c",
        b"\x41" + b"a" * 65,
        b"\x3f" + b"a" * 10,
        (b"\x3f" + b"a" * 63) * 5 + b"\0",
        b"\x01a\0" + struct.pack(">HHIH", 1, 1, 10, 4),
        b"\x01a\0" + struct.pack(">HHIH", 1, 1, 10, 4) + b"abc",
        b"\x01a\0" + struct.pack(">HHIH", 33, 1, 10, 7) + b"\0\0\0\0\0\1\x3f",
    ],
)
def test_names_and_records_that_lie(body: bytes) -> None:
    with pytest.raises(Malformed):
        read(struct.pack(">HHHHHH", 0, 0x8400, 0, 1, 0, 0) + body)


@pytest.mark.parametrize(
    "head", [b"", b"\0" * 11, b"\0" * 12, struct.pack(">HHHHHH", 0, 0x8400, 0, 65535, 65535, 0)]
)
def test_heads_that_are_no_answer(head: bytes) -> None:
    with pytest.raises(Malformed):
        read(head)


TEXTS = st.dictionaries(st.text(max_size=9), st.text(max_size=20), max_size=5)


@given(st.lists(LABEL, min_size=1, max_size=3), st.integers(0, 65535), TEXTS)
def test_what_is_written_reads_back(labels: list[bytes], port: int, texts: dict[str, str]) -> None:
    far = Announcer()
    far.announce_name((*labels, *IPP), IPP, "192.0.2.1", port, texts)
    found = read(far.answer([(IPP, Kind.PTR)]))
    assert found.instances == ((IPP, (*labels, *IPP)),)
    assert found.services[0][1].port == port
    assert found.texts[0][1] == tuple(f"{name}={text}".encode() for name, text in texts.items())


@given(st.data())
def test_a_damaged_answer_is_read_or_refused(data: st.DataObject) -> None:
    far = Announcer()
    far.announce("Printer", IPP, "192.0.2.9", 631, {"ty": "Label Maker 9"})
    said = bytearray(far.answer([(IPP, Kind.PTR)]))
    for _ in range(data.draw(st.integers(1, 5))):
        said[data.draw(st.integers(0, len(said) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(Malformed):
        read(bytes(said[: data.draw(st.integers(0, len(said)))]))


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for head in (b"", struct.pack(">HHHHHH", 0, 0x8400, 1, 3, 1, 1)):
        with contextlib.suppress(Malformed):
            read(head + data)
