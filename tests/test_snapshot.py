import base64
import io
import random
import struct
import sys
import zlib
from collections.abc import Callable
from functools import cache, partial
from typing import TypeAlias

import pytest
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from kiosk.errors import PhotoRefused
from kiosk.journal.files import MOST_FILE_BYTES
from kiosk.snapshot import MOST_SENT_BYTES, snapshot
from tests.test_photo import header_only, saved

HEIC = base64.b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAaFtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA"
    "ADRpbG9jAAAAAERAAAIAAQAAAAABxQABAAAAAAAAADcAAgAAAAAB/AABAAAAAAAAADwAAAA4aWluZgAAAAAAAgAAABVpbmZlAgAA"
    "AAABAABodmMxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAAA5waXRtAAAAAAABAAAA4GlwcnAAAADAaXBjbwAAAHhodmNDAQNwAAAA"
    "kAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQGEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoDCBBZbq"
    "SSmubgIaDAgAAAMAyAAAAwAIQGIAAQAHRAHBcrAiQAAAABNjb2xybmNseAABAA0ABoAAAAAUaXNwZQAAAAAAAABgAAAAQAAAABBw"
    "aXhpAAAAAAMICAgAAAAJaXJvdAMAAAAYaXBtYQAAAAAAAAABAAEFgQIDBIUAAAAaaXJlZgAAAAAAAAAOY2RzYwACAAEAAQAAAHtt"
    "ZGF0AAAAMygBr1iLMg6SX//1yHyPw/T/62GOjcW3B9/2eZr9jBET7D4FU4+BvufhKvwaGPs134cdgAAAAAZFeGlmAABNTQAqAAAA"
    "CAACAQ8AAgAAAAwAAAAmARIAAwAAAAEABgAAAAAAAFNFQ1JFVE1BS0VSAA=="
)
"""96 x 64 dots, the left half blue and the right one red, to be turned to the right by a quarter."""
HTML = b"<script>alert(document.domain)</script>"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><rect/></svg>'


def halves(mode: str = "RGB", size: tuple[int, int] = (96, 64)) -> Image.Image:
    """Return a picture whose left half is blue and whose right one is red."""
    picture = Image.new("RGB", size, (200, 30, 30))
    picture.paste((20, 60, 200), (0, 0, size[0] // 2, size[1]))
    return picture.convert(mode)


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data), formats=["JPEG"])
    picture.load()
    return picture


def is_blue(picture: Image.Image, x: int, y: int) -> bool:
    red, _, blue = picture.convert("RGB").getpixel((x, y))  # type: ignore[misc]  # three numbers in RGB
    return bool(blue > red)


def exif(orientation: int = 1) -> Image.Exif:
    """Return what a phone writes: who made it, when, and where."""
    data = Image.Exif()
    data[ExifTags.Base.Orientation] = orientation
    data[ExifTags.Base.Make] = "SECRETMAKER"
    data[ExifTags.Base.DateTime] = "2026:11:25 09:00:00"
    data.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (52.0, 31.0, 12.0), 29: "SECRETPLACE"})
    return data


def jpeg(**options: object) -> bytes:
    file = io.BytesIO()
    halves().save(file, "JPEG", **options)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_every_kind_of_camera_becomes_jpeg(kind: str, mode: str) -> None:
    picture = opened(snapshot(saved(halves(mode), kind)))
    assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (96, 64))


@pytest.mark.parametrize("mode", ["1", "P", "CMYK", "I;16", "RGBA", "LA"])
def test_every_kind_of_colour_becomes_rgb(mode: str) -> None:
    picture = halves().convert("RGB" if mode == "I;16" else mode)
    if mode == "I;16":
        picture = Image.new("I;16", (96, 64), 500)
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert opened(snapshot(saved(picture, kind))).mode == "RGB"


def test_what_is_transparent_becomes_paper() -> None:
    picture = opened(snapshot(saved(Image.new("RGBA", (8, 8), (0, 0, 0, 0)))))
    assert picture.getpixel((4, 4)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("orientation", "blue", "red"),
    [(1, (10, 32), (86, 32)), (3, (86, 32), (10, 32)), (6, (32, 10), (32, 86)), (8, (32, 86), (32, 10))],
)
def test_a_turned_photo_is_put_upright(orientation: int, blue: tuple[int, int], red: tuple[int, int]) -> None:
    picture = opened(snapshot(jpeg(exif=exif(orientation))))
    assert picture.size == ((96, 64) if orientation in {1, 3} else (64, 96))
    assert is_blue(picture, *blue)
    assert not is_blue(picture, *red)
    assert not picture.getexif()


