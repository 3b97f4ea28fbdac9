"""Which labels belong to which subject, and what stands on them."""

import json
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kiosk.flows.wording import title
from kiosk.model import (
    Inventory,
    Json,
    Kit,
    LabelChoice,
    LabelFields,
    Location,
    Print,
    Run,
    RunStep,
    Stock,
    Subject,
)
from kiosk.wire import plain
from kiosk.words import N_

_UID = re.compile(r"[0-9a-fA-F]{32}")
_STEP_PART = re.compile(r"[A-Za-z0-9._-]{1,31}")
_ENTITIES = {"inventory": "PI", "location": "LOC", "run": "RUN", "kit": "KIT"}
RECEIVE: Final = "receive"
"""The use of a label for what was just received; its others are kinds of subjects."""
Choices = Mapping[str, tuple[LabelChoice, ...]]
"""The labels that a station prints, by use; the first is printed where none is named."""

USUAL: Final[Choices] = MappingProxyType(
    {
        "inventory": (
            LabelChoice("part", "Part"),
            LabelChoice("tool", N_("Tool"), needs=frozenset({"number"})),
            LabelChoice("small-part", "Small part"),
        ),
        "run": (
            LabelChoice("run", "Run"),
            LabelChoice("traveler", N_("Traveler"), tables=frozenset({"steps"})),
        ),
        "location": (LabelChoice("location", "Location"),),
        "kit": (LabelChoice("kit", "Kit", tables=frozenset({"contents"})),),
        RECEIVE: (LabelChoice("part", "Part"),),
    }
)
"""The designs that come with the kiosk, where a station's settings say nothing."""


def code_of(subject: Inventory | Location | Run | Kit) -> str:
    """Return what the label's symbol says: ION's own uid where it can be read back, else the reference."""
    if subject.uid and _UID.fullmatch(subject.uid):
        return json.dumps({"uid": subject.uid}, separators=(",", ":"))
    return reference_of(subject)


def reference_of(subject: Inventory | Location | Run | Kit) -> str:
    """Return the kiosk's reference, short enough for a linear symbol."""
    return f"ION/{_ENTITIES[subject.kind]}/{subject.id}"


def part_label_of(stock: Stock) -> Print:
    """Return the label of a part in general, for the bin that it is kept in; flows never print it."""
    part = stock.part
    values = {
        "code": f"ION/PART/{part.id}",
        "part.partNumber": part.number,
        "part.description": part.description,
        "part.revision": part.revision,
    }
    facts = {field: value for field, value in values.items() if value}
    return Print("part", facts, stock.key, is_selecting=True)


def has_label(subject: Subject) -> bool:
    """Return whether there are labels for this; parts in general and orders have none."""
    return subject.kind in _ENTITIES


def facts_of(subject: Subject) -> LabelFields:
    """Return all that is known of a subject, by the names of ION's templates.

    Nothing where there is no label of it.
    """
    match subject:
        case Inventory():
            facts = _of_inventory(subject)
        case Run():
            facts = {
                "code": code_of(subject),
                "reference": reference_of(subject),
                "title": title(subject),
                "part.partNumber": subject.part_number,
                "serialNumber": subject.serial or "",
                "procedure.title": subject.procedure,
                "status": _shouted(subject.status),
            }
        case Location():
            facts = {"code": code_of(subject), "name": subject.name}
        case Kit():
            facts = {
                "code": code_of(subject),
                "name": title(subject),
                "status": _shouted(subject.status),
                "location.name": subject.location.name if subject.location else "",
            }
        case _:
            return {}
    known: dict[str, Json] = {field: value for field, value in facts.items() if value}
    return {**{field: str(value) for field, value in known.items()}, **_rows_of(subject)}


def labels_of(
    subject: Subject, choices: Choices, *, use: str = "", also: LabelFields = MappingProxyType({})
) -> tuple[Print, ...]:
    """Return the labels that a station prints of a subject, what it prints unasked first.

    A design is left out where something that it must show is not known, or its table would be empty, unless
    the station has no other.

    Args:
        subject: of any kind.
        choices: the station's.
        use: what the label is for; else the subject's kind.
        also: what is known beside ``facts_of``.
    """
    offered = choices.get(use or subject.kind, ()) if has_label(subject) else ()
    facts = {**facts_of(subject), **also}
    fitting = [
        choice
        for choice in offered
        if all(facts.get(name) for name in choice.needs)
        and (not choice.tables or any(facts.get(name) for name in choice.tables))
    ]
    return tuple(
        Print(choice.name, facts, subject.key, printer=choice.printer, is_selecting=True)
        for choice in fitting or offered[:1]
    )


def label_of(subject: Subject, choices: Choices = USUAL) -> Print | None:
    """Return the label that a station prints unasked; see ``labels_of``."""
    return next(iter(labels_of(subject, choices)), None)


def step_code(run: Run, step: RunStep) -> str:
    """Return the barcode of one step, empty where its ids are none that a barcode can name."""
    parts = (run.id, step.id)
    return f"ION/STEP/{run.id}:{step.id}" if all(map(_STEP_PART.fullmatch, parts)) else ""


def _shouted(status: str) -> str:
    return status.replace("_", " ").upper()


def _of_inventory(stock: Inventory) -> dict[str, str]:
    return {
        "code": code_of(stock),
        "part.partNumber": stock.part.number,
        "part.description": stock.part.description,
        "part.revision": stock.part.revision,
        "serialNumber": stock.serial or "",
        "lotNumber": stock.lot or "",
        "quantity": plain(stock.quantity),
        "location.name": stock.location.name if stock.location else "",
        "status": _shouted(stock.status),
        # A tool is a piece of its own.
        "number": stock.serial or "",
        "name": stock.part.description,
    }


def _rows_of(subject: Subject) -> LabelFields:
    match subject:
        case Run(steps=steps):
            ordered = sorted(steps, key=lambda step: step.position)
            return {
                "steps": [
                    _filled(position=str(number), title=step.title, code=step_code(subject, step))
                    for number, step in enumerate(ordered, 1)
                ]
            }
        case Kit(items=items):
            return {
                "contents": [
                    {
                        **_filled(quantity=plain(item.quantity)),
                        "part.partNumber": item.part.number,
                        "part.description": item.part.description,
                    }
                    for item in items
                ]
            }
        case _:
            return {}


def _filled(**columns: str) -> dict[str, str]:
    return {name: text for name, text in columns.items() if text}
