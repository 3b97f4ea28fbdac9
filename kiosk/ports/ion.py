"""ION: questions, changes, whether a change took effect, signing in, and what is kept for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeAlias

from kiosk.model import Json, Operator, Question, Subject, Submit


class IonReader(Protocol):
    """The questions ION can answer."""

    def ask(self, questions: Sequence[Question]) -> Mapping[Question, tuple[Subject, ...]]:
        """Return ION's subjects for each question, an empty tuple where it knows none.

        Raises:
            IonError: ION could not be asked, or refused; no answer is partial.
        """


@dataclass(frozen=True, slots=True)
class Found:
    """The effect of an earlier send stands in ION."""

    result: Mapping[str, Json]
    surplus: tuple[Submit, ...] = ()
    """What takes away the other copies of it: each provably the operation's own, and unused."""


@dataclass(frozen=True, slots=True)
class Answered:
    """ION has answered that it did it; its reads do not show that yet, nor whether it stands there twice."""

    result: Mapping[str, Json]
    """As ION answered: what holds, should its reads not show it once they have caught up."""


@dataclass(frozen=True, slots=True)
class Absent:
    """The effect is not there."""

    late_s: float = 0.0
    """How long after the last send an earlier copy could still arrive, and be carried out beside another one:
    sending is safe after that, where the effect is still not there. 0 where a fence refuses the late copy."""
    is_new: bool = False
    """Whether the fence was put up only now: what came before it may not show yet, where reads lag behind."""


@dataclass(frozen=True, slots=True)
class Unsure:
    """Looking did not decide it; ``facts`` says what ION shows now, for a person."""

    facts: str


Finding: TypeAlias = Found | Answered | Absent | Unsure


class IonWriter(Protocol):
    """The changes ION can make. Nothing behind this port ever repeats a mutation by itself."""

    def offers(self) -> frozenset[str]:
        """Return the names of the changes for which this tenant's schema has a fitting document.

        Raises:
            IonError: the schema could not be read.
        """

    def perform(
        self,
        operation: str,
        arguments: Mapping[str, Json],
        *,
        marker: str,
        actor: Operator | None = None,
    ) -> Mapping[str, Json]:
        """Make the change once and return what ION answered, as JSON of ``kiosk.model``'s nouns.

        ``?`` marks what may be left out or null:

        ====================  ================================================================
        operation             arguments -> result
        ====================  ================================================================
        ``receive``           order_id line_id part_id? quantity lot? serials? location_id?
                              received_before? -> inventories line order receipt_id?
        ``undo_receipt``      receipt_id rows: [id quantity location_id?] -> line order
        ``check_receipt``     order_number part_number quantity text? -> order line
        ``move``              inventory_id location_id from_location_id? -> inventory
        ``adjust``            inventory_id kind quantity from_quantity reason -> inventory
        ``create_inventory``  part_id quantity lot? serial? location_id? -> inventory
        ``install``           parent_id requirement_id inventory_id quantity -> the parent's inventory
        ``uninstall``         parent_id installation_id -> the parent's inventory
        ``create_run``        procedure_id inventory_id? part_id? title? -> run
        ``set_run_status``    run_id status from_status -> run
        ``cancel_run``        run_id -> run
        ``set_step_status``   run_id step_id status from_status -> run
        ``set_field_value``   run_id step_id field_id type value from_value -> run
        ``create_issue``      title run_id? run_step_id? inventory_id? disposition_type? cause?
                              expected? -> issue
        ``update_issue``      issue_id, and of title status disposition_type disposition cause
                              expected what changes -> issue
        ``attach_file``       entity_id filename content_type digest -> file: id filename
        ``check_in``          run_id step_id -> run
        ``check_out``         run_id step_id -> run
        ====================  ================================================================

        Statuses are ION's words in upper case; ``quantity`` is a decimal text; ``kind`` is ``recount``, which
        sets the quantity, or ``scrap``, which takes it off; ``check_receipt`` changes nothing, and is refused
        where the order does not expect it; ``value`` is as in ``kiosk.model.StepField``;
        ``rows`` are as they were received: where ION shows one otherwise, ``IonConflict``;
        ``digest`` names the file's bytes in ``FileRoom``. All of ``from_...`` is what the person saw: where
        ION shows something else, the change is refused with ``IonConflict``.

        Args:
            operation: one of the table, or any other that ``offers`` names.
            arguments: as the flow wrote them.
            marker: at most 40 characters that name this operation in ION where ION has room for it.
            actor: who did it: it is done with their own token while one is held, else with the kiosk's key.

        Raises:
            IonRejected, IonUnsupported, IonAuthFailed: proved not executed.
            IonUnreachable, IonBusy, IonBehind, IonSignedOut: proved not executed, may be tried again.
            IonUnknown: may have been executed; ``IonUncounted`` where ION answered that it was.
            JournalError: what a restart must know could not be noted; what was there before is noted before
                anything is sent.
        """

    def find_effect(self, operation: str, arguments: Mapping[str, Json], *, marker: str) -> Finding:
        """Look whether an earlier, doubtful ``perform`` of the same operation took effect, and how often.

        Where ION has a lock, older copies are fenced off before anything is called absent.

        Raises:
            IonError: ION could not be asked; ask again later.
        """


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """What a person signs in with on a device of their own (RFC 8628 section 3.2)."""

    user_code: str
    """What the person sees, and types where the address does not hold it."""
    url: str
    """Where the person goes."""
    complete_url: str
    """The same with the user code in it, where the server gives one."""
    lasts_s: float
    interval_s: float
    """How long to wait before the server is asked again."""
    secret: str = field(repr=False)
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class BrowserErrand:
    """A browser that was sent off to sign a person in, and is awaited back."""

    url: str = field(repr=False)
    """Where it goes."""
    redirect_uri: str
    """Where it comes back to, letter for letter."""
    state: str = field(repr=False)
    verifier: str = field(repr=False)


