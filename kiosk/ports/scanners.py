"""Scanners: reading one, and finding out which device is one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from kiosk.model import DeviceState, Message, Pace


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
