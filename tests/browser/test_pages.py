"""History, undo, search, help and how everything is, on the real kiosk of ``kiosk demo``."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import SIZES
from tests.browser.visitor import Scanner, Visitor, demo, visiting
from tests.browser.ways import Way, by, claim_of

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with demo() as found:
        yield found


@pytest.fixture
def visitor(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Visitor]:
    with visiting(browser, address, SIZES["kiosk"], "pages", claim_of(request)) as found:
        yield found


@by(
    Way.TOUCH,
    "home/idle",
    "move/many",
    "home/history",
    "home/entry",
    "home/undo",
    "home/search",
    "lookup/part",
    "home/status",
    "home/help",
)
def test_by_touch_alone(visitor: Visitor) -> None:
    visitor.press("^Move$")
    visitor.scan("Rack-A2", "Rack")
    visitor.sees("Scan all that goes to")
    visitor.scan("WSHR-NAS1149-C0563R", " at ")
    visitor.sees("1 to")
    visitor.press("Move 1")
    visitor.sees("ION has it: WSHR-NAS1149-C0563R is at")
    visitor.picture("home-last")
    # The last thing done stands on the home screen, and leads to the history.
    visitor.press("Move WSHR-NAS1149-C0563R")
    visitor.sees("What happened here")
    visitor.picture("history")
    visitor.press("Move WSHR-NAS1149-C0563R")
    visitor.sees("Entered")
    visitor.press("Take back")
    visitor.sees("Take this back?")
    visitor.picture("undo")
    visitor.press("Take back")
    visitor.sees("taken back")
    visitor.sees(re.compile("ION has it: WSHR-NAS1149-C0563R is at"))
    visitor.picture("undone")
    visitor.press("^Back$")
    visitor.sees("back to")
    visitor.press("^Back$")
    visitor.sees("Scan anything")
    visitor.press("^Search$")
    visitor.press("^Type.*scan it")
    board = visitor.page.locator("#keyboard")
    for character in "ORNG":
        board.get_by_role("button", name=character, exact=True).click()
    board.get_by_role("button", name="OK").click()
    visitor.sees("found by ORNG")
    visitor.picture("search")
    visitor.press("ORNG-2-214")
    visitor.sees("Part ORNG-2-214")
    visitor.page.locator(".states-tap").click(position={"x": 350, "y": 30})
    visitor.sees("Nothing waits")
    visitor.picture("status")
    visitor.press("^Help")
    visitor.sees("Scan one of these")
    expect(visitor.page.locator(".codes img").first).to_be_visible()
    visitor.picture("help")
    visitor.press("^Back$")
    visitor.sees("Part ORNG-2-214")


@by(
    Way.SCAN,
    "home/idle",
    "receive/order",
    "receive/line",
    "home/help",
    "home/undo",
    "home/history",
    "home/entry",
    "home/search",
    "home/status",
)
def test_by_scanning_alone(visitor: Visitor, address: str) -> None:
    scans = Scanner(visitor, address).scans
    scans("PO-10482", "PO-10482")
    scans("ORNG-2-214", "Scan the lot")
    scans("ION/CMD/QUANTITY/2", "2")
    scans("LOT-UNDO-1", "LOT-UNDO-1")
    scans("ION/CMD/CONFIRM", "ION has it: 2 × ORNG-2-214 received")
    scans("ION/CMD/HELP", "Scan one of these")
    scans("ION/CMD/BACK", "PO-10482")
    scans("ION/CMD/UNDO", "Take this back")
    scans("ION/CMD/CONFIRM", "ION has it: 2 × ORNG-2-214 is taken back")
    scans("ION/CMD/UNDO", "It was taken back already")
    scans("ION/CMD/HISTORY", "What happened here")
    scans("ION/CMD/CHOOSE/2", "Entered|Design")
    scans("ION/CMD/SEARCH", "A part of it is enough")
    scans("ORNG-2", "found by ORNG-2")
    scans("ION/CMD/CHOOSE/1", "ORNG-2-214")
    scans("ION/CMD/STATUS", "How it is")
    scans("ION/CMD/BACK", "ORNG-2-214")
