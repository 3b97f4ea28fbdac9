"""The PIN on the page: by touch and by keys, whatever else goes on."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenScreen, Screen
from tests.web.played import MORE_PLAYED
from tests.web.samples import SAMPLES

pytestmark = pytest.mark.browser
SLOWLY_MS = 120
"""A person; what types faster is a scanner."""


def asked(screen: Screen, who: str = "operator/1") -> None:
    screen.kiosk.station.show("home/pin", {**SAMPLES["home/pin"], "who": who})
    expect(screen.page.locator("#pin")).to_be_visible()


def test_by_touch(open_screen: OpenScreen) -> None:
    screen = open_screen("kiosk")
    page = screen.page
    asked(screen)
    screen.picture("pin-asked")
    for digit in "2718289":
        page.locator("#pin").get_by_role("button", name=digit, exact=True).click()
    page.locator("#pin [data-erase]").click()
    screen.picture("pin-typed")
    # Lamps and news draw the screen anew meanwhile; no digit is lost.
    screen.kiosk.station.alter(waiting=3)
    screen.wait_for_revision()
    page.locator("#pin").get_by_role("button", name="OK").click()
    expect(page.locator(".screen")).to_have_attribute("data-screen", "run/run")
    expect(page.locator("#pin")).to_be_hidden()
    assert screen.kiosk.people.given == [("dock-1", "operator/1", "271828")]


def test_by_keys_and_a_wrong_one_first(open_screen: OpenScreen) -> None:
    screen = open_screen("kiosk")
    page = screen.page
    asked(screen)
    screen.kiosk.people.wait_s = 30
    page.keyboard.type("111222", delay=SLOWLY_MS)
    page.keyboard.press("Enter")
    expect(page.locator("#pin .answer")).to_contain_text("Wrong PIN.")
    expect(page.locator("#pin-value")).to_have_value("")
    screen.picture("pin-wrong")
    page.keyboard.type("2718289", delay=SLOWLY_MS)
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    expect(page.locator(".screen")).to_have_attribute("data-screen", "run/run")
    assert [pin for _, _, pin in screen.kiosk.people.given] == ["111222", "271828"]


def test_a_scanner_that_types_is_no_pin(open_screen: OpenScreen) -> None:
    """Another person's badge, from a scanner that is a keyboard: a scan as on every other screen."""
    screen = open_screen("kiosk")
    page = screen.page
    asked(screen)
    page.keyboard.type("27", delay=SLOWLY_MS)
    page.wait_for_timeout(200)
    page.keyboard.type("ION/RUN/77", delay=2)
    page.keyboard.press("Enter")
    expect(page.locator(".screen")).to_have_attribute("data-screen", "run/run")
    assert [data for data, *_ in screen.kiosk.station.scans] == [b"ION/RUN/77"]
    assert screen.kiosk.people.given == []


def test_another_person_begins_anew(open_screen: OpenScreen) -> None:
    screen = open_screen("kiosk")
    page = screen.page
    asked(screen)
    page.keyboard.type("2718", delay=SLOWLY_MS)
    expect(page.locator("#pin-value")).to_have_value("2718")
    asked(screen, "operator/2")
    expect(page.locator("#pin-value")).to_have_value("")
    page.keyboard.type("271828", delay=SLOWLY_MS)
    page.keyboard.press("Enter")
    expect(page.locator("#pin")).to_be_hidden()
    assert screen.kiosk.people.given == [("dock-1", "operator/2", "271828")]


def test_the_page_shows_no_digit(open_screen: OpenScreen) -> None:
    screen = open_screen("kiosk")
    page = screen.page
    asked(screen)
    page.keyboard.type("271828", delay=SLOWLY_MS)
    expect(page.locator("#pin-value")).to_have_attribute("type", "password")
    assert "271828" not in page.content()
    assert "271828" not in page.evaluate("document.body.innerText")
    assert "271828" not in page.url


@pytest.mark.parametrize("size", ["kiosk", "laptop", "phone"])
def test_how_they_look(open_screen: OpenScreen, size: str) -> None:
    screen = open_screen(size)
    asked(screen)
    screen.picture(f"pin-{size}")
    screen.kiosk.station.show("home/who", SAMPLES["home/who"])
    expect(screen.page.locator("#pin")).to_be_hidden()
    screen.picture(f"who-{size}")
    screen.kiosk.station.show("home/pin", MORE_PLAYED["home/pin-none"][1])
    screen.wait_for_revision()
    expect(screen.page.locator("#pin")).to_be_hidden()
    screen.picture(f"pin-none-{size}")
