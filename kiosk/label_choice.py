"""The labels that a station prints of each kind of thing, and what of all that is known a design shows."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from kiosk.flows.labels import USUAL
from kiosk.model import LabelChoice, LabelFields
from kiosk.settings import StationSettings
from printers import Design, Media

_SLACK_MM = 1e-6


def station_choices(
    settings: StationSettings, designs: Mapping[str, Design], stock: Media | None
) -> dict[str, tuple[LabelChoice, ...]]:
    """Return the labels that a station prints, by use; see ``LabelRoom.choices``.

    Args:
        settings: the station's; of a use that they do not name, the usual labels are printed.
        designs: by name.
        stock: what is in the station's printer, ``None`` where it has none.
    """
    named: dict[str, list[LabelChoice]] = {}
    for one in settings.labels:
        named.setdefault(one.subject, []).append(LabelChoice(one.design, one.design, one.printer))
    choices = {use: named.get(use) or _usual(use, designs, stock) for use in USUAL}
    return {use: tuple(_described(one, designs) for one in offered) for use, offered in choices.items()}


def _usual(use: str, designs: Mapping[str, Design], stock: Media | None) -> Iterable[LabelChoice]:
    """Return what suits the stock; a design of less than half its width or height would waste it."""
    found = [(choice, designs.get(choice.name)) for choice in USUAL[use]]
    suiting = [choice for choice, design in found if design and stock and _suits(design, stock)]
    return suiting or USUAL[use][:1]


def _suits(design: Design, stock: Media) -> bool:
    sides = ((design.width_mm, stock.width_mm), (design.height_mm, stock.height_mm))
    is_large_enough = all(wanted >= had / 2 - _SLACK_MM for wanted, had in sides)
    return is_large_enough and not stock_fault(design, stock)


def stock_fault(design: Design, stock: Media) -> str:
    """Return why a design does not go on stock, empty where it does."""
    if design.width_mm > stock.width_mm + _SLACK_MM or design.height_mm > stock.height_mm + _SLACK_MM:
        return (
            f"expected stock of {design.width_mm:g} x {design.height_mm:g} mm or more, "
            f"got {stock.width_mm:g} x {stock.height_mm:g} mm"
        )
    if stock.dpi < design.min_dpi:
        return f"expected a head of {design.min_dpi} dpi or more, got {stock.dpi} dpi"
    return ""


def _described(choice: LabelChoice, designs: Mapping[str, Design]) -> LabelChoice:
    """Return a choice with what its design says; where that is not there, it is only a name."""
    design = designs.get(choice.name)
    if design is None:
        return choice
    required = frozenset(field.name for field in design.fields if field.required)
    tables = frozenset(rows.name for rows in design.rows)
    return replace(choice, title=design.title, needs=required, tables=tables)


def selected(known: LabelFields, design: Design) -> LabelFields:
    """Return what a design shows of all that is known."""
    texts = {field.name for field in design.fields}
    columns = {rows.name: {column.name for column in rows.columns} for rows in design.rows}
    shown: dict[str, str | list[dict[str, str]]] = {}
    for name, value in known.items():
        if isinstance(value, str):
            if name in texts:
                shown[name] = value
        elif name in columns:
            shown[name] = [
                {column: text for column, text in row.items() if column in columns[name]} for row in value
            ]
    return shown
