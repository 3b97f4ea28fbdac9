import io
import re
import shutil
from pathlib import Path

import pypdfium2  # type: ignore[import-untyped]  # it has no types
import pytest
from PIL import Image

from printers import (
    AS_SET,
    Handling,
    LabelInvalid,
    LabelSheet,
    Media,
    Raster,
    centred_sheet,
    encode_sheets,
    lay_out,
    load_designs,
    render,
)
from printers.languages import pdf, png
from printers.symbols import decode
from tests.printers.languages.reading import blank, read_pdf, same_dots
from tests.printers.material import LABELS

NEEDS_POPPLER = pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs Debian's poppler-utils")
A4 = (210.0, 297.0)
DPI = 300


def dot(x: int, y: int) -> Raster:
    """A label of 30 x 20 mm at 300 dpi with one black square."""
    picture = blank(354, 236)
    picture.paste(0, (x, y, x + 10, y + 10))
    return Raster(354, 236, picture.tobytes("raw", "1;I"))


def test_a_page_has_the_medias_size() -> None:
    document = pdf.encode(Raster(812, 406, bytes(102 * 406)), Media(101.6, 50.8, 203), Handling(copies=2))
    read = pypdfium2.PdfDocument(document)
    assert len(read) == 2
    assert read.get_page_size(0) == pytest.approx((288, 144), abs=0.001)
    read.close()
    assert document.count(b"/Subtype/Image") == 1


def test_the_table_of_objects_is_right() -> None:
    document = pdf.encode(dot(5, 5), Media(30, 20, 300), Handling(copies=3))
    (start,) = re.findall(rb"startxref\n(\d+)\n%%EOF\n$", document)
    assert document[int(start) :].startswith(b"xref\n")
    for number, place in enumerate(re.findall(rb"(\d{10}) 00000 n ", document), 1):
        assert document[int(place) :].startswith(b"%d 0 obj\n" % number)


@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_another_renderer_sees_our_dots(dpi: int) -> None:
    media = Media(101.6, 50.8, dpi)
    design = load_designs(LABELS)["run"]
    layout = lay_out(design, design.samples, media)
    read = pypdfium2.PdfDocument(pdf.encode(render(layout), media, AS_SET))
    page = read[0]
    picture = page.render(scale=media.dots_per_mm * 25.4 / 72).to_pil().convert("L")
    page.close()
    read.close()
    found = {symbol.text for symbol in decode(picture)}
    assert layout.encoded in found


@NEEDS_POPPLER
def test_labels_stand_on_a_sheet_line_by_line(tmp_path: Path) -> None:
    sheet = LabelSheet(
        width_mm=210,
        height_mm=297,
        columns=3,
        rows=4,
        left_mm=10,
        top_mm=20,
        across_mm=40,
        down_mm=30,
    )
    labels = [dot(10, 10), dot(20, 20), dot(10, 10), dot(30, 30)]
    pages = read_pdf(encode_sheets(labels, sheet, DPI / 25.4, first=10), tmp_path, DPI / 25.4)
    expected = [blank(*pages[0].size), blank(*pages[0].size)]
    for page, at_mm, label in (
        (0, (50, 110), labels[0]),
        (0, (90, 110), labels[1]),
        (1, (10, 20), labels[2]),
        (1, (50, 20), labels[3]),
    ):
        left, top = (round(mm * DPI / 25.4) for mm in at_mm)
        expected[page].paste(label.image(), (left, top))
    assert [page.tobytes() for page in pages] == [page.tobytes() for page in expected]


@NEEDS_POPPLER
def test_a_sheet_full_of_a_design_scans(tmp_path: Path) -> None:
    media = Media(101.6, 50.8, 600)
    design = load_designs(LABELS)["location"]
    layout = lay_out(design, design.samples, media)
    raster = render(layout)
    sheet = centred_sheet(A4, 2, 5, (101.6, 50.8))
    (page,) = read_pdf(encode_sheets([raster] * sheet.places, sheet, media.dots_per_mm), tmp_path, 600 / 25.4)
    left, top = (round(mm * 600 / 25.4) for mm in sheet.place_mm(9))
    last = page.crop((left, top, left + raster.width, top + raster.height))
    assert same_dots(last, raster.image())
    assert len(decode(page)) == 10


def test_one_picture_is_stored_once() -> None:
    sheet = centred_sheet(A4, 2, 5, (101.6, 50.8))
    document = encode_sheets([dot(1, 1), dot(2, 2), dot(1, 1)], sheet, DPI / 25.4)
    assert document.count(b"/Subtype/Image") == 2


@pytest.mark.parametrize(("columns", "rows"), [(3, 5), (2, 6), (0, 5), (2, 0)])
def test_labels_that_do_not_fit_on_the_paper(columns: int, rows: int) -> None:
    with pytest.raises(LabelInvalid) as caught:
        centred_sheet(A4, columns, rows, (101.6, 50.8))
    assert str(caught.value) == (
        f"sheet of {columns} x {rows} labels of 101.6 x 50.8 mm: expected them to fit on 210 x 297 mm"
    )


@pytest.mark.parametrize(("count", "first"), [(0, 0), (1, 10), (1, -1)])
def test_a_sheet_needs_labels_and_a_first_place(count: int, first: int) -> None:
    sheet = centred_sheet(A4, 2, 5, (101.6, 50.8))
    with pytest.raises(
        LabelInvalid, match=rf"^pdf: expected labels, and a first place from 0 to 9, got {count} and {first}$"
    ):
        encode_sheets([dot(1, 1)] * count, sheet, DPI / 25.4, first=first)


@pytest.mark.parametrize(("dpi", "true_dpi"), [(203, 203.2), (300, 300)])
def test_a_picture_says_how_large_its_dots_are(dpi: int, true_dpi: float) -> None:
    with Image.open(io.BytesIO(png.encode(dot(1, 1), Media(50, 30, dpi), AS_SET))) as picture:
        assert picture.info["dpi"] == pytest.approx((true_dpi, true_dpi), abs=0.02)
