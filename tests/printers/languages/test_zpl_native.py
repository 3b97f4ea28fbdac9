"""Native ZPL, judged by zplkit's two profiles: symbols and rules to the dot, texts about where they were."""

import random
import re
import string
from io import BytesIO
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from zplkit import Options
from zplkit import render as interpret
from zplkit.rendering import Limits

from printers import (
    LANGUAGES,
    Design,
    Handling,
    Layout,
    Media,
    Raster,
    lay_out,
    load_designs,
    prepare,
    render,
)
from printers.fonts import Face
from printers.languages import zpl
from printers.layout import Glyphs, Ink
from printers.placement import PlacedSymbol
from printers.symbols import Symbology, code128_words, decode, encode
from printers.zpl_template import escaped
from tests.printers.material import LABELS

Profile = Literal["specification", "zd621"]
NATIVE = Handling(is_native=True)
MEDIA = Media(101.6, 50.8, 203)
DESIGNS = load_designs(LABELS)


def printed(payload: bytes, media: Media, profile: Profile) -> Image.Image:
    drawing = re.sub(rb"\^JZN|\^PQ1", b"", payload)  # zplkit refuses commands that do not draw
    options = Options(profile=profile, width=media.width_dots, height=media.height_dots, dpi=media.dpi)
    (label,) = interpret(drawing, options, limits=Limits(graphic_bytes=2_000_000)).labels
    with Image.open(BytesIO(label.png())) as seen:
        return seen.convert("L").convert("1", dither=Image.Dither.NONE)


def box(picture: Image.Image) -> tuple[int, int, int, int] | None:
    return Image.eval(picture.convert("L"), lambda level: 255 - level).getbbox()


def layout_of(
    *, ink: tuple[Ink, ...] = (), glyphs: tuple[Glyphs, ...] = (), symbols: tuple[PlacedSymbol, ...] = ()
) -> Layout:
    return Layout(design="test", encoded="", width=812, height=406, ink=ink, glyphs=glyphs, symbols=symbols)


def code128(text: str, module: int = 2) -> Layout:
    return layout_of(symbols=(PlacedSymbol(40, 30, module, 90, encode(Symbology.CODE128, text)),))


def matrix(symbology: Symbology, text: str, at: tuple[int, int], module: int) -> Layout:
    symbol = encode(symbology, text)
    return layout_of(symbols=(PlacedSymbol(*at, module, module * symbol.height, symbol),))


@pytest.mark.parametrize("profile", ["specification", "zd621"])
@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)
def test_every_design_reads_the_same(design: Design, dpi: int, profile: Profile) -> None:
    media = Media(design.width_mm, design.height_mm, max(dpi, design.min_dpi))
    values = {name: value if isinstance(value, str) else value[:3] for name, value in design.samples.items()}
    label = prepare(design, values, media, LANGUAGES["zpl"], handling=NATIVE)
    ours = prepare(design, values, media, LANGUAGES["zpl"])
    assert (label.png, label.encoded) == (ours.png, ours.encoded)
    assert label.is_exact != bool(lay_out(design, values, media).glyphs)
    with Image.open(BytesIO(label.png)) as preview:
        expected = {(found.text, found.identifier) for found in decode(preview)}
        paper = printed(label.payload, media, profile)
        assert {(found.text, found.identifier) for found in decode(paper)} == expected
        theirs, own = box(paper), box(preview)
        assert theirs is not None
        assert own is not None
        assert theirs[0] >= own[0] - 4
        assert theirs[1] >= own[1] - 4
        assert theirs[2] <= own[2] + 4
        assert theirs[3] <= own[3] + 4


