"""What is known of operations on their way to ION: what was there before, and what ION answered."""

import json
from collections.abc import Mapping

import sqlalchemy as sa

from kiosk.journal.clerk import Clerk
from kiosk.journal.rows import written
from kiosk.journal.tables import operations
from kiosk.model import Json, marked_id


class SendNotes:
    """Implements ``kiosk.ports.NoteRoom``: beside the operations, with which they are removed."""

    def __init__(self, clerk: Clerk) -> None:
        self._clerk = clerk

    def noted(self, marker: str) -> Mapping[str, Json]:
        """Return what was noted last of an operation, nothing where nothing was.

        Raises:
            JournalError: the journal could not be read.
        """
        query = sa.select(operations.c.notes).where(operations.c.id == marked_id(marker))
        with self._clerk.store.reading() as connection:
            text = connection.execute(query).scalar()
        notes: Mapping[str, Json] = json.loads(text) if text else {}
        return notes

    def note(self, marker: str, notes: Mapping[str, Json]) -> None:
        """Note this of an operation in place of what was noted before.

        Raises:
            JournalError: it could not be written.
        """
        query = sa.update(operations).where(operations.c.id == marked_id(marker))
        with self._clerk.store.writing() as connection:
            connection.execute(query.values(notes=written(notes) if notes else ""))
