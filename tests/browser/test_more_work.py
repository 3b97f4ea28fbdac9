"""What the floor does beside runs and receipts, on the demo's real kiosk: by touch only, by scanning only."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import SIZES
from tests.browser.visitor import PATIENCE_MS, Scanner, Visitor, demo, visiting
from tests.browser.ways import Way, by, claim_of

pytestmark = pytest.mark.browser
BADGE, PIN = "1042", "271828"
"""Of the demo's lead, as the scan pad tells them."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with demo() as found:
        yield found


@pytest.fixture
def visitor(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Visitor]:
    with visiting(browser, address, SIZES["laptop"], "more-work", claim_of(request)) as found:
        yield found


@by(Way.TOUCH, "move/item", "home/again", "lookup/location")
def test_by_touch_alone(visitor: Visitor) -> None:
    """A part of some stock is moved; a label is printed, asked for once more, and why."""
    page = visitor.page
    visitor.scan("WSHR-NAS1149-C0563R", " at ")
    visitor.sees("Stock WSHR-NAS1149-C0563R")
    visitor.press("^Move$")
    visitor.press("A part of it")
    visitor.taps("keypad", "25")
    visitor.sees("25 of 900")
    visitor.scan("Rack-A2", "Rack")
    visitor.press("^Move$")
    visitor.sees(re.compile("ION has it: .*WSHR-NAS1149-C0563R"))
    # The third part of a wide page tells of it, and leads to it.
    line = page.locator("#lately button", has_text="WSHR-NAS1149-C0563R").first
    expect(line).to_contain_text("ION has it", timeout=PATIENCE_MS)
    line.click()
    visitor.sees("Entered")
    visitor.scan("WC-Test-1", "Workcenter")
    visitor.sees("WC-Test-1")
    visitor.press("Print label")
    visitor.sees("came out")
    label = page.locator("#lately button", has_text=re.compile("WC-Test-1.*printed", re.DOTALL)).first
    label.click()
    visitor.press("Print again")
    visitor.press("^Damaged$")
    visitor.sees(re.compile("Printing the label of WC-Test-1 once more|of WC-Test-1 came out"))
    visitor.picture("lately")


@by(Way.SCAN, "lookup/location", "lookup/part", "lookup/kit", "lookup/issue")
def test_by_scanning_alone(visitor: Visitor, address: str) -> None:
    scans = Scanner(visitor, address).scans
    scans("ION/LOC/3", "Rack-A2")
    scans("FSTN-M5X16-A286", "Part FSTN-M5X16-A286")
    scans("ION/KIT/1", "Kit 1")
    scans("ION/ISSUE/1", "Witness stripe missing")
    scans("ION/OP/1042", "Mia Tanaka")
    scans("HR-0032", "Stock HR-0032")
    scans("ION/CMD/COPIES/2", "2")
    scans("ION/CMD/PRINT", "2 labels of HR-0032 came out")
    scans("ION/CMD/FLOW/MOVE", "Move stock")
    scans("ION/CMD/VALUE/1", "1")
    scans("ION/CMD/CANCEL", "Scan anything")
    scans("ION/CMD/SHIFT", "The label of the shift is printed|came out")


@by(Way.TOUCH, "lookup/kit", "lookup/issue", "lookup/procedure", "label/label")
def test_what_is_looked_up_seldom_and_the_shift_s_label_by_touch(visitor: Visitor) -> None:
    """What has no card on the pad is typed as it stands on paper; the label of the shift is a lead's."""
    page = visitor.page
    visitor.types("ION/KIT/1")
    visitor.sees(re.compile("Kit 1.*2 parts"))
    visitor.picture("kit")
    visitor.press("Print label")
    visitor.sees("of Kit 1 came out")
    visitor.types("ION/ISSUE/1")
    visitor.sees("Witness stripe missing on fastener 3")
    visitor.types("ION/PROC/12")
    visitor.sees("Bracket Assembly")
    visitor.press("^Home$")
    visitor.press("^Labels$")
    visitor.scan("WC-Assembly-1", "Workcenter")
    visitor.press("^Print 1 label")
    visitor.sees("WC-Assembly-1 came out")
    page.locator(".rail .labels").tap()
    # Before its scripts are there a page takes no tap.
    page.locator(".jobs .queues").tap()
    page.wait_for_url("**/printers?*")
    page.locator("#places a", has_text="Shift").tap()
    page.wait_for_url("**/shift?*")
    page.locator("[name=badge]").tap()
    for text in (BADGE, PIN):
        visitor.taps("keys", text)
    page.get_by_role("button", name="Sign in").tap()
    page.get_by_role("button", name="Print the label").wait_for()
    page.wait_for_load_state()
    page.get_by_role("button", name="Print the label").tap()
    told = page.locator(".told.good", has_text="The label of the shift is printed at dock-1.")
    expect(told).to_be_in_viewport()
    visitor.picture("shift")
    page.locator(".heading a", has_text="Back").tap()
    page.wait_for_url("**/station/*")
    page.locator(".rail .labels").tap()
    expect(page.locator(".jobs .job").first).to_contain_text(
        re.compile("Shift.*printed", re.IGNORECASE | re.DOTALL), timeout=PATIENCE_MS
    )


@by(Way.SCAN, "move/item", "label/label", "lookup/procedure", "lookup/inventory", "home/again")
def test_a_part_moves_and_a_serial_s_label_comes_out_again_by_scanning(
    visitor: Visitor, address: str
) -> None:
    """To print the label of a serial once more is a lead's to sign: badge, reason, and a typed PIN."""
    scanner = Scanner(visitor, address)
    scanner.commands("FLOW/MOVE", "Scan the stock that moves")
    scanner.scans("ION/PI/9020", "Move FSTN-M5X16-A286: scan where it goes")
    scanner.commands("VALUE/40", "40 of 1250 of FSTN-M5X16-A286 move")
    scanner.scans("ION/LOC/4", "40 of FSTN-M5X16-A286 to WH-Receiving: confirm")
    scanner.commands("CONFIRM", "ION has it: 40 of FSTN-M5X16-A286 are at WH-Receiving")
    scanner.scans("ION/PI/9020", "Stock FSTN-M5X16-A286.*1210")
    scanner.scans("ION/PROC/12", "Bracket Assembly")
    scanner.commands("FLOW/LABEL", "Scan")
    scanner.scans("ION/PI/9024", "HR-0031")
    scanner.commands("PRINT", "The label of HR-0031 came out")
    scanner.scans(f"ION/OP/{BADGE}", "Mia Tanaka")
    scanner.scans("ION/PI/9024", "HR-0031")
    scanner.commands("PRINT", "The label of HR-0031 is out already. Why one more")
    scanner.commands("CHOOSE/1", "Mia Tanaka: sign with your PIN")
    visitor.taps("pin", PIN)
    visitor.sees("The label of HR-0031 came out")
    visitor.picture("reprinted")
