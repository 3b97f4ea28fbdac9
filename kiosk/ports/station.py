"""A station as its pages see it, and what stands around it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from kiosk.model import BadgeHolder, DeviceState, Glance, Json, Message, Operator, Presence, PrintJob


class Devices(Protocol):
    """The lamps: how scanners, printers, ION and the journal are."""

    def scanners(self, station: str) -> tuple[DeviceState, ...]:
        """Return the scanners bound to this station."""

    def printers(self, station: str) -> tuple[DeviceState, ...]:
        """Return the printers this station prints on."""

    def ion(self) -> DeviceState:
        """Return whether ION answers, and since when not."""

    def journal(self) -> DeviceState:
        """Return whether what is scanned is kept as it should be."""


class Operators(Protocol):
    """Who is signed in where."""

    def at(self, station: str) -> Operator | None:
        """Return who is signed in at a station."""

    def acted(self, station: str) -> Presence | None:
        """Return who does something there now, which keeps them signed in, and how surely it is they."""

    def presence(self, station: str) -> Presence | None:
        """Return the same without anything being done."""

    def holder(self, badge: str) -> BadgeHolder | None:
        """Return whose badge it is, ``None`` where it is nobody's.

        Raises:
            JournalError: it cannot be looked up.
        """

    def signers(self) -> frozenset[str]:
        """Return the names, without regard to case, of those who have a badge and a PIN.

        Raises:
            JournalError: they cannot be looked up.
        """

    def came(self, station: str, holder: BadgeHolder) -> None:
        """Sign a person in whose badge was scanned there; that is in the audit already."""


_NOTHING = Glance()
_DURABLE = DeviceState("Journal", is_ready=True, text="Durable.")


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
    journal: DeviceState = _DURABLE
    """Whether what is scanned is kept as it should be."""
    glance: Glance = _NOTHING
    """What was done here last, and what has waited for ION the longest; looked for at home alone."""
    lines: int = 4
    """Of a list, on the station's screen."""

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
