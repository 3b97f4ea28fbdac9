"""The database itself: connections that are durable or refused, one writer at a time, migrations.

WAL with ``synchronous=FULL`` syncs the log at every commit, so that an acknowledged row survives a power
cut; WAL with NORMAL and Python's default mode do not (sqlite.org/pragma.html#pragma_synchronous).
``synchronous`` is not kept in the file, so it is set and read back on every connection.
"""

import importlib
import logging
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from kiosk.errors import JournalDamaged, JournalError, JournalUnopened
from kiosk.journal.damage import check_undamaged, has_begun, mark_begun
from kiosk.journal.medium import Magic, filesystem_magic, forgetful
from kiosk.journal.orderly_end import mark_end, take_mark
from kiosk.journal.place import database_path
from kiosk.journal.shared_commit import SharedCommit, tell_driver
from kiosk.words import Told, system_says, told

_LOG = logging.getLogger(__name__)
LEAST_FREE_BYTES = 16 * 1024 * 1024
"""Below this new work is refused, so that what was taken can still be brought to its end."""
_FULL = 2
_BUSY_TIMEOUT_S = 10.0
_MIGRATIONS = Path(__file__).parent / "migrations"
_DatabaseError: TypeAlias = sa.exc.SQLAlchemyError | sqlite3.Error


class _Moment(threading.local):
    """Of each thread: the connection that all its readings share for a moment."""

    connection: Connection | None = None


