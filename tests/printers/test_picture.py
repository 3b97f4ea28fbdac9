import io

import pytest
from PIL import Image

from printers import LabelInvalid
from printers.picture import check_png, dots


def png(picture: Image.Image, form: str = "PNG") -> bytes:
    file = io.BytesIO()
    picture.save(file, form)
    return file.getvalue()


GREYS = png(Image.linear_gradient("L"))


def test_a_good_picture_passes() -> None:
    check_png(GREYS, where="here")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", r"^here: expected a PNG: "),
        (GREYS[:200], r"^here: expected a PNG: "),
        (png(Image.linear_gradient("L"), "BMP"), r"^here: expected a PNG: "),
        (bytes(2_000_001), r"^here: expected a picture of at most 2000000 bytes, got 2000001$"),
        (
            png(Image.new("1", (4001, 2))),
            r"^here: expected a picture of at most 4000 pixels a side, got 4001 x 2$",
        ),
    ],
)
def test_others_are_refused(data: bytes, message: str) -> None:
    with pytest.raises(LabelInvalid, match=message):
        check_png(data, where="here")


def test_it_is_as_large_as_its_box_allows() -> None:
    wide = png(Image.new("L", (40, 10), 0))
    assert dots(wide, 80, 80, is_dithered=False).size == (80, 20)
    assert dots(wide, 100, 5, is_dithered=False).size == (20, 5)
    assert dots(wide, 1, 1, is_dithered=False).size == (1, 1)


def test_whole_multiples_keep_every_pixel() -> None:
    chequered = Image.new("1", (8, 8), 1)
    for place in range(0, 64, 2):
        chequered.putpixel((place % 8 + place // 8 % 2, place // 8), 0)
    large = dots(png(chequered), 24, 24, is_dithered=False)
    assert large.tobytes() == chequered.resize((24, 24), Image.Resampling.NEAREST).tobytes()


def test_greys_are_cut_at_the_half_or_become_patterns() -> None:
    cut = dots(GREYS, 256, 256, is_dithered=False)
    assert cut.convert("L").resize((1, 2), Image.Resampling.BOX).tobytes() == b"\x00\xff"
    patterned = dots(GREYS, 256, 256, is_dithered=True)
    quarters = patterned.convert("L").resize((1, 4), Image.Resampling.BOX).tobytes()
    assert [round(level / 255, 1) for level in quarters] == [0.1, 0.4, 0.6, 0.9]


def test_what_is_transparent_is_white() -> None:
    clear = Image.new("RGBA", (10, 10), (0, 0, 0, 0))
    assert dots(png(clear), 10, 10, is_dithered=False).getextrema() == (255, 255)
