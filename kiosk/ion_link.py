"""The line to ION: the same ports, with a lamp that says whether it answers and since when not."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol

from kiosk.errors import IonAuthFailed, IonError, IonUnknown, IonUnreachable
from kiosk.model import DeviceState, Json, Question, Subject
from kiosk.ports import Clock, Finding, IonReader, IonWriter, Sleep

_PING_S = 15.0
_AGAIN_S = 2.0


class _BothPorts(IonReader, IonWriter, Protocol):
    """ION to read and to write."""


class IonLink:
    """Passes everything on to ION and remembers how the last contact went."""

    def __init__(self, ion: _BothPorts, *, clock: Clock, sleep: Sleep, on_change: Callable[[], None]) -> None:
        self._ion = ion
        self._clock = clock
        self._sleep = sleep
        self._on_change = on_change
        self._lock = threading.Lock()
        self._known_offers: frozenset[str] | None = None
        self._state = DeviceState("ION", is_ready=False, text="Not asked yet.")
        self._since: datetime | None = None

    @property
    def state(self) -> DeviceState:
        """Return whether ION answers."""
        return self._state

    @property
    def known_offers(self) -> frozenset[str] | None:
        """Return what this tenant offers, ``None`` while nobody could ask."""
        return self._known_offers

    def step(self) -> None:
        """Find out what the tenant offers, then look now and then whether it still answers."""
        try:
            self._known_offers = self.offers()
        except IonError:
            self._sleep(_AGAIN_S)
        else:
            self._sleep(_PING_S)

    def ask(self, questions: Sequence[Question]) -> Mapping[Question, tuple[Subject, ...]]:
        """See ``IonReader``."""
        with self._watched():
            return self._ion.ask(questions)

    def offers(self) -> frozenset[str]:
        """See ``IonWriter``."""
        with self._watched():
            return self._ion.offers()

    def perform(self, operation: str, arguments: Mapping[str, Json], *, marker: str) -> Mapping[str, Json]:
        """See ``IonWriter``."""
        with self._watched():
            return self._ion.perform(operation, arguments, marker=marker)

    def find_effect(self, operation: str, arguments: Mapping[str, Json], *, marker: str) -> Finding:
        """See ``IonWriter``."""
        with self._watched():
            return self._ion.find_effect(operation, arguments, marker=marker)

    @contextmanager
    def _watched(self) -> Iterator[None]:
        try:
            yield
        except (IonUnreachable, IonUnknown) as error:
            self._lamp(is_ready=False, text=str(error))
            raise
        except IonAuthFailed as error:
            self._lamp(is_ready=False, text=f"ION does not let the kiosk in. {error}")
            raise
        except IonError:
            self._lamp(is_ready=True, text="")
            raise
        self._lamp(is_ready=True, text="")

    def _lamp(self, *, is_ready: bool, text: str) -> None:
        with self._lock:
            was = self._state
            if is_ready:
                self._since = None
            elif self._since is None:
                self._since = self._clock()
            since = f"Offline since {self._since:%H:%M} UTC. " if self._since else ""
            self._state = DeviceState("ION", is_ready=is_ready, text="Online." if is_ready else since + text)
            is_changed = was.is_ready is not is_ready or was.text == "Not asked yet."
        if is_changed:
            self._on_change()
