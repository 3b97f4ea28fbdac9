"""One transaction at a time that writes, shared by those who wait for it: one sync of the disk for them all.

Who is done while others wait lets them write into the same transaction, and the last of them commits it.
Nobody goes on before the commit: what one thread acknowledges is on disk, whichever thread put it there. Each
part is written whole or not at all, whatever becomes of the others.
"""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

_LOOK_S: Final = 0.05
"""After which one who waits for the commit looks whether it is left to them."""


class SharedCommit:
    """Gives the transaction to one thread after the other."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._turn = threading.Lock()
        self._counting = threading.Lock()
        self._waiting = 0
        self._open: _Transaction | None = None
        """The one that is not committed yet; belongs to who has the turn."""

    @property
    def waiting(self) -> int:
        """Return how many wait for their turn to write."""
        return self._waiting

    @contextmanager
    def part(self) -> Iterator[Connection]:
        """Give the transaction for a part of it; leaving it returns once that is committed.

        An exception takes back what this part wrote, and nothing else.

        Raises:
            SQLAlchemyError: it could not be committed; nothing of it counts.
        """
        shared = self._joined()
        try:
            with shared.part() as connection:
                yield connection
        finally:
            self._leave(shared)
        while not shared.is_over.wait(_LOOK_S):
            if self._turn.acquire(blocking=False):
                self._leave(shared)
        if not shared.is_written:
            raise shared.error

    def _joined(self) -> "_Transaction":
        """Wait for the turn, and begin a transaction where none is open."""
        with self._counting:
            self._waiting += 1
        try:
            self._turn.acquire()
        finally:
            # Who is torn away from waiting never comes; while they counted, nobody would commit.
            with self._counting:
                self._waiting -= 1
        try:
            self._open = self._open or _Transaction(self._engine)
        except BaseException:
            self._turn.release()
            raise
        return self._open

    def _leave(self, shared: "_Transaction") -> None:
        """Hand the turn on; who leaves nobody waiting behind commits."""
        try:
            if not shared.is_over.is_set() and not (self._waiting and shared.can_go_on):
                self._open = None
                shared.end()
        finally:
            self._turn.release()


def tell_driver(connection: Connection, statement: str) -> None:
    """Execute a statement that has no values and no answer, such as BEGIN.

    Past SQLAlchemy's own way of executing, which takes longer than SQLite does.

    Raises:
        OperationalError: the database refused it.
    """
    driver: Any = connection.connection.driver_connection
    try:
        driver.execute(statement)
    except sqlite3.Error as error:
        raise sa.exc.OperationalError(statement, None, error) from error


class _Transaction:
    """One transaction of the database, and what became of it."""

    def __init__(self, engine: Engine) -> None:
        self._connection = engine.connect()
        try:
            self._transaction = self._connection.begin()
            self._execute("BEGIN IMMEDIATE")
        except BaseException:
            self._connection.close()
            raise
        self._parts = 0
        self._is_lost = False
        self.is_over = threading.Event()
        self.is_written = False
        """Whether it is on disk; told once it is over."""
        self.error: sa.exc.SQLAlchemyError = sa.exc.InvalidRequestError("It was broken off.")
        """Why it is not."""

    @property
    def can_go_on(self) -> bool:
        """Return whether there is anything in it, and another part may be added."""
        return self._parts > 0 and not self._is_lost

    @contextmanager
    def part(self) -> Iterator[Connection]:
        """Give the connection for what is to be written whole or not at all."""
        # What there is nothing before is taken back with the transaction.
        is_first = not self._parts
        if not is_first:
            self._execute("SAVEPOINT part")
        try:
            yield self._connection
            self._check_open()
            if not is_first:
                self._execute("RELEASE part")
        except BaseException as error:
            self._take_back(error, is_first=is_first)
            raise
        self._parts += 1

    def end(self) -> None:
        """Commit it, if there is anything in it that counts."""
        try:
            if self.can_go_on:
                self._transaction.commit()
                self.is_written = True
        except sa.exc.SQLAlchemyError as error:
            self.error = error
        finally:
            with suppress(sa.exc.SQLAlchemyError):
                self._connection.close()
            self.is_over.set()

    def _take_back(self, error: BaseException, *, is_first: bool) -> None:
        """Undo a part; where the database itself failed, the others cannot be trusted either."""
        if is_first:
            return
        try:
            if isinstance(error, sa.exc.SQLAlchemyError) and not isinstance(error, sa.exc.IntegrityError):
                raise error
            self._execute("ROLLBACK TO part")
            self._execute("RELEASE part")
        except sa.exc.SQLAlchemyError as failure:
            self._is_lost, self.error = True, failure

    def _check_open(self) -> None:
        """Refuse what SQLite rolled back by itself, as it does where the disk is full.

        See sqlite.org/lang_transaction.html, "Response To Errors Within A Transaction". Nothing is open then,
        and the driver commits that.
        """
        driver: Any = self._connection.connection.driver_connection
        if not driver.in_transaction:
            lost = sqlite3.OperationalError("it was rolled back")
            raise sa.exc.OperationalError("COMMIT", None, lost)

    def _execute(self, statement: str) -> None:
        tell_driver(self._connection, statement)
