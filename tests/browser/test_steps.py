"""Steps that the floor's work comes to now and then, on a real kiosk: by touch only, by scanning only.

What is to be scanned is scanned either way; by touch it is only the answers that are touched.
"""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, FilePayload, expect

from tests.browser.conftest import SIZES
from tests.browser.visitor import PATIENCE_MS, Scanner, Visitor, visiting
from tests.browser.ways import Way, by, claim_of
from tests.end_to_end.floor import Plant, wait_for
from tests.end_to_end.test_operators import PIN, operator
from tests.end_to_end.test_people import Desk
from tests.test_photo import saved
from tests.test_snapshot import halves

pytestmark = pytest.mark.browser
ORDER, OTHER_ORDER, LOT_PART = "PO-10482", "PO-10478", "ORNG-2-214"
BADGE = "1042"
PHOTO = FilePayload(name="p.jpg", mimeType="image/jpeg", buffer=saved(halves(), "JPEG"))


@pytest.fixture(scope="module")
def plant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Plant]:
    """Run a kiosk that asks who counts, that phones find, and that knows of ION only what was scanned."""
    with Plant(tmp_path_factory.mktemp("steps")) as running:
        text = running.config.read_text()
        for line, more in (
            ('name = "dock-1"', 'asks = { adjust = "pin" }'),
            ("works_alone = true", "read_ahead_minutes = 0"),
            ("[web]", f'public_url = "http://127.0.0.1:{running.port}"'),
        ):
            text = text.replace(line, f"{line}\n{more}", 1)
        running.config.write_text(text)
        operator(running, "add", "Mia Tanaka", "--badge", BADGE, "--choose", text=f"{PIN}\n{PIN}\n")
        running.serve()
        wait_for(lambda: running.view()["ion"]["is_ready"], "ION's lamp")
        yield running


@pytest.fixture
def visitor(request: pytest.FixtureRequest, browser: Browser, plant: Plant) -> Iterator[Visitor]:
    with Desk(plant) as desk:
        desk.post("sign-out")
    for action in ("HOME", "CONFIRM") if plant.view()["screen"] != "home/idle" else ():
        # Where a test failed, something may be entered still.
        plant.post("stations/dock-1/events", {"action": action})
    with visiting(browser, _address(plant), SIZES["kiosk"], "steps", claim_of(request)) as found:
        yield found


@pytest.fixture
def scanner(visitor: Visitor, plant: Plant) -> Scanner:
    return Scanner(visitor, _address(plant))


def _address(plant: Plant) -> str:
    return f"http://127.0.0.1:{plant.port}/"


@contextmanager
def offline(plant: Plant) -> Iterator[None]:
    """Take ION away, and give it back whatever happens; at the end everything has arrived there."""
    plant.go_wrong({"kind": "offline", "on": True})
    try:
        yield
    finally:
        plant.go_wrong({"kind": "offline", "on": False})
    wait_for(lambda: not plant.view()["waiting"], "all of it to arrive")
    assert plant.view()["parked"] == 0


def label(order: str, quantity: int, lot: str) -> str:
    """Return a supplier's label on O-rings."""
    fields = (f"K{order}", f"P{LOT_PART}", f"Q{quantity}", f"1T{lot}")
    return "[)>\x1e06\x1d{}\x1e\x04".format("\x1d".join(fields))


def in_stock(plant: Plant, **facts: object) -> list[float]:
    """Return how much ION has of what has these facts, once it has any."""
    rows = wait_for(lambda: plant.stock(**facts), f"{facts} in stock")
    return [float(row["quantity"]) for row in rows]


def values_given(plant: Plant, operation: str, name: str) -> list[object]:
    """Return what each change of that kind said of one thing, by ION's own account."""
    changes = [each["arguments"]["input"] for each in plant.effects() if each["operation"] == operation]
    return [change.get(name) for change in changes]


def proves(visitor: Visitor) -> None:
    """Give the PIN, which is typed whatever the rest is done by."""
    visitor.sees("enter your PIN")
    visitor.taps("pin", PIN)


def photo_kept(visitor: Visitor, count: int) -> None:
    expect(visitor.page.locator(".taken img")).to_have_count(count, timeout=PATIENCE_MS)


# By touch ------------------------------------------------------------------------------------------------


