"""A finger on a touchscreen: answered at once, and with none of a browser's own gestures."""

from collections.abc import Sequence

import pytest
from playwright.sync_api import CDPSession, expect

from tests.browser.conftest import OpenScreen, Screen
from tests.web.samples import LINE_STATE

pytestmark = pytest.mark.browser
MENU = "new PointerEvent('contextmenu', { pointerType: 'touch', bubbles: true, cancelable: true })"
DROPPED = """() => ["dragover", "drop"].map((kind) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File(["ION/RUN/77"], "run.html", { type: "text/html" }));
  const drop = new DragEvent(kind, { dataTransfer, bubbles: true, cancelable: true });
  return document.querySelector("h1").dispatchEvent(drop);
})"""
"""Whether the browser would take a file that is let fall on the page, and show it in its place."""
WATCHED = """
window.menus = [];
window.addEventListener("contextmenu", (event) => window.menus.push(event.defaultPrevented));
"""


class Hand:
    """Some fingers on the screen, each at its place."""

    def __init__(self, screen: Screen) -> None:
        self.page = screen.page
        self.session: CDPSession = self.page.context.new_cdp_session(self.page)

    def touch(self, *places: tuple[float, float]) -> None:
        self._send("touchStart", places)

    def move(self, *places: tuple[float, float]) -> None:
        self._send("touchMove", places)

    def lift(self) -> None:
        self._send("touchEnd", ())

    def middle(self, selector: str) -> tuple[float, float]:
        x, y = self.page.evaluate(
            "(selector) => { const box = document.querySelector(selector).getBoundingClientRect();"
            " return [box.x + box.width / 2, box.y + box.height / 2]; }",
            selector,
        )
        return x, y

    def _send(self, kind: str, places: Sequence[tuple[float, float]]) -> None:
        points = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(places)]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def touched(open_screen: OpenScreen) -> tuple[Screen, Hand]:
    screen = open_screen(is_demo=True, is_touch=True)
    screen.page.add_init_script(WATCHED)
    screen.open()
    return screen, Hand(screen)


def test_a_press_is_answered_at_once_and_a_long_one_shows_the_barcode(open_screen: OpenScreen) -> None:
    screen, hand = touched(open_screen)
    page = screen.page
    button = '[data-command="ION/CMD/FLOW/receive"]'
    hand.touch(hand.middle(button))
    assert page.locator(f"{button}.pressed").count() == 1
    expect(page.locator("#command")).to_be_visible()
    hand.lift()
    expect(page.locator("#command p")).to_have_text("ION/CMD/FLOW/receive")
    expect(page.locator(".pressed")).to_have_count(0)
    assert screen.kiosk.station.presses == []
    assert page.evaluate("String(getSelection())") == ""
    assert all(page.evaluate("window.menus"))
    page.locator("#command [data-closes]").tap()
    page.locator(button).tap()
    expect(page.locator(".message")).to_contain_text("Flow done.")


def test_nothing_is_pinched_dragged_or_selected(open_screen: OpenScreen) -> None:
    screen, hand = touched(open_screen)
    page = screen.page
    screen.kiosk.station.show("receive/line", LINE_STATE)
    screen.wait_for_revision()
    x, y = hand.middle("h1")
    hand.touch((x - 20, y), (x + 20, y))
    for step in range(1, 9):
        hand.move((x - 20 - step * 10, y), (x + 20 + step * 10, y))
    hand.lift()
    assert page.evaluate("visualViewport.scale") == 1
    hand.touch((x, y))
    hand.move((x + 80, y + 40))
    hand.lift()
    page.evaluate(
        "for (const part of document.querySelectorAll('h1, .fact dd, .message'))"
        " getSelection().selectAllChildren(part)"
    )
    assert page.evaluate("String(getSelection())") == ""
    assert page.evaluate(f"document.querySelector('h1').dispatchEvent({MENU})") is False
    drag = "new DragEvent('dragstart', { bubbles: true, cancelable: true })"
    assert page.evaluate(f"document.querySelector('h1').dispatchEvent({drag})") is False
    assert page.evaluate("[document.documentElement.scrollTop, document.body.scrollTop]") == [0, 0]


def test_no_menu_and_no_file_takes_the_page_s_place(open_screen: OpenScreen) -> None:
    screen, _ = touched(open_screen)
    for path in ("/station/dock-1", "/scanners"):
        screen.page.goto(f"http://127.0.0.1:{screen.server.port}{path}")
        screen.page.wait_for_load_state()
        assert screen.page.evaluate(DROPPED) == [False, False]
        assert screen.page.evaluate(f"document.querySelector('h1').dispatchEvent({MENU})") is False
