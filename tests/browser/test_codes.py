"""The barcodes of Help are read off the screen itself, as a scanner would."""

import io

import pytest
import zxingcpp
from PIL import Image

from tests.browser.conftest import OpenScreen, Size
from tests.web.played import MORE_PLAYED

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", ["kiosk", "laptop", "phone"])
def test_every_code_of_help_scans_off_the_screen(open_screen: OpenScreen, size: Size) -> None:
    screen = open_screen(size, is_demo=True)
    screen.kiosk.station.show(*MORE_PLAYED["home/help-home"])
    screen.wait_for_revision()
    codes = screen.page.locator(".screen .codes img")
    codes.first.wait_for()
    said = [one.get_attribute("alt") for one in codes.all()]
    read = []
    for one in codes.all():
        one.scroll_into_view_if_needed()
        one.evaluate("(image) => image.decode()")
        shown = Image.open(io.BytesIO(one.screenshot(animations="disabled")))
        read.append([found.text for found in zxingcpp.read_barcodes(shown)])
    assert read == [[text] for text in said]
    screen.picture(f"{size}-codes")
