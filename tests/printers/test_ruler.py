import pytest

from printers import Media, lay_out
from printers.label import RulerUnit
from printers.ruler import ticks
from tests.printers.material import HEAD, NAME, design

RULER = """
[[ruler]]
x_mm = 2
y_mm = 15
width_mm = 46
height_mm = 8
"""


@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_millimetres_stand_on_the_nearest_dot(dpi: int) -> None:
    size = Media(50, 30, dpi)
    marks, numbers = ticks(RulerUnit.MM, size.dots(40), size.dots(8), size)
    assert [x for x, _, _, _ in marks] == [size.dots(mm) for mm in range(40)]
    assert all(abs(x / size.dots_per_mm - mm) <= 0.5 / size.dots_per_mm for mm, (x, *_) in enumerate(marks))
    heights = [height for _, _, _, height in marks]
    assert heights[0] == heights[10] > heights[5] == heights[15] > heights[1] == heights[9]
    assert [number.text for number in numbers] == ["0", "10", "20", "30"]
    assert {number.baseline for number in numbers} == {size.dots(8)}


def test_dots_are_counted_in_tens_after_ten_by_turns() -> None:
    size = Media(50, 30, 203)
    marks, numbers = ticks(RulerUnit.DOTS, 250, 64, size)
    assert [number.text for number in numbers] == ["0", "100", "200"]
    assert sorted(x for x, _, width, _ in marks if width == 1) == sorted(
        [*range(0, 250, 10), *range(0, 10, 2)]
    )


def test_numbers_keep_clear_of_each_other() -> None:
    size = Media(60, 30, 600)
    _, numbers = ticks(RulerUnit.DOTS, size.dots(60), size.dots(6), size)
    assert [number.text for number in numbers[-2:]] == ["1100", "1300"]


def test_a_low_scale_has_no_numbers() -> None:
    size = Media(50, 30, 203)
    assert ticks(RulerUnit.MM, 80, size.dots(2), size)[1] == []


def test_it_stands_on_the_label_across_or_along() -> None:
    across = lay_out(design(HEAD + NAME + RULER), {"code": "x"}, Media(50, 30, 203))
    assert (across.ink[0].x, across.ink[0].y, across.ink[10].x) == (16, 120, 96)
    upright = RULER.replace("width_mm = 46", "width_mm = 6").replace("height_mm = 8", "height_mm = 14")
    along = lay_out(design(HEAD + NAME + upright), {"code": "x"}, Media(50, 30, 203))
    assert [ink.y for ink in along.ink] == [120 + 8 * mm for mm in range(14)]
    assert {ink.x + ink.width for ink in along.ink} == {16 + 48}
    assert {glyphs.turns for glyphs in along.glyphs} == {1}
