"""Learn mode: the page shows a code, and the device that scans it is bound to a station.

Devices are listened to only meanwhile, and for two minutes at most. What is bound is kept before it is used.
"""

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from kiosk.barcodes import aim
from kiosk.errors import JournalError, ScannerGone
from kiosk.model import Binding, DeviceState, Level, Message
from kiosk.ports import Candidate, Candidates, Clock, LearnView, Listener, Sleep, Traits
from kiosk.scanning.roster import Roster

_LOG = logging.getLogger(__name__)
LIMIT_S = 120.0
_IDLE_S = 0.25
_TURN_S = 0.03
"""Between two looks at what the candidates sent; a pipe or the kernel keeps it so long."""
_SEARCH_S = 1.0
_SAID_S = 60.0
"""How long the page shows what came of it."""
_LETTERS = "AQWZYM2345678"
"""Letters whose keys change places between keyboard layouts, and digits that cannot be taken for letters."""
_NOT_KEPT = "Not added: the kiosk cannot write its journal. Tell a technician. {error}"
_NOBODY = (
    "Nothing scanned the code in two minutes. Plug the scanner into the kiosk itself; "
    "one that is plugged into another computer types into its page instead."
)


class BindingBook(Protocol):
    """Where bindings are kept."""

    def put(self, binding: Binding) -> None:
        """Keep a binding in place of another of its device.

        Raises:
            JournalError: it is not kept.
        """

    def remove(self, name: str) -> None:
        """Forget a binding.

        Raises:
            JournalError: it is still kept.
        """


@dataclass(frozen=True, slots=True)
class _Offer:
    """One time that learn mode is on."""

    station: str
    code: str
    until_s: float


@dataclass(slots=True)
class _Candidacy:
    """A candidate that is listened to."""

    candidate: Candidate
    state: DeviceState
    listener: Listener | None = None
    """While it is listened to."""


def new_code() -> str:
    """Return a new code; its signs tell the keyboard layouts apart, ``@`` US from UK."""
    letters = [secrets.choice(_LETTERS) for _ in range(5)]
    return f"ION/CMD/LEARN/{''.join(letters[:2])}@{''.join(letters[2:])}"


