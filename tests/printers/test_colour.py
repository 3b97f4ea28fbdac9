"""Red beside black: on pictures, in PDF, on Brother's two-colour tape; refused where it would be lost."""

import io
from dataclasses import replace

import pypdfium2  # type: ignore[import-untyped]
import pytest
from PIL import Image, ImageChops

from printers import (
    AS_SET,
    LANGUAGES,
    Design,
    Handling,
    LabelInvalid,
    LabelUnreadable,
    Media,
    Raster,
    Tracking,
    Values,
    draw,
    parse_design,
    prepare,
)
from printers.raster import RED_RGB
from tests.printers.languages.reading import read_brother

HEAD = """
title = "Colours"
width_mm = 62
height_mm = 40
encodes = "code"
[fields]
code = { required = true, sample = "ION/LOC/12" }
[[qr]]
x_mm = 6
y_mm = 6
size_mm = 14
value = "${code}"
"""
RED = """
[[line]]
x_mm = 30
y_mm = 6
width_mm = 20
height_mm = 1
colour = "red"
[[text]]
x_mm = 30
y_mm = 12
width_mm = 26
size_mm = 3
colour = "red"
value = "STOP"
[[text]]
x_mm = 30
y_mm = 22
width_mm = 20
size_mm = 3
colour = "red"
inverse = true
value = "HOLD"
[[text]]
x_mm = 8
y_mm = 30
width_mm = 40
size_mm = 3
value = "black"
"""
VALUES: Values = {"code": "ION/LOC/12"}
TAPE = Media(62, 40, 300, tracking=Tracking.CONTINUOUS, is_two_colour=True)
QL_820 = Handling(model="QL-820NWB")


def design(elements: str = RED) -> Design:
    return parse_design("colours", HEAD + elements, where="colours")


def raster_of(elements: str = RED, dpi: int = 300) -> Raster:
    ((_, raster),) = draw(design(elements), VALUES, Media(62, 40, dpi))
    return raster


def colours(picture: Image.Image) -> set[object]:
    return {colour for _, colour in picture.convert("RGB").getcolors(1000) or ()}


def test_red_and_black_dots_are_apart_and_together_all_the_ink() -> None:
    raster = raster_of()
    black, red = raster.planes
    assert red is not None
    assert any(black.bits)
    assert any(red.bits)
    assert not any(one & other for one, other in zip(black.bits, red.bits, strict=True))
    plain = raster_of(RED.replace('colour = "red"', 'colour = "black"'))
    assert plain.red == b""
    assert raster.image().tobytes() == plain.image().tobytes()
    assert (plain.planes, plain.coloured().mode) == ((plain, None), "1")


def test_the_picture_shows_it_at_any_scale() -> None:
    for scale in (1, 2):
        picture = Image.open(io.BytesIO(raster_of().png(scale)))
        assert colours(picture) == {(255, 255, 255), (0, 0, 0), RED_RGB}
        assert picture.width == 732 * scale


def test_what_is_drawn_later_covers_what_is_beneath_whatever_its_colour() -> None:
    box = '[[line]]\nx_mm = 30\ny_mm = 8\nwidth_mm = 20\nheight_mm = 10\ncolour = "{}"\n'
    word = '[[text]]\nx_mm = 32\ny_mm = 10\nwidth_mm = 16\nsize_mm = 4\ncolour = "{}"\nvalue = "III"\n'
    on_black = raster_of(box.format("black") + word.format("red")).coloured().convert("RGB")
    on_red = raster_of(box.format("red") + word.format("black")).coloured().convert("RGB")
    area = (355, 100, 580, 205)
    assert colours(on_black.crop(area)) == colours(on_red.crop(area)) == {(0, 0, 0), RED_RGB}
    reds = [
        picture.crop(area).getchannel("R").point(lambda value: 255 * (value > 0))
        for picture in (on_black, on_red)
    ]
    assert reds[0].tobytes() == ImageChops.invert(reds[1]).tobytes()


def test_a_red_picture_lies_in_its_colour_too() -> None:
    image = (
        "[[line]]\nx_mm = 30\ny_mm = 8\nwidth_mm = 20\nheight_mm = 10\n"
        '[[image]]\nx_mm = 32\ny_mm = 10\nwidth_mm = 5\nheight_mm = 5\nfile = "logo.png"\ncolour = "red"\n'
    )
    file = io.BytesIO()
    Image.new("L", (10, 10), 0).save(file, "PNG")
    made = parse_design("colours", HEAD + image, where="colours", read_file=lambda _name: file.getvalue())
    ((_, raster),) = draw(made, VALUES, Media(62, 40, 300))
    shown = raster.coloured().convert("RGB")
    assert [shown.getpixel((x, 140)) for x in (370, 400, 560)] == [(0, 0, 0), RED_RGB, (0, 0, 0)]


