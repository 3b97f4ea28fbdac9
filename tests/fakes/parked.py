"""Work that waits for a person because a test says so."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from kiosk.model import Level, Message, Operator
from kiosk.ports import Choice, ParkedWork
from kiosk.words import told


def piece(id_: str = "o1", **changes: object) -> ParkedWork:
    """Return a receipt of which nobody knows whether ION has it."""
    given: dict[str, object] = {
        "id": id_,
        "wanted": told("Receive {quantity} × {what}", quantity="5", what="VLV-4410"),
        "facts": {"Lot": "LOT-2026-11", "Received before": told("{count}", count="12")},
        "is_refused": False,
        "why": "ION does not show it after 4 sends. ION shows 12 of 40, 12 were there before.",
        "station": "dock-1",
        "by": "Ada Lovelace",
        "at": datetime(2026, 11, 21, 9, 30, tzinfo=UTC),
        "operation": "receive",
        "sent": {"order_id": "5001", "title": "VLV-4410", "quantity": "5", "serials": '["A", "B"]'},
        "attempts": 4,
        "held": 0,
        **changes,
    }
    return ParkedWork(**given)  # type: ignore[arg-type]  # a test's own words


@dataclass(slots=True)
class FakeParked:
    """Takes every decision, and takes decided work off the list."""

    pieces: list[ParkedWork] = field(default_factory=list)
    decisions: list[tuple[str, Choice, str]] = field(default_factory=list)
    found: Message | None = None
    deciders: list[Operator | None] = field(default_factory=list)

    def work(self) -> tuple[ParkedWork, ...]:
        return tuple(self.pieces)

    def look(self, id_: str) -> Message | None:
        return self.found if any(one.id == id_ for one in self.pieces) else None

    def decide(self, id_: str, choice: Choice, why: str, by: Operator | None = None) -> Message:
        self.deciders.append(by)
        self.decisions.append((id_, choice, why))
        self.pieces = [one for one in self.pieces if one.id != id_]
        return Message(Level.GOOD, "Given up: {what}.", {"what": id_})
