"""The threads: the only place that starts them, and that catches what they did not expect."""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

_LOG = logging.getLogger(__name__)
_FIRST_PAUSE_S = 0.2
_LONGEST_PAUSE_S = 30.0
_JOIN_TIMEOUT_S = 10.0
_LOOK_UP_S = 0.25
"""How soon a loop that waits after a failure notices that it was dropped."""


@dataclass(slots=True)
class _Loop:
    name: str
    step: Callable[[], None]
    thread: threading.Thread | None = None
    alive_at_s: float = 0.0
    failures: int = 0
    is_dropped: bool = False


@dataclass(slots=True)
class Supervisor:
    """Runs each loop's ``step`` again and again in a thread of its own, until told to stop.

    A step must return within ``hung_after_s``, whatever its device does. One that raises is logged with its
    traceback, waits a growing time and runs again. A thread that ends all the same gets a successor from
    ``revive``.
    """

    hung_after_s: float = 60.0
    monotonic_s: Callable[[], float] = time.monotonic
    new_thread: Callable[..., threading.Thread] = threading.Thread
    _loops: tuple[_Loop, ...] = ()
    """Replaced as a whole, since other threads look at it at any moment."""
    _is_started: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stopping: threading.Event = field(default_factory=threading.Event)

    def add(self, name: str, step: Callable[[], None]) -> None:
        """Name a loop; it starts with ``start``, or at once where that was called before."""
        loop = _Loop(name, step)
        with self._lock:
            self._loops = (*self._loops, loop)
            if self._is_started and not self.is_stopping:
                self._start(loop)

    def drop(self, name: str) -> None:
        """End a loop after the step under way, which is waited for ten seconds at most.

        Not from within that loop's own step. A name that is not known is fine.
        """
        with self._lock:
            dropped = [loop for loop in self._loops if loop.name == name]
            self._loops = tuple(loop for loop in self._loops if loop.name != name)
        for loop in dropped:
            loop.is_dropped = True
        _join(dropped)

    def start(self) -> None:
        """Start every loop."""
        with self._lock:
            self._is_started = True
            for loop in self._loops:
                self._start(loop)

    def revive(self) -> None:
        """Give every loop whose thread is gone another one, which counts as a failure of its step.

        One for which the system has no thread stays hung, and is tried again by the next call.
        """
        with self._lock:
            for loop in self._loops:
                if self._is_gone(loop):
                    loop.failures += 1
                    _LOG.error("Loop %s: its thread is gone; it gets another one", loop.name)
                    try:
                        self._start(loop)
                    except RuntimeError as error:
                        _LOG.error("Loop %s: no other one could be started: %s", loop.name, error)

    def tell_to_stop(self) -> None:
        """Tell every loop to end after its step; safe in a signal handler."""
        self._stopping.set()

    def stop(self) -> None:
        """Tell every loop to end, and wait for the steps under way, ten seconds at most."""
        self.tell_to_stop()
        with self._lock:
            loops = tuple(reversed(self._loops))
        _join(loops)

    def sleep(self, seconds: float) -> None:
        """Wait, but not past the moment of stopping."""
        self._stopping.wait(seconds)

    @property
    def is_stopping(self) -> bool:
        """Return whether the loops are told to end."""
        return self._stopping.is_set()

    def wait(self, timeout_s: float) -> bool:
        """Wait for the moment of stopping; return whether it came."""
        return self._stopping.wait(timeout_s)

    def health(self) -> Mapping[str, str]:
        """Return ``ok``, ``failing`` or ``hung`` for every loop; one whose thread is gone is hung."""
        now_s = self.monotonic_s()
        return {loop.name: self._health_of(loop, now_s) for loop in self._loops}

    def _health_of(self, loop: _Loop, now_s: float) -> str:
        is_late = loop.thread is not None and now_s - loop.alive_at_s > self.hung_after_s
        if is_late or self._is_gone(loop):
            return "hung"
        return "failing" if loop.failures else "ok"

    def _is_gone(self, loop: _Loop) -> bool:
        return loop.thread is not None and not loop.thread.is_alive() and not self.is_stopping

    def _start(self, loop: _Loop) -> None:
        loop.alive_at_s = self.monotonic_s()
        thread = self.new_thread(target=self._run, args=(loop,), name=loop.name, daemon=True)
        thread.start()
        # Kept once it runs: one that never began can neither be looked at nor waited for.
        loop.thread = thread

    def _run(self, loop: _Loop) -> None:
        while not (self._stopping.is_set() or loop.is_dropped):
            loop.alive_at_s = self.monotonic_s()
            try:
                loop.step()
            except Exception:  # noqa: BLE001 - a fault in one loop ends neither it nor the others
                loop.failures += 1
                pause_s = min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2 ** min(loop.failures - 1, 10))
                _LOG.exception(
                    "Loop %s failed %d time(s); again in %.1f s", loop.name, loop.failures, pause_s
                )
                self._pause(loop, pause_s)
            else:
                loop.failures = 0

    def _pause(self, loop: _Loop, seconds: float) -> None:
        end_s = time.monotonic() + seconds
        while not loop.is_dropped and (left_s := end_s - time.monotonic()) > 0:
            if self._stopping.wait(min(left_s, _LOOK_UP_S)):
                return


def _join(loops: Iterable[_Loop]) -> None:
    deadline_s = time.monotonic() + _JOIN_TIMEOUT_S
    for loop in loops:
        if loop.thread is not None:
            loop.thread.join(max(0.0, deadline_s - time.monotonic()))
            if loop.thread.is_alive():
                _LOG.warning("Loop %s did not end in time; what it was doing is cut off", loop.name)
