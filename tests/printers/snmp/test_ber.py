import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printers.snmp import ber
from printers.snmp.ber import Malformed, Tag

PARTS = st.integers(0, 2**32 - 1)
OIDS = st.tuples(st.integers(0, 2), st.integers(0, 39), st.lists(PARTS, max_size=20)).map(
    lambda parts: (parts[0], parts[1], *parts[2])
)


@pytest.mark.parametrize(
    ("value", "data"),
    [
        (0, "020100"),
        (127, "02017f"),
        (128, "02020080"),
        (-128, "020180"),
        (-129, "0202ff7f"),
        (256, "02020100"),
        (2**31 - 1, "02047fffffff"),
    ],
)
def test_numbers_as_the_standard_shows_them(value: int, data: str) -> None:
    assert ber.integer(value).hex() == data


def test_names_as_agents_write_them() -> None:
    assert ber.oid((1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 1000)).hex() == "060b2b060102012b0802018768"


@given(st.integers(-(2**63), 2**64 - 1))
def test_numbers_read_back(value: int) -> None:
    ((tag, content),) = ber.parts_of(ber.integer(value), 1)
    assert (tag, ber.read_integer(content)) == (Tag.INTEGER, value)


@given(OIDS)
def test_names_read_back(value: tuple[int, ...]) -> None:
    ((tag, content),) = ber.parts_of(ber.oid(value), 1)
    assert (tag, ber.read_oid(content)) == (Tag.OID, value)


@given(st.lists(st.tuples(st.sampled_from([2, 4, 0x30, 0xA2]), st.binary(max_size=70_000)), max_size=4))
def test_values_of_any_length_read_back(values: list[tuple[int, bytes]]) -> None:
    data = b"".join(ber.written(tag, content) for tag, content in values)
    assert list(ber.parts_of(data, 4)) == values


@pytest.mark.parametrize("data", ["02", "0205", "028001", "0284ffffffff00", "30820001"])
def test_lengths_that_lie(data: str) -> None:
    with pytest.raises(Malformed):
        ber.parts_of(bytes.fromhex(data), 10)


def test_more_values_than_expected() -> None:
    with pytest.raises(Malformed, match="expected at most 2 values, got more"):
        ber.parts_of(b"\x05\x00" * 3, 2)


@pytest.mark.parametrize("content", ["", "80", "ff" * 5 + "7f", "01" * 200])
def test_names_that_are_none(content: str) -> None:
    with pytest.raises(Malformed):
        ber.read_oid(bytes.fromhex(content))


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for read in (lambda: ber.parts_of(data, 5), lambda: ber.read_oid(data), lambda: ber.read_integer(data)):
        with contextlib.suppress(Malformed):
            read()
