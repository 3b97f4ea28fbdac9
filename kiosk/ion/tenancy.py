"""Finds out what a tenant offers: from its own schema, or from the one kept while it cannot be asked.

The schema is read at the first contact, kept with its digest, and read again on a schedule and whenever ION
refuses a document that used to fit. A schema that did not change changes nothing.
"""

import hashlib
import json
import logging
import time
from collections.abc import Callable
from typing import Final

from graphql import GraphQLError, GraphQLSchema, build_client_schema, get_introspection_query

from kiosk.errors import IonError, IonUnreachable, JournalError
from kiosk.ion.client import Client
from kiosk.ion.dialects import Catalogue
from kiosk.ion.joined import Joined
from kiosk.ion.tenant import Tenant
from kiosk.ion.wording import quoted, shown
from kiosk.model import Json
from kiosk.ports import SchemaRoom
from kiosk.settings import IonSettings
from kiosk.words import told

__all__ = ["Tenancy", "introspect"]

_LOG = logging.getLogger(__name__)
_RENEW_S: Final = 6 * 3600.0
"""Reading a large schema takes a Pi seconds; ION announces breaking changes 14 days before."""
_AGAIN_S: Final = 300.0
_REFERENCE: Final = frozenset({"kind", "name", "ofType"})
"""What says of which type something is (GraphQL, 4.2 "Schema Introspection", ``__Type``)."""
_MARKER: Final = frozenset({"marker", "marker_key"})
_BROKEN: Final = (GraphQLError, TypeError, KeyError, ValueError, AttributeError, RecursionError)


def introspect(client: Client) -> str:
    """Ask the tenant for its schema, with the token that will be used, and return it as JSON.

    Raises:
        IonError: ION could not be asked.
    """
    data = client.execute(
        get_introspection_query(descriptions=False),
        {},
        is_mutation=False,
        timeout_s=client.settings.write_timeout_s,
    )
    return json.dumps(data, sort_keys=True, separators=(",", ":"), default=str)


def _schema(text: str, place: str) -> GraphQLSchema:
    try:
        return build_client_schema(json.loads(text, object_hook=_Shared()))
    except _BROKEN as error:
        raise IonUnreachable(
            told(
                "Introspection of {place}: expected a GraphQL schema, got one that does not "
                "hold together: {came}",
                place=quoted(place),
                came=shown(str(error)),
            )
        ) from error


class _Shared:
    """Makes one object of all references to a type that say the same.

    A schema has thousands, and keeps what it was built from as long as it lives: a quarter of it.
    """

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], dict[str, Json]] = {}

    def __call__(self, found: dict[str, Json]) -> dict[str, Json]:
        """Return what was found, or what was found before and is the same."""
        if found.keys() != _REFERENCE:
            return found
        # What it is a list of was read before it, and is shared itself.
        same = (found["kind"], found["name"], id(found["ofType"]))
        return self._known.setdefault(same, found)


class Tenancy:
    """The tenant as far as it is known. Threads may share it; one reads, the others wait for its answer."""

    def __init__(
        self,
        client: Client,
        settings: IonSettings,
        *,
        room: SchemaRoom | None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare; nothing is read yet.

        Args:
            client: how to ask.
            settings: which dialect, the site's own documents, and whether markers have a place.
            room: where schemas are kept.
            monotonic: seconds, for the schedule.
        """
        self._client = client
        self._settings = settings
        self._room = room
        self._monotonic = monotonic
        self._tenant: Tenant | None = None
        self._digest = ""
        self._renew_at_s = 0.0
        self._is_kept_good = True
        self._reading: Joined[str, Tenant] = Joined()

    def tenant(self) -> Tenant:
        """Return the tenant; the first time its schema is taken from where it is kept, or asked for.

        Raises:
            IonError: the schema is not known and could not be read.
        """
        return self.known() or self._reading.ask("schema", self._read)

    def known(self) -> Tenant | None:
        """Return the tenant as far as it is known without asking it, ``None`` where it is not."""
        return self._tenant or self._kept()

    def renew_if_due(self) -> None:
        """Read the schema again where it is time to; one that cannot be read now is read later."""
        if self._tenant is None or self._monotonic() < self._renew_at_s:
            return
        self._renew_at_s = self._monotonic() + _AGAIN_S
        try:
            self._read()
        except IonError as error:
            _LOG.info("The tenant's schema was not read again: %s", error)

    def is_renewed(self, known: Tenant) -> bool:
        """Read the schema again, since ION refused a document, and return whether it has changed.

        Raises:
            IonError: it could not be read.
        """
        return self._read() is not known

    def refresh(self) -> None:
        """Forget the schema, the kept one too; the next question reads it again."""
        self._tenant = None
        self._is_kept_good = False

    def _kept(self) -> Tenant | None:
        if self._room is None or not self._is_kept_good:
            return None
        try:
            kept = self._room.schema(self._settings.url)
        except JournalError as error:
            _LOG.warning("The kept schema could not be read: %s", error)
            return None
        if kept is None:
            return None
        try:
            tenant = self._known(kept.text, kept.digest)
        except IonUnreachable as error:
            _LOG.warning("The kept schema is of no use: %s", error)
            return None
        self._renew_at_s = self._monotonic()
        return tenant

    def _read(self) -> Tenant:
        text = introspect(self._client)
        self._renew_at_s = self._monotonic() + _RENEW_S
        digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        known = self._tenant
        if known is not None and digest == self._digest:
            return known
        tenant = self._known(text, digest)
        if self._room is not None:
            try:
                self._room.keep_schema(self._settings.url, text, digest)
            except JournalError as error:
                _LOG.warning("The tenant's schema could not be kept: %s", error)
        return tenant

    def _known(self, text: str, digest: str) -> Tenant:
        settings = self._settings
        catalogue = Catalogue(
            _schema(text, settings.url),
            dialect=settings.dialect,
            site=settings.documents,
            unused=frozenset() if settings.marker_attribute else _MARKER,
        )
        self._digest = digest
        self._tenant = tenant = Tenant(self._client, catalogue)
        return tenant
