"""Labels and barcodes as pictures and facts, without a queue or a printer that is switched on."""

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image

from kiosk.errors import LabelError, SettingsError
from kiosk.label_shelf import LabelShelf
from kiosk.model import LabelFields
from kiosk.printer_setup import handling_of, media_of
from kiosk.settings import PrinterSettings
from printers import (
    AS_SET,
    LANGUAGES,
    Design,
    LabelInvalid,
    Language,
    Media,
    centred_sheet,
    draw,
    encode_sheets,
    prepare,
)
from printers.symbols import Symbology, decode, encode

_LINEAR_MODULE_PX, _MATRIX_MODULE_PX = 2, 4
_BLACK_ON_WHITE = bytes([255, 0]) + bytes(254)
_DARK = re.compile(b"\x01+")
_LONGEST_LINEAR = 24
"""Above this Code 128 grows wider than a scan pad's card; a square symbol says the same."""
_LINEAR_HEIGHT_PX = 72
_OFFICE_DPI = 600


@dataclass(frozen=True, slots=True)
class DesignFacts:
    """What a caller has to know of a label design."""

    name: str
    title: str
    fields: tuple[str, ...]
    encodes: str
    """The field whose value the main symbol holds."""
    width_mm: float
    height_mm: float
    tables: Mapping[str, tuple[str, ...]]
    """The columns of each table: what its rows take."""


def design_facts(designs: Mapping[str, Design]) -> tuple[DesignFacts, ...]:
    """Return what a caller has to know of designs, by name."""
    return tuple(
        DesignFacts(
            name,
            design.title,
            tuple(field.name for field in design.fields),
            design.encodes,
            design.width_mm,
            design.height_mm,
            {rows.name: tuple(column.name for column in rows.columns) for rows in design.rows},
        )
        for name, design in sorted(designs.items())
    )


def render_label(
    shelf: LabelShelf, name: str, values: LabelFields, printer: PrinterSettings | int | None, kind: str
) -> bytes:
    """Render one label.

    Args:
        shelf: the label designs.
        name: which of them.
        values: its fields, and the rows of its tables.
        printer: the printer it is for, or only its dots an inch, or neither; the media is then one that suits
            the label and the language.
        kind: ``png``, ``pdf`` or a printer's language; one that is not the printer's own gets its media only.

    Raises:
        LabelError: unknown label, field or language; data that does not fit; or it would not scan.
        SettingsError: the printer's language is not known.
    """
    language = _language(kind)
    with _label_errors(name):
        design = shelf.design(name)
        if not isinstance(printer, PrinterSettings):
            media, handling = language.trial(design.width_mm, design.height_mm, printer)
        elif printer.language == kind:
            media, handling = media_of(printer), handling_of(printer)
        else:
            media, handling = Media(printer.width_mm, printer.height_mm, printer.dpi), AS_SET
        return prepare(design, values, media, language, handling=handling).payload


@dataclass(frozen=True, slots=True)
class SheetOrder:
    """Labels that are wanted on sheets of paper."""

    paper_mm: tuple[float, float]
    columns: int
    rows: int
    copies: int
    skipped: int
    """Places of the first sheet that were used before."""


def render_sheet(
    shelf: LabelShelf, name: str, values: LabelFields, order: SheetOrder, dpi: int | None
) -> bytes:
    """Render copies of one label on sheets of paper, as PDF.

    Args:
        shelf: the label designs.
        name: which of them.
        values: its fields.
        order: the sheet and how many.
        dpi: dots an inch; an office printer's 600 where it is left open.

    Raises:
        LabelError: see ``render_label``; or the labels do not fit on the paper.
    """
    with _label_errors(name):
        design = shelf.design(name)
        media = Media(design.width_mm, design.height_mm, dpi or _OFFICE_DPI)
        labels = [raster for _, raster in draw(design, values, media)]
        sheet = centred_sheet(order.paper_mm, order.columns, order.rows, (design.width_mm, design.height_mm))
        return encode_sheets(labels * order.copies, sheet, media.dots_per_mm, first=order.skipped)


@contextmanager
def _label_errors(name: str) -> Iterator[None]:
    try:
        yield
    except LabelInvalid as error:
        raise LabelError(f"Cannot render label {name!r}: {error}") from error


def _language(kind: str) -> Language:
    if kind not in LANGUAGES:
        raise SettingsError(f"Cannot render as {kind!r}: expected one of {sorted(LANGUAGES)}.")
    return LANGUAGES[kind]


def draw_barcode(text: str) -> bytes:
    """Draw a barcode of a text as PNG: Code 128 where that stays short, else a QR code.

    Raises:
        LabelError: no symbology holds this text.
    """
    is_linear = len(text) <= _LONGEST_LINEAR and text.isascii() and text.isprintable()
    try:
        symbol = encode(Symbology.CODE128 if is_linear else Symbology.QR, text)
    except LabelInvalid as error:
        raise LabelError(f"Cannot draw a barcode of {text!r}: {error}") from error
    # Pillow's bytes are 0 for black, a matrix's are 1 for black.
    picture = Image.frombytes("L", (symbol.width, symbol.height), symbol.modules.translate(_BLACK_ON_WHITE))
    above = 0 if is_linear else symbol.quiet
    framed = Image.new("L", (symbol.width + 2 * symbol.quiet, symbol.height + 2 * above), 255)
    framed.paste(picture, (symbol.quiet, above))
    module_px = _LINEAR_MODULE_PX if is_linear else _MATRIX_MODULE_PX
    size = (framed.width * module_px, _LINEAR_HEIGHT_PX if is_linear else framed.height * module_px)
    file = io.BytesIO()
    framed.resize(size, Image.Resampling.NEAREST).save(file, "PNG")
    return file.getvalue()


@dataclass(frozen=True, slots=True)
class CodeDrawing:
    """A QR code as lines for a page: an SVG path of one unit a module."""

    side: int
    """Modules along one side, the quiet zone with them."""
    path: str


def draw_code(text: str) -> CodeDrawing:
    """Draw a QR code of a text.

    Raises:
        LabelError: it is longer than a QR code holds.
    """
    try:
        symbol = encode(Symbology.QR, text)
    except LabelInvalid as error:
        raise LabelError(f"Cannot draw a QR code of {len(text)} characters: {error}") from error
    quiet, width = symbol.quiet, symbol.width
    runs = (
        f"M{run.start() + quiet} {row + quiet}h{run.end() - run.start()}v1H{run.start() + quiet}z"
        for row in range(symbol.height)
        for run in _DARK.finditer(symbol.modules[row * width : (row + 1) * width])
    )
    return CodeDrawing(width + 2 * quiet, "".join(runs))


def read_picture(png: bytes) -> str:
    """Return what a scanner would read first from a picture of a label, empty where there is no symbol."""
    with Image.open(io.BytesIO(png)) as picture:
        found = decode(picture, (Symbology.QR, Symbology.DATAMATRIX)) or decode(picture)
    return found[0].text if found else ""