class Learning:
    """Binds scanners; its own thread runs ``step``, pages call the rest."""

    def __init__(  # noqa: PLR0913 - everything it works with
        self,
        candidates: Candidates,
        roster: Roster,
        book: BindingBook,
        *,
        clock: Clock,
        monotonic_s: Callable[[], float],
        sleep: Sleep,
        new_code: Callable[[], str] = new_code,
    ) -> None:
        self._candidates = candidates
        self._roster = roster
        self._book = book
        self._clock = clock
        self._monotonic_s = monotonic_s
        self._sleep = sleep
        self._new_code = new_code
        self._lock = threading.Lock()
        self._offer: _Offer | None = None
        self._move: str | None = None
        self._message: Message | None = None
        self._said_at_s = 0.0
        self._devices: tuple[DeviceState, ...] = ()
        self._heard_for: _Offer | None = None
        """The one the candidates are listened to for. From here on all belongs to the thread of ``step``."""
        self._candidacies: list[_Candidacy] = []
        self._search_at_s = 0.0

    def view(self) -> LearnView:
        """Return what the page shows."""
        offer, now_s = self._offer, self._monotonic_s()
        message = self._message if now_s - self._said_at_s < _SAID_S else None
        if offer is None:
            return LearnView("", message=message)
        left_s = max(0, round(offer.until_s - now_s))
        return LearnView(offer.station, offer.code, left_s, self._devices, message)

    def start(self, station: str) -> None:
        """Show a new code, and listen to what could be a scanner for this station."""
        offer = _Offer(station, self._new_code(), self._monotonic_s() + LIMIT_S)
        with self._lock:
            self._offer, self._move, self._message, self._devices = offer, None, None, ()

    def stop(self) -> None:
        """Listen no more."""
        with self._lock:
            self._offer = self._message = None

    def forget(self, name: str) -> None:
        """Take a binding back; the scanner is listened to no more.

        Raises:
            JournalError: it still holds.
        """
        self._book.remove(name)
        gone = self._roster.release(name)
        if gone is not None:
            values = {"name": name, "station": gone.station}
            self._say(Level.GOOD, "{name} was removed from {station}.", **values)

    def is_spoken_for(self, name: str, data: bytes) -> bool:
        """Return whether a scan of a scanner at work is the shown code, and so no scan for its station.

        A bound scanner goes over to the station that the code was shown for.
        """
        offer = self._offer
        if offer is None or aim.split(data)[1] != offer.code.encode():
            return False
        post = self._roster.find(name)
        if post is None or post.binding is None:
            self._say(
                Level.ASK,
                "{name} belongs to {station} by the settings file. A technician changes it there.",
                name=name,
                station=post.station if post else "",
            )
        elif post.station == offer.station:
            self._end(
                offer, Level.GOOD, "{name} scans for {station} already.", name=name, station=post.station
            )
        else:
            with self._lock:
                self._move = name
        return True

    def step(self) -> None:
        """Look once at what the candidates sent, or wait while learn mode is off."""
        offer = self._offer
        if offer is not self._heard_for:
            self.close()
            self._heard_for = offer
        if offer is None:
            self._sleep(_IDLE_S)
        elif self._monotonic_s() >= offer.until_s:
            self._end(offer, Level.STOP, _NOBODY)
        elif self._move is not None:
            self._move_over(offer, self._move)
        else:
            self._listen(offer)

    def close(self) -> None:
        """Listen to nothing; not while ``step`` runs in another thread."""
        for candidacy in self._candidacies:
            _leave(candidacy)
        self._candidacies = []
        self._search_at_s = 0.0
        self._heard_for = None

    def _listen(self, offer: _Offer) -> None:
        now_s = self._monotonic_s()
        if now_s >= self._search_at_s:
            self._search_at_s = now_s + _SEARCH_S
            self._search(offer)
        for candidacy in self._candidacies:
            traits = self._heard(candidacy)
            if traits is not None:
                self._bind(offer, candidacy.candidate, traits)
                return
        self._devices = tuple(candidacy.state for candidacy in self._candidacies)
        self._sleep(_TURN_S)

    def _search(self, offer: _Offer) -> None:
        """Listen to what was plugged in since, and forget what was unplugged."""
        found = self._candidates.plugged_in()
        for candidacy in [one for one in self._candidacies if one.candidate not in found]:
            _leave(candidacy)
            self._candidacies.remove(candidacy)
        known = [candidacy.candidate for candidacy in self._candidacies]
        self._candidacies += [
            _Candidacy(one, DeviceState(one.device, is_ready=False, text=""))
            for one in found
            if one not in known
        ]
        for candidacy in self._candidacies:
            if candidacy.listener is None:
                self._open(candidacy, offer.code)

    def _open(self, candidacy: _Candidacy, code: str) -> None:
        candidate = candidacy.candidate
        if not candidate.port:
            text = "It cannot be told from another of its model. Plug in only one of them."
            candidacy.state = DeviceState(candidate.device, is_ready=False, text=text)
            return
        listener = self._candidates.listener(candidate, code)
        try:
            listener.open()
        except ScannerGone as error:
            candidacy.state = DeviceState(candidate.device, is_ready=False, text=str(error))
        else:
            candidacy.listener = listener
            text = "Listening." if candidate.is_scanner else "Listening for this code only."
            candidacy.state = DeviceState(candidate.device, is_ready=True, text=text)

    def _heard(self, candidacy: _Candidacy) -> Traits | None:
        try:
            heard = candidacy.listener.heard() if candidacy.listener is not None else None
        except ScannerGone as error:
            candidacy.listener = None
            candidacy.state = DeviceState(candidacy.candidate.device, is_ready=False, text=str(error))
            return None
        if heard is not None and heard.traits is None:
            self._say(Level.ASK, "{device}: {advice}", device=candidacy.candidate.device, advice=heard.advice)
        return heard.traits if heard else None

    def _bind(self, offer: _Offer, candidate: Candidate, traits: Traits) -> None:
        # The device must be free for the scanner that opens it next.
        self.close()
        name = self._roster.name_for(offer.station)
        self._keep(
            offer,
            Binding(
                name=name,
                station=offer.station,
                kind=candidate.kind,
                port=candidate.port,
                device=candidate.device,
                at=self._clock(),
                baud=traits.baud,
                layout=traits.layout,
                tab_ends=traits.tab_ends,
            ),
        )

    def _move_over(self, offer: _Offer, name: str) -> None:
        with self._lock:
            self._move = None
        post = self._roster.find(name)
        if post is None or post.binding is None:
            return
        self.close()
        binding = replace(
            post.binding, name=self._roster.name_for(offer.station), station=offer.station, at=self._clock()
        )
        self._keep(offer, binding, instead_of=name)

    def _keep(self, offer: _Offer, binding: Binding, *, instead_of: str | None = None) -> None:
        if self._offer is not offer:
            # Stopped in this moment.
            return
        try:
            self._book.put(binding)
        except JournalError as error:
            _LOG.exception("The scanner %s was not bound to %s", binding.port, binding.station)
            self._end(offer, Level.STOP, _NOT_KEPT, error=str(error))
            return
        if instead_of is not None:
            self._roster.release(instead_of)
        self._roster.bind(binding)
        _LOG.info(
            "Scanner %s, %s %s, was bound to %s", binding.name, binding.kind, binding.port, binding.station
        )
        self._end(
            offer,
            Level.GOOD,
            "{device} scans for {station} now, as {name}. Scan something.",
            device=binding.device,
            station=binding.station,
            name=binding.name,
        )

    def _end(self, offer: _Offer, level: Level, template: str, **values: str) -> None:
        """Withdraw an offer, unless another one was made meanwhile."""
        with self._lock:
            if self._offer is offer:
                self._offer = None
                self._message, self._said_at_s = Message(level, template, values), self._monotonic_s()

    def _say(self, level: Level, template: str, **values: str) -> None:
        with self._lock:
            self._message, self._said_at_s = Message(level, template, values), self._monotonic_s()


def _leave(candidacy: _Candidacy) -> None:
    if candidacy.listener is not None:
        candidacy.listener.close()
        candidacy.listener = None
