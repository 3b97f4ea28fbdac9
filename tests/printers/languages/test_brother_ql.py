"""Brother's raster, judged by brother_ql-inventree's reader and a decoder of our own."""

import io
import random
from pathlib import Path

import pytest
from brother_ql.reader import BrotherQLReader, interpret_response  # type: ignore[import-untyped]  # it has no types
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from printers import (
    AS_SET,
    Cut,
    Handling,
    LabelInvalid,
    Media,
    PrinterState,
    PrinterStatus,
    Raster,
    Reason,
    Tracking,
    lay_out,
    load_designs,
    render,
)
from printers.languages import brother_ql
from printers.languages.brother_stock import MODELS, model_of, stock_of, trial
from printers.status import INCOMPLETE, SILENT, Loaded
from printers.symbols import decode
from tests.printers.languages.reading import blank, read_brother, unpacked
from tests.printers.material import LABELS

TAPE = Media(62, 40, 300, tracking=Tracking.CONTINUOUS)
SHORT = Media(62, 29, 300, tracking=Tracking.CONTINUOUS)
DIE_CUT = Media(62, 29, 300)
QL_820 = Handling(model="QL-820NWB")
PT = Handling(model="PT-P750W")
PT_TAPE = Media(24, 40, 180)


def label(media: Media, seed: int = 1) -> Raster:
    """Noise with white margins."""
    dice = random.Random(seed)  # noqa: S311 - test data
    picture = blank(media.width_dots, media.height_dots)
    margin_x, margin_y = media.width_dots // 6, media.height_dots // 3
    for y in range(margin_y, media.height_dots - margin_y, 2):
        for x in range(margin_x, media.width_dots - margin_x, 3):
            if dice.random() < 0.3:
                picture.putpixel((x, y), 0)
    return Raster(*picture.size, picture.tobytes("raw", "1;I"))


def outside(payload: bytes, folder: Path) -> list[Image.Image]:
    """The pages as another program sees them."""
    reader = BrotherQLReader(io.BytesIO(payload))
    reader.filename_fmt = str(folder / "page{counter:04d}.png")
    reader.analyse()
    pages = []
    for path in sorted(folder.glob("page*.png")):
        with Image.open(path) as picture:
            pages.append(picture.copy())
        path.unlink()
    return pages


