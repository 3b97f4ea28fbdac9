"""The scanners at work: those that the settings name, and those that were bound on the scanner page.

The settings come first: a binding that is at odds with them is idle, and says why.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kiosk.model import Binding, DeviceState, FaultSeen, ScanSeen
from kiosk.scanning.line import ScannerLine
from kiosk.settings import ScannerSettings
from kiosk.supervisor import Supervisor


@dataclass(frozen=True, slots=True)
class Post:
    """A scanner at work."""

    settings: ScannerSettings
    line: ScannerLine
    binding: Binding | None = None
    """Where it was bound on the scanner page; ``None`` where the settings name it."""

    @property
    def name(self) -> str:
        """Return what the screen calls it."""
        return self.settings.name

    @property
    def kind(self) -> str:
        """Return how it is connected."""
        return self.settings.kind

    @property
    def port(self) -> str:
        """Return where it is plugged in."""
        return self.settings.port

    @property
    def station(self) -> str:
        """Return the station it scans for."""
        return self.settings.station

    @property
    def lamp(self) -> DeviceState:
        """Return how it is."""
        return self.line.lamp

    @property
    def faults(self) -> int:
        """Return how often it went away, or something was dropped."""
        return self.line.faults

    @property
    def last_fault(self) -> FaultSeen | None:
        """Return what went wrong last."""
        return self.line.last_fault

    def last_scans(self) -> Sequence[ScanSeen]:
        """Return what it sent last, newest first."""
        return self.line.last_scans()


@dataclass(frozen=True, slots=True)
class Idle:
    """A binding that does not hold, since the settings were changed."""

    binding: Binding
    why: str

    faults = 0
    last_fault: FaultSeen | None = None

    @property
    def name(self) -> str:
        """Return the binding's name."""
        return self.binding.name

    @property
    def kind(self) -> str:
        """Return how it was connected."""
        return self.binding.kind

    @property
    def port(self) -> str:
        """Return where it was plugged in."""
        return self.binding.port

    @property
    def station(self) -> str:
        """Return the station it scanned for."""
        return self.binding.station

    @property
    def lamp(self) -> DeviceState:
        """Return why it is idle."""
        return DeviceState(self.name, is_ready=False, text=self.why)

    def last_scans(self) -> Sequence[ScanSeen]:
        """Return nothing: it is not listened to."""
        return ()


class Roster:
    """Who is at work. Scanners come and go while the kiosk runs; each has a supervised thread of its own."""

    def __init__(
        self,
        supervisor: Supervisor,
        lines: Callable[[ScannerSettings, Binding | None], ScannerLine],
        stations: Mapping[str, object],
        on_change: Callable[[], None],
    ) -> None:
        """Begin without any.

        Args:
            supervisor: gives each its thread.
            lines: makes a scanner's line, from its settings and its binding where it has one.
            stations: by name.
            on_change: told that one came or went.
        """
        self._supervisor = supervisor
        self._lines = lines
        self._stations = stations
        self._on_change = on_change
        self._lock = threading.Lock()
        self._members: tuple[Post | Idle, ...] = ()

    @property
    def members(self) -> Sequence[Post | Idle]:
        """Return every scanner, those of the settings first."""
        return self._members

    @property
    def posts(self) -> Sequence[Post]:
        """Return the scanners at work."""
        return tuple(one for one in self._members if isinstance(one, Post))

    def lamps(self, station: str) -> tuple[DeviceState, ...]:
        """Return how the scanners of a station are."""
        return tuple(post.lamp for post in self.posts if post.station == station)

    def find(self, name: str) -> Post | Idle | None:
        """Return the scanner of that name."""
        return next((one for one in self._members if one.name == name), None)

    def name_for(self, station: str) -> str:
        """Return a name that none has yet for another scanner of a station."""
        taken = {one.name for one in self._members}
        base = f"{station[:48]}-scanner"
        numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
        return next(name for name in (base, *numbered) if name not in taken)

    def employ(self, settings: ScannerSettings) -> None:
        """Put a scanner of the settings to work."""
        self._start(Post(settings, self._lines(settings, None)))

    def bind(self, binding: Binding) -> None:
        """Put a bound scanner to work, at once; one that is at odds with the settings is idle."""
        other = self.find(binding.name)
        if binding.station not in self._stations:
            self._add(
                Idle(binding, f"Not used: the settings have no station {binding.station!r}. Remove it.")
            )
        elif other is not None:
            self._add(
                Idle(
                    binding,
                    "Not used: the settings have a scanner of this name, and they come first. Remove it.",
                )
            )
        else:
            try:
                settings = bound_settings(binding)
            except ValueError:
                self._add(Idle(binding, "Not used: this kiosk cannot read it. Remove it, and add it again."))
            else:
                self._start(Post(settings, self._lines(settings, binding), binding))

    def release(self, name: str) -> Binding | None:
        """Take a bound scanner off work and let its device go; return what it was bound by.

        A scanner of the settings stays, as they say.
        """
        with self._lock:
            gone = [one for one in self._members if one.name == name and one.binding is not None]
            self._members = tuple(one for one in self._members if one not in gone)
        for one in gone:
            if isinstance(one, Post):
                self._supervisor.drop(_loop(one))
                one.line.close()
        if not gone:
            return None
        self._on_change()
        return gone[0].binding

    def close(self) -> None:
        """Let every device go; the threads have ended before."""
        for post in self.posts:
            post.line.close()

    def _start(self, post: Post) -> None:
        self._add(post)
        self._supervisor.add(_loop(post), post.line.step)

    def _add(self, member: Post | Idle) -> None:
        with self._lock:
            self._members = (*self._members, member)
        self._on_change()


def _loop(post: Post) -> str:
    return f"scanner {post.name}"


def bound_settings(binding: Binding) -> ScannerSettings:
    """Return a binding as the settings would have it.

    Raises:
        ValueError: it has a value that this kiosk does not know.
    """
    return ScannerSettings.model_validate(
        {
            "name": binding.name,
            "station": binding.station,
            "kind": binding.kind,
            "port": binding.port,
            "baud": binding.baud,
            "layout": binding.layout,
            "tab_ends": binding.tab_ends,
        }
    )
