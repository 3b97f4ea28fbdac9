import random
import re
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from zplkit import Options
from zplkit import render as interpret

from printers import LANGUAGES, LabelInvalid, prepare_ready_made
from printers.languages.zpl_text import LARGEST, check_ready_made, fill
from printers.symbols import decode

FROM_ION = (
    b"^XA^PW400^LL200\n^FO20,20^A0N,40,40^FDPN-4711^FS\n"
    b'^FO20,80^BY2,3,1^BQN,2,3^FDMA,{"uid":"0123456789abcdef0123456789abcdef"}^FS\n^PQ2^XZ\n'
)
TEMPLATE = (
    "^XA^PW400^LL300^FO20,20^A0N,30,30^FD${part.partNumber} rev ${part.revision}^FS"
    "^FO20,60^BY2,3,1^BQN,2,4^FDMA,${code}^FS^FO20,260^A0N,20,20^FH_^FDa_5Eb ${part.revision}^FS^XZ"
)


def test_what_others_made_is_sent_as_it_is() -> None:
    label = prepare_ready_made(FROM_ION, LANGUAGES["zpl"], encoded="PN-4711")
    assert label.payload == FROM_ION
    assert (label.png, label.encoded, label.is_exact) == (b"", "PN-4711", False)
    assert len(label.digest) == 64


def test_several_labels_are_as_good_as_one() -> None:
    check_ready_made(FROM_ION * 3)
    check_ready_made(b"~SD10\r\n" + FROM_ION)


@pytest.mark.parametrize(
    ("zpl", "counted"),
    [
        (b"", "0 ^XA and 0 ^XZ"),
        (b"hello", "0 ^XA and 0 ^XZ"),
        (FROM_ION[:-10], "1 ^XA and 0 ^XZ"),
        (FROM_ION + b"^XA^FO1,1", "2 ^XA and 1 ^XZ"),
        (b"^XZ" + FROM_ION[:-5], "1 ^XA and 1 ^XZ"),
        (FROM_ION + b"^FO1,1^FDlate^FS", "1 ^XA and 1 ^XZ"),
        (b"^XA^XA^XZ^XZ", "2 ^XA and 2 ^XZ"),
        (b"<html>502</html>", "0 ^XA and 0 ^XZ"),
    ],
)
def test_a_label_with_an_open_end_is_refused(zpl: bytes, counted: str) -> None:
    with pytest.raises(
        LabelInvalid, match=rf"expected whole labels, \^XA to \^XZ, got {re.escape(counted)}$"
    ):
        check_ready_made(zpl)


def test_a_label_that_never_ends_is_refused() -> None:
    with pytest.raises(LabelInvalid, match=f"^zpl: expected at most {LARGEST} bytes, got {LARGEST + 1}$"):
        check_ready_made(b"^XA" + b"0" * (LARGEST - 5) + b"^XZ")


@pytest.mark.parametrize("name", sorted(set(LANGUAGES) - {"zpl"}))
def test_other_printers_take_no_zpl(name: str) -> None:
    with pytest.raises(
        LabelInvalid, match=f"^{name}: expected a design, got a label that is already encoded$"
    ):
        prepare_ready_made(FROM_ION, LANGUAGES[name], encoded="")


def drawn(zpl: str) -> Image.Image:
    (label,) = interpret(zpl.encode(), Options(profile="zd621", width=400, height=300, dpi=203)).labels
    with Image.open(BytesIO(label.png())) as picture:
        return picture.convert("L").convert("1", dither=Image.Dither.NONE)


def test_placeholders_are_filled() -> None:
    made = fill(TEMPLATE, {"part.partNumber": "4711", "part.revision": "B", "code": "ION/PI/1"})
    assert r"^FH\^FD4711 rev B^FS" in made
    assert r"^FH\^FDMA,ION/PI/1^FS" in made
    assert "^FH_^FDa_5Eb B^FS" in made
    assert [found.text for found in decode(drawn(made))] == ["ION/PI/1"]
    check_ready_made(made.encode())


def test_a_missing_value_prints_nothing_and_a_template_without_values_is_left_alone() -> None:
    assert r"^FD rev ^FS" in fill(TEMPLATE, {})
    assert fill(FROM_ION.decode(), {"code": "x"}) == FROM_ION.decode()


def test_a_backslash_of_the_template_stays_one() -> None:
    assert fill("^XA^FDa\\b ${x}^FS^XZ", {"x": "c\\d"}) == r"^XA^FH\^FDa\5Cb c\5Cd^FS^XZ"


def test_the_escape_of_the_template_is_kept() -> None:
    assert fill("^XA^FH^FD_41 ${x}^FS^XZ", {"x": "_^"}) == "^XA^FH_^FD_41 _5F_5E^FS^XZ"
    assert fill("^XA^FH#\n^FD#41 ${x}^FS^XZ", {"x": "#\u00e9"}) == "^XA^FH#^FD#41 #23#C3#A9^FS^XZ"


@pytest.mark.parametrize("zpl", ["^XA^FO${x},1^FDa^FS^XZ", "^XA^FDa^FS${x}^XZ", "${x}^XA^XZ"])
def test_a_placeholder_where_commands_stand_is_refused(zpl: str) -> None:
    with pytest.raises(LabelInvalid, match=r"^zpl: expected the placeholder '\$\{x\}' in \^FD data"):
        fill(zpl, {"x": "^JUF"})


@given(st.text(max_size=30))
def test_no_value_becomes_a_command(value: str) -> None:
    plain = fill(TEMPLATE, {"part.partNumber": "A", "code": "A"})
    made = fill(TEMPLATE, {"part.partNumber": value, "code": value})
    assert re.findall(r"[\^~]..", made) == re.findall(r"[\^~]..", plain)


def test_nasty_values_read_back_as_they_are() -> None:
    dice = random.Random(15434)  # noqa: S311 - test data
    pieces = ["^XZ", "~JA", "^FS", "\\", "_5E", "A1", "${code}", "{", '"', ";"]
    for _ in range(40):
        value = "".join(dice.choices(pieces, k=3))
        assert [found.text for found in decode(drawn(fill(TEMPLATE, {"code": value})))] == [value]
