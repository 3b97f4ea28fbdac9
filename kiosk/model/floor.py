"""What happens at a station: scans, messages, sessions, devices."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from kiosk.model.json import Json


@dataclass(frozen=True, slots=True)
class RawScan:
    """What a scanner sent, byte for byte, less the configured suffix."""

    id: str
    station: str
    scanner: str
    data: bytes
    at: datetime
    symbology: str | None = None
    """AIM symbology identifier where the device reports it apart from the data."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How the bytes of a scan came in, as they were read."""

    wire_s: float = 0.0
    """From its first byte to its last."""
    waited_s: float = 0.0
    """The silence that ended it; 0 where it had a suffix."""


@dataclass(frozen=True, slots=True)
class ScanSeen:
    """A scan as it came from a scanner, for a person who looks at what the device really sends."""

    at: datetime
    data: bytes
    """What the scanner sent, a symbology identifier included, without its suffix."""
    pace: Pace = Pace()
    answered_s: float | None = None
    """From the moment it was whole until the station had it on disk; ``None`` where it was not kept."""


@dataclass(frozen=True, slots=True)
class FaultSeen:
    """Something that went wrong with a scanner, and when."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Binding:
    """A scanner that was bound to a station on the scanner page, by scanning the code shown there."""

    name: str
    station: str
    kind: str
    """``serial``, ``keyboard`` or ``hid-pos``."""
    port: str
    """A name that stays, as a ``port`` of the settings; unique among the bindings of its kind."""
    device: str
    """What the device called itself, for a person."""
    at: datetime
    baud: int = 115200
    """Speed of a serial port."""
    layout: str = "us"
    """Layout of a keyboard."""
    tab_ends: bool = False
    """Tab ends its scans."""


class Level(StrEnum):
    """The five states a message can have; each has its own colour, icon and word."""

    GOOD = "good"
    ASK = "ask"
    STOP = "stop"
    WAIT = "wait"
    OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence for the operator: a constant template and the values that go into it."""

    level: Level
    template: str
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Return the sentence with its values filled in."""
        return self.template.format_map(self.values)


@dataclass(frozen=True, slots=True)
class Session:
    """What a station is in the middle of."""

    id: str
    station: str
    flow: str
    step: str
    state: Mapping[str, Json] = field(default_factory=dict)
    message: Message | None = None
    turn: int = 0
    """Counts events that had effects; part of every operation key."""
    revision: int = 0
    """Counts every change of the screen."""


@dataclass(frozen=True, slots=True)
class DeviceState:
    """A scanner or printer as the lamps show it."""

    name: str
    is_ready: bool
    text: str
    """What it is doing or what a person must do."""
    since: datetime | None = field(default=None, compare=False)
    """Since when it is not ready; ``None`` where it is, or where that is not known."""
