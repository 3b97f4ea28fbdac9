"""How light and how loud it is where a station stands, and what its screen makes of it."""

from dataclasses import dataclass
from enum import StrEnum


class Light(StrEnum):
    """The light in a room."""

    AUTO = "auto"
    """As the browser's machine is set: ``prefers-color-scheme``."""
    BRIGHT = "bright"
    DIM = "dim"


class Volume(StrEnum):
    """How loud the screen's sounds are; without one it only flashes."""

    OFF = "off"
    LOW = "low"
    MIDDLE = "middle"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class Ambience:
    """What suits a station's surroundings."""

    light: Light = Light.AUTO
    volume: Volume = Volume.MIDDLE
