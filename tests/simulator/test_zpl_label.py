"""The virtual printer's own drawing: zplkit draws the same bars, and a reader reads what is drawn."""

import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops
from zplkit import Options
from zplkit import render as interpret

from kiosk.simulator.zpl_label import ZplLabel
from kiosk.simulator.zpl_reader import ZplReader
from printers import LANGUAGES, Handling, Media, load_designs
from printers.printer import prepare
from printers.symbols import decode

LABELS = Path(__file__).parents[2] / "templates" / "labels"
DESIGNS = {name: one for name, one in load_designs(LABELS).items() if one.zpl is None}
ZPL = LANGUAGES["zpl"]


def drawn(zpl: bytes) -> ZplLabel:
    *_, label = ZplReader().feed(zpl)
    assert isinstance(label, ZplLabel)
    return label


def field(content: bytes) -> Image.Image:
    label = drawn(b"^XA^PW400^LL200^LH0,0" + content + b"^XZ")
    assert label.problems == ()
    return label.image


def black(picture: Image.Image) -> tuple[int, int, int, int] | None:
    return ImageChops.invert(picture.convert("L")).getbbox()


@pytest.mark.parametrize("name", sorted(DESIGNS))
def test_native_labels_say_what_their_bitmap_says(name: str) -> None:
    design = DESIGNS[name]
    media = Media(design.width_mm, design.height_mm, 300)
    made = {
        is_native: drawn(
            prepare(design, design.samples, media, ZPL, handling=Handling(is_native=is_native)).payload
        )
        for is_native in (False, True)
    }
    assert made[True].problems == made[False].problems == ()
    assert made[True].image.size == made[False].image.size
    said = {
        is_native: sorted((one.identifier, one.text) for one in decode(label.image))
        for is_native, label in made.items()
    }
    assert said[True] == said[False] != []
    assert not any(label.reprints for label in made.values()), (
        "the kiosk asks before anything is printed again"
    )
    ink = [label.image.convert("L").histogram()[0] for label in made.values()]
    assert 0.8 < ink[1] / ink[0] < 1.2, "texts stand there too"


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=12))
def test_code_128_in_set_b_reads_back(text: str) -> None:
    data = text.translate({ord(">"): ">0", ord("^"): "><", ord("~"): ">="})
    picture = field(f"^FO40,20^BY2,3,80^BCN,80,N,N,N,N^FD>:{data}^FS".encode())
    assert [(one.identifier, one.text) for one in decode(picture)] == [("]C0", text)]
    assert black(picture) == (40, 20, 40 + 2 * (11 * len(text) + 35), 100)


def test_code_128_is_drawn_as_another_interpreter_draws_it() -> None:
    zpl = b"^XA^PW400^LL200^LH0,0^FO40,20^BY2,3,80^BCN,80,N,N,N,N^FD>:R2025-00317^FS^XZ"
    (label,) = interpret(zpl, Options(profile="zd621", width=400, height=200, dpi=203)).labels
    with Image.open(io.BytesIO(label.png())) as seen:
        other = seen.convert("L").convert("1", dither=Image.Dither.NONE)
    assert drawn(zpl).image.tobytes() == other.tobytes()


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b">;123456", "123456"),
        (b"ABC123", "ABC123"),
        (b">:AB>51234>6cd", "AB1234cd"),
        (b">9AB>6c", "ABc"),
    ],
)
def test_code_128_with_its_sets_named(data: bytes, text: str) -> None:
    picture = field(b"^FO40,20^BY2,3,80^BCN,80,N,N,N,N^FD" + data + b"^FS")
    assert [one.text for one in decode(picture)] == [text]


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        (b"^BCN,80,N,N,N,N^FD>;123^FS", "^BC left out: expected pairs of digits in set C, got '3'"),
        (b"^BCN,80,N,N,N,N^FD>:\xc3\xa9^FS", "^BC left out: expected a character of set B"),
        (b"^BCN,80,N,N,N,N^FD>:A>1^FS", "^BC left out: expected a character of set B, got None"),
        (b"^BQN,2,4^FDQ^FS", "^BQ left out: expected data that begins like 'MA,'"),
        (b"^BQN,2,4^FDMA,^FS", "^BQ left out: qr: expected a text, got ''"),
        (b"^BXN,4,200,10,10^FDmuch too long for that^FS", "^BX left out: expected data for 10 x 10 modules"),
        (b"^B3N,N,80^FDABC^FS", "^B3 left out: this printer does not know it"),
        (b"^A0N,30,30^FD" + b"x" * 4000 + b"^FS", "^FD left out: expected at most 3072 characters"),
    ],
)
def test_what_cannot_be_drawn_is_said(command: bytes, problem: str) -> None:
    label = drawn(b"^XA^FO10,10" + command + b"^XZ")
    assert [text[: len(problem)] for text in label.problems] == [problem]
    assert black(label.image) is None


def test_places_of_every_kind() -> None:
    assert black(field(b"^FO7,9^GB100,20,3^FS")) == (7, 9, 107, 29)
    assert black(field(b"^LH10,20^FO7,9^GB4,4,4^FS")) == (17, 29, 21, 33)
    assert black(field(b"^BY2,3,1^FO20,30^BQN,2,4^FDMA,ABC^FS")) == (20, 31, 104, 115)
    assert black(field(b"^BY2,3,90^FO20,30^BQN,2,3^FDMA,ABC^FS")) == (20, 120, 83, 183), "firmware sinks it"
    assert black(field(b"^FT20,100^BXN,5,200,10,10^FDAB^FS")) == (20, 50, 70, 100)
    upright, hanging = field(b"^FT20,100^A0N,40,40^FDHE^FS"), field(b"^FO20,70^A0N,40,40^FDHE^FS")
    assert upright.tobytes() == hanging.tobytes()
    found = black(upright)
    assert found is not None
    assert found[1::2] == (70, 100), "capitals of three quarters of the height stand on the line"


def test_escapes_hold_for_one_field() -> None:
    picture = field(rb"^FO20,20^BXN,5,200^FH\^FD\5B)>\1E06^FS")
    assert [one.text for one in decode(picture)] == ["[)>\x1e06"]
    plain = field(rb"^FO20,20^BXN,5,200^FH^FS^FO20,20^BXN,5,200^FD\5B^FS")
    assert [one.text for one in decode(plain)] == [r"\5B"]


@pytest.mark.parametrize(("zpl", "reprints"), [(b"", True), (b"^JZN", False), (b"^JZN^XZ^XA^JZY", True)])
def test_who_prints_an_interrupted_label_again(zpl: bytes, *, reprints: bool) -> None:
    assert drawn(b"^XA" + zpl + b"^XZ").reprints is reprints


PIECES = (
    *(b"^FO", b"^FT", b"^FD", b"^FH", b"^FS", b"^A0", b"^BC", b"^BQ", b"^BX", b"^BY", b"^GB", b"^GF"),
    *(b"^LH", b"^PQ", b"^JZ", b"1", b"9", b"9999", b",", b">", b"N", b"\\", b"_", b"MA,", b"\xff", b"\n"),
)


@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_any_commands_are_read_without_an_error(pieces: list[bytes]) -> None:
    label = drawn(b"^XA^PW100^LL100^FS" + b"".join(pieces) + b"^FS^XZ")
    assert label.image.size == (100, 100)
    assert all(re.match(r"\^[A-Z].? left out: ", text) for text in label.problems)
