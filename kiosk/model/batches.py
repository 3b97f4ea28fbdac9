"""Labels that were asked for together: how far they are, and how labels are accounted for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from kiosk.model.delivery import JobState, Reason

NORMAL_PRIORITY: Final = 50
"""IPP's default (job-priority, RFC 8011 5.2.1: 1 to 100, 100 goes first)."""
URGENT_PRIORITY: Final = 80
"""Before all that others ask for."""
MOST_PRIORITY: Final = 100


class BatchState(StrEnum):
    """What a person wants of a batch; how far it is, its tally tells."""

    OPEN = "open"
    PAUSED = "paused"
    """Its labels are held until a person lets it go on."""
    CANCELED = "canceled"
    """No more of its labels are printed; what came out before stays what it is."""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many labels stand where. Always: ``issued = confirmed + voided + unknown + pending``."""

    counts: Mapping[JobState, int]

    def _of(self, *states: JobState) -> int:
        return sum(self.counts.get(state, 0) for state in states)

    @property
    def issued(self) -> int:
        """Return all that were ever asked for."""
        return sum(self.counts.values())

    @property
    def confirmed(self) -> int:
        """Return those that are known to have come out."""
        return self._of(JobState.CONFIRMED)

    @property
    def voided(self) -> int:
        """Return those that do not count: spoiled, or never printed and not to be."""
        return self._of(JobState.VOIDED, JobState.FAILED)

    @property
    def unknown(self) -> int:
        """Return those that were sent, and of which nobody knows whether they came out."""
        return self._of(JobState.SENT, JobState.UNKNOWN)

    @property
    def doubtful(self) -> int:
        """Return those that broke off, of which a person has to say whether they came out."""
        return self._of(JobState.UNKNOWN)

    @property
    def waiting(self) -> int:
        """Return those that are not sent yet."""
        return self._of(JobState.QUEUED, JobState.HELD)

    @property
    def sending(self) -> int:
        """Return those that are being sent."""
        return self._of(JobState.SENDING)

    @property
    def pending(self) -> int:
        """Return those that are waiting or being sent."""
        return self.waiting + self.sending

    @property
    def is_done(self) -> bool:
        """Return whether nothing more will happen by itself."""
        return self.pending == 0


@dataclass(frozen=True, slots=True)
class Batch:
    """Labels that were asked for together, in all their copies; a single label is a batch of one."""

    id: str
    key: str
    """The asker's idempotency key; unique."""
    station: str
    """Where it was asked for; empty where that was no station."""
    title: str
    """What the asker calls it; may be empty."""
    by: str
    """Who asked, empty where nobody was signed in."""
    state: BatchState
    priority: int
    created_at: datetime
    tally: Tally
    reason: Reason | None = None
    """Why it is a reprint, ``None`` where it is none."""
    note: str = ""
    """In the person's own words."""
    request: str = ""
    """SHA-256 in hex of all that was asked under the key; empty where nobody compares."""
    as_of: datetime | None = None
    """When ION gave the oldest of the answers that stand on its labels; ``None`` where none does."""

    @property
    def age_s(self) -> int | None:
        """Return how old that answer was when the labels were asked for."""
        return None if self.as_of is None else max(0, int((self.created_at - self.as_of).total_seconds()))


@dataclass(frozen=True, slots=True)
class LabelAccount:
    """The labels of one design that were asked of one printer on one day."""

    day: date
    """On the wall calendar of the kiosk."""
    printer: str
    label: str
    tally: Tally
    canceled: int
    """Of the voided those that were never printed."""
