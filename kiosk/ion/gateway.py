"""ION as the kiosk's core sees it: questions, changes, and whether a change took effect."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

import httpx
from graphql import print_schema

from kiosk.barcodes import Pattern
from kiosk.errors import IonRejected, IonUnreachable, IonUnsupported
from kiosk.ion.arguments import Move, Receive, SetRunStatus, SetStepStatus, checked
from kiosk.ion.auth import IonAuth
from kiosk.ion.changes import MoveInventory, RunStatus, StepStatus
from kiosk.ion.client import Client, is_outdated_document
from kiosk.ion.dialects import Catalogue, Choice, introspect
from kiosk.ion.lines import ByLine
from kiosk.ion.mapping import read
from kiosk.ion.reading import ask
from kiosk.ion.receipts import ByReceipt
from kiosk.ion.sign_in import PersonalSignIn
from kiosk.ion.tenant import Tenant
from kiosk.ion.wording import quoted, shown
from kiosk.model import Json, Operator, Question, Subject
from kiosk.ports import Finding
from kiosk.settings import IonSettings

__all__ = ["Ion"]

_WHO: Final = "who_am_i"
_PATTERNS: Final = "barcode_patterns"
_CHANGES: Final = ("receive", "set_step_status", "set_run_status", "move")


class _Change(Protocol):
    """One change with its arguments: to be made, or to be looked for."""

    def perform(self) -> Mapping[str, Json]: ...

    def find_effect(self) -> Finding: ...


class Ion:
    """Implements ``IonReader`` and ``IonWriter`` against a real tenant. Threads may share it.

    Nothing is sent before the first question. Then the tenant's schema is read once and kept; it is read
    again after ``refresh``, and by itself after ION refuses a document that used to fit.

    Results of ``perform`` and of ``Found`` are JSON of ``kiosk.model``'s nouns:

    * ``receive``: ``{"inventories": [Inventory, ...], "line": OrderLine, "order": Order | null}``
    * ``set_step_status``, ``set_run_status``: ``{"run": Run}``
    * ``move``: ``{"inventory": Inventory}``
    """

    def __init__(
        self,
        settings: IonSettings,
        *,
        documents: Path | None = None,
        transport: httpx.BaseTransport | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare to ask.

        Args:
            settings: where ION is and who asks.
            documents: the site's own GraphQL documents, ``<operation>.graphql``.
            transport: what stands in for the network in tests.
            monotonic: seconds, for token lifetimes and deadlines.
        """
        self._settings = settings
        self._documents = documents
        self._client = Client(settings, transport=transport, monotonic=monotonic)
        self._tenant: Tenant | None = None
        self._doubtful: set[str] = set()
        self.sign_in: PersonalSignIn | None = None
        """Where people sign in with their own account; ``None`` where the settings name no such place."""
        if settings.personal_client_id is not None:
            self.sign_in = PersonalSignIn(settings, self._whose, transport=transport, monotonic=monotonic)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
        if self.sign_in is not None:
            self.sign_in.close()

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

    def perform(
        self,
        operation: str,
        arguments: Mapping[str, Json],
        *,
        marker: str,
        actor: Operator | None = None,
    ) -> Mapping[str, Json]:
        """Make the change once (see ``kiosk.ports.IonWriter``).

        Raises:
            IonRejected, IonUnsupported, IonAuthFailed: proved not executed.
            IonUnreachable, IonBusy, IonSignedOut: proved not executed, may be tried again.
            IonUnknown: may have been executed.
        """
        with self._watching() as tenant:
            own = self.sign_in.auth_of(actor) if self.sign_in and actor else None
            as_whom = tenant.acting_as(own) if own else tenant
            return self._change(as_whom, operation, arguments, marker).perform()

    def find_effect(self, operation: str, arguments: Mapping[str, Json], *, marker: str) -> Finding:
        """Look whether an earlier ``perform`` took effect (see ``kiosk.ports.IonWriter``).

        Raises:
            IonError: ION could not be asked; ask again later.
        """
        with self._watching() as tenant:
            return self._change(tenant, operation, arguments, marker).find_effect()

    def _change(
        self, tenant: Tenant, operation: str, arguments: Mapping[str, Json], marker: str
    ) -> "_Change":
        if operation not in _CHANGES:
            raise IonUnsupported(f"Change {quoted(operation)}: expected one of {', '.join(_CHANGES)}")
        calls = tenant.catalogue.calls(operation)
        if operation == "set_step_status":
            return StepStatus(tenant, calls, checked(SetStepStatus, operation, arguments))
        if operation == "set_run_status":
            return RunStatus(tenant, calls, checked(SetRunStatus, operation, arguments))
        if operation == "move":
            return MoveInventory(tenant, calls, checked(Move, operation, arguments))
        receive = checked(Receive, operation, arguments)
        if "AddItems" in calls:
            return ByReceipt(tenant, calls, receive, marker=marker)
        return ByLine(tenant, calls, receive, marker=marker, doubtful=self._doubtful)

    def _whose(self, auth: IonAuth) -> Operator:
        """Ask ION whom a token belongs to.

        Raises:
            IonError: ION could not be asked, or does not accept the token.
        """
        with self._watching() as tenant:
            call = tenant.catalogue.question(_WHO)
            data = tenant.acting_as(auth).send(call, {})
        user = next(iter(data.values()), None)
        id_, name = (user.get("id"), user.get("name")) if isinstance(user, dict) else (None, None)
        if not isinstance(id_, str | int) or isinstance(id_, bool):
            raise IonUnreachable(f"{call.name}: expected a user with an id, got {shown(str(user))}")
        return Operator(f"ion/{shown(str(id_), length=64)}", shown(str(name or id_), length=64))

    def _connected(self) -> Tenant:
        # Two threads may both introspect at the start; either result will do, and no lock is held meanwhile.
        tenant = self._tenant
        if tenant is None:
            schema = introspect(self._client)
            catalogue = Catalogue(schema, dialect=self._settings.dialect, site=self._documents)
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
