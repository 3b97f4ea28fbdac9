import pytest
from playwright.sync_api import expect

from kiosk.model import Level, Message
from kiosk.ports import Choice
from tests.browser.conftest import OpenScreen, Size
from tests.fakes.parked import piece

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", ["kiosk", "laptop", "phone"])
def test_what_stopped_is_looked_at_and_decided(open_screen: OpenScreen, size: Size) -> None:
    screen = open_screen(size)
    page = screen.page
    parked = screen.kiosk.parked
    parked.pieces = [piece(), piece("o2", is_refused=True, why="Lot is required.", held=1)]
    parked.found = Message(Level.ASK, "ION does not show it: it is not done there.")
    screen.kiosk.station.alter(parked=2)
    page.locator("a.lamp.stop").click()
    page.wait_for_load_state()
    first = page.locator(".piece").first
    first.get_by_role("button", name="Look in ION").click()
    expect(first.locator(".told")).to_contain_text("not done there")
    screen.picture(f"{size}-parked")
    first.locator("summary", has_text="Give up").click()
    screen.picture(f"{size}-parked-why")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    small = page.evaluate(
        "[...document.querySelectorAll('.button')].filter(a => a.offsetParent"
        " && a.getBoundingClientRect().height < 64).length"
    )
    assert (wide, small) == (0, 0)
    first.get_by_role("button", name="Counted twice").click()
    expect(page.locator(".piece")).to_have_count(1)
    assert parked.decisions == [("o1", Choice.GIVE_UP, "Counted twice")]
    page.locator("summary", has_text="Done by hand").click()
    page.locator(".reasoned[open] input[type=text]").fill("Typed into ION by Jo")
    page.locator(".reasoned[open] .button", has_text="Done by hand").last.click()
    expect(page.locator(".parked")).to_contain_text("Nothing waits for a person.")
    assert parked.decisions[1:] == [("o2", Choice.BY_HAND, "Typed into ION by Jo")]
    page.locator(".heading .button").first.click()
    expect(page.locator(".screen")).to_be_visible()


def test_what_was_signed_asks_who_decides(open_screen: OpenScreen) -> None:
    screen = open_screen("kiosk")
    page = screen.page
    screen.kiosk.parked.pieces = [piece(is_guarded=True)]
    page.goto(f"http://127.0.0.1:{screen.server.port}/parked?station=dock-1")
    page.locator("[name=badge]").fill("1042")
    page.locator("[name=pin]").fill("000001")
    screen.picture("parked-signing")
    page.locator("[name=pin]").press("Enter")
    expect(page.locator(".told.stop .sentence")).to_have_text("That badge and that PIN do not go together.")
    expect(page.locator("[name=badge]")).to_be_visible()
