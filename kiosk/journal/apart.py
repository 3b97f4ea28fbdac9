"""Migrations in a process of their own: Alembic's memory, a tenth of the kiosk's, is gone with it."""

import logging
import os
import threading

from kiosk.errors import JournalError
from kiosk.journal.sole_use import sole_use
from kiosk.journal.store import Store, is_migration_due

_LOG = logging.getLogger(__name__)


def migrate_apart(url: str, *, allow_volatile: bool = False) -> None:
    """Bring the tables up to date before the journal is opened.

    Whatever goes wrong is left to be met, and told, by who opens it: the tables are as they were then. Other
    threads would not survive the fork, so that beside them nothing is done here.

    Args:
        url: the journal, which nobody in this process has open.
        allow_volatile: see ``Store``.
    """
    if threading.active_count() > 1 or not is_migration_due(url):
        return
    child = os.fork()
    if child == 0:
        os._exit(_migrated(url, allow_volatile=allow_volatile))
    _, status = os.waitpid(child, 0)
    if status:
        _LOG.info("The tables were not brought up to date apart; opening the journal does it, or says why")


def _migrated(url: str, *, allow_volatile: bool) -> int:
    """Open the journal once, and return an exit code."""
    # The words are said by the parent, which meets the same.
    logging.disable()
    try:
        with sole_use(url):
            Store(url, allow_volatile=allow_volatile).close()
    except JournalError:
        return 1
    return 0
