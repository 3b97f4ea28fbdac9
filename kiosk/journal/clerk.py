"""What every part of the journal writes with: the store, the time, new ids and the audit chain."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from kiosk.journal import audit
from kiosk.journal.store import Store
from kiosk.model import Json
from kiosk.ports import Clock, Ids


@dataclass(frozen=True, slots=True)
class Clerk:
    """Writes entries in one hand."""

    store: Store
    clock: Clock
    ids: Ids
    boot: str
    """The kernel's boot id: orders entries whose wall time cannot be trusted."""

    def now(self) -> str:
        """Return the time as the journal writes it."""
        return self.clock().isoformat()

    def new_id(self) -> str:
        """Return a new id."""
        return self.ids()

    def note(self, connection: Connection, station: str, event: str, details: Mapping[str, Json]) -> None:
        """Add to the audit chain, in the transaction of what is told."""
        audit.append(connection, audit.Happening(self.now(), self.boot, station, event, details))
