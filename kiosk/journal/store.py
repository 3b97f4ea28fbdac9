"""The database itself: connections that are durable or refused, one writer at a time, migrations.

WAL with ``synchronous=FULL`` syncs the log at every commit, so that an acknowledged row survives a power
cut; WAL with NORMAL and Python's default mode do not (sqlite.org/pragma.html#pragma_synchronous).
``synchronous`` is not kept in the file, so it is set and read back on every connection.
"""

import importlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from kiosk.errors import JournalError

LEAST_FREE_BYTES = 16 * 1024 * 1024
"""Below this new work is refused, so that what was taken can still be brought to its end."""
_FULL = 2
_BUSY_TIMEOUT_S = 10.0
_MIGRATIONS = Path(__file__).parent / "migrations"


class Store:
    """One database file."""

    def __init__(self, url: str, *, least_free_bytes: int = LEAST_FREE_BYTES) -> None:
        """Open the database, and bring its tables up to date.

        Raises:
            JournalError: it cannot be opened, is damaged, or is not durable.
        """
        self._lock = threading.Lock()
        self._least_free_bytes = least_free_bytes
        self._folder = _folder(url)
        self._engine = _engine(url)
        try:
            with self._engine.connect() as connection:
                _check_whole(connection, url)
            self._migrate()
        except sa.exc.SQLAlchemyError as error:
            self._engine.dispose()
            raise JournalError(f"Cannot open the journal {url!r}: {_words(error)}.") from error
        except JournalError:
            self._engine.dispose()
            raise

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a transaction that alone may write; leaving it commits, an exception rolls all back.

        Raises:
            JournalError: the commit failed; nothing of it counts.
        """
        with self._lock:
            try:
                with self._engine.connect() as connection, connection.begin():
                    yield connection
            except sa.exc.IntegrityError as error:
                raise JournalError(f"The journal refuses it: {_words(error)}.") from error
            except sa.exc.SQLAlchemyError as error:
                # After an I/O error nothing that this connection says can be trusted.
                self._engine.dispose()
                raise JournalError(f"Cannot write the journal: {_words(error)}.") from error

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that only reads, and sees one moment.

        Raises:
            JournalError: it cannot be read.
        """
        try:
            with self._engine.connect().execution_options(reads=True) as connection:
                yield connection
        except sa.exc.SQLAlchemyError as error:
            raise JournalError(f"Cannot read the journal: {_words(error)}.") from error

    def check_room(self, spare_bytes: int = 0) -> None:
        """Refuse new work while the disk is almost full.

        Args:
            spare_bytes: what this work has to leave free beyond what every other must.

        Raises:
            JournalError: there is too little room, or it cannot be told.
        """
        try:
            disk = os.statvfs(self._folder)
        except OSError as error:
            raise JournalError(
                f"Cannot look at the journal's folder {str(self._folder)!r}: {error}"
            ) from error
        free_bytes = disk.f_bavail * disk.f_frsize
        least_bytes = self._least_free_bytes + spare_bytes
        if free_bytes < least_bytes:
            raise JournalError(
                f"The disk is almost full: expected {least_bytes // 1024} KiB free "
                f"for the journal, got {free_bytes // 1024} KiB."
            )

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def _migrate(self) -> None:
        with self._engine.connect() as connection, connection.begin():
            if _version(connection) != _newest_version():
                # Alembic is 11 MB in memory, and a kiosk whose tables are up to date has no use for it.
                importlib.import_module("kiosk.journal.migrate").upgrade(connection, _MIGRATIONS)


def _version(connection: Connection) -> str | None:
    """Return the last migration that this database has seen, ``None`` for an empty one."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return version


def _newest_version() -> str:
    """Return the last migration there is; their files are named ``<number>_<words>.py``."""
    return max(path.stem.partition("_")[0] for path in (_MIGRATIONS / "versions").glob("[0-9]*.py"))


def _folder(url: str) -> Path:
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise JournalError(
            f"Cannot open the journal {url!r}: expected sqlite:////path/to/kiosk.db."
        ) from error
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        raise JournalError(f"Cannot open the journal {url!r}: expected sqlite:////path/to/kiosk.db.")
    folder = Path(parsed.database).parent
    if not folder.is_dir():
        raise JournalError(f"Cannot open the journal {url!r}: expected a folder {str(folder)!r}, got none.")
    return folder


def _engine(url: str) -> Engine:
    engine = sa.create_engine(url, connect_args={"timeout": _BUSY_TIMEOUT_S, "check_same_thread": False})
    event.listen(engine, "connect", _make_durable)
    event.listen(engine, "begin", _begin)
    return engine


def _make_durable(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection
    connection.isolation_level = None
    cursor = connection.cursor()
    try:
        mode = cursor.execute("PRAGMA journal_mode=WAL").fetchone()[0]
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        level = cursor.execute("PRAGMA synchronous").fetchone()[0]
    finally:
        cursor.close()
    if mode != "wal" or level != _FULL:
        raise JournalError(
            f"The journal is not durable here: expected journal mode 'wal' and synchronous 2, "
            f"got {mode!r} and {level!r}."
        )


def _begin(connection: Connection) -> None:
    reads = connection.get_execution_options().get("reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


def _check_whole(connection: Connection, url: str) -> None:
    found = connection.exec_driver_sql("PRAGMA quick_check").scalars().all()
    if list(found) != ["ok"]:
        raise JournalError(
            f"The journal {url!r} is damaged: {'; '.join(str(line) for line in found[:3])}. "
            "Set the file aside for a technician; it is never replaced silently."
        )


def _words(error: sa.exc.SQLAlchemyError) -> str:
    return str(getattr(error, "orig", None) or error)
