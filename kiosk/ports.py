"""What the core needs from the outside, phrased from the core's side."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeAlias

from kiosk.model import (
    DeviceState,
    Json,
    Message,
    Operator,
    PreparedLabel,
    Print,
    PrintJob,
    Question,
    Subject,
)

Clock: TypeAlias = Callable[[], datetime]
"""Returns the time, aware and in UTC."""

Ids: TypeAlias = Callable[[], str]
"""Returns a new unique id: 32 hex digits."""

Sleep: TypeAlias = Callable[[float], None]
"""Waits that many seconds, or less when the kiosk is stopping."""


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


@dataclass(frozen=True, slots=True)
class Absent:
    """The effect is not there, and a late first copy can no longer add a second one: sending is safe."""


@dataclass(frozen=True, slots=True)
class Unsure:
    """Looking did not decide it; ``facts`` says what ION shows now, for a person."""

    facts: str


Finding: TypeAlias = Found | Absent | Unsure


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
                              received_before? -> inventories line order
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
        sets the quantity, or ``scrap``, which takes it off; ``value`` is as in ``kiosk.model.StepField``;
        ``digest`` names the file's bytes in ``FileRoom``. All of ``from_...`` is what the person saw: where
        ION shows something else, the change is refused with ``IonConflict``.

        Args:
            operation: one of the table, or any other that ``offers`` names.
            arguments: as the flow wrote them.
            marker: at most 40 characters that name this operation in ION where ION has room for it.
            actor: who did it: it is done with their own token while one is held, else with the kiosk's key.

        Raises:
            IonRejected, IonUnsupported, IonAuthFailed: proved not executed.
            IonUnreachable, IonBusy, IonSignedOut: proved not executed, may be tried again.
            IonUnknown: may have been executed.
        """

    def find_effect(self, operation: str, arguments: Mapping[str, Json], *, marker: str) -> Finding:
        """Look whether an earlier, doubtful ``perform`` of the same operation took effect.

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


class Scanner(Protocol):
    """One device that sends barcodes."""

    def open(self) -> None:
        """Open the device.

        Raises:
            ScannerGone: it is not there, busy or not permitted; the text says what to do.
        """

    def read(self, timeout_s: float) -> tuple[bytes, ...]:
        """Return the complete scans that arrived within ``timeout_s``, without their suffix.

        An AIM identifier that the device reports apart from the data stands in front of it.

        Raises:
            ScannerGone: the device went away; it is closed by then.
            ScanError: a scan was dropped, the text says why; the next one is read normally.
        """

    def close(self) -> None:
        """Close the device; closing twice is fine."""


class LabelRoom(Protocol):
    """Makes labels for a station's printer."""

    def prepare(self, station: str, label: Print) -> PreparedLabel:
        """Lay the label out for the station's printer, render it, read it back and encode it.

        Raises:
            LabelError: unknown label or field, data that does not fit, no printer, or it would not scan.
        """

    def printer_of(self, station: str) -> str:
        """Return the name of the station's printer, empty where it has none."""


class Devices(Protocol):
    """The lamps: how scanners, printers and ION are."""

    def scanners(self, station: str) -> tuple[DeviceState, ...]:
        """Return the scanners bound to this station."""

    def printers(self, station: str) -> tuple[DeviceState, ...]:
        """Return the printers this station prints on."""

    def ion(self) -> DeviceState:
        """Return whether ION answers, and since when not."""


class Operators(Protocol):
    """Who is signed in where."""

    def at(self, station: str) -> Operator | None:
        """Return who is signed in at a station."""

    def acted(self, station: str) -> Operator | None:
        """Return the same for something that a person does there now, which keeps them signed in."""


@dataclass(frozen=True, slots=True)
class StationView:
    """All that a page or a program is told about a station at one moment."""

    station: str
    session: str
    revision: int
    """Changes with everything below; a button press names the revision it was drawn for."""
    flow: str
    step: str
    state: Mapping[str, Json]
    message: Message | None
    flows: tuple[str, ...]
    location: str
    waiting: int
    """Operations that are on their way to ION."""
    parked: int
    """Operations that wait for a person."""
    scanners: tuple[DeviceState, ...]
    printers: tuple[DeviceState, ...]
    ion: DeviceState
    jobs: tuple[PrintJob, ...]
    """The last print jobs of this station, newest first, six at most."""
    since: int = 0
    """The revision that brought this question up: other while another screen, or the same one about another
    thing, was shown in between."""
    operator: Operator | None = None
    """Who is signed in here."""

    @property
    def screen(self) -> str:
        """Return the screen's name, ``<flow>/<step>``: also the path of its template."""
        return f"{self.flow}/{self.step}"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The kiosk's answer to a scan or a press, given only after it is on disk."""

    id: str
    is_repeat: bool
    """The same key was seen before; nothing was done a second time."""
    is_stale: bool = False
    """The press was made on a screen that is no longer shown; nothing was done."""


class StationRoom(Protocol):
    """One place where a person works, as the pages and the API see it."""

    @property
    def name(self) -> str:
        """Return the station's name."""

    def view(self) -> StationView:
        """Return what the station shows now."""

    def scan(self, data: bytes, *, scanner: str, key: str | None = None) -> Receipt:
        """Take a scan and return once it is committed.

        Args:
            data: the scan's bytes without a suffix; any bytes, any length.
            scanner: who sent it: a scanner's name, ``page`` or ``api``.
            key: the sender's idempotency key.

        Raises:
            JournalError: it could not be written, and is not taken.
        """

    def press(
        self, verb: str, argument: str | None = None, *, revision: int | None = None, key: str | None = None
    ) -> Receipt:
        """Take a button press (the same verbs as command barcodes, and ``CHOOSE``) and return once committed.

        ``PHOTO`` with a digest of ``FileRoom`` adds a photo to a screen that asks for photos: one whose state
        has ``photos``, the digests kept so far. Where one screen can ask about several things in turn, its
        state names the thing in ``photos_of``: a phone's way in ends when that changes.

        Raises:
            JournalError: it could not be written, and is not taken.
        """
