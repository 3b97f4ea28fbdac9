import math

import pytest

from printers import AS_SET, Handling, LabelInvalid


def test_everything_is_left_as_it_is_set_on_the_printer() -> None:
    assert Handling() == AS_SET
    assert (AS_SET.speed, AS_SET.darkness, AS_SET.cut, AS_SET.peel, AS_SET.copies) == (
        None,
        None,
        None,
        None,
        1,
    )


@pytest.mark.parametrize("offset_mm", [-20.1, 21, math.nan, math.inf])
def test_offsets_stay_near(offset_mm: float) -> None:
    with pytest.raises(LabelInvalid, match=r"^offset_x_mm=.*: expected -20 to 20 mm$"):
        Handling(offset_x_mm=offset_mm)
    with pytest.raises(LabelInvalid, match=r"^offset_y_mm=.*: expected -20 to 20 mm$"):
        Handling(offset_y_mm=offset_mm)


@pytest.mark.parametrize("copies", [0, -1, 1000])
def test_copies_are_counted(copies: int) -> None:
    with pytest.raises(LabelInvalid, match=rf"^copies={copies}: expected 1 to 999$"):
        Handling(copies=copies)
