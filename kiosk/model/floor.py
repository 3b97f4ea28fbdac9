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
class ScanSeen:
    """A scan as it came from a scanner, for a person who looks at what the device really sends."""

    at: datetime
    data: bytes
    """What the scanner sent, a symbology identifier included, without its suffix."""


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


class Role(StrEnum):
    """What a person may do here."""

    OPERATOR = "operator"
    LEAD = "lead"
    TECHNICIAN = "technician"


@dataclass(frozen=True, slots=True)
class Operator:
    """A person who is signed in at a station, and in whose name it acts."""

    id: str
    """``ion/<ION's user id>``, or ``badge/<badge>`` of a person whom only the kiosk knows."""
    name: str
    role: Role = Role.OPERATOR


@dataclass(frozen=True, slots=True)
class DeviceState:
    """A scanner or printer as the lamps show it."""

    name: str
    is_ready: bool
    text: str
    """What it is doing or what a person must do."""
