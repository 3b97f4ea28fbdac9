"""Light, volume and distance of each station: what a person chose there, else what the settings say."""

from collections.abc import Iterable
from typing import Protocol

from kiosk.model import Ambience, Distance, Light, Volume
from kiosk.settings import StationSettings


class AmbienceBook(Protocol):
    """Where choices are kept."""

    def get(self, station: str) -> Ambience | None:
        """Return what was chosen at the station, ``None`` where nothing was."""

    def put(self, station: str, ambience: Ambience) -> None:
        """Keep what is chosen.

        Raises:
            JournalError: it is not kept.
        """


class Ambiences:
    """Knows what suits each station."""

    def __init__(self, stations: Iterable[StationSettings], book: AmbienceBook) -> None:
        self._usual = {
            one.name: Ambience(Light(one.light), Volume(one.volume), Distance(one.distance))
            for one in stations
        }
        self._book = book

    def of(self, station: str) -> Ambience:
        """Return what suits the station; what suits most where nothing says what does."""
        return self._book.get(station) or self._usual.get(station, Ambience())

    def choose(self, station: str, ambience: Ambience) -> None:
        """Keep what a person chose at the station.

        Raises:
            JournalError: it holds until the page is loaded again.
        """
        self._book.put(station, ambience)
