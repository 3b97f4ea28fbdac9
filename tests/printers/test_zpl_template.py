import random
import re
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from zplkit import Options
from zplkit import render as interpret

from printers import LabelInvalid
from printers.languages.zpl_text import check_ready_made
from printers.symbols import decode
from printers.zpl_template import ZplTemplate

TEMPLATE = (
    "^XA^PW400^LL300^FO20,20^A0N,30,30^FD${part.partNumber} rev ${part.revision}^FS"
    "^FO20,60^BY2,3,1^BQN,2,4^FDMA,${code}^FS^FO20,260^A0N,20,20^FH_^FDa_5Eb ${part.revision}^FS^XZ"
)
VENDORS = (
    '^XA\n^FO20,15^BQN,2,1^FD{"uid":"${uid}"}^FS\n'
    "^FO10,50^ADN,18,10^FD${serialNumber}^FS ^FO10,70^AD^FD${part.partNumber}^FS\n^XZ\n"
)
"""As First Resonance's manual has them, without a QR mode."""


def fill(zpl: str, values: dict[str, str]) -> str:
    made = ZplTemplate.parse(zpl).fill(values)
    check_ready_made(made)
    return made.decode()


def drawn(zpl: str) -> Image.Image:
    (label,) = interpret(zpl.encode(), Options(profile="zd621", width=400, height=300, dpi=203)).labels
    with Image.open(BytesIO(label.png())) as picture:
        return picture.convert("L").convert("1", dither=Image.Dither.NONE)


def read(zpl: str) -> list[tuple[str, str]]:
    return [(found.text, found.identifier) for found in decode(drawn(zpl))]


def test_placeholders_are_filled() -> None:
    made = fill(TEMPLATE, {"part.partNumber": "4711", "part.revision": "B", "code": "ION/PI/1"})
    assert r"^FH\^FD4711 rev B^FS" in made
    assert r"^FH\^FDMA,ION/PI/1^FS" in made
    assert "^FH_^FDa_5Eb B^FS" in made
    assert made.startswith("^XA^CI28^PW400")
    assert read(made) == [("ION/PI/1", "]Q1")]
    template = ZplTemplate.parse(TEMPLATE)
    assert template.fields == ("part.partNumber", "part.revision", "code")
    assert template.scanned("code", {"code": "ION/PI/1"}) == "ION/PI/1"
    assert template.scanned("part.partNumber", {}) is None


def test_the_vendors_own_template_is_taken() -> None:
    template = ZplTemplate.parse(VENDORS)
    assert template.fields == ("uid", "serialNumber", "part.partNumber")
    assert template.scanned("uid", {"uid": "24daeec7"}) == '{"uid":"24daeec7"}'
    made = template.fill({"uid": "24daeec7", "serialNumber": "SN^1"}).decode()
    assert r'^FH\^FD{"uid":"24daeec7"}^FS' in made
    assert r"^FH\^FDSN\5E1^FS" in made


def test_a_missing_value_prints_nothing_and_the_rest_is_left_alone() -> None:
    assert r"^FD rev ^FS" in fill(TEMPLATE, {})
    plain = "^XA^CI27^FDa${x}^FS^XA^FO1,1^GB3,3,3^FS~SD10^XZ^XZ"
    assert ZplTemplate.parse(plain).fill({}).decode() == plain.replace("^FDa${x}", "^FH\\^FDa")


def test_a_sign_of_the_template_stays_one() -> None:
    assert fill("^XA^CI28^FDa\\b ${x}^FS^XZ", {"x": "c\\d_"}) == "^XA^CI28^FH_^FDa\\b c\\d_5F^FS^XZ"


def test_the_escape_of_the_template_is_kept() -> None:
    assert fill("^XA^CI28^FH^FD_41 ${x}^FS^XZ", {"x": "_^"}) == "^XA^CI28^FH^FD_41 _5F_5E^FS^XZ"
    assert fill("^XA^CI28^FH#\n^FD#41 ${x}^FS^XZ", {"x": "#\u00e9"}) == "^XA^CI28^FH#\n^FD#41 #23#C3#A9^FS^XZ"
    assert (
        fill("^XA^CI28^FH#^FDa^FS^FD#${x}^FS^XZ", {"x": "\x1d"}) == "^XA^CI28^FH#^FDa^FS^FH\\^FD#\\1D^FS^XZ"
    )


