"""Barcodes made to do harm, drawn by a real browser: they are text there, and nothing else."""

import pytest
from playwright.sync_api import Browser, Request

from kiosk.barcodes import decoded, read
from kiosk.flows.flow import Scanned
from kiosk.visible import visible
from tests.browser.conftest import OpenScreen, Screen
from tests.flows.floor import BOLT, Floor, at_line
from tests.hostile.strings import HARM
from tests.web.samples import SAMPLES

pytestmark = pytest.mark.browser


def watched(screen: Screen) -> list[str]:
    """Return a list that grows with every dialog, and every request that goes elsewhere."""
    seen: list[str] = []
    own = f"http://127.0.0.1:{screen.server.port}/"

    def look_at(request: Request) -> None:
        if not request.url.startswith(own):
            seen.append(request.url)

    screen.page.on("request", look_at)
    screen.page.on("dialog", lambda dialog: seen.append(dialog.message))
    return seen


def shows(screen: Screen, floor: Floor) -> str:
    """Let the station show what a floor stands on; return the text that the browser draws of it."""
    screen.kiosk.station.show(floor.screen, floor.state, floor.session.message)
    screen.wait_for_revision()
    return str(screen.page.locator("#frame").evaluate("frame => frame.textContent"))


def bare(text: str) -> str:
    return "".join(text.split())


def test_no_barcode_does_anything_on_the_page(open_screen: OpenScreen) -> None:
    screen = open_screen()
    seen = watched(screen)
    for raw in HARM:
        for text in (raw, b"LOT " + raw, b"[)>\x1e06\x1dKPO-7\x1dPBOLT-1\x1d1T" + raw + b"\x1e\x04"):
            readings = read(text)
            for floor in (Floor(), at_line(BOLT)):
                floor.happens(Scanned(readings))
                drawn = shows(screen, floor)
                if floor.screen == "home/unknown":
                    assert bare(readings.shown) in bare(drawn)
    assert screen.page.evaluate("window.obeyed") is None
    assert (
        screen.page.locator("#frame script, #frame iframe, #frame style, #frame a[href^=javascript]").count()
        == 0
    )
    assert (seen, screen.kiosk.station.presses, screen.kiosk.station.scans) == ([], [], [])


def test_no_text_of_ion_does_anything_on_the_page(open_screen: OpenScreen) -> None:
    screen = open_screen()
    seen = watched(screen)
    sample = SAMPLES["home/choose"]
    for raw in HARM:
        text = decoded(raw)
        option = {"key": text, "title": text, "detail": text, "kind": "part"}
        screen.kiosk.station.show("home/choose", {**sample, "text": text, "options": [option]})
        screen.wait_for_revision()
        drawn = str(screen.page.locator("#frame").evaluate("frame => frame.textContent"))
        assert bare(drawn).count(bare(visible(text))) >= 3
    assert screen.page.evaluate("window.obeyed") is None
    assert (seen, screen.kiosk.station.presses, screen.kiosk.station.scans) == ([], [], [])


def test_a_page_that_does_not_escape_would_obey(browser: Browser) -> None:
    page = browser.new_page()
    obeyed = []
    for raw in (each for each in HARM if b"obeyed" in each):
        page.goto("about:blank")
        page.set_content(f"<main>{decoded(raw)}</main>", wait_until="commit")
        # A picture that does not come says so in the turn in which it is given up.
        page.wait_for_function("[...document.images].every((image) => image.complete)")
        obeyed.append(page.evaluate("window.obeyed"))
    page.close()
    assert {"script", "img"} <= set(obeyed)
