"""Labels and barcodes as pictures and facts, without a queue or a printer that is switched on."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from kiosk.errors import LabelError, SettingsError
from kiosk.model import LabelFields
from kiosk.settings import PrinterSettings
from printers import LANGUAGES, LabelInvalid, Media, load_design, load_designs, prepare
from printers.symbols import Symbology, decode, encode

_LINEAR_MODULE_PX, _MATRIX_MODULE_PX = 2, 4
_BLACK_ON_WHITE = bytes([255, 0]) + bytes(254)
_LONGEST_LINEAR = 24
"""Above this Code 128 grows wider than a scan pad's card; a square symbol says the same."""
_LINEAR_HEIGHT_PX = 72


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


def design_facts(folder: Path) -> tuple[DesignFacts, ...]:
    """Return the label designs of a folder, by name.

    Raises:
        LabelError: a design has a fault.
    """
    try:
        designs = load_designs(folder)
    except LabelInvalid as error:
        raise LabelError(str(error)) from error
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
    folder: Path, name: str, values: LabelFields, printer: PrinterSettings | int, kind: str
) -> bytes:
    """Render one label.

    Args:
        folder: the label designs.
        name: which of them.
        values: its fields, and the rows of its tables.
        printer: the printer it is for, or only its dots an inch; the media is then the label's own size.
        kind: ``png`` or a printer's language.

    Raises:
        LabelError: unknown label, field or language; data that does not fit; or it would not scan.
        SettingsError: the printer's language is not known.
    """
    try:
        known = sorted(path.stem for path in folder.glob("*.toml"))
        if name not in known:
            raise LabelError(f"Cannot render label {name!r}: expected one of {known}.")
        design = load_design(folder / f"{name}.toml")
        if isinstance(printer, int):
            media = Media(design.width_mm, design.height_mm, printer)
        else:
            media = Media(printer.width_mm, printer.height_mm, printer.dpi)
        language = LANGUAGES.get("zpl" if kind == "png" else kind)
        if language is None:
            raise SettingsError(f"Cannot render as {kind!r}: expected one of {['png', *sorted(LANGUAGES)]}.")
        made = prepare(design, values, media, language)
    except LabelInvalid as error:
        raise LabelError(f"Cannot render label {name!r}: {error}") from error
    return made.png if kind == "png" else made.payload


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


def read_picture(png: bytes) -> str:
    """Return what a scanner would read first from a picture of a label, empty where there is no symbol."""
    with Image.open(io.BytesIO(png)) as picture:
        found = decode(picture, (Symbology.QR, Symbology.DATAMATRIX)) or decode(picture)
    return found[0].text if found else ""
