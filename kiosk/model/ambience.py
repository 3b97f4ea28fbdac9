"""Light, sounds and reading distance where a station stands, and what its screen makes of them."""

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


class Distance(StrEnum):
    """From where a screen is read."""

    NEAR = "near"
    FAR = "far"
    """Two metres, by who holds a cordless scanner: each answer is shown in large letters for a while."""


@dataclass(frozen=True, slots=True)
class Ambience:
    """What suits a station's surroundings."""

    light: Light = Light.AUTO
    volume: Volume = Volume.MIDDLE
    distance: Distance = Distance.NEAR
