"""What every language does to a bitmap before it writes it down."""

from collections.abc import Callable, Iterator
from typing import Final

from PIL import Image

from printers.errors import LabelInvalid
from printers.handling import Handling
from printers.media import Media
from printers.raster import Raster

_DOTS_A_BYTE: Final = 8
_INVERTED: Final = bytes(255 - byte for byte in range(256))


def placed(name: str, raster: Raster, media: Media, handling: Handling) -> Raster:
    """Return the bitmap where the printer's offsets want it; without offsets it is the bitmap itself.

    Args:
        name: What messages call the language.
        raster: The label, drawn from the media's top left corner.
        media: What is in the printer.
        handling: Gives the offsets.

    Raises:
        LabelInvalid: The bitmap is larger than the media, or an offset pushes ink over an edge.
    """
    width, height = media.width_dots, media.height_dots
    if raster.width > width or raster.height > height:
        raise LabelInvalid(
            f"{name}: expected a bitmap of at most {width} x {height} dots, "
            f"got {raster.width} x {raster.height}"
        )
    right, down = media.dots(handling.offset_x_mm), media.dots(handling.offset_y_mm)
    if not right and not down:
        return raster
    return moved(name, raster, (right, down), (width, height))


def moved(name: str, raster: Raster, by: tuple[int, int], size: tuple[int, int]) -> Raster:
    """Return a bitmap of another size with the ink moved right and down by so many dots.

    Raises:
        LabelInvalid: Ink would fall over an edge.
    """
    sheets, is_whole = [], True
    for plane in raster.planes:
        sheet = Image.new("1", size, 1)
        if plane is not None:
            picture = plane.image()
            sheet.paste(picture, by)
            is_whole = is_whole and ink(sheet) == ink(picture)
        sheets.append(sheet.tobytes("raw", "1;I"))
    if not is_whole:
        raise LabelInvalid(
            f"{name}: expected ink only where it can be printed, on {size[0]} x {size[1]} dots, "
            f"got ink beyond, moved {by[0]} dots right and {by[1]} down"
        )
    return Raster(*size, sheets[0], sheets[1] if raster.red else b"")


def bands(
    name: str, raster: Raster, is_harmless: Callable[[Raster], bool], *, most_rows: int, step: int = 1
) -> Iterator[tuple[int, int, Raster]]:
    """Cut a bitmap into pieces in whose bytes no printer can find a command.

    Some printers act on certain bytes as soon as they arrive, also in the middle of a bitmap. Where they
    occur, the piece begins up to seven white dots further right, which makes other bytes of the same dots.

    Args:
        name: What messages call the language.
        raster: The bitmap.
        is_harmless: Whether a piece can be sent.
        most_rows: The most rows a piece may have.
        step: Dots by which a piece can be moved.

    Yields:
        Left edge, upper edge and bitmap of each piece.

    Raises:
        LabelInvalid: A row cannot be sent at all, since its ink begins at the very edge.
    """
    for top in range(0, raster.height, most_rows):
        waiting = [(top, min(top + most_rows, raster.height))]
        while waiting:
            start, end = waiting.pop()
            piece = _moved_until(is_harmless, raster, (start, end), step)
            if piece is not None:
                yield piece[0], start, piece[1]
            elif end - start == 1:
                raise LabelInvalid(f"{name}: expected white dots left in row {start}, got ink at the edge")
            else:
                middle = (start + end) // 2
                waiting += [(middle, end), (start, middle)]


def _moved_until(
    is_harmless: Callable[[Raster], bool], raster: Raster, span: tuple[int, int], step: int
) -> tuple[int, Raster] | None:
    """Return some rows and how far right they begin, so that they are harmless; None if that cannot be."""
    top, bottom = span
    bits = raster.bits[top * raster.row_bytes : bottom * raster.row_bytes]
    plain = Raster(raster.width, bottom - top, bits)
    if is_harmless(plain):
        return 0, plain
    picture = plain.image()
    for left in range(step, min(_DOTS_A_BYTE, raster.width), step):
        if ink(picture.crop((0, 0, left, picture.height))):
            return None
        rest = picture.crop((left, 0, picture.width, picture.height))
        shifted = Raster(rest.width, rest.height, rest.tobytes("raw", "1;I"))
        if is_harmless(shifted):
            return left, shifted
    return None


def ink(picture: Image.Image) -> int:
    """Count the black dots of a picture of mode "1"."""
    return picture.histogram()[0]


def inverted(raster: Raster) -> bytes:
    """Return the bits with 0 for black, also where rows are padded to whole bytes."""
    return raster.bits.translate(_INVERTED)


def rows(raster: Raster) -> list[bytes]:
    """Return the bitmap line by line."""
    step = raster.row_bytes
    return [raster.bits[start : start + step] for start in range(0, len(raster.bits), step)]
