"""A scanner that is a keyboard, and a person at one."""

import re
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import pairwise

import pytest
from playwright.sync_api import Request, expect

from kiosk.errors import JournalError
from kiosk.web import Changes, create_app, serve
from tests.browser.conftest import OpenScreen, Screen
from tests.web.samples import LINE_STATE

pytestmark = pytest.mark.browser
HUMAN_MS = 130
SETTLED_MS = 300
"""After which the page has taken what it takes, also where no suffix ends it."""
CONTROLS = {"\x1d": "]", "\x1e": "Shift+6", "\x04": "d", "\x0a": "j", "\x06": "f", "\x10": "p"}

STRUCK = """async (parts) => {
  let at = performance.now();
  for (const [index, part] of parts.entries()) {
    if (index > 0) await new Promise((done) => setTimeout(done, 150));
    for (const letter of part) {
      const key = letter === "\\n" ? "Enter" : letter;
      for (const type of ["keydown", "keyup"]) {
        const event = new KeyboardEvent(type, { code: `Key${letter}`, key, bubbles: true, cancelable: true });
        Object.defineProperty(event, "timeStamp", { value: at });
        document.body.dispatchEvent(event);
      }
      at += 15;
    }
  }
}"""
"""Strikes keys 15 ms apart by their own times; each part comes in one go, 150 ms after the part before."""


def types(
    screen: Screen,
    text: str,
    *,
    end: str | None = "Enter",
    before: Callable[[], object] = lambda: None,
) -> None:
    """Send keys as a scanner does: control characters as Ctrl combinations, then a suffix.

    A loaded machine may send them slower than any scanner; then it was none, and is done again.

    Args:
        screen: that has the keys.
        text: of the barcode.
        end: the key of the suffix.
        before: done each time before the first key, such as to put the focus somewhere.
    """
    page, station = screen.page, screen.kiosk.station
    keys = re.findall(r"[\x00-\x1f]|[^\x00-\x1f]+", text)
    for _ in range(20):
        seen = len(station.scans)
        before()
        page.evaluate("window.keyTimes.length = 0")
        for key in keys:
            if key in CONTROLS:
                page.keyboard.press(f"Control+{CONTROLS[key]}")
            else:
                page.keyboard.type(key)
        if end is not None:
            page.keyboard.press(end)
        times = page.evaluate("window.keyTimes")
        slowest_ms = max((later - earlier for earlier, later in pairwise(times)), default=0)
        if slowest_ms < 80 and times[-1] - times[0] < 35 * (len(times) - 1):
            return
        page.wait_for_timeout(400)
        del station.scans[seen:], station.presses[:], station.refused[:]
    pytest.fail("this machine is too busy to type at a scanner's speed")


def scans(screen: Screen, count: int) -> list[bytes]:
    """Return what the kiosk was given, once it is as many, and nothing that comes a little later."""
    end_s = time.monotonic() + 5
    while len(screen.kiosk.station.scans) < count and time.monotonic() < end_s:
        screen.page.wait_for_timeout(20)
    screen.page.wait_for_timeout(SETTLED_MS)
    return [data for data, _, _ in screen.kiosk.station.scans]


def test_what_a_scanner_types_is_a_scan(open_screen: OpenScreen) -> None:
    screen = open_screen()
    for number, end in enumerate(("Enter", "Tab", "NumpadEnter", "Control+m", None), start=1):
        types(screen, f"PO-1000{number}", end=end)
        assert scans(screen, number)[-1] == f"PO-1000{number}".encode()
    expect(screen.page.locator(".scanned")).to_have_text("PO-10005")
    assert {who for _, who, _ in screen.kiosk.station.scans} == {"page"}
    assert len(screen.kiosk.station.scans) == 5


def test_control_characters_come_through_and_are_no_shortcuts(open_screen: OpenScreen) -> None:
    screen = open_screen()
    label = "]d1[)>\x1e06\x1d1PSN74 A\x1dQ100\x06\x10\x0a\x1e\x04"
    types(screen, label)
    assert scans(screen, 1) == [label.encode()]
    assert len(screen.page.context.pages) == 1


