"""A page that stands open for months: what it holds does not grow with what it showed.

``make soak`` shows it 10,000 scans.
"""

import os

import pytest

from kiosk.model import Level, Message
from tests.browser.conftest import OpenScreen, Screen
from tests.web.samples import SAMPLES

pytestmark = pytest.mark.browser
SCANS = int(os.environ.get("KIOSK_PAGE_SCANS", "60"))
"""Read here, since tests see no KIOSK_ variables."""
WARM_UP = 40
MOST_GROWTH_KB = 512
"""Of the script's heap, each time after a collection."""
SCREENS = ("receive/order", "receive/line", "run/run", "lookup/inventory", "home/idle")


def show(screen: Screen, number: int) -> None:
    """Let the station answer a scan with another screen than before, and wait until the page shows it."""
    name = SCREENS[number % len(SCREENS)]
    message = Message(Level.GOOD, "Scan {number} found.", {"number": str(number)})
    screen.kiosk.station.show(name, SAMPLES[name], message)
    screen.wait_for_revision()


def held(screen: Screen) -> tuple[float, int]:
    """Return the script's heap in kB after a collection, and how many elements the page has."""
    session = screen.page.context.new_cdp_session(screen.page)
    session.send("HeapProfiler.collectGarbage")
    heap_kb = session.send("Runtime.getHeapUsage")["usedSize"] / 1024
    session.detach()
    return heap_kb, int(screen.page.evaluate("document.querySelectorAll('*').length"))


def test_scans_leave_nothing_behind(open_screen: OpenScreen) -> None:
    screen = open_screen()
    for number in range(WARM_UP + 1):
        show(screen, number)
    before_kb, elements = held(screen)
    for number in range(SCANS + 1 - SCANS % len(SCREENS)):
        show(screen, number)
    after_kb, elements_after = held(screen)
    assert elements_after == elements
    assert after_kb - before_kb < MOST_GROWTH_KB
