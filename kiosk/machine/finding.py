"""What a look at one part found."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """How one part of the kiosk, or of the machine beneath it, is."""

    part: str
    name: str
    is_ok: bool
    text: str
    """Where it is not well: what was found, and then what to do."""
