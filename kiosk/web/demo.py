"""The demo's scan pad and the tray of its virtual printer, as the page shows them."""

import hashlib
import json
from dataclasses import dataclass

from kiosk.web.rooms import Rooms


@dataclass(frozen=True, slots=True)
class Card:
    """A barcode to tap."""

    index: int
    title: str
    detail: str
    escaped: str
    """The text as a JSON string: what the tap sends."""
    digest: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A label in the tray."""

    number: int
    escaped: str | None
    digest: str


def pad_groups(rooms: Rooms) -> dict[str, list[Card]]:
    """Return the scan pad's cards by group, in their order."""
    groups: dict[str, list[Card]] = {}
    for index, item in enumerate(rooms.pad() if rooms.pad else ()):
        card = Card(index, item.title, item.detail, json.dumps(item.text), _digest(item.text.encode()))
        groups.setdefault(item.group, []).append(card)
    return groups


def tray_items(rooms: Rooms) -> list[Paper]:
    """Return the labels in the tray."""
    return [
        Paper(item.number, json.dumps(item.text) if item.text else None, _digest(item.png))
        for item in (rooms.tray() if rooms.tray else ())
    ]


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]
