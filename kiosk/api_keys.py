"""Lets other programs in by their key, as often as it says; makes keys."""

import hashlib
import hmac
import logging
import re
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Final, Protocol

from kiosk.errors import AccessRefused, TooOften
from kiosk.model import ApiKey, Rate, Scope
from kiosk.ports import Clock

_LOG = logging.getLogger(__name__)
ID_BYTES: Final = 6
SECRET_BYTES: Final = 32
_KEY: Final = re.compile(r"ionk_([0-9a-f]{12})_[0-9a-f]{64}")
"""Begins with what a scanner for secrets in source code can look for."""


class Ring(Protocol):
    """Where keys are kept."""

    def find(self, id_: str) -> ApiKey | None:
        """Return the key of an id."""

    def used(self, key: ApiKey) -> None:
        """Note that a key is in use.

        Raises:
            JournalError: it could not be written.
        """


def make_key(
    scope: Scope,
    random: Callable[[int], bytes],
    now: datetime,
    *,
    rate: Rate | None,
    expires_at: datetime | None,
) -> tuple[str, ApiKey]:
    """Return a new key as its program sends it, and as the journal keeps it.

    Args:
        scope: what it is for.
        random: gives so many bytes that nobody can guess.
        now: the time.
        rate: how often it may be used.
        expires_at: from when on it opens nothing.
    """
    id_ = random(ID_BYTES).hex()
    key = f"ionk_{id_}_{random(SECRET_BYTES).hex()}"
    return key, ApiKey(id_, _digest(key), scope, now, rate, expires_at)


class ApiKeys:
    """Knows who may come in. Threads may share it; how often each came is in memory only."""

    def __init__(
        self, ring: Ring, clock: Clock, *, monotonic_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._ring = ring
        self._clock = clock
        self._monotonic_s = monotonic_s
        self._lock = threading.Lock()
        self._left: dict[str, tuple[float, float]] = {}
        """By key: how many uses it has left, and when that was so."""

    def admit(self, sent: str, *, is_counted: bool) -> ApiKey:
        """Return the key that a program sent.

        Args:
            sent: what it sent.
            is_counted: whether this counts against the key's rate.

        Raises:
            AccessRefused: it is none, or none any more; the text tells no more than the program must know.
            TooOften: it is used more often than its rate.
            JournalError: it could not be looked up, or its use not be noted.
        """
        match = _KEY.fullmatch(sent)
        key = self._ring.find(match[1]) if match else None
        # Compared also where there is none: how long it takes must not tell an id from no id.
        is_same = hmac.compare_digest(_digest(sent), key.digest if key else "0" * 64)
        if key is None or not is_same:
            _LOG.warning("A program sent a key that is not known")
            raise AccessRefused("This API key is not known. Expected one that `kiosk key add` made here.")
        state = key.state(self._clock())
        if state != "good":
            _LOG.warning("Key %s (%s) was used and is %s", key.id, key.name, state)
            raise AccessRefused(f"API key {key.name!r} is {state}. Make a new one with `kiosk key add`.")
        if is_counted and key.rate is not None:
            self._count(key, key.rate)
        if is_counted:
            self._ring.used(key)
        return key

    def _count(self, key: ApiKey, rate: Rate) -> None:
        """Take one use from what the key has left; that fills up again at its rate."""
        now_s = self._monotonic_s()
        with self._lock:
            left, then_s = self._left.get(key.id, (float(rate.count), now_s))
            left = min(float(rate.count), left + (now_s - then_s) * rate.per_s)
            is_enough = left >= 1
            self._left[key.id] = (left - 1 if is_enough else left, now_s)
        if not is_enough:
            raise TooOften(
                f"API key {key.name!r} is for {rate} requests. Nothing was done.",
                retry_after_s=(1 - left) / rate.per_s,
            )


def _digest(sent: str) -> str:
    return hashlib.sha256(sent.encode("utf-8", "surrogatepass")).hexdigest()
