"""The PIN on the page: by touch and by keys, whatever else goes on."""

import itertools

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenScreen, Screen
from tests.browser.test_wedge import types
from tests.web.played import MORE_PLAYED
from tests.web.samples import SAMPLES

pytestmark = pytest.mark.browser
SLOWLY_MS = 120
"""A person; what types faster is a scanner."""
SILENCE_MS = 200
"""After it the keys of a scanner begin a new scan."""


def asked(screen: Screen, who: str = "operator/1") -> None:
    screen.kiosk.station.show("home/pin", {**SAMPLES["home/pin"], "who": who})
    expect(screen.page.locator("#pin")).to_be_visible()


def enters(screen: Screen, digits: str) -> None:
    """Type digits as a person does, until the page has them all."""
    screen.page.keyboard.type(digits, delay=SLOWLY_MS)
    expect(screen.page.locator("#pin-value")).to_have_value(digits)


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
    enters(screen, "111222")
    page.keyboard.press("Enter")
    expect(page.locator("#pin .answer")).to_contain_text("Wrong PIN.")
    expect(page.locator("#pin-value")).to_have_value("")
    screen.picture("pin-wrong")
    enters(screen, "2718289")
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    expect(page.locator(".screen")).to_have_attribute("data-screen", "run/run")
    assert [pin for _, _, pin in screen.kiosk.people.given] == ["111222", "271828"]


def test_a_scanner_that_types_is_no_pin(open_screen: OpenScreen) -> None:
    """Another person's badge, from a scanner that is a keyboard: a scan as on every other screen."""
    screen = open_screen("kiosk")
    page = screen.page
    people = (f"operator/{number}" for number in itertools.count(1))

    def begins() -> None:
        # Another person begins with an empty field; keys of a slow machine may have been a PIN before.
        asked(screen, next(people))
        expect(page.locator("#pin-value")).to_have_value("")
        screen.kiosk.people.given.clear()
        enters(screen, "27")
        page.wait_for_timeout(SILENCE_MS)

    types(screen, "ION/RUN/77", before=begins)
    expect(page.locator(".screen")).to_have_attribute("data-screen", "run/run")
    assert [data for data, *_ in screen.kiosk.station.scans] == [b"ION/RUN/77"]
    assert screen.kiosk.people.given == []


def test_another_person_begins_anew(open_screen: OpenScreen) -> None:
    screen = open_screen("kiosk")
    page = screen.page
    asked(screen)
    enters(screen, "2718")
    asked(screen, "operator/2")
    expect(page.locator("#pin-value")).to_have_value("")
    enters(screen, "271828")
    page.keyboard.press("Enter")
    expect(page.locator("#pin")).to_be_hidden()
    assert screen.kiosk.people.given == [("dock-1", "operator/2", "271828")]


def test_the_page_shows_no_digit(open_screen: OpenScreen) -> None:
    screen = open_screen("kiosk")
    page = screen.page
    asked(screen)
    enters(screen, "271828")
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
