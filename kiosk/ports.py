"""What the core needs from the outside, phrased from the core's side."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from kiosk.model import (
    DeviceState,
    Json,
    Message,
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

    def perform(self, operation: str, arguments: Mapping[str, Json], *, marker: str) -> Mapping[str, Json]:
        """Make the change once and return what ION answered, normalised (see ``kiosk.ion.gateway``).

        Args:
            operation: ``receive``, ``set_step_status``, ``set_run_status`` or ``move``.
            arguments: as the flow wrote them.
            marker: at most 40 characters that name this operation in ION where ION has room for it.

        Raises:
            IonRejected, IonUnsupported, IonAuthFailed: proved not executed.
            IonUnreachable, IonBusy: proved not executed, may be tried again.
            IonUnknown: may have been executed.
        """

    def find_effect(self, operation: str, arguments: Mapping[str, Json], *, marker: str) -> Finding:
        """Look whether an earlier, doubtful ``perform`` of the same operation took effect.

        Raises:
            IonError: ION could not be asked; ask again later.
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

        Raises:
            JournalError: it could not be written, and is not taken.
        """
