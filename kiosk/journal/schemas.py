"""The schemas of ION's tenants, so that a kiosk knows without network what it may ask."""

import zlib
from datetime import datetime

import sqlalchemy as sa

from kiosk.journal.clerk import Clerk
from kiosk.journal.tables import schemas
from kiosk.ports import KeptSchema


class Schemas:
    """Implements ``kiosk.ports.SchemaRoom``."""

    def __init__(self, clerk: Clerk) -> None:
        self._clerk = clerk

    def schema(self, tenant: str) -> KeptSchema | None:
        """Return the schema kept last, ``None`` where there is none that can be read.

        Raises:
            JournalError: the journal could not be read.
        """
        query = sa.select(schemas).where(schemas.c.tenant == tenant)
        with self._clerk.store.reading() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            return None
        try:
            text = zlib.decompress(row["content"]).decode("utf-8")
        except (zlib.error, UnicodeDecodeError):
            return None
        return KeptSchema(text, row["digest"], datetime.fromisoformat(row["at"]))

    def keep_schema(self, tenant: str, text: str, digest: str) -> None:
        """Keep a schema in place of the one before.

        Raises:
            JournalError: it could not be written.
        """
        content = zlib.compress(text.encode("utf-8"), level=6)
        with self._clerk.store.writing() as connection:
            known = connection.execute(sa.select(schemas.c.digest).where(schemas.c.tenant == tenant)).scalar()
            connection.execute(sa.delete(schemas).where(schemas.c.tenant == tenant))
            connection.execute(
                sa.insert(schemas).values(tenant=tenant, digest=digest, content=content, at=self._clerk.now())
            )
            if known != digest:
                self._clerk.note(connection, "", "schema-kept", {"tenant": tenant, "digest": digest})
