"""People who are signed in because a test says so."""

from dataclasses import dataclass, field

from kiosk.model import Operator


@dataclass(slots=True)
class FakeOperators:
    """Knows who is where, and notes where somebody did something."""

    signed_in: dict[str, Operator] = field(default_factory=dict)
    acts: list[str] = field(default_factory=list)

    def at(self, station: str) -> Operator | None:
        return self.signed_in.get(station)

    def acted(self, station: str) -> Operator | None:
        self.acts.append(station)
        return self.signed_in.get(station)
