"""Lists that draw themselves anew: what says the same stays, and the focus; nothing is read out twice."""

from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from kiosk.model import Binding, DeviceState, Level, Message
from kiosk.ports import LearnView
from kiosk.web import PRINTERS
from tests.browser.conftest import OpenScreen
from tests.browser.spoken import SPOKEN
from tests.browser.test_printers import stock
from tests.web.fakes import NOW, FakeScanner

pytestmark = pytest.mark.browser
ADDED = Binding("new-gun", "dock-1", "keyboard", "0c2e:0b61:17180B4B2A", "Honeywell 1950g (0c2e:0b61)", NOW)


TOUCHED = """() => {
  window.touched = 0;
  new MutationObserver((changes) => { window.touched += changes.length; })
    .observe(document.querySelector(".top"), { childList: true, subtree: true, characterData: true });
}"""


def tab_to(page: Page, selector: str) -> None:
    """Go to something by keys, and mark it."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            break
    expect(page.locator(selector)).to_be_focused()
    page.evaluate("document.activeElement.isTheVeryOne = true")


def is_the_very_one(page: Page) -> bool:
    return page.evaluate("document.activeElement.isTheVeryOne") is True


def test_scanners(open_screen: OpenScreen) -> None:
    screen = open_screen("desk", is_demo=True)
    page, learning = screen.page, screen.kiosk.learning
    gun, added = FakeScanner(), FakeScanner("new-gun", "keyboard", ADDED.port, binding=ADDED)
    screen.kiosk.scanners += [gun, added]
    page.goto(f"http://127.0.0.1:{screen.server.port}/scanners?station=dock-1")
    page.wait_for_load_state()
    page.evaluate(SPOKEN)
    tab_to(page, "#forget-new-gun")
    gun.sends(b"PO-10007")
    expect(page.locator('[id="scanner@dock-gun"] .bytes')).to_contain_text("P")
    assert is_the_very_one(page)
    added.lamp = DeviceState("new-gun", is_ready=False, text="unplugged: put the plug back")
    expect(page.locator(".scanner").first).to_contain_text("unplugged")
    expect(page.locator("#forget-new-gun")).to_be_focused()
    assert page.evaluate("window.spoken") == []
    learning.shown = LearnView("dock-1", "ION/CMD/LEARN/AZ@7QM", 97, (), Message(Level.ASK, "Scan it again."))
    page.goto(f"http://127.0.0.1:{screen.server.port}/scanners?station=dock-1")
    page.wait_for_load_state()
    page.evaluate(SPOKEN)
    learning.shown = replace(learning.shown, seconds_left=95)
    expect(page.locator(".left")).to_contain_text("95")
    assert page.evaluate("window.spoken") == []
    learning.shown = replace(learning.shown, message=Message(Level.GOOD, "It scans now."))
    expect(page.locator(".told")).to_contain_text("It scans now.")
    assert "Good It scans now." in page.evaluate("window.spoken")


def test_printers(open_screen: OpenScreen) -> None:
    screen = open_screen("desk")
    page, prints = screen.page, screen.kiosk.prints
    stock(screen)
    page.goto(f"http://127.0.0.1:{screen.server.port}/printers?station=dock-1")
    page.wait_for_load_state()
    page.evaluate(SPOKEN)
    busy, idle = prints.views
    first, *others = busy.batches
    cancel = '[id="cancel-{}@{}"]'.format
    tab_to(page, cancel(others[0].batch.id, busy.printer.name))

    def shown(**changes: object) -> None:
        prints.views = (replace(busy, **changes), idle)  # type: ignore[arg-type]  # each a field of a view
        screen.kiosk.rooms.changes.publish(PRINTERS)

    shown(batches=tuple(others))
    expect(page.locator(cancel(first.batch.id, busy.printer.name))).to_have_count(0)
    assert is_the_very_one(page)
    # What had the focus is gone: the next in its place has it, for who uses keys.
    shown(batches=tuple(others[1:]))
    expect(page.locator(".queue").first.locator("button:focus")).to_have_count(1)
    tab_to(page, f"#hold-{busy.printer.name}")
    shown(is_held=True)
    expect(page.locator(f"#release-{busy.printer.name}")).to_be_focused()
    assert page.evaluate("window.spoken") == []
    # A finger leaves no button behind that a scanner's Enter presses.
    page.locator(".heading h1").click()
    shown(is_held=False)
    expect(page.locator(f"#hold-{busy.printer.name}")).to_be_visible()
    expect(page.locator("body")).to_be_focused()


def test_a_station_s_lamps_are_not_read_out_and_its_bar_stays(open_screen: OpenScreen) -> None:
    screen = open_screen()
    screen.page.clock.set_fixed_time(NOW)
    screen.open()
    screen.page.evaluate(SPOKEN)
    screen.page.evaluate(TOUCHED)
    screen.kiosk.station.alter(message=Message(Level.GOOD, "Received."))
    screen.wait_for_revision()
    assert screen.page.evaluate("window.touched") == 0
    screen.kiosk.station.alter(waiting=3)
    screen.wait_for_revision()
    assert set(screen.page.evaluate("window.spoken")) == {"Good: Received."}
