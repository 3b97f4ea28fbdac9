import re

import pytest
from PIL import Image, ImageDraw

from kiosk.artwork import draw_code
from kiosk.errors import LabelError
from printers.symbols import Symbology, decode

RUN = re.compile(r"M(\d+) (\d+)h(\d+)v1H(\d+)z")


@pytest.mark.parametrize("text", ["A", "http://192.0.2.7:8080/photo/" + "x" * 43, "é" * 100])
def test_a_code_for_a_page_says_its_text(text: str) -> None:
    code = draw_code(text)
    picture = Image.new("L", (code.side, code.side), 255)
    pen = ImageDraw.Draw(picture)
    runs = [tuple(map(int, run.groups())) for run in RUN.finditer(code.path)]
    for left, row, length, back in runs:
        assert back == left
        pen.line((left, row, left + length - 1, row), fill=0)
    assert RUN.sub("", code.path) == ""
    large = picture.resize((code.side * 6, code.side * 6), Image.Resampling.NEAREST)
    assert [found.text for found in decode(large, (Symbology.QR,))] == [text]


def test_what_no_code_holds_is_said() -> None:
    with pytest.raises(LabelError, match="Cannot draw a QR code of 9000 characters"):
        draw_code("x" * 9000)
