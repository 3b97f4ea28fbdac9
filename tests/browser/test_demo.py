"""The four jobs of the first two minutes, by touch only, on the real kiosk of ``kiosk demo``."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import SCREENSHOTS, SIZES

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
PATIENCE_MS = 15_000


@dataclass
class Visitor:
    """Somebody who touches the page and nothing else."""

    page: Page
    folder: Path

    def scan(self, *words: str) -> None:
        """Tap a barcode of the scan pad, which is a drawer where the page is small."""
        name = re.compile(".*".join(map(re.escape, words)), re.DOTALL)
        card = self.page.locator(".pad").get_by_role("button", name=name).first
        self._open_the_drawer(card)
        card.click()

    def labels(self) -> int:
        """Return how many labels came out of the virtual printer so far."""
        newest = self.page.locator(".tray img").first
        return int(str(newest.get_attribute("alt")).split()[-1]) if newest.count() else 0

    def scan_label(self, number: int) -> None:
        """Tap a label that came out of the virtual printer."""
        picture = self.page.locator(f'.tray img[alt="Label {number}"]')
        picture.wait_for(state="attached", timeout=PATIENCE_MS)
        self._open_the_drawer(picture)
        picture.click()

    def press(self, name: str) -> None:
        """Tap a button of the kiosk."""
        self.page.locator(".screen").get_by_role("button", name=re.compile(name)).first.click()

    def sees(self, text: str | re.Pattern[str]) -> None:
        """Wait until the kiosk shows a text."""
        expect(self.page.locator(".screen")).to_contain_text(text, timeout=PATIENCE_MS)

    def picture(self, name: str) -> None:
        """Keep what is on the screen."""
        self.page.screenshot(path=self.folder / f"{name}.png", animations="disabled")

    def _open_the_drawer(self, wanted: Locator) -> None:
        if not wanted.is_visible():
            self.page.get_by_role("button", name="Pad").first.click()
        wanted.wait_for(state="visible", timeout=PATIENCE_MS)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "kiosk", "demo", "--port", "0"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env={name: value for name, value in os.environ.items() if not name.startswith("KIOSK_")},
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"http://\S+/", line)
    assert found is not None, line
    yield found[0]
    process.send_signal(signal.SIGTERM)
    assert process.wait(15) == 0
    process.stdout.close()


@pytest.fixture(params=["kiosk", "desk"])
def visitor(
    request: pytest.FixtureRequest, browser: Browser, address: str, tmp_path: Path
) -> Iterator[Visitor]:
    folder = Path(SCREENSHOTS) / f"demo-{request.param}" if SCREENSHOTS else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    context = browser.new_context(viewport=SIZES[request.param], has_touch=True)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto(address)
    page.get_by_role("button", name="Home").first.click()
    yield Visitor(page, folder)
    context.close()
    assert faults == []


def test_a_part_is_looked_up(visitor: Visitor) -> None:
    visitor.scan("BRKT-ASSY-001 ASM-00012")
    visitor.sees("ASM-00012")
    for fact in ("BRKT-ASSY-001", "WC-Assembly-1", "Bracket Assembly"):
        visitor.sees(fact)
    visitor.picture("lookup")


def test_an_order_is_received_labelled_and_found_again(visitor: Visitor) -> None:
    lot = f"LOT-{visitor.page.viewport_size and visitor.page.viewport_size['width']}"
    visitor.scan("PO-10482")
    visitor.sees("PO-10482")
    visitor.picture("order")
    visitor.press("ORNG-2-214")
    visitor.sees("Scan the lot")
    visitor.press("Quantity")
    visitor.picture("keypad")
    pad = visitor.page.locator(".keypad, [data-keypad]").first
    for digit in "12":
        pad.get_by_role("button", name=digit, exact=True).click()
    pad.get_by_role("button", name=re.compile("OK|Done|Enter")).click()
    visitor.sees("12")
    visitor.press("Lot")
    board = visitor.page.locator(".keyboard, [data-keyboard]").first
    for character in lot:
        board.get_by_role("button", name=character, exact=True).click()
    visitor.picture("keyboard")
    board.get_by_role("button", name=re.compile("OK|Done|Enter")).click()
    visitor.sees(f"Lot {lot}")
    visitor.picture("line")
    labels = visitor.labels()
    visitor.press("Receive")
    visitor.sees("ION has it: 12 × ORNG-2-214 received.")
    visitor.picture("received")
    visitor.scan_label(labels + 1)
    visitor.sees(f"Stock {lot}: ORNG-2-214 · 12")
    visitor.picture("found-again")


def test_a_run_is_started_completed_and_its_label_printed(visitor: Visitor, address: str) -> None:
    visitor.scan("VLV-4410 - SN-000123")
    visitor.sees("Valve Acceptance Test")
    visitor.picture("run")
    for verb in _moves(address):
        visitor.page.locator(f'.screen [data-command="ION/CMD/{verb}"]').first.click()
    visitor.sees(re.compile("complete", re.IGNORECASE))
    visitor.picture("run-complete")
    visitor.press("Print label")
    expect(visitor.page.locator(".screen")).to_contain_text(
        re.compile("Printing|printed"), timeout=PATIENCE_MS
    )


def _moves(address: str) -> Iterator[str]:
    """Yield what can be done with the run, once ION has what was done before."""
    for _ in range(40):
        view = httpx.get(f"{address}api/v1/stations/dock-1").json()
        if view["waiting"]:
            time.sleep(0.25)
        elif view["state"]["can_start"] or view["state"]["can_complete"]:
            yield "START" if view["state"]["can_start"] else "COMPLETE"
            time.sleep(0.25)
        else:
            return


def test_a_label_is_printed_in_the_copies_that_were_chosen(visitor: Visitor) -> None:
    visitor.scan("WC-Test-1", "Workcenter")
    visitor.sees("WC-Test-1")
    visitor.press("Copies")
    pad = visitor.page.locator(".keypad, [data-keypad]").first
    pad.get_by_role("button", name="2", exact=True).click()
    pad.get_by_role("button", name=re.compile("OK|Done|Enter")).click()
    visitor.press("Print label")
    visitor.sees("2 labels of WC-Test-1 came out.")
    visitor.picture("copies")
