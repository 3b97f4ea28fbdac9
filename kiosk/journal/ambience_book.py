"""The light, the volume and the distance that people chose at their stations."""

import sqlalchemy as sa

from kiosk.journal.clerk import Clerk
from kiosk.journal.tables import ambiences
from kiosk.model import Ambience, Distance, Light, Volume


class AmbienceBook:
    """Keeps what was chosen, by station."""

    def __init__(self, clerk: Clerk) -> None:
        self._clerk = clerk

    def get(self, station: str) -> Ambience | None:
        """Return what was chosen at the station, ``None`` where nothing was."""
        wanted = sa.select(ambiences).where(ambiences.c.station == station)
        with self._clerk.store.reading() as connection:
            row = connection.execute(wanted).mappings().one_or_none()
        if row is None:
            return None
        return Ambience(Light(row["light"]), Volume(row["volume"]), Distance(row["distance"]))

    def put(self, station: str, ambience: Ambience) -> None:
        """Keep what is chosen, in place of what was.

        Raises:
            JournalError: it is not on disk.
        """
        values = {
            "light": ambience.light.value,
            "volume": ambience.volume.value,
            "distance": ambience.distance.value,
        }
        with self._clerk.store.writing() as connection:
            connection.execute(sa.delete(ambiences).where(ambiences.c.station == station))
            connection.execute(sa.insert(ambiences).values(station=station, **values))
