"""Signing in with ION at a station: by a code for a person's phone, or by the browser of a desk."""

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from kiosk.errors import IonBusy, IonError, IonUnreachable, JournalError, SignInFailed
from kiosk.model import Operator
from kiosk.people import People
from kiosk.ports import BrowserErrand, DeviceCode, IonSignIn, Sleep

_LOG = logging.getLogger(__name__)
_LOOK_S: Final = 0.5
_UNSEEN_S: Final = 15.0
"""A code that no page shows any more is given up this late: it was for those who stood there."""
_SAID_S: Final = 60.0
_DISCOVER_S: Final = 600.0
_DISCOVER_AGAIN_S: Final = 20.0
_LONGEST_PAUSE_S: Final = 60.0
_ERRAND_S: Final = 600.0
_MOST_ERRANDS: Final = 32
_NOT_ASKED = "The server that signs people in has not answered yet. Try again in a moment."
_NO_CODE = "There is no code to be had now. Try again, or tell a technician."
_EXPIRED = "The code has expired. Ask for a new one."
_REFUSED = "ION refuses this sign-in. Tell a technician."
_NOT_WRITTEN = "The kiosk cannot write. Nobody is signed in. Tell a technician."
_NOT_HERE = "This sign-in was not begun here, or it took too long. Begin again."


@dataclass(frozen=True, slots=True)
class SignInView:
    """What a page shows about signing in at its station."""

    operator: Operator | None = None
    ways: tuple[str, ...] = ()
    """How one can sign in here: ``phone``, ``browser``."""
    code: DeviceCode | None = None
    left_s: float = 0.0
    """How long the code is still good."""
    trouble: str = ""
    """Why nobody could be signed in, in words for the person."""


@dataclass(frozen=True, slots=True)
class _Pending:
    """A device code that a person is to sign in with."""

    code: DeviceCode
    ask_at_s: float
    ends_s: float
    seen_s: float
    failures: int = 0


@dataclass(frozen=True, slots=True)
class _Trouble:
    """Why the last sign-in came to nothing, for as long as the person may still stand there."""

    words: str
    until_s: float


@dataclass(frozen=True, slots=True)
class _Sent:
    """A browser that is awaited back."""

    station: str
    errand: BrowserErrand
    ends_s: float


