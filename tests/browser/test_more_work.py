"""What the floor does beside runs and receipts, on the demo's real kiosk: by touch only, by scanning only."""

import re
import uuid
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import SIZES
from tests.browser.visitor import PATIENCE_MS, Visitor, demo, visiting

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with demo() as found:
        yield found


@pytest.fixture
def visitor(browser: Browser, address: str) -> Iterator[Visitor]:
    with visiting(browser, address, SIZES["laptop"], "more-work") as found:
        yield found


def test_by_touch_alone(visitor: Visitor) -> None:
    """A part of some stock is moved; a label is printed, asked for once more, and why."""
    page = visitor.page
    visitor.scan("WSHR-NAS1149-C0563R", " at ")
    visitor.sees("Stock WSHR-NAS1149-C0563R")
    visitor.press("^Move$")
    visitor.press("A part of it")
    for digit in "25":
        page.locator("#keypad").get_by_role("button", name=digit, exact=True).click()
    page.locator("#keypad .ok").click()
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


def test_by_scanning_alone(visitor: Visitor, address: str) -> None:
    def scans(text: str, sees: str) -> None:
        answer = httpx.post(
            f"{address}api/v1/scans",
            json={"station": "dock-1", "text": text},
            headers={"Idempotency-Key": uuid.uuid4().hex},
        )
        assert answer.status_code == 202
        expect(visitor.page.locator(".screen")).to_contain_text(
            re.compile(sees, re.DOTALL), timeout=PATIENCE_MS
        )

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
