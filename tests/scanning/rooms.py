"""Stations, scanners and candidates for scanners at work, and one world with all of them."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from kiosk.errors import JournalError, ScannerGone
from kiosk.model import Binding
from kiosk.ports import Candidate, Heard, Receipt, StationView
from kiosk.scanning import Learning, Roster, ScannerLine
from kiosk.settings import ScannerSettings
from kiosk.supervisor import Supervisor
from tests.fakes import Clock, FakeScanner

LONG_S = 5.0
CODE = "ION/CMD/LEARN/AZ@7QM"
GUN = ScannerSettings(name="dock-gun", station="dock-1", port="/dev/gun")
HONEYWELL = Candidate("keyboard", "0c2e:0b61:HON1", "Honeywell 1950g", is_scanner=True)
LOGITECH = Candidate("keyboard", "usb-4/input0", "Logitech Keyboard", is_scanner=False)
BOUND = Binding(
    "dock-1-scanner", "dock-1", "keyboard", HONEYWELL.port, HONEYWELL.device, Clock().now(), layout="de"
)


def eventually(is_so: Callable[[], bool]) -> bool:
    end_s = time.monotonic() + LONG_S
    while not is_so() and time.monotonic() < end_s:
        time.sleep(0.005)
    return is_so()


@dataclass(slots=True)
class Listener:
    """A station that notes what it is given."""

    name: str = "dock-1"
    heard: list[tuple[bytes, str]] = field(default_factory=list)
    refused: bytes | None = None

    def view(self) -> StationView:
        raise NotImplementedError

    def scan(self, data: bytes, *, scanner: str, key: str | None = None) -> Receipt:
        assert key is None
        if data == self.refused:
            raise JournalError("Cannot write the journal. (SQLite says: disk I/O error)")
        self.heard.append((data, scanner))
        return Receipt("1", is_repeat=False)

    def press(
        self, verb: str, argument: str | None = None, *, revision: int | None = None, key: str | None = None
    ) -> Receipt:
        raise NotImplementedError


@dataclass(slots=True)
class FakeListener:
    """Hears what a test lets a candidate send."""

    is_open: bool = False
    opened: int = 0
    problem: str = ""
    waiting: list[Heard] = field(default_factory=list)

    def open(self) -> None:
        if self.problem:
            raise ScannerGone(self.problem)
        self.is_open = True
        self.opened += 1

    def heard(self) -> Heard | None:
        assert self.is_open
        if self.problem:
            self.is_open = False
            raise ScannerGone(self.problem)
        return self.waiting.pop(0) if self.waiting else None

    def close(self) -> None:
        self.is_open = False


@dataclass(slots=True)
class FakeCandidates:
    """Devices that a test plugs in; what is bound is no candidate."""

    found: list[Candidate] = field(default_factory=list)
    owners: Callable[[], Sequence[str]] = tuple
    listeners: dict[str, FakeListener] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)

    def plugged_in(self) -> Sequence[Candidate]:
        return [one for one in self.found if one.port not in self.owners()]

    def listener(self, candidate: Candidate, code: str) -> FakeListener:
        self.codes.append(code)
        return self.listeners.setdefault(candidate.port, FakeListener())

    def sends(self, candidate: Candidate, heard: Heard) -> None:
        self.listeners[candidate.port].waiting.append(heard)


@dataclass(slots=True)
class FakeBook:
    """Bindings in a dictionary."""

    kept: dict[str, Binding] = field(default_factory=dict)
    failure: Exception | None = None

    def put(self, binding: Binding) -> None:
        self.remove(next((name for name, one in self.kept.items() if one.port == binding.port), ""))
        self.kept[binding.name] = binding

    def remove(self, name: str) -> None:
        if self.failure is not None:
            raise self.failure
        self.kept.pop(name, None)


class Floor:
    """Two stations, a scanner of the settings, and learn mode; nothing runs by itself."""

    def __init__(self) -> None:
        self.clock, self.supervisor = Clock(), Supervisor()
        self.stations = {name: Listener(name) for name in ("dock-1", "floor-1")}
        self.scanners: dict[str, FakeScanner] = {}
        self.candidates, self.book = FakeCandidates(), FakeBook()
        self.changes = 0
        self.roster = Roster(self.supervisor, self._line, self.stations, self._changed)
        self.candidates.owners = lambda: [one.port for one in self.roster.posts]
        self.learning = Learning(
            self.candidates,
            self.roster,
            self.book,
            clock=self.clock.now,
            monotonic_s=self.clock.monotonic_s,
            sleep=self.clock.sleep,
            new_code=lambda: CODE,
        )

    def _changed(self) -> None:
        self.changes += 1

    def _line(self, settings: ScannerSettings, binding: Binding | None) -> ScannerLine:
        scanner = self.scanners[settings.name] = FakeScanner(settings.name)
        assert binding is None or binding.name == settings.name
        return ScannerLine(
            settings.name,
            scanner,
            self.stations[settings.station],
            lambda _: None,
            lambda: None,
            self.clock.now,
            self.clock.monotonic_s,
            self.learning.is_spoken_for,
        )

    def step(self, name: str) -> None:
        """Let the thread of one scanner take a turn."""
        post = self.roster.find(name)
        assert post is not None
        assert post.line is not None
        post.line.step()

    @property
    def said(self) -> str:
        message = self.learning.view().message
        return f"{message.level.value}: {message.text}" if message else ""
