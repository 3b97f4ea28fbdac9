import base64
import io

import pytest
from PIL import Image as Picture

from printers import LabelInvalid
from printers.formats import parse_format
from printers.label import (
    Align,
    Box,
    Column,
    Fit,
    Image,
    Line,
    RowsField,
    Ruler,
    RulerUnit,
    Symbol,
    Table,
    Text,
    VerticalAlign,
)
from printers.label_toml import parse_design
from printers.symbology import Symbology
from printers.template import Condition, Gs1Template, Template
from tests.printers.material import HEAD, NAME, design


def _logo() -> bytes:
    file = io.BytesIO()
    Picture.linear_gradient("L").save(file, "PNG")
    return file.getvalue()


LOGO = _logo()
EVERY_KIND = """
title = "All"
width_mm = 100
height_mm = 50.5
min_dpi = 203
encodes = "code"
[fields]
code = { required = true, sample = "A1" }
"part.partNumber" = { sample = "4711" }
gtin = { sample = "04012345678901" }
on = { sample = "2025-12-31" }
[rows.steps]
required = true
sample_rows = 2
columns.title = { required = true, sample = ["Torque", "Test", "Pack"] }
columns.code = { sample = "ION/RUN/1" }
[[text]]
x_mm = 1
y_mm = 2
width_mm = 30
height_mm = 8
size_mm = 3
min_size_mm = 2
face = "mono-bold"
align = "right"
valign = "bottom"
fit = "whole"
rotation = 90
value = "P ${part.partNumber} ${on}"
formats = { on = "DD.MM.YYYY" }
if = "part.partNumber"
unless = ["code"]
[[text]]
x_mm = 1
y_mm = 2
width_mm = 30
size_mm = 1.2
inverse = true
value = "small ${page} of ${pages}"
[[text]]
x_mm = 1
y_mm = 2
height_mm = 30
size_mm = 2
rotation = 270
value = "up"
[[code128]]
x_mm = 10
y_mm = 20
width_mm = 60
height_mm = 10
value = "${code}"
[[gs1-128]]
x_mm = 10
y_mm = 20
width_mm = 60
height_mm = 10
value = "(01)${gtin}"
module_mm = 0.5
min_module_mm = 0.2
[[qr]]
x_mm = 10
y_mm = 20
size_mm = 20
value = "${code}"
align = "center"
correction = "Q"
[[gs1-datamatrix]]
x_mm = 10
y_mm = 20
size_mm = 20
value = "${gtin}"
valign = "middle"
rotation = 180
[[pdf417]]
x_mm = 10
y_mm = 20
width_mm = 50
height_mm = 20
value = "${code}"
columns = 4
correction = "3"
[[line]]
x_mm = 0
y_mm = 20
width_mm = 100
height_mm = 0.3
[[box]]
x_mm = 1
y_mm = 1
width_mm = 98
height_mm = 48
thickness_mm = 0.5
if = ["code", "part.partNumber"]
[[ruler]]
x_mm = 1
y_mm = 1
width_mm = 98
height_mm = 4
unit = "dots"
[[image]]
x_mm = 1
y_mm = 1
width_mm = 20
height_mm = 10
file = "logo.png"
dither = true
align = "right"
[[table]]
rows = "steps"
x_mm = 2
y_mm = 20
width_mm = 90
height_mm = 30
row_height_mm = 10
across = 3
[[table.text]]
x_mm = 0
y_mm = 2
width_mm = 30
size_mm = 3
value = "${steps.title}: ${code}"
[[table.code128]]
x_mm = 0
y_mm = 5
width_mm = 30
height_mm = 5
value = "${steps.code}"
if = "steps.code"
"""
CODE = Template.parse("${code}")
EVERY_ELEMENT = (
    Line(x_mm=0, y_mm=20, width_mm=100, height_mm=0.3),
    Box(
        x_mm=1,
        y_mm=1,
        width_mm=98,
        height_mm=48,
        thickness_mm=0.5,
        condition=Condition(("code", "part.partNumber")),
    ),
    Ruler(x_mm=1, y_mm=1, width_mm=98, height_mm=4, unit=RulerUnit.DOTS),
    Image(x_mm=1, y_mm=1, width_mm=20, height_mm=10, png=LOGO, is_dithered=True, align=Align.RIGHT),
    Symbol(
        symbology=Symbology.CODE128,
        x_mm=10,
        y_mm=20,
        width_mm=60,
        height_mm=10,
        value=CODE,
        module_mm=0.375,
    ),
    Symbol(
        symbology=Symbology.GS1_128,
        x_mm=10,
        y_mm=20,
        width_mm=60,
        height_mm=10,
        value=Gs1Template.parse("(01)${gtin}"),
        module_mm=0.5,
        min_module_mm=0.2,
    ),
    Symbol(
        symbology=Symbology.QR,
        x_mm=10,
        y_mm=20,
        width_mm=20,
        height_mm=20,
        value=CODE,
        align=Align.CENTER,
        correction="Q",
    ),
    Symbol(
        symbology=Symbology.GS1_DATAMATRIX,
        x_mm=10,
        y_mm=20,
        width_mm=20,
        height_mm=20,
        value=Template.parse("${gtin}"),
        valign=VerticalAlign.MIDDLE,
        turns=2,
    ),
    Symbol(
        symbology=Symbology.PDF417,
        x_mm=10,
        y_mm=20,
        width_mm=50,
        height_mm=20,
        value=CODE,
        columns=4,
        correction="3",
    ),
    Text(
        x_mm=1,
        y_mm=2,
        width_mm=30,
        height_mm=8,
        value=Template.parse("P ${part.partNumber} ${on}", {"on": parse_format("DD.MM.YYYY")}),
        size_mm=3,
        min_size_mm=2,
        face="mono-bold",
        align=Align.RIGHT,
        valign=VerticalAlign.BOTTOM,
        turns=1,
        fit=Fit.WHOLE,
        condition=Condition(("part.partNumber",), ("code",)),
    ),
    Text(
        x_mm=1,
        y_mm=2,
        width_mm=30,
        height_mm=1.2,
        value=Template.parse("small ${page} of ${pages}"),
        size_mm=1.2,
        min_size_mm=1.2,
        face="sans",
        is_inverse=True,
        padding_mm=1,
    ),
    Text(
        x_mm=1,
        y_mm=2,
        width_mm=2,
        height_mm=30,
        value=Template.parse("up"),
        size_mm=2,
        min_size_mm=1.6,
        face="sans",
        turns=3,
    ),
    Table(
        x_mm=2,
        y_mm=20,
        width_mm=90,
        height_mm=30,
        rows="steps",
        row_height_mm=10,
        across=3,
        elements=(
            Symbol(
                symbology=Symbology.CODE128,
                x_mm=0,
                y_mm=5,
                width_mm=30,
                height_mm=5,
                value=Template.parse("${steps.code}"),
                module_mm=0.375,
                condition=Condition(("steps.code",)),
            ),
            Text(
                x_mm=0,
                y_mm=2,
                width_mm=30,
                height_mm=3,
                value=Template.parse("${steps.title}: ${code}"),
                size_mm=3,
                min_size_mm=1.6,
                face="sans",
            ),
        ),
    ),
)


