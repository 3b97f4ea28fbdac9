import io

import pytest
from PIL import Image

from printers import Raster, lay_out, load_design, render
from printers.fonts import Face
from printers.layout import Glyphs, Ink, Layout
from printers.placement import PlacedSymbol
from printers.raster import stacked
from printers.symbols import Matrix, Symbology
from tests.printers.material import LABELS, ZEBRA_203


def layout(*ink: Ink, glyphs: tuple[Glyphs, ...] = (), symbols: tuple[PlacedSymbol, ...] = ()) -> Layout:
    return Layout("test", "x", 12, 4, ink, glyphs, symbols)


def test_bits_are_rows_of_whole_bytes_black_is_one() -> None:
    raster = render(layout(Ink(0, 0, 1, 1), Ink(10, 1, 2, 2)))
    assert raster == Raster(12, 4, bytes([0x80, 0, 0, 0x30, 0, 0x30, 0, 0]))
    assert raster.row_bytes == 2


def test_symbol_modules_are_whole_squares_and_never_hide_what_is_under_them() -> None:
    matrix = Matrix(Symbology.QR, "x", 2, 2, bytes([1, 0, 0, 1]))
    raster = render(layout(Ink(2, 0, 1, 1), symbols=(PlacedSymbol(0, 0, 2, 4, matrix),)))
    assert raster.bits == bytes([0xE0, 0, 0xC0, 0, 0x30, 0, 0x30, 0])


def test_bars_are_as_high_as_their_box() -> None:
    matrix = Matrix(Symbology.CODE128, "x", 3, 1, bytes([1, 0, 1]))
    raster = render(layout(symbols=(PlacedSymbol(1, 1, 2, 3, matrix),)))
    assert raster.bits == bytes([0, 0, 0x66, 0, 0x66, 0, 0x66, 0])


def test_glyphs_stand_on_their_baseline() -> None:
    raster = render(Layout("test", "x", 40, 40, (), (Glyphs(5, 30, Face.BOLD, 27, "H"),), ()))
    black = raster.image().convert("L").point(lambda value: 255 - value).getbbox()
    assert black is not None
    assert black[1::2] == (10, 30)


@pytest.mark.parametrize("scale", [1, 3])
def test_png_shows_the_same_dots(scale: int) -> None:
    raster = render(layout(Ink(10, 1, 2, 2)))
    with Image.open(io.BytesIO(raster.png(scale))) as picture:
        assert (picture.mode, picture.size) == ("1", (12 * scale, 4 * scale))
        small = picture.resize((12, 4), Image.Resampling.NEAREST)
        assert small.tobytes() == raster.image().tobytes()


def test_rendering_twice_gives_the_same_bits() -> None:
    design = load_design(LABELS / "part.toml")
    one, two = (render(lay_out(design, design.samples, ZEBRA_203)) for _ in range(2))
    assert one == two
    assert (one.width, one.height, len(one.bits)) == (812, 406, 102 * 406)


def test_labels_are_shown_below_each_other() -> None:
    one, two = Raster(3, 1, b"\xe0"), Raster(16, 2, b"\x80\x01\x00\x00")
    assert stacked([one]) == one
    both = stacked([one, two])
    assert (both.width, both.height) == (16, 27)
    rows = [both.bits[start : start + 2] for start in range(0, len(both.bits), 2)]
    assert rows[0] == b"\xe0\x00"
    assert rows[25:] == [b"\x80\x01", b"\x00\x00"]
    assert [number for number, row in enumerate(rows) if row == b"\xff\xf0"] == [12, 13]
    assert sum(any(row) for row in rows) == 4
