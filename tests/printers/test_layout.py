import pytest

from printers import LabelInvalid, Media, lay_out, render
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
    assert (*symbol.quiet, symbol.matrix.text) == (5, 5, "ION/PI/123")


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
        f"label 'test': text 1: '{'N' * 30}' does not fit: wants 52.5 mm at its smallest, had 30 mm"
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


def test_inverse_text_is_white_on_a_box_that_stays_on_the_label() -> None:
    source = HEAD + NAME.replace("size_mm = 3", "size_mm = 3\ninverse = true\npadding_mm = 2.5")
    layout = lay_out(design(source), {"code": "x", "name": "Bolt"}, MEDIA)
    assert layout.ink == (Ink(100, 0, 280, 60),)
    assert layout.glyphs == (Glyphs(120, 40, Face.SANS, 33, "Bolt", is_white=True),)
    assert render(layout).image().getpixel((101, 1)) == 0
    white = sum(render(layout).image().crop((100, 0, 380, 60)).histogram()[255:])
    drawn = render(lay_out(design(), {"code": "x", "name": "Bolt"}, MEDIA)).image().crop((100, 0, 380, 60))
    assert white == drawn.histogram()[0]


def test_a_box_thicker_than_itself_is_filled() -> None:
    layout = lay_out(
        design(HEAD + NAME + BOX.replace("0.25", "20").replace("48", "10")), {"code": "x"}, MEDIA
    )
    assert layout.ink[:2] == (Ink(8, 8, 80, 80), Ink(8, 152, 80, 80))


def test_formats_change_what_is_read_and_not_what_is_scanned() -> None:
    source = HEAD.replace('"Bracket"', '"1000"').replace("x_mm = 2\n", "x_mm = 3\n")
    formatted = NAME.replace("size_mm = 3", 'size_mm = 3\nformats = { name = "#,##0.0" }')
    layout = lay_out(design(source + formatted), {"code": "x", "name": "1234"}, MEDIA)
    assert [glyphs.text for glyphs in layout.glyphs] == ["1,234.0"]


def test_a_design_can_need_a_fine_head() -> None:
    fine = design("min_dpi = 300\n" + HEAD + NAME)
    assert lay_out(fine, {"code": "x"}, Media(50, 30, 300)).width == 590
    with pytest.raises(LabelInvalid) as caught:
        lay_out(fine, {"code": "x"}, MEDIA)
    assert str(caught.value) == "label 'test': expected a printer of at least 300 dpi, got 203"


GS1 = """
[[gs1-datamatrix]]
x_mm = 30
y_mm = 10
size_mm = 10
value = "(10)${name}(21)7"
"""


def test_gs1_values_are_joined() -> None:
    _, symbol = lay_out(design(HEAD + NAME + GS1), {"code": "x", "name": "L1"}, MEDIA).symbols
    assert (symbol.matrix.text, symbol.matrix.identifier) == ("10L1\x1d217", "]d2")
    with pytest.raises(
        LabelInvalid, match=r"^label 'test': gs1-datamatrix 1: GS1 \(10\) 'L\\x1d1': expected GS1's"
    ):
        lay_out(design(HEAD + NAME + GS1), {"code": "x", "name": "L\x1d1"}, MEDIA)
