"""The mark of a journal that was closed in order: how the file was then, so that its check can wait a little.

It says nothing of what the medium did since; it says that no write was cut short. While the journal is open
there is none.
"""

from contextlib import suppress
from pathlib import Path
from typing import Final

from kiosk.journal.place import beside, sync, write_whole

_MARK: Final = ".closed"
_HEADER: Final = 100
"""Bytes of SQLite's header, with its counter of changes (sqlite.org/fileformat.html, 1.3)."""


def mark_end(path: Path) -> None:
    """Leave the mark; where somebody still has the database open, or it cannot be written, there is none."""
    with suppress(OSError):
        if not _has_log(path):
            write_whole(beside(path, _MARK), _likeness(path))


def take_mark(path: Path) -> bool:
    """Take the mark away, before anything is written; return whether the file is as it says."""
    mark = beside(path, _MARK)
    try:
        likeness = mark.read_text(encoding="ascii", errors="replace")
        mark.unlink()
        sync(path.parent)
        return likeness == _likeness(path) and not _has_log(path)
    except OSError:
        return False


def _likeness(path: Path) -> str:
    with path.open("rb") as file:
        header = file.read(_HEADER).hex()
    found = path.stat()
    return f"{found.st_size} {found.st_mtime_ns} {header}\n"


def _has_log(path: Path) -> bool:
    """Return whether SQLite's log has anything; the last one who closes the database in order removes it.

    Who only reads leaves an empty one behind.
    """
    log = beside(path, "-wal")
    return log.exists() and log.stat().st_size > 0
