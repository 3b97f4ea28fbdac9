import pytest

from printers import LabelInvalid, Raster
from printers.languages.bitmap import bands, inverted, moved, rows
from tests.printers.languages.reading import blank

BAD = b"\x10\x04"


def harmless(piece: Raster) -> bool:
    return BAD not in piece.bits


def together(raster: Raster, pieces: list[tuple[int, int, Raster]]) -> bool:
    sheet = blank(raster.width, raster.height)
    for x, y, piece in pieces:
        sheet.paste(piece.image(), (x, y))
    return sheet.tobytes() == raster.image().tobytes()


def test_a_harmless_bitmap_is_cut_only_by_its_height() -> None:
    raster = Raster(24, 5, bytes(range(15)))
    pieces = list(bands("x", raster, harmless, most_rows=2))
    assert [(x, y, piece.height) for x, y, piece in pieces] == [(0, 0, 2), (0, 2, 2), (0, 4, 1)]
    assert together(raster, pieces)


def test_only_the_rows_that_need_it_begin_further_right() -> None:
    """One row has ink in its first dot, so that the rows around the bad one have to be sent apart from it."""
    raster = Raster(24, 4, b"\x80\x00\x00" + b"\x01" + BAD + b"\x00\x00\x01" + b"\x80\x01\x00")
    pieces = list(bands("x", raster, harmless, most_rows=100))
    assert together(raster, pieces)
    assert all(map(harmless, (piece for _, _, piece in pieces)))
    assert [(x, y, piece.height) for x, y, piece in pieces] == [(0, 0, 1), (1, 1, 1), (0, 2, 2)]


def test_pieces_move_by_whole_steps() -> None:
    raster = Raster(24, 1, b"\x01" + BAD)
    ((x, _, piece),) = bands("x", raster, harmless, most_rows=100, step=3)
    assert x in {3, 6}
    assert harmless(piece)


def test_a_row_that_cannot_be_sent_is_refused() -> None:
    with pytest.raises(LabelInvalid, match=r"^x: expected white dots left in row 1, got ink at the edge$"):
        list(bands("x", Raster(24, 2, bytes(3) + b"\xff" + BAD), harmless, most_rows=100))


def test_ink_beyond_the_edge_is_refused() -> None:
    raster = Raster(8, 2, b"\x01\x80")
    assert moved("x", raster, (1, 1), (16, 4)) == Raster(16, 4, b"\0\0\x00\x80\x40\x00\0\0")
    with pytest.raises(
        LabelInvalid, match=r"^x: expected ink only where it can be printed, on 8 x 4 dots, got ink"
    ):
        moved("x", raster, (1, 1), (8, 4))


def test_rows_and_their_opposite() -> None:
    raster = Raster(10, 2, b"\x80\x40\x01\x00")
    assert rows(raster) == [b"\x80\x40", b"\x01\x00"]
    assert inverted(raster) == b"\x7f\xbf\xfe\xff"
