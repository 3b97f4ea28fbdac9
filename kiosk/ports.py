"""What the core needs from the outside, phrased from the core's side."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeAlias

from kiosk.model import (
    DesignVersion,
    DeviceState,
    Json,
    LabelFields,
    Message,
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
