import io
import zlib

import pytest
import zxingcpp
from PIL import Image

from kiosk.errors import ScanError
from kiosk.photo import SeenCode, read_photo
from kiosk.sheets import scanner_sheet
from kiosk.sheets.setup_codes import DOUBLES, KEYS, SEPARATORS
from printers.symbols import Symbology, encode


def picture_of(text: str, symbology: Symbology = Symbology.DATAMATRIX, *, mode: str = "L") -> Image.Image:
    matrix = encode(symbology, text)
    small = Image.frombytes(
        "L", (matrix.width, matrix.height), matrix.modules.translate(bytes([255] + [0] * 255))
    )
    size = (matrix.width * 6, 90 if matrix.height == 1 else matrix.height * 6)
    framed = Image.new(mode, (size[0] + 160, size[1] + 160), "white")
    framed.paste(small.resize(size, Image.Resampling.NEAREST), (80, 80))
    return framed


def saved(picture: Image.Image, kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    picture.save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("mode", ["L", "RGB"])
def test_a_code_comes_with_its_identifier_and_every_byte(kind: str, mode: str) -> None:
    (code,) = read_photo(saved(picture_of(SEPARATORS, mode=mode), kind))
    assert code == SeenCode("]d1", "Data Matrix", SEPARATORS.encode())
    assert code.raw == b"]d1" + SEPARATORS.encode()


@pytest.mark.parametrize("angle", [90, 180, 270, 12])
def test_a_photo_may_be_turned(angle: int) -> None:
    turned = picture_of("PO-10007", Symbology.QR).rotate(angle, expand=True, fillcolor="white")
    assert [code.raw for code in read_photo(saved(turned, "JPEG"))] == [b"]Q1PO-10007"]


def test_gs1_has_gs_between_its_elements() -> None:
    barcode = zxingcpp.create_barcode(
        "(01)04012345678901(10)ABC(21)9", zxingcpp.BarcodeFormat.DataMatrix, gs1=True
    )
    view = zxingcpp.write_barcode_to_image(barcode, scale=6, add_quiet_zones=True)
    height, width = view.shape
    data = saved(Image.frombytes("L", (width, height), bytes(memoryview(view))))  # type: ignore[arg-type]
    assert [code.raw for code in read_photo(data)] == [b"]d20104012345678901" + b"10ABC\x1d219"]


def test_several_come_from_the_top_to_the_bottom_and_each_once() -> None:
    texts = [code.data.decode() for code in read_photo(scanner_sheet())]
    assert texts == [SEPARATORS, KEYS, DOUBLES]
    twice = Image.new("L", (600, 800), 255)
    for top in (0, 400):
        twice.paste(picture_of("LOT-7"), (0, top))
    assert [code.data for code in read_photo(saved(twice))] == [b"LOT-7"]


def test_a_photo_of_many_megapixels_is_read() -> None:
    large = Image.new("L", (6000, 4500), 255)
    large.paste(picture_of("ION/PO/5").resize((1400, 1400)), (2000, 1500))
    assert [code.data for code in read_photo(saved(large, "JPEG"))] == [b"ION/PO/5"]


def test_a_photo_of_nothing_has_no_codes() -> None:
    assert read_photo(saved(Image.new("RGB", (640, 480), "grey"))) == ()


def header_only(width: int, height: int) -> bytes:
    data = bytearray(saved(Image.new("L", (8, 8))))
    data[16:24] = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "Cannot read a photo of 0 bytes: expected one of ['JPEG', 'PNG', 'WEBP'], got b''."),
        (b"%PDF-1.4 not a photo", "got b'%PDF-1.4'"),
        (b"\xff\xd8\xff\xe0" + bytes(200), "Cannot read a photo of 204 bytes"),
        (saved(Image.new("L", (400, 400)))[:90], "Cannot read a photo of 90 bytes"),
        (saved(Image.new("L", (8, 8)), "GIF"), "got b'GIF8"),
        (header_only(9000, 9000), "Cannot read a photo of 9000 x 9000 dots: expected 64 megapixels or less."),
        (header_only(10000, 10000), "Cannot read a photo of"),
        (header_only(40000, 40000), "Cannot read a photo of"),
    ],
)
def test_what_is_no_photo_is_said(data: bytes, says: str) -> None:
    with pytest.raises(ScanError) as caught:
        read_photo(data)
    assert says in str(caught.value)
