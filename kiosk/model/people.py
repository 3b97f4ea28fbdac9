"""People: who they are, how surely that is known, and what a station asks of them."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Final, Self

_LEAST_DIGITS: Final = 6
"""Of random digits, 20 bits (OWASP ASVS 5.0, 6.5.4)."""
_MOST_DIGITS: Final = 12
_FEWEST_DIFFERENT: Final = 3
_DIGITS = re.compile(rf"[0-9]{{{_LEAST_DIGITS},{_MOST_DIGITS}}}")
_LANES: Final = "01234567890123456789"


class Role(StrEnum):
    """What a person may do here; a later one may do all that an earlier one may."""

    OPERATOR = "operator"
    LEAD = "lead"
    TECHNICIAN = "technician"


@dataclass(frozen=True, slots=True)
class Operator:
    """A person who is signed in at a station, and in whose name it acts."""

    id: str
    """``ion/<ION's user id>``, or ``operator/<id>`` of a person whom only the kiosk knows."""
    name: str
    role: Role = Role.OPERATOR
    language: str = ""
    """BCP 47; empty where theirs is not known, or is the station's."""


class Demand(StrEnum):
    """What a station asks of who does something there."""

    NONE = "none"
    BADGE = "badge"
    PIN = "pin"


class Proof(IntEnum):
    """How surely it is known that a person is who they say; a higher one is a stronger one."""

    NONE = 0
    """A badge alone, which can be copied; or nobody."""
    GIVEN = 1
    """They gave their PIN, or signed in with ION, since they came."""
    FRESH = 2
    """And it is so recent that it counts for signing."""


@dataclass(frozen=True, slots=True)
class Presence:
    """Who is at a station."""

    operator: Operator
    proof: Proof = Proof.NONE
    has_pin: bool = False
    """Whether the kiosk knows a PIN of theirs to ask for."""


@dataclass(frozen=True, slots=True)
class BadgeHolder:
    """A person whom the kiosk itself knows, without ION and without a network; never with their PIN."""

    id: str
    name: str
    badge: str
    """What stands on the badge after ``ION/OP/``, in upper case."""
    role: Role = Role.OPERATOR
    language: str = ""
    """BCP 47; empty for that of the station they are at."""
    is_disabled: bool = False
    expires_at: datetime | None = None
    """From then on they cannot sign in before a lead has renewed them; ``None``: never."""
    has_pin: bool = False

    @property
    def operator(self) -> Operator:
        """Return who they are once they are signed in."""
        return Operator(f"operator/{self.id}", self.name, self.role, self.language)

    def is_expired(self, now: datetime) -> bool:
        """Return whether they have to be renewed."""
        return self.expires_at is not None and self.expires_at <= now

    def is_welcome(self, now: datetime) -> bool:
        """Return whether they may sign in."""
        return not self.is_disabled and not self.is_expired(now)


@dataclass(frozen=True, slots=True)
class Pin:
    """Secret digits; nothing that prints or logs the value shows them."""

    digits: str = field(repr=False)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read what was typed, ``None`` where it cannot be anybody's PIN."""
        return cls(text) if _DIGITS.fullmatch(text) else None

    @property
    def is_plain(self) -> bool:
        """Return whether anybody would guess it first: few different digits, a count, a repetition."""
        digits = self.digits
        half = len(digits) // 2
        is_run = digits in _LANES or digits in _LANES[::-1]
        repeats = any(
            len(digits) % length == 0 and digits == digits[:length] * (len(digits) // length)
            for length in range(1, half + 1)
        )
        return is_run or repeats or len({*digits}) < _FEWEST_DIFFERENT
