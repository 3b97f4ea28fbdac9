import pytest

from printers import LabelInvalid, Media
from printers.label import Align, Code128, DataMatrix, Qr, Symbol, VerticalAlign
from printers.placement import place_symbol
from printers.template import Condition, Template
from tests.printers.material import UID

CODE = Template.parse("${code}")
LABEL_203 = Media(50, 30, 203)
LABEL_300 = Media(50, 30, 300)


def bars(
    x_mm: float = 5, width_mm: float = 40, module_mm: float = 0.375, align: Align = Align.LEFT
) -> Code128:
    return Code128(
        x_mm=x_mm,
        y_mm=10,
        width_mm=width_mm,
        height_mm=10,
        value=CODE,
        module_mm=module_mm,
        align=align,
        condition=Condition(),
    )


def qr(x_mm: float = 5, size_mm: float = 20, align: Align = Align.LEFT) -> Qr:
    return Qr(
        x_mm=x_mm,
        y_mm=5,
        size_mm=size_mm,
        value=CODE,
        align=align,
        valign=VerticalAlign.MIDDLE,
        condition=Condition(),
    )


def data_matrix(x_mm: float = 5, size_mm: float = 20) -> DataMatrix:
    return DataMatrix(
        x_mm=x_mm,
        y_mm=5,
        size_mm=size_mm,
        value=CODE,
        align=Align.RIGHT,
        valign=VerticalAlign.BOTTOM,
        condition=Condition(),
    )


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
        (data_matrix(), "ION/PI/123", LABEL_203, (46, 46, 11, 154, 154)),
    ],
)
def test_largest_whole_module_is_taken(
    element: Symbol, text: str, label: Media, box: tuple[int, int, int, int, int]
) -> None:
    placed = place_symbol(element, text, label, where="here")
    assert (placed.x, placed.y, placed.module, placed.width, placed.height) == box
    assert placed.x >= placed.quiet_x
    assert placed.x + placed.width + placed.quiet_x <= label.width_dots


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


def test_modules_under_the_minimum_are_refused() -> None:
    with pytest.raises(LabelInvalid) as caught:
        place_symbol(bars(module_mm=0.2), "1234", LABEL_203, where="x")
    assert str(caught.value) == (
        "x: module under the printable minimum: wants 0.250 mm (2 dots at 203 dpi), had 0.2 mm"
    )


def test_data_the_symbol_cannot_hold_names_the_element() -> None:
    with pytest.raises(LabelInvalid, match=r"^here: code128 'é': expected ASCII only, got 'é'$"):
        place_symbol(bars(), "\u00e9", LABEL_203, where="here")
