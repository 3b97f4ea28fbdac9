import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.scanners.key_decoder import KeyDecoder
from kiosk.scanners.key_layouts import LAYOUTS
from tests.scanners.strokes import (
    ALT_GR,
    CAPS_LOCK,
    KEYPAD,
    LEFT_ALT,
    LEFT_CTRL,
    LEFT_SHIFT,
    RIGHT_SHIFT,
    Strokes,
    alt_code,
    keys_of,
    tap,
    typed,
)

SPACE, BRACKET, F8 = 57, 27, 66


def decoded(strokes: Strokes, layout: str = "us", gs_key: str | None = None) -> bytes:
    decoder = KeyDecoder(layout, gs_key=gs_key)
    came = b"".join(decoder.key(code, value) for code, value in strokes)
    return came + decoder.end()


TYPED_BY_ROWS = {
    "us": "`1234567890-=qwertyuiop[]asdfghjkl;'\\\\zxcvbnm,./ ",
    "uk": "`1234567890-=qwertyuiop[]asdfghjkl;'#\\zxcvbnm,./ ",
    "de": "1234567890ßqwertzuiopü+asdfghjklöä#<yxcvbnm,.- ",
    "fr": "²&é\"'(-è_çà)=azertyuiop$qsdfghjklmù*<wxcvbn,;:! ",
}
DEAD = {"us": set(), "uk": set(), "de": {41, 13}, "fr": {26}}
ROWS = (41, *range(2, 14), *range(16, 28), *range(30, 41), 43, 86, *range(44, 54), SPACE)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_key_of_a_keyboard_row_by_row(layout: str) -> None:
    strokes = [stroke for code in ROWS if code not in DEAD[layout] for stroke in tap(code)]
    assert decoded(strokes, layout).decode() == TYPED_BY_ROWS[layout]


@pytest.mark.parametrize(
    ("layout", "strokes", "expected"),
    [
        ("us", tap(3, LEFT_SHIFT), "@"),
        ("us", tap(3, RIGHT_SHIFT), "@"),
        ("us", tap(40, LEFT_SHIFT), '"'),
        ("uk", tap(3, LEFT_SHIFT), '"'),
        ("uk", tap(40, LEFT_SHIFT), "@"),
        ("uk", tap(4, LEFT_SHIFT), "£"),
        ("uk", tap(86, LEFT_SHIFT), "|"),
        ("uk", tap(5, ALT_GR), "€"),
        ("de", tap(21), "z"),
        ("de", tap(44), "y"),
        ("de", tap(12), "ß"),
        ("de", tap(53), "-"),
        ("de", tap(8, LEFT_SHIFT), "/"),
        ("de", tap(9, ALT_GR), "["),
        ("de", tap(10, ALT_GR), "]"),
        ("de", tap(16, ALT_GR), "@"),
        ("de", tap(86, ALT_GR), "|"),
        ("de", tap(16, LEFT_CTRL, LEFT_ALT), "@"),
        ("de", [*tap(41), *tap(SPACE)], "^"),
        ("de", [*tap(41), *tap(30)], "â"),
        ("de", [*tap(13, LEFT_SHIFT), *tap(18)], "è"),
        ("de", [*tap(41), *tap(2)], "^1"),
        ("de", [*tap(41), *tap(41)], "^^"),
        ("de", tap(41), "^"),
        ("fr", tap(2, LEFT_SHIFT), "1"),
        ("fr", tap(16), "a"),
        ("fr", tap(5, ALT_GR), "{"),
        ("fr", [*tap(26, LEFT_SHIFT), *tap(18)], "ë"),
        ("us", tap(KEYPAD["7"]), "7"),
        ("us", [*tap(55), *tap(74), *tap(78), *tap(83), *tap(98)], "*-+./"),
        ("us", [*tap(1), *tap(14), *tap(15), *tap(111)], "\x1b\x08\t\x7f"),
    ],
)
def test_keys_by_value(layout: str, strokes: Strokes, expected: str) -> None:
    assert decoded(strokes, layout).decode() == expected


@pytest.mark.parametrize(
    ("layout", "code", "held", "expected"),
    [
        ("us", BRACKET, (LEFT_CTRL,), b"\x1d"),
        ("us", 7, (LEFT_CTRL, LEFT_SHIFT), b"\x1e"),
        ("us", 7, (LEFT_CTRL,), b"\x1e"),
        ("us", 32, (LEFT_CTRL,), b"\x04"),
        ("us", 30, (97,), b"\x01"),
        ("us", 44, (LEFT_CTRL, LEFT_SHIFT), b"\x1a"),
        ("us", 26, (LEFT_CTRL,), b"\x1b"),
        ("us", 43, (LEFT_CTRL,), b"\x1c"),
        ("us", 12, (LEFT_CTRL,), b"\x1f"),
        ("us", 12, (LEFT_CTRL, LEFT_SHIFT), b"\x1f"),
        ("us", 3, (LEFT_CTRL,), b"\0"),
        ("us", 3, (LEFT_CTRL, LEFT_SHIFT), b"\0"),
        ("us", SPACE, (LEFT_CTRL,), b"\0"),
        ("us", 50, (LEFT_CTRL,), b"\r"),
        ("us", 2, (LEFT_CTRL,), b""),
        ("de", BRACKET, (LEFT_CTRL,), b"\x1d"),
        ("de", 10, (LEFT_CTRL, ALT_GR), b"\x1d"),
        ("de", 41, (LEFT_CTRL,), b"\x1e"),
        ("de", 44, (LEFT_CTRL,), b"\x19"),
        ("fr", BRACKET, (LEFT_CTRL,), b"\x1d"),
        ("fr", 16, (LEFT_CTRL,), b"\x01"),
        ("fr", 26, (LEFT_CTRL,), b"\x1e"),
        ("uk", BRACKET, (LEFT_CTRL,), b"\x1d"),
    ],
)
def test_control_characters(layout: str, code: int, held: tuple[int, ...], expected: bytes) -> None:
    assert decoded(tap(code, *held), layout) == expected


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("digits", ["{:d}", "0{:d}", "{:03d}"])
def test_every_byte_as_an_alt_code(layout: str, digits: str) -> None:
    strokes = [stroke for byte in range(256) for stroke in alt_code(digits.format(byte))]
    assert decoded(strokes, layout) == bytes(range(256))


