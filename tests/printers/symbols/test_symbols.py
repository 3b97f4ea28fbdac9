import pytest
from PIL import Image

from printers import LabelInvalid
from printers.symbology import Shape
from printers.symbols import Symbology, decode, encode, smallest_module_dots
from tests.printers.symbols.drawing import UID, picture


@pytest.mark.parametrize(
    ("symbology", "text", "modules", "quiet"),
    [
        (Symbology.QR, UID, (29, 29), 4),
        (Symbology.QR, "ION/RUN/123", (21, 21), 4),
        (Symbology.MICRO_QR, "ION/RUN/12", (15, 15), 2),
        (Symbology.DATAMATRIX, UID, (24, 24), 1),
        (Symbology.DATAMATRIX, "ION/PI/123", (14, 14), 1),
        (Symbology.AZTEC, "ION/PI/123", (15, 15), 1),
        (Symbology.PDF417, "ION/PI/123", (103, 24), 2),
        (Symbology.CODE128, "1234", (57, 1), 10),
        (Symbology.GS1_128, "0104012345678901", (134, 1), 10),
        (Symbology.CODE39, "AB", (63, 1), 10),
        (Symbology.ITF14, "04012345678901", (135, 1), 10),
        (Symbology.EAN13, "4006381333931", (95, 1), 11),
    ],
)
def test_sizes_and_quiet_zones(symbology: Symbology, text: str, modules: tuple[int, int], quiet: int) -> None:
    matrix = encode(symbology, text)
    assert ((matrix.width, matrix.height), matrix.quiet, len(matrix.modules)) == (
        modules,
        quiet,
        modules[0] * modules[1],
    )
    assert set(matrix.modules) == {0, 1}
    assert matrix.text == text
    assert (symbology.traits.shape is Shape.LINEAR) is (modules[1] == 1)


@pytest.mark.parametrize("symbology", Symbology)
def test_no_text_no_symbol(symbology: Symbology) -> None:
    with pytest.raises(LabelInvalid) as caught:
        encode(symbology, "")
    assert str(caught.value) == f"{symbology}: expected a text, got ''"


def test_every_symbol_of_a_picture_is_found() -> None:
    sheet = Image.new("1", (500, 120), 1)
    sheet.paste(picture(encode(Symbology.QR, "left")), (0, 0))
    sheet.paste(picture(encode(Symbology.DATAMATRIX, "right")), (400, 0))
    assert sorted(found.text for found in decode(sheet)) == ["left", "right"]
    assert decode(sheet, [Symbology.CODE128]) == []


@pytest.mark.parametrize(
    ("symbology", "dots_per_mm", "smallest_mm", "dots"),
    [
        (Symbology.CODE128, 8, None, 2),
        (Symbology.CODE128, 300 / 25.4, None, 3),
        (Symbology.CODE128, 600 / 25.4, None, 6),
        (Symbology.QR, 8, None, 3),
        (Symbology.QR, 300 / 25.4, None, 4),
        (Symbology.DATAMATRIX, 600 / 25.4, None, 8),
        (Symbology.DATAMATRIX, 4, None, 2),
        (Symbology.QR, 300 / 25.4, 0.16, 2),
        (Symbology.QR, 8, 0.16, 2),
        (Symbology.QR, 8, 0.5, 4),
    ],
)
def test_smallest_modules(
    symbology: Symbology, dots_per_mm: float, smallest_mm: float | None, dots: int
) -> None:
    assert smallest_module_dots(symbology, dots_per_mm, smallest_mm) == dots
