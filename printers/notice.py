"""What is shown in place of a label that only its printer can draw."""

import dataclasses
from collections.abc import Mapping
from typing import Final

from printers.fonts import Face
from printers.label import Box, Design, Field, Text
from printers.media import Media
from printers.template import Template

_MARGIN: Final = 0.06
"""Of the shorter side."""
_LARGEST_MM: Final = 2.6
_LINE: Final = 1.7
"""Line to line, in heights of a capital."""


def foreign(facts: Mapping[str, str], media: Media) -> Design:
    """Return what stands for a label that somebody else drew: it fills the media and shows the facts.

    Args:
        facts: What is known of the label; a few, each with a text.
        media: What the label is printed on.
    """
    fields = tuple(Field(name, required=False, sample=text) for name, text in facts.items())
    return notice(
        Design(
            name="foreign",
            title="Drawn elsewhere",
            fields=fields,
            encodes=next(iter(facts), ""),
            width_mm=media.width_mm,
            height_mm=media.height_mm,
            elements=(),
        )
    )


def notice(design: Design) -> Design:
    """Return a stand-in that takes the same fields, and shows in a frame what will be put into the label."""
    margin_mm = _MARGIN * min(design.width_mm, design.height_mm)
    lines = [("Drawn by the printer: not shown here.", Face.BOLD)]
    lines += [(f"{field.name}: ${{{field.name}}}", Face.SANS) for field in design.fields]
    pitch_mm = min(_LARGEST_MM * _LINE, (design.height_mm - 2 * margin_mm) / len(lines))
    size_mm = pitch_mm / _LINE
    texts = tuple(
        Text(
            x_mm=margin_mm,
            y_mm=margin_mm + number * pitch_mm,
            width_mm=design.width_mm - 2 * margin_mm,
            height_mm=size_mm,
            value=Template.parse(line),
            size_mm=size_mm,
            min_size_mm=size_mm / 2,
            face=face.value,
        )
        for number, (line, face) in enumerate(lines)
    )
    frame = Box(x_mm=0, y_mm=0, width_mm=design.width_mm, height_mm=design.height_mm, thickness_mm=0.25)
    return dataclasses.replace(design, elements=(frame, *texts), zpl=None)
