"""For each language, what a printer does that is sent a payload, by decoders that are not the encoder's."""

import re
import struct
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from printers import Handling, Media
from printers.languages.brother_stock import model_of, stock_of
from tests.printers.languages.reading import (
    blank,
    read_brother,
    read_epl2,
    read_escpos,
    read_pdf,
    read_png,
    read_tspl,
    read_zpl,
)

Judge = Callable[[bytes, Media, Handling, Path], list[Image.Image]]


def _zpl(payload: bytes, _media: Media, _handling: Handling, _folder: Path) -> list[Image.Image]:
    return read_zpl(payload).labels


def _epl2(payload: bytes, _media: Media, _handling: Handling, _folder: Path) -> list[Image.Image]:
    return read_epl2(payload).labels


def _tspl(payload: bytes, media: Media, _handling: Handling, _folder: Path) -> list[Image.Image]:
    return read_tspl(payload, media.dots_per_mm).labels


def _escpos(payload: bytes, media: Media, _handling: Handling, _folder: Path) -> list[Image.Image]:
    return read_escpos(payload, media.width_dots).labels


def _brother(payload: bytes, media: Media, handling: Handling, _folder: Path) -> list[Image.Image]:
    """The printable part of the tape, put back between its margins."""
    model = model_of(handling.model)
    stock = stock_of(media, model)
    labels = []
    for page in read_brother(payload, model.pins // 8):
        left = model.pins - stock.offset - stock.width
        printed = page.image(page.rows).crop((left, 0, left + stock.width, stock.height))
        label = blank(media.width_dots, media.height_dots)
        label.paste(printed, ((label.width - stock.width) // 2, (label.height - stock.height) // 2))
        labels.append(label)
    return labels


def _pdf(payload: bytes, media: Media, _handling: Handling, folder: Path) -> list[Image.Image]:
    return read_pdf(payload, folder, media.dots_per_mm)


def _png(payload: bytes, _media: Media, _handling: Handling, _folder: Path) -> list[Image.Image]:
    return [read_png(payload)]


JUDGES: dict[str, Judge] = {
    "zpl": _zpl,
    "epl2": _epl2,
    "tspl": _tspl,
    "escpos": _escpos,
    "brother_ql": _brother,
    "pdf": _pdf,
    "png": _png,
}


def commands(name: str, payload: bytes, media: Media, handling: Handling) -> list[str]:
    """All that a payload says but its dots, and but where pieces of the bitmap begin."""
    if name == "zpl":
        return read_zpl(payload).commands
    if name == "epl2":
        return read_epl2(payload).commands
    if name == "tspl":
        return [line for line in read_tspl(payload, media.dots_per_mm).commands if "BITMAP" not in line]
    if name == "escpos":
        return [line for line in read_escpos(payload, media.width_dots).commands if line[:4] != "1d50"]
    if name == "brother_ql":
        return [
            f"{page.head} {page.end!r} {len(page.rows)}"
            for page in read_brother(payload, model_of(handling.model).pins // 8)
        ]
    if name == "pdf":
        return [_around_dots(payload)]
    return _chunks(payload)


def _around_dots(pdf: bytes) -> str:
    """A document with one picture, without that picture's data and without what counts its bytes."""
    (found,) = re.finditer(rb"/FlateDecode/Length (\d+)>>\nstream\n", pdf)
    end = found.end() + int(found[1])
    assert pdf[end:].startswith(b"\nendstream\nendobj\n")
    rest = pdf[: found.start()] + pdf[end:]
    return re.sub(rb"\d{10} 00000 n|startxref\n\d+", b"", rest).decode("latin-1")


def _chunks(png: bytes) -> list[str]:
    """The chunks of a picture, and the content of all but its data (PNG specification, section 5)."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    place, found = 8, []
    while place < len(png):
        (length,) = struct.unpack(">I", png[place : place + 4])
        kind, content = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        found.append(f"{kind!r} {b'' if kind == b'IDAT' else content!r}")
        place += 12 + length
    return found
