"""The bytes of photos, by their content: kept until nothing asks for them any more, and a while after."""

import hashlib
import logging
import re
from datetime import timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from kiosk.errors import JournalError
from kiosk.journal.clerk import Clerk
from kiosk.journal.tables import files, is_open, operations, sessions

_LOG = logging.getLogger(__name__)
MOST_FILE_BYTES: Final = 4 * 1024 * 1024
_SPARE_BYTES: Final = 64 * 1024 * 1024
"""What photos leave free on the disk beyond what scans do: a photo must never be why a scan is refused."""
_GRACE: Final = timedelta(hours=1)
"""A file is kept before anything names it: the press that does so comes after it."""
RETENTION: Final = timedelta(days=7)
_DIGEST: Final = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")


class Files:
    """Implements ``kiosk.ports.FileRoom``.

    A file is in use while its digest stands in the state of a station's screen or in the arguments of an
    operation that is neither done nor discarded. When that ends it is released, and removed a week later.
    """

    def __init__(self, clerk: Clerk) -> None:
        self._clerk = clerk

    def keep(self, content: bytes) -> str:
        """Put the bytes on disk and return their digest; the same bytes are kept once.

        Raises:
            JournalError: there are too many of them, the disk is too full, or they could not be written.
        """
        if not 0 < len(content) <= MOST_FILE_BYTES:
            raise JournalError(
                f"Cannot keep a file of {len(content)} bytes: expected 1 to {MOST_FILE_BYTES} bytes."
            )
        self._clerk.store.check_room(_SPARE_BYTES)
        digest = hashlib.sha256(content).hexdigest()
        with self._clerk.store.writing() as connection:
            again = connection.execute(
                sa.update(files)
                .where(files.c.digest == digest)
                .values(kept_at=self._clerk.now(), released_at=None)
            )
            if again.rowcount == 0:
                connection.execute(
                    sa.insert(files).values(digest=digest, content=content, kept_at=self._clerk.now())
                )
                self._clerk.note(connection, "", "file-kept", {"digest": digest, "bytes": len(content)})
        return digest

    def read(self, digest: str) -> bytes | None:
        """Return the bytes, ``None`` where nothing of that digest is kept.

        Raises:
            JournalError: they could not be read, or are not what was kept.
        """
        with self._clerk.store.reading() as connection:
            content = connection.execute(sa.select(files.c.content).where(files.c.digest == digest)).scalar()
        if content is None:
            return None
        if hashlib.sha256(content).hexdigest() != digest:
            raise JournalError(f"File {digest!r} is damaged: its bytes are no longer those that were kept.")
        return bytes(content)

    def sweep(self) -> int:
        """Release the files that nothing asks for any more, remove those released long ago; return how many.

        Raises:
            JournalError: it could not be written.
        """
        now = self._clerk.clock()
        with self._clerk.store.reading() as connection:
            rows = connection.execute(sa.select(files.c.digest, files.c.kept_at, files.c.released_at)).all()
            used = _used(connection) if rows else frozenset[str]()
        fresh_from, removed_until = (now - _GRACE).isoformat(), (now - RETENTION).isoformat()
        released = [
            row.digest
            for row in rows
            if row.released_at is None and row.kept_at < fresh_from and row.digest not in used
        ]
        again = [row.digest for row in rows if row.released_at is not None and row.digest in used]
        due = [
            row.digest
            for row in rows
            if row.released_at is not None and row.released_at < removed_until and row.digest not in used
        ]
        if not (released or again or due):
            return 0
        with self._clerk.store.writing() as connection:
            for digest in released:
                _release(connection, digest, now.isoformat(), kept_before=fresh_from)
            for digest in again:
                _release(connection, digest, None)
            return sum(self._remove(connection, digest, removed_until) for digest in due)

    def _remove(self, connection: Connection, digest: str, released_until: str) -> int:
        # Kept anew since it was looked at, it is no longer released.
        gone = connection.execute(
            sa.delete(files).where(files.c.digest == digest, files.c.released_at < released_until)
        )
        if gone.rowcount:
            self._clerk.note(connection, "", "file-removed", {"digest": digest})
            _LOG.info("File %s removed: nothing asked for it for %s", digest, RETENTION)
        return gone.rowcount


def _release(connection: Connection, digest: str, at: str | None, kept_before: str | None = None) -> None:
    change = sa.update(files).where(files.c.digest == digest).values(released_at=at)
    if kept_before is not None:
        change = change.where(files.c.kept_at < kept_before)
    connection.execute(change)


def _used(connection: Connection) -> frozenset[str]:
    """Return every digest that a screen or an open operation names, at one moment."""
    queries = (
        sa.select(sessions.c.state),
        sa.select(operations.c.arguments).where(is_open(operations)),
    )
    found: set[str] = set()
    for query in queries:
        for text in connection.execute(query.execution_options(yield_per=1000)).scalars():
            found.update(_DIGEST.findall(text))
    return frozenset(found)
