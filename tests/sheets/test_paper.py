import io
import zlib

import pytest
from PIL import Image

from kiosk.sheets import Sheet, command_sheet, scanner_sheet
from printers.symbols import Symbology, encode
from tests.sheets.reading import codes_of


@pytest.mark.parametrize(("paper", "box"), [("a4", b"[ 0 0 595.2 841.92 ]"), ("letter", b"[ 0 0 612 792 ]")])
def test_a_pdf_is_one_page_of_the_paper_s_size(paper: str, box: bytes) -> None:
    for data in (command_sheet(("run",), paper=paper, kind="pdf"), scanner_sheet(paper=paper, kind="pdf")):
        assert data.startswith(b"%PDF-")
        assert data.count(b"/Type /Page\n") == 1
        numbers = data[data.index(b"/MediaBox") :].split(b"]")[0].split(b"[")[1].split()
        expected = box.strip(b"[] ").split()
        assert [round(float(n)) for n in numbers] == [round(float(n)) for n in expected]


def test_a_pdf_s_picture_loses_nothing() -> None:
    data = command_sheet(("run",), kind="pdf")
    assert b"/CCITTFaxDecode" in data
    assert b"/DCTDecode" not in data
    assert zlib.crc32(data) != zlib.crc32(command_sheet(("move",), kind="pdf"))


def test_a_symbol_is_drawn_as_large_as_asked() -> None:
    sheet = Sheet.blank("a4", "png")
    matrix = encode(Symbology.CODE128, "ION/PO/1")
    width_mm = sheet.symbol((20.0, 20.0), matrix, 0.254, 10.0)
    assert width_mm == pytest.approx(matrix.width * 0.254)
    assert codes_of(sheet.saved("one")) == {"ION/PO/1": "]C0"}


def test_a_paragraph_breaks_between_words_and_says_its_height() -> None:
    sheet = Sheet.blank("a4", "png")
    words = "Scan one instead of touching the screen."
    one_mm, many_mm = sheet.paragraph((10, 20), words, 4, 180), sheet.paragraph((10, 40), words, 4, 40)
    assert (one_mm, many_mm) == pytest.approx((5.4, 16.2))
    with Image.open(io.BytesIO(sheet.saved("text"))) as picture:
        ink = picture.point(lambda dot: 255 - dot).getbbox()
    assert ink is not None
    assert ink[2] < sheet.dots(10 + 90)
