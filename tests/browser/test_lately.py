"""What happened here last, the third part of a wide page: live, in its place, and of use by touch."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from kiosk.model import Level, Message
from kiosk.web import Changes, create_app, serve
from tests.browser.conftest import SIZES, OpenScreen
from tests.browser.views import happened
from tests.flows.pasts import scanned
from tests.web.samples import LINE_STATE, SAMPLES

pytestmark = pytest.mark.browser
SHIFTS = """
window.shifts = [];
const noted = (list) => {
  for (const one of list.getEntries()) {
    for (const { node } of one.sources) {
      if (node?.parentElement?.closest(".lately, .screen")) window.shifts.push(node.parentElement.className);
    }
  }
};
new PerformanceObserver(noted).observe({ type: "layout-shift", buffered: true });
"""
"""The parts that moved while nobody touched anything."""
SEEN = """() => {
  const place = document.getElementById("lately").getBoundingClientRect();
  return Array.from(document.querySelectorAll("#lately li"), (line) => line.getBoundingClientRect())
    .filter((line) => line.height > 0)
    .map((line) => [line.bottom <= place.bottom + 0.5, line.width <= place.width + 0.5]);
}"""
"""Of each line that is seen: whether it is not cut off below, and not beside."""
PLACES = """() => [".what", ".doing", ".bar", ".lately"].map((name) => {
  const { x, y, width, height } = document.querySelector(name).getBoundingClientRect();
  return [x, y, width, height].map(Math.round);
})"""


def test_it_is_live_and_moves_nothing(open_screen: OpenScreen) -> None:
    screen = open_screen("laptop")
    page, kiosk = screen.page, screen.kiosk
    page.add_init_script(SHIFTS)
    screen.open()
    expect(page.locator(".lately .none")).to_be_visible()
    places = page.evaluate(PLACES)
    for step, name in enumerate(("receive/order", "run/run", "receive/line"), 1):
        kiosk.happened.insert(0, scanned(step, f"CODE-{step}".encode(), name))
        kiosk.station.show(name, SAMPLES[name], Message(Level.GOOD, "Found."))
        expect(page.locator("#lately li b").first).to_have_text(f"CODE-{step}")
        screen.wait_for_revision()
    assert page.evaluate(PLACES) == places
    assert page.locator("#lately b").all_text_contents() == ["CODE-3", "CODE-2", "CODE-1"]
    assert page.evaluate("window.shifts") == []
    kiosk.happened[:] = happened()
    kiosk.station.alter(waiting=1)
    expect(page.locator("#lately li")).to_have_count(12)
    for size, lines in (("laptop", 7), ("desk", 12)):
        page.set_viewport_size(SIZES[size])
        seen = page.evaluate(SEEN)
        assert (len(seen), all(map(all, seen))) == (lines, True)


def test_a_press_looks_at_one_of_them(open_screen: OpenScreen) -> None:
    screen = open_screen("laptop", is_touch=True)
    page, kiosk = screen.page, screen.kiosk
    kiosk.happened += happened()
    kiosk.station.show("receive/line", LINE_STATE)
    line = page.locator("#lately button").nth(1)
    box = line.bounding_box()
    assert box is not None
    assert (box["width"] >= 64, box["height"] >= 64) == (True, True)
    line.tap()
    expect(page.locator(".message")).to_contain_text("History done.")
    assert [press[:2] for press in kiosk.station.presses] == [("HISTORY", kiosk.happened[1].key)]


def test_a_line_that_is_touched_stays_until_it_is_let_go(open_screen: OpenScreen) -> None:
    screen = open_screen("laptop")
    page, kiosk = screen.page, screen.kiosk
    kiosk.happened.append(scanned(1, b"CODE-1"))
    kiosk.station.alter(waiting=1)
    first = page.locator("#lately b").first
    first.hover()
    page.mouse.down()
    kiosk.happened.insert(0, scanned(2, b"CODE-2"))
    kiosk.station.alter(waiting=2)
    screen.wait_for_revision()
    expect(page.locator(".lamp.lit .number")).to_have_text("2")
    expect(first).to_have_text("CODE-1")
    page.mouse.up()
    expect(first).to_have_text("CODE-2")
    assert [press[1] for press in kiosk.station.presses] == ["scan/s1"]


def test_who_uses_keys_keeps_their_line_while_others_come(open_screen: OpenScreen) -> None:
    screen = open_screen("laptop")
    page, kiosk = screen.page, screen.kiosk
    kiosk.happened.append(scanned(1, b"CODE-1"))
    kiosk.station.alter(waiting=1)
    page.locator("#lately button").focus()
    kiosk.happened.insert(0, scanned(2, b"CODE-2"))
    kiosk.station.alter(waiting=2)
    expect(page.locator("#lately li")).to_have_count(2)
    expect(page.locator("#lately button", has_text="CODE-1")).to_be_focused()


def test_a_line_that_is_pressed_twice_is_looked_at_once(open_screen: OpenScreen) -> None:
    screen = open_screen("laptop")
    page, kiosk = screen.page, screen.kiosk
    kiosk.happened.append(scanned(1, b"CODE-1"))
    kiosk.station.alter(waiting=1)
    page.locator("#lately button").evaluate("(line) => { line.click(); line.click(); }")
    expect(page.locator(".message")).to_contain_text("History done.")
    assert len(kiosk.station.presses) == 1


def test_after_a_restart_a_page_catches_up_what_it_missed_by_itself(open_screen: OpenScreen) -> None:
    screen = open_screen("laptop")
    page, kiosk, port = screen.page, screen.kiosk, screen.server.port
    screen.server.stop()
    expect(page.locator("#lost")).to_be_visible()
    kiosk.happened += happened()
    kiosk.station.show("receive/line", LINE_STATE, Message(Level.GOOD, "Found meanwhile."))
    kiosk.station.changes = Changes(heartbeat_s=0.5)
    rooms = replace(kiosk.rooms, changes=kiosk.station.changes, secret=b"n" * 32)
    screen.server = serve(create_app(rooms), "127.0.0.1", port)
    expect(page.locator(".what h1")).to_have_text("BRKT-1042-07")
    expect(page.locator(".message")).to_contain_text("Found meanwhile.")
    expect(page.locator("#lately li")).to_have_count(12)
    expect(page.locator("#lost")).to_be_hidden()
    kiosk.station.show("home/idle", {})
    expect(page.locator(".what h1")).to_have_text("Scan anything")
    screen.faults.clear()


def test_a_small_page_has_no_third_part(open_screen: OpenScreen) -> None:
    screen = open_screen()
    screen.kiosk.happened += happened()
    screen.kiosk.station.alter(waiting=1)
    screen.wait_for_revision()
    expect(screen.page.locator(".lately")).to_be_hidden()
    assert screen.page.locator("#lately li").count() == 0
    screen.page.set_viewport_size(SIZES["laptop"])
    expect(screen.page.locator("#lately li")).to_have_count(12)
