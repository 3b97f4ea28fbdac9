import struct
from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.scanners.collector import MAX_SCAN_BYTES, Dropped, Piece
from kiosk.scanners.key_decoder import KeyDecoder
from kiosk.scanners.key_framing import KeyFraming
from tests.scanners.strokes import ENTER, LEFT_ALT, LEFT_SHIFT, Strokes, alt_code, tap, typed

EV_SYN, EV_KEY, EV_MSC, EV_LED, SYN_DROPPED = 0, 1, 4, 17, 3
KP_ENTER, TAB, ACCENT = 96, 15, 13


def packed(events: Iterable[tuple[int, int, int]]) -> bytes:
    return b"".join(struct.pack("llHHi", 1, 2, *event) for event in events)


def keys(strokes: Strokes) -> bytes:
    return packed(
        event
        for code, value in strokes
        for event in ((EV_MSC, 4, code), (EV_KEY, code, value), (EV_SYN, 0, 0))
    )


LOST = packed([(EV_SYN, SYN_DROPPED, 0), (EV_SYN, 0, 0)])


def framing(
    *, layout: str = "us", held: Iterable[int] = (), tab_ends: bool = False, gs_key: str | None = None
) -> KeyFraming:
    return KeyFraming(KeyDecoder(layout, gs_key=gs_key), lambda: frozenset(held), tab_ends=tab_ends)


@pytest.mark.parametrize("end", [ENTER, KP_ENTER])
def test_enter_ends_a_scan(end: int) -> None:
    assert framing().feed(keys([*typed("A\tb"), *tap(end), *tap(end), *typed("C")])) == (b"A\tb",)


def test_tab_ends_a_scan_where_that_is_set() -> None:
    assert framing(tab_ends=True).feed(keys([*typed("A"), *tap(TAB), *typed("B"), *tap(ENTER)])) == (
        b"A",
        b"B",
    )


def test_control_m_and_control_j_are_data() -> None:
    assert framing().feed(keys([*typed("A\rB\nC"), *tap(ENTER)])) == (b"A\rB\nC",)


def test_other_events_are_no_data() -> None:
    events = packed([(EV_LED, 1, 1), (EV_MSC, 4, ENTER), (2, 30, 1), (EV_KEY, 30, 1), (EV_KEY, ENTER, 2)])
    one = framing()
    assert one.feed(events) == ()
    assert one.flush() == (b"a",)


def test_a_flush_ends_a_character_too() -> None:
    one = framing(layout="de")
    assert not one.is_inside
    assert one.feed(keys(tap(ACCENT))) == ()
    assert (one.is_inside, one.pending_bytes) == (True, 0)
    assert one.flush() == ("\u00b4".encode(),)
    assert one.feed(keys(alt_code("29")[:-1])) == ()
    assert one.is_inside
    assert one.flush() == (b"\x1d",)
    assert not one.is_inside


def test_lost_events_drop_all_up_to_the_next_silence_and_are_said_once() -> None:
    one = framing(held=(LEFT_SHIFT, 30))
    assert one.feed(keys(typed("half"))) == ()
    assert one.feed(LOST + keys([*typed("rest"), *tap(ENTER), *typed("perhaps not whole")])) == (
        Dropped.LOST,
    )
    assert one.feed(LOST + keys([*typed("x"), *tap(ENTER), (LEFT_ALT, 1)])) == ()
    assert one.is_inside
    assert one.flush() == ()
    assert not one.is_inside
    assert one.feed(keys([*tap(31), (LEFT_SHIFT, 0), *tap(31), *tap(ENTER)])) == (b"Ss",)


def test_silence_ends_what_is_dropped() -> None:
    one = framing()
    assert one.feed(LOST) == (Dropped.LOST,)
    assert one.is_inside
    assert one.flush() == ()
    assert one.feed(keys([*typed("NEXT"), *tap(ENTER)])) == (b"NEXT",)


def test_too_long_is_dropped_once() -> None:
    one = framing()
    strokes = [*tap(2) * (MAX_SCAN_BYTES + 5), *tap(ENTER), *typed("NEXT"), *tap(ENTER)]
    assert one.feed(keys(strokes)) == (Dropped.TOO_LONG, b"NEXT")


def test_reset_forgets_all() -> None:
    one = framing()
    one.feed(keys([(LEFT_SHIFT, 1), *typed("half")]) + b"part of an event")
    one.reset()
    assert (one.is_inside, one.pending_bytes) == (False, 0)
    assert one.feed(keys([*typed("whole"), *tap(ENTER)])) == (b"whole",)


@given(st.text("ab\x1d\x1e\x04]", max_size=20), st.lists(st.integers(0, 10_000), max_size=10))
def test_chunking_makes_no_difference(text: str, cuts: list[int]) -> None:
    stream = keys([*typed(text), *tap(ENTER), *typed("Z"), *tap(ENTER)])
    at = sorted({0, len(stream), *(min(cut, len(stream)) for cut in cuts)})
    one = framing()
    came: tuple[Piece, ...] = ()
    for start, end in pairwise(at):
        came += one.feed(stream[start:end])
    assert came == ((text.encode(), b"Z") if text else (b"Z",))


@given(st.binary(max_size=2000))
def test_garbage_never_raises(garbage: bytes) -> None:
    one = framing(gs_key="F1")
    for piece in one.feed(garbage) + one.flush():
        assert isinstance(piece, bytes)
