"""The scanners that were bound to a station on the scanner page, and stay bound."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from kiosk.journal.clerk import Clerk
from kiosk.journal.tables import bindings
from kiosk.model import Binding


class BindingBook:
    """Keeps bindings by name; a device, which is a kind and a port, has one at most."""

    def __init__(self, clerk: Clerk) -> None:
        self._clerk = clerk

    def all(self) -> Sequence[Binding]:
        """Return every binding, by name."""
        with self._clerk.store.reading() as connection:
            rows = connection.execute(sa.select(bindings).order_by(bindings.c.name)).mappings()
            return tuple(_binding(row) for row in rows)

    def put(self, binding: Binding) -> None:
        """Keep a binding in place of another of its name, and of another of its device.

        Raises:
            JournalError: it is not on disk, and does not hold.
        """
        is_same = (bindings.c.kind == binding.kind) & (bindings.c.port == binding.port)
        with self._clerk.store.writing() as connection:
            connection.execute(sa.delete(bindings).where((bindings.c.name == binding.name) | is_same))
            connection.execute(
                sa.insert(bindings).values(
                    name=binding.name,
                    station=binding.station,
                    kind=binding.kind,
                    port=binding.port,
                    device=binding.device,
                    at=binding.at.isoformat(),
                    baud=binding.baud,
                    layout=binding.layout,
                    tab_ends=binding.tab_ends,
                )
            )
            details = {"name": binding.name, "kind": binding.kind, "port": binding.port}
            self._clerk.note(connection, binding.station, "scanner-bound", details)

    def remove(self, name: str) -> None:
        """Forget a binding; one that is not there is fine.

        Raises:
            JournalError: it is still on disk, and holds.
        """
        with self._clerk.store.writing() as connection:
            station = connection.execute(
                sa.delete(bindings).where(bindings.c.name == name).returning(bindings.c.station)
            ).scalar()
            if station is not None:
                self._clerk.note(connection, station, "scanner-unbound", {"name": name})


def _binding(row: sa.RowMapping) -> Binding:
    return Binding(
        name=row["name"],
        station=row["station"],
        kind=row["kind"],
        port=row["port"],
        device=row["device"],
        at=datetime.fromisoformat(row["at"]),
        baud=row["baud"],
        layout=row["layout"],
        tab_ends=row["tab_ends"],
    )