class Store:
    """One database file."""

    def __init__(  # noqa: PLR0913  every one is an option of its own
        self,
        url: str,
        *,
        least_free_bytes: int = LEAST_FREE_BYTES,
        allow_volatile: bool = False,
        is_renewed: bool = False,
        may_check_later: bool = False,
        magic: Magic = filesystem_magic,
    ) -> None:
        """Open the database, and bring its tables up to date.

        Args:
            url: ``sqlite:////path/to/kiosk.db``.
            least_free_bytes: room on the disk below which new work is refused.
            allow_volatile: take a folder that is gone with the power; for tests and the demo.
            is_renewed: a technician begins a new one, where a damaged one was set aside.
            may_check_later: leave the check of one that was closed in order to ``check``: it reads all of it.
            magic: tells the kind of file system.

        Raises:
            JournalDamaged: it is damaged or gone, and waits for a technician.
            JournalUnopened: the disk does not let it be opened.
            JournalError: it is not durable.
        """
        self._moment = _Moment()
        self._least_free_bytes = least_free_bytes
        path = database_path(url)
        self._path = path
        self._folder = path.parent
        self.damage: JournalDamaged | None = None
        """What was found while it is open; from then on nothing is written."""
        self.trouble = ""
        """Why the last attempt to write, or ``check``, failed; until ``prove_writing`` saw one on disk."""
        self.volatile = forgetful(self._folder, magic)
        """The kind of file system in memory that it lies on, ``None`` where what is written stays."""
        _check_medium(self._folder, self.volatile, allow_volatile=allow_volatile)
        if not is_renewed:
            check_undamaged(url)
        # What tables are brought up to date from is looked at before.
        self.is_unchecked = take_mark(path) and may_check_later and not is_migration_due(url)
        """Whether ``check`` has not looked yet at a file that was closed in order."""
        self._engine = _engine(url)
        self._shared = SharedCommit(self._engine)
        try:
            with self._engine.connect() as connection:
                tell_driver(connection, "BEGIN IMMEDIATE")
                if not self.is_unchecked:
                    _check_whole(connection, url)
                _check_begun(connection, url, is_first=is_renewed or not has_begun(path))
            self._migrate()
            mark_begun(path)
        except sa.exc.SQLAlchemyError as error:
            self._engine.dispose()
            raise _not_opened(url, error) from error
        except JournalError:
            self._engine.dispose()
            raise

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a transaction that alone may write; left, it is on disk, or an exception rolled all back.

        Threads that wait for each other here share one commit.

        Raises:
            JournalDamaged: the file was found damaged, by that or before; nothing is written to it any more.
            JournalError: the commit failed; nothing of it counts.
        """
        if self.damage is not None:
            raise self._said(self.damage)
        try:
            with self._shared.part() as connection:
                yield connection
        except sa.exc.IntegrityError as error:
            raise JournalError(told("The journal refuses it. ({detail})", detail=_words(error))) from error
        except sa.exc.SQLAlchemyError as error:
            # After an I/O error nothing that this connection says can be trusted.
            self._engine.dispose()
            self.trouble = _not_written(error)
            raise self._failure(error, self.trouble) from error

    def prove_writing(self) -> None:
        """Put something on disk that changes nothing, and keep in mind in ``trouble`` whether that went well.

        It has a connection of its own, so that nobody waits for it while another process holds the database.
        """
        try:
            self.check_room()
            where = f"file:{quote(str(self._path))}?mode=rw"
            with closing(sqlite3.connect(where, uri=True, timeout=_BUSY_TIMEOUT_S)) as connection:
                connection.execute("PRAGMA synchronous=FULL")
                (version,) = connection.execute("PRAGMA user_version").fetchone()
                # Written even where it stays as it is; no part of the kiosk reads it.
                connection.execute(f"PRAGMA user_version={int(version)}")
        except sqlite3.Error as error:
            self.trouble = _not_written(error)
            self._judge(error)
        except JournalError as error:
            self.trouble = str(error)
        else:
            self.trouble = ""

    @property
    def writers_waiting(self) -> int:
        """Return how many threads wait for their turn to write."""
        return self._shared.waiting

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that only reads, and sees one moment.

        Raises:
            JournalDamaged: the file was found damaged by that.
            JournalError: it cannot be read.
        """
        if self._moment.connection is not None:
            yield self._moment.connection
            return
        try:
            with self._engine.connect() as connection:
                tell_driver(connection, "BEGIN")
                yield connection
        except sa.exc.SQLAlchemyError as error:
            raise self._failure(
                error, told("Cannot read the journal. ({detail})", detail=_words(error))
            ) from error

    def check(self) -> None:
        """Do the check that the opening left for later; a file that is not whole is in ``damage`` then.

        Raises:
            JournalError: it cannot be read.
        """
        if not self.is_unchecked:
            return
        try:
            with self.reading() as connection:
                found = _found_wrong(connection)
        except JournalError as error:
            if self.damage is None:
                self.trouble = str(error)
                raise
        else:
            if found:
                self.condemn(found)
        self.is_unchecked = False

    @contextmanager
    def moment(self) -> Iterator[None]:
        """Let all that this thread reads meanwhile be of one moment; it must not write.

        Raises:
            JournalError: it cannot be read.
        """
        earlier = self._moment.connection
        with self.reading() as connection:
            self._moment.connection = connection
            try:
                yield
            finally:
                self._moment.connection = earlier

    @property
    def path(self) -> Path:
        """Return the file."""
        return self._path

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
                told(
                    "Cannot look at the journal's folder {folder}. ({detail})",
                    folder=repr(str(self._folder)),
                    detail=system_says(error),
                )
            ) from error
        free_bytes = disk.f_bavail * disk.f_frsize
        least_bytes = self._least_free_bytes + spare_bytes
        if free_bytes < least_bytes:
            raise JournalError(
                told(
                    "The disk is almost full: expected {least_kib} KiB free for the journal, "
                    "got {free_kib} KiB.",
                    least_kib=least_bytes // 1024,
                    free_kib=free_bytes // 1024,
                )
            )

    def condemn(self, found: str) -> None:
        """Write nothing any more: the file is not what it has to be.

        Args:
            found: what is wrong with it.
        """
        text = told(
            "The journal is damaged ({found}). Nothing is taken any more; its file is set aside.", found=found
        )
        self.damage = self.damage or JournalDamaged(text, found=found)

    def close(self) -> None:
        """Close every connection, and leave the mark of an end in order where it is one."""
        self._engine.dispose()
        if self.damage is None and not self.trouble and not self.is_unchecked:
            mark_end(self._path)

    def _failure(self, error: _DatabaseError, text: str) -> JournalError:
        """Return what to raise where the database failed; who opens the journal stands still at damage."""
        self._judge(error)
        return JournalError(text) if self.damage is None else self._said(self.damage)

    @staticmethod
    def _said(damage: JournalDamaged) -> JournalDamaged:
        """Return it anew: threads that raise one exception would share its trace."""
        return JournalDamaged(str(damage), found=damage.found)

    def _judge(self, error: _DatabaseError) -> None:
        if _is_damage(error):
            self.condemn(_words(error))

    def _migrate(self) -> None:
        with self._engine.connect() as connection, connection.begin():
            tell_driver(connection, "BEGIN IMMEDIATE")
            if _version(connection) != _newest_version():
                # Alembic is 11 MB in memory, and a kiosk whose tables are up to date has no use for it.
                importlib.import_module("kiosk.journal.migrate").upgrade(connection, _MIGRATIONS)


