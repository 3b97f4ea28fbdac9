import pytest
from playwright.sync_api import expect

from kiosk.model import DeviceState
from kiosk.sheets.setup_codes import SEPARATORS
from tests.browser.conftest import OpenScreen, Size
from tests.browser.test_sizes import faults
from tests.web.fakes import FakeScanner

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
        "[...document.querySelectorAll('a.button')].filter(a => a.getBoundingClientRect().height < 64).length"
    )
    assert (wide, small) == (0, 0)
    page.locator(".heading .button", has_text="Command sheet").click()
    expect(page.locator(".paper-sheet")).to_have_js_property("naturalWidth", 2480)
    screen.picture(f"{size}-sheet")
    page.locator(".heading .button").first.click()
    expect(page.locator(".scanner")).to_have_count(2)
    page.locator(".heading .button").first.click()
    expect(page.locator(".screen")).to_be_visible()
    assert faults(screen) == []
