"""Which label belongs to which subject, and what stands on it."""

import json
import re

from kiosk.flows.wording import title
from kiosk.model import Inventory, Location, Print, Run, Stock, Subject
from kiosk.wire import plain

_UID = re.compile(r"[0-9a-fA-F]{32}")


def code_of(subject: Inventory | Location | Run) -> str:
    """Return what the label's symbol says: ION's own uid where it can be read back, else the reference."""
    if subject.uid and _UID.fullmatch(subject.uid):
        return json.dumps({"uid": subject.uid}, separators=(",", ":"))
    return reference_of(subject)


def reference_of(subject: Inventory | Location | Run) -> str:
    """Return the kiosk's reference, short enough for a linear symbol."""
    entity = {"inventory": "PI", "location": "LOC", "run": "RUN"}[subject.kind]
    return f"ION/{entity}/{subject.id}"


def part_label_of(stock: Stock) -> Print:
    """Return the label of a part in general, for the bin that it is kept in; flows never print it."""
    part = stock.part
    values = {
        "code": f"ION/PART/{part.id}",
        "part.partNumber": part.number,
        "part.description": part.description,
        "part.revision": part.revision,
    }
    return Print("part", {field: value for field, value in values.items() if value}, stock.key)


def label_of(subject: Subject, copies: int = 1) -> Print | None:
    """Return the label of a subject; parts in general and orders have none."""
    match subject:
        case Inventory():
            values = {
                "code": code_of(subject),
                "part.partNumber": subject.part.number,
                "part.description": subject.part.description,
                "part.revision": subject.part.revision,
                "serialNumber": subject.serial or "",
                "lotNumber": subject.lot or "",
                "quantity": plain(subject.quantity),
                "location.name": subject.location.name if subject.location else "",
            }
            name = "part"
        case Run():
            values = {
                "code": code_of(subject),
                "reference": reference_of(subject),
                "title": title(subject),
                "part.partNumber": subject.part_number,
                "serialNumber": subject.serial or "",
                "procedure.title": subject.procedure,
            }
            name = "run"
        case Location():
            values = {"code": code_of(subject), "name": subject.name}
            name = "location"
        case _:
            return None
    return Print(name, {field: value for field, value in values.items() if value}, subject.key, copies)