@pytest.mark.parametrize("profile", ["specification", "zd621"])
def test_300_barcodes_of_one_set_are_the_same_dots(profile: Profile) -> None:
    dice = random.Random(128)  # noqa: S311 - test data
    natives = 0
    for number in range(300):
        letters = string.digits if number % 3 == 0 else string.ascii_letters + string.digits + "->^~#_ %&\\"
        text = "".join(dice.choices(letters, k=dice.randint(1, 18)))
        layout = code128(text)
        raster = render(layout)
        payload = zpl.encode_native(layout, raster, MEDIA, NATIVE)
        natives += b"^BCN" in payload
        assert (b"^BCN" in payload) != (b"^GFA" in payload)
        assert printed(payload, MEDIA, profile).tobytes() == raster.image().tobytes(), text
    assert natives > 150


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("123456", b"^FD>;123456^FS"),
        ("99123456", b"^FD>;99123456^FS"),
        ("Bolt>^~x", b"^FD>:Bolt>0><>=x^FS"),
        ("R2025-00317", None),
        ("12345", None),
        ("A\x1dB", None),
    ],
)
def test_a_barcode_that_changes_sets_is_a_graphic(text: str, data: bytes | None) -> None:
    layout = code128(text)
    payload = zpl.encode_native(layout, render(layout), MEDIA, NATIVE)
    assert (data in payload) if data else (b"^BC" not in payload and b"^GFA" in payload)
    assert code128_words(text)


@pytest.mark.parametrize("profile", ["specification", "zd621"])
@pytest.mark.parametrize(
    ("text", "asked", "level"),
    [
        ('{"uid":"0123456789abcdef0123456789abcdef"}', "", "M"),
        ('{"uid":"0123456789abcdef0123456789abcdef"}', "H", "H"),
        ("ION/RUN/317", "", "M"),
        ("ION/RUN/317", "Q", "Q"),
        ("12345678", "H", "H"),
        ("x" * 100, "L", "L"),
        ("x" * 100, "", "M"),
        ("Q^~\\_;,", "", "M"),
    ],
)
def test_a_qr_code_fills_the_same_box_at_the_same_level(
    text: str, asked: str, level: str, profile: Profile
) -> None:
    symbol = encode(Symbology.QR, text, correction=asked)
    layout = layout_of(symbols=(PlacedSymbol(40, 30, 4, 4 * symbol.height, symbol),))
    raster = render(layout)
    payload = zpl.encode_native(layout, raster, MEDIA, NATIVE)
    assert f"^BY2,3,1^FO40,30^BQN,2,4^FH\\^FD{level}A,".encode() in payload
    paper = printed(payload, MEDIA, profile)
    found = box(paper)
    own = box(raster.image())
    assert found is not None
    assert own is not None
    assert max(abs(theirs - ours) for theirs, ours in zip(found, own, strict=True)) <= 1
    assert [symbol.text for symbol in decode(paper)] == [text]


@pytest.mark.parametrize("text", ["caf\u00e9", "a" + "1" * 60, "x" * 300, "a\nb"])
def test_a_qr_code_whose_version_may_differ_is_a_graphic(text: str) -> None:
    layout = matrix(Symbology.QR, text, (10, 10), 2)
    raster = render(layout)
    payload = zpl.encode_native(layout, raster, MEDIA, NATIVE)
    assert b"^BQ" not in payload
    assert printed(payload, MEDIA, "specification").tobytes() == raster.image().tobytes()


@pytest.mark.parametrize("profile", ["specification", "zd621"])
@pytest.mark.parametrize(
    "text",
    ['{"uid":"0123456789abcdef0123456789abcdef"}', "[)>\x1e05\x1d1P4711-002\x1dQ250", "a\\b^c"],
)
def test_a_data_matrix_fills_the_same_box(text: str, profile: Profile) -> None:
    layout = matrix(Symbology.DATAMATRIX, text, (40, 30), 4)
    raster = render(layout)
    payload = zpl.encode_native(layout, raster, MEDIA, NATIVE)
    assert b"^BXN,4,200," in payload
    paper = printed(payload, MEDIA, profile)
    assert box(paper) == box(raster.image())
    assert [symbol.text for symbol in decode(paper)] == [text]


@pytest.mark.parametrize(
    "text", ["a_1b", "a~b", "caf\u00e9", "[)>\x1e06\x1d1P4711-002\x1dQ250\x1e\x04", "a" * 40]
)
def test_a_data_matrix_that_another_encoder_may_write_differently_is_a_graphic(text: str) -> None:
    layout = matrix(Symbology.DATAMATRIX, text, (40, 30), 4)
    raster = render(layout)
    payload = zpl.encode_native(layout, raster, MEDIA, NATIVE)
    assert b"^BX" not in payload
    assert printed(payload, MEDIA, "zd621").tobytes() == raster.image().tobytes()


