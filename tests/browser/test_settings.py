"""The page of settings in Chromium: fits every size, can be used by everybody, and no value does anything."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from kiosk.model import Role
from kiosk.settings_desk import SettingsDesk
from kiosk.web import create_app, serve
from tests.browser import pictures
from tests.browser.conftest import SIZES
from tests.browser.test_access import AXE, LIGHTS, RUN
from tests.operators.world import MIA_PIN
from tests.operators.world import Office as People
from tests.web.fakes import world
from tests.web.test_settings import hostile_settings, office_of

pytestmark = pytest.mark.browser
SMALL = """() => [...document.querySelectorAll("button, a, input:not([type=hidden])")]
  .map((one) => [one.textContent.trim(), one.getBoundingClientRect()])
  .filter(([, box]) => box.width > 0 && (box.width < 63.5 || box.height < 63.5))
  .map(([name, box]) => `${name}: ${box.width} x ${box.height}`)"""
WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    people = People(tmp_path)
    people.come("T1", Role.TECHNICIAN)
    rooms = replace(world().rooms, office=office_of(people), settings=SettingsDesk(hostile_settings(), None))
    server = serve(create_app(rooms), "127.0.0.1", 0)
    page = browser.new_page(viewport=SIZES["kiosk"], reduced_motion="reduce")
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("dialog", lambda dialog: faults.append(dialog.message))
    page.goto(f"http://127.0.0.1:{server.port}/scanners?station=dock-1")
    yield page
    page.close()
    server.stop()
    people.journal.close()
    assert faults == []


def test_a_technician_reads_the_settings_on_every_screen(page: Page) -> None:
    page.locator(".to-places").click()
    page.locator("#places").get_by_role("link", name="Settings").click()
    page.wait_for_url("**/settings?*")
    page.locator("[name=badge]").fill("T1")
    page.locator("[name=badge]").press("Enter")
    expect(page.locator("[name=pin]")).to_be_focused()
    page.locator("[name=pin]").fill(MIA_PIN.digits)
    page.locator("[name=pin]").press("Enter")
    expect(page.locator("#settings caption").first).to_contain_text("[ion]")
    page.evaluate(f"{AXE}; undefined")
    found: dict[str, object] = {}
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        found[size] = (page.evaluate(WIDE), page.evaluate(SMALL))
        pictures.take(page, f"{size}-settings")
        pictures.take(page, f"{size}-settings-whole", is_whole=True)
    assert found == dict.fromkeys(SIZES, (0, []))
    for light, rules in LIGHTS.items():
        page.evaluate("(light) => { document.documentElement.dataset.light = light; }", light)
        assert page.evaluate(RUN, rules) == []
        pictures.take(page, f"settings-{light}")
    assert MIA_PIN.digits not in page.content()