class IonSignIn(Protocol):
    """Signs people in at ION with their own account, and holds their tokens: in memory, and nowhere else."""

    def ways(self) -> frozenset[str]:
        """Return how a person can sign in: ``phone``, ``browser``, both, or neither.

        Raises:
            IonError: the server that signs people in could not be asked, or is not what the settings say.
        """

    def begin_device(self) -> DeviceCode:
        """Ask for a code with which a person signs in on a device of their own.

        Raises:
            IonError: none could be had.
        """

    def ask_device(self, code: DeviceCode) -> Operator | DeviceCode:
        """Ask whether the person has signed in; return who it is, or the code with which to ask again.

        Raises:
            SignInFailed: the person said no, or the code has expired.
            IonUnreachable, IonBusy: ask again later.
            IonError: it will not come to anything.
        """

    def begin_browser(self, redirect_uri: str) -> BrowserErrand:
        """Return where a browser goes to sign a person in.

        Raises:
            IonError: that is not known.
        """

    def finish_browser(self, errand: BrowserErrand, answer: Mapping[str, str]) -> Operator:
        """Return who signed in, by what the browser brought back.

        Args:
            errand: as it was begun; it is finished once, whatever comes of it.
            answer: the query of the address that it came back to.

        Raises:
            SignInFailed: the person said no, or the answer is not the one to this errand.
            IonError: ION could not be asked, or does not accept it.
        """

    def renew(self, operator: Operator) -> bool:
        """Keep a person's token fresh; return whether one is held."""

    def sign_out(self, operator: Operator) -> None:
        """Drop a person's token, and have the server take it back where it can be reached."""


class FileRoom(Protocol):
    """Keeps the bytes of photos until ION has them, by their content."""

    def keep(self, content: bytes) -> str:
        """Put the bytes on disk and return their digest: SHA-256, 64 hex digits.

        Raises:
            JournalError: they could not be written, and are not kept.
        """

    def read(self, digest: str) -> bytes | None:
        """Return the bytes, ``None`` where nothing of that digest is kept.

        Raises:
            JournalError: they could not be read.
        """


@dataclass(frozen=True, slots=True)
class KeptSchema:
    """A tenant's schema as it was read last."""

    text: str
    """The ``data`` of an introspection, as JSON."""
    digest: str
    """SHA-256 of the text, 64 hex digits."""
    at: datetime


class SchemaRoom(Protocol):
    """Keeps what ION's tenants offer, for the time when they cannot be asked."""

    def schema(self, tenant: str) -> KeptSchema | None:
        """Return the schema of the tenant at this address, ``None`` where none is kept.

        Raises:
            JournalError: it could not be read.
        """

    def keep_schema(self, tenant: str, text: str, digest: str) -> None:
        """Keep a schema in place of the one before.

        Raises:
            JournalError: it could not be written.
        """


class NoteRoom(Protocol):
    """Keeps what is known of changes that are not settled, for who looks for them after a restart."""

    def noted(self, marker: str) -> Mapping[str, Json]:
        """Return what was noted last of the operation of this marker, nothing where nothing was.

        Raises:
            JournalError: it could not be read.
        """

    def note(self, marker: str, notes: Mapping[str, Json]) -> None:
        """Note this, and nothing else, of the operation of this marker; it is durable when this returns.

        Raises:
            JournalError: it could not be written.
        """
