import io

import pytest
from PIL import Image

from kiosk.design_picture import MOST_BYTES, file_stem, grey_picture
from kiosk.errors import LabelError


def written(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


LOGO = Image.new("L", (60, 20), 255)
LOGO.paste(0, (10, 5, 50, 15))


@pytest.mark.parametrize("kind", ["PNG", "GIF", "BMP"])
def test_a_picture_is_kept_as_png_in_greys(kind: str) -> None:
    kept = grey_picture(written(LOGO.convert("RGB"), kind))
    drawn = Image.open(io.BytesIO(kept.png))
    assert (drawn.format, drawn.mode, drawn.tobytes()) == ("PNG", "L", LOGO.tobytes())
    assert (kept.width, kept.height, kept.has_greys) == (60, 20, False)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_greys_are_told(kind: str) -> None:
    assert grey_picture(written(Image.new("RGB", (8, 8), (200, 30, 90)), kind)).has_greys


def test_what_is_transparent_is_white() -> None:
    clear = Image.new("RGBA", (4, 4), (0, 0, 0, 0))
    assert Image.open(io.BytesIO(grey_picture(written(clear, "PNG")).png)).tobytes() == b"\xff" * 16


def test_nothing_but_the_picture_is_left() -> None:
    exif = Image.Exif()
    exif[0x9286] = "secret words"
    exif[0x0112] = 6  # turned by a quarter
    kept = grey_picture(written(LOGO.convert("RGB"), "JPEG", exif=exif, comment=b"secret words"))
    assert b"secret" not in kept.png
    assert (kept.width, kept.height) == (20, 60)


def test_a_large_picture_becomes_smaller() -> None:
    kept = grey_picture(written(Image.new("1", (3600, 900), 1), "PNG"))
    assert (kept.width, kept.height) == (2400, 600)


def test_noise_that_would_not_fit_into_a_design_becomes_smaller_still() -> None:
    noise = Image.effect_noise((1600, 1600), 120)
    kept = grey_picture(written(noise, "JPEG", quality=60))
    assert len(kept.png) <= 2_000_000
    assert kept.width < 1600


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.4",
        written(LOGO, "PNG")[:60],
        written(LOGO, "TIFF"),
        written(LOGO.convert("RGB"), "PPM"),
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    ],
)
def test_what_is_no_such_picture_is_refused(data: bytes) -> None:
    with pytest.raises(LabelError, match="Expected PNG, JPEG, GIF, BMP or WebP"):
        grey_picture(data)


def test_a_jpeg_that_would_keep_the_kiosk_busy_for_hours_is_refused() -> None:
    data = written(LOGO, "JPEG")
    start = data.index(b"\xff\xda")
    with pytest.raises(LabelError, match="Save it as PNG"):
        grey_picture(data[:start] + data[start : start + 14] * 200 + data[start:])


def test_too_much_is_refused_before_it_is_drawn() -> None:
    with pytest.raises(LabelError, match=r"This picture has 2\.1 MB, expected 2 MB or less"):
        grey_picture(b"\x89PNG" + bytes(MOST_BYTES))
    with pytest.raises(LabelError, match="has 5000 x 5000 pixels, expected 16 megapixels or less"):
        grey_picture(written(Image.new("1", (5000, 5000), 1), "PNG"))


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("logo.png", "logo"),
        ("../../etc/passwd", "picture"),
        ("Mein Bild (2).JPG", "Mein-Bild-2"),
        (".png", "png"),
        ("\u0000é", "picture"),
        ("a" * 300 + ".png", "a" * 40),
    ],
)
def test_a_file_has_a_plain_name(name: str, stem: str) -> None:
    assert file_stem(name) == stem
