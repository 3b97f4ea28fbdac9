import re
import time
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from kiosk.errors import JournalError
from kiosk.model import DeviceState, JobState, Level, Message
from kiosk.web import Changes, create_app, serve
from tests.browser.conftest import OpenScreen, Screen
from tests.web.fakes import print_job
from tests.web.samples import LINE_STATE, SAMPLES

pytestmark = pytest.mark.browser
HEARD = """() => {
  const frame = document.getElementById("frame");
  frame.addEventListener("htmx:sseBeforeMessage", ({ detail }) => { frame.dataset.heard = detail.data; });
}"""
"""Keeps beside the screen what the kiosk sent last, drawn or not."""


def mark(screen: Screen) -> None:
    """Leave a mark that a reload would wipe out."""
    screen.page.evaluate("document.documentElement.dataset.mark = 'here'")


def is_marked(screen: Screen) -> bool:
    return screen.page.locator("html").get_attribute("data-mark") == "here"


def sounds(screen: Screen) -> str:
    return str(screen.page.evaluate("document.body.dataset.sound ?? ''"))


def test_a_scan_changes_the_screen_without_loading_the_page(open_screen: OpenScreen) -> None:
    screen = open_screen()
    mark(screen)
    expect(screen.page.locator(".what")).to_contain_text("Scan anything")
    screen.kiosk.station.scan(b"PO-10007", scanner="dock-gun")
    expect(screen.page.locator(".what h1")).to_have_text("PO-10007")
    expect(screen.page.locator(".message")).to_contain_text("PO-10007 found.")
    assert is_marked(screen)


def test_a_press_changes_the_screen_and_counts_once(open_screen: OpenScreen) -> None:
    screen = open_screen()
    mark(screen)
    screen.kiosk.station.show("receive/order", SAMPLES["receive/order"])
    screen.page.locator('[data-command="ION/CMD/CHOOSE/order-line/1"]').dblclick()
    expect(screen.page.locator(".what h1")).to_have_text("BRKT-1042-07")
    assert [(verb, argument) for verb, argument, _, _ in screen.kiosk.station.presses] == [
        ("CHOOSE", "order-line/1")
    ]
    assert re.fullmatch("[0-9a-f]{32}", screen.kiosk.station.presses[0][3] or "")
    screen.page.locator('[data-command="ION/CMD/CANCEL"]').click()
    expect(screen.page.locator(".what")).to_contain_text("Scan anything")
    assert is_marked(screen)


def test_the_keypad_sends_one_quantity(open_screen: OpenScreen) -> None:
    screen = open_screen()
    screen.kiosk.station.show("receive/line", LINE_STATE)
    page = screen.page
    page.locator('[data-verb="QUANTITY"]').click()
    page.locator("#keypad .ok").click()
    for key in ("1", "3", "."):
        page.locator(f'#keypad [data-key="{key}"]').click()
    page.locator("#keypad [data-erase]").click()
    page.locator("#keypad [data-erase]").click()
    page.locator('#keypad [data-key="2"]').click()
    expect(page.locator("#keypad-value")).to_have_value("12")
    assert screen.kiosk.station.presses == []
    page.locator("#keypad .ok").click()
    expect(page.locator('[data-verb="QUANTITY"] .value')).to_have_text("12")
    expect(page.locator("#keypad")).to_be_hidden()
    verb, argument, revision, _ = screen.kiosk.station.presses[0]
    assert (verb, argument, revision, len(screen.kiosk.station.presses)) == ("QUANTITY", "12", 2, 1)


def test_the_keypad_closes_when_the_screen_turns_to_something_else(open_screen: OpenScreen) -> None:
    screen = open_screen()
    screen.kiosk.station.show("receive/line", LINE_STATE)
    keypad = screen.page.locator("#keypad")
    screen.page.locator('[data-verb="QUANTITY"]').click()
    screen.kiosk.station.alter(waiting=1)
    screen.wait_for_revision()
    expect(keypad).to_be_visible()
    screen.kiosk.station.scan(b"SN-000173", scanner="dock-gun")
    expect(keypad).to_be_hidden()