def is_migration_due(url: str) -> bool:
    """Return whether the tables are not those of this kiosk, as far as can be told without a change."""
    try:
        path = database_path(url)
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as connection:
            found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except (sqlite3.Error, JournalError):
        return True
    return found is None or found[0] != _newest_version()


def _version(connection: Connection) -> str | None:
    """Return the last migration that this database has seen, ``None`` for an empty one."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return version


def _newest_version() -> str:
    """Return the last migration there is; their files are named ``<number>_<words>.py``."""
    return max(path.stem.partition("_")[0] for path in (_MIGRATIONS / "versions").glob("[0-9]*.py"))


def _check_medium(folder: Path, volatile: str | None, *, allow_volatile: bool) -> None:
    if volatile is None:
        return
    words = f"The journal's folder {str(folder)!r} is on {volatile}: all of it is gone with the power."
    if not allow_volatile:
        raise JournalError(
            f"{words} Expected a folder on a disk; journal.allow_volatile takes this one, "
            "for tests and the demo."
        )
    _LOG.warning("%s It is used all the same, as journal.allow_volatile says: for tests and the demo.", words)


def _engine(url: str) -> Engine:
    engine = sa.create_engine(url, connect_args={"timeout": _BUSY_TIMEOUT_S, "check_same_thread": False})
    # No transaction is begun by an event "begin": with one, SQLAlchemy asks at each statement who listens.
    event.listen(engine, "connect", _make_durable)
    return engine


def _make_durable(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own connection
    connection.isolation_level = None
    cursor = connection.cursor()
    try:
        mode = cursor.execute("PRAGMA journal_mode=WAL").fetchone()[0]
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        # What takes a part of a shared transaction back is nothing that has to outlive it.
        cursor.execute("PRAGMA temp_store=MEMORY")
        level = cursor.execute("PRAGMA synchronous").fetchone()[0]
    finally:
        cursor.close()
    if mode != "wal" or level != _FULL:
        raise JournalError(
            f"The journal is not durable here: expected journal mode 'wal' and synchronous 2, "
            f"got {mode!r} and {level!r}."
        )


def _check_whole(connection: Connection, url: str) -> None:
    found = _found_wrong(connection)
    if found:
        raise _damaged(url, found)


def _found_wrong(connection: Connection) -> str:
    """Return what is wrong with the file, empty where it is whole; all of it is read."""
    found = [str(line) for line in connection.exec_driver_sql("PRAGMA quick_check").scalars()]
    return "" if found == ["ok"] else _sqlite_says("; ".join(found[:3]))


def _check_begun(connection: Connection, url: str, *, is_first: bool) -> None:
    if not is_first and _version(connection) is None:
        raise _damaged(url, told("it was begun before, and is missing or empty now"))


def _not_opened(url: str, error: sa.exc.SQLAlchemyError) -> JournalError:
    if _is_damage(error):
        return _damaged(url, _words(error))
    return JournalUnopened(
        told("Cannot open the journal {url}. ({detail})", url=repr(url), detail=_words(error))
    )


def _is_damage(error: _DatabaseError) -> bool:
    code = getattr(getattr(error, "orig", error), "sqlite_errorcode", 0) & 0xFF
    return code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def _damaged(url: str, found: str) -> JournalDamaged:
    return JournalDamaged(
        f"Cannot open the journal {url!r}, it is damaged ({found}). 'kiosk serve' sets the file aside; "
        "it is never replaced silently: kiosk journal renew --why TEXT begins a new one.",
        found=found,
    )


def _not_written(error: _DatabaseError) -> Told:
    return told("Cannot write the journal. ({detail})", detail=_words(error))


def _words(error: _DatabaseError) -> Told:
    return _sqlite_says(str(getattr(error, "orig", None) or error))


def _sqlite_says(said: str) -> Told:
    return told("SQLite says: {said}", said=said)
