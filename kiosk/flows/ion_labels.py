"""Labels that ION draws: which there are of a thing, and how one is asked for.

The list is asked for while a person looks at the thing's labels. The label itself comes through the outbox: a
finished operation calls for its print, with the bytes that ION gave.
"""

from collections.abc import Mapping
from typing import Final

from kiosk.flows.asking import asking, found_in
from kiosk.flows.flow import Place
from kiosk.flows.labels import facts_of
from kiosk.flows.wording import title
from kiosk.model import (
    Asked,
    Inventory,
    Json,
    Kit,
    LabelTemplate,
    Location,
    Operation,
    Print,
    Question,
    Run,
    Subject,
    Submit,
)

RENDER: Final = "render_label"
_PREFIX: Final = "ion:"
_WORDS: Final = {"inventory": "PARTS_INVENTORY", "run": "RUNS", "location": "LOCATIONS", "kit": "KITS"}
"""Kind of subject to ION's word for it; ``LOCATIONS`` and ``PARTS_INVENTORY`` are known for sure."""


def templates_asked(subject: Subject, place: Place) -> dict[str, Json]:
    """Return the part of a state that asks ION for its labels; empty where none could be printed here."""
    is_offered = place.offers is not None and RENDER in place.offers
    if not (is_offered and place.takes_zpl and _entity_of(subject)):
        return {}
    return asking(Question(Asked.LABEL_TEMPLATES, _WORDS[subject.kind]))


def templates_in(state: Mapping[str, Json]) -> tuple[LabelTemplate, ...]:
    """Return the labels that ION offers, as far as it has answered."""
    return tuple(found for found in found_in(state) if isinstance(found, LabelTemplate))


def name_of(template: LabelTemplate) -> str:
    """Return the name of a label that ION draws; no design is called so."""
    return f"{_PREFIX}{template.id}"


def label_asked(subject: Subject, template: LabelTemplate, copies: int) -> Submit:
    """Return the change that lets ION draw a label."""
    facts = facts_of(subject)
    arguments: dict[str, Json] = {
        "entity_id": _entity_of(subject),
        "template_id": template.id,
        "template": template.name,
        "title": title(subject),
        "code": str(facts["code"]),
        "serial": str(facts.get("serialNumber", "")),
        "copies": copies,
    }
    return Submit(RENDER, f"label/{subject.key}", subject.key, arguments)


def label_drawn(operation: Operation) -> Print | None:
    """Return the print of a label that ION has drawn, ``None`` where it gave none."""
    changed = (operation.result or {}).get("changed")
    zpl = changed.get("zpl") if isinstance(changed, Mapping) else None
    if not isinstance(zpl, str) or not zpl:
        return None
    given = operation.arguments
    fields = {"title": str(given["title"]), "template": str(given["template"]), "code": str(given["code"])}
    if given.get("serial"):
        fields["serialNumber"] = str(given["serial"])
    name = f"{_PREFIX}{given['template_id']}"
    return Print(name, fields, operation.about, int(str(given["copies"])), zpl=zpl)


def _entity_of(subject: Subject) -> str | None:
    return subject.entity_id if isinstance(subject, Inventory | Run | Location | Kit) else None
