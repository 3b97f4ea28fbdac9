import base64
import binascii
import random
import re
import zlib
from io import BytesIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image
from zebrafy.zebrafy_zpl import ZebrafyZPL
from zplkit import Options
from zplkit import render as interpret
from zplkit.rendering import Limits

from printers import (
    AS_SET,
    LANGUAGES,
    Design,
    LabelInvalid,
    Media,
    PrinterState,
    PrinterStatus,
    Raster,
    Reason,
    lay_out,
    load_design,
    load_designs,
    render,
)
from printers.languages import zpl, zpl_status
from printers.status import INCOMPLETE, SILENT
from tests.printers.material import LABELS, ZEBRA_203, ZEBRA_300

WHOLE_LABEL = re.compile(
    rb"\^XA\^CI28\^PW812\^LL406\^LH0,0\^JZN\^FO0,0\^GFA,41412,41412,102,"
    rb":Z64:([A-Za-z0-9+/=]+):([0-9A-F]{4})\^FS\^PQ1\^XZ"
)


@pytest.fixture(scope="module")
def designs() -> dict[str, Design]:
    return load_designs(LABELS)


def answer(
    first: str = "030,0,0,0406,000,0,0,0,000,0,0,0", second: str = "000,0,0,0,0,2,6,0,00000000,1,000"
) -> bytes:
    return "".join(f"\x02{frame}\x03\r\n" for frame in (first, second, "1234,0")).encode()


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
    for _ in range(2000):
        value = "".join(dice.choices(pieces, k=dice.randint(1, 8)))
        raster = render(lay_out(small, {"code": value, "name": value}, ZEBRA_203))
        found = WHOLE_LABEL.fullmatch(zpl.encode(raster, ZEBRA_203, AS_SET))
        assert found is not None
        assert zlib.decompress(base64.b64decode(found[1])) == raster.bits


@given(st.integers())
def test_no_bitmap_becomes_a_command(seed: int) -> None:
    bits = random.Random(seed).randbytes(41412)  # noqa: S311 - test data
    assert WHOLE_LABEL.fullmatch(zpl.encode(Raster(812, 406, bits), ZEBRA_203, AS_SET))


READY = PrinterStatus(PrinterState.READY)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (answer(), READY),
        (answer(first="030,0,0,0406,002,0,0,0,000,0,0,0"), PrinterStatus(PrinterState.PRINTING, (), 2)),
        (answer(first="030,0,0,0406,000,0,0,1,000,0,0,0"), PrinterStatus(PrinterState.PRINTING, (), 1)),
        (
            answer(second="000,0,0,0,0,2,6,0,00000012,1,000"),
            PrinterStatus(PrinterState.PRINTING, (), 12),
        ),
        (
            answer(first="030,0,0,0406,255,1,0,0,000,0,0,0"),
            PrinterStatus(PrinterState.PRINTING, (Reason.BUFFER_FULL,), 255),
        ),
        (
            answer(first="030,1,1,0406,001,0,0,0,000,0,0,0"),
            PrinterStatus(PrinterState.TROUBLE, (Reason.MEDIA_EMPTY, Reason.PAUSED), 1),
        ),
        (
            answer(first="030,0,1,0406,000,0,0,0,000,0,0,0"),
            PrinterStatus(PrinterState.PAUSED, (Reason.PAUSED,)),
        ),
        (
            answer(first="030,0,0,0406,000,0,1,0,000,1,1,1"),
            PrinterStatus(
                PrinterState.TROUBLE,
                (
                    Reason.DIAGNOSTIC_MODE,
                    Reason.MEMORY_LOST,
                    Reason.UNDER_TEMPERATURE,
                    Reason.OVER_TEMPERATURE,
                ),
            ),
        ),
        (
            answer(first="030,0,0,0406,000,0,0,0,000,0,1,0"),
            PrinterStatus(PrinterState.READY, (Reason.UNDER_TEMPERATURE,)),
        ),
        (
            answer(second="000,0,1,1,0,2,6,1,00000000,1,000"),
            PrinterStatus(
                PrinterState.TROUBLE, (Reason.HEAD_OPEN, Reason.RIBBON_EMPTY, Reason.LABEL_TO_TAKE)
            ),
        ),
        (
            answer(second="000,0,0,0,0,1,6,1,00000000,1,000"),
            PrinterStatus(PrinterState.READY, (Reason.LABEL_TO_TAKE,)),
        ),
        (answer().replace(b"\r\n", b""), READY),
        (answer().replace(b",", b", "), READY),
        (b"", SILENT),
        (answer()[:-4], INCOMPLETE),
        (answer()[:40], INCOMPLETE),
        (answer() + answer(), INCOMPLETE),
        (answer(first="030,0,0"), INCOMPLETE),
        (answer(first="030,0,0,0406,000,0,0,0,000,0,0,0,0"), INCOMPLETE),
        (answer(second="000,0,0,0,0,2,6,0,x,1,000"), INCOMPLETE),
        (answer(first="030,,0,0406,000,0,0,0,000,0,0,0"), INCOMPLETE),
        (answer(first="030,-1,0,0406,000,0,0,0,000,0,0,0"), INCOMPLETE),
        (answer(first="030,\u0661,0,0406,000,0,0,0,000,0,0,0"), INCOMPLETE),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", INCOMPLETE),
        (b"\x02" * 1_000_000, INCOMPLETE),
        (b"\x02" + b"9" * 1_000_000 + b"\x03", INCOMPLETE),
    ],
)
def test_status(said: bytes, status: PrinterStatus) -> None:
    assert zpl_status.parse_host_status(said) == status


@given(st.binary(max_size=300))
@example(b"\x02\x03\x02\x03\x02\x03")
@example(b"\x02" + b"9" * 1000 + b",0" * 11 + b"\x03" + answer()[40:])
def test_noise_is_silence_and_never_an_error(said: bytes) -> None:
    assert zpl_status.parse_host_status(said).state is PrinterState.SILENT


@given(st.lists(st.integers(0, 120), max_size=12))
def test_bytes_lost_from_bad_news_never_make_it_good(cuts: list[int]) -> None:
    said = bytearray(answer(first="030,1,0,0406,000,0,0,0,000,0,0,0"))
    for cut in cuts:
        if cut < len(said):
            del said[cut]
    assert zpl_status.parse_host_status(bytes(said)).state in {PrinterState.TROUBLE, PrinterState.SILENT}


@pytest.mark.parametrize(
    ("said", "is_complete"),
    [(b"", False), (answer()[:-3], False), (answer()[:-2], True), (answer(), True), (b"x" * 5000, True)],
)
def test_an_answer_ends_with_its_third_frame(said: bytes, is_complete: bool) -> None:
    assert zpl_status.is_host_status_complete(said) is is_complete


def test_languages_are_found_by_name() -> None:
    assert set(LANGUAGES) == {"zpl", "epl2", "tspl", "escpos", "brother_ql", "pdf", "png"}
    assert all(language.name == name for name, language in LANGUAGES.items())
    assert [question.query for question in LANGUAGES["zpl"].questions] == [b"~HS", b"~HQES"]
