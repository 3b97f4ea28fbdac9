"""Who is signed in at each station, and until when."""

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, Protocol

from kiosk.errors import JournalError
from kiosk.model import BadgeHolder, Json, Operator, Presence, Proof
from kiosk.ports import Clock
from kiosk.settings import PeopleSettings

_LOG = logging.getLogger(__name__)
_RENEW_S: Final = 5.0


class Note(Protocol):
    """Writes into the audit."""

    def __call__(self, station: str, event: str, details: Mapping[str, Json], /) -> None:
        """Write what happened.

        Raises:
            JournalError: it could not be written.
        """


class TokenKeeper(Protocol):
    """Holds the tokens of those who signed in with ION."""

    def renew(self, operator: Operator) -> bool:
        """Keep a person's token fresh; return whether one is held."""

    def sign_out(self, operator: Operator) -> None:
        """Drop a person's token."""


class Holders(Protocol):
    """Knows the people who have a badge of the kiosk's."""

    def all(self) -> Sequence[BadgeHolder]:
        """Return everybody."""

    def find(self, id_: str) -> BadgeHolder | None:
        """Return the person of an id."""

    def with_badge(self, badge: str) -> BadgeHolder | None:
        """Return whose badge it is."""


class NoHolders:
    """Knows nobody."""

    def all(self) -> Sequence[BadgeHolder]:
        """See ``Holders``."""
        return ()

    def find(self, id_: str) -> None:
        """See ``Holders``."""

    def with_badge(self, badge: str) -> None:
        """See ``Holders``."""


@dataclass(frozen=True, slots=True)
class _Present:
    operator: Operator
    since_s: float
    acted_s: float
    proved_s: float | None = None
    """When they last gave their PIN, or signed in with ION."""
    has_pin: bool = False


def _ignored(_station: str) -> None:
    pass


def _now() -> datetime:
    return datetime.now(UTC)


