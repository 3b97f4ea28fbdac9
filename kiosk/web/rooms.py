"""What the web half is given: every collaborator, as a protocol or a plain function."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from kiosk.artwork import CodeDrawing, draw_code
from kiosk.model import (
    Ambience,
    ApiKey,
    Binding,
    DeviceState,
    FaultSeen,
    Json,
    Past,
    Print,
    PrintJob,
    ScanSeen,
)
from kiosk.operators import Doorway, Office, PinReply
from kiosk.ports import (
    Clock,
    DesignRoom,
    Devices,
    FileRoom,
    LabelRoom,
    LabelService,
    LearnView,
    ParkedRoom,
    PrintRoom,
    StationRoom,
    StationView,
)
from kiosk.settings_desk import SettingsDesk
from kiosk.shift import ShiftDesk
from kiosk.sign_in import SignInView
from kiosk.web.changes import Changes


class Jobs(Protocol):
    """Print jobs, as pages and programs ask for them."""

    def job(self, job_id: str) -> PrintJob | None:
        """Return the job, ``None`` where there is none of that id."""

    def picture(self, job_id: str) -> bytes | None:
        """Return the PNG of what was sent to the printer, ``None`` where it is not kept."""


class ScannerDesk(Protocol):
    """One scanner, as the scanner page shows it."""

    @property
    def name(self) -> str:
        """Return what the screen calls the scanner."""

    @property
    def kind(self) -> str:
        """Return ``serial``, ``keyboard``, ``hid-pos`` or ``network``."""

    @property
    def port(self) -> str:
        """Return where it is plugged in, as the settings or its binding have it."""

    @property
    def station(self) -> str:
        """Return the name of the station it scans for."""

    @property
    def lamp(self) -> DeviceState:
        """Return how it is; where it is gone, the text says what to do."""

    @property
    def faults(self) -> int:
        """Return how often since the start it went away, or something it sent was dropped."""

    @property
    def last_fault(self) -> FaultSeen | None:
        """Return what went wrong last, ``None`` where nothing did."""

    @property
    def binding(self) -> Binding | None:
        """Return how it was bound on the page, ``None`` where the settings name it."""

    def last_scans(self) -> Sequence[ScanSeen]:
        """Return its last scans since the start, newest first; five are shown."""


class AmbienceDesk(Protocol):
    """Knows how light and how loud the page of a station is."""

    def of(self, station: str) -> Ambience:
        """Return what suits the station."""

    def choose(self, station: str, ambience: Ambience) -> None:
        """Keep what a person chose at the station.

        Raises:
            JournalError: it is not kept.
        """


class LearnDesk(Protocol):
    """Binding scanners that the settings do not name."""

    def view(self) -> LearnView:
        """Return what the page shows of it now."""

    def start(self, station: str) -> None:
        """Show a new code, and listen for it to what could be a scanner; two minutes at most."""

    def stop(self) -> None:
        """Listen no more."""

    def forget(self, name: str) -> None:
        """Take a binding back; a scanner of the settings stays.

        Raises:
            JournalError: it still holds.
        """


class SignInDesk(Protocol):
    """Where people sign in with ION."""

    def is_open(self, station: str) -> bool:
        """Return whether people sign in at this station at all."""

    def view(self, station: str) -> SignInView:
        """Return what a page of the station shows; a code stays good while pages ask for it."""

    def begin_device(self, station: str) -> None:
        """Get a code for a person's phone; what does not work stands in the view.

        Raises:
            SignInFailed: people do not sign in that way here.
        """

    def sign_out(self, station: str) -> None:
        """Sign out whoever is signed in at the station."""

    def begin_browser(self, station: str, redirect_uri: str, holder: str) -> str:
        """Return where a browser, which alone keeps ``holder``, goes to sign a person in.

        Raises:
            SignInFailed: it is not to be had here, or not now.
        """

    def finish_browser(self, holder: str, answer: Mapping[str, str]) -> str:
        """Sign a person in by what their browser brought back, once; return the station.

        Raises:
            SignInFailed: nobody is signed in; the text is for the person.
        """


class KeyDesk(Protocol):
    """Where other programs are let in."""

    def admit(self, sent: str, *, is_counted: bool) -> ApiKey:
        """Return the key that a program sent.

        Raises:
            AccessRefused: it opens nothing.
            TooOften: it is used more often than it is for.
        """


class PeopleDesk(Protocol):
    """Takes PINs for those who are signed in at a station, and signs them out."""

    def give_pin(self, station: str, who: str, text: str) -> PinReply:
        """Take a PIN for the operator of that id; a right one lets go on what waited for it.

        Raises:
            JournalError: it could not be counted, and was not looked at.
        """

    def sign_out(self, station: str) -> None:
        """Sign out whoever is signed in at the station."""


@dataclass(frozen=True, slots=True)
class PadItem:
    """A barcode on the demo's scan pad."""

    group: str
    title: str
    detail: str
    text: str
    """What the barcode says, control characters and all."""