def test_every_kind_of_element_is_read_whole() -> None:
    read = parse_design("all", EVERY_KIND, where="all.toml", read_file={"logo.png": LOGO}.__getitem__)
    assert (read.name, read.title, read.encodes, read.width_mm, read.height_mm, read.min_dpi) == (
        "all",
        "All",
        "code",
        100,
        50.5,
        203,
    )
    assert [(one.name, one.required, one.sample) for one in read.fields] == [
        ("code", True, "A1"),
        ("part.partNumber", False, "4711"),
        ("gtin", False, "04012345678901"),
        ("on", False, "2025-12-31"),
    ]
    (steps,) = read.rows
    assert steps == RowsField(
        "steps",
        True,
        (Column("title", True, ("Torque", "Test", "Pack")), Column("code", False, ("ION/RUN/1",))),
        2,
    )
    assert steps.samples == ({"title": "Torque", "code": "ION/RUN/1"}, {"title": "Test", "code": "ION/RUN/1"})
    assert read.elements == EVERY_ELEMENT
    table = read.elements[-1]
    assert isinstance(table, Table)
    assert (table.capacity, table.row_width_mm) == (9, 30)


IMAGE = """
[[image]]
x_mm = 15
y_mm = 10
width_mm = 20
height_mm = 10
data = "DATA"
"""
TABLE = """
[rows.steps]
columns.title = { sample = "Torque" }
[[table]]
rows = "steps"
x_mm = 15
y_mm = 10
width_mm = 30
height_mm = 15
row_height_mm = 5
[[table.text]]
x_mm = 0
y_mm = 1
width_mm = 30
size_mm = 3
value = "${steps.title}"
"""


