"""Time that passes only when it is told to, and ids that can be foreseen."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from kiosk.ports import Ids

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@dataclass(slots=True)
class Clock:
    """Wall clock, forward clock and sleep of one world; sleeping moves both clocks and is noted."""

    passed_s: float = 0.0
    slept_s: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return START + timedelta(seconds=self.passed_s)

    def monotonic_s(self) -> float:
        return self.passed_s

    def sleep(self, seconds: float) -> None:
        self.slept_s.append(seconds)
        self.passed_s += seconds


def counted_ids(prefix: str = "") -> Ids:
    """Return a maker of ids of 32 hex digits, counting up."""
    numbers = itertools.count(1)
    return lambda: f"{prefix}{next(numbers):0{32 - len(prefix)}x}"
