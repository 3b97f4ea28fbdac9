import base64
import binascii
import random
import re
import zlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from zebrafy.zebrafy_zpl import ZebrafyZPL
from zplkit import Options
from zplkit import render as interpret
from zplkit.rendering import Limits

from printers import (
    AS_SET,
    LANGUAGES,
    Cut,
    Design,
    Handling,
    LabelInvalid,
    Media,
    Raster,
    Tracking,
    lay_out,
    load_design,
    load_designs,
    render,
)
from printers.languages import zpl
from tests.printers.material import LABELS, ZEBRA_203, ZEBRA_300

WHOLE_LABEL = re.compile(
    rb"\^XA\^CI28\^PW812\^LL406\^LH0,0\^JZN\^FO0,0\^GFA,41412,41412,102,"
    rb":Z64:([A-Za-z0-9+/=]+):([0-9A-F]{4})\^FS\^PQ1\^XZ"
)


@pytest.fixture(scope="module")
def designs() -> dict[str, Design]:
    return load_designs(LABELS)


def test_a_label_is_one_graphic_printed_once() -> None:
    raster = Raster(10, 2, bytes([0x80, 0x40, 0x01, 0x00]))
    payload = zpl.encode(raster, Media(50, 25, 203), AS_SET)
    head, _, rest = payload.partition(b":Z64:")
    assert head == b"^XA^CI28^PW400^LL200^LH0,0^JZN^FO0,0^GFA,4,4,2,"
    packed, check, end = rest.split(b":")[0], rest.split(b":")[1][:4], rest.split(b":")[1][4:]
    assert zlib.decompress(base64.b64decode(packed)) == raster.bits
    assert check == f"{binascii.crc_hqx(packed, 0):04X}".encode()
    assert end == b"^FS^PQ1^XZ"


def test_a_bitmap_larger_than_the_media_is_refused() -> None:
    with pytest.raises(LabelInvalid) as caught:
        zpl.encode(Raster(16, 9, bytes(18)), Media(2, 1, 203), AS_SET)
    assert str(caught.value) == "zpl: expected a bitmap of at most 16 x 8 dots, got 16 x 9"


@pytest.mark.parametrize("media", [ZEBRA_203, ZEBRA_300], ids=["203", "300"])
@pytest.mark.parametrize("name", ["part", "run", "location"])
def test_two_outside_interpreters_see_our_dots(name: str, media: Media, designs: dict[str, Design]) -> None:
    design = designs[name]
    raster = render(lay_out(design, design.samples, media))
    payload = zpl.encode(raster, media, AS_SET)
    ours = raster.image().tobytes()
    drawing = payload.replace(b"^JZN", b"").replace(b"^PQ1", b"")  # zplkit refuses commands that do not draw
    assert len(drawing) == len(payload) - 8
    for profile in ("specification", "zd621"):
        options = Options(profile=profile, width=raster.width, height=raster.height, dpi=media.dpi)
        (label,) = interpret(drawing, options, limits=Limits(graphic_bytes=2_000_000)).labels
        with Image.open(BytesIO(label.png())) as seen:
            assert seen.size == (raster.width, raster.height)
            assert seen.convert("L").convert("1", dither=Image.Dither.NONE).tobytes() == ours
    (image,) = ZebrafyZPL(payload.decode("ascii")).to_images()
    assert image.crop((0, 0, raster.width, raster.height)).convert("1").tobytes() == ours


def test_no_value_becomes_a_command() -> None:
    dice = random.Random(4711)  # noqa: S311 - test data
    pieces = ["^XA", "^XZ", "~JA", "^FD", "^DFE:X.ZPL", "^CC#", "~DGR:X,1,1,FF", "! U1 setvar", "_5E", "\x1b"]
    pieces += ["\r\n", "\\", ">", "\u00e9", "A1"]
    small = load_design(LABELS / "location.toml")
    for _ in range(300):
        value = "".join(dice.choices(pieces, k=dice.randint(1, 8)))
        raster = render(lay_out(small, {"code": value, "name": value}, ZEBRA_203))
        found = WHOLE_LABEL.fullmatch(zpl.encode(raster, ZEBRA_203, AS_SET))
        assert found is not None
        assert zlib.decompress(base64.b64decode(found[1])) == raster.bits


@given(st.integers())
def test_no_bitmap_becomes_a_command(seed: int) -> None:
    bits = random.Random(seed).randbytes(41412)  # noqa: S311 - test data
    assert WHOLE_LABEL.fullmatch(zpl.encode(Raster(812, 406, bits), ZEBRA_203, AS_SET))


def test_languages_are_found_by_name() -> None:
    assert set(LANGUAGES) == {"zpl", "epl2", "tspl", "escpos", "brother_ql", "pdf", "png"}
    assert all(language.name == name for name, language in LANGUAGES.items())
    assert [question.query for question in LANGUAGES["zpl"].questions] == [b"~HS", b"~HQES"]


@pytest.mark.parametrize(
    ("media", "handling", "around"),
    [
        (Media(50, 25, 203), AS_SET, ("", "")),
        (Media(50, 25, 203, tracking=Tracking.GAP), AS_SET, ("", "^MNY")),
        (Media(50, 25, 203, tracking=Tracking.MARK), AS_SET, ("", "^MNM")),
        (Media(50, 25, 203, tracking=Tracking.CONTINUOUS), AS_SET, ("", "^MNN")),
        (Media(50, 25, 203), Handling(speed=14, darkness=5), ("~SD05", "^PR14")),
        (Media(50, 25, 203), Handling(cut=Cut.FULL), ("", "^MMC")),
        (Media(50, 25, 203), Handling(cut=Cut.NO), ("", "^MMT")),
        (Media(50, 25, 203), Handling(peel=True, cut=Cut.NO), ("", "^MMP")),
        (Media(50, 25, 203), Handling(peel=False), ("", "^MMT")),
    ],
)
def test_settings_are_commands_in_front(media: Media, handling: Handling, around: tuple[str, str]) -> None:
    payload = zpl.encode(Raster(8, 1, b"\x80"), media, handling).decode()
    before, settings = around
    assert payload.startswith(f"{before}^XA^CI28^PW400^LL200^LH0,0^JZN{settings}^FO0,0^GFA,")


def test_copies_are_one_graphic() -> None:
    payload = zpl.encode(Raster(8, 1, b"\x80"), Media(50, 25, 203), Handling(copies=12))
    assert payload.endswith(b"^PQ12^XZ")
    assert payload.count(b"^GFA") == 1


def test_a_label_is_peeled_or_cut() -> None:
    with pytest.raises(LabelInvalid, match=r"^zpl: expected either peel or cut, got both$"):
        zpl.check(Media(50, 25, 203), Handling(cut=Cut.FULL, peel=True))
