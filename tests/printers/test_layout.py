import pytest

from printers import LabelInvalid, Media, lay_out
from printers.fonts import Face
from printers.layout import Glyphs, Ink
from tests.printers.material import HEAD, NAME, design

MEDIA = Media(50, 30, 203)
BOX = """
[[box]]
x_mm = 1
y_mm = 1
width_mm = 48
height_mm = 28
thickness_mm = 0.25
"""
LINE = """
[[line]]
x_mm = 0
y_mm = 20
width_mm = 50
height_mm = 0.01
if = "name"
"""


def test_everything_stands_on_whole_dots() -> None:
    layout = lay_out(design(HEAD + NAME + BOX + LINE), {"code": "ION/PI/123", "name": "Bolt"}, MEDIA)
    assert (layout.design, layout.encoded, layout.width, layout.height) == ("test", "ION/PI/123", 400, 240)
    assert layout.ink == (
        Ink(0, 160, 400, 1),
        Ink(8, 8, 384, 2),
        Ink(8, 230, 384, 2),
        Ink(8, 8, 2, 224),
        Ink(390, 8, 2, 224),
    )
    assert layout.glyphs == (Glyphs(120, 40, Face.SANS, 33, "Bolt"),)
    (symbol,) = layout.symbols
    assert (symbol.x, symbol.y, symbol.module, symbol.width, symbol.height) == (16, 16, 5, 70, 70)
    assert (symbol.quiet_x, symbol.quiet_y, symbol.matrix.text) == (5, 5, "ION/PI/123")


def test_absent_fields_leave_no_ink() -> None:
    layout = lay_out(design(HEAD + NAME + LINE), {"code": "x"}, MEDIA)
    assert (layout.ink, layout.glyphs) == ((), ())


@pytest.mark.parametrize(
    ("options", "x", "baseline"),
    [
        ("", 120, 40),
        ('align = "center"', 230, 40),
        ('align = "right"', 340, 40),
        ('height_mm = 10\nvalign = "middle"', 120, 68),
        ('height_mm = 10\nvalign = "bottom"', 120, 96),
    ],
)
def test_text_is_aligned_by_its_capitals(options: str, x: int, baseline: int) -> None:
    source = HEAD + NAME.replace("size_mm = 3", f"size_mm = 3\nface = 'mono'\n{options}")
    (glyphs,) = lay_out(design(source), {"code": "x", "name": "I"}, MEDIA).glyphs
    assert (glyphs.x, glyphs.baseline) == (x, baseline)


def test_control_characters_are_drawn_as_pictures_in_order() -> None:
    glyphs = lay_out(design(), {"code": "x", "name": "A\x1dB\n"}, MEDIA).glyphs
    assert [(item.face, item.text) for item in glyphs] == [
        (Face.SANS, "A"),
        (Face.PICTURES, "\u241d"),
        (Face.SANS, "B"),
        (Face.PICTURES, "\u240a"),
    ]
    assert [item.x for item in glyphs] == sorted(item.x for item in glyphs)


def test_lines_wrap_downwards() -> None:
    source = HEAD + NAME.replace("size_mm = 3", "size_mm = 3\nheight_mm = 12")
    glyphs = lay_out(design(source), {"code": "x", "name": "Bracket left hand side"}, MEDIA).glyphs
    assert [item.text for item in glyphs] == ["Bracket left", "hand side"]
    assert glyphs[1].baseline - glyphs[0].baseline == pytest.approx(1.2 * glyphs[0].size_px, abs=1)


def test_a_label_may_be_smaller_than_the_media_and_not_larger() -> None:
    layout = lay_out(design(), {"code": "x"}, Media(101.6, 50.8, 203))
    assert (layout.width, layout.height) == (400, 240)
    with pytest.raises(LabelInvalid) as caught:
        lay_out(design(), {"code": "x"}, Media(40, 30, 203))
    assert str(caught.value) == "label 'test': expected media of at least 50 x 30 mm, got 40 x 30 mm"


def test_text_kept_whole_is_refused_when_it_does_not_fit() -> None:
    source = HEAD + NAME.replace("size_mm = 3", "size_mm = 3\nfit = 'whole'")
    assert lay_out(design(source), {"code": "x", "name": "N" * 17}, MEDIA).glyphs[0].text == "N" * 17
    with pytest.raises(LabelInvalid) as caught:
        lay_out(design(source), {"code": "x", "name": "N" * 30}, MEDIA)
    assert str(caught.value) == (
        f"label 'test': text 1: '{'N' * 30}' does not fit: wants 48.8 mm at its smallest, had 30 mm"
    )


def test_values_are_checked() -> None:
    with pytest.raises(LabelInvalid, match="expected a value for 'code', got None"):
        lay_out(design(), {}, MEDIA)
    with pytest.raises(LabelInvalid, match="got also 'colour'"):
        lay_out(design(), {"code": "x", "colour": "red"}, MEDIA)


@pytest.mark.parametrize("character", ["\x1d", "\ud800", "\u202e"])
def test_a_text_too_long_is_refused_whatever_is_in_it(character: str) -> None:
    source = HEAD + NAME.replace("size_mm = 3", "size_mm = 3\nfit = 'whole'")
    with pytest.raises(LabelInvalid, match=r"does not fit: wants .* mm at its smallest, had 30 mm"):
        lay_out(design(source), {"code": "x", "name": character * 60}, MEDIA)
