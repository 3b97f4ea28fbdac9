"""ION as the kiosk's core sees it: questions, changes, and whether a change took effect."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import httpx
from graphql import print_schema

from kiosk.barcodes import Pattern
from kiosk.errors import IonRejected
from kiosk.ion.changes import CHANGES, Change, Errand, Memory, change
from kiosk.ion.client import Client, is_outdated_document
from kiosk.ion.dialects import Catalogue, Choice, introspect
from kiosk.ion.mapping import read
from kiosk.ion.reading import ask
from kiosk.ion.storage import Storage
from kiosk.ion.tenant import Tenant
from kiosk.model import Json, Question, Subject
from kiosk.ports import FileRoom, Finding
from kiosk.settings import IonSettings

__all__ = ["Ion"]

_PATTERNS: Final = "barcode_patterns"
_MARKER: Final = frozenset({"marker", "marker_key"})


class Ion:
    """Implements ``IonReader`` and ``IonWriter`` against a real tenant. Threads may share it.

    Nothing is sent before the first question. Then the tenant's schema is read once and kept; it is read
    again after ``refresh``, and by itself after ION refuses a document that used to fit.
    """

    def __init__(
        self,
        settings: IonSettings,
        *,
        documents: Path | None = None,
        files: FileRoom | None = None,
        transport: httpx.BaseTransport | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare to ask.

        Args:
            settings: where ION is and who asks.
            documents: the site's own GraphQL documents, ``<operation>.graphql``.
            files: where the bytes of photos are kept.
            transport: what stands in for the network in tests.
            monotonic: seconds, for token lifetimes and deadlines.
        """
        self._settings = settings
        self._documents = documents
        self._client = Client(settings, transport=transport, monotonic=monotonic)
        self._storage = Storage(settings, transport=transport, monotonic=monotonic)
        self._tenant: Tenant | None = None
        self._memory = Memory()
        self._files = files

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
        self._storage.close()

    def refresh(self) -> None:
        """Forget the schema; the next question reads it again."""
        self._tenant = None

    def choices(self) -> tuple[Choice, ...]:
        """Return for every operation which document serves it, or what is missing.

        Raises:
            IonError: the schema could not be read.
        """
        return tuple(self._connected().catalogue.choices.values())

    def offers(self) -> frozenset[str]:
        """Return the operations for which this tenant's schema has a fitting document.

        Raises:
            IonError: the schema could not be read.
        """
        return frozenset(choice.operation for choice in self.choices() if choice.document is not None)

    def schema_text(self) -> str:
        """Return the tenant's schema in GraphQL's schema language.

        Raises:
            IonError: the schema could not be read.
        """
        return print_schema(self._connected().catalogue.schema)

    def ask(self, questions: Sequence[Question]) -> Mapping[Question, tuple[Subject, ...]]:
        """Return ION's subjects for each question, an empty tuple where it knows none.

        Raises:
            IonError: ION could not be asked, or refused; no answer is partial.
        """
        with self._watching() as tenant:
            return ask(tenant, questions)

    def patterns(self) -> tuple[Pattern, ...]:
        """Return the barcodes of other systems that the tenant has taught ION; none where it cannot.

        Raises:
            IonError: ION could not be asked, or refused.
        """
        with self._watching() as tenant:
            if not tenant.catalogue.offers(_PATTERNS):
                return ()
            call = tenant.catalogue.question(_PATTERNS)
            rows = tenant.rows(call, {})
        return tuple(read(Pattern, row, tried=call.name) for found in rows.values() for row in found)

    def perform(self, operation: str, arguments: Mapping[str, Json], *, marker: str) -> Mapping[str, Json]:
        """Make the change once (see ``kiosk.ports.IonWriter``).

        Raises:
            IonRejected, IonUnsupported, IonAuthFailed: proved not executed.
            IonUnreachable, IonBusy: proved not executed, may be tried again.
            IonUnknown: may have been executed.
        """
        with self._watching() as tenant:
            return self._change(tenant, operation, arguments, marker).perform()

    def find_effect(self, operation: str, arguments: Mapping[str, Json], *, marker: str) -> Finding:
        """Look whether an earlier ``perform`` took effect (see ``kiosk.ports.IonWriter``).

        Raises:
            IonError: ION could not be asked; ask again later.
        """
        with self._watching() as tenant:
            return self._change(tenant, operation, arguments, marker).find_effect()

    def _change(
        self, tenant: Tenant, operation: str, arguments: Mapping[str, Json], marker: str
    ) -> Change[Any]:
        errand = Errand(
            operation=operation,
            tenant=tenant,
            calls=tenant.catalogue.calls(operation) if operation in CHANGES else {},
            marker=marker,
            memory=self._memory,
            storage=self._storage,
            marker_key=self._settings.marker_attribute,
            files=self._files,
        )
        return change(errand, arguments)

    def _connected(self) -> Tenant:
        # Two threads may both introspect at the start; either result will do, and no lock is held meanwhile.
        tenant = self._tenant
        if tenant is None:
            schema = introspect(self._client)
            catalogue = Catalogue(
                schema,
                dialect=self._settings.dialect,
                site=self._documents,
                unused=frozenset() if self._settings.marker_attribute else _MARKER,
            )
            self._tenant = tenant = Tenant(self._client, catalogue)
        return tenant

    @contextmanager
    def _watching(self) -> Iterator[Tenant]:
        try:
            yield self._connected()
        except IonRejected as error:
            if is_outdated_document(error):
                self.refresh()
            raise
