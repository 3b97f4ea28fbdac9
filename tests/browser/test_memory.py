"""A page that stands open for months: what it holds does not grow with what it showed.

``make soak`` shows it 10,000 scans.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from kiosk.model import Level, Message
from tests.browser.conftest import OpenScreen, Screen
from tests.web.fakes import FakeStation
from tests.web.samples import SAMPLES

pytestmark = pytest.mark.browser
SCANS = int(os.environ.get("KIOSK_PAGE_SCANS", "60"))
"""Read here, since tests see no KIOSK_ variables."""
WARM_UP = 40
MOST_GROWTH_KB = 512
"""Of the script's heap, each time after a collection: Chromium compiles what is called often."""
SCREENS = ("receive/order", "receive/line", "run/run", "lookup/inventory", "home/idle")
SHOWN = """(revision) => {
  const screen = document.querySelector(".screen");
  const isShown = () => Number(screen.dataset.revision) >= revision;
  if (isShown()) return undefined;
  return new Promise((told) => {
    const watch = new MutationObserver(() => { if (isShown()) { watch.disconnect(); told(); } });
    watch.observe(screen, { attributeFilter: ["data-revision"] });
  });
}"""
"""Waits by a promise: Playwright's own way of waiting leaves things of its own in the page with each call."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a page holds after a collection."""

    heap_kb: float
    """Of its scripts."""
    nodes: int
    listeners: int

    @property
    def counts(self) -> tuple[int, int]:
        """Return what is counted one by one, and may not grow at all."""
        return self.nodes, self.listeners


def show(station: FakeStation, number: int) -> None:
    """Let the station answer a scan with another screen than before."""
    name = SCREENS[number % len(SCREENS)]
    message = Message(Level.GOOD, "Scan {number} found.", {"number": str(number)})
    station.show(name, SAMPLES[name], message)


def scans(screen: Screen, numbers: Iterable[int]) -> None:
    """Let the page show the answers to so many scans, each before the next is made."""
    station = screen.kiosk.station
    for number in numbers:
        show(station, number)
        screen.page.evaluate(SHOWN, station.view_now.revision)


def held(screen: Screen) -> Held:
    """Return what the page holds."""
    session = screen.page.context.new_cdp_session(screen.page)
    for _ in range(2):  # what the first one lets go of may have held more
        session.send("HeapProfiler.collectGarbage")
    heap_kb = session.send("Runtime.getHeapUsage")["usedSize"] / 1024
    counted = session.send("Memory.getDOMCounters")
    session.detach()
    return Held(heap_kb, counted["nodes"], counted["jsEventListeners"])


def test_scans_leave_nothing_behind(open_screen: OpenScreen) -> None:
    screen = open_screen()
    scans(screen, range(WARM_UP + 1))
    before = held(screen)
    scans(screen, range(SCANS + 1 - SCANS % len(SCREENS)))
    after = held(screen)
    assert after.counts == before.counts
    assert after.heap_kb - before.heap_kb < MOST_GROWTH_KB
