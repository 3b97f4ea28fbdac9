"""ION as the kiosk's core sees it: questions, changes, and whether a change took effect."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

import httpx
from graphql import GraphQLSchema

from kiosk.barcodes import Pattern
from kiosk.errors import IonError, IonRejected, IonUnknown, IonUnreachable
from kiosk.ion.auth import IonAuth
from kiosk.ion.changes import Change, Errand, Memory, change
from kiosk.ion.client import Client, is_outdated_document
from kiosk.ion.dialects import Choice
from kiosk.ion.joined import Joined
from kiosk.ion.mapping import read
from kiosk.ion.offering import CHANGES, OPERATIONS
from kiosk.ion.plain import COMPUTED_QUESTIONS, PLAIN_CHANGES, PLAIN_QUESTIONS
from kiosk.ion.plain_reading import ask_plain
from kiosk.ion.reading import ask
from kiosk.ion.sign_in import PersonalSignIn
from kiosk.ion.storage import Storage
from kiosk.ion.tenancy import Tenancy
from kiosk.ion.tenant import Tenant
from kiosk.ion.wording import shown
from kiosk.model import Json, Operator, Question, Subject
from kiosk.ports import Absent, Answered, FileRoom, Finding, NoteRoom, SchemaRoom
from kiosk.redaction import Learn, unlearned
from kiosk.settings import IonSettings
from kiosk.words import told

__all__ = ["Ion"]

_WHO: Final = "who_am_i"
_PATTERNS: Final = "barcode_patterns"
_ALL_CHANGES: Final = (*CHANGES, *PLAIN_CHANGES)
T = TypeVar("T")
Answers = Mapping[Question, tuple[Subject, ...]]


class Ion:
    """Implements ``IonReader`` and ``IonWriter`` against a real tenant. Threads may share it.

    Nothing is sent before the first question. Then the tenant's schema is taken from where it is kept, or
    read; it is read again on a schedule (``renew``), and by itself after ION refuses a document that used
    to fit.
    """

    def __init__(  # noqa: PLR0913  what it keeps, what it tells, and what it waits with
        self,
        settings: IonSettings,
        *,
        files: FileRoom | None = None,
        schemas: SchemaRoom | None = None,
        notes: NoteRoom | None = None,
        transport: httpx.BaseTransport | None = None,
        learn: Learn = unlearned,
        sleep: Callable[[float], None] = time.sleep,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare to ask.

        Args:
            settings: where ION is and who asks.
            files: where the bytes of photos are kept.
            schemas: where the tenant's schema is kept for a start without network.
            notes: where it is kept for a restart what is known of changes that are not settled.
            transport: what stands in for the network in tests.
            learn: told of every secret before it is sent, and of every one that is granted.
            sleep: waits where ION asked for rest.
            monotonic_s: seconds, for how long ION's reads may not show what it made.
        """
        self._settings = settings
        self._client = Client(settings, transport=transport, learn=learn, sleep=sleep)
        self._storage = Storage(settings, transport=transport)
        self._tenancy = Tenancy(self._client, settings, room=schemas)
        self._asked: Joined[tuple[Question, ...], Answers] = Joined()
        self._memory = Memory(notes, monotonic_s)
        self._files = files
        self.sign_in: PersonalSignIn | None = None
        """Where people sign in with their own account; ``None`` where the settings name no such place."""
        if settings.personal_client_id is not None:
            self.sign_in = PersonalSignIn(settings, self._whose, transport=transport, learn=learn)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
        self._storage.close()
        if self.sign_in is not None:
            self.sign_in.close()

    def refresh(self) -> None:
        """Forget the schema, the kept one too; the next question reads it again."""
        self._tenancy.refresh()

    def renew(self) -> None:
        """Read the tenant's schema again where it is time to; what cannot be read now is read later."""
        self._tenancy.renew_if_due()

    def choices(self) -> tuple[Choice, ...]:
        """Return for every operation which document serves it, or what is missing.

        Raises:
            IonError: the schema could not be read.
        """
        return tuple(self._tenancy.tenant().catalogue.choices.values())

    def offers(self) -> frozenset[str]:
        """Return the changes for which this tenant's schema has a fitting document.

        Raises:
            IonError: the schema is not known and could not be read.
        """
        return _offers(self._tenancy.tenant())

    def known_offers(self) -> frozenset[str] | None:
        """Return what is offered by the schema that is known or kept, ``None`` where there is none."""
        tenant = self._tenancy.known()
        return None if tenant is None else _offers(tenant)

    def schema(self) -> GraphQLSchema:
        """Return the tenant's schema.

        Raises:
            IonError: the schema could not be read.
        """
        return self._tenancy.tenant().catalogue.schema

    @property
    def questions(self) -> frozenset[str]:
        """Return the names that ``ask_plain`` knows."""
        return frozenset(PLAIN_QUESTIONS) | frozenset(COMPUTED_QUESTIONS)

    def ask(self, questions: Sequence[Question]) -> Answers:
        """Return ION's subjects for each question, an empty tuple where it knows none.

        Who asks the same while the answer is under way gets the same answer, without a request of its own.

        Raises:
            IonError: ION could not be asked, or refused; no answer is partial.
        """
        asked = tuple(questions)
        return self._asked.ask(asked, lambda: self._asking(lambda tenant: ask(tenant, asked)))

    def ask_plain(self, operation: str, arguments: Mapping[str, Json]) -> dict[str, list[Json]]:
        """Return ION's own objects for a question of ``kiosk.ion.plain``, by root field.

        Raises:
            IonUnsupported: there is no such question, or this tenant does not offer it.
            IonError: ION could not be asked, or refused.
        """
        return self._asking(lambda tenant: ask_plain(tenant, operation, arguments))

    def patterns(self) -> tuple[Pattern, ...]:
        """Return the barcodes of other systems that the tenant has taught ION; none where it cannot.

        Raises:
            IonError: ION could not be asked, or refused.
        """
        return self._asking(_patterns)

    def download(self, file_id: str) -> bytes | None:
        """Return the bytes of a file that ION has, ``None`` where its storage has none for it.

        Raises:
            IonError: ION or its storage could not be asked, or refused.
        """
        for rows in self.ask_plain("file", {"file_id": file_id}).values():
            for row in rows:
                url = row.get("download_url") if isinstance(row, Mapping) else None
                if isinstance(url, str):
                    return self._storage.get(url)
        return None

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
            IonUnreachable, IonBusy, IonBehind, IonSignedOut: proved not executed, may be tried again.
            IonUnknown: may have been executed.
        """
        own = self.sign_in.auth_of(actor) if self.sign_in and actor else None
        # Who sends it once more knows better than an earlier answer: what gets lost now was not answered.
        self._memory.recall(marker)
        self._memory.forget_answer(marker)

        def perform(tenant: Tenant) -> Mapping[str, Json]:
            as_whom = tenant.acting_as(own) if own else tenant
            return self._change(as_whom, operation, arguments, marker).perform()

        try:
            return self._asking(perform)
        except IonError as error:
            if not isinstance(error, IonUnknown):
                self._memory.unsent(marker)
            raise
        finally:
            self._asked.changed()

    def find_effect(self, operation: str, arguments: Mapping[str, Json], *, marker: str) -> Finding:
        """Look whether an earlier ``perform`` took effect (see ``kiosk.ports.IonWriter``).

        Raises:
            IonError: ION could not be asked; ask again later.
        """
        self._memory.recall(marker)
        finding = self._asking(
            lambda tenant: self._change(tenant, operation, arguments, marker).find_effect()
        )
        answer = self._memory.answered.get(marker)
        # What ION answered that it did is not absent, only out of sight; it is never sent again.
        return Answered(answer) if answer is not None and isinstance(finding, Absent) else finding

    def _change(
        self, tenant: Tenant, operation: str, arguments: Mapping[str, Json], marker: str
    ) -> Change[Any]:
        errand = Errand(
            operation=operation,
            tenant=tenant,
            calls=tenant.catalogue.calls(operation) if operation in OPERATIONS else {},
            marker=marker,
            memory=self._memory,
            storage=self._storage,
            marker_key=self._settings.marker_attribute,
            files=self._files,
            request_life_s=self._settings.request_life_s,
            works_alone=self._settings.works_alone,
        )
        return change(errand, arguments)

    def _whose(self, auth: IonAuth) -> Operator:
        """Ask ION whom a token belongs to.

        Raises:
            IonError: ION could not be asked, or does not accept the token.
        """
        return self._asking(lambda tenant: _who(tenant.acting_as(auth)))

    def _asking(self, act: Callable[[Tenant], T]) -> T:
        """Do something with the tenant; once more where ION refused a document and its schema has changed.

        What ION refuses while it checks a document against its schema was not executed.
        """
        tenant = self._tenancy.tenant()
        try:
            return act(tenant)
        except IonRejected as error:
            if not is_outdated_document(error) or not self._tenancy.is_renewed(tenant):
                raise
        return act(self._tenancy.tenant())


def _offers(tenant: Tenant) -> frozenset[str]:
    return frozenset(operation for operation in _ALL_CHANGES if tenant.catalogue.offers(operation))


def _patterns(tenant: Tenant) -> tuple[Pattern, ...]:
    if not tenant.catalogue.offers(_PATTERNS):
        return ()
    call = tenant.catalogue.question(_PATTERNS)
    rows = tenant.rows(call, {})
    return tuple(read(Pattern, row, tried=call.name) for found in rows.values() for row in found)


def _who(tenant: Tenant) -> Operator:
    call = tenant.catalogue.question(_WHO)
    user = next(iter(tenant.send(call, {}).values()), None)
    id_, name = (user.get("id"), user.get("name")) if isinstance(user, dict) else (None, None)
    if not isinstance(id_, str | int) or isinstance(id_, bool):
        raise IonUnreachable(
            told("{call}: expected a user with an id, got {came}", call=call.name, came=shown(str(user)))
        )
    return Operator(f"ion/{shown(str(id_), length=64)}", shown(str(name or id_), length=64))
