"""The four jobs of the first two minutes, by touch only, on the real kiosk of ``kiosk demo``."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests import plain_http
from tests.browser.conftest import SIZES
from tests.browser.visitor import PATIENCE_MS, Visitor, demo, visiting
from tests.browser.ways import Way, by, claim_of

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with demo() as found:
        yield found


@pytest.fixture(params=["kiosk", "desk"])
def visitor(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Visitor]:
    with visiting(
        browser, address, SIZES[request.param], f"demo-{request.param}", claim_of(request)
    ) as found:
        yield found


def test_a_part_is_looked_up(visitor: Visitor) -> None:
    visitor.scan("BRKT-ASSY-001 ASM-00012")
    visitor.sees("ASM-00012")
    for fact in ("BRKT-ASSY-001", "WC-Assembly-1", "Bracket Assembly"):
        visitor.sees(fact)
    visitor.picture("lookup")


@by(Way.TOUCH, "receive/order", "receive/line")
def test_an_order_is_received_labelled_and_found_again(visitor: Visitor) -> None:
    lot = f"LOT-{visitor.page.viewport_size and visitor.page.viewport_size['width']}"
    visitor.scan("PO-10482")
    visitor.sees("PO-10482")
    visitor.picture("order")
    visitor.press("ORNG-2-214")
    visitor.sees("Scan the lot")
    visitor.press("Quantity")
    visitor.picture("keypad")
    pad = visitor.page.locator(".keypad, [data-keypad]").first
    for digit in "12":
        pad.get_by_role("button", name=digit, exact=True).click()
    pad.get_by_role("button", name=re.compile("OK|Done|Enter")).click()
    visitor.sees("12")
    visitor.press("Lot")
    board = visitor.page.locator(".keyboard, [data-keyboard]").first
    for character in lot:
        board.get_by_role("button", name=character, exact=True).click()
    visitor.picture("keyboard")
    board.get_by_role("button", name=re.compile("OK|Done|Enter")).click()
    visitor.sees(f"Lot {lot}")
    visitor.picture("line")
    labels = visitor.labels()
    visitor.press("Receive")
    visitor.sees("ION has it: 12 × ORNG-2-214 received.")
    visitor.picture("received")
    visitor.scan_label(labels + 1)
    visitor.sees(f"Stock {lot}: ORNG-2-214 · 12")
    visitor.picture("found-again")


@by(Way.TOUCH, "run/run")
def test_a_run_is_started_completed_and_its_label_printed(visitor: Visitor, address: str) -> None:
    visitor.scan("VLV-4410 - SN-000123")
    visitor.sees("Valve Acceptance Test")
    visitor.picture("run")
    for verb in _moves(visitor, address):
        visitor.does(verb)
    visitor.sees(re.compile("complete", re.IGNORECASE))
    visitor.picture("run-complete")
    visitor.press("Print label")
    expect(visitor.page.locator(".screen")).to_contain_text(
        re.compile("Printing|printed"), timeout=PATIENCE_MS
    )


def _moves(visitor: Visitor, address: str) -> Iterator[str]:
    """Yield what can be done with the run, once ION has what was done before."""
    end_s = time.monotonic() + PATIENCE_MS / 1000
    while True:
        # Before then the station may not have heard of it, and would say that the same can be done still.
        visitor.is_answered()
        view = plain_http.get(f"{address}api/v1/stations/dock-1").json()
        if view["waiting"]:
            assert time.monotonic() < end_s, "ION does not get everything"
            time.sleep(0.25)
        elif view["state"]["can_start"] or view["state"]["can_complete"]:
            yield "START" if view["state"]["can_start"] else "COMPLETE"
        else:
            return


def test_a_label_is_printed_in_the_copies_that_were_chosen(visitor: Visitor) -> None:
    visitor.scan("WC-Test-1", "Workcenter")
    visitor.sees("WC-Test-1")
    visitor.press("Copies")
    pad = visitor.page.locator(".keypad, [data-keypad]").first
    pad.get_by_role("button", name="2", exact=True).click()
    pad.get_by_role("button", name=re.compile("OK|Done|Enter")).click()
    visitor.press("Print label")
    visitor.sees("2 labels of WC-Test-1 came out.")
    visitor.picture("copies")