def test_the_keyboard_sends_a_scan(open_screen: OpenScreen) -> None:
    screen = open_screen()
    page = screen.page
    page.locator(".rail [data-opens=keyboard]").click()
    for key in "LOT-7/A_B. 0":
        page.locator(f'#keyboard [data-key="{key}"]').click()
    page.keyboard.type("x")
    page.locator("#keyboard .ok").click()
    expect(page.locator(".scanned")).to_have_text("LOT-7/A_B. 0x")
    expect(page.locator("#keyboard")).to_be_hidden()
    assert [(data, who) for data, who, _ in screen.kiosk.station.scans] == [(b"LOT-7/A_B. 0x", "page")]


def test_each_new_message_is_heard_and_flashes_once(open_screen: OpenScreen) -> None:
    screen = open_screen()
    station = screen.kiosk.station
    assert sounds(screen) == ""
    station.alter(message=Message(Level.GOOD, "Received."))
    screen.wait_for_revision()
    assert sounds(screen) == "1 good"
    expect(screen.page.locator("#frame")).to_have_class("flash")
    station.alter(waiting=3)
    screen.wait_for_revision()
    assert sounds(screen) == "1 good"
    station.alter()
    screen.wait_for_revision()
    assert sounds(screen) == "2 good"
    station.alter(message=Message(Level.STOP, "Not on this order."))
    screen.wait_for_revision()
    assert sounds(screen) == "3 stop"
    screen.picture("flash")
    expect(screen.page.locator("#frame")).not_to_have_class("flash", timeout=4000)


def test_nothing_moves_under_a_finger(open_screen: OpenScreen) -> None:
    screen = open_screen()
    page = screen.page
    screen.kiosk.station.show("receive/order", SAMPLES["receive/order"])
    box = page.locator('[data-command="ION/CMD/CHOOSE/order-line/1"]').bounding_box()
    assert box is not None
    # On a busy machine the finger would else lie there for longer than the page holds still for it.
    page.clock.install()
    page.clock.pause_at(time.time() + 60)
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.evaluate(HEARD)
    screen.kiosk.station.show("home/idle", {})
    expect(page.locator("#frame[data-heard*='home/idle']")).to_be_attached()
    assert page.locator(".what h1").text_content() == "PO-10007"
    page.mouse.up()
    page.clock.resume()
    expect(page.locator(".message")).to_contain_text("The screen had changed")
    expect(page.locator(".what")).to_contain_text("Scan anything")
    assert screen.kiosk.station.presses == []


def test_a_person_says_that_a_label_came_out(open_screen: OpenScreen) -> None:
    screen = open_screen()
    screen.kiosk.jobs.add(print_job(1, JobState.UNKNOWN), print_job(2))
    page = screen.page
    page.locator(".tab.labels").click()
    expect(page.locator(".job.ask")).to_contain_text("did it come out?")
    screen.picture("labels")
    page.get_by_role("button", name="Yes").click()
    expect(page.locator(".message")).to_contain_text("Printed done.")
    assert [press[:2] for press in screen.kiosk.station.presses] == [("PRINTED", f"YES/{1:032x}")]


def test_what_was_not_taken_is_said(open_screen: OpenScreen) -> None:
    screen = open_screen()
    screen.kiosk.station.failure = JournalError("disk full")
    screen.page.locator('[data-command="ION/CMD/FLOW/receive"]').click()
    expect(screen.page.locator(".bar")).to_have_class("bar stop")
    expect(screen.page.locator(".message")).to_contain_text("Nothing was taken")
    screen.kiosk.station.failure = None
    # The browser and htmx each tell of it, a moment after the page does.
    for _ in range(100):
        if len(screen.faults) == 2:
            break
        screen.page.wait_for_timeout(50)
    assert len(screen.faults) == 2
    screen.faults.clear()