class People:
    """Implements ``kiosk.ports.Operators``. Pages, stations and the loop of sign-ins ask from their threads.

    What it knows is in memory only: after a restart nobody is signed in, since nobody's token is held.
    """

    def __init__(  # noqa: PLR0913  every one is asked or told something else
        self,
        times: PeopleSettings,
        note: Note,
        publish: Callable[[str], None],
        *,
        tokens: TokenKeeper | None = None,
        holders: Holders | None = None,
        on_left: Callable[[str], None] = _ignored,
        on_proved: Callable[[str], None] = _ignored,
        clock: Clock = _now,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin with nobody.

        Args:
            times: how long one stays signed in.
            note: the audit.
            publish: told a station's name whenever somebody came or went there.
            tokens: of those who signed in with ION, where anybody can.
            holders: of badges.
            on_left: told a station's name once nobody is signed in there any more.
            on_proved: told a station's name when somebody there gave their PIN, or signed in with ION.
            clock: tells whose badge has expired.
            monotonic_s: seconds, for all that expires.
        """
        self._idle_s, self._longest_s = times.idle_minutes * 60, times.longest_hours * 3600
        self._sign_s = times.sign_minutes * 60
        self._tokens = tokens
        self._holders: Holders = holders or NoHolders()
        self._on_left, self._on_proved = on_left, on_proved
        self._clock = clock
        self._note = note
        self._publish = publish
        self._monotonic_s = monotonic_s
        self._lock = threading.Lock()
        self._present: dict[str, _Present] = {}
        self._renew_at_s = monotonic_s()

    def at(self, station: str) -> Operator | None:
        """See ``kiosk.ports.Operators``."""
        with self._lock:
            present = self._present.get(station)
        return present.operator if present and not self._why_out(present) else None

    def acted(self, station: str) -> Presence | None:
        """See ``kiosk.ports.Operators``."""
        with self._lock:
            present = self._present.get(station)
            if present is None or self._why_out(present):
                return None
            self._present[station] = replace(present, acted_s=self._monotonic_s())
        return self._presence(present)

    def presence(self, station: str) -> Presence | None:
        """See ``kiosk.ports.Operators``."""
        with self._lock:
            present = self._present.get(station)
        return self._presence(present) if present and not self._why_out(present) else None

    def holder(self, badge: str) -> BadgeHolder | None:
        """See ``kiosk.ports.Operators``."""
        return self._holders.with_badge(badge)

    def signers(self) -> frozenset[str]:
        """See ``kiosk.ports.Operators``."""
        return frozenset(one.name.casefold() for one in self._holders.all() if one.has_pin)

    def came(self, station: str, holder: BadgeHolder) -> None:
        """See ``kiosk.ports.Operators``; who scans their badge again stays as surely known as before."""
        now_s = self._monotonic_s()
        with self._lock:
            before = self._present.get(station)
            is_same = before is not None and before.operator.id == holder.operator.id
            proved_s = (
                before.proved_s if before is not None and is_same and not self._why_out(before) else None
            )
            since_s = before.since_s if before is not None and proved_s is not None else now_s
            self._present[station] = _Present(holder.operator, since_s, now_s, proved_s, holder.has_pin)
        if before is not None and not is_same:
            self.forget(before.operator)
        self._publish(station)

    def proved(self, station: str, operator: Operator) -> None:
        """Take it that a person who is signed in at a station has just given their PIN there."""
        now_s = self._monotonic_s()
        with self._lock:
            present = self._present.get(station)
            is_there = present is not None and present.operator == operator and not self._why_out(present)
            if present is not None and is_there:
                self._present[station] = replace(present, acted_s=now_s, proved_s=now_s)
        if is_there:
            self._on_proved(station)

    def sign_in(self, station: str, operator: Operator, way: str) -> None:
        """Sign a person in at a station; who was there before is signed out.

        Args:
            station: where.
            operator: who; where that is by ION, with a token that the keeper holds already.
            way: how they showed who they are.

        Raises:
            JournalError: it could not be written down, and does not count.
        """
        try:
            self._note(station, "signed-in", {"operator": operator.id, "name": operator.name, "way": way})
        except JournalError:
            self.forget(operator)
            raise
        now_s = self._monotonic_s()
        with self._lock:
            before = self._present.get(station)
            self._present[station] = _Present(operator, now_s, now_s, now_s)
        if before is not None:
            self.forget(before.operator)
        self._publish(station)
        self._on_proved(station)

    def sign_out(self, station: str, why: str = "asked") -> None:
        """Let nobody be signed in at a station; what is under way there stays as it is."""
        with self._lock:
            present = self._present.pop(station, None)
        if present is not None:
            self._left(station, present.operator, why)

    def watch(self) -> None:
        """Sign out everybody whose time is up, or whose token ION takes no more."""
        now_s = self._monotonic_s()
        is_renewing = now_s >= self._renew_at_s
        if is_renewing:
            self._renew_at_s = now_s + _RENEW_S
        with self._lock:
            present = list(self._present.items())
        for station, one in present:
            why = self._why_out(one)
            if not why and is_renewing:
                why = self._why_not_welcome(one.operator)
            if why:
                self._sign_out_if(station, one, why)

    def forget(self, operator: Operator) -> None:
        """Drop a person's token, unless they are signed in somewhere."""
        with self._lock:
            is_somewhere = any(one.operator.id == operator.id for one in self._present.values())
        if self._tokens is not None and not is_somewhere:
            self._tokens.sign_out(operator)

    def note(self, station: str, event: str, details: Mapping[str, Json]) -> None:
        """Write into the audit what has happened in any case; where that fails, it is in the log."""
        try:
            self._note(station, event, details)
        except JournalError as error:
            _LOG.error("Station %s: %s %s is not in the audit: %s", station, event, dict(details), error)

    def _presence(self, present: _Present) -> Presence:
        if present.proved_s is None:
            proof = Proof.NONE
        else:
            is_fresh = self._monotonic_s() - present.proved_s <= self._sign_s
            proof = Proof.FRESH if is_fresh else Proof.GIVEN
        return Presence(present.operator, proof, present.has_pin)

    def _why_not_welcome(self, operator: Operator) -> str:
        """Return why a person is no longer known to be who they are, empty where they are."""
        kind, _, id_ = operator.id.partition("/")
        if kind == "ion":
            return "" if self._tokens is not None and self._tokens.renew(operator) else "token"
        try:
            holder = self._holders.find(id_)
        except JournalError as error:
            _LOG.warning("Whether %s may stay signed in is not known: %s", operator.id, error)
            return ""
        return "" if holder is None or holder.is_welcome(self._clock()) else "not welcome"

    def _sign_out_if(self, station: str, seen: _Present, why: str) -> None:
        """Sign a person out, unless they signed in anew, or another one did, since they were seen."""
        with self._lock:
            present = self._present.get(station)
            if present is None or (present.operator, present.since_s) != (seen.operator, seen.since_s):
                return
            del self._present[station]
        self._left(station, seen.operator, why)

    def _left(self, station: str, operator: Operator, why: str) -> None:
        self.forget(operator)
        self.note(station, "signed-out", {"operator": operator.id, "why": why})
        self._publish(station)
        self._on_left(station)

    def _why_out(self, present: _Present) -> str:
        now_s = self._monotonic_s()
        if present.acted_s + self._idle_s <= now_s:
            return "idle"
        return "time" if present.since_s + self._longest_s <= now_s else ""
