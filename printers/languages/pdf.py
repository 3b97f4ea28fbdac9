"""PDF: a label a page with its very dots, or many labels on a sheet of paper (ISO 32000-1)."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from printers.errors import LabelInvalid
from printers.handling import Handling
from printers.languages.abilities import Abilities, check_settings
from printers.languages.base import Language, any_stock
from printers.languages.bitmap import placed
from printers.media import Media
from printers.raster import Raster

_POINTS_A_MM: Final = 72 / 25.4
_COMPRESSION: Final = 6
_HAIR_DOTS: Final = 0.01
_HEAD: Final = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
"""The second line tells programs that it is binary."""


def check(media: Media, handling: Handling) -> None:
    """See `Language`: paper has no speed."""
    check_settings("pdf", Abilities(), media, handling)


def encode(raster: Raster, media: Media, handling: Handling) -> bytes:
    """Encode one label as a page of the media's size, once for each copy; see `encode_pages`."""
    return encode_pages([raster], media, handling)


def encode_pages(labels: Sequence[Raster], media: Media, handling: Handling) -> bytes:
    """Encode each label as a page of the media's size, and all of them again for each copy.

    Args:
        labels: Stand in their pages' top left corner.
        media: Gives the pages their size, and the dots theirs.
        handling: Offsets and copies.

    Raises:
        LabelInvalid: A bitmap is larger than the media.
    """
    check(media, handling)
    sheets = [placed("pdf", label, media, handling) for label in labels]
    pages = [[(0.0, 0.0, number)] for number in range(len(sheets))]
    size_mm = (media.width_mm, media.height_mm)
    return _document(sheets, pages * handling.copies, size_mm, media.dots_per_mm)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelSheet:
    """A sheet of paper with labels on it, as they are sold for office printers. Lengths in millimetres."""

    width_mm: float
    height_mm: float
    columns: int
    rows: int
    left_mm: float
    """To the first label's left edge."""
    top_mm: float
    across_mm: float
    """From one label's left edge to the next one's."""
    down_mm: float

    @property
    def places(self) -> int:
        """Labels on a sheet."""
        return self.columns * self.rows

    def place_mm(self, number: int) -> tuple[float, float]:
        """Return the upper left corner of a label; they are counted line by line from 0."""
        row, column = divmod(number, self.columns)
        return self.left_mm + column * self.across_mm, self.top_mm + row * self.down_mm


def centred_sheet(
    paper_mm: tuple[float, float], columns: int, rows: int, label_mm: tuple[float, float]
) -> LabelSheet:
    """Return a sheet on which labels stand edge to edge in the middle.

    Raises:
        LabelInvalid: They do not fit.
    """
    left = (paper_mm[0] - columns * label_mm[0]) / 2
    top = (paper_mm[1] - rows * label_mm[1]) / 2
    if columns < 1 or rows < 1 or left < 0 or top < 0:
        raise LabelInvalid(
            f"sheet of {columns} x {rows} labels of {label_mm[0]:g} x {label_mm[1]:g} mm: "
            f"expected them to fit on {paper_mm[0]:g} x {paper_mm[1]:g} mm"
        )
    return LabelSheet(
        width_mm=paper_mm[0],
        height_mm=paper_mm[1],
        columns=columns,
        rows=rows,
        left_mm=left,
        top_mm=top,
        across_mm=label_mm[0],
        down_mm=label_mm[1],
    )


def encode_sheets(
    labels: Sequence[Raster], sheet: LabelSheet, dots_per_mm: float, *, first: int = 0
) -> bytes:
    """Encode labels on as many sheets as they need.

    Args:
        labels: In the order in which they stand; the same one may stand there many times.
        sheet: The paper.
        dots_per_mm: Of the labels.
        first: Places of the first sheet that are left free, since they are used already.

    Raises:
        LabelInvalid: No label, or a first place that is not on the sheet.
    """
    if not labels or not 0 <= first < sheet.places:
        raise LabelInvalid(
            f"pdf: expected labels, and a first place from 0 to {sheet.places - 1}, "
            f"got {len(labels)} and {first}"
        )
    different = list(dict.fromkeys(labels))
    index = {label: number for number, label in enumerate(different)}
    pages: list[list[tuple[float, float, int]]] = []
    for number, label in enumerate(labels, first):
        page, place = divmod(number, sheet.places)
        if page == len(pages):
            pages.append([])
        left_mm, top_mm = (round(mm * dots_per_mm) / dots_per_mm for mm in sheet.place_mm(place))
        pages[page].append((left_mm, top_mm, index[label]))
    return _document(different, pages, (sheet.width_mm, sheet.height_mm), dots_per_mm)