@dataclass(frozen=True, slots=True)
class TrayItem:
    """A label that came out of the demo's virtual printer."""

    number: int
    png: bytes
    text: str
    """What a scanner reads from it, empty where it has no symbol."""


def label_on_screen(view: StationView) -> Print | None:
    """Return the label a screen is about: its state names the ``label`` and the ``fields``."""
    label, fields = view.state.get("label"), view.state.get("fields")
    if not isinstance(label, str) or not isinstance(fields, Mapping):
        return None
    return Print(label, {str(name): _shown(value) for name, value in fields.items()}, subject=view.screen)


def _shown(value: Json) -> str | list[dict[str, str]]:
    if isinstance(value, Sequence) and not isinstance(value, str):
        rows = (row for row in value if isinstance(row, Mapping))
        return [{name: str(item) for name, item in row.items()} for row in rows]
    return str(value)


def _no_address(_port: int) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Rooms:
    """Everything ``create_app`` needs; there is nothing global beside it."""

    stations: Mapping[str, StationRoom]
    changes: Changes
    jobs: Jobs
    labels: LabelRoom
    service: LabelService
    """Where labels are ordered."""
    devices: Devices
    files: FileRoom
    """Photos."""
    clock: Clock
    secret: bytes = field(repr=False)
    """At least 16 random bytes, new at every start: signs the anti-forgery token."""
    version: str
    allowed_hosts: frozenset[str] = frozenset({"localhost", "127.0.0.1", "::1"})
    """Names and addresses, without port and brackets, under which a browser may ask for this kiosk."""
    is_any_address_allowed: bool = False
    """Whether a browser may also ask for it under any numeric address: names alone can be made to lie."""
    keys: KeyDesk | None = None
    """Lets other programs in; where it is ``None`` all are."""
    are_keys_needed: bool = False
    """Whether a program on this machine needs a key too."""
    others: Literal["all", "photos"] = "all"
    """What other machines may ask for."""
    metrics: Callable[[], bytes] | None = None
    """Writes what is counted, in Prometheus's text format."""
    are_metrics_open: bool = False
    """Whether other machines may read them."""
    remote_port: int | None = None
    """Where a proxy hands over what other machines ask over TLS, ``None`` where there is none."""
    is_plain_allowed: bool = False
    """Whether people and programs of other machines may also come without TLS."""
    doorway: Doorway | None = field(default=None, repr=False)
    """Where people sign in from other machines, ``None`` where nobody can."""
    phone_address: Callable[[int], str | None] = _no_address
    """Returns the beginning of the address under which a phone finds the port, ``None`` where it cannot."""
    draw_code: Callable[[str], CodeDrawing] = draw_code
    """Draws a QR code."""
    lately: Callable[[str, int], Sequence[Past]] | None = None
    """Returns what happened at a station last, newest first, so much of it at most."""
    label_shown: Callable[[StationView], Print | None] = label_on_screen
    """Which label the screen shows a picture of."""
    pad: Callable[[], Sequence[PadItem]] | None = None
    """The demo's scan pad."""
    draw: Callable[[str], bytes] | None = None
    """Draws a barcode of a text as PNG."""
    tray: Callable[[], Sequence[TrayItem]] | None = None
    """What lies in the tray of the demo's virtual printer, newest first."""
    prints: PrintRoom | None = None
    """The printers' queues and the account of their labels, where they may be looked at and changed."""
    sign_in: SignInDesk | None = None
    """Where people sign in with ION, ``None`` where they do not."""
    people: PeopleDesk | None = None
    """Where PINs are handed in, ``None`` where none is asked for."""
    office: Office | None = field(default=None, repr=False)
    """Where leads change who may sign in by badge, ``None`` where nobody does."""
    public_url: str | None = None
    """Under which other machines reach the pages, where the settings say so."""
    scanners: Callable[[], Sequence[ScannerDesk]] = tuple
    """Gives every scanner: those of the settings, and those that were bound."""
    ambiences: AmbienceDesk | None = None
    """Knows what people chose; where it is ``None`` the page is as it is by itself."""
    learning: LearnDesk | None = None
    """Binds more of them."""
    parked: ParkedRoom | None = None
    """Work that stopped for a person."""
    shift: ShiftDesk | None = None
    """What was done in a shift."""
    settings: SettingsDesk | None = None
    """What the kiosk runs with, where technicians may look at it."""
    languages: Mapping[str, str] = field(default_factory=dict)
    """The language of each station where nobody is who has one of their own; English where none is named."""
    hours: str = ""
    """Those of the clock by which pages tell times, ``12`` or ``24``; empty for that of the language."""
    designs: DesignRoom | None = field(default=None, repr=False)
    """The label designs, where they may be looked at and changed."""

    def __post_init__(self) -> None:
        if len(self.secret) < 16:  # noqa: PLR2004 - 128 bits, the least an anti-forgery key may have
            raise ValueError(f"Rooms(secret=...): expected 16 bytes or more, got {len(self.secret)}.")
