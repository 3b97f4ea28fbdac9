"""Keys on the screen, where there is no other keyboard."""

import pytest
from playwright.sync_api import Locator, expect

from kiosk.ports import Choice
from tests.browser.conftest import OpenScreen, Screen
from tests.browser.test_printers import is_fitting, stock
from tests.fakes.label_service import found_valve
from tests.fakes.parked import piece
from tests.web.samples import LINE_STATE

pytestmark = pytest.mark.browser
NO_SYSTEM_KEYBOARD = """[...document.querySelectorAll("input:not([type=hidden], [type=file]), textarea")]
  .filter((field) => field.inputMode !== "none" && !field.readOnly).map((field) => field.id)"""


def taps(board: Locator, text: str) -> None:
    """Tap each character, after as many taps on the key of the layers as it is away."""
    for character in text:
        key = board.locator(f'[data-key="{character}"]')
        for _ in range(2):
            if not key.count():
                board.locator("[data-layers]").tap()
        key.tap()


def turned_to(screen: Screen, path: str) -> Screen:
    """Turn to another page."""
    screen.page.goto(f"http://127.0.0.1:{screen.server.port}{path}?station=dock-1")
    screen.page.wait_for_load_state()
    return screen


def test_capitals_small_letters_and_signs(open_screen: OpenScreen) -> None:
    screen = open_screen(is_touch=True)
    page, board = screen.page, screen.page.locator("#keyboard")
    page.locator(".rail [data-opens=keyboard]").tap()
    taps(board, "LOT-7/a_B. #(Ä")
    expect(page.locator("#keyboard-value")).to_have_value("LOT-7/a_B. #(Ä")
    screen.picture("keyboard-signs")
    board.locator("[data-erase]").tap()
    page.keyboard.press("Enter")
    expect(page.locator(".scanned")).to_have_text("LOT-7/a_B. #(")
    page.locator(".rail [data-opens=keyboard]").tap()
    expect(board.locator("[data-key=Q]")).to_be_visible()


def test_a_point_only_where_a_number_may_have_one(open_screen: OpenScreen) -> None:
    screen = open_screen(is_touch=True)
    page = screen.page
    screen.kiosk.station.show("receive/line", LINE_STATE)
    page.locator('[data-verb="QUANTITY"]').tap()
    taps(page.locator("#keypad"), "2.5")
    page.locator("#keypad .ok").tap()
    expect(page.locator('[data-verb="QUANTITY"] .value')).to_have_text("2.5")
    assert page.evaluate(NO_SYSTEM_KEYBOARD) == []
    assert page.locator('[data-kind="digits"]').count() == 0


def test_a_search_is_typed_and_sent(open_screen: OpenScreen) -> None:
    screen = open_screen(is_touch=True)
    screen.kiosk.service.found = found_valve()
    page, keys = turned_to(screen, "/print").page, screen.page.locator("#keys")
    page.locator("#q").tap()
    taps(keys, "VLV-1")
    screen.picture("print-keys")
    keys.locator("[data-ok]").tap()
    expect(keys).to_be_hidden()
    expect(page.locator(".things .button").first).to_be_visible()
    expect(page.locator("#q")).to_have_value("VLV-1")
    page.locator(".things .button").first.tap()
    page.locator("[name=copies]").tap()
    expect(keys.locator("[data-key=Q]")).to_be_disabled()
    taps(keys, "12")
    keys.locator("[data-ok]").tap()
    expect(page.locator("[name=copies]")).to_have_value("12")


def test_reasons_are_typed(open_screen: OpenScreen) -> None:
    screen = open_screen(is_touch=True)
    stock(screen)
    screen.kiosk.parked.pieces = [piece()]
    page, keys = turned_to(screen, "/parked").page, screen.page.locator("#keys")
    page.locator("summary", has_text="Done by hand").tap()
    page.locator(".reasoned[open] input[type=text]").tap()
    taps(keys, "By Jo")
    keys.locator("[data-ok]").tap()
    page.locator(".reasoned[open] .button", has_text="Done by hand").last.tap()
    expect(page.locator(".parked")).to_contain_text("Nothing waits for a person.")
    assert screen.kiosk.parked.decisions == [("o1", Choice.BY_HAND, "By Jo")]
    turned_to(screen, "/printers")
    page.locator(".queue .button", has_text="Void").first.tap()
    page.locator("#note").tap()
    taps(keys, "torn")
    screen.picture("printers-keys")
    assert is_fitting(screen) == [0, []]
    page.keyboard.press("Enter")
    expect(page.locator("#note")).to_have_value("torn")


@pytest.mark.parametrize(("width", "height"), [(390, 844), (844, 390)])
def test_a_phone_types_with_its_own_keys_however_it_is_turned(
    open_screen: OpenScreen, width: int, height: int
) -> None:
    screen = open_screen(is_touch=True)
    screen.kiosk.parked.pieces = [piece()]
    page = turned_to(screen, "/parked").page
    page.set_viewport_size({"width": width, "height": height})
    page.locator("summary", has_text="Done by hand").tap()
    field = page.locator(".reasoned[open] input[type=text]")
    field.tap()
    page.keyboard.type("By Jo")
    expect(field).to_have_value("By Jo")
    expect(page.locator("#keys")).to_be_hidden()


def test_a_touchscreen_has_its_keys_though_the_browser_has_not_the_whole_height(
    open_screen: OpenScreen,
) -> None:
    screen = open_screen(is_touch=True, window={"width": 800, "height": 380})
    screen.kiosk.parked.pieces = [piece()]
    page = screen.page
    page.locator(".rail [data-opens=keyboard]").tap()
    screen.picture("keyboard-low")
    taps(page.locator("#keyboard"), "LOT-7")
    expect(page.locator("#keyboard-value")).to_have_value("LOT-7")
    assert page.evaluate(NO_SYSTEM_KEYBOARD) == []
    turned_to(screen, "/parked")
    page.locator("summary", has_text="Done by hand").tap()
    page.locator(".reasoned[open] input[type=text]").tap()
    taps(page.locator("#keys"), "By Jo")
    screen.picture("keys-low")
    page.locator("#keys [data-ok]").tap()
    expect(page.locator(".reasoned[open] input[type=text]")).to_have_value("By Jo")
