import pytest

from printers import LabelInvalid, Media


@pytest.mark.parametrize(
    ("media", "dots"),
    [
        (Media(101.6, 50.8, 203), (812, 406)),
        (Media(101.6, 50.8, 300), (1200, 600)),
        (Media(101.6, 152.4, 203), (812, 1219)),
        (Media(25.4, 12.7, 600), (600, 300)),
        (Media(62, 29, 300), (732, 342)),
    ],
)
def test_dots_never_exceed_the_stock(media: Media, dots: tuple[int, int]) -> None:
    assert (media.width_dots, media.height_dots) == dots


def test_head_sold_as_203_dpi_has_eight_dots_a_millimetre() -> None:
    assert Media(50, 30, 203).dots_per_mm == 8
    assert Media(50, 30, 300).dots_per_mm == pytest.approx(11.811, abs=0.001)
    assert Media(50, 30, 203).dots(0.25) == 2


@pytest.mark.parametrize(
    ("width_mm", "height_mm", "dpi", "message"),
    [
        (0, 30, 203, "media width_mm=0: expected 1 to 1000 mm"),
        (50, 1001, 203, "media height_mm=1001: expected 1 to 1000 mm"),
        (float("nan"), 30, 203, "media width_mm=nan: expected 1 to 1000 mm"),
        (50, 30, 0, "media dpi=0: expected 100 to 1200 dots per inch"),
    ],
)
def test_impossible_media_is_refused(width_mm: float, height_mm: float, dpi: int, message: str) -> None:
    with pytest.raises(LabelInvalid) as caught:
        Media(width_mm, height_mm, dpi)
    assert str(caught.value) == message


@pytest.mark.parametrize("gap_mm", [-0.1, 101, float("nan")])
def test_a_gap_has_a_height(gap_mm: float) -> None:
    with pytest.raises(LabelInvalid, match=r"^media gap_mm=.*: expected 0 to 100 mm$"):
        Media(50, 25, 203, gap_mm=gap_mm)
