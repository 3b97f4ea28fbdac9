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
    """A scanner: at work, or idle."""

    name: str
    """What the screen calls it."""
    kind: str
    port: str
    station: str
    binding: Binding | None
    """Where it was bound on the scanner page; ``None`` where the settings name it."""
    line: ScannerLine | None
    """What reads it; ``None`` while it is idle."""
    why: str = ""
    """Why it is idle."""

    @property
    def lamp(self) -> DeviceState:
        """Return how it is."""
        return self.line.lamp if self.line else DeviceState(self.name, is_ready=False, text=self.why)

    @property
    def faults(self) -> int:
        """Return how often it went away, or something was dropped."""
        return self.line.faults if self.line else 0

    @property
    def last_fault(self) -> FaultSeen | None:
        """Return what went wrong last."""
        return self.line.last_fault if self.line else None

    def last_scans(self) -> Sequence[ScanSeen]:
        """Return what it sent last, newest first."""
        return self.line.last_scans() if self.line else ()


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
        self._posts: tuple[Post, ...] = ()

    @property
    def posts(self) -> Sequence[Post]:
        """Return every scanner, those of the settings first."""
        return self._posts

    def lamps(self, station: str) -> tuple[DeviceState, ...]:
        """Return how the scanners at work for a station are."""
        return tuple(post.lamp for post in self._posts if post.station == station and post.line)

    def find(self, name: str) -> Post | None:
        """Return the scanner of that name."""
        return next((post for post in self._posts if post.name == name), None)

    def name_for(self, station: str) -> str:
        """Return a name that none has yet for another scanner of a station."""
        taken = {post.name for post in self._posts}
        base = f"{station[:48]}-scanner"
        numbered = (f"{base}-{number}" for number in range(2, len(taken) + 3))
        return next(name for name in (base, *numbered) if name not in taken)

    def employ(self, settings: ScannerSettings) -> None:
        """Put a scanner of the settings to work."""
        self._start(settings, None)

    def bind(self, binding: Binding) -> None:
        """Put a bound scanner to work, at once; one that is at odds with the settings is idle."""
        if binding.station not in self._stations:
            self._idle(binding, f"Not used: the settings have no station {binding.station!r}. Remove it.")
        elif self.find(binding.name) is not None:
            self._idle(
                binding, "Not used: the settings have a scanner of this name, and they come first. Remove it."
            )
        else:
            try:
                settings = bound_settings(binding)
            except ValueError:
                self._idle(binding, "Not used: this kiosk cannot read it. Remove it, and add it again.")
            else:
                self._start(settings, binding)

    def release(self, name: str) -> Binding | None:
        """Take a bound scanner off work and let its device go; return what it was bound by.

        A scanner of the settings stays, as they say.
        """
        with self._lock:
            gone = [post for post in self._posts if post.name == name and post.binding is not None]
            self._posts = tuple(post for post in self._posts if post not in gone)
        for post in gone:
            if post.line is not None:
                self._supervisor.drop(_loop(post))
                post.line.close()
        if not gone:
            return None
        self._on_change()
        return gone[0].binding

    def close(self) -> None:
        """Let every device go; the threads have ended before."""
        for post in self._posts:
            if post.line is not None:
                post.line.close()

    def _start(self, settings: ScannerSettings, binding: Binding | None) -> None:
        line = self._lines(settings, binding)
        post = Post(settings.name, settings.kind, settings.port, settings.station, binding, line)
        self._add(post)
        self._supervisor.add(_loop(post), line.step)

    def _idle(self, binding: Binding, why: str) -> None:
        self._add(Post(binding.name, binding.kind, binding.port, binding.station, binding, None, why))

    def _add(self, post: Post) -> None:
        with self._lock:
            self._posts = (*self._posts, post)
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
