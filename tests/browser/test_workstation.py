import re
from typing import get_args

import pytest
from playwright.sync_api import expect

from kiosk.model import DeviceState, JobState, Tally
from kiosk.ports import Labelled, Search
from tests.browser import pictures
from tests.browser.conftest import OpenScreen, Screen, Size
from tests.browser.spoken import SPOKEN
from tests.browser.test_wedge import types
from tests.fakes.label_service import found_valve
from tests.web.print_samples import batch, queue

pytestmark = pytest.mark.browser
MANY = Search(
    (
        *found_valve().found,
        *(
            Labelled(f"ION/PI/{n}", "Stock", f"SN-{n:06}", "VLV-0001 · 1 · on hand · Shelf 12", ("part",))
            for n in range(174, 190)
        ),
        Labelled("ION/RUN/77", "Run", "Hydraulic manifold bracket, left", "BRKT-1042-07", ("run",)),
    )
)


def at_print(open_screen: OpenScreen, size: Size = "laptop", found: Search | None = None) -> Screen:
    screen = open_screen(size)
    off = DeviceState("spare-zebra", is_ready=False, text="Load labels.")
    screen.kiosk.prints.views = (queue(), queue(printer=off, in_flight=None, batches=()))
    screen.kiosk.service.found = found or MANY
    screen.page.goto(f"http://127.0.0.1:{screen.server.port}/print")
    expect(screen.page.locator("#q")).to_be_focused()
    return screen


def is_fitting(screen: Screen) -> list[object]:
    wide = screen.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    small = screen.page.evaluate(
        "[...document.querySelectorAll('.button, input:not([type=hidden]), select')]"
        ".filter(b => b.offsetParent && b.getBoundingClientRect().height < 63.5)"
        ".map(b => b.textContent.trim() || b.name)"
    )
    return [wide, small]


@pytest.mark.parametrize("size", get_args(Size))
def test_it_fits(open_screen: OpenScreen, size: Size) -> None:
    screen = at_print(open_screen, size)
    page = screen.page
    screen.picture(f"{size}-print-empty")
    page.fill("#q", "VLV")
    page.press("#q", "Enter")
    expect(page.locator(".things .button")).to_have_count(19)
    page.locator(".things .button").nth(1).click()
    expect(page.locator(".picture img")).to_be_visible()
    screen.picture(f"{size}-print-label")
    assert is_fitting(screen) == [0, []]
    if size == "kiosk":
        expect(page.locator("#print-it")).to_be_in_viewport(ratio=1)
    page.locator("#print-it").click()
    expect(page.locator(".outcome")).to_contain_text("On its way")
    pictures.take(page, f"{size}-print-done", is_whole=True)
    assert is_fitting(screen) == [0, []]


def test_by_keyboard_alone_and_live(open_screen: OpenScreen) -> None:
    screen = at_print(open_screen)
    page, keyboard = screen.page, screen.page.keyboard
    keyboard.type("vlv", delay=100)
    keyboard.press("Enter")
    expect(page.locator(".things .button")).to_have_count(19)
    for _ in range(3):
        keyboard.press("Tab")
    keyboard.press("Enter")
    expect(page.locator("#label h2")).to_have_text("SN-000173")
    page.locator("#which-label").focus()
    keyboard.press("Tab")
    keyboard.press("s")
    expect(page.locator("#label")).to_contain_text("spare-zebra: Load labels.")
    expect(page.locator("#which-printer")).to_be_focused()
    keyboard.press("Tab")
    keyboard.type("3", delay=100)
    keyboard.press("Tab")
    keyboard.press("Enter")
    outcome = page.locator(".outcome")
    expect(outcome).to_have_class("outcome wait")
    page.evaluate(SPOKEN)
    for _ in range(2):
        with page.expect_response("**/print/batches/*"):
            pass
    assert [text for text in page.evaluate("window.spoken") if "On its way" in text] == []
    (order,) = screen.kiosk.service.orders
    assert (order.wishes[0].printer, order.wishes[0].copies) == ("spare-zebra", 3)
    screen.kiosk.prints.batches["b100"] = batch(1, id="b100", tally=Tally({JobState.CONFIRMED: 3}))
    expect(outcome).to_have_class("outcome good")
    expect(outcome).to_contain_text("Printed")
    expect(page.locator("#print-it")).to_be_focused()
    keyboard.press("Enter")
    expect(outcome).to_have_class("outcome wait")
    assert len(screen.kiosk.service.orders) == 2, "another press is another print"


@pytest.mark.parametrize("where", ["#q", "#print-it", "#which-printer", "[name=copies]"])
def test_a_scan_is_a_search_wherever_the_focus_is(open_screen: OpenScreen, where: str) -> None:
    screen = at_print(open_screen)
    page = screen.page
    page.fill("#q", "VLV")
    page.press("#q", "Enter")
    page.locator(".things .button").nth(1).click()
    expect(page.locator("#print-it")).to_be_enabled()
    screen.kiosk.service.found = Search(found_valve().found[:1])
    types(screen, "ION/PART/7", before=page.locator(where).focus)
    expect(page.locator("#label h2")).to_have_text("VLV-0001 rev B")
    expect(page.locator("#which-printer")).to_have_value("dock-zebra")
    expect(page.locator("#q")).to_have_value("ION/PART/7")
    assert page.input_value("[name=copies]") == "1"
    assert screen.kiosk.service.orders == []


def test_a_press_twice_is_one_print_and_the_browser_remembers(open_screen: OpenScreen) -> None:
    screen = at_print(open_screen, found=Search(found_valve().found[1:]))
    page = screen.page
    page.fill("#q", "SN-000173")
    page.press("#q", "Enter")
    expect(page.locator("#print-it")).to_be_enabled()
    page.select_option("#which-printer", "spare-zebra")
    expect(page.locator("#label")).to_contain_text("Load labels.")
    page.fill("[name=copies]", "2")
    page.locator("#print-it").dblclick()
    expect(page.locator(".outcome")).to_be_visible()
    assert len(screen.kiosk.service.orders) == 1
    page.reload()
    page.fill("#q", "SN-000173")
    page.press("#q", "Enter")
    expect(page.locator("[name=copies]")).to_have_value("2")
    expect(page.locator("#which-printer")).to_have_value("spare-zebra")


def test_without_network_it_says_how_old_it_is(open_screen: OpenScreen) -> None:
    screen = at_print(open_screen, found=found_valve(is_remembered=True))
    page = screen.page
    page.fill("#q", "VLV")
    page.press("#q", "Enter")
    expect(page.locator("#found .told")).to_have_text(re.compile("ION does not answer"))
    screen.picture("laptop-print-offline")


@pytest.mark.parametrize("size", get_args(Size))
def test_nothing_lies_over_the_search(open_screen: OpenScreen, size: Size) -> None:
    page = at_print(open_screen, size).page
    page.locator("#q").fill("SN")
    page.locator(".search .button").click()
    expect(page.locator(".things .button").first).to_be_visible()
    page.locator("#q").click()
    page.locator(".search .button").click(trial=True)
    found, search = page.locator("#found").bounding_box(), page.locator(".search").bounding_box()
    assert found
    assert search
    assert found["y"] >= search["y"] + search["height"]
