"""The demo as its visitors see it: a real kiosk, and somebody in front of it."""

import os
import re
import signal
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, FilePayload, Locator, Page, ViewportSize, expect
from playwright.sync_api import TimeoutError as TapTimeout

from tests import plain_http
from tests.browser import pictures
from tests.browser.ways import NOTES, Claim, is_kept
from tests.end_to_end.floor import schema_file
from tests.end_to_end.warm import started

PATIENCE_MS = 45_000
_TAP_MS = 5_000
UNDER_WAY = """
let underWay = 0;
function counted(more) {
  underWay += more;
  document.documentElement.toggleAttribute("data-under-way", underWay > 0);
}
const send = XMLHttpRequest.prototype.send;
XMLHttpRequest.prototype.send = function (...sent) {
  counted(1);
  this.addEventListener("loadend", () => counted(-1));
  return send.apply(this, sent);
};
"""
"""Marks a page while a request of its is not answered yet."""


@dataclass
class Visitor:
    """Somebody who touches the page and nothing else."""

    page: Page
    folder: str
    """For its pictures, within that of all."""

    def scan(self, *words: str) -> None:
        """Tap a barcode of the scan pad, which is a drawer where the page is small."""
        name = re.compile(".*".join(map(re.escape, words)), re.DOTALL)
        card = self.page.locator(".pad").get_by_role("button", name=name).first
        self._tap_in_the_drawer(card)

    def labels(self) -> int:
        """Return how many labels came out of the virtual printer so far."""
        newest = self.page.locator(".tray img").first
        return int(str(newest.get_attribute("alt")).split()[-1]) if newest.count() else 0

    def scan_label(self, number: int) -> None:
        """Tap a label that came out of the virtual printer."""
        picture = self.page.locator(f'.tray img[alt="Label {number}"]')
        picture.wait_for(state="attached", timeout=PATIENCE_MS)
        self._tap_in_the_drawer(picture)

    def press(self, name: str) -> None:
        """Tap a button of the kiosk, once it has answered the tap before: until then it takes no other."""
        self.is_answered()
        self.page.locator(".screen").get_by_role("button", name=re.compile(name)).first.click()

    def does(self, verb: str) -> None:
        """Tap the button of a command, as ``press`` does."""
        self.is_answered()
        self.page.locator(f'.screen [data-command="ION/CMD/{verb}"]').first.click()

    def taps(self, board: str, text: str) -> None:
        """Tap the keys of a board that is open, and OK.

        Args:
            board: its id: ``keypad``, ``keyboard``, ``pin``, or ``keys`` of the pages of the office.
            text: what to tap; the key of the layers is tapped for what the board does not show.
        """
        keys = self.page.locator(f"#{board}")
        for character in text:
            key = keys.locator(f'[data-key="{character}"]')
            for _ in range(2):
                if not key.count():
                    keys.locator("[data-layers]").click()
            key.click()
        keys.locator(".ok").click()

    def types(self, text: str) -> None:
        """Type what would be scanned, on the page's own keys."""
        self.page.locator(".rail [data-opens=keyboard]").click()
        self.taps("keyboard", text)

    def takes_photo(self, photo: FilePayload) -> None:
        """Choose a file for a photo, once the panel says that there is no camera, and keep it."""
        self.page.locator(".photos [data-opens=photo]").click()
        expect(self.page.locator("#photo .said")).to_contain_text("photo", timeout=PATIENCE_MS)
        self.page.locator("#photo input").set_input_files(photo)
        self.page.locator("#photo [data-does=keep]").click()

    def is_answered(self) -> None:
        """Wait until the kiosk has answered what was tapped."""
        self.page.locator("html:not([data-under-way])").wait_for(timeout=PATIENCE_MS)

    def sees(self, text: str | re.Pattern[str]) -> None:
        """Wait until the kiosk shows a text."""
        expect(self.page.locator(".screen")).to_contain_text(text, timeout=PATIENCE_MS)

    def picture(self, name: str) -> None:
        """Keep what is on the screen."""
        pictures.take(self.page, f"{self.folder}/{name}")

    def _tap_in_the_drawer(self, wanted: Locator) -> None:
        """Open the drawer and tap; it may be closing still after the tap before, and is opened again then."""
        end_s = time.monotonic() + PATIENCE_MS / 1000
        while True:
            if not wanted.is_visible():
                self.page.get_by_role("button", name="Pad").first.click()
            try:
                wanted.click(timeout=_TAP_MS)
            except TapTimeout:
                if time.monotonic() > end_s:
                    raise
            else:
                return


class Scanner:
    """Scans at the station, as a device of it would, and sees the page."""

    def __init__(self, visitor: Visitor, address: str) -> None:
        self.visitor = visitor
        self._address = address

    def scans(self, text: str, sees: str) -> None:
        """Scan one barcode and wait for what the page shows."""
        answer = plain_http.post(
            f"{self._address}api/v1/scans",
            json={"station": "dock-1", "text": text},
            headers={"Idempotency-Key": uuid.uuid4().hex},
        )
        assert answer.status_code == 202
        expect(self.visitor.page.locator(".screen")).to_contain_text(
            re.compile(sees, re.DOTALL), timeout=PATIENCE_MS
        )

    def commands(self, verb: str, sees: str) -> None:
        """Scan a command barcode."""
        self.scans(f"ION/CMD/{verb}", sees)


@contextmanager
def demo() -> Iterator[str]:
    """Run the demo; gives the address of its page."""
    process = started(
        ["demo", "--port", "0"],
        schema=schema_file("both"),
        environ={name: value for name, value in os.environ.items() if not name.startswith("KIOSK_")},
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.search(r"http://\S+/", line)
    assert found is not None, line
    yield found[0]
    process.send_signal(signal.SIGTERM)
    assert process.wait(15) == 0
    process.stdout.close()


@contextmanager
def visiting(
    browser: Browser, address: str, size: ViewportSize, folder: str, claim: Claim | None = None
) -> Iterator[Visitor]:
    """Open the demo's page on a touchscreen; at the end nothing may have gone wrong on it.

    Args:
        browser: to open it in.
        address: the demo's.
        size: of the screen.
        folder: for the visitor's pictures.
        claim: what is done there by one way of input alone.
    """
    context = browser.new_context(viewport=size, has_touch=True)
    page = context.new_page()
    page.add_init_script(UNDER_WAY)
    page.add_init_script(NOTES)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.goto(address)
    page.get_by_role("button", name="Home").first.click()
    page.evaluate("window.forget()")
    yield Visitor(page, folder)
    if claim:
        is_kept(claim, page)
    context.close()
    assert faults == []
