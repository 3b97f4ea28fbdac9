"""What holds in every language: the dots that were drawn come out, and nothing else happens."""

import dataclasses
import os
import random
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from printers import (
    AS_SET,
    LANGUAGES,
    Cut,
    Design,
    Handling,
    LabelInvalid,
    Language,
    Media,
    Proof,
    Raster,
    Tracking,
    draw,
    lay_out,
    load_design,
    load_designs,
    prepare,
    render,
)
from printers.languages.bitmap import placed
from printers.raster import stacked
from printers.status import PrinterState
from printers.symbols import decode
from tests.printers.languages.judges import JUDGES, commands
from tests.printers.languages.reading import same_dots
from tests.printers.material import LABELS

NEEDS_POPPLER = pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs Debian's poppler-utils")
EVERY = [
    pytest.param(language, marks=NEEDS_POPPLER if name == "pdf" else (), id=name)
    for name, language in LANGUAGES.items()
]
TEXTUAL = [language for name, language in LANGUAGES.items() if name not in {"pdf", "png"}]
"""Those whose payload is commands around dots."""
DESIGNS = load_designs(LABELS)
VALUES = int(os.environ.get("KIOSK_LABEL_VALUES", "80"))
"""How many values each language is given: every piece of harm half a dozen times over."""


def test_every_language_has_a_judge() -> None:
    assert set(JUDGES) == set(LANGUAGES)


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)
@pytest.mark.parametrize("language", EVERY)
def test_every_design_comes_out_as_it_was_drawn(
    language: Language, design: Design, dpi: int, tmp_path: Path
) -> None:
    if language.name == "brother_ql" or design.min_dpi > dpi:
        dpi = 300
    media, handling = language.trial(design.width_mm, design.height_mm, dpi)
    label = prepare(design, design.samples, media, language, handling=handling)
    rasters = [raster for _, raster in draw(design, design.samples, media)]
    if language.name == "png":
        rasters = [stacked(rasters)]
    papers = JUDGES[language.name](label.payload, media, handling, tmp_path)
    at = (media.dots(handling.offset_x_mm), media.dots(handling.offset_y_mm))
    for paper, raster in zip(papers, rasters, strict=True):
        assert same_dots(paper.crop((*at, paper.width, paper.height)), raster.image())
        assert label.encoded in {symbol.text for symbol in decode(paper)}


@pytest.mark.parametrize("language", EVERY)
def test_offsets_move_every_dot(language: Language, tmp_path: Path) -> None:
    media, handling = small(language)
    raster = Raster(8, 2, bytes([0b00011000, 0b00011000]))
    by = dataclasses.replace(
        handling, offset_x_mm=handling.offset_x_mm + 1, offset_y_mm=handling.offset_y_mm + 0.5
    )
    payload = language.encode(raster, media, by)
    (paper,) = JUDGES[language.name](payload, media, by, tmp_path)
    at = (media.dots(by.offset_x_mm) + 3, media.dots(by.offset_y_mm))
    assert Image.eval(paper.convert("L"), lambda level: 255 - level).getbbox() == (*at, at[0] + 2, at[1] + 2)
    with pytest.raises(LabelInvalid, match="expected ink only where it can be printed"):
        language.encode(raster, media, dataclasses.replace(handling, offset_x_mm=-20))


def small(language: Language) -> tuple[Media, Handling]:
    if language.name == "brother_ql":
        return language.trial(20, 20, 300)
    return Media(50, 25, 203), AS_SET


@pytest.mark.parametrize("language", EVERY)
def test_copies_come_out_one_after_the_other(language: Language, tmp_path: Path) -> None:
    media, handling = small(language)
    raster = Raster(8, 2, bytes([0b00011000, 0b00111000]))
    three = dataclasses.replace(handling, copies=3)
    if language.name == "png":
        with pytest.raises(LabelInvalid, match=r"^png: copies=3: expected 1, as a picture is one label$"):
            language.encode(raster, media, three)
        return
    labels = JUDGES[language.name](language.encode(raster, media, three), media, three, tmp_path)
    (one,) = JUDGES[language.name](language.encode(raster, media, handling), media, handling, tmp_path)
    assert [label.tobytes() for label in labels] == [one.tobytes()] * 3


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_a_bitmap_larger_than_the_media_is_refused(language: Language) -> None:
    media, handling = small(language)
    with pytest.raises(
        LabelInvalid, match=r"^\w+: expected a bitmap of at most \d+ x \d+ dots, got 8008 x 1$"
    ):
        language.encode(Raster(8008, 1, bytes(1001)), media, handling)