def test_a_lost_kiosk_is_said_and_a_new_start_loads_the_page_again(open_screen: OpenScreen) -> None:
    screen = open_screen()
    mark(screen)
    port = screen.server.port
    screen.server.stop()
    expect(screen.page.locator("#lost")).to_be_visible(timeout=8000)
    screen.picture("lost")
    changes = Changes(heartbeat_s=0.5)
    screen.kiosk.station.changes = changes
    rooms = replace(screen.kiosk.rooms, changes=changes, secret=b"n" * 32)
    screen.server = serve(create_app(rooms), "127.0.0.1", port)
    expect(screen.page.locator("html")).not_to_have_attribute("data-mark", "here", timeout=10_000)
    screen.faults.clear()
    expect(screen.page.locator("#lost")).to_be_hidden()
    screen.page.locator('[data-command="ION/CMD/FLOW/receive"]').click()
    expect(screen.page.locator(".message")).to_contain_text("Flow done.")


def test_a_tap_on_the_pad_scans_it_byte_for_byte(open_screen: OpenScreen) -> None:
    screen = open_screen(is_demo=True)
    page = screen.page
    page.locator(".pad-tab").click()
    bar = page.locator(".bar").bounding_box()
    pad = page.locator(".pad").bounding_box()
    assert bar is not None
    assert pad is not None
    assert pad["y"] + pad["height"] <= bar["y"]
    screen.picture("pad")
    page.locator(".card", has_text="Digi-Key bag").click()
    expect(page.locator(".scanned")).to_contain_text("1PSN74")
    assert [data for data, _, _ in screen.kiosk.station.scans] == [b"[)>\x1e06\x1d1PSN74\x1dQ100\x1e\x04"]


def test_a_long_press_shows_the_button_s_barcode_and_presses_nothing(open_screen: OpenScreen) -> None:
    screen = open_screen(is_demo=True)
    page = screen.page
    page.locator('[data-command="ION/CMD/FLOW/receive"]').hover()
    page.mouse.down()
    expect(page.locator("#command")).to_be_visible()
    page.mouse.up()
    expect(page.locator("#command p")).to_have_text("ION/CMD/FLOW/receive")
    expect(page.locator("#command img")).to_have_js_property("complete", value=True)
    assert page.locator("#command img").evaluate("image => image.naturalWidth") > 0
    screen.picture("command")
    page.locator("#command [data-closes]").click()
    expect(page.locator("#command")).to_be_hidden()
    assert screen.kiosk.station.presses == []
    page.locator('[data-command="ION/CMD/FLOW/receive"]').click()
    expect(page.locator(".message")).to_contain_text("Flow done.")


def test_a_label_from_the_tray_is_scanned_by_a_tap(open_screen: OpenScreen) -> None:
    screen = open_screen("desk", is_demo=True)
    screen.page.get_by_role("button", name="Label 2").click()
    expect(screen.page.locator(".what h1")).to_have_text("SN-000173")
    del screen.kiosk.tray[:]
    screen.kiosk.station.alter(waiting=1)
    expect(screen.page.locator(".papers")).to_contain_text("Nothing yet")


def test_hostile_text_does_nothing_in_a_browser(open_screen: OpenScreen) -> None:
    screen = open_screen()
    text = "<img src=x onerror=window.wasHacked=1><script>window.wasHacked=1</script>"
    device = DeviceState(text, is_ready=False, text=text)
    screen.kiosk.station.alter(scanners=(device,), location=text)
    state = {**SAMPLES["home/choose"], "text": text}
    screen.kiosk.station.show("home/choose", state, Message(Level.STOP, "{x}", {"x": text}))
    expect(screen.page.locator(".what h1")).to_have_text(text)
    assert screen.page.evaluate("window.wasHacked") is None
