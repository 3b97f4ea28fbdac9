import base64
import io

import pytest
from PIL import Image

from printers import Media, lay_out, render
from printers.proof import check_readable
from tests.printers.material import design

HEAD = """
title = "Test"
width_mm = {width}
height_mm = {height}
encodes = "code"
[fields]
code = {{ required = true, sample = "ION/PI/123" }}
[[datamatrix]]
x_mm = {main_x}
y_mm = {main_y}
size_mm = 8
rotation = {rotation}
align = "center"
value = "${{code}}"
"""
ELEMENT = """
[[{kind}]]
x_mm = {x}
y_mm = {y}
{extent}
rotation = {rotation}
"""
WIDTH, HEIGHT = 60, 40


def _arrow() -> str:
    """An F-like picture, which looks different however it is turned."""
    picture = Image.new("1", (30, 20), 1)
    picture.paste(0, (0, 0, 30, 4))
    picture.paste(0, (0, 0, 4, 20))
    picture.paste(0, (0, 9, 15, 12))
    file = io.BytesIO()
    picture.save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


KINDS = {
    "a line of text": ("text", 'value = "Bracket ${code}, Ж"\nsize_mm = 3'),
    "lines of text": (
        "text",
        'value = "Bracket, hydraulic manifold, left hand side, titanium"\nsize_mm = 3\nvalign = "middle"',
    ),
    "centred text": ("text", 'value = "\\u001d ${code}"\nsize_mm = 4\nalign = "center"\nvalign = "bottom"'),
    "inverse text": (
        "text",
        'value = "Bolt"\nsize_mm = 4\nalign = "right"\ninverse = true\npadding_mm = 0.5',
    ),
    "bars": ("code128", 'value = "12"\nalign = "right"'),
    "stacked": ("pdf417", 'value = "12"\nalign = "center"\nvalign = "bottom"'),
    "picture": ("image", f'data = "{_arrow()}"\nalign = "right"\nvalign = "middle"'),
}


def box_when_turned(quarters: int, box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """Where a box of the upright label lies when the whole label is turned clockwise."""
    x, y, width, height = box
    for quarter in range(quarters):
        label_height = WIDTH if quarter % 2 else HEIGHT
        x, y, width, height = label_height - y - height, x, height, width
    return x, y, width, height


def picture(kind: str, rotation: int) -> Image.Image:
    quarters = rotation // 90
    width, height = (HEIGHT, WIDTH) if quarters % 2 else (WIDTH, HEIGHT)
    name, options = KINDS[kind]
    x, y, *extent = box_when_turned(quarters, (18, 12, 30, 20))
    main_x, main_y, _, _ = box_when_turned(quarters, (2, 28, 8, 8))
    source = HEAD.format(width=width, height=height, rotation=rotation, main_x=main_x, main_y=main_y)
    sides = f"width_mm = {extent[0]}\nheight_mm = {extent[1]}"
    source += ELEMENT.format(kind=name, x=x, y=y, extent=sides, rotation=rotation) + options
    layout = lay_out(design(source), {"code": "ION/PI/123"}, Media(60, 60, 203))
    raster = render(layout)
    check_readable(raster, layout)
    return raster.image()


@pytest.mark.parametrize("rotation", [90, 180, 270])
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_turned_looks_as_if_the_label_had_been_turned(kind: str, rotation: int) -> None:
    upright = picture(kind, 0)
    assert upright.getcolors() is not None
    turns = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
    assert picture(kind, rotation).tobytes() == upright.transpose(turns[rotation]).tobytes()