def test_a_label_that_begins_with_a_separator_keeps_it(open_screen: OpenScreen) -> None:
    screen = open_screen()
    types(screen, "\x1d0104012345678901\x1d21A")
    assert scans(screen, 1) == [b"\x1d0104012345678901\x1d21A"]


def test_alt_and_keypad_digits_are_a_character(open_screen: OpenScreen) -> None:
    screen = open_screen()
    screen.page.evaluate("""() => {
      const send = (type, code, key, altKey) => document.body.dispatchEvent(
        new KeyboardEvent(type, { code, key, altKey, bubbles: true, cancelable: true }));
      const press = (code, key, altKey = false) => {
        for (const type of ["keydown", "keyup"]) send(type, code, key, altKey);
      };
      for (const letter of "AB") press(`Key${letter}`, letter);
      send("keydown", "AltLeft", "Alt", true);
      for (const digit of "029") press(`Numpad${digit}`, digit, true);
      send("keyup", "AltLeft", "Alt", false);
      for (const letter of "CD") press(`Key${letter}`, letter);
      press("Enter", "Enter");
    }""")
    assert scans(screen, 1) == [b"AB\x1dCD"]


def test_a_scanner_s_keys_press_no_button_that_has_the_focus(open_screen: OpenScreen) -> None:
    screen = open_screen()
    types(screen, "A B C", before=screen.page.locator('[data-command="ION/CMD/FLOW/receive"]').focus)
    screen.page.keyboard.press("Control+j")  # the LF of a suffix CR LF
    assert scans(screen, 1) == [b"A B C"]
    assert screen.kiosk.station.presses == []


def test_a_scanner_s_tab_gives_no_button_the_focus(open_screen: OpenScreen) -> None:
    screen = open_screen()
    page = screen.page
    page.locator('[data-command="ION/CMD/FLOW/receive"]').click()
    types(screen, "PO-10005", end="Tab", before=partial(page.evaluate, "document.activeElement.blur()"))
    expect(page.locator(".scanned")).to_have_text("PO-10005")
    assert page.evaluate("document.activeElement === document.body")


def test_keys_that_come_late_though_they_were_struck_in_time_are_one_scan(open_screen: OpenScreen) -> None:
    screen = open_screen()
    screen.page.evaluate(STRUCK, ["PO-1", "0007\n"])
    assert scans(screen, 1) == [b"PO-10007"]


def test_two_scans_in_a_row_are_two(open_screen: OpenScreen) -> None:
    screen = open_screen()
    types(screen, "PO-10007")
    types(screen, "PO-10007")
    types(screen, "ION/CMD/CONFIRM")
    assert scans(screen, 3) == [b"PO-10007", b"PO-10007", b"ION/CMD/CONFIRM"]
    assert len({key for _, _, key in screen.kiosk.station.scans}) == 3


def is_press(request: Request) -> bool:
    return request.url.endswith("/press")


def test_a_person_s_keys_are_no_scan_and_do_what_they_did(open_screen: OpenScreen) -> None:
    screen = open_screen()
    page = screen.page
    page.keyboard.type("PO-10007", delay=HUMAN_MS)
    page.keyboard.press("Control+a")
    page.keyboard.press("Escape")
    button = page.locator('[data-command="ION/CMD/FLOW/receive"]')
    button.focus()
    page.wait_for_timeout(HUMAN_MS)
    # The kiosk's news may be there before its answer; until then the page takes no other press.
    with page.expect_event("requestfinished", is_press):
        page.keyboard.press("Enter")
    expect(page.locator(".message")).to_contain_text("Flow done.")
    page.locator('[data-command="ION/CMD/FLOW/receive"]').focus()
    with page.expect_event("requestfinished", is_press):
        page.keyboard.press("Space")
    page.wait_for_timeout(HUMAN_MS)
    page.keyboard.press("Tab")
    assert scans(screen, 0) == []
    assert [verb for verb, _, _, _ in screen.kiosk.station.presses] == ["FLOW", "FLOW"]


