"""Keys by which other programs are let in: for which labels, printers and stations, how often, how long."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from kiosk.errors import OutOfScope

_RATE: Final = re.compile(r"([1-9][0-9]{0,5})/(s|min|h)")
_SECONDS: Final = {"s": 1.0, "min": 60.0, "h": 3600.0}


@dataclass(frozen=True, slots=True)
class Rate:
    """How often something may happen."""

    count: int
    unit: str
    """``s``, ``min`` or ``h``."""

    @classmethod
    def read(cls, text: str) -> "Rate":
        """Read a rate such as ``60/min``.

        Raises:
            ValueError: it is none.
        """
        match = _RATE.fullmatch(text)
        if match is None:
            raise ValueError(
                f"Cannot read rate {text!r}: expected a number and a unit, like 60/min, 5/s, 1000/h"
            )
        return cls(int(match[1]), match[2])

    @property
    def per_s(self) -> float:
        """Return how often a second."""
        return self.count / _SECONDS[self.unit]

    def __str__(self) -> str:
        return f"{self.count}/{self.unit}"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a key is for; ``None`` stands for all there are."""

    name: str
    """What the key is called."""
    labels: frozenset[str] | None = None
    printers: frozenset[str] | None = None
    stations: frozenset[str] | None = None
    """Where it scans and presses buttons."""
    reprints: bool = False
    """Whether it prints labels of serials once more, and voids them, as who has the role for it."""

    def check(
        self, *, label: str | None = None, printer: str | None = None, station: str | None = None
    ) -> None:
        """Refuse what the key is not for.

        Raises:
            OutOfScope: the text names the key, what it is for, and what was wanted.
        """
        for scope, wanted, allowed in (
            ("labels", label, self.labels),
            ("printers", printer, self.printers),
            ("stations", station, self.stations),
        ):
            if wanted is not None and allowed is not None and wanted not in allowed:
                given = f"{scope} {sorted(allowed)}" if allowed else f"no {scope}"
                raise OutOfScope(f"Key {self.name!r} is for {given}, and not for {wanted!r}.", scope=scope)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key as the journal knows it: never the secret itself."""

    id: str
    """Stands in the key, and may be seen."""
    digest: str
    """SHA-256 in hex of the whole key; of 256 random bits no more is needed."""
    scope: Scope
    created_at: datetime
    rate: Rate | None = None
    """``None`` for as often as it likes."""
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    used_at: datetime | None = None
    """Within some minutes."""

    @property
    def name(self) -> str:
        """Return what people call it."""
        return self.scope.name

    def state(self, now: datetime) -> str:
        """Return ``revoked``, ``expired`` or ``good``."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and now >= self.expires_at else "good"
