"""The ticks of a scale, in millimetres or in dots."""

import math
from dataclasses import dataclass
from typing import Final, TypeAlias

from printers.fonts import CAP_HEIGHT_EM, Face, font
from printers.label import RulerUnit
from printers.media import Media

Mark: TypeAlias = tuple[int, int, int, int]
"""Left, top, width and height in dots."""

_NUMBER_MM: Final = 1.6
"""Height of the numbers' digits; they stand below the ticks where the box leaves them room."""
_GAP_MM: Final = 0.6


@dataclass(frozen=True, slots=True)
class Number:
    """A number beside its tick."""

    x: int
    baseline: int
    size_px: int
    text: str


def ticks(unit: RulerUnit, length: int, height: int, size: Media) -> tuple[list[Mark], list[Number]]:
    """Return the ticks and numbers of a scale that begins at its left edge.

    A millimetre's tick stands on the dot nearest to it. A scale of dots has a tick every ten, and its first
    ten dots black and white by turns, which a worn or dirty head smears.

    Args:
        unit: What is counted.
        length: Of the scale, in dots.
        height: Of the scale and its numbers.
        size: The label, for its pitch.
    """
    size_px = max(1, math.floor(_NUMBER_MM * size.dots_per_mm / CAP_HEIGHT_EM + 0.5))
    below = size.dots(_NUMBER_MM + _GAP_MM)
    longest = max(1, height - below)
    thick = max(1, size.dots(0.1))
    marks: list[Mark] = []
    numbers: list[Number] = []
    free = 0
    step = 1 if unit is RulerUnit.MM else 10
    end = int(length / size.dots_per_mm) if unit is RulerUnit.MM else length - 1
    for count in range(0, end + 1, step):
        x = size.dots(count) if unit is RulerUnit.MM else count
        width = thick if unit is RulerUnit.MM else 1
        if x + width > length:
            break
        is_tenth, is_fifth = count % (10 * step) == 0, count % (5 * step) == 0
        share = 1.0 if is_tenth else 0.7 if is_fifth else 0.45
        marks.append((x, 0, width, max(1, round(longest * share))))
        if is_tenth:
            text = str(count)
            wide = math.ceil(font(Face.SANS, size_px).getlength(text, mode="1"))
            left = max(0, x - wide // 2)
            if free <= left <= length - wide and height > below:
                numbers.append(Number(left, height, size_px, text))
                free = left + wide + size.dots(_GAP_MM)
    if unit is RulerUnit.DOTS:
        marks += [(x, 0, 1, longest) for x in range(0, min(10, length), 2)]
    return marks, numbers
