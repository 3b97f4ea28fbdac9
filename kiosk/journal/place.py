"""Where the journal lies: the file that its address names."""

import os
from pathlib import Path

import sqlalchemy as sa

from kiosk.errors import JournalError


def database_path(url: str) -> Path:
    """Return the file of ``sqlite:////path/to/kiosk.db``.

    Raises:
        JournalError: the address names no file, or its folder does not exist.
    """
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise JournalError(
            f"Cannot open the journal {url!r}: expected sqlite:////path/to/kiosk.db."
        ) from error
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        raise JournalError(f"Cannot open the journal {url!r}: expected sqlite:////path/to/kiosk.db.")
    path = Path(parsed.database)
    if not path.parent.is_dir():
        raise JournalError(
            f"Cannot open the journal {url!r}: expected a folder {str(path.parent)!r}, got none."
        )
    return path


def beside(path: Path, ending: str) -> Path:
    """Return a file beside the journal: its own name and an ending."""
    return path.with_name(path.name + ending)


def sync(path: Path) -> None:
    """Put a file's bytes, or a folder's names, on the medium.

    Raises:
        OSError: it is not there, or the medium failed.
    """
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def write_whole(path: Path, text: str) -> None:
    """Write a file that is there whole, or not at all, after a power cut.

    Raises:
        OSError: it cannot be written.
    """
    draft = beside(path, ".new")
    with draft.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    sync(path.parent)