class SignInDesk:
    """Carries on the sign-ins of all stations. Its thread runs ``step``; pages ask from theirs."""

    def __init__(
        self,
        ion: IonSignIn,
        people: People,
        allowed: Mapping[str, tuple[str, ...]],
        *,
        sleep: Sleep,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Begin with nobody.

        Args:
            ion: ION's own sign-in.
            people: told of those who signed in.
            allowed: the ways by station that the settings allow there.
            sleep: between two looks.
            monotonic_s: seconds, for all that expires.
        """
        self._ion = ion
        self._people = people
        self._allowed = allowed
        self._sleep = sleep
        self._monotonic_s = monotonic_s
        self._lock = threading.Lock()
        self._pending: dict[str, _Pending] = {}
        self._troubles: dict[str, _Trouble] = {}
        self._sent: dict[str, _Sent] = {}
        self._offered: frozenset[str] | None = None
        self._discover_at_s = monotonic_s()

    def is_open(self, station: str) -> bool:
        """Return whether people sign in with ION at this station at all."""
        return bool(self._allowed.get(station))

    def view(self, station: str) -> SignInView:
        """Return what a page of the station shows; a code stays good while pages ask for it."""
        now_s = self._monotonic_s()
        with self._lock:
            pending = self._pending.get(station)
            if pending is not None:
                self._pending[station] = replace(pending, seen_s=now_s)
            offered, trouble = self._offered, self._troubles.get(station)
        said = trouble.words if trouble is not None and trouble.until_s > now_s else ""
        return SignInView(
            operator=self._people.at(station),
            ways=tuple(way for way in self._allowed.get(station, ()) if way in (offered or ())),
            code=pending.code if pending else None,
            left_s=max(0.0, pending.ends_s - now_s) if pending else 0.0,
            trouble=said or ("" if offered is not None else _NOT_ASKED),
        )

    def begin_device(self, station: str) -> None:
        """Get a code for a person's phone; what does not work stands in the view.

        Raises:
            SignInFailed: people do not sign in that way here.
        """
        self._check(station, "phone")
        try:
            code = self._ion.begin_device()
        except IonError as error:
            _LOG.warning("Station %s: no code to sign in with: %s", station, error)
            self._fail(station, _NO_CODE)
            return
        now_s = self._monotonic_s()
        with self._lock:
            self._troubles.pop(station, None)
            self._pending[station] = _Pending(code, now_s + code.interval_s, now_s + code.lasts_s, now_s)

    def sign_out(self, station: str) -> None:
        """Sign out whoever is signed in at the station."""
        self._people.sign_out(station)

    def begin_browser(self, station: str, redirect_uri: str, holder: str) -> str:
        """Return where a browser goes to sign a person in.

        Args:
            station: where they will be signed in.
            redirect_uri: where the browser comes back to.
            holder: a secret that only this browser keeps.

        Raises:
            SignInFailed: it is not to be had here, or not now.
        """
        self._check(station, "browser")
        try:
            errand = self._ion.begin_browser(redirect_uri)
        except IonError as error:
            _LOG.warning("Station %s: no way to sign in: %s", station, error)
            raise SignInFailed("ION's sign-in cannot be reached now. Try again.") from error
        now_s = self._monotonic_s()
        with self._lock:
            self._sent.pop(_key(holder), None)
            fresh = [(key, one) for key, one in self._sent.items() if one.ends_s > now_s]
            self._sent = dict(fresh[1 - _MOST_ERRANDS :])
            self._sent[_key(holder)] = _Sent(station, errand, now_s + _ERRAND_S)
        return errand.url

    def finish_browser(self, holder: str, answer: Mapping[str, str]) -> str:
        """Sign a person in by what their browser brought back, once; return the station.

        Raises:
            SignInFailed: nobody is signed in; the text is for the person.
        """
        with self._lock:
            sent = self._sent.pop(_key(holder), None)
        if sent is None or sent.ends_s <= self._monotonic_s():
            raise SignInFailed(_NOT_HERE)
        try:
            operator = self._ion.finish_browser(sent.errand, answer)
            self._people.sign_in(sent.station, operator, "browser")
        except SignInFailed as error:
            self._note_failure(sent.station, str(error))
            raise
        except IonError as error:
            _LOG.warning("Station %s: a sign-in was not finished: %s", sent.station, error)
            self._note_failure(sent.station, str(error))
            raise SignInFailed("ION did not finish the sign-in. Begin again.") from error
        except JournalError as error:
            raise SignInFailed(_NOT_WRITTEN) from error
        return sent.station

    def step(self) -> None:
        """Ask what is due, sign out whose time is up, or wait a moment."""
        self._discover()
        with self._lock:
            pending = list(self._pending.items())
        for station, one in pending:
            now_s = self._monotonic_s()
            if one.seen_s + _UNSEEN_S <= now_s:
                self._give_up(station)
            elif one.ends_s <= now_s:
                self._fail(station, _EXPIRED)
            elif one.ask_at_s <= now_s:
                self._ask(station, one)
        self._people.watch()
        self._sleep(_LOOK_S)

    def _check(self, station: str, way: str) -> None:
        if way not in self.view(station).ways:
            raise SignInFailed("People do not sign in this way here.")

    def _discover(self) -> None:
        now_s = self._monotonic_s()
        if now_s < self._discover_at_s:
            return
        self._discover_at_s = now_s + _DISCOVER_AGAIN_S
        try:
            offered = self._ion.ways()
        except IonError as error:
            _LOG.warning("What ION offers to sign people in is not known: %s", error)
            return
        self._discover_at_s = now_s + _DISCOVER_S
        with self._lock:
            self._offered = offered

    def _ask(self, station: str, pending: _Pending) -> None:
        try:
            answer = self._ion.ask_device(pending.code)
        except SignInFailed as error:
            self._note_failure(station, str(error))
            self._fail(station, str(error))
        except (IonUnreachable, IonBusy) as error:
            # RFC 8628, 3.5: on a time-out the next question comes later, each time twice as late.
            _LOG.info("Station %s: not known whether somebody signed in: %s", station, error)
            failures = pending.failures + 1
            pause_s = min(pending.code.interval_s * 2**failures, _LONGEST_PAUSE_S)
            self._ask_again(station, pending.code, pause_s, failures)
        except IonError as error:
            _LOG.warning("Station %s: nobody is signed in: %s", station, error)
            self._note_failure(station, str(error))
            self._fail(station, _REFUSED)
        else:
            if isinstance(answer, DeviceCode):
                self._ask_again(station, answer, answer.interval_s)
            else:
                self._came(station, pending.code, answer)

    def _ask_again(self, station: str, code: DeviceCode, pause_s: float, failures: int = 0) -> None:
        ask_at_s = self._monotonic_s() + pause_s
        with self._lock:
            shown = self._pending.get(station)
            if shown is not None and shown.code.secret == code.secret:
                self._pending[station] = replace(shown, code=code, ask_at_s=ask_at_s, failures=failures)

    def _came(self, station: str, code: DeviceCode, operator: Operator) -> None:
        """Sign in who used the code, unless it was given up meanwhile."""
        with self._lock:
            shown = self._pending.get(station)
            is_wanted = shown is not None and shown.code.secret == code.secret
            if is_wanted:
                del self._pending[station]
        if not is_wanted:
            self._people.forget(operator)
            return
        try:
            self._people.sign_in(station, operator, "phone")
        except JournalError as error:
            _LOG.error("Station %s: a sign-in is not in the audit, and does not count: %s", station, error)
            self._fail(station, _NOT_WRITTEN)

    def _give_up(self, station: str) -> None:
        with self._lock:
            self._pending.pop(station, None)

    def _fail(self, station: str, trouble: str) -> None:
        with self._lock:
            self._pending.pop(station, None)
            self._troubles[station] = _Trouble(trouble, self._monotonic_s() + _SAID_S)

    def _note_failure(self, station: str, why: str) -> None:
        self._people.note(station, "sign-in-failed", {"why": why})


def _key(holder: str) -> str:
    return hashlib.sha256(holder.encode("utf-8", "surrogatepass")).hexdigest()
