"""From a screen's arrival in Chromium to its paint, four times slower than here; and its memory."""

import statistics
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.browser.conftest import ARGUMENTS, CHROMIUM, Screen, Size, open_screens
from tests.browser.test_memory import Held, held, scans, show
from tests.browser.views import stocked

PAINTS = 300
WARM_UP = 20
SLOWER = 4
BUDGET_P95_MS = 50.0
SCANS = 10_000
LOOKED_AT = (200, 1_000, 5_000, SCANS)
BUDGET_GROWTH_KB = 512

TIMED = """
window.paints = [];
const channel = new MessageChannel();
let began = 0;
channel.port1.onmessage = () => {
  window.paints.push(performance.now() - began);
  window.wasPainted();
};
// The next message after a frame's callbacks comes when that frame has been painted.
document.addEventListener("htmx:sseBeforeMessage", () => {
  began = performance.now();
  requestAnimationFrame(() => channel.port2.postMessage(null));
}, { capture: true });
"""
NEXT = "window.painted = new Promise((told) => { window.wasPainted = told; }); undefined"
"""Waited for by a promise: who asks the page again and again is painted in the frame that is measured."""


def paints(screen: Screen) -> list[float]:
    """Return milliseconds from the receipt of a screen to its paint, in order of size."""
    page = screen.page
    stocked(screen)
    page.add_init_script(TIMED)
    page.add_init_script(NEXT)
    screen.open()
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    for number in range(WARM_UP + PAINTS):
        page.evaluate(NEXT)
        show(screen.kiosk.station, number)
        page.evaluate("window.painted")
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    found: list[float] = page.evaluate("window.paints")
    return sorted(found[-PAINTS:])


def growth(screen: Screen) -> list[Held]:
    """Return what the page holds after so many scans."""
    found = []
    begun = 0
    for number in LOOKED_AT:
        scans(screen, range(begun, number))
        found.append(held(screen))
        begun = number
    return found


def measure(browser: Browser) -> bool:
    is_kept = True
    with open_screens() as start:
        sizes: tuple[Size, ...] = ("kiosk", "desk")
        for size in sizes:
            times = paints(start(browser, size))
            median, p95 = statistics.median(times), times[int(len(times) * 0.95)]
            print(f"to paint, {size}, {SLOWER} times slower: median {median:.1f} ms, p95 {p95:.1f} ms")
            is_kept = is_kept and p95 <= BUDGET_P95_MS
        found = growth(start(browser, "kiosk"))
        for number, one in zip(LOOKED_AT, found, strict=True):
            print(f"after {number} scans: {one.heap_kb:.0f} kB, {one.nodes} nodes, {one.listeners} listeners")
    first, last = found[0], found[-1]
    grown_kb = last.heap_kb - first.heap_kb
    return is_kept and grown_kb <= BUDGET_GROWTH_KB and last.counts == first.counts


def main() -> int:
    if CHROMIUM is None:
        print("NOT MEASURED: there is no chromium")
        return 1
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        is_kept = measure(browser)
        browser.close()
    return 0 if is_kept else 1
