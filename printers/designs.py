"""Loads label designs from files; one that could print a bad label does not load."""

from pathlib import Path
from typing import Final

from printers.errors import LabelInvalid
from printers.label import Design
from printers.label_toml import parse_design
from printers.layout import lay_out
from printers.media import Media
from printers.proof import check_readable
from printers.raster import render

PROOF_DPI: Final = (203, 300)
"""The two heads most label printers have; a design must be good on both."""


def load_design(path: Path) -> Design:
    """Read a design and prove it: its samples are laid out, drawn and read back at 203 and 300 dpi.

    Args:
        path: A TOML file; its name without the ending becomes the design's name.

    Raises:
        LabelInvalid: The file cannot be read, or the design cannot become a good label. The message names the
            file, the element, and the millimetres wanted and had.
    """
    try:
        source = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LabelInvalid(f"{path.name}: expected a readable UTF-8 file: {error}") from error
    design = parse_design(path.stem, source, where=path.name)
    for dpi in PROOF_DPI:
        try:
            layout = lay_out(design, design.samples, Media(design.width_mm, design.height_mm, dpi))
            check_readable(render(layout), layout)
        except LabelInvalid as error:
            raise LabelInvalid(f"{path.name}: with its samples at {dpi} dpi: {error}") from error
    return design


def load_designs(folder: Path) -> dict[str, Design]:
    """Read every `*.toml` of a folder, by name in alphabetical order.

    Raises:
        LabelInvalid: There is no such folder, or one of the designs is not good.
    """
    if not folder.is_dir():
        raise LabelInvalid(f"label designs: expected a folder, got {str(folder)!r}")
    return {path.stem: load_design(path) for path in sorted(folder.glob("*.toml"))}
