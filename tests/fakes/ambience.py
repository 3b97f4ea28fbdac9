"""A book of light and volume, in memory."""

from dataclasses import dataclass, field

from kiosk.model import Ambience


@dataclass(slots=True)
class FakeAmbienceBook:
    """Forgets with the test."""

    chosen: dict[str, Ambience] = field(default_factory=dict)

    def get(self, station: str) -> Ambience | None:
        return self.chosen.get(station)

    def put(self, station: str, ambience: Ambience) -> None:
        self.chosen[station] = ambience