@pytest.mark.parametrize("language", TEXTUAL, ids=lambda language: language.name)
@settings(max_examples=60, deadline=None)
@given(seed=st.integers(), density=st.sampled_from([1, 8, 128, 250]))
def test_any_bitmap_comes_out(language: Language, seed: int, density: int) -> None:
    media, handling = small(language)
    dice = random.Random(seed)  # noqa: S311 - test data
    width = dice.choice([1, 7, 8, 9, 60, 101])
    height = dice.choice([1, 2, 127, 128, 129, 150])
    row = (width + 7) // 8
    keep = (0xFF << (8 * row - width)) & 0xFF
    bits = bytearray(
        dice.choice((0x10, 0x04, 0x1B, 0xDE, 0x21, 0xE4, 0x14, 0x05, dice.randrange(256)))
        if dice.randrange(256) < density
        else 0
        for _ in range(row * height)
    )
    for end in range(row - 1, len(bits), row):
        bits[end] &= keep
    for start in range(0, len(bits), row):
        bits[start] &= 0x00 if row > 1 else keep & 0x01  # a white edge, as every label has
    raster = Raster(width, height, bytes(bits))
    (paper,) = JUDGES[language.name](language.encode(raster, media, handling), media, handling, Path())
    at = (media.dots(handling.offset_x_mm), media.dots(handling.offset_y_mm))
    assert same_dots(paper.crop((*at, paper.width, paper.height)), raster.image())


