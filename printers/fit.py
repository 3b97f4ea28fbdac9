"""Whether a printer, and what is in it, are what labels are made for."""

import dataclasses
from typing import Final

from printers.handling import Handling
from printers.media import Media
from printers.status import Identity, PrinterState, PrinterStatus, Reason

_STOCK_MM: Final = 1.0
"""Printers round: tape of 3.5 mm calls itself 4."""


def compared(status: PrinterStatus, media: Media) -> PrinterStatus:
    """Add to a status that the wrong stock is in the printer, where it knows its stock."""
    if status.loaded is None:
        return status
    reasons, words = list(status.reasons), []
    sizes_mm = status.loaded.sizes_mm
    if sizes_mm and not any(_is_right(size_mm, media) for size_mm in sizes_mm):
        reasons.append(Reason.MEDIA_WRONG)
        held = ", ".join(dict.fromkeys(map(_size, sizes_mm)))
        label_size = _size((media.width_mm, media.height_mm))
        words.append(f"It holds {held} mm, labels are made for {label_size} mm")
    if media.has_ribbon is not None and status.loaded.has_ribbon not in (None, media.has_ribbon):
        reasons.append(Reason.RIBBON_WRONG)
        words.append(
            "It prints without ribbon, the settings say with"
            if media.has_ribbon
            else "It prints with ribbon, the settings say without"
        )
    if not words:
        return status
    return dataclasses.replace(
        status,
        state=PrinterState.TROUBLE,
        reasons=tuple(dict.fromkeys(reasons)),
        details=". ".join(words),
    )


def misfit(identity: Identity, media: Media, handling: Handling, *, has_own_size: bool) -> str:
    """Return in words how a printer differs from what labels are made for; empty where it does not.

    Args:
        identity: What the printer says it is.
        media: What labels are made for.
        handling: Names the model, where that is set.
        has_own_size: Whether labels say how large they are, so that dots need not be the printer's.
    """
    model = handling.model.casefold()
    if model and identity.model and model not in identity.model.casefold():
        return f"Another printer: it calls itself {identity.model}, the settings say {handling.model}"
    expected = round(media.dots_per_mm)
    if has_own_size or identity.dots_per_mm in (None, expected):
        return ""
    return (
        f"Wrong dpi in the settings: {identity.model} has {identity.dots_per_mm} dots a millimetre, "
        f"labels are made for {expected}"
    )


def _is_right(size_mm: tuple[float, float], media: Media) -> bool:
    width_mm, length_mm = size_mm
    return abs(width_mm - media.width_mm) <= _STOCK_MM and (
        length_mm == 0 or abs(length_mm - media.height_mm) <= _STOCK_MM
    )


def _size(size_mm: tuple[float, float]) -> str:
    width_mm, length_mm = size_mm
    return f"{width_mm:g} x {length_mm:g}" if length_mm else f"{width_mm:g}"
