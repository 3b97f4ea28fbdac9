"""The line to ION: the same ports, with a lamp that says whether it answers and since when not."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol

from kiosk.errors import IonAuthFailed, IonError, IonUncounted, IonUnknown, IonUnreachable
from kiosk.model import Asked, DeviceState, Json, Operator, Question, Subject
from kiosk.ports import Clock, Finding, IonReader, IonWriter, Sleep
from kiosk.words import told

_LOG = logging.getLogger(__name__)
_PING = (Question(Asked.LOCATION_NAME, "ION Kiosk"),)
"""A short question to any tenant, whatever the answer."""
_PING_S = 15.0
_AGAIN_S = 2.0
_AUTH_AGAIN_S = 10.0
"""A wrong key is not tried as often as a cable, lest the account be locked."""
_LOOK_S = 0.5
_NOT_ASKED = DeviceState("ION", is_ready=False, text="Not asked yet.")


class _BothPorts(IonReader, IonWriter, Protocol):
    """ION to read and to write, and what is known of it without asking."""

    def known_offers(self) -> frozenset[str] | None:
        """Return what the tenant offers where that is known without asking it, else ``None``."""

    def renew(self) -> None:
        """Read again what the tenant offers, where it is time to."""


class IonLink:
    """Passes everything on to ION and remembers how the last contact went."""

    def __init__(
        self,
        ion: _BothPorts,
        *,
        clock: Clock,
        sleep: Sleep,
        on_change: Callable[[], None],
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ion = ion
        self._clock = clock
        self._sleep = sleep
        self._on_change = on_change
        self._monotonic_s = monotonic_s
        self._lock = threading.Lock()
        self._known_offers = ion.known_offers()
        self._state = _NOT_ASKED
        self._since: datetime | None = None
        self._is_gone = False
        self._ask_at_s = monotonic_s()

    @property
    def state(self) -> DeviceState:
        """Return whether ION answers."""
        return self._state

    @property
    def known_offers(self) -> frozenset[str] | None:
        """Return what this tenant offers, ``None`` while nobody could ask."""
        return self._known_offers

    def step(self) -> None:
        """Look whether ION answers, where nobody else found out lately, and what the tenant offers now."""
        if self._monotonic_s() < self._ask_at_s:
            self._sleep(_LOOK_S)
            return
        try:
            self._contact(_PING)
            self._ion.renew()
            self._learn(self.offers())
        except IonError:
            return

    def _learn(self, offers: frozenset[str] | None) -> None:
        if offers != self._known_offers:
            self._known_offers = offers
            self._on_change()

    def ask(self, questions: Sequence[Question]) -> Mapping[Question, tuple[Subject, ...]]:
        """See ``IonReader``; while ION does not answer nobody waits for a network that is not there."""
        if self._is_gone:
            raise IonUnreachable("ION did not answer a moment ago; it is looked for every two seconds.")
        return self._contact(questions)

    def _contact(self, questions: Sequence[Question]) -> Mapping[Question, tuple[Subject, ...]]:
        with self._watched():
            found = self._ion.ask(questions)
        if self._known_offers is None:
            # Before a person sees what was found: what the screen lets them do with it must be on offer.
            self._learn(self._ion.known_offers())
        return found

    def offers(self) -> frozenset[str]:
        """See ``IonWriter``; the lamp is left alone, since a known schema is no sign that ION answers."""
        return self._ion.offers()

    def perform(
        self,
        operation: str,
        arguments: Mapping[str, Json],
        *,
        marker: str,
        actor: Operator | None = None,
    ) -> Mapping[str, Json]:
        """See ``IonWriter``."""
        with self._watched():
            return self._ion.perform(operation, arguments, marker=marker, actor=actor)

    def find_effect(self, operation: str, arguments: Mapping[str, Json], *, marker: str) -> Finding:
        """See ``IonWriter``."""
        with self._watched():
            return self._ion.find_effect(operation, arguments, marker=marker)

    @contextmanager
    def _watched(self) -> Iterator[None]:
        # Should what follows end in no answer at all, it is asked again after a while, not at once.
        self._ask_at_s = self._monotonic_s() + _AGAIN_S
        try:
            yield
        except IonUncounted:
            self._lamp(is_ready=True, text="Online.", again_s=_PING_S)
            raise
        except (IonUnreachable, IonUnknown) as error:
            # The lamp is read by an operator; what came instead of an answer is for the log.
            _LOG.info("ION does not answer: %s", error)
            mend = error.remedy if isinstance(error, IonUnreachable) else ""
            text = told("ION does not answer.")
            if mend:
                text = told("ION does not answer. {remedy}", remedy=told(mend))
            self._lamp(is_ready=False, text=text, again_s=_AGAIN_S)
            self._is_gone = True
            raise
        except IonAuthFailed as error:
            _LOG.warning("ION does not let the kiosk in: %s", error)
            words = told("ION does not let the kiosk in. Tell a technician.")
            self._lamp(is_ready=False, text=words, again_s=_AUTH_AGAIN_S)
            raise
        except IonError:
            self._lamp(is_ready=True, text="Online.", again_s=_PING_S)
            raise
        self._lamp(is_ready=True, text="Online.", again_s=_PING_S)

    def _lamp(self, *, is_ready: bool, text: str, again_s: float) -> None:
        with self._lock:
            self._ask_at_s = self._monotonic_s() + again_s
            self._is_gone = False
            if is_ready:
                self._since = None
            elif self._since is None:
                self._since = self._clock()
            if self._since is not None:
                text = told("Offline since {moment}. {words}", moment=self._since, words=text)
            lamp = DeviceState("ION", is_ready=is_ready, text=text, since=self._since)
            was, self._state = self._state, lamp
            is_changed = was != self._state
        if is_changed:
            self._on_change()
