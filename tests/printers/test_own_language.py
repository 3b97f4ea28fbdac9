"""Designs in a printer's own language: ION's templates, a site's files."""

import io
from pathlib import Path

import pytest
from PIL import Image

from printers import LANGUAGES, Design, LabelInvalid, Media, lay_out, load_design, load_designs, prepare
from printers.label_toml import parse_design
from printers.symbols import decode
from tests.printers.material import HEAD, NAME, ZEBRA_203

ION = """
title = "Part, as ION prints it"
width_mm = 50.8
height_mm = 25.4
encodes = "uid"
zpl = '''
^XA
^FO20,15^BQN,2,3^FD{"uid":"${uid}"}^FS
^FO150,20^ADN,18,10^FD${part.partNumber}^FS
^FO150,60^ADN,18,10^FD${serialNumber}^FS
^XZ
'''

[fields]
uid = { required = true, sample = "24daeec708d84908af9beba707a5241b" }
"part.partNumber" = { sample = "PN-1" }
serialNumber = { sample = "SN-1" }
"""
ZPL = LANGUAGES["zpl"]


def ion(source: str = ION) -> Design:
    return parse_design("ion", source, where="ion.toml")


def test_it_is_filled_and_sent_as_it_is() -> None:
    label = prepare(ion(), {"uid": "24dae", "serialNumber": "^XZ"}, Media(50.8, 25.4, 203), ZPL)
    assert label.payload == ion().zpl.fill({"uid": "24dae", "serialNumber": "^XZ"})  # type: ignore[union-attr]
    assert b"\\5EXZ" in label.payload
    assert (label.encoded, label.is_exact) == ('{"uid":"24dae"}', False)


def test_the_picture_says_that_it_is_none_and_what_goes_in() -> None:
    label = prepare(ion(), {"uid": "24dae"}, Media(50.8, 25.4, 203), ZPL)
    with Image.open(io.BytesIO(label.png)) as picture:
        assert picture.size == (406, 203)
        assert decode(picture) == []
        other = prepare(ion(), {"uid": "24dae", "serialNumber": "SN-2"}, Media(50.8, 25.4, 203), ZPL)
        assert other.png != label.png


@pytest.mark.parametrize(
    ("values", "media", "message"),
    [
        ({}, ZEBRA_203, "expected a value for 'uid', got None"),
        ({"uid": "1", "lot": "2"}, ZEBRA_203, "got also 'lot'"),
        ({"uid": "1"}, Media(25, 25, 203), "expected media of at least 50.8 x 25.4 mm"),
    ],
)
def test_values_and_media_are_checked_as_ever(values: dict[str, str], media: Media, message: str) -> None:
    with pytest.raises(LabelInvalid, match=message):
        prepare(ion(), values, media, ZPL)


def test_other_printers_cannot_print_it() -> None:
    for name in set(LANGUAGES) - {"zpl"}:
        with pytest.raises(LabelInvalid) as caught:
            prepare(ion(), {"uid": "1"}, ZEBRA_203, LANGUAGES[name])
        assert str(caught.value) == "label 'ion': expected a printer of its own language, zpl"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "${serialNumber}",
            "",
            "ion.toml: fields: expected every field in an element, not used: serialNumber",
        ),
        (
            "${serialNumber}",
            "${lot}",
            "ion.toml: zpl: expected only declared fields (part.partNumber, serialNumber, uid), got 'lot'",
        ),
        ("^BQN,2,3", "", "ion.toml: zpl: expected '${uid}' in the data of a symbol"),
        (
            "^FO20,15",
            "^FO${uid}",
            "ion.toml: zpl: expected the placeholder '${uid}' in ^FD data, got it in ^FO",
        ),
        ("^XA", "hello", "ion.toml: zpl: expected commands, got 'hello'"),
    ],
)
def test_mistakes_are_named(old: str, new: str, message: str) -> None:
    with pytest.raises(LabelInvalid) as caught:
        ion(ION.replace(old, new))
    assert str(caught.value) == message


def test_a_file_beside_a_design_is_for_zpl_printers_only(tmp_path: Path) -> None:
    (tmp_path / "small.toml").write_text(HEAD + NAME)
    (tmp_path / "small.zpl").write_text("^XA^FO9,9^BXN,6,200^FD${code}^FS^FO90,9^A0^FD${name}^FS^XZ")
    assert list(load_designs(tmp_path)) == ["small"]
    made = load_design(tmp_path / "small.toml")
    values = {"code": "ION/PI/1", "name": "Bolt"}
    assert b"^FDION/PI/1^FS" in prepare(made, values, ZEBRA_203, ZPL).payload
    plain = parse_design("small", HEAD + NAME, where="small.toml")
    epl = LANGUAGES["epl2"]
    assert prepare(made, values, ZEBRA_203, epl) == prepare(plain, values, ZEBRA_203, epl)
    assert made.digest != plain.digest


@pytest.mark.parametrize(
    ("zpl", "message"),
    [
        ("^XA^FD${code}^FS^XZ", r"^small\.toml: zpl: expected '\$\{code\}' in the data of a symbol$"),
        (
            "^XA^BXN,6,200^FD${code}^FS^FD${name}^FS",
            r"^small\.toml: with its samples at 203 dpi: zpl .*: expected whole labels",
        ),
    ],
)
def test_what_stands_beside_a_design_is_checked_too(tmp_path: Path, zpl: str, message: str) -> None:
    (tmp_path / "small.toml").write_text(HEAD + NAME)
    (tmp_path / "small.zpl").write_text(zpl)
    with pytest.raises(LabelInvalid, match=message):
        load_design(tmp_path / "small.toml")


def test_a_design_draws_something() -> None:
    with pytest.raises(LabelInvalid, match=r"^x\.toml: fields: expected every field in an element"):
        parse_design("x", HEAD.partition("[[datamatrix]]")[0], where="x.toml")
    alone = HEAD.partition("[[datamatrix]]")[0].replace('name = { sample = "Bracket" }', "")
    with pytest.raises(LabelInvalid, match=r"^x\.toml: expected an element to draw, got none$"):
        parse_design("x", alone, where="x.toml")
    with pytest.raises(LabelInvalid, match="expected a printer of its own language"):
        lay_out(ion(), {"uid": "1"}, ZEBRA_203)
