"""The fake kiosk in Debian's Chromium."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from kiosk.language import Language
from kiosk.web import WebServer, create_app, serve
from tests.browser import pictures
from tests.conftest import still_running
from tests.web.fakes import World, world

expect.set_options(timeout=30_000)
"""A busy machine is slow; what never comes fails all the same."""
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
"""The browser of a kiosk."""
SHELL = None if "KIOSK_WHOLE_BROWSER" in os.environ else shutil.which("chromium-headless-shell")
"""Debian's Chromium of the same version without windows, tabs and their pages: a page opens for a quarter of
the processor. ``KIOSK_WHOLE_BROWSER`` in the environment does without it.
"""
ARGUMENTS = [
    "--no-sandbox",  # as root, and in a container, there is none
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--autoplay-policy=no-user-gesture-required",
]
KEY_TIMES = """window.keyTimes = [];
addEventListener("keydown", (event) => window.keyTimes.push(event.timeStamp), { capture: true });"""
"""Listens before the page does, and so hears the keys that the page keeps to itself."""
SIZES: dict[str, ViewportSize] = {
    "kiosk": {"width": 800, "height": 480},
    "laptop": {"width": 1280, "height": 720},
    "desk": {"width": 1920, "height": 1080},
    "phone": {"width": 390, "height": 844},
}


@pytest.fixture(autouse=True)
def _no_thread_left() -> Iterator[None]:
    """Fail the test that left a thread running, other than Playwright's own, which it keeps."""
    before = set(threading.enumerate())
    yield
    left = [one for one in threading.enumerate() if one not in before and not one.name.startswith("asyncio_")]
    assert still_running(left) == []


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = SHELL or CHROMIUM
    if program is None:
        pytest.skip("NO BROWSER TEST RUNS: there is no chromium on PATH (apt-get install chromium)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield started
        started.close()


@dataclass
class Screen:
    """A page that stands open, the kiosk behind it, and what went wrong on the way."""

    page: Page
    kiosk: World
    server: WebServer
    faults: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)
    """Parts of faults that a test brings about: Chromium notes every answer of 400 and more."""

    def open(self, path: str = "/station/dock-1") -> None:
        self.page.goto(f"http://127.0.0.1:{self.server.port}{path}")
        expect(self.page.locator("[data-clock]")).not_to_be_empty()

    def wait_for_revision(self) -> None:
        """Wait until the page shows what the station shows."""
        self.page.locator(f'.screen[data-revision="{self.kiosk.station.view_now.revision}"]').wait_for()

    def wait_until(self, is_so: Callable[[], bool], limit_s: float = 10) -> None:
        """Wait until the kiosk behind the page has come to a state that the page does not show."""
        end_s = time.monotonic() + limit_s
        while not is_so():
            assert time.monotonic() < end_s, "the kiosk did not come to this state"
            self.page.wait_for_timeout(20)

    def picture(self, name: str) -> None:
        pictures.take(self.page, name)


OpenScreen = Callable[..., Screen]
Size = Literal["kiosk", "laptop", "desk", "phone"]


@contextmanager
def open_screens() -> Iterator[OpenScreen]:
    """Give a function that opens a station's page; at the end nothing may have gone wrong on it."""
    opened: list[Screen] = []

    def start(  # noqa: PLR0913 - each is one thing that a test may want otherwise
        browser: Browser,
        size: Size = "kiosk",
        *,
        is_demo: bool = False,
        has_sign_in: bool = False,
        site: Path | None = None,
        is_touch: bool = False,
        window: ViewportSize | None = None,
        book: Callable[[str], Language] | None = None,
    ) -> Screen:
        kiosk = world(is_demo=is_demo, heartbeat_s=0.5, has_sign_in=has_sign_in, site=site)
        server = serve(create_app(kiosk.rooms, book=book), "127.0.0.1", 0)
        page = browser.new_page(
            viewport=window or SIZES[size], screen=SIZES[size], reduced_motion="reduce", has_touch=is_touch
        )
        page.add_init_script(KEY_TIMES)
        screen = Screen(page, kiosk, server)
        page.on("console", lambda message: screen.faults.append(message.text))
        page.on("pageerror", lambda error: screen.faults.append(str(error)))
        opened.append(screen)
        screen.open()
        return screen

    yield start
    for screen in opened:
        screen.page.close()
        screen.server.stop()
    faults = [
        fault
        for screen in opened
        for fault in screen.faults
        if not any(part in fault for part in screen.expected)
    ]
    assert faults == []


@pytest.fixture
def open_screen(browser: Browser) -> Iterator[OpenScreen]:
    with open_screens() as start:
        yield partial(start, browser)
