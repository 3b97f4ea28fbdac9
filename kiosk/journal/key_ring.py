"""The keys by which other programs are let in: what each is for, and a digest of it."""

import json
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa

from kiosk.errors import JournalError
from kiosk.journal.clerk import Clerk
from kiosk.journal.rows import written
from kiosk.journal.tables import api_keys, is_not_revoked
from kiosk.model import ApiKey, Rate, Scope

NOTED_EVERY: Final = timedelta(minutes=10)
"""How often the use of a key is written down; what was done with it names it in any case."""


class KeyRing:
    """Keeps keys; a name has one at most that is not revoked."""

    def __init__(self, clerk: Clerk) -> None:
        self._clerk = clerk

    def add(self, key: ApiKey) -> None:
        """Keep a new key.

        Raises:
            JournalError: it is not on disk and does not open anything, or one of its name is in use.
        """
        with self._clerk.store.writing() as connection:
            query = sa.select(api_keys.c.id).where(api_keys.c.name == key.name, is_not_revoked(api_keys))
            if connection.execute(query).scalar() is not None:
                raise JournalError(
                    f"Cannot add key {key.name!r}: one of that name is in use. Revoke it first."
                )
            scope = key.scope
            connection.execute(
                sa.insert(api_keys).values(
                    id=key.id,
                    name=key.name,
                    digest=key.digest,
                    labels=_listed(scope.labels),
                    printers=_listed(scope.printers),
                    stations=_listed(scope.stations),
                    reprints=scope.reprints,
                    rate=str(key.rate) if key.rate else None,
                    created_at=key.created_at.isoformat(),
                    expires_at=key.expires_at.isoformat() if key.expires_at else None,
                )
            )
            self._clerk.note(connection, "", "api-key-added", {"id": key.id, "name": key.name})

    def all(self) -> tuple[ApiKey, ...]:
        """Return every key there ever was, the newest first."""
        with self._clerk.store.reading() as connection:
            rows = connection.execute(sa.select(api_keys).order_by(api_keys.c.seq.desc())).mappings()
            return tuple(_key(row) for row in rows)

    def find(self, id_: str) -> ApiKey | None:
        """Return the key of an id."""
        with self._clerk.store.reading() as connection:
            row = connection.execute(sa.select(api_keys).where(api_keys.c.id == id_)).mappings().one_or_none()
            return _key(row) if row is not None else None

    def revoke(self, name: str) -> ApiKey | None:
        """Let a key open nothing any more; return it, ``None`` where none of that name is in use."""
        with self._clerk.store.writing() as connection:
            revoked = (
                connection.execute(
                    sa.update(api_keys)
                    .where(api_keys.c.name == name, is_not_revoked(api_keys))
                    .values(revoked_at=self._clerk.now())
                    .returning(api_keys)
                )
                .mappings()
                .one_or_none()
            )
            if revoked is None:
                return None
            self._clerk.note(connection, "", "api-key-revoked", {"id": revoked["id"], "name": name})
            return _key(revoked)

    def used(self, key: ApiKey) -> None:
        """Note that a key is in use, where that was not noted lately.

        Raises:
            JournalError: it could not be written.
        """
        now = self._clerk.clock()
        if key.used_at is not None and abs(now - key.used_at) < NOTED_EVERY:
            return
        with self._clerk.store.writing() as connection:
            connection.execute(
                sa.update(api_keys).where(api_keys.c.id == key.id).values(used_at=now.isoformat())
            )
            self._clerk.note(connection, "", "api-key-used", {"id": key.id, "name": key.name})


def _listed(names: frozenset[str] | None) -> str | None:
    return None if names is None else written(sorted(names))


def _names(text: str | None) -> frozenset[str] | None:
    return None if text is None else frozenset(json.loads(text))


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _key(row: sa.RowMapping) -> ApiKey:
    return ApiKey(
        id=row["id"],
        digest=row["digest"],
        scope=Scope(
            row["name"],
            _names(row["labels"]),
            _names(row["printers"]),
            _names(row["stations"]),
            reprints=row["reprints"],
        ),
        created_at=datetime.fromisoformat(row["created_at"]),
        rate=Rate.read(row["rate"]) if row["rate"] else None,
        expires_at=_moment(row["expires_at"]),
        revoked_at=_moment(row["revoked_at"]),
        used_at=_moment(row["used_at"]),
    )
