"""Looks after the audit while the kiosk runs: is the chain whole, and what is its head of the day."""

import logging
from datetime import date

from kiosk.journal import audit
from kiosk.journal.clerk import Clerk
from kiosk.words import N_

LOG_NAME = __name__
"""Tells each day's head: kept off the box, it finds an audit that was cut off or rewritten."""
_LOG = logging.getLogger(LOG_NAME)
_BROKEN = N_("The audit is broken at entry {entry}: it was changed, and not by the kiosk.")
_TAIL = 5_000
"""Entries that are checked at the start: a tenth of a second."""
_AT_ONCE = 2_000
"""Entries that are checked in one go, so that no reader holds the database for long."""


class AuditWatch:
    """Knows whether the audit is whole, as far as it was looked at."""

    def __init__(self, clerk: Clerk) -> None:
        self._clerk = clerk
        self._day: date | None = None
        self.broken_at: int | None = None
        """The first entry that does not follow from the one before, ``None`` where none was found."""

    def look_at_tail(self) -> None:
        """Check the last entries, as a start has time for.

        Raises:
            JournalError: the journal cannot be read.
        """
        with self._clerk.store.reading() as connection:
            _, self.broken_at = audit.follow(connection, audit.head_before(connection, _TAIL))
        self._say()

    def look_daily(self) -> None:
        """Once a day check all, and log the head.

        Raises:
            JournalError: the journal cannot be read.
        """
        today = self._clerk.clock().date()
        if today == self._day:
            return
        last, broken_at = self._followed()
        if broken_at is None:
            _LOG.info("The audit's head on %s is %s", today.isoformat(), last)
        self.broken_at = broken_at
        self._day = today
        self._say()

    def _followed(self) -> tuple[audit.Head, int | None]:
        with self._clerk.store.reading() as connection:
            last, begins_wrong_at = audit.begin(connection)
        if begins_wrong_at is not None:
            return last, begins_wrong_at
        while True:
            with self._clerk.store.reading() as connection:
                reached, broken_at = audit.follow(connection, last, _AT_ONCE)
            if broken_at is not None or reached == last:
                return reached, broken_at
            last = reached

    def _say(self) -> None:
        if self.broken_at is not None:
            _LOG.critical("%s", self.words)

    @property
    def words(self) -> str:
        """Return what a technician has to know, empty where all is well."""
        if self.broken_at is None:
            return ""
        return _BROKEN.format(entry=self.broken_at)
