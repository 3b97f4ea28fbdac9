import io

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from kiosk.model import Binding, DeviceState, FaultSeen, Level, Message, Pace
from kiosk.ports import LearnView
from kiosk.sheets.setup_codes import SEPARATORS
from tests.browser.conftest import OpenScreen, Size
from tests.browser.test_sizes import faults
from tests.web.fakes import NOW, FakeScanner

pytestmark = pytest.mark.browser
GONE = DeviceState(
    "floor-gun", is_ready=False, text="Not there: put its plug back, or look for another cable."
)


@pytest.mark.parametrize("size", ["kiosk", "phone"])
def test_the_scanner_page_fits_and_shows_a_scan_at_once(open_screen: OpenScreen, size: Size) -> None:
    screen = open_screen(size)
    page = screen.page
    screen.kiosk.scanners += [
        FakeScanner(),
        FakeScanner(name="floor-gun", lamp=GONE, faults=3, kind="keyboard"),
    ]
    if page.locator(".tab.labels").is_visible():
        page.locator(".tab.labels").click()
    page.locator(".jobs .aside").click()
    expect(page.locator(".scanner")).to_have_count(2)
    for data in (b"PO-10007", b"]d1" + SEPARATORS.encode()):
        screen.kiosk.scanners[0].sends(data)
    expect(page.locator(".finding.good")).to_have_count(2)
    screen.picture(f"{size}-scanners")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    small = page.evaluate(
        "[...document.querySelectorAll('a.button')].filter(a => a.checkVisibility()"
        " && a.getBoundingClientRect().height < 64).length"
    )
    assert (wide, small) == (0, 0)
    page.locator(".sheets .button", has_text="Command sheet").click()
    expect(page.locator(".paper-sheet")).to_have_js_property("naturalWidth", 2480)
    screen.picture(f"{size}-sheet")
    page.locator(".heading .button").first.click()
    expect(page.locator(".scanner")).to_have_count(2)
    page.locator(".heading .button").first.click()
    expect(page.locator(".screen")).to_be_visible()
    assert faults(screen) == []


CODE = "ION/CMD/LEARN/AZ@7QM"
DEVICES = (
    DeviceState("Honeywell 1950g (0c2e:0b61, serial 17180B4B2A)", is_ready=True, text="Listening."),
    DeviceState("FTDI FT232R USB UART (0403:6001)", is_ready=True, text="Listening for this code only."),
    DeviceState("Logitech Keyboard (046d:c31c)", is_ready=False, text="Not permitted."),
)
ADDED = Binding(
    "dock-1-scanner", "dock-1", "keyboard", "0c2e:0b61:17180B4B2A", "Honeywell 1950g (0c2e:0b61)", NOW
)


def seen_codes(picture: bytes) -> list[str]:
    """Return what a scanner reads from the screen."""
    with Image.open(io.BytesIO(picture)) as image:
        return [one.text for one in zxingcpp.read_barcodes(image.convert("L"))]


@pytest.mark.parametrize("size", ["kiosk", "phone"])
def test_a_scanner_is_added_and_removed(open_screen: OpenScreen, size: Size) -> None:
    screen = open_screen(size, is_demo=True)
    page, learning = screen.page, screen.kiosk.learning
    screen.kiosk.scanners.append(FakeScanner())
    page.goto(f"http://127.0.0.1:{screen.server.port}/scanners?station=dock-1")
    screen.picture(f"{size}-learn-offer")
    page.locator(".choices .button", has_text="dock-1").click()
    expect(page.locator(".shown .code")).to_have_js_property("complete", value=True)
    learning.shown = LearnView(
        "dock-1", CODE, 97, DEVICES, Message(Level.ASK, "FTDI FT232R USB UART: scan the code again.")
    )
    expect(page.locator(".devices li")).to_have_count(3)
    screen.picture(f"{size}-learn")
    if size == "kiosk":
        # A phone has two and more dots where this picture of it has one.
        assert seen_codes(page.screenshot()) == [CODE]
    # An ungrabbed scanner's keys reach the page as well, and press nothing on it.
    page.keyboard.type(CODE)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(".left")).to_contain_text("97")
    assert learning.shown.code == CODE
    learning.shown = LearnView(
        "", message=Message(Level.GOOD, "Honeywell 1950g scans for dock-1 now, as dock-1-scanner.")
    )
    screen.kiosk.scanners.append(FakeScanner("dock-1-scanner", "keyboard", ADDED.port, binding=ADDED))
    expect(page.locator(".told.good")).to_contain_text("as dock-1-scanner")
    expect(page.locator(".scanner")).to_have_count(2)
    screen.picture(f"{size}-learned")
    page.locator(".scanner .button", has_text="Remove").click()
    expect(page.locator(".told.ask")).to_contain_text("Remove dock-1-scanner from dock-1?")
    page.locator(".choices .button", has_text="Keep").click()
    expect(page.locator(".choices .button", has_text="dock-1")).to_be_visible()
    page.locator(".scanner .button", has_text="Remove").click()
    page.locator(".choices .button", has_text="Remove").click()
    expect(page.locator(".told.good")).to_contain_text("dock-1-scanner was removed.")
    assert learning.forgotten == ["dock-1-scanner"]
    page.locator(".choices .button", has_text="floor 2").click()
    page.locator(".listening .button", has_text="Stop").click()
    expect(page.locator(".choices .button")).to_have_count(2)
    assert learning.shown.code == ""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0


def test_how_a_scan_came_and_what_went_wrong(open_screen: OpenScreen) -> None:
    screen = open_screen("kiosk")
    slow = FakeScanner(
        faults=2,
        last_fault=FaultSeen(NOW, "A part of the scan was lost, and the rest was dropped. Scan it again."),
    )
    slow.sends(b"]d1" + SEPARATORS.encode(), pace=Pace(0.302, 0.05), answered_s=0.0042)
    screen.kiosk.scanners.append(slow)
    screen.page.goto(f"http://127.0.0.1:{screen.server.port}/scanners")
    expect(screen.page.locator(".pace")).to_have_text(
        "302 ms from its first byte to its last, 50 ms of silence, on disk 4.2 ms later"
    )
    expect(screen.page.locator(".finding.ask")).to_have_count(2)
    screen.picture("kiosk-slow-scanner")
