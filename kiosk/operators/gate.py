"""How often a PIN may be guessed: waits that grow, and that nobody can turn into a lock-out.

After five wrong PINs each further one has to wait, 1 s, then 2 s, 4 s, up to five minutes: of 1,000 guesses
less than 30 are looked at in the first hour (OWASP ASVS 5.0, 6.1.1; NIST SP 800-63B, 5.2.2 would let 100 in
a row pass), and as many more for each person who was right at that station lately.
Counted is what was given for the person anywhere, and what was given for anybody at this kiosk,
whatever station's page it was given on; the door for other machines counts for itself, so that nobody far
away holds up who stands here. A person who gave the right PIN at this station within the last two weeks waits
for their own wrong ones here alone, as many as anybody: who guesses for them elsewhere, or for others here,
cannot keep them from their work (the idea of OWASP's device cookies). No wait is longer than five minutes, an
hour without a wrong PIN ends them all, and a lead can end a person's at once, whoever gave the wrong ones.

Waits are counted on the clock that only goes forward; the wall clock, which a Pi may have wrong, is asked
once for what is left of a wait from before the start, and can lengthen none.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from kiosk.journal import NO_STATION, OperatorBook, Tries
from kiosk.model import Pin
from kiosk.operators.hashing import PinHasher
from kiosk.ports import Clock

THE_DOOR: Final = "other machines"
"""Where PINs are given that come from other machines; with a space, so that no station can have this name."""
FREE_FAILURES: Final = 5
LONGEST_WAIT_S: Final = 300.0
_FORGOTTEN_S: Final = 3600.0
_TRUSTED: Final = timedelta(days=14)
"""Longer than a night, a weekend and most holidays: nobody may be kept out by who was there meanwhile."""
_FORGIVEN: Final = timedelta(hours=1)


class Verdict(StrEnum):
    """What became of a PIN that was given."""

    RIGHT = "right"
    WRONG = "wrong"
    TOO_SOON = "too soon"
    """It was not looked at, and counts for nothing."""
    NONE_SET = "none set"
    """The person has no PIN."""


@dataclass(frozen=True, slots=True)
class PinAnswer:
    """What became of a PIN, and how long the next one has to wait."""

    verdict: Verdict
    wait_s: float = 0.0
    pin_hash: str = field(default="", repr=False, compare=False)
    """Of the right PIN, as it is kept."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """When a count was last found changed, on the clock that only goes forward."""

    last_at: datetime
    at_s: float


class PinGate:
    """Judges PINs, one at a time: two hashes at once would take a Pi's memory twice."""

    def __init__(
        self,
        book: OperatorBook,
        hasher: PinHasher,
        *,
        clock: Clock,
        monotonic_s: Callable[[], float],
    ) -> None:
        self._book = book
        self._hasher = hasher
        self._clock = clock
        self._monotonic_s = monotonic_s
        self._lock = threading.Lock()
        self._seen: dict[tuple[str, str], _Seen] = {}

    def judge(self, id_: str, station: str, pin: Pin) -> PinAnswer:
        """Say whether a PIN is a person's, unless it comes too soon.

        Args:
            id_: whose it should be: ``BadgeHolder.id``.
            station: where it was given.
            pin: what was given.

        Raises:
            JournalError: it could not be counted, and was not looked at.
        """
        with self._lock:
            wait_s = self._wait_s(id_, station)
            if wait_s > 0:
                return PinAnswer(Verdict.TOO_SOON, wait_s)
            hashed = self._book.pin_hash(id_)
            if hashed is None:
                return PinAnswer(Verdict.NONE_SET)
            self._book.count_try(id_, station)
            is_right = self._hasher.fits(pin, hashed)
            kept = self._hasher.hash(pin) if is_right and self._hasher.is_outdated(hashed) else hashed
            # The person may have been given another PIN since: this one is then theirs no more.
            if not is_right or not self._book.was_right(id_, station, judged=hashed, kept=kept):
                return PinAnswer(Verdict.WRONG, self._wait_s(id_, station))
            return PinAnswer(Verdict.RIGHT, pin_hash=kept)

    def wait_s(self, id_: str, station: str) -> float:
        """Return how long the next PIN of a person has to wait at a station, 0 where it need not."""
        with self._lock:
            return self._wait_s(id_, station)

    def _wait_s(self, id_: str, station: str) -> float:
        tries = self._book.tries(id_)
        theirs = [each for each in tries if each.operator == id_]
        own = [each for each in theirs if each.station == station]
        if self._is_recent(own, _TRUSTED):
            return self._left_s(own)
        if self._is_recent([each for each in theirs if each.station == NO_STATION], _FORGIVEN):
            return self._left_s(theirs)
        here = [each for each in tries if (each.station == THE_DOOR) is (station == THE_DOOR)]
        return max(self._left_s(theirs), self._left_s(here))

    def _is_recent(self, tries: Iterable[Tries], limit: timedelta) -> bool:
        """Return whether one of these ended well no longer ago than that."""
        return any(each.right_at is not None and self._clock() - each.right_at < limit for each in tries)

    def _left_s(self, tries: Sequence[Tries]) -> float:
        """Return what is left of the wait that these wrong PINs lead to."""
        counting = [each for each in tries if each.failures and self._age_s(each) < _FORGOTTEN_S]
        wait_s = _wait_after_s(sum(each.failures for each in counting))
        return max(0.0, wait_s - _least(self._age_s(each) for each in counting))

    def _age_s(self, tries: Tries) -> float:
        """Return how long ago the last PIN was given, by the clock that only goes forward."""
        key, now_s = (tries.operator, tries.station), self._monotonic_s()
        seen = self._seen.get(key)
        if seen is None or seen.last_at != tries.last_at:
            past_s = max(0.0, (self._clock() - tries.last_at).total_seconds())
            seen = self._seen[key] = _Seen(tries.last_at, now_s - past_s)
        return now_s - seen.at_s


def _wait_after_s(failures: int) -> float:
    """Return how long to wait after so many wrong PINs."""
    if failures < FREE_FAILURES:
        return 0.0
    # No exponent that could overflow: nine doublings are more than the longest wait.
    return min(2.0 ** min(failures - FREE_FAILURES, 9), LONGEST_WAIT_S)


def _least(ages_s: Iterable[float]) -> float:
    return min(ages_s, default=0.0)