def test_a_key_that_is_held_or_two_that_roll_are_no_scan(open_screen: OpenScreen) -> None:
    screen = open_screen()
    keyboard = screen.page.keyboard
    for _ in range(12):
        keyboard.down("a")  # without a release in between: the keyboard repeats it
    keyboard.up("a")
    screen.page.wait_for_timeout(SETTLED_MS)
    keyboard.type("er")
    assert scans(screen, 0) == []


def test_a_text_field_gets_what_is_typed_into_it(open_screen: OpenScreen) -> None:
    screen = open_screen()
    page = screen.page
    page.locator(".rail [data-opens=keyboard]").click()
    page.keyboard.type("LOT 7")
    expect(page.locator("#keyboard-value")).to_have_value("LOT 7")
    page.wait_for_timeout(SETTLED_MS)
    assert screen.kiosk.station.scans == []
    page.keyboard.press("Enter")
    assert scans(screen, 1) == [b"LOT 7"]


def test_a_scan_closes_the_labels_but_leaves_the_keypad_its_digits(open_screen: OpenScreen) -> None:
    screen = open_screen()
    screen.kiosk.station.show("receive/line", LINE_STATE)
    page = screen.page
    page.locator('[data-verb="QUANTITY"]').click()
    page.keyboard.type("12")
    page.keyboard.press("Enter")
    expect(page.locator('[data-verb="QUANTITY"] .value')).to_have_text("12")
    assert scans(screen, 0) == []


def test_a_scan_the_journal_did_not_take_is_said(open_screen: OpenScreen) -> None:
    screen = open_screen()
    screen.kiosk.station.failure = JournalError("disk full")
    types(screen, "PO-10007")
    expect(screen.page.locator(".message")).to_contain_text("Nothing was taken")
    screen.kiosk.station.failure = None
    assert scans(screen, 0) == []
    screen.faults.clear()


def test_a_scan_made_while_the_kiosk_starts_anew_arrives_once(open_screen: OpenScreen) -> None:
    screen = open_screen()
    port = screen.server.port
    screen.server.stop()
    screen.page.evaluate(STRUCK, ["PO-10007\n"])  # a try that was too slow could not be taken back here
    screen.page.wait_for_timeout(SETTLED_MS)
    changes = Changes(heartbeat_s=0.5)
    rooms = replace(screen.kiosk.rooms, changes=changes, secret=b"n" * 32)
    screen.kiosk.station.changes = changes
    screen.server = serve(create_app(rooms), "127.0.0.1", port)
    expect(screen.page.locator(".what h1")).to_have_text("PO-10007", timeout=10_000)
    assert scans(screen, 1) == [b"PO-10007"]
    screen.faults.clear()


def test_a_scan_goes_through_beside_an_open_keypad_or_keyboard(open_screen: OpenScreen) -> None:
    screen = open_screen()
    page, station = screen.page, screen.kiosk.station
    station.show("receive/line", LINE_STATE)
    screen.wait_for_revision()
    screen.expected.append("503")
    for name, typed in (("keypad", "12"), ("keyboard", "AB")):
        page.locator(f".doing [data-opens={name}]").click()
        station.failure = JournalError("disk full")  # the screen stays as it is
        field = page.locator(f"#{name}-value")
        types(screen, f"LOT-7-{name}", before=partial(field.fill, typed))
        # what the page says of the first scan stands there still when the second goes out
        screen.wait_until(partial(station.refused.__contains__, f"LOT-7-{name}".encode()))
        expect(page.locator(".message")).to_contain_text("Nothing was taken")
        expect(field).to_have_value(typed)
        station.failure = None
        page.keyboard.press("Escape")
    page.locator(".doing [data-opens=keypad]").click()
    types(screen, "LOT-7", before=partial(page.locator("#keypad-value").fill, ""))
    assert scans(screen, 1) == [b"LOT-7"]
    assert station.presses == []
