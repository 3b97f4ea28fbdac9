"""The lock beside the journal: one kiosk a journal."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from kiosk.errors import JournalError, JournalUnopened
from kiosk.journal.place import database_path
from kiosk.words import system_says, told


@contextmanager
def sole_use(url: str) -> Iterator[None]:
    """Hold the journal for one kiosk: a second would open the same scanner and send what the first sends.

    The lock is the kernel's, and gone with the process, however it ends.

    Raises:
        JournalUnopened: its folder cannot be written.
        JournalError: another kiosk has it.
    """
    path = database_path(url).with_suffix(".lock")
    try:
        file = path.open("w", encoding="ascii")
    except OSError as error:
        raise JournalUnopened(
            told(
                "Cannot write beside the journal {url}. ({detail})", url=repr(url), detail=system_says(error)
            )
        ) from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise JournalError(
                f"Another kiosk is running on the journal {url!r}. Stop that one first."
            ) from error
        yield
