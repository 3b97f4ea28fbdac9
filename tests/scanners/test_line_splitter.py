from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.scanners.collector import MAX_SCAN_BYTES, Dropped, Piece
from kiosk.scanners.line_splitter import LineSplitter


def split(*chunks: bytes) -> tuple[Piece, ...]:
    splitter = LineSplitter()
    return tuple(piece for chunk in chunks for piece in splitter.feed(chunk))


@pytest.mark.parametrize(
    ("chunks", "expected"),
    [
        ((b"A\r",), (b"A",)),
        ((b"A\n",), (b"A",)),
        ((b"A\r\n",), (b"A",)),
        ((b"A\r", b"\nB\r\n"), (b"A", b"B")),
        ((b"A\rB\rC",), (b"A", b"B")),
        ((b"A", b"B", b"\r"), (b"AB",)),
        ((b"\r\n\r\n\n",), ()),
        ((b"",), ()),
        ((b" A \t\x1d\x1c\x1e\x1f\x85\x04\r",), (b" A \t\x1d\x1c\x1e\x1f\x85\x04",)),
    ],
)
def test_scans_end_at_cr_lf_or_both(chunks: tuple[bytes, ...], expected: tuple[Piece, ...]) -> None:
    assert split(*chunks) == expected


def test_every_byte_but_cr_and_lf_is_data() -> None:
    data = bytes(byte for byte in range(256) if byte not in b"\r\n")
    assert split(data + b"\r") == (data,)


def test_a_flush_ends_a_scan_without_suffix() -> None:
    splitter = LineSplitter()
    assert splitter.flush() == ()
    assert splitter.feed(b"AB") == ()
    assert (splitter.is_inside, splitter.pending_bytes) == (True, 2)
    assert splitter.flush() == (b"AB",)
    assert (splitter.is_inside, splitter.pending_bytes) == (False, 0)


def test_reset_forgets() -> None:
    splitter = LineSplitter()
    splitter.feed(b"half")
    splitter.reset()
    assert splitter.feed(b"whole\r") == (b"whole",)


def test_a_scan_of_the_greatest_length_is_whole() -> None:
    assert split(b"A" * MAX_SCAN_BYTES + b"\r") == (b"A" * MAX_SCAN_BYTES,)


def test_a_longer_scan_is_dropped_up_to_its_end_and_reported_once() -> None:
    too_long = b"A" * (MAX_SCAN_BYTES + 1)
    assert split(b"1\r" + too_long, too_long, b"tail\r2\r") == (b"1", Dropped.TOO_LONG, b"2")


def test_silence_ends_what_is_dropped() -> None:
    splitter = LineSplitter()
    assert splitter.feed(b"A" * (MAX_SCAN_BYTES + 1)) == (Dropped.TOO_LONG,)
    assert splitter.is_inside
    assert splitter.flush() == ()
    assert splitter.feed(b"next\r") == (b"next",)


@given(
    st.lists(st.sampled_from([b"A", b"\r", b"\n", b"\x1d", b"\xff", b"B" * 3000]), max_size=30).map(b"".join),
    st.lists(st.integers(min_value=0, max_value=50_000), max_size=10),
)
def test_chunking_makes_no_difference(stream: bytes, cuts: list[int]) -> None:
    at = sorted({0, len(stream), *(min(cut, len(stream)) for cut in cuts)})
    chunks = [stream[start:end] for start, end in pairwise(at)]
    assert split(*chunks) == split(stream)
