"""The pages of who is signed in, in German, whose words are long: they fit, and everybody can use them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from kiosk.model import Role
from kiosk.web import create_app, serve
from tests.browser import pictures
from tests.browser.conftest import SIZES
from tests.browser.test_access import AXE, LIGHTS, RUN
from tests.browser.test_settings import SMALL, WIDE
from tests.operators.world import MIA_PIN
from tests.operators.world import Office as People
from tests.web.fakes import world
from tests.web.office_world import shift_of
from tests.web.test_settings import office_of

pytestmark = pytest.mark.browser
CUT_OFF = """() => [...document.querySelectorAll(".wide, .ends")]
  .filter((one) => one.scrollWidth > one.clientWidth)
  .map((one) => one.className)"""
BROKEN = """() => [...document.querySelectorAll(".ends span, .bar-of-office h2")]
  .filter((one) => one.offsetHeight > 40).map((one) => one.textContent)"""
"""What breaks into lines and has room for one."""


@pytest.fixture
def people(tmp_path: Path) -> Iterator[People]:
    people = People(tmp_path)
    people.come("T1", Role.TECHNICIAN)
    people.come("7")
    yield people
    people.journal.close()


@pytest.fixture
def page(browser: Browser, people: People) -> Iterator[Page]:
    rooms = replace(world().rooms, office=office_of(people), shift=shift_of(people))
    server = serve(create_app(rooms), "127.0.0.1", 0)
    page = browser.new_page(viewport=SIZES["kiosk"], reduced_motion="reduce", locale="de-DE")
    page.goto(f"http://127.0.0.1:{server.port}/shift")
    yield page
    page.close()
    server.stop()


def test_the_pages_of_who_is_signed_in_fit_every_screen(page: Page, people: People) -> None:
    page.locator("[name=badge]").fill("T1")
    page.locator("[name=pin]").fill(MIA_PIN.digits)
    page.locator("[name=pin]").press("Enter")
    expect(page.locator(".hours caption")).to_contain_text("Stunde für Stunde")
    found: dict[str, object] = {}
    for path in ("shift", "operators", "operators?again"):
        people.clock.passed_s += 150 if path.endswith("again") else 0  # another PIN is wanted for a change
        page.goto(page.url.rpartition("/")[0] + f"/{path}")
        page.evaluate(f"{AXE}; undefined")
        for size, viewport in SIZES.items():
            page.set_viewport_size(viewport)
            cut = page.evaluate(CUT_OFF) if size != "phone" else []
            found[f"{size}-{path}"] = (page.evaluate(WIDE), page.evaluate(SMALL), cut, page.evaluate(BROKEN))
            pictures.take(page, f"signed-in-{size}-{path.replace('?', '-')}", is_whole=True)
        for light, rules in LIGHTS.items():
            page.evaluate("(light) => { document.documentElement.dataset.light = light; }", light)
            assert page.evaluate(RUN, rules) == []
    assert {name: one for name, one in found.items() if one != (0, [], [], [])} == {}
