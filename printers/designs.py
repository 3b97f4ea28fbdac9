"""Loads label designs from files; one that could print a bad label does not load."""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from printers.element_toml import ReadFile
from printers.errors import LabelInvalid
from printers.label import Design, Symbol, Values, elements_in, texts_of
from printers.label_toml import parse_design
from printers.languages.zpl_text import check_ready_made
from printers.media import Media
from printers.proof import draw
from printers.symbology import Symbology

PROOF_DPI: Final = (203, 300, 600)
"""The heads that label printers have. A design must be good on the first two that are fine enough for it."""
_PROOFS: Final = 2


def load_design(path: Path) -> Design:
    """Read a design and prove it: its samples are laid out, drawn and read back at 203 and 300 dpi.

    Args:
        path: A TOML file; its name without the ending becomes the design's name. What stands beside it as
            `<name>.zpl` is sent to ZPL printers in its place.

    Raises:
        LabelInvalid: The file cannot be read, or the design cannot become a good label. The message names the
            file, the element, and the millimetres wanted and had.
    """
    try:
        source = path.read_text(encoding="utf-8")
        beside = path.with_suffix(".zpl")
        zpl = beside.read_text(encoding="utf-8") if beside.is_file() else ""
    except OSError as error:
        raise LabelInvalid(
            f"{path.name}: expected a readable file (the system says: {error.strerror})"
        ) from error
    except UnicodeDecodeError as error:
        raise LabelInvalid(f"{path.name}: expected a file in UTF-8") from error
    return check_design(
        path.stem,
        source,
        where=path.name,
        read_file=lambda name: (path.parent / name).read_bytes(),
        zpl=zpl,
    )


def check_design(
    name: str, source: str, *, where: str, read_file: ReadFile | None = None, zpl: str = ""
) -> Design:
    """Read a design from its TOML and prove it; see `load_design` and `parse_design`.

    Raises:
        LabelInvalid: It cannot become a good label.
    """
    design = parse_design(name, source, where=where, read_file=read_file, zpl=zpl)
    prove(design, where=where)
    return design


def prove(design: Design, *, where: str) -> None:
    """Make sure that a design becomes a good label with its samples.

    They are tried all together; once for each condition, without the fields that it wants to be absent, so
    that every element is drawn; and with symbols that hold a single character, whose large modules need wide
    quiet zones.

    Raises:
        LabelInvalid: It does not.
    """
    try:
        _prove(design)
    except LabelInvalid as error:
        raise LabelInvalid(f"{where}: {error}") from error


@lru_cache(maxsize=64)
def _prove(design: Design) -> None:
    """Prove a design; what was found good is not drawn again, which takes a Pi hundreds of milliseconds."""
    fine_enough = [dpi for dpi in PROOF_DPI if dpi >= design.min_dpi][:_PROOFS] or [design.min_dpi]
    for dpi in fine_enough:
        media = Media(design.width_mm, design.height_mm, dpi)
        for values in _sample_sets(design):
            try:
                if design.elements:
                    draw(design, values, media)
                if design.zpl is not None:
                    check_ready_made(design.zpl.fill(texts_of(values)))
            except LabelInvalid as error:
                raise LabelInvalid(f"with its samples at {dpi} dpi: {error}") from error


def _sample_sets(design: Design) -> Iterator[Values]:
    samples = design.samples
    yield samples
    drawn = set()
    required = {field.name for field in design.fields if field.required}
    for _, element in elements_in(design.elements):
        absent = frozenset(element.condition.absent)
        if absent and absent not in drawn and not absent & required:
            drawn.add(absent)
            yield {name: value for name, value in samples.items() if name not in absent}
    short = _of_any_length(design)
    yield {
        name: (value[:1] if name in short else value)
        if isinstance(value, str)
        else [
            {column: text[:1] if f"{name}.{column}" in short else text for column, text in row.items()}
            for row in value
        ]
        for name, value in samples.items()
    }


def _of_any_length(design: Design) -> set[str]:
    """Return the fields that stand in symbols and may be as short as they like."""
    free: set[str] = set()
    fixed: set[str] = set()
    for _, element in elements_in(design.elements):
        if isinstance(element, Symbol):
            (fixed if _has_rules(element.symbology) else free).update(element.value.fields)
    return free - fixed


def _has_rules(symbology: Symbology) -> bool:
    return symbology.traits.is_gs1 or symbology in {Symbology.EAN13, Symbology.ITF14}


def load_designs(folder: Path) -> dict[str, Design]:
    """Read every `*.toml` of a folder, by name in alphabetical order.

    Raises:
        LabelInvalid: There is no such folder, or one of the designs is not good.
    """
    if not folder.is_dir():
        raise LabelInvalid(f"label designs: expected a folder, got {str(folder)!r}")
    return {path.stem: load_design(path) for path in sorted(folder.glob("*.toml"))}