def _document(
    pictures: Sequence[Raster],
    pages: Sequence[Sequence[tuple[float, float, int]]],
    size_mm: tuple[float, float],
    dots_per_mm: float,
) -> bytes:
    """Write a document; a page is a list of left edge, upper edge and number of a picture."""
    first_picture, first_page = 3, 3 + len(pictures)
    kids = " ".join(f"{first_page + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>".encode(),
        *(_picture(picture) for picture in pictures),
    ]
    box = f"[0 0 {_points(size_mm[0])} {_points(size_mm[1])}]"
    names = "".join(f"/L{number} {first_picture + number} 0 R" for number in range(len(pictures)))
    for number, page in enumerate(pages):
        content_number = first_page + 2 * number + 1
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox{box}/Contents {content_number} 0 R"
            f"/Resources<</XObject<<{names}>>>>>>".encode()
        )
        drawn = [
            _placed(pictures[which], which, (left_mm, size_mm[1] - top_mm), dots_per_mm)
            for left_mm, top_mm, which in page
        ]
        objects.append(_stream("", "\n".join(drawn).encode()))
    return _file(objects)


def _placed(picture: Raster, which: int, at_mm: tuple[float, float], dots_per_mm: float) -> str:
    """Draw a picture whose upper left corner is so far from the page's lower left one.

    It is a hair smaller than its dots, as renderers give a picture that ends exactly on a dot's edge one dot
    more, and scale all the others to it.
    """
    width, height = picture.width - 2 * _HAIR_DOTS, picture.height - 2 * _HAIR_DOTS
    left = at_mm[0] + _HAIR_DOTS / dots_per_mm
    bottom = at_mm[1] - (picture.height - _HAIR_DOTS) / dots_per_mm
    numbers = (width / dots_per_mm, 0, 0, height / dots_per_mm, left, bottom)
    return f"q {' '.join(map(_points, numbers))} cm/L{which} Do Q"


def _picture(raster: Raster) -> bytes:
    if raster.red:
        picture = raster.coloured()
        palette = bytes(picture.getpalette() or [])[:9].hex()
        entries = (
            f"/Type/XObject/Subtype/Image/Width {raster.width}/Height {raster.height}"
            f"/ColorSpace[/Indexed/DeviceRGB 2<{palette}>]/BitsPerComponent 8/Filter/FlateDecode"
        )
        return _stream(entries, zlib.compress(picture.tobytes(), _COMPRESSION))
    entries = (
        f"/Type/XObject/Subtype/Image/Width {raster.width}/Height {raster.height}"
        "/ColorSpace/DeviceGray/BitsPerComponent 1/Decode[1 0]/Filter/FlateDecode"
    )
    return _stream(entries, zlib.compress(raster.bits, _COMPRESSION))


def _stream(entries: str, data: bytes) -> bytes:
    return f"<<{entries}/Length {len(data)}>>\nstream\n".encode() + data + b"\nendstream"


def _points(length_mm: float) -> str:
    return f"{length_mm * _POINTS_A_MM:.5f}".rstrip("0").rstrip(".")


def _file(objects: Sequence[bytes]) -> bytes:
    """Number the objects and add the table of where each begins."""
    body, places = bytearray(_HEAD), []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    count = len(objects) + 1
    end = (
        f"xref\n0 {count}\n0000000000 65535 f \n{table}"
        f"trailer\n<</Size {count}/Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF\n"
    )
    return bytes(body) + end.encode()


PDF: Final = Language(
    "pdf",
    "application/pdf",
    encode,
    check,
    has_red=any_stock,
    encode_pages=encode_pages,
    has_own_size=True,
)
