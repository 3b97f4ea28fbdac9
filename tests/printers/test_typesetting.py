import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from printers.fonts import DESIGN_FACES, Face, font
from printers.label import Fit
from printers.typesetting import Room, Run, Setting, runs, set_text, visible, width_px


def room(width: int = 300, height: int = 20, size_px: int = 27, min_size_px: int = 12) -> Room:
    return Room(Face.SANS, width, height, size_px, min_size_px)


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("A1 \u00e9\u65e5", "A1 \u00e9\u65e5"),
        ("\x00\t\n\x1b\x1d\x1f\x7f", "\u2400\u2409\u240a\u241b\u241d\u241f\u2421"),
        ("a\u202eb\u200bc\ufeff\u00ad", "a\ufffdb\ufffdc\ufffd\ufffd"),
        ("\x85\u2028\ud800", "\ufffd\ufffd\ufffd"),
    ],
)
def test_what_draws_nothing_is_shown(text: str, seen: str) -> None:
    assert visible(text) == seen


@given(st.text())
def test_no_character_is_dropped(text: str) -> None:
    assert len(visible(text)) == len(text)
    assert "".join(run.text for run in runs(Face.SANS, text)) == text


def test_control_pictures_have_a_face_of_their_own() -> None:
    assert list(runs(Face.MONO, "A\u240a\u241dB")) == [
        Run(Face.MONO, "A"),
        Run(Face.PICTURES, "\u240a\u241d"),
        Run(Face.MONO, "B"),
    ]
    assert list(runs(Face.MONO, "")) == []


def test_chinese_japanese_and_korean_have_a_face_of_their_own() -> None:
    assert list(runs(Face.BOLD, "Bolt \u65e5\u672c\u3001\uac00 \u0416\u03a9")) == [
        Run(Face.BOLD, "Bolt "),
        Run(Face.CJK, "\u65e5\u672c\u3001\uac00"),
        Run(Face.BOLD, " \u0416\u03a9"),
    ]
    assert list(runs(Face.SANS, "\U00020000\u2400")) == [
        Run(Face.CJK, "\U00020000"),
        Run(Face.PICTURES, "\u2400"),
    ]


@settings(max_examples=300, deadline=None)
@given(
    st.text(
        st.characters(min_codepoint=32, max_codepoint=0x4FF, exclude_categories=["Cc", "Cf", "Mn"]),
        max_size=60,
    ),
    st.sampled_from(DESIGN_FACES),
    st.integers(8, 120),
)
def test_a_line_is_drawn_as_long_as_it_is_measured(text: str, face: Face, size_px: int) -> None:
    drawn = font(face, size_px).getlength(text, mode="1")
    assert abs(drawn - width_px(face, size_px, text)) < 1


@pytest.mark.parametrize(
    ("text", "where", "fit", "setting"),
    [
        ("", room(), Fit.WHOLE, Setting(27, (), is_whole=True)),
        ("Bolt", room(), Fit.WHOLE, Setting(27, ("Bolt",), is_whole=True)),
        ("  Bolt   M6 ", room(), Fit.WHOLE, Setting(27, ("Bolt M6",), is_whole=True)),
        ("A / B", room(), Fit.WHOLE, Setting(27, ("A / B",), is_whole=True)),
        (
            "Shelf 12 / Bin 004",
            room(width=150, height=60),
            Fit.WHOLE,
            Setting(27, ("Shelf 12 /", "Bin 004"), is_whole=True),
        ),
        (
            "Konstantinopoulou-Petrova",
            room(width=280, height=60),
            Fit.WHOLE,
            Setting(27, ("Konstantinopoulou-", "Petrova"), is_whole=True),
        ),
        (
            "WH-Receiving A-1234-abc",
            room(width=180, height=60),
            Fit.WHOLE,
            Setting(25, ("WH-Receiving", "A-1234-abc"), is_whole=True),
        ),
        (
            "PN-0000-0000-0000-0000",
            room(),
            Fit.WHOLE,
            Setting(22, ("PN-0000-0000-0000-0000",), is_whole=True),
        ),
        ("X" * 48, room(), Fit.WHOLE, Setting(12, (), is_whole=False)),
        ("X" * 48, room(), Fit.ELLIPSIS, Setting(12, ("X" * 41 + "\u2026",), is_whole=False)),
        (
            "X" * 48,
            room(height=24),
            Fit.ELLIPSIS,
            Setting(12, ("X" * 42, "XXXXXX"), is_whole=True),
        ),
    ],
)
def test_text_takes_the_largest_size_that_fits(text: str, where: Room, fit: Fit, setting: Setting) -> None:
    assert set_text(text, where, fit) == setting


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=120), st.integers(40, 400), st.integers(12, 120))
def test_nothing_reaches_out_of_its_box(text: str, width: int, height: int) -> None:
    where = Room(Face.BOLD, width, height, 40, 10)
    for fit in Fit:
        setting = set_text(text, where, fit)
        assert 10 <= setting.size_px <= 40
        assert len(setting.lines) <= max(1, where.line_count(setting.size_px))
        assert all(width_px(Face.BOLD, setting.size_px, line) <= width for line in setting.lines)