@pytest.mark.parametrize(
    ("zpl", "message"),
    [
        ("^XA^FO${x},1^FDa^FS^XZ", r"^zpl: expected the placeholder '\$\{x\}' in \^FD data, got it in \^FO$"),
        ("^XA^FDa^FS${x}^XZ", r"^zpl: expected the placeholder '\$\{x\}' in \^FD data, got it in \^FS$"),
        ("^XA^FX${x}^FS^XZ", r"in \^FD data, got it in \^FX$"),
        ("${x}^XA^XZ", r"^zpl: expected commands, got '\$\{x\}'$"),
        ("^XA^^FDa^XZ", r"^zpl: expected commands, got '\^'$"),
        ("", r"^zpl '': expected ZPL$"),
        ("^XA^CC#^FD${x}^FS^XZ", r"^zpl: expected ZPL's usual signs, got \^CC$"),
        ("^XA~CTa^XZ", r"^zpl: expected ZPL's usual signs, got ~CT$"),
        (
            "^XA^FD${x y}^FS^XZ",
            r"^zpl: expected a placeholder such as \$\{part\.partNumber\}, got '\$\{x y\}'$",
        ),
        ("^XA^FD" + "\\_|#%&@!?*" + "${x}^FS^XZ", r"^zpl: expected \^FH before \^FD"),
        ("^XA^BCN,50^FD>${x}^FS^XZ", r"^zpl: expected no '>' right before a placeholder in \^BC data$"),
        (
            "^XA^BQN,2,3^FD${x}^FS^XZ",
            r"^zpl: expected \^BQ data to begin with level and automatic mode, such as MA,$",
        ),
        ("^XA^BQN,2,3^FDHM,N${x}^FS^XZ", r"^zpl: expected \^BQ data to begin with level and automatic mode"),
        ("^XA^BD3^FD${x}^FS^XZ", r"^zpl: expected placeholders in symbols whose rules are known, got \^BD$"),
    ],
)
def test_a_placeholder_where_a_value_would_be_more_than_data_is_refused(zpl: str, message: str) -> None:
    with pytest.raises(LabelInvalid, match=message):
        ZplTemplate.parse(zpl)


BARS = "^XA^PW400^LL300^BY2,3,90^FO30,20^BCN,90,N,N,N,{mode}^FD{data}^FS^XZ"
MATRIX = "^XA^PW400^LL300^FO30,20^BXN,6,200,,,,{sign}^FD${{x}}^FS^XZ"


@pytest.mark.parametrize("value", ["A1>^~", ">;12", ">8", "12>5", "\\a_|", "-> x"])
def test_code128_holds_the_value_and_no_switch_of_sets(value: str) -> None:
    assert read(fill(BARS.format(mode="N", data=">:${x}"), {"x": value})) == [(value, "]C0")]


def test_what_is_scanned_is_told_without_what_the_printer_takes_for_itself() -> None:
    template = ZplTemplate.parse("^XA^BCN,50^FH#^FD>:A#2D${x}^FS^XZ")
    assert template.scanned("x", {"x": "1#2D"}) == "A-1#2D"


def test_gs1_in_code128_takes_no_identifiers_from_a_value() -> None:
    zpl = BARS.format(mode="D", data="(01)${gtin}(10)${lot}")
    assert read(fill(zpl, {"gtin": "04012345678901", "lot": "AB"})) == [("010401234567890110AB", "]C1")]
    for lot in ("A(21)7", ">8", "^", "\u00e9", "\x1d"):
        with pytest.raises(LabelInvalid, match=r"^zpl: \^BC in mode D .*: expected only "):
            fill(zpl, {"gtin": "04012345678901", "lot": lot})
    with pytest.raises(LabelInvalid, match=r"^zpl: \^BC in mode U 'A': expected only \[0-9\]\*$"):
        fill(BARS.format(mode="U", data="${x}"), {"x": "A"})
    with pytest.raises(LabelInvalid, match=r"^zpl: \^BC in mode N .*: expected only "):
        fill(BARS.format(mode="N", data="${x}"), {"x": "\u00f1"})


def test_data_matrix_takes_no_escape_from_a_value() -> None:
    assert read(fill(MATRIX.format(sign=""), {"x": "ION/PI/1^|"})) == [("ION/PI/1^|", "]d1")]
    for value in ("_1", "~1", "a_b"):
        with pytest.raises(LabelInvalid, match=r"^zpl: \^BX .*: expected neither '_' nor '~'"):
            fill(MATRIX.format(sign=""), {"x": value})
    assert r"^FH\^FD||1a_b^FS" in fill(MATRIX.format(sign="|"), {"x": "|1a_b"})


def test_other_scripts_need_a_printer_that_is_told_so() -> None:
    assert r"^FH\^FD\E2\82\AC^FS" in fill("^XA^FD${x}^FS^XZ", {"x": "\u20ac"})
    assert fill("^XA^CI27^FD${x}^FS^XZ", {"x": "$"})
    with pytest.raises(LabelInvalid) as caught:
        fill("^XA^CI27^FD${x}^FS^XZ", {"x": "\u20ac"})
    assert str(caught.value) == "zpl: x '\u20ac': expected ASCII, as its ^CI is not 28"


@given(st.text(max_size=30))
def test_no_value_becomes_a_command(value: str) -> None:
    plain = fill(TEMPLATE, {"part.partNumber": "A", "code": "A"})
    made = fill(TEMPLATE, {"part.partNumber": value, "code": value})
    assert re.findall(r"[\^~]..", made) == re.findall(r"[\^~]..", plain)
    assert made.isascii()
    assert made.isprintable()


@given(st.text(max_size=200))
def test_any_text_is_a_template_or_refused(source: str) -> None:
    try:
        template = ZplTemplate.parse(source)
    except LabelInvalid:
        return
    for name in template.fields:
        template.scanned(name, dict.fromkeys(template.fields, source))


def test_nasty_values_read_back_as_they_are() -> None:
    dice = random.Random(15434)  # noqa: S311 - test data
    pieces = ["^XZ", "~JA", "^FS", "\\", "_5E", "A1", "${code}", "{", '"', ";"]
    for _ in range(40):
        value = "".join(dice.choices(pieces, k=3))
        assert read(fill(TEMPLATE, {"code": value})) == [(value, "]Q1")]
