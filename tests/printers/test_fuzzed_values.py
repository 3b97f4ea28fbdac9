"""2,000 values of every kind in every field of the designs of the house: only their own boxes change."""

import random
from collections.abc import Callable, Iterator, Sequence

import pytest
from PIL import Image, ImageChops

from printers import Design, LabelInvalid, Layout, Media, Raster, Row, Values, draw, load_designs
from printers.frame import Frame
from printers.label import Symbol, Table, Text, elements_in
from printers.zpl_template import ZplTemplate
from tests.printers.languages.test_every_language import PIECES
from tests.printers.material import LABELS
from tests.sizes import TIMES

DESIGNS = load_designs(LABELS)
VALUES = 2000 * TIMES
REACH = 0.5
"""How far accents, descenders and overhanging letters reach out of their box, in heights of its capitals."""


def fuzzed(dice: random.Random) -> str:
    kind = dice.randrange(12)
    if kind == 0:
        return dice.choice(PIECES) * 300
    if kind == 1:
        return "".join(chr(dice.randrange(1, 0xD800)) for _ in range(dice.randint(1, 40)))
    return "".join(dice.choices(PIECES, k=dice.randint(1, 6)))


def values_of(design: Design, dice: random.Random) -> dict[str, str | Sequence[Row]]:
    """A fuzzed value for every field but the main symbol's, which short ones suit better."""
    values: dict[str, str | Sequence[Row]] = {
        field.name: fuzzed(dice)[:20] if field.name == design.encodes else fuzzed(dice)
        for field in design.fields
    }
    for rows in design.rows:
        values[rows.name] = [{column.name: fuzzed(dice)[:30] for column in rows.columns} for _ in range(3)]
    return values


def milder(values: Values) -> Iterator[Values]:
    """The values, and less of them for designs that refuse what does not fit whole or is no ASCII."""
    yield values
    yield every(values, lambda text: text[:12])
    yield every(values, lambda text: text[:4])
    yield every(values, lambda text: "".join(filter(str.isascii, text))[:3] or "~")


def every(values: Values, change: Callable[[str], str]) -> Values:
    return {
        name: change(value)
        if isinstance(value, str)
        else [{column: change(text) for column, text in row.items()} for row in value]
        for name, value in values.items()
    }


def drawn(design: Design, values: Values, size: Media) -> tuple[Values, Layout, Raster] | None:
    for fewer in milder(values):
        try:
            ((layout, raster),) = draw(design, fewer, size)
        except LabelInvalid:
            continue
        return fewer, layout, raster
    return None


def own_boxes(design: Design, size: Media) -> list[tuple[int, int, int, int]]:
    boxes = []
    for name, element in elements_in(design.elements):
        if ": " in name or not isinstance(element, Text | Symbol | Table):
            continue
        frame = Frame.of(element, size)
        reach = size.dots(element.size_mm * REACH) if isinstance(element, Text) else 0
        box = (
            frame.x - reach,
            frame.y - reach,
            frame.x + frame.width + reach,
            frame.y + frame.height + reach,
        )
        boxes.append(box)
    return boxes


def blotted(picture: Image.Image, boxes: list[tuple[int, int, int, int]]) -> Image.Image:
    copy = picture.copy()
    for box in boxes:
        copy.paste(255, box)
    return copy


@pytest.mark.parametrize("name", DESIGNS)
def test_values_change_nothing_but_their_own_boxes(name: str) -> None:
    design = DESIGNS[name]
    dice = random.Random(name)  # noqa: S311 - test data
    size = Media(design.width_mm, design.height_mm, max(203, design.min_dpi))
    boxes = own_boxes(design, size)
    a_label = len(design.fields) + 3 * sum(len(rows.columns) for rows in design.rows)
    made = 0
    labels = VALUES // len(DESIGNS) // a_label + 1
    for _ in range(labels):
        found = drawn(design, values_of(design, dice), size)
        if found is None:
            continue
        values, layout, raster = found
        made += 1
        ((before, blank),) = draw(design, every(values, lambda _text: "A"), size)
        assert layout.ink == before.ink
        assert (raster.width, raster.height) == (blank.width, blank.height)
        changed = ImageChops.logical_xor(blotted(raster.image(), boxes), blotted(blank.image(), boxes))
        assert changed.getbbox() is None
        assert layout.encoded == values[design.encodes]
    assert made > 0.8 * labels


def test_values_change_nothing_but_the_data_of_zpl_templates() -> None:
    source = (
        "^XA^PW812^FO20,20^A0N,30,30^FD${a} rev ${b}^FS^FO20,60^BQN,2,4^FDMA,${c}^FS"
        "^FO9,9^FB200,3^FH_^FD_41 ${a}^FS^FO9,90^BY2^BCN,90,N,N,N,N^FD>:${d}^FS"
        "^FO9,200^BXN,6,200,,,,|^FD${e}^FS^XZ"
    )
    template = ZplTemplate.parse(source)
    expected = [piece[:3] for piece in commands(template.fill(dict.fromkeys("abcde", "A")).decode())]
    dice = random.Random(4711)  # noqa: S311 - test data
    for _ in range(VALUES // 5):
        values = {name: fuzzed(dice) for name in "abce"}
        values["d"] = "".join(character for character in fuzzed(dice) if " " <= character <= "~")
        made = template.fill(values).decode()
        assert made.isascii()
        assert made.isprintable()
        assert [piece[:3] for piece in commands(made)] == expected


def commands(zpl: str) -> list[str]:
    return [f"{sign}{rest}" for sign in "^~" for rest in zpl.split(sign)[1:]]