def head(payload: bytes, handling: Handling) -> dict[str, str]:
    page = read_brother(payload, model_of(handling.model).pins // 8)[0]
    return {code: content.hex() for code, content in page.head.items()}


@pytest.mark.parametrize("model", [name for name in MODELS if name.startswith("QL")])
def test_another_program_sees_our_dots(model: str, tmp_path: Path) -> None:
    handling = Handling(model=model)
    raster = label(TAPE)
    payload = brother_ql.encode(raster, TAPE, handling)
    (page,) = outside(payload, tmp_path)
    (own,) = read_brother(payload, MODELS[model].pins // 8)
    assert page.convert("1").tobytes() == own.image(own.rows).tobytes()
    stock = stock_of(TAPE, MODELS[model])
    left = MODELS[model].pins - stock.offset - stock.width
    margin = ((TAPE.width_dots - stock.width) // 2, 35)
    box = (*margin, margin[0] + stock.width, margin[1] + stock.height)
    assert page.convert("1").crop((left, 0, left + stock.width, stock.height)).tobytes() == (
        raster.image().crop(box).tobytes()
    )


@pytest.mark.parametrize("tape_mm", [3.5, 6, 9, 12, 18, 24])
def test_another_program_sees_our_dots_on_laminated_tape(tape_mm: float, tmp_path: Path) -> None:
    media = Media(tape_mm, 40, 180)
    raster = label(media)
    payload = brother_ql.encode(raster, media, PT)
    (page,) = outside(payload, tmp_path)
    assert page.width == 128
    stock = stock_of(media, MODELS["PT-P750W"])
    left, cut = stock.offset, (media.width_dots - stock.width) // 2
    assert page.convert("1").crop((left, 0, left + stock.width, page.height)).tobytes() == (
        raster.image().crop((cut, 14, cut + stock.width, media.height_dots - 14)).tobytes()
    )


@pytest.mark.parametrize("name", sorted(load_designs(LABELS)))
def test_another_program_prints_what_scans(name: str, tmp_path: Path) -> None:
    design = load_designs(LABELS)[name]
    media, handling = trial(design.width_mm, design.height_mm, None)
    layout = lay_out(design, design.samples, media)
    (page,) = outside(brother_ql.encode(render(layout), media, handling), tmp_path)
    assert layout.encoded in {found.text for found in decode(page)}


def test_the_stream_is_the_one_that_brothers_manual_shows() -> None:
    media = Media(62, 35.4, 300, tracking=Tracking.CONTINUOUS)
    raster = Raster(8, 1, b"\0")
    payload = brother_ql.encode(raster, media, QL_820)
    rows = media.height_dots - 70
    assert payload == (
        bytes(400)
        + bytes.fromhex("1b696101 1b40 1b696101 1b692100")
        + bytes.fromhex("1b697a ce 0a 3e 00")
        + rows.to_bytes(4, "little")
        + bytes.fromhex("00 00")
        + bytes.fromhex("1b694d40 1b694101 1b694b08 1b69642300 4d02")
        + b"Z" * rows
        + b"\x1a"
    )


def test_an_old_model_gets_every_byte() -> None:
    payload = brother_ql.encode(Raster(8, 1, b"\0"), TAPE, Handling(model="QL-500"))
    rows = TAPE.height_dots - 70
    assert payload == (
        bytes(200)
        + b"\x1b@"
        + bytes.fromhex("1b697a ce 0a 3e 00")
        + rows.to_bytes(4, "little")
        + b"\0\0"
        + bytes.fromhex("1b69642300")
        + (b"g\x00\x5a" + bytes(90)) * rows
        + b"\x1a"
    )


def test_die_cut_labels_are_told_by_their_size() -> None:
    assert (
        head(brother_ql.encode(label(DIE_CUT), DIE_CUT, QL_820), QL_820)["1b697a"] == "ce0b3e1d0f0100000000"
    )
    assert head(brother_ql.encode(label(DIE_CUT), DIE_CUT, QL_820), QL_820)["1b6964"] == "0000"
    tape = head(brother_ql.encode(label(TAPE), TAPE, QL_820), QL_820)
    assert (tape["1b697a"], tape["1b6964"]) == ("ce0a3e00920100000000", "2300")


def test_laminated_tape_of_any_kind() -> None:
    payload = brother_ql.encode(label(PT_TAPE), PT_TAPE, PT)
    found = head(payload, PT)
    assert (found["1b697a"][:8], found["1b6964"], found["1b694b"]) == ("84001800", "0e00", "08")
    assert b"G" in payload


@pytest.mark.parametrize(
    ("handling", "cut", "more"),
    [
        (QL_820, "40", "08"),
        (Handling(model="QL-820NWB", cut=Cut.FULL), "40", "08"),
        (Handling(model="QL-820NWB", cut=Cut.NO), "00", "00"),
        (Handling(model="PT-P750W", cut=Cut.HALF), "40", "0c"),
    ],
)
def test_cutting(handling: Handling, cut: str, more: str) -> None:
    media = PT_TAPE if handling.model.startswith("PT") else TAPE
    found = head(brother_ql.encode(label(media), media, handling), handling)
    assert (found["1b694d"], found["1b694b"]) == (cut, more)
    assert ("1b6941" in found) == (cut == "40")


def test_copies_are_pages(tmp_path: Path) -> None:
    three = Handling(model="QL-820NWB", copies=3)
    payload = brother_ql.encode(label(TAPE), TAPE, three)
    pages = read_brother(payload, 90)
    assert [page.end for page in pages] == [b"\x0c", b"\x0c", b"\x1a"]
    assert [page.head["1b697a"][8] for page in pages] == [0, 1, 1]
    assert pages[0].rows == pages[1].rows == pages[2].rows
    assert payload.count(bytes(400)) == 1
    assert len(outside(payload, tmp_path)) == 3


def test_two_colours(tmp_path: Path) -> None:
    media = Media(62, 40, 300, tracking=Tracking.CONTINUOUS, is_two_colour=True)
    black, red = label(media, 1), label(media, 2)
    payload = brother_ql.encode_colours([(black, red)], media, QL_820)
    (page,) = read_brother(payload, 90)
    assert page.head["1b694b"] == b"\x09"
    assert len(page.rows) == len(page.red_rows) == media.height_dots - 70
    (only_red,) = read_brother(brother_ql.encode(red, TAPE, QL_820), 90)
    assert page.red_rows == only_red.rows
    (seen,) = outside(payload, tmp_path)
    colours = {colour for _, colour in seen.convert("RGB").getcolors() or ()}
    assert colours == {(0, 0, 0), (255, 0, 0), (255, 255, 255)}


def test_a_label_of_one_colour_on_two_coloured_tape_is_black() -> None:
    media = Media(62, 40, 300, tracking=Tracking.CONTINUOUS, is_two_colour=True)
    (page,) = read_brother(brother_ql.encode(label(media), media, QL_820), 90)
    (plain,) = read_brother(brother_ql.encode(label(media), TAPE, QL_820), 90)
    assert page.rows == plain.rows
    assert not any(map(any, page.red_rows))


def test_red_needs_its_tape() -> None:
    with pytest.raises(LabelInvalid, match=r"^brother_ql: expected black only on this stock, got red too$"):
        brother_ql.encode_colours([(label(TAPE), label(TAPE))], TAPE, QL_820)


@pytest.mark.parametrize(("x", "y"), [(10, 150), (300, 20), (300, 450), (725, 150)])
def test_ink_in_the_margins_is_refused(x: int, y: int) -> None:
    picture = blank(TAPE.width_dots, TAPE.height_dots)
    picture.putpixel((x, y), 0)
    with pytest.raises(
        LabelInvalid, match=r"^brother_ql: expected ink only where it can be printed, on 696 x 402"
    ):
        brother_ql.encode(Raster(*picture.size, picture.tobytes("raw", "1;I")), TAPE, QL_820)


@pytest.mark.parametrize(
    ("media", "model", "words"),
    [
        (TAPE, "", "brother_ql: model='': expected one of QL-500, "),
        (TAPE, "QL-9000", "brother_ql: model='QL-9000': expected one of QL-500, "),
        (Media(62, 29, 203), "QL-700", "brother_ql: dpi=203: expected 300 for this model"),
        (
            Media(60, 29, 300),
            "QL-700",
            "brother_ql: width_mm=60, height_mm=29: expected one of the sizes 12, 29, ",
        ),
        (
            Media(62, 28, 300, tracking=Tracking.GAP),
            "QL-700",
            "brother_ql: width_mm=62, height_mm=28: expected one of",
        ),
        (Media(102, 51, 300), "QL-700", "brother_ql: width_mm=102: expected stock that fits this model"),
        (SHORT, "QL-500", "brother_ql: height_mm=29: expected at least 30.9"),
        (Media(62, 10, 300), "QL-700", "brother_ql: height_mm=10: expected at least 18.6"),
        (Media(24, 4, 180), "PT-P700", "brother_ql: height_mm=4: expected at least 4.1"),
        (
            Media(36, 40, 180),
            "PT-P700",
            "brother_ql: width_mm=36, height_mm=40: expected one of the sizes 3.5, 6,",
        ),
        (
            Media(24, 40, 180, tracking=Tracking.GAP),
            "PT-P700",
            "brother_ql: width_mm=24, height_mm=40: expected",
        ),
    ],
)
def test_stock_that_does_not_fit(media: Media, model: str, words: str) -> None:
    with pytest.raises(LabelInvalid) as caught:
        brother_ql.check(media, Handling(model=model))
    assert str(caught.value).startswith(words)


@pytest.mark.parametrize(
    ("model", "handling", "words"),
    [
        ("QL-500", {"cut": Cut.FULL}, "QL-500: cut='full': expected 'no'"),
        ("QL-700", {"cut": Cut.HALF}, "QL-700: cut='half': expected 'full' or 'no'"),
        ("QL-700", {"speed": 3}, "QL-700: speed=3: expected it to be left out, as it cannot be set"),
    ],
)
def test_what_a_model_cannot_do(model: str, handling: dict[str, object], words: str) -> None:
    with pytest.raises(LabelInvalid) as caught:
        brother_ql.check(Media(62, 40, 300), Handling(model=model, **handling))  # type: ignore[arg-type]  # a case
    assert str(caught.value) == words


@pytest.mark.parametrize(
    ("size", "tape", "model"),
    [
        ((20, 10), 29, "QL-820NWB"),
        ((6, 6), 12, "QL-820NWB"),
        ((62, 29), 102, "QL-1110NWB"),
        ((101.6, 50.8), 102, "QL-1110NWB"),
    ],
)
def test_a_label_finds_its_tape(size: tuple[float, float], tape: int, model: str) -> None:
    media, handling = trial(*size, None)
    assert (media.width_mm, handling.model) == (tape, model)
    brother_ql.check(media, handling)


def test_a_label_too_wide_for_any_tape() -> None:
    with pytest.raises(LabelInvalid, match=r"^brother_ql: expected a label of at most 102 mm, got 150 mm$"):
        trial(150, 50, None)
    with pytest.raises(LabelInvalid, match=r"^brother_ql: dpi=203: expected 300$"):
        trial(50, 50, 203)


@given(
    st.one_of(
        st.binary(max_size=400),
        st.lists(st.sampled_from([b"\0", b"\xff", b"ab"]), max_size=400).map(b"".join),
    )
)
def test_packed_lines_unpack(row: bytes) -> None:
    packed = brother_ql.packbits(row)
    assert unpacked(packed) == row
    assert len(packed) <= len(row) + len(row) // 128 + 1


def frame(**fields: int) -> bytes:
    """A status of 32 bytes on 62 mm tape; fields are named by their offset, as in the manuals."""
    status = bytearray(
        bytes.fromhex("80204234413000000000 3e0a 0000 00 00 00 00 00 00 0000 00 00 00 00 00000000 00 00")
    )
    assert len(status) == 32
    for name, value in fields.items():
        status[int(name[1:])] = value
    return bytes(status)


def said_by(
    state: PrinterState, *reasons: Reason, labels_printed: int = 0, media: tuple[int, int] | None = (62, 0)
) -> PrinterStatus:
    loaded = None if media is None else Loaded((media,))
    return PrinterStatus(state, reasons, None, labels_printed, loaded=loaded)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (frame(), said_by(PrinterState.READY)),
        (frame(b11=0x0B, b17=29), said_by(PrinterState.READY, media=(62, 29))),
        (frame(b11=0x4A), said_by(PrinterState.READY)),
        (frame(b18=6, b19=1), said_by(PrinterState.PRINTING)),
        (frame(b18=1), said_by(PrinterState.READY, labels_printed=1)),
        (frame(b18=1, b19=1), said_by(PrinterState.READY, labels_printed=1)),
        (frame(b18=6, b19=1) + frame(b18=1) + frame(b18=6), said_by(PrinterState.READY, labels_printed=1)),
        (
            frame(b18=1) + frame(b18=2, b8=2),
            said_by(PrinterState.TROUBLE, Reason.MEDIA_EMPTY, labels_printed=1),
        ),
        (frame(b8=0x01), said_by(PrinterState.TROUBLE, Reason.MEDIA_EMPTY)),
        (frame(b8=0x04), said_by(PrinterState.TROUBLE, Reason.CUTTER)),
        (frame(b8=0x08), said_by(PrinterState.TROUBLE, Reason.BATTERY_LOW)),
        (frame(b8=0x20), said_by(PrinterState.TROUBLE, Reason.OFFLINE)),
        (frame(b9=0x01), said_by(PrinterState.TROUBLE, Reason.MEDIA_WRONG)),
        (frame(b9=0x10), said_by(PrinterState.TROUBLE, Reason.HEAD_OPEN)),
        (frame(b9=0x20), said_by(PrinterState.TROUBLE, Reason.OVER_TEMPERATURE)),
        (frame(b9=0x40), said_by(PrinterState.TROUBLE, Reason.MEDIA_JAM)),
        (frame(b9=0x0A), said_by(PrinterState.TROUBLE, Reason.MEMORY_FULL)),
        (frame(b9=0x84), said_by(PrinterState.TROUBLE, Reason.FAULT)),
        (frame(b18=2), said_by(PrinterState.TROUBLE, Reason.FAULT)),
        (frame(b18=4), said_by(PrinterState.TROUBLE, Reason.OFFLINE)),
        (frame(b18=5, b22=3), said_by(PrinterState.TROUBLE, Reason.OVER_TEMPERATURE)),
        (frame(b18=5, b22=4), said_by(PrinterState.READY)),
        (frame(b10=0, b11=0), said_by(PrinterState.TROUBLE, Reason.MEDIA_EMPTY, media=None)),
        (frame(b11=0xFF), said_by(PrinterState.TROUBLE, Reason.MEDIA_WRONG)),
        (frame(b10=24, b11=0x03), said_by(PrinterState.READY, media=(24, 0))),
        (b"", SILENT),
        (frame()[:-1], INCOMPLETE),
        (frame() + b"\x80", INCOMPLETE),
        (frame()[1:] + b"\x80", INCOMPLETE),
        (b"\0" * 32, INCOMPLETE),
        (frame() + bytes(32), INCOMPLETE),
    ],
)
def test_status(said: bytes, status: PrinterStatus) -> None:
    found = brother_ql.parse_status(said)
    assert (found, found.loaded) == (status, status.loaded)


@pytest.mark.parametrize("said", [frame(), frame(b8=1, b18=2), frame(b9=0x10), frame(b11=0x0B, b17=29)])
def test_another_program_reads_the_status_alike(said: bytes) -> None:
    theirs, ours = interpret_response(said), brother_ql.parse_status(said)
    assert bool(theirs["errors"]) == (ours.state is PrinterState.TROUBLE)
    assert ours.loaded == Loaded(((theirs["media_width"], theirs["media_length"]),))


@given(st.lists(st.integers(0, 31), min_size=1, max_size=8))
def test_bytes_lost_from_bad_news_never_make_it_good(cuts: list[int]) -> None:
    said = bytearray(frame(b9=0x10))
    for cut in cuts:
        if cut < len(said):
            del said[cut]
    assert brother_ql.parse_status(bytes(said)).state is PrinterState.SILENT


def test_while_a_label_is_on_its_way_the_printer_is_only_listened_to() -> None:
    assert brother_ql.BROTHER_QL.questions[0].query == b"\x1biS"
    listening = brother_ql.BROTHER_QL.listening
    assert listening is not None
    assert listening.query == b""
    assert not listening.is_complete(b"")
    assert not listening.is_complete(frame()[:31])
    assert listening.is_complete(frame())
    assert AS_SET.model == ""
