"""Light and sounds, as they are chosen at the touchscreen and kept for the station."""

import pytest
from playwright.sync_api import expect

from kiosk.model import Level, Message
from tests.browser.conftest import OpenScreen, Screen

pytestmark = pytest.mark.browser
HEARD = """
window.gains = [];
const ramp = AudioParam.prototype.linearRampToValueAtTime;
AudioParam.prototype.linearRampToValueAtTime = function (value, at) {
  if (value > 0) window.gains.push(value);
  return ramp.call(this, value, at);
};
"""


def choose(screen: Screen, *names: str) -> None:
    screen.page.locator(".tab.labels").click()
    screen.page.locator(".jobs [data-opens=ambience]").click()
    for name in names:
        # Another page is as was chosen only once the kiosk keeps it.
        with screen.page.expect_response("**/ambience"):
            screen.page.locator("#ambience").get_by_role("button", name=name).click()
        expect(screen.page.locator("#ambience").get_by_role("button", name=name)).to_have_attribute(
            "aria-pressed", "true"
        )
    screen.page.locator("#ambience [data-closes]").click()


def test_a_choice_turns_the_page_at_once_and_is_kept(open_screen: OpenScreen) -> None:
    screen = open_screen()
    page, root = screen.page, screen.page.locator("html")
    page.add_init_script(HEARD)
    screen.open()
    expect(root).to_have_attribute("data-theme", "light")
    page.emulate_media(color_scheme="dark")
    expect(root).to_have_attribute("data-theme", "dark")
    choose(screen, "Bright", "High")
    expect(root).to_have_attribute("data-theme", "light")
    screen.open()
    expect(root).to_have_attribute("data-theme", "light")
    expect(root).to_have_attribute("data-volume", "high")
    choose(screen, "Dim")
    page.goto(page.url.replace("/station/dock-1", "/printers"))
    expect(root).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(25, 24, 21)"


def test_the_volume_is_heard_and_off_leaves_the_flash(open_screen: OpenScreen) -> None:
    screen = open_screen()
    page, station = screen.page, screen.kiosk.station
    page.add_init_script(HEARD)
    screen.open()
    choose(screen, "Low", "High")
    assert page.evaluate("window.gains") == pytest.approx([0.05, 0.05, 0.7, 0.7])
    choose(screen, "Off")
    station.alter(message=Message(Level.STOP, "Not on this order."))
    expect(page.locator("#frame")).to_have_class("flash")
    assert len(page.evaluate("window.gains")) == 4
