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
class _Lesson:
    """One time that learn mode is on."""

    station: str
    code: str
    until_s: float


@dataclass(slots=True)
class _Pupil:
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
        self._lesson: _Lesson | None = None
        self._move: str | None = None
        self._message: Message | None = None
        self._said_at_s = 0.0
        self._devices: tuple[DeviceState, ...] = ()
        self._taught: _Lesson | None = None
        """The one the candidates are listened to for. From here on all belongs to the thread of ``step``."""
        self._pupils: list[_Pupil] = []
        self._search_at_s = 0.0

    def view(self) -> LearnView:
        """Return what the page shows."""
        lesson, now_s = self._lesson, self._monotonic_s()
        message = self._message if now_s - self._said_at_s < _SAID_S else None
        if lesson is None:
            return LearnView("", message=message)
        left_s = max(0, round(lesson.until_s - now_s))
        return LearnView(lesson.station, lesson.code, left_s, self._devices, message)

    def start(self, station: str) -> None:
        """Show a new code, and listen to what could be a scanner for this station."""
        lesson = _Lesson(station, self._new_code(), self._monotonic_s() + LIMIT_S)
        with self._lock:
            self._lesson, self._move, self._message, self._devices = lesson, None, None, ()

    def stop(self) -> None:
        """Listen no more."""
        with self._lock:
            self._lesson = self._message = None

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
        lesson = self._lesson
        if lesson is None or aim.split(data)[1] != lesson.code.encode():
            return False
        post = self._roster.find(name)
        if post is None or post.binding is None:
            self._say(
                Level.ASK,
                "{name} belongs to {station} by the settings file. A technician changes it there.",
                name=name,
                station=post.station if post else "",
            )
        elif post.station == lesson.station:
            self._end(
                lesson, Level.GOOD, "{name} scans for {station} already.", name=name, station=post.station
            )
        else:
            with self._lock:
                self._move = name
        return True

    def step(self) -> None:
        """Look once at what the candidates sent, or wait while learn mode is off."""
        lesson = self._lesson
        if lesson is not self._taught:
            self.close()
            self._taught = lesson
        if lesson is None:
            self._sleep(_IDLE_S)
        elif self._monotonic_s() >= lesson.until_s:
            self._end(lesson, Level.STOP, _NOBODY)
        elif self._move is not None:
            self._move_over(lesson, self._move)
        else:
            self._listen(lesson)

    def close(self) -> None:
        """Listen to nothing; not while ``step`` runs in another thread."""
        for pupil in self._pupils:
            _leave(pupil)
        self._pupils = []
        self._search_at_s = 0.0
        self._taught = None

    def _listen(self, lesson: _Lesson) -> None:
        now_s = self._monotonic_s()
        if now_s >= self._search_at_s:
            self._search_at_s = now_s + _SEARCH_S
            self._search(lesson)
        for pupil in self._pupils:
            traits = self._heard(pupil)
            if traits is not None:
                self._bind(lesson, pupil.candidate, traits)
                return
        self._devices = tuple(pupil.state for pupil in self._pupils)
        self._sleep(_TURN_S)

    def _search(self, lesson: _Lesson) -> None:
        """Listen to what was plugged in since, and forget what was unplugged."""
        found = self._candidates.plugged_in()
        for pupil in [one for one in self._pupils if one.candidate not in found]:
            _leave(pupil)
            self._pupils.remove(pupil)
        known = [pupil.candidate for pupil in self._pupils]
        self._pupils += [
            _Pupil(one, DeviceState(one.device, is_ready=False, text="")) for one in found if one not in known
        ]
        for pupil in self._pupils:
            if pupil.listener is None:
                self._open(pupil, lesson.code)

    def _open(self, pupil: _Pupil, code: str) -> None:
        candidate = pupil.candidate
        if not candidate.port:
            text = "It cannot be told from another of its model. Plug in only one of them."
            pupil.state = DeviceState(candidate.device, is_ready=False, text=text)
            return
        listener = self._candidates.listener(candidate, code)
        try:
            listener.open()
        except ScannerGone as error:
            pupil.state = DeviceState(candidate.device, is_ready=False, text=str(error))
        else:
            pupil.listener = listener
            text = "Listening." if candidate.is_scanner else "Listening for this code only."
            pupil.state = DeviceState(candidate.device, is_ready=True, text=text)

    def _heard(self, pupil: _Pupil) -> Traits | None:
        try:
            heard = pupil.listener.heard() if pupil.listener is not None else None
        except ScannerGone as error:
            pupil.listener = None
            pupil.state = DeviceState(pupil.candidate.device, is_ready=False, text=str(error))
            return None
        if heard is not None and heard.traits is None:
            self._say(Level.ASK, "{device}: {advice}", device=pupil.candidate.device, advice=heard.advice)
        return heard.traits if heard else None

    def _bind(self, lesson: _Lesson, candidate: Candidate, traits: Traits) -> None:
        # The device must be free for the scanner that opens it next.
        self.close()
        name = self._roster.name_for(lesson.station)
        self._keep(
            lesson,
            Binding(
                name=name,
                station=lesson.station,
                kind=candidate.kind,
                port=candidate.port,
                device=candidate.device,
                at=self._clock(),
                baud=traits.baud,
                layout=traits.layout,
                tab_ends=traits.tab_ends,
            ),
        )

    def _move_over(self, lesson: _Lesson, name: str) -> None:
        with self._lock:
            self._move = None
        post = self._roster.find(name)
        if post is None or post.binding is None:
            return
        self.close()
        binding = replace(
            post.binding, name=self._roster.name_for(lesson.station), station=lesson.station, at=self._clock()
        )
        self._keep(lesson, binding, instead_of=name)

    def _keep(self, lesson: _Lesson, binding: Binding, *, instead_of: str | None = None) -> None:
        if self._lesson is not lesson:
            # Stopped in this moment.
            return
        try:
            self._book.put(binding)
        except JournalError as error:
            _LOG.exception("The scanner %s was not bound to %s", binding.port, binding.station)
            self._end(lesson, Level.STOP, _NOT_KEPT, error=str(error))
            return
        if instead_of is not None:
            self._roster.release(instead_of)
        self._roster.bind(binding)
        _LOG.info(
            "Scanner %s, %s %s, was bound to %s", binding.name, binding.kind, binding.port, binding.station
        )
        self._end(
            lesson,
            Level.GOOD,
            "{device} scans for {station} now, as {name}. Scan something.",
            device=binding.device,
            station=binding.station,
            name=binding.name,
        )

    def _end(self, lesson: _Lesson, level: Level, template: str, **values: str) -> None:
        """End a lesson, unless another one began meanwhile."""
        with self._lock:
            if self._lesson is lesson:
                self._lesson = None
                self._message, self._said_at_s = Message(level, template, values), self._monotonic_s()

    def _say(self, level: Level, template: str, **values: str) -> None:
        with self._lock:
            self._message, self._said_at_s = Message(level, template, values), self._monotonic_s()


def _leave(pupil: _Pupil) -> None:
    if pupil.listener is not None:
        pupil.listener.close()
        pupil.listener = None