PIECES = [
    *("^XA", "^XZ", "~JA", "^FD", "^FS", "^DFE:X.ZPL", "^CC#", "~DGR:X,1,1,FF", "! U1 setvar", "_5E", "^JUS"),
    *("\nN\n", "\nP1\n", 'A50,0,0,1,1,1,N,"x"', "^ee", "\r\nUQ\r\n", 'FK"*"'),
    *("\r\nPRINT 1,99\r\n", "CLS", "\x1b!R", "\x1b!?", "~!T", "SET CUTTER 1", 'KILL "*"'),
    *(
        "\x1b@",
        "\x10\x04\x01",
        "\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08",
        "\x1dV\x00",
        "\x1d(A\x02\x00\x00\x02",
    ),
    *("\x00" * 9, "\x1biS", "\x1bia\x01", "\x1a", "\x0c", "Z"),
    *("endstream endobj", "%%EOF", "<</JS(x)>>", "IEND\xaeB`\x82"),
    *(
        "\U0001f4a5\U0001f680",
        "\u05e9\u05dc\u05d5\u05dd",
        "\u202e\u0645\u0631\u062d\u0628\u0627",
        "\u0000",
        "\x7f",
    ),
    *("\r\n", "\\", ">", "\u00e9", "A1", "${code}", "\ud7ff", "e\u0301\u0301"),
]


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_no_value_changes_anything_but_the_dots(language: Language) -> None:
    dice = random.Random(4711)  # noqa: S311 - test data
    design = load_design(LABELS / "location.toml")
    media, handling = language.trial(design.width_mm, design.height_mm, None)
    plain = render(lay_out(design, {"code": "A", "name": "A"}, media))
    expected = commands(language.name, language.encode(plain, media, handling), media, handling)
    for _ in range(VALUES // 4 if language.name == "brother_ql" else VALUES):  # whose decoder takes its time
        value = "".join(dice.choices(PIECES, k=dice.randint(1, 8)))
        raster = render(lay_out(design, {"code": value, "name": value}, media))
        assert (raster.width, raster.height) == (plain.width, plain.height)
        payload = language.encode(raster, media, handling)
        assert commands(language.name, payload, media, handling) == expected
        if language.name != "pdf":  # poppler would take minutes over them
            (paper,) = JUDGES[language.name](payload, media, handling, Path())
            at = (media.dots(handling.offset_x_mm), media.dots(handling.offset_y_mm))
            assert same_dots(paper.crop((*at, paper.width, paper.height)), raster.image())


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_ten_thousand_characters_are_refused_before_anything_is_encoded(language: Language) -> None:
    design = load_design(LABELS / "location.toml")
    media, handling = language.trial(design.width_mm, design.height_mm, None)
    with pytest.raises(LabelInvalid, match=r"expected at most 7089 characters, got 10000"):
        prepare(design, {"code": "A", "name": "^XZ\r\n" * 2000}, media, language, handling=handling)


ODD = [
    (Media(50, 25, 203, is_two_colour=True), AS_SET, "two_colour=True"),
    (Media(50, 25, 203, tracking=Tracking.MARK), AS_SET, "tracking='mark'"),
    (Media(50, 25, 203), Handling(speed=99), "speed=99"),
    (Media(50, 25, 203), Handling(darkness=99), "darkness=99"),
    (Media(50, 25, 203), Handling(cut=Cut.HALF), "cut='half'"),
    (Media(50, 25, 203), Handling(peel=True), "peel=True"),
    (Media(50, 25, 203), Handling(is_native=True), "native=True"),
]
CAN = {
    "zpl": {"tracking='mark'", "peel=True", "native=True"},
    "epl2": {"tracking='mark'"},
    "tspl": {"tracking='mark'", "peel=True"},
    "escpos": {"cut='half'"},
    "brother_ql": set[str](),
    "pdf": set[str](),
    "png": set[str](),
}


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_what_a_language_cannot_express_is_refused_in_words(language: Language) -> None:
    for media, handling, what in ODD:
        if language.name == "brother_ql":
            own, trial = language.trial(20, 20, None)
            stock = dataclasses.replace(
                own, tracking=media.tracking or own.tracking, is_two_colour=media.is_two_colour
            )
            model = dataclasses.replace(handling, model="QL-710W")
            assert trial.model == "QL-820NWB"
            with pytest.raises(LabelInvalid, match=f"^QL-710W: {what}: expected "):
                language.check(stock, model)
        elif what in CAN[language.name]:
            language.check(media, handling)
        else:
            with pytest.raises(LabelInvalid, match=f"^{language.name}: {what}: expected "):
                language.check(media, handling)
            with pytest.raises(LabelInvalid):
                language.encode(Raster(8, 1, b"\0"), media, handling)


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
@given(said=st.binary(max_size=200))
def test_no_answer_is_an_error(language: Language, said: bytes) -> None:
    questions = [*language.questions, *([language.listening] if language.listening else [])]
    for question in questions:
        assert isinstance(question.is_complete(said), bool)
        status = question.parse(said)
        assert status.remedy.isascii()
        assert question.parse(b"").state is PrinterState.SILENT
    if language.inquiry is not None:
        assert isinstance(language.inquiry.is_complete(said), bool)
        identity = language.inquiry.parse(said)
        assert identity is None or (identity.model.isprintable() and len(identity.model) <= 64)


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
def test_megabytes_of_answer_are_noise_at_once(language: Language) -> None:
    for question in language.questions:
        for byte in (b"\x00", b"\x02", b"\x12", b"\x10", b"0", b"\x80"):
            said = byte * 1_000_000
            assert question.is_complete(said)
            assert question.parse(said).state is PrinterState.SILENT


def test_only_what_counts_or_reports_proves_a_label() -> None:
    proofs = {name: language.proof(AS_SET) for name, language in LANGUAGES.items()}
    assert proofs == {
        "zpl": Proof.COUNT,
        "epl2": Proof.NONE,
        "tspl": Proof.PHASE,
        "escpos": Proof.NONE,
        "brother_ql": Proof.REPORT,
        "pdf": Proof.NONE,
        "png": Proof.NONE,
    }
    assert LANGUAGES["escpos"].proof(Handling(model="TM-L90")) is Proof.REPORT


@pytest.mark.parametrize("language", EVERY)
def test_labels_that_belong_together_come_out_one_after_the_other(language: Language, tmp_path: Path) -> None:
    media, handling = small(language)
    rasters = [Raster(8, 2, bytes([0b00011000, number])) for number in (0b00111000, 0b00010000, 0b00001000)]
    papers = JUDGES[language.name](language.encode_all(rasters, media, handling), media, handling, tmp_path)
    at = (media.dots(handling.offset_x_mm), media.dots(handling.offset_y_mm))
    if language.name == "png":
        rasters = [stacked([placed("png", raster, media, handling) for raster in rasters])]
    for paper, raster in zip(papers, rasters, strict=True):
        assert same_dots(paper.crop((*at, paper.width, paper.height)), raster.image())
    with pytest.raises(LabelInvalid, match="expected a bitmap of at most"):
        language.encode_all([rasters[0], Raster(8008, 1, bytes(1001))], media, handling)