def test_rules_are_the_same_dots() -> None:
    layout = layout_of(ink=(Ink(10, 10, 300, 3), Ink(10, 20, 1, 200), Ink(50, 50, 40, 40)))
    raster = render(layout)
    payload = zpl.encode_native(layout, raster, MEDIA, NATIVE)
    assert payload.count(b"^GB") == 3
    assert b"^GF" not in payload
    assert printed(payload, MEDIA, "zd621").tobytes() == raster.image().tobytes()


def test_what_the_layout_does_not_tell_is_a_graphic() -> None:
    layout = code128("123456")
    picture = render(layout).image()
    picture.paste(0, (500, 300, 520, 330))
    raster = Raster(812, 406, picture.tobytes("raw", "1;I"))
    payload = zpl.encode_native(layout, raster, MEDIA, NATIVE)
    assert b"^BCN" in payload
    assert b"^FO500,300^GFA,90,90,3," in payload
    assert printed(payload, MEDIA, "specification").tobytes() == raster.image().tobytes()


def test_an_element_that_something_crosses_is_a_graphic() -> None:
    layout = code128("123456")
    picture = render(layout).image()
    picture.paste(0, (0, 60, 400, 62))
    raster = Raster(812, 406, picture.tobytes("raw", "1;I"))
    payload = zpl.encode_native(layout, raster, MEDIA, NATIVE)
    assert b"^BCN" not in payload
    assert printed(payload, MEDIA, "specification").tobytes() == raster.image().tobytes()


def test_other_scripts_are_graphics() -> None:
    glyphs = (
        Glyphs(20, 60, Face.SANS, 40, "Bolt"),
        Glyphs(20, 160, Face.SANS, 40, "\u0411\u043e\u043b\u0442"),
        Glyphs(20, 260, Face.PICTURES, 40, "\u2400"),
    )
    layout = layout_of(glyphs=glyphs)
    payload = zpl.encode_native(layout, render(layout), MEDIA, NATIVE)
    assert payload.count(b"^A0N") == 1
    assert b"^FDBolt^FS" in payload
    assert payload.count(b"^GFA") == 1


def test_offsets_move_commands_and_graphics() -> None:
    layout = code128("123456")
    picture = render(layout).image()
    picture.paste(0, (500, 300, 520, 330))
    raster = Raster(812, 406, picture.tobytes("raw", "1;I"))
    moved = Handling(is_native=True, offset_x_mm=1, offset_y_mm=-1)
    payload = zpl.encode_native(layout, raster, MEDIA, moved)
    assert b"^FO48,22^BCN" in payload
    assert b"^FO508,292^GFA" in payload


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_no_text_becomes_a_command(text: str) -> None:
    data = escaped(text, "\\")
    assert not set(data) & {"^", "~"}
    assert data.isascii()
    assert data.isprintable()
    plain = re.sub(r"\\([0-9A-F]{2})", lambda found: chr(int(found[1], 16)), data).encode("latin-1")
    assert plain.decode("utf-8", "surrogatepass") == text


def test_a_native_label_holds_only_its_own_commands() -> None:
    dice = random.Random(4711)  # noqa: S311 - test data
    pieces = [
        "^XA",
        "^XZ",
        "~JA",
        "^FS",
        "^FD",
        "^CC#",
        "\\",
        "_5E",
        ">",
        ">:",
        "\u00e9",
        "A",
        "1",
        "\r\n",
        "\u202e",
    ]
    design = DESIGNS["location"]
    for _ in range(200):
        value = "".join(dice.choices(pieces, k=dice.randint(1, 6)))
        layout = lay_out(design, {"code": value, "name": value}, MEDIA)
        payload = zpl.encode_native(layout, render(layout), MEDIA, NATIVE).decode("ascii")
        names = re.findall(r"[\^~](..)", payload)
        assert set(names) <= {
            *(
                "XA",
                "CI",
                "PW",
                "LL",
                "LH",
                "JZ",
                "BY",
                "FO",
                "BQ",
                "FH",
                "FD",
                "FS",
                "FT",
                "A0",
                "GF",
                "PQ",
                "XZ",
            )
        }
        assert names.count("XA") == names.count("XZ") == names.count("PQ") == 1