def test_brothers_tape_gets_both_planes() -> None:
    made = prepare(design(), VALUES, TAPE, LANGUAGES["brother_ql"], handling=QL_820)
    (page,) = read_brother(made.payload, 90)
    assert any(map(any, page.rows))
    assert any(map(any, page.red_rows))
    assert colours(Image.open(io.BytesIO(made.png))) == {(255, 255, 255), (0, 0, 0), RED_RGB}


def test_offsets_move_both_planes() -> None:
    plain = prepare(design(), VALUES, TAPE, LANGUAGES["brother_ql"], handling=QL_820)
    moved = prepare(design(), VALUES, TAPE, LANGUAGES["brother_ql"], handling=replace(QL_820, offset_y_mm=1))
    (before,), (after,) = read_brother(plain.payload, 90), read_brother(moved.payload, 90)
    down = TAPE.dots(1)
    assert after.rows[down:] == before.rows[:-down]
    assert after.red_rows[down:] == before.red_rows[:-down]


def test_a_pdf_has_it() -> None:
    made = prepare(design(), VALUES, Media(62, 40, 300), LANGUAGES["pdf"])
    document = pypdfium2.PdfDocument(made.payload)
    page = document[0]
    drawn = page.render(scale=300 / 72).to_pil()
    page.close()
    document.close()
    assert {(0, 0, 0), RED_RGB} <= colours(drawn)
    assert drawn.getpixel((round(40 * 300 / 25.4), round(6.5 * 300 / 25.4)))[:3] == RED_RGB


def test_several_labels_are_shown_in_their_colours() -> None:
    made = LANGUAGES["png"].encode_all([raster_of(), raster_of("")], Media(62, 40, 300), AS_SET)
    assert colours(Image.open(io.BytesIO(made))) == {(255, 255, 255), (0, 0, 0), RED_RGB}


@pytest.mark.parametrize("name", sorted(LANGUAGES.keys() - {"png", "pdf"}))
def test_red_is_refused_where_it_would_be_lost(name: str) -> None:
    language = LANGUAGES[name]
    media, handling = language.trial(62, 40, None)
    with pytest.raises(LabelInvalid, match=f"^{name}: expected black only on this .* got red"):
        prepare(design(), VALUES, media, language, handling=handling)
    assert prepare(design(""), VALUES, media, language, handling=handling).payload


def test_native_zpl_refuses_it_as_well() -> None:
    with pytest.raises(LabelInvalid, match=r"^zpl: expected black only"):
        prepare(design(), VALUES, Media(62, 40, 203), LANGUAGES["zpl"], handling=Handling(is_native=True))


def test_red_over_a_symbol_is_still_in_its_way() -> None:
    over = '[[line]]\nx_mm = 8\ny_mm = 10\nwidth_mm = 10\nheight_mm = 1\ncolour = "red"\n'
    with pytest.raises(LabelUnreadable, match="expected nothing else on the symbol"):
        raster_of(over)


@pytest.mark.parametrize(
    ("elements", "fault"),
    [
        (RED.replace('"red"', '"blue"', 1), r"line 1: colour: expected .*black.*red.*'blue'"),
        (RED + '[[ruler]]\nx_mm = 1\ny_mm = 1\nwidth_mm = 20\nheight_mm = 2\ncolour = "red"\n', "colour"),
        ('[[code128]]\nx_mm=1\ny_mm=1\nwidth_mm=20\nheight_mm=2\nvalue="1"\ncolour="red"\n', "colour"),
    ],
)
def test_only_what_no_scanner_reads_has_a_colour(elements: str, fault: str) -> None:
    with pytest.raises(LabelInvalid, match=fault):
        design(elements)


def test_a_red_symbol_is_refused_with_the_reason() -> None:
    symbol = """
[[qr]]
x_mm = 2
y_mm = 2
size_mm = 20
value = "${code}"
colour = "red"
"""
    with pytest.raises(LabelInvalid, match="expected black for a symbol, since scanners see by red light"):
        parse_design("colours", HEAD + symbol, where="colours")