def test_nothing_of_what_was_sent_is_left_but_the_picture() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    sent = jpeg(exif=exif(), comment=HTML, icc_profile=profile) + b"PK\x03\x04 an archive " + HTML
    for word in (b"SECRETMAKER", b"SECRETPLACE", b"2026:11:25", HTML, b"PK\x03\x04"):
        assert word in sent
    kept = snapshot(sent)
    for word in (b"SECRETMAKER", b"SECRETPLACE", b"2026:11:25", b"script", b"PK\x03\x04", b"Exif", b"ICC"):
        assert word not in kept
    assert set(opened(kept).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_png_leaves_its_texts_behind() -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", HTML.decode())
    texts.add_itxt("XML:com.adobe.xmp", SVG.decode())
    file = io.BytesIO()
    halves().save(file, "PNG", pnginfo=texts, exif=exif())
    kept = snapshot(file.getvalue() + HTML)
    assert not {word for word in (b"script", b"svg", b"SECRET") if word in kept}


def test_of_a_photo_with_several_pictures_the_first_is_kept() -> None:
    file = io.BytesIO()
    halves().save(file, "MPO", save_all=True, append_images=[Image.new("RGB", (96, 64), "white")] * 2)
    assert Image.open(file).format == "MPO"
    assert is_blue(opened(snapshot(file.getvalue())), 10, 32)


def test_a_large_photo_becomes_smaller_and_keeps_its_shape() -> None:
    picture = opened(snapshot(saved(halves(size=(6000, 4500)), "JPEG")))
    assert picture.size == (2048, 1536)
    assert is_blue(picture, 100, 700)
    assert opened(snapshot(saved(halves(size=(3000, 100))))).size == (2048, 68)


def test_even_noise_fits_where_photos_are_kept() -> None:
    noise = Image.frombytes("RGB", (2048, 2048), random.Random(4).randbytes(2048 * 2048 * 3))  # noqa: S311
    assert len(snapshot(saved(noise, "JPEG"))) < MOST_FILE_BYTES


def test_a_photo_of_a_phone_that_makes_heic_is_kept() -> None:
    kept = snapshot(HEIC)
    picture = opened(kept)
    assert picture.size == (64, 96)
    assert is_blue(picture, 32, 10)
    assert not is_blue(picture, 32, 86)
    assert b"SECRETMAKER" in HEIC
    assert b"SECRETMAKER" not in kept


def test_without_its_reader_heic_is_refused_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pi_heif", None)  # as if it were not installed
    with pytest.raises(PhotoRefused, match=r"This photo is HEIC\. Set the phone's camera to JPEG"):
        snapshot(HEIC)


Sent: TypeAlias = bytes | Callable[[], bytes]
"""What is sent; made in the test that sends it where that takes its time."""


def as_sent(data: Sent) -> bytes:
    return data if isinstance(data, bytes) else data()


@cache
def bomb(width: int, height: int) -> bytes:
    """Return a PNG of that many grey dots in a few kilobytes."""
    packer = zlib.compressobj(9)
    line = bytes(width + 1)
    body = b"".join(packer.compress(line) for _ in range(height)) + packer.flush()
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", body),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


def progressive(width: int, height: int, scans: int) -> bytes:
    """Return a progressive JPEG of that size whose last scan comes again and again."""
    file = io.BytesIO()
    Image.new("RGB", (width, height)).save(file, "JPEG", progressive=True)
    data = file.getvalue()
    last = data.rfind(b"\xff\xda")
    return data[:-2] + data[last:-2] * scans + data[-2:]


NO_PHOTO = "This is no photo that can be read, or it is not whole. Expected JPEG, PNG or WebP."


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(b"", NO_PHOTO, id="nothing"),
        pytest.param(SVG, NO_PHOTO, id="svg"),
        pytest.param(HTML, NO_PHOTO, id="html"),
        pytest.param(b"GIF89a/*" + HTML, NO_PHOTO, id="gif that is a script"),
        pytest.param(b"%PDF-1.7\n" + HTML, NO_PHOTO, id="pdf"),
        pytest.param(saved(halves(), "GIF"), NO_PHOTO, id="gif"),
        pytest.param(saved(halves(), "TIFF"), NO_PHOTO, id="tiff"),
        pytest.param(saved(halves(), "BMP"), NO_PHOTO, id="bmp"),
        pytest.param(saved(halves(), "JPEG")[:400], NO_PHOTO, id="half a jpeg"),
        pytest.param(saved(halves())[:90], NO_PHOTO, id="half a png"),
        pytest.param(HEIC[:300], NO_PHOTO, id="half a heic"),
        pytest.param(b"\x00\x00\x00\x1cftypheic" + bytes(500), NO_PHOTO, id="heic of nothing"),
        pytest.param(b"\xff\xd8\xff\xe0" + HTML * 20, NO_PHOTO, id="jpeg of nothing"),
        pytest.param(bytes(MOST_SENT_BYTES + 1), "This photo is larger than 12 megabytes.", id="huge"),
        pytest.param(partial(bomb, 9000, 9000), "This photo has 9000 x 9000 dots.", id="bomb"),
        pytest.param(partial(bomb, 5000, 5000), "Expected 16 megapixels or less", id="small bomb"),
        pytest.param(header_only(40000, 40000), NO_PHOTO, id="bomb by its header"),
        pytest.param(
            partial(progressive, 5000, 5000, 1), "Expected 24 megapixels or less", id="progressive bomb"
        ),
        pytest.param(
            partial(progressive, 400, 400, 200),
            "This is no photo that a camera made.",
            id="endless progressive",
        ),
    ],
)
def test_what_is_no_photo_is_refused_in_words(data: Sent, says: str) -> None:
    with pytest.raises(PhotoRefused) as caught:
        snapshot(as_sent(data))
    assert says in str(caught.value)
    assert "script" not in str(caught.value)


def test_a_progressive_photo_of_a_camera_is_kept() -> None:
    assert opened(snapshot(jpeg(progressive=True))).size == (96, 64)
