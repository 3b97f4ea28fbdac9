from dataclasses import replace

import pytest

from printers import LabelInvalid, Media
from printers.label import Align, Symbol, VerticalAlign
from printers.placement import place_symbol
from printers.symbology import Symbology
from printers.template import Template
from tests.printers.material import UID

CODE = Template.parse("${code}")
LABEL_203 = Media(50, 30, 203)
LABEL_300 = Media(50, 30, 300)
GS1 = "010401234567890110AB"


def bars(
    x_mm: float = 5,
    width_mm: float = 40,
    module_mm: float | None = 0.375,
    align: Align = Align.LEFT,
    symbology: Symbology = Symbology.CODE128,
) -> Symbol:
    return Symbol(
        symbology=symbology,
        x_mm=x_mm,
        y_mm=10,
        width_mm=width_mm,
        height_mm=10,
        value=CODE,
        module_mm=module_mm,
        align=align,
    )


def square(
    symbology: Symbology,
    x_mm: float = 5,
    size_mm: float = 20,
    align: Align = Align.LEFT,
    min_module_mm: float | None = None,
) -> Symbol:
    return Symbol(
        symbology=symbology,
        x_mm=x_mm,
        y_mm=5,
        width_mm=size_mm,
        height_mm=size_mm,
        value=CODE,
        align=align,
        valign=VerticalAlign.MIDDLE if symbology is Symbology.QR else VerticalAlign.BOTTOM,
        min_module_mm=min_module_mm,
    )


def qr(x_mm: float = 5, size_mm: float = 20, min_module_mm: float | None = None) -> Symbol:
    return square(Symbology.QR, x_mm, size_mm, min_module_mm=min_module_mm)


@pytest.mark.parametrize(
    ("element", "text", "label", "box"),
    [
        (bars(), "1234", LABEL_203, (40, 80, 3, 171, 80)),
        (bars(align=Align.RIGHT), "1234", LABEL_203, (189, 80, 3, 171, 80)),
        (bars(align=Align.CENTER), "R2025-00317", LABEL_203, (55, 80, 2, 290, 80)),
        (bars(), "1234", LABEL_300, (59, 118, 4, 228, 118)),
        (bars(module_mm=0.25), "1234", LABEL_300, (59, 118, 3, 171, 118)),
        (qr(), UID, LABEL_203, (40, 47, 5, 145, 145)),
        (qr(), UID, LABEL_300, (59, 61, 8, 232, 232)),
        (qr(x_mm=2), UID, LABEL_203, (16, 62, 4, 116, 116)),  # a larger module has no room for its quiet zone
        (square(Symbology.DATAMATRIX, align=Align.RIGHT), "ION/PI/123", LABEL_203, (46, 46, 11, 154, 154)),
        (square(Symbology.MICRO_QR), "ION/PI/123", LABEL_203, (40, 50, 10, 150, 150)),
        (square(Symbology.AZTEC), "ION/PI/123", LABEL_203, (40, 50, 10, 150, 150)),
        (square(Symbology.GS1_DATAMATRIX), GS1, LABEL_203, (40, 40, 10, 160, 160)),
        (bars(symbology=Symbology.GS1_128), GS1[:16], LABEL_203, (40, 80, 2, 268, 80)),
        (bars(symbology=Symbology.CODE39), "AB1", LABEL_203, (40, 80, 3, 237, 80)),
        (bars(symbology=Symbology.ITF14), "04012345678901", LABEL_203, (40, 80, 2, 270, 80)),
        (bars(symbology=Symbology.EAN13), "4006381333931", LABEL_203, (40, 80, 3, 285, 80)),
        (bars(symbology=Symbology.PDF417, module_mm=None), "ION/PI/123", LABEL_203, (40, 80, 3, 309, 72)),
        (qr(size_mm=12, min_module_mm=0.2), UID + "x" * 20, LABEL_203, (40, 55, 2, 66, 66)),
    ],
)
def test_largest_whole_module_is_taken(
    element: Symbol, text: str, label: Media, box: tuple[int, int, int, int, int]
) -> None:
    placed = place_symbol(element, text, label, where="here")
    assert (placed.x, placed.y, placed.module, placed.width, placed.height) == box
    assert placed.x >= placed.quiet[0]
    assert placed.x + placed.width + placed.quiet[0] <= label.width_dots


