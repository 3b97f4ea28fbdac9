"""Visits: who signed in on a page by badge and PIN, each known by a secret that their browser keeps."""

import logging
import math
import secrets
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Final, TypeAlias

from kiosk.errors import JournalError, OperatorRefused
from kiosk.model import BadgeHolder, Json, Operator, Pin, Role
from kiosk.operators.gate import PinGate, Verdict
from kiosk.operators.register import Register, badge_text
from kiosk.settings import PeopleSettings

Note: TypeAlias = Callable[[str, str, Mapping[str, Json]], None]
"""Writes down in the audit what happened: where, what, and its details."""

_LOG = logging.getLogger(__name__)
_MOST_VISITS: Final = 32
_NOT_TOGETHER: Final = "That badge and that PIN do not go together."


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who is signed in on the page."""

    operator: Operator
    is_fresh: bool
    """Their PIN is recent enough for changes."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Who may come, and for how long."""

    page: str
    """Where PINs are counted that are given here; with a space, so that no station can have this name."""
    roles: frozenset[Role]
    refusal: str
    """What is said to who has another role."""
    idle_s: float
    """Without anything done."""
    longest_s: float
    """In any case."""
    fresh_s: float
    """How long a PIN counts for changes."""


@dataclass(frozen=True, slots=True)
class _Visit:
    holder_id: str
    pin: str
    """Tells this PIN from another one; a new PIN ends what began with the one before."""
    began_s: float
    acted_s: float
    proved_s: float


