"""What the core needs from the outside, phrased from the core's side."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeAlias

from kiosk.model import (
    DesignVersion,
    DeviceState,
    Json,
    LabelFields,
    Message,
    Operator,
    Pace,
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
        """Return the names of the operations for which this tenant's schema has a fitting document.

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

    @property
    def pace(self) -> Pace:
        """Return how the scans of the last ``read`` that gave any came in."""

    def close(self) -> None:
        """Close the device; closing twice is fine."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A device that is plugged in, bound to no station, and may be a scanner."""

    kind: str
    """``serial``, ``keyboard`` or ``hid-pos``."""
    port: str
    """The name to bind it by, which stays; empty where it cannot be told from another of its model."""
    device: str
    """What it calls itself, for a person."""
    is_scanner: bool
    """Its make or its name says that it is a scanner, and not somebody's keyboard."""


@dataclass(frozen=True, slots=True)
class Traits:
    """How a device was found to send."""

    baud: int = 115200
    layout: str = "us"
    tab_ends: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """What a candidate sent, as far as it concerns the code it is to scan."""

    traits: Traits | None
    """It sent the code, and this is how; ``None``: it did not, or not so that it can be bound."""
    advice: str = ""
    """What a person should do then."""


class Listener(Protocol):
    """Hears one candidate. It takes nothing away from others that read the same keyboard."""

    def open(self) -> None:
        """Begin to listen.

        Raises:
            ScannerGone: it is not there, busy or not permitted; the text says what to do.
        """

    def heard(self) -> Heard | None:
        """Return at once what was heard since, ``None`` for nothing that concerns the code.

        What is typed on a keyboard that is no known scanner is compared with the code, and forgotten.

        Raises:
            ScannerGone: the device went away; it is closed by then.
        """

    def close(self) -> None:
        """Listen no more; closing twice is fine."""


class Candidates(Protocol):
    """The devices that could be bound."""

    def plugged_in(self) -> Sequence[Candidate]:
        """Return what is plugged in now and not bound, without opening any device; scanners come first."""

    def listener(self, candidate: Candidate, code: str) -> Listener:
        """Return what hears whether this one scans the code; not open yet."""


@dataclass(frozen=True, slots=True)
class LearnView:
    """What the scanner page shows of learning a scanner at one moment."""

    station: str
    """The station it is for; empty while nothing is learned."""
    code: str = ""
    """What is to be scanned; new each time."""
    seconds_left: int = 0
    devices: Sequence[DeviceState] = ()
    """The candidates, and whether each can be heard."""
    message: Message | None = None
    """What came of it, or what a person should do."""


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


@dataclass(frozen=True, slots=True)
class DesignCard:
    """A label design in the list of all."""

    name: str
    title: str
    fields: tuple[str, ...]
    """What it takes; a table with an ellipsis."""
    encodes: str
    width_mm: float
    height_mm: float
    is_of_site: bool
    """It stands in the site's folder."""
    is_packaged: bool
    """One of that name comes with the kiosk; the site's comes first where there are both."""
    fault: str = ""
    """Why it cannot be printed; then what else is known of it is empty."""


@dataclass(frozen=True, slots=True)
class DesignTarget:
    """What a design can be seen on: a printer, or any head of so many dots an inch."""

    name: str
    """The printer's, or ``dpi:203``; no printer can be called so."""
    title: str
    is_printer: bool
    is_fitting: bool
    """The design is not too large and not too fine for it."""


@dataclass(frozen=True, slots=True)
class DraftFault:
    """Why a text is no design, or not with these values."""

    line: int
    """From 1; 0 where it is about the whole."""
    text: str


@dataclass(frozen=True, slots=True)
class DraftField:
    """One text that a design takes."""

    name: str
    is_required: bool
    value: str


@dataclass(frozen=True, slots=True)
class DraftBox:
    """An element on the picture, in dots from the label's top left corner."""

    name: str
    line: int
    x: int
    y: int
    width: int
    height: int
    origin: tuple[int, int]
    """Where the element's own coordinates begin."""
    keys: tuple[str, ...]
    """Which of its numbers can be changed: ``x_mm``, ``y_mm``, ``width_mm``, ``height_mm``, ``size_mm``."""
    is_drawn: bool
    """Whether its condition holds with these values."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a text would print."""

    fault: DraftFault | None
    png: bytes = b""
    """One pixel a dot; empty where nothing can be drawn."""
    is_exact: bool = False
    """The picture holds the very dots that would be printed."""
    width: int = 0
    """Of the label, in dots."""
    height: int = 0
    boxes: tuple[DraftBox, ...] = ()
    fields: tuple[DraftField, ...] = ()


class DesignRoom(Protocol):
    """Where label designs are looked at, changed and kept."""

    @property
    def is_writable(self) -> bool:
        """Whether the site has a folder for its designs."""

    def cards(self) -> tuple[DesignCard, ...]:
        """Return every design, by name."""

    def targets(self, name: str) -> tuple[DesignTarget, ...]:
        """Return the printers of the settings and heads of the usual pitches, to see a design on."""

    def source(self, name: str, version: int | None = None) -> str | None:
        """Return a design's TOML, of an earlier version where one is named; ``None`` where there is none.

        Raises:
            LabelError: it cannot be read.
        """

    def versions(self, name: str) -> tuple[DesignVersion, ...]:
        """Return what was saved, newest first; what comes with the kiosk is the last one, number 0."""

    def picture(self, name: str) -> bytes | None:
        """Return the PNG of a design with its samples, ``None`` where there is none."""

    def draft(self, name: str, source: str, target: str, values: LabelFields | None) -> Draft:
        """Check a text and draw it for a target.

        Args:
            name: what the design is called.
            source: its TOML.
            target: one of ``targets``.
            values: for its fields; without them, and for the required ones that are missing, its samples.
        """

    def arranged(self, source: str, element: str, target: str, dots: Mapping[str, int]) -> str:
        """Return a text in which numbers of one element are those of so many dots, and nothing else differs.

        Raises:
            LabelError: there is no such element or number.
        """

    def save(self, name: str, source: str, base: str | None) -> DesignVersion:
        """Keep a text as the site's design; labels are made of it from now on.

        Args:
            name: what it is called.
            source: its TOML.
            base: SHA-256 in hex of the text that was opened, empty where there was none of that name; with
                ``None`` what is there may be replaced, and stays as a version.

        Raises:
            DesignChanged: that is not the text any more.
            LabelError: it is no good design, its name cannot be used, or it cannot be written.
        """

    def print_test(
        self, name: str, source: str, printer: str, values: LabelFields, *, key: str | None
    ) -> tuple[PrintJob, ...]:
        """Queue one label of a text as it is, saved or not.

        Raises:
            LabelError: it cannot be made.
            JournalError: it could not be written.
        """

    def sample(self, scan: bytes) -> LabelFields:
        """Return what would stand on the label of what a scan is about.

        Raises:
            LabelError: nothing is known by that code, or it has no label.
            IonError: ION could not be asked.
        """
