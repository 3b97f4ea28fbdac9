"""The floor's work on the real kiosk of ``kiosk demo``: by touch only, and by scanning only."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from tests import plain_http
from tests.browser.conftest import SIZES
from tests.browser.visitor import PATIENCE_MS, Scanner, Visitor, demo, visiting
from tests.browser.ways import Way, by, claim_of
from tests.test_photo import saved
from tests.test_snapshot import halves

pytestmark = pytest.mark.browser
PHOTO = FilePayload(name="p.png", mimeType="image/png", buffer=saved(halves()))


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with demo() as found:
        yield found


@pytest.fixture
def visitor(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Visitor]:
    """Visit at the smallest size, where least fits; other work is done at the larger ones."""
    with visiting(browser, address, SIZES["kiosk"], "work", claim_of(request)) as found:
        yield found
        _arrived(address)


def _arrived(address: str) -> None:
    """Wait until ION has everything; nothing may wait for a person."""
    end_s = time.monotonic() + PATIENCE_MS / 1000
    while True:
        view = plain_http.get(f"{address}api/v1/stations/dock-1").json()
        if not view["waiting"]:
            break
        assert time.monotonic() < end_s, "ION does not get everything"
        time.sleep(0.2)
    assert view["parked"] == 0


def _turns(visitor: Visitor, text: str) -> None:
    """Turn to more buttons."""
    visitor.press("More")
    visitor.sees(text)


def _builds(visitor: Visitor) -> None:
    visitor.press("Start")
    visitor.sees("Kit and clean parts started")
    visitor.press("Complete")
    visitor.sees("Kit and clean parts complete")
    visitor.press("Start")
    visitor.sees("O-ring lot is missing.")
    visitor.picture("unfinished")
    visitor.press("Fill in")
    visitor.picture("field-text")
    visitor.press("Type it")
    visitor.taps("keyboard", "LOT-7")
    visitor.sees("O-ring lot: LOT-7. All is filled in.")
    visitor.press("Complete")
    visitor.sees("Install O-rings complete")
    visitor.press("Start")
    visitor.sees("Torque fasteners started")
    visitor.press("Fill in")
    visitor.press("Enter")
    visitor.picture("keypad")
    visitor.taps("keypad", "6.2")
    visitor.sees("Now Witness stripe applied: yes or no?")
    visitor.picture("field-yes-or-no")
    visitor.press("Yes")
    visitor.sees("All is filled in.")
    visitor.press("Complete")
    visitor.sees("Torque fasteners complete")


def _inspects(visitor: Visitor) -> None:
    visitor.press("Start")
    visitor.sees("Final inspection started")
    visitor.press("Fill in")
    visitor.picture("field-choice")
    visitor.press("Accept")
    visitor.sees("Now sign Inspector.")
    visitor.press("Type the name")
    visitor.taps("keyboard", "ADA")
    visitor.sees("Sign Inspector as ADA? Confirm.")
    visitor.picture("field-signature")
    visitor.press("^Sign$")
    visitor.sees("All is filled in.")
    visitor.press("Complete")
    visitor.sees("Final inspection complete")
    visitor.picture("complete")


# By touch ------------------------------------------------------------------------------------------------


@by(Way.TOUCH, "lookup/inventory", "run/run", "run/procedures", "run/new", "run/field")
def test_a_run_is_created_filled_in_and_completed_by_touch(visitor: Visitor) -> None:
    visitor.scan("BRKT-ASSY-001 ASM-00012")
    _turns(visitor, "Report a problem")
    _turns(visitor, "New run")
    visitor.press("New run")
    visitor.sees("Which procedure is it?")
    visitor.picture("procedures")
    visitor.press("Bracket Assembly")
    visitor.picture("new")
    visitor.press("Create")
    visitor.sees(re.compile("run .*Bracket Assembly created"))
    _builds(visitor)
    _inspects(visitor)


@by(Way.TOUCH, "problem/title", "problem/disposition", "problem/report")
def test_a_step_fails_with_a_problem_and_a_photo_by_touch(visitor: Visitor) -> None:
    visitor.scan("VLV-4410 - SN-000123")
    visitor.sees("Valve Acceptance Test")
    visitor.does("START")
    visitor.sees("started")
    visitor.press("Fail")
    visitor.sees("What is wrong?")
    visitor.picture("problem")
    visitor.press("Damaged")
    visitor.sees("Damaged. Confirm, or add a photo.")
    visitor.takes_photo(PHOTO)
    visitor.sees("The photo is kept.")
    visitor.press("What becomes of it")
    visitor.press("Rework")
    visitor.sees("Rework")
    visitor.picture("report")
    visitor.press("Fail the step")
    visitor.sees("ION has it: Damaged is reported.")
    visitor.picture("failed")


@by(Way.TOUCH, "adjust/entry", "adjust/reason")
def test_stock_is_counted_and_scrapped_by_touch(visitor: Visitor) -> None:
    visitor.scan("FSTN-M5X16-A286", " at ")
    visitor.sees("Stock FSTN-M5X16-A286")
    _turns(visitor, "Count anew")
    visitor.press("Count anew")
    visitor.press("Counted")
    visitor.taps("keypad", "250")
    visitor.picture("reason")
    visitor.press("Counted again")
    visitor.picture("count")
    visitor.press("Correct")
    visitor.sees(re.compile("ION has it: 250 of FSTN-M5X16-A286 counted"))
    visitor.scan("FSTN-M5X16-A286", " at ")
    visitor.sees("Stock FSTN-M5X16-A286")
    _turns(visitor, "Scrap")
    visitor.press("Scrap")
    visitor.page.locator('.doing [data-verb="VALUE"]').click()
    visitor.taps("keypad", "5")
    visitor.press("Other reason")
    visitor.taps("keyboard", "DROPPED")
    visitor.sees("Scrap 5 of FSTN-M5X16-A286: confirm.")
    visitor.page.locator(".slot.confirm button").click()
    visitor.sees("ION has it: 5 of FSTN-M5X16-A286 scrapped.")


@by(Way.TOUCH, "move/many")
def test_many_things_are_moved_by_touch(visitor: Visitor) -> None:
    visitor.press("^Move$")
    visitor.scan("Rack-A2", "Rack")
    visitor.sees("Scan all that goes to")
    visitor.scan("FSTN-M5X16-A286", " at ")
    visitor.sees("FSTN-M5X16-A286: 1 to")
    visitor.scan("WSHR-NAS1149-C0563R", " at ")
    visitor.sees("2 to")
    visitor.picture("many")
    visitor.press("Move 2")
    visitor.sees("ION has it: WSHR-NAS1149-C0563R is at")


# By scanning ---------------------------------------------------------------------------------------------


@pytest.fixture
def scanner(visitor: Visitor, address: str) -> Scanner:
    return Scanner(visitor, address)


@by(Way.SCAN, "lookup/inventory", "run/run", "run/procedures", "run/new", "run/field")
def test_a_run_is_created_filled_in_and_completed_by_scanning(scanner: Scanner) -> None:
    scanner.scans("ION/PI/9007", "Stock ASM-00012")
    scanner.commands("CREATE", "Which procedure is it")
    scanner.scans("ION/PROC/12", "A new run of Bracket Assembly")
    scanner.commands("CONFIRM", "run .*Bracket Assembly created")
    scanner.commands("START", "ION has it: Kit and clean parts started")
    scanner.commands("COMPLETE", "ION has it: Kit and clean parts complete")
    scanner.commands("START", "ION has it: Install O-rings started")
    scanner.commands("COMPLETE", "O-ring lot is missing")
    scanner.scans("LOT-2026-0117", "All is filled in")
    scanner.commands("COMPLETE", "ION has it: Install O-rings complete")
    scanner.commands("START", "ION has it: Torque fasteners started")
    scanner.commands("ENTER", "Enter Final torque")
    for key in ("6", "DOT", "2"):
        scanner.commands(f"KEY/{key}", "Not sent yet")
    scanner.commands("CONFIRM", "Final torque: 6.2 N.m. Now Witness stripe applied")
    scanner.commands("YES", "All is filled in")
    scanner.commands("COMPLETE", "ION has it: Torque fasteners complete")
    scanner.commands("START", "ION has it: Final inspection started")
    scanner.commands("ENTER", "2 of 4|Result")
    scanner.commands("CHOOSE/1", "Now sign Inspector")
    scanner.scans("ION/OP/4711", "Sign Inspector as 4711")
    scanner.commands("CONFIRM", "All is filled in")
    scanner.commands("COMPLETE", "ION has it: Final inspection complete")


@by(Way.SCAN, "problem/title", "problem/report")
def test_a_step_fails_with_a_problem_by_scanning(scanner: Scanner) -> None:
    scanner.scans("ION/PI/9008", "Stock ASM-00013")
    scanner.commands("CREATE", "Which procedure is it")
    scanner.scans("BRACKET", "found with BRACKET")
    scanner.commands("CHOOSE/1", "A new run of Bracket Assembly")
    scanner.commands("CONFIRM", "created")
    scanner.commands("START", "ION has it: Kit and clean parts started")
    scanner.commands("FAIL", "Kit and clean parts fails. What is wrong")
    scanner.scans("BURR AT HOLE 3", "BURR AT HOLE 3. Confirm")
    scanner.commands("PHOTO", "scan the code with a phone")
    expect(scanner.visitor.page.locator("#phone")).to_be_visible()
    scanner.commands("CONFIRM", "ION has it: BURR AT HOLE 3 is reported")
    expect(scanner.visitor.page.locator("#phone")).to_be_hidden()


@by(Way.SCAN, "adjust/entry", "adjust/reason", "move/many")
def test_stock_is_counted_scrapped_and_moved_by_scanning(scanner: Scanner) -> None:
    scanner.scans("ION/PI/9021", "WSHR-NAS1149-C0563R")
    scanner.commands("RECOUNT", "really there")
    scanner.commands("QUANTITY/100", "Why")
    scanner.commands("CHOOSE/3", "Confirm")
    scanner.commands("CONFIRM", "ION has it: .* counted")
    scanner.scans("ION/PI/9021", "WSHR-NAS1149-C0563R")
    scanner.commands("SCRAP", "is scrap")
    scanner.commands("KEY/4", "4")
    scanner.commands("CONFIRM", "Why")
    scanner.scans("BENT", "Scrap 4 of WSHR-NAS1149-C0563R: confirm")
    scanner.commands("CONFIRM", "ION has it: 4 of WSHR-NAS1149-C0563R scrapped")
    scanner.commands("FLOW/MOVE", "Scan the stock that moves")
    scanner.scans("ION/LOC/8", "Scan all that goes to")
    scanner.scans("ION/PI/9021", "1 to")
    scanner.scans("ION/PI/9020", "2 to")
    scanner.commands("CONFIRM", "ION has it: FSTN-M5X16-A286 is at")
