"""The barcode patterns that ION gave last, for a start without network."""

import json
import logging
from collections.abc import Sequence

import sqlalchemy as sa

from kiosk.barcodes import Pattern
from kiosk.journal.clerk import Clerk
from kiosk.journal.rows import written
from kiosk.journal.tables import answers
from kiosk.wire import from_json

_LOG = logging.getLogger(__name__)
_BY = "barcode-patterns"
_IS_OURS = answers.c.by == _BY
"""They are the answer to a question, and stand among the answers under one that no barcode asks."""


class PatternCache:
    """The tenant's patterns, all of them at once."""

    def __init__(self, clerk: Clerk) -> None:
        self._clerk = clerk

    def get(self) -> tuple[Pattern, ...]:
        """Return the patterns in the tenant's order, none where they were never kept.

        Raises:
            JournalError: they cannot be read.
        """
        with self._clerk.store.reading() as connection:
            text = connection.execute(sa.select(answers.c.subjects).where(_IS_OURS)).scalar()
        try:
            return tuple(from_json(Pattern, data) for data in json.loads(text or "[]"))
        except ValueError:
            _LOG.info("The remembered barcode patterns cannot be read any more")
            return ()

    def put(self, patterns: Sequence[Pattern]) -> None:
        """Keep patterns in place of those before.

        Raises:
            JournalError: they could not be kept.
        """
        with self._clerk.store.writing() as connection:
            connection.execute(sa.delete(answers).where(_IS_OURS))
            connection.execute(
                sa.insert(answers).values(
                    by=_BY, value="", subjects=written(tuple(patterns)), at=self._clerk.now()
                )
            )