@pytest.mark.parametrize(
    ("strokes", "expected"),
    [
        (alt_code("8364"), "€".encode()),
        (alt_code("55296"), b"\0"),
        (alt_code("9999999"), bytes((9999999 % 256,))),
        (alt_code("9" * 50), bytes((9999999 % 256,))),
        (alt_code(""), b""),
        (alt_code("029", ALT_GR), b"\x1d"),
        ([(LEFT_ALT, 1), *tap(KEYPAD["4"])], b"\x04"),
        ([*tap(69), *alt_code("029"), *tap(69)], b"\x1d"),
        (tap(30, LEFT_ALT), b""),
        ([(LEFT_ALT, 1), *alt_code("29", ALT_GR), (LEFT_ALT, 0)], b"\x1d"),
    ],
)
def test_alt_codes(strokes: Strokes, expected: bytes) -> None:
    assert decoded(strokes) == expected


def test_altgr_is_no_alt() -> None:
    assert decoded(alt_code("29", ALT_GR), "de") == b"29"


@pytest.mark.parametrize(
    ("layout", "strokes", "expected"),
    [
        ("us", [*tap(CAPS_LOCK), *tap(30), *tap(2), *tap(CAPS_LOCK), *tap(30)], "A1a"),
        ("us", [*tap(CAPS_LOCK), *tap(30, LEFT_SHIFT)], "a"),
        ("de", [*tap(CAPS_LOCK), *tap(39), *tap(12)], "Öß"),
        ("fr", [*tap(CAPS_LOCK), *tap(16), *tap(3)], "Aé"),
        ("us", [*tap(CAPS_LOCK), *tap(BRACKET, LEFT_CTRL)], "\x1d"),
    ],
)
def test_caps_lock(layout: str, strokes: Strokes, expected: str) -> None:
    assert decoded(strokes, layout).decode() == expected


def test_a_function_key_as_gs() -> None:
    strokes = [*tap(30), *tap(F8), *tap(48)]
    assert decoded(strokes, gs_key="F8") == b"a\x1db"
    assert decoded(strokes) == b"ab"
    assert decoded(tap(87), gs_key="F11") == decoded(tap(183), gs_key="F13") == b"\x1d"


def test_repeats_and_strange_values_are_ignored() -> None:
    assert decoded([(30, 1), (30, 2), (30, 3), (30, -1), (30, 0)]) == b"a"
    assert decoded([(LEFT_SHIFT, 1), (LEFT_SHIFT, 2), (30, 1), (30, 0)]) == b"A"


def test_equal_characters_without_a_release_between_are_both_read() -> None:
    assert decoded([(2, 1), (2, 1), (2, 0)]) == b"11"


def test_modifiers_are_counted_by_key() -> None:
    both = [(LEFT_SHIFT, 1), (RIGHT_SHIFT, 1), (LEFT_SHIFT, 0), *tap(30), (RIGHT_SHIFT, 0), *tap(30)]
    assert decoded(both) == b"Aa"


def test_resync_takes_the_held_modifiers_and_forgets_the_rest() -> None:
    decoder = KeyDecoder("de")
    for code, value in [*tap(CAPS_LOCK), (LEFT_ALT, 1), *tap(KEYPAD["2"]), *tap(41)]:
        decoder.key(code, value)
    assert decoder.is_inside
    decoder.resync({RIGHT_SHIFT, 30})
    assert not decoder.is_inside
    assert decoder.key(31, 1) == b"S"
    decoder.key(RIGHT_SHIFT, 0)
    assert decoder.key(31, 1) == b"s"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_has_all_of_ascii(layout: str) -> None:
    assert [chr(code) for code in range(0x20, 0x7F) if keys_of(chr(code), layout) is None] == []


@given(st.text(st.characters(max_codepoint=0x2FF), max_size=40), st.sampled_from(sorted(LAYOUTS)))
def test_what_is_typed_is_read(text: str, layout: str) -> None:
    # In French Ctrl and the key of ESC is Ctrl+^, and so RS.
    chars = (char for char in text if (char < "\x7f" or char > "\xff") and (layout, char) != ("fr", "\x1b"))
    clear = unicodedata.normalize("NFC", "".join(chars))
    assert decoded(typed(clear, layout), layout).decode() == clear


@given(
    st.lists(st.tuples(st.integers(0, 0x2FF), st.integers(0, 2)), max_size=200),
    st.sampled_from(sorted(LAYOUTS)),
)
def test_no_keys_can_break_it(strokes: Strokes, layout: str) -> None:
    decoder = KeyDecoder(layout, gs_key="F1")
    for code, value in strokes:
        assert isinstance(decoder.key(code, value), bytes)
    decoder.end()
    assert not decoder.is_inside
    decoder.resync(())
    assert decoder.key(30, 1) == b"q" * (layout == "fr") + b"a" * (layout != "fr")