@pytest.mark.parametrize(
    ("turns", "align", "box"),
    [
        (1, Align.LEFT, (40, 32, 80, 138)),
        (1, Align.RIGHT, (40, 70, 80, 138)),
        (3, Align.LEFT, (40, 70, 80, 138)),
        (3, Align.CENTER, (40, 51, 80, 138)),
    ],
)
def test_bars_are_turned_within_their_box(turns: int, align: Align, box: tuple[int, int, int, int]) -> None:
    element = replace(bars(align=align), y_mm=4, width_mm=10, height_mm=22, turns=turns)
    placed = place_symbol(element, "12", LABEL_203, where="x")
    assert (placed.x, placed.y, *placed.extent) == box
    assert placed.quiet == (0, 30)


def test_a_square_is_turned_within_its_box() -> None:
    upside_down = place_symbol(replace(qr(), turns=2, valign=VerticalAlign.TOP), UID, LABEL_203, where="x")
    assert (upside_down.x, upside_down.y, *upside_down.extent) == (55, 55, 145, 145)
    assert upside_down.quiet == (20, 20)


def test_what_does_not_fit_says_wanted_and_had() -> None:
    with pytest.raises(LabelInvalid) as caught:
        place_symbol(bars(), "R2025-00317-0001-X", LABEL_203, where="part.toml: code128 1")
    assert str(caught.value) == (
        "part.toml: code128 1: 'R2025-00317-0001-X' does not fit: wants 58.2 mm (233 modules of 0.250 mm) "
        "and quiet zones of 2.5 mm, had 40 mm at x 5 mm, y 10 mm on a label of 50 x 30 mm"
    )
    with pytest.raises(LabelInvalid, match=r"wants 10\.9 mm \(29 modules of 0\.375 mm\) .* had 10 mm"):
        place_symbol(qr(size_mm=10), UID, LABEL_203, where="x")


def test_quiet_zone_must_lie_on_the_label() -> None:
    assert place_symbol(bars(x_mm=2.5, width_mm=20), "1234", LABEL_203, where="x").module == 2
    with pytest.raises(
        LabelInvalid, match=r"^x: '1234' does not fit: .* quiet zones of 2\.5 mm, had 20 mm at x 2\.4"
    ):
        place_symbol(bars(x_mm=2.4, width_mm=20), "1234", LABEL_203, where="x")


def test_a_stacked_symbol_says_both_its_sides() -> None:
    element = replace(bars(symbology=Symbology.PDF417, module_mm=None), width_mm=26, height_mm=5)
    with pytest.raises(LabelInvalid) as caught:
        place_symbol(element, "ION/PI/123", LABEL_203, where="x")
    assert str(caught.value) == (
        "x: 'ION/PI/123' does not fit: wants 25.8 x 6.0 mm (103 x 24 modules of 0.250 mm) "
        "and quiet zones of 0.5 mm, had 26 x 5 mm at x 5 mm, y 10 mm on a label of 50 x 30 mm"
    )


def test_modules_under_the_minimum_are_refused() -> None:
    with pytest.raises(LabelInvalid) as caught:
        place_symbol(bars(module_mm=0.2), "1234", LABEL_203, where="x")
    assert str(caught.value) == (
        "x: module under the printable minimum: wants 0.250 mm (2 dots at 203 dpi), had 0.2 mm"
    )


def test_data_the_symbol_cannot_hold_names_the_element() -> None:
    with pytest.raises(LabelInvalid, match=r"^here: code128 'é': expected ASCII only, got 'é'$"):
        place_symbol(bars(), "\u00e9", LABEL_203, where="here")