def test_a_picture_can_stand_in_the_design() -> None:
    data = base64.encodebytes(LOGO).decode().replace("\n", "\\n")
    (picture,) = [
        one for one in design(HEAD + NAME + IMAGE.replace("DATA", data)).elements if isinstance(one, Image)
    ]
    assert (picture.png, picture.is_dithered) == (LOGO, False)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('data = "DATA"', "", r"^test\.toml: image 1: expected either file or data, got neither$"),
        ('"DATA"', '"DATA"\nfile="x.png"', r"^test\.toml: image 1: expected either file or data, got both$"),
        ("DATA", "*", r"^test\.toml: image 1: data: expected base64"),
        ("DATA", "AAAA", r"^test\.toml: image 1: expected a PNG: "),
        ('data = "DATA"', 'file = "logo.png"', r"file: expected data, as there is no folder to read from$"),
        (
            'data = "DATA"',
            'file = "../logo.png"',
            r"file: expected the name of a \.png beside the design, got ",
        ),
        ('data = "DATA"', 'file = "logo.jpg"', r"file: expected the name of a \.png beside the design, got "),
        ('rows = "steps"', 'rows = "kit"', r"^test\.toml: table 1: rows: expected one of steps, got 'kit'$"),
        (
            "[rows.steps]",
            "[rows.name]",
            r"^test\.toml: rows: expected names that are no field's, got 'name'$",
        ),
        ("[rows.steps]", "[rows.pages]", r"^test\.toml: rows: expected a name such as .* got 'pages'$"),
        (
            '{ sample = "Torque" }',
            "{ sample = [] }",
            r"columns: title: expected a value for 'sample', got none$",
        ),
        (
            '{ sample = "Torque" }',
            '{ sample = "T", size = 1 }',
            r"title: expected no other keys, got 'size'$",
        ),
        (
            "columns.title",
            'columns.note = { sample = "" }\ncolumns.title',
            r"fields: expected every field in an element, not used: steps\.note$",
        ),
        (
            "${steps.title}",
            "${steps.name}",
            r"table 1: text 1: expected only declared fields \(code, name, steps, steps\.title\), got",
        ),
        (
            "y_mm = 1\n",
            "y_mm = 2.5\n",
            r"^test\.toml: table 1: text 1: outside its row: wants 5\.5 mm of its height, had 5 mm$",
        ),
        (
            "row_height_mm = 5",
            "row_height_mm = 15.5",
            r"table 1: expected room for a row, wants 15\.5 mm, had 15 mm$",
        ),
        (
            "row_height_mm = 5",
            "row_height_mm = 0",
            r"table 1: expected room for a row, wants 0 mm, had 15 mm$",
        ),
        (
            "row_height_mm = 5",
            "row_height_mm = 5\nacross = 0",
            r"across: expected a whole number from 1 to 20, got 0$",
        ),
        (
            "row_height_mm = 5",
            "row_height_mm = 5\nacross = true",
            r"across: expected a whole number from 1 to 20, got",
        ),
        ("[[table.text]]", "[[table.table]]", r"^test\.toml: table 1: expected no other keys, got 'table'$"),
        ("size_mm = 3\n", "size_mm = 3\nrotation = 45\n", r"rotation: expected 0, 90, 180 or 270, got 45$"),
        (
            "size_mm = 3\n",
            "size_mm = 3\nrotation = [90]\n",
            r"rotation: expected 0, 90, 180 or 270, got \[90\]$",
        ),
        ("size_mm = 3\n", "size_mm = 3\ninverse = 1\n", r"inverse: expected true or false, got 1$"),
        (
            "size_mm = 3\n",
            'size_mm = 3\nformats = { name = "dd" }\n',
            r"^test\.toml: text 1: formats: name: format 'dd': expected a number's such as ",
        ),
        (
            "size_mm = 3\n",
            'size_mm = 3\nformats = { code = "DD" }\n',
            r"text 1: value: template '\${name}': expected formats for its own fields, got 'code'$",
        ),
        (
            "[[datamatrix]]\n",
            '[[datamatrix]]\ncorrection = "H"\n',
            r"^test\.toml: datamatrix 1: expected no other keys, got 'correction'$",
        ),
        ("[[datamatrix]]\n", "[[gs1-datamatrix]]\n", None),
        (
            "[[datamatrix]]\n",
            '[[qr]]\ncorrection = "X"\n',
            r"qr 1: correction: expected one of L, M, Q, H, got 'X'$",
        ),
    ],
)
def test_mistakes_in_pictures_tables_and_options(old: str, new: str, message: str | None) -> None:
    source = HEAD.replace("[[datamatrix]]", "TABLES[[datamatrix]]")
    rows, table = TABLE.split("[[table]]")
    source = source.replace("TABLES", rows) + NAME + IMAGE + "[[table]]" + table
    assert old in source
    source = source.replace(old, new, 1)
    if message is None:
        source = source.replace(IMAGE, "")
        assert design(source).elements
        return
    if "DATA" in source and "image" not in message:
        source = source.replace("DATA", base64.b64encode(LOGO).decode())
    with pytest.raises(LabelInvalid, match=message):
        design(source)


def test_an_unreadable_picture_is_named() -> None:
    def missing(name: str) -> bytes:
        raise FileNotFoundError(2, "No such file", name)

    source = HEAD + NAME + IMAGE.replace('data = "DATA"', 'file = "logo.png"')
    with pytest.raises(
        LabelInvalid, match=r"^here: image 1: file: expected a readable file, got '.*logo\.png"
    ):
        parse_design("x", source, where="here", read_file=missing)