class Visits(ABC):
    """The people who came, on one page's terms. Pages ask from their threads."""

    def __init__(  # noqa: PLR0913 - clock and secrets are handed in too
        self,
        register: Register,
        gate: PinGate,
        times: PeopleSettings,
        *,
        monotonic_s: Callable[[], float] = time.monotonic,
        new_token: Callable[[], str] = secrets.token_urlsafe,
        note: Note,
    ) -> None:
        """Begin with nobody.

        Args:
            register: of the people.
            gate: judges PINs.
            times: how long people stay, by the settings.
            monotonic_s: seconds, for all that expires.
            new_token: makes secrets of 128 bits and more (OWASP ASVS 5.0, 7.2.3).
            note: told who came and went (16.3.1).
        """
        self.register = register
        self._gate = gate
        self._terms = self.terms(times)
        self._monotonic_s = monotonic_s
        self._new_token = new_token
        self._note = note
        self._lock = threading.Lock()
        self._visits: dict[str, _Visit] = {}

    @staticmethod
    @abstractmethod
    def terms(times: PeopleSettings) -> Terms:
        """Return who may come, and for how long."""

    def sign_in(self, badge: str, pin: str) -> str:
        """Return the secret of a new visit.

        Raises:
            OperatorRefused: badge and PIN do not go together, or the person has no role for it.
            JournalError: the PIN could not be counted, and was not looked at; or nobody could write down who
                came, and nobody did.
        """
        holder = self.register.book.with_badge(badge_text(badge))
        if holder is None or not holder.is_welcome(self.register.clock()):
            _LOG.warning(
                "On %s somebody came with the badge %s, which is nobody's",
                self._terms.page,
                # Who takes one field for the other types a PIN here.
                badge if Pin.read(badge.strip()) is None else "(not told: it may be a PIN)",
            )
            raise OperatorRefused(_NOT_TOGETHER)
        given = _key(self._judge(holder, pin))
        if holder.role not in self._terms.roles:
            raise OperatorRefused(self._terms.refusal)
        self._noted("signed-in", holder)
        token, now_s = self._new_token(), self._monotonic_s()
        with self._lock:
            newest = sorted(self._visits.items(), key=lambda each: each[1].acted_s)[1 - _MOST_VISITS :]
            self._visits = {**dict(newest), _key(token): _Visit(holder.id, given, now_s, now_s, now_s)}
        return token

    def prove(self, token: str, pin: str) -> None:
        """Take the PIN of who is signed in again, so that changes can be made.

        Raises:
            OperatorRefused: it is not theirs, or nobody is signed in by that secret.
            JournalError: it could not be counted, and was not looked at.
        """
        holder = self._holder(token)
        if holder is None:
            raise OperatorRefused("You were signed out. Sign in again.")
        self._judge(holder, pin)
        with self._lock:
            visit = self._visits.get(_key(token))
            if visit is not None:
                self._visits[_key(token)] = replace(visit, proved_s=self._monotonic_s())

    def visitor(self, token: str, *, is_acting: bool = True) -> Visitor | None:
        """Return who is signed in by a secret, as they are in the register now; ``None`` for nobody.

        Args:
            token: the secret.
            is_acting: a person did something; a page that asks by itself keeps nobody signed in.
        """
        holder = self._holder(token, is_acting=is_acting)
        if holder is None:
            return None
        with self._lock:
            visit = self._visits.get(_key(token))
        is_fresh = visit is not None and self._monotonic_s() - visit.proved_s <= self._terms.fresh_s
        return Visitor(holder.operator, is_fresh)

    def glimpse(self, token: str) -> Operator | None:
        """Return who is signed in by a secret, without taking it as a sign that they are still there."""
        visitor = self.visitor(token, is_acting=False)
        return visitor.operator if visitor else None

    def sign_out(self, token: str) -> None:
        """End a visit: its secret is nobody's from now on."""
        with self._lock:
            visit = self._visits.pop(_key(token), None)
        holder = self.register.book.find(visit.holder_id) if visit else None
        if holder is not None:
            try:
                self._noted("signed-out", holder)
            except JournalError as error:
                # Who leaves has left, written down or not.
                _LOG.error("That %s left %s is not in the audit: %s", holder.id, self._terms.page, error)

    def _noted(self, event: str, holder: BadgeHolder) -> None:
        self._note(self._terms.page, event, {"operator": holder.operator.id, "name": holder.name})

    def _holder(self, token: str, *, is_acting: bool = True) -> BadgeHolder | None:
        """Return whose visit it is."""
        now_s = self._monotonic_s()
        with self._lock:
            visit = self._visits.get(_key(token))
            if visit is None:
                return None
            if visit.acted_s + self._terms.idle_s <= now_s or visit.began_s + self._terms.longest_s <= now_s:
                del self._visits[_key(token)]
                return None
            if is_acting:
                self._visits[_key(token)] = replace(visit, acted_s=now_s)
        holder = self.register.book.find(visit.holder_id)
        is_welcome = holder is not None and holder.is_welcome(self.register.clock())
        if holder is None or not is_welcome or holder.role not in self._terms.roles:
            self.sign_out(token)
            return None
        if self._pin_of(holder) != visit.pin:
            # OWASP ASVS 5.0, 7.4.3: who made a new PIN may have done so since somebody else knew the old one.
            self.sign_out(token)
            return None
        return holder

    def _pin_of(self, holder: BadgeHolder) -> str:
        return _key(self.register.book.pin_hash(holder.id) or "")

    def _judge(self, holder: BadgeHolder, text: str) -> str:
        """Return the hash of the PIN that was given, where it is theirs."""
        pin = Pin.read(text)
        if pin is None:
            raise OperatorRefused(_NOT_TOGETHER)
        answer = self._gate.judge(holder.id, self._terms.page, pin)
        if answer.verdict is not Verdict.RIGHT:
            _LOG.warning("On %s a PIN of %s was %s", self._terms.page, holder.id, answer.verdict.value)
        match answer.verdict:
            case Verdict.RIGHT:
                return answer.pin_hash
            case Verdict.TOO_SOON:
                raise OperatorRefused(
                    f"Too many wrong PINs. Wait {math.ceil(answer.wait_s)} s. This one was not looked at."
                )
            case _:
                raise OperatorRefused(_NOT_TOGETHER)


def _key(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