@by(Way.TOUCH, "home/choose", "home/agree", "home/switch", "receive/photos")
def test_what_is_asked_of_a_label_by_touch(visitor: Visitor, scanner: Scanner, plant: Plant) -> None:
    before = len(plant.ion.ion.world.file_attachments)
    scanner.scans(ORDER, ORDER)
    scanner.scans(label(OTHER_ORDER, 5, "LOT-T1"), "Which one is it")
    visitor.picture("choose")
    visitor.press(OTHER_ORDER)
    visitor.sees("Confirm when it is right")
    visitor.press("^Receive$")
    visitor.sees("ION has it: 5")
    scanner.scans(ORDER, f"{ORDER}: ")
    scanner.scans(label("PO-NONE", 6, "LOT-T2"), "The label says order PO-NONE")
    visitor.press("Count it")
    visitor.sees("LOT-T2")
    visitor.press("^Photo")
    visitor.sees("attached to the stock")
    visitor.takes_photo(PHOTO)
    photo_kept(visitor, 1)
    visitor.press("^Done$")
    visitor.sees("1 taken")
    visitor.press("^Home$")
    visitor.sees("Leave it?")
    visitor.press("^Stay$")
    visitor.sees("LOT-T2")
    visitor.press("^Receive$")
    visitor.sees("ION has it: 6")
    scanner.scans(label(ORDER, 7, "LOT-T3"), "LOT-T3")
    visitor.press("^Home$")
    visitor.press("^Leave$")
    visitor.sees("Scan anything")
    assert in_stock(plant, lotNumber="LOT-T1") + in_stock(plant, lotNumber="LOT-T2") == [5, 6]
    assert plant.stock(lotNumber="LOT-T3") == []
    wait_for(lambda: len(plant.ion.ion.world.file_attachments) > before, "the photo in ION")


@by(Way.TOUCH, "home/who", "home/pin", "run/fields")
def test_who_counts_and_what_was_filled_in_by_touch(visitor: Visitor, scanner: Scanner, plant: Plant) -> None:
    """Nobody is signed in: a badge that is not at hand is typed."""
    scanner.scans("ION/PI/9020", "Stock FSTN-M5X16-A286")
    visitor.press("More")
    visitor.press("Count anew")
    visitor.sees("Scan your badge")
    visitor.types(f"ION/OP/{BADGE}")
    proves(visitor)
    visitor.press("Counted")
    visitor.taps("keypad", "1200")
    visitor.press("Counted again")
    visitor.press("Correct")
    visitor.sees(re.compile("ION has it: .*counted"))
    assert in_stock(plant, id=9020) == [1200]
    scanner.scans("ION/RUN/1202", "O-ring lot is missing")
    visitor.press("Fill in")
    visitor.press("Type it")
    visitor.taps("keyboard", "LOT-T8")
    visitor.sees("All is filled in")
    visitor.press("^Fields")
    visitor.sees("choose what to fill in or correct")
    visitor.press("O-ring lot")
    visitor.press("Type it")
    visitor.taps("keyboard", "LOT-T9")
    visitor.sees("O-ring lot: LOT-T9")
    wait_for(lambda: not plant.view()["waiting"], "ION to have it")
    assert values_given(plant, "updateRunStepFieldValue", "value")[-2:] == ["LOT-T8", "LOT-T9"]
    visitor.press("^Home$")
    visitor.page.locator(".top .person").click()
    visitor.page.locator("#person .button", has_text="Sign out").click()
    expect(visitor.page.locator(".top .person")).to_have_text("Sign in")


@by(Way.TOUCH, "home/unknown", "receive/unverified", "run/made")
def test_what_ion_cannot_be_asked_now_by_touch(visitor: Visitor, scanner: Scanner, plant: Plant) -> None:
    scanner.scans("ION/PI/9021", "Stock WSHR-NAS1149-C0563R")
    visitor.press("New run")
    visitor.press("Valve Acceptance Test")
    visitor.sees("A new run of Valve Acceptance Test")
    with offline(plant):
        visitor.press("^Create$")
        visitor.sees("kept, and comes up here as soon as ION has it")
        visitor.press("^Back$")
        visitor.sees("Stock WSHR-NAS1149-C0563R")
        visitor.types("PO-10484")
        visitor.sees("ION could not be asked")
        visitor.press("Receive on it")
        visitor.press("Type part or lot")
        visitor.taps("keyboard", "CONS-IPA-1L")
        visitor.press("Quantity")
        visitor.taps("keypad", "20")
        visitor.picture("unverified")
        visitor.press("^Receive$")
        visitor.sees("ION is asked whether PO-10484 expects it")
        visitor.press("^Cancel$")
        visitor.sees("Scan anything")
    assert values_given(plant, "createRun", "partInventoryId") == ["9021"]
    (line,) = (
        line for order in plant.data()["purchaseOrders"] for line in order["lines"] if line["id"] == 7008
    )
    assert float(line["receivedQuantity"]) == 20


# By scanning ---------------------------------------------------------------------------------------------


