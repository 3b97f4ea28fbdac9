"""Notes in memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from kiosk.errors import JournalError
from kiosk.model import Json


@dataclass(slots=True)
class FakeNotes:
    """Keeps what it is given for as long as the test lasts, which is longer than a kiosk lives."""

    kept: dict[str, Mapping[str, Json]] = field(default_factory=dict)
    trouble: str = ""
    """Why nothing can be written, empty where it can."""

    def noted(self, marker: str) -> Mapping[str, Json]:
        return self.kept.get(marker, {})

    def note(self, marker: str, notes: Mapping[str, Json]) -> None:
        if self.trouble:
            raise JournalError(self.trouble)
        self.kept[marker] = dict(notes)
