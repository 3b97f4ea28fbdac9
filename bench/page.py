"""From a screen's arrival in Chromium to its paint, four times slower than here; and its memory."""

import statistics
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.browser.conftest import ARGUMENTS, CHROMIUM, Screen, open_screens
from tests.browser.test_memory import held, show

PAINTS = 300
SLOWER = 4
BUDGET_P95_MS = 50.0
SCANS = 10_000
WARM_UP = 200
BUDGET_GROWTH_KB = 512

TIMED = """
window.paints = [];
const channel = new MessageChannel();
let began = 0;
channel.port1.onmessage = () => { window.paints.push(performance.now() - began); };
// The next message after a frame's callbacks comes when that frame has been painted.
document.addEventListener("htmx:sseBeforeMessage", () => {
  began = performance.now();
  requestAnimationFrame(() => channel.port2.postMessage(null));
}, { capture: true });
"""


def paints(screen: Screen) -> list[float]:
    """Return milliseconds from the receipt of a screen to its paint, in order of size."""
    page = screen.page
    page.add_init_script(TIMED)
    screen.open()
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    for number in range(PAINTS):
        show(screen, number)
        page.wait_for_function("(least) => window.paints.length >= least", arg=number + 1)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    found: list[float] = page.evaluate("window.paints")
    return sorted(found)


def growth(screen: Screen) -> tuple[float, float, int]:
    """Return the heap in kB after the warm-up and after all scans, and how many elements came between."""
    for number in range(WARM_UP + 1):
        show(screen, number)
    before_kb, elements = held(screen)
    for number in range(SCANS + 1):
        show(screen, number)
    after_kb, elements_after = held(screen)
    return before_kb, after_kb, elements_after - elements


def measure(browser: Browser) -> bool:
    with tempfile.TemporaryDirectory() as folder, open_screens(Path(folder)) as start:
        times = paints(start(browser, "kiosk"))
        p95 = times[int(len(times) * 0.95)]
        median = statistics.median(times)
        print(f"receipt to paint, {SLOWER} times slower: median {median:.1f} ms, p95 {p95:.1f} ms")
        before, after, added = growth(start(browser, "kiosk"))
        print(f"memory over {SCANS} scans: {before:.0f} kB, then {after:.0f} kB; {added} more elements")
    return p95 <= BUDGET_P95_MS and after - before <= BUDGET_GROWTH_KB and added == 0


def main() -> int:
    if CHROMIUM is None:
        print("NOT MEASURED: there is no chromium")
        return 1
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        is_kept = measure(browser)
        browser.close()
    return 0 if is_kept else 1