@by(Way.SCAN, "home/choose", "home/agree", "home/switch", "receive/photos")
def test_what_is_asked_of_a_label_by_scanning(
    visitor: Visitor, scanner: Scanner, plant: Plant, browser: Browser
) -> None:
    """Photos are a phone's, which scans its way in from the screen."""
    before = len(plant.ion.ion.world.file_attachments)
    scanner.scans(ORDER, ORDER)
    scanner.scans(label(OTHER_ORDER, 5, "LOT-S1"), "Which one is it")
    scanner.commands("CHOOSE/1", "Confirm when it is right")
    scanner.commands("CONFIRM", "ION has it: 5")
    scanner.scans(ORDER, f"{ORDER}: ")
    scanner.scans(label("PO-NONE", 6, "LOT-S2"), "The label says order PO-NONE")
    scanner.commands("CONFIRM", "LOT-S2")
    scanner.commands("PHOTO", "attached to the stock")
    scanner.commands("PHOTO", "scan the code with a phone")
    code = visitor.page.locator("#phone svg.code")
    (symbol,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(code.screenshot())))
    phone = browser.new_page(viewport=SIZES["phone"])
    phone.goto(symbol.text)
    phone.locator("input").first.set_input_files(PHOTO)
    expect(phone.locator(".words")).to_contain_text("The photo is kept.", timeout=PATIENCE_MS)
    phone.close()
    photo_kept(visitor, 1)
    scanner.commands("CONFIRM", "1 taken")
    scanner.scans("ION/RUN/1204", "Leave it")
    scanner.commands("BACK", "LOT-S2")
    scanner.commands("CONFIRM", "ION has it: 6")
    scanner.scans(label(ORDER, 7, "LOT-S3"), "LOT-S3")
    scanner.scans("ION/RUN/1204", "Leave it")
    scanner.commands("CONFIRM", "Valve Acceptance Test")
    assert in_stock(plant, lotNumber="LOT-S1") + in_stock(plant, lotNumber="LOT-S2") == [5, 6]
    assert plant.stock(lotNumber="LOT-S3") == []
    wait_for(lambda: len(plant.ion.ion.world.file_attachments) > before, "the photo in ION")


@by(Way.SCAN, "home/who", "run/fields", "problem/disposition")
def test_who_counts_what_was_filled_in_and_what_becomes_of_it_by_scanning(
    visitor: Visitor, scanner: Scanner, plant: Plant
) -> None:
    scanner.scans("ION/PI/9020", "Stock FSTN-M5X16-A286")
    scanner.commands("RECOUNT", "Scan your badge")
    scanner.scans(f"ION/OP/{BADGE}", "enter your PIN")
    proves(visitor)
    visitor.sees("really there")
    scanner.commands("QUANTITY/1100", "Why")
    scanner.commands("CHOOSE/3", "Confirm")
    scanner.commands("CONFIRM", "ION has it: .* counted")
    assert in_stock(plant, id=9020) == [1100]
    scanner.scans("ION/RUN/1201", "Kit and clean parts")
    scanner.commands("START", "ION has it: Kit and clean parts started")
    scanner.commands("COMPLETE", "ION has it: Kit and clean parts complete")
    scanner.commands("START", "ION has it: Install O-rings started")
    scanner.commands("ENTER", "Scan or type O-ring lot")
    scanner.scans("LOT-S8", "All is filled in")
    scanner.commands("ENTER", "choose what to fill in or correct")
    scanner.commands("CHOOSE/1", "Scan or type O-ring lot")
    scanner.scans("LOT-S9", "O-ring lot: LOT-S9")
    wait_for(lambda: not plant.view()["waiting"], "ION to have it")
    assert values_given(plant, "updateRunStepFieldValue", "value")[-2:] == ["LOT-S8", "LOT-S9"]
    scanner.scans("ION/PI/9024", "Stock HR-0031")
    scanner.commands("PROBLEM", "What is wrong")
    scanner.scans("BENT PIN", "BENT PIN on HR-0031: confirm")
    scanner.commands("CHOOSE/2", "What is to become of HR-0031")
    scanner.commands("CHOOSE/1", "BENT PIN on HR-0031: confirm")
    scanner.commands("CONFIRM", "ION has it: BENT PIN is reported")
    (issue,) = (each for each in plant.data()["issues"] if each["title"] == "BENT PIN")
    assert issue["dispositionType"] == "repair"


@by(Way.SCAN, "home/unknown", "receive/unverified", "run/made")
def test_what_ion_cannot_be_asked_now_by_scanning(visitor: Visitor, scanner: Scanner, plant: Plant) -> None:
    del visitor
    scanner.scans("ION/PI/9023", "Stock LOT-2026-0098")
    scanner.commands("CREATE", "Which procedure is it")
    scanner.scans("ION/PROC/15", "A new run of Incoming Inspection")
    with offline(plant):
        scanner.commands("CONFIRM", "kept, and comes up here as soon as ION has it")
        scanner.commands("BACK", "Stock LOT-2026-0098")
        scanner.scans("PO-10483", "ION could not be asked")
        scanner.commands("CONFIRM", "Scan or type the part number")
        scanner.scans("BRKT-001", "How many came")
        scanner.commands("QUANTITY/1", "Scan the lot or serial")
        scanner.scans("SN-S10", "SN-S10")
        scanner.commands("CONFIRM", "ION is asked whether PO-10483 expects it")
        scanner.commands("CANCEL", "Scan anything")
    assert "9023" in values_given(plant, "createRun", "partInventoryId")
    assert in_stock(plant, serialNumber="SN-S10") == [1]
