"""Systemd hears that all is well as long as it is."""

import threading
from dataclasses import dataclass, field

from kiosk.at_work import watch
from kiosk.service_notice import ServiceNotice
from kiosk.supervisor import Supervisor
from tests.fakes import Clock


@dataclass
class Pings(ServiceNotice):
    """Counts what systemd is told."""

    count: int = 0

    def alive(self) -> None:
        """Feed the watchdog."""
        self.count += 1


@dataclass(slots=True)
class Watched(Supervisor):
    """Time passes for it only while it is watched, so many seconds at each look."""

    clock: Clock = field(default_factory=Clock)
    looks: int = 0

    def wait(self, timeout_s: float) -> bool:
        """Let time pass; the watch ends after so many looks."""
        self.clock.sleep(timeout_s)
        self.looks -= 1
        return self.looks < 0


def test_a_loop_that_hangs_stops_the_pings_and_one_that_goes_on_lets_them_begin_again() -> None:
    clock, release, is_back = Clock(), threading.Event(), threading.Event()
    supervisor = Watched(hung_after_s=60.0, monotonic_s=clock.monotonic_s, clock=clock)
    turns = iter([True])

    def hanging() -> None:
        if next(turns, False):
            release.wait(20)
        else:
            is_back.set()
            supervisor.sleep(0.01)

    supervisor.add("hanging", hanging)
    supervisor.start()
    try:
        pings = Pings()
        supervisor.looks = 30
        watch(supervisor, pings)
        assert pings.count == 12, "one each five seconds, for the sixty that a step may take"
        release.set()
        assert is_back.wait(20)
        supervisor.looks = 3
        watch(supervisor, pings)
        assert pings.count == 15
    finally:
        release.set()
        supervisor.stop()


def test_it_ends_for_another_reason_too_and_does_its_chore_at_each_look() -> None:
    clock = Clock()
    supervisor = Watched(monotonic_s=clock.monotonic_s, clock=clock, looks=30)
    done: list[float] = []
    watch(supervisor, Pings(), lambda: len(done) == 3, lambda: done.append(clock.passed_s))
    assert done == [5.0, 10.0, 15.0]
