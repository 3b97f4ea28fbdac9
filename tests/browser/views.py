"""Every screen of a station, every panel on it and every page of the office, brought up one after the other.

``python -m tests.browser.views FOLDER`` makes a picture of each, in both lights and at four sizes; more
arguments are parts of the names that are wanted.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from kiosk.model import DeviceState, JobState, Level, Message, OperationState, Past
from kiosk.ports import BatchView
from kiosk.words import told
from tests.browser.conftest import ARGUMENTS, CHROMIUM, SIZES, Screen, open_screens
from tests.browser.test_printers import stock
from tests.fakes.label_service import found_valve
from tests.fakes.parked import piece
from tests.flows.pasts import GOT, MOVE, MOVED, RECEIPT, operation, printed, scanned
from tests.test_photo import saved
from tests.test_snapshot import halves
from tests.web.fakes import NOW, FakeScanner, print_job
from tests.web.played import MORE_PLAYED, PHOTO
from tests.web.print_samples import batch, queue
from tests.web.samples import SAMPLES

MESSAGES = (
    Message(
        Level.ASK,
        "{count} × {part} is more than the {rest} still expected. Confirm again if it is right.",
        {"count": "1250", "part": "BRKT-1042-07", "rest": "1000"},
    ),
    Message(Level.GOOD, "ION has it: {what} received.", {"what": "12 × BRKT-1042-07"}),
    Message(Level.STOP, "{part} is not on {order}.", {"part": "SN-000173", "order": "PO-10007"}),
    Message(Level.WAIT, "Looking for {text} …", {"text": "SN-000173"}),
    Message(
        Level.OFFLINE,
        "{text} is kept. It is not known here, and ION cannot be asked now.",
        {"text": "SN-000173"},
    ),
)
GONE = DeviceState("receiving-dock-gun-left", is_ready=False, text=told("ION does not answer."))
PANELS = ("keypad", "keyboard", "camera", "jobs", "ambience", "person", "pad", "command")


@dataclass(frozen=True, slots=True)
class View:
    """One thing that a person may have before them."""

    name: str
    show: Callable[[Screen], None]
    is_office: bool = False


def stocked(screen: Screen) -> None:
    """Give the kiosk something of everything that its pages show."""
    stock(screen)
    world = screen.kiosk
    world.files.kept[PHOTO] = saved(halves(size=(640, 480)), "JPEG")
    world.parked.pieces = [piece(), piece("o2", is_refused=True, why="Lot is required.", held=1)]
    world.service.found = found_valve()
    world.scanners += [FakeScanner(), FakeScanner(name="floor-gun", lamp=GONE, faults=3, kind="keyboard")]
    world.scanners[0].sends(b"]d1[)>\x1e06\x1d1PSN74\x1dQ100\x1e\x04")
    jobs = (
        print_job(1),
        print_job(2, JobState.UNKNOWN),
        print_job(3, JobState.FAILED, error="The cover is open."),
    )
    world.jobs.add(*jobs)
    world.happened += happened()


def happened() -> list[Past]:
    """Return more of what happened than the tallest page has room for, newest first."""
    refused = Past(operation(MOVE, 11, OperationState.PARKED))
    waiting = Past(operation(RECEIPT, 12, OperationState.QUEUED))
    asked = printed(10, JobState.UNKNOWN, lotNumber="LOT-2026-11-0007")
    bag = scanned(9, b"[)>\x1e06\x1d1PSN74LVC1G08\x1dQ100\x1e\x04", "home/unknown")
    return [
        waiting,
        refused,
        asked,
        bag,
        scanned(8, b"PO-10007", "receive/order"),
        GOT,
        printed(5),
        MOVED,
    ] * 2


def views() -> Iterator[View]:
    """Yield everything, in an order in which one follows the other on one page."""
    screens = {name: (name, state) for name, state in SAMPLES.items()} | MORE_PLAYED
    for number, (name, (shown, state)) in enumerate(screens.items()):
        message = MESSAGES[number % len(MESSAGES)]
        yield View(name.replace("/", "-"), partial(_at, shown=shown, state=state, message=message))
    yield View("troubles", _troubles)
    for level, message in zip(("ask", "good", "stop", "wait", "offline"), MESSAGES, strict=True):
        yield View(f"afar-{level}", partial(_afar, message=message))
    for panel in PANELS:
        yield View(f"panel-{panel}", partial(_opened, panel=panel))
    for path in (
        *("print", "printers", "parked", "scanners", "operators", "settings", "shift", "labels"),
        "sheets/commands",
    ):
        yield View(
            f"office-{path.replace('/', '-')}", partial(_page, path=f"/{path}?station=dock-1"), is_office=True
        )
    yield View("office-label-design", partial(_page, path="/labels/location"), is_office=True)
    yield View("office-reconciliation", partial(_page, path="/print/reconciliation"), is_office=True)
    yield View("office-stations", partial(_page, path="/"), is_office=True)
    yield View("office-error", _nothing_there, is_office=True)
    yield View("office-printers-troubles", _troubled_printers, is_office=True)


def _at(screen: Screen, *, shown: str, state: object, message: Message | None) -> None:
    if screen.page.locator(".screen").count() == 0:
        screen.open()
    screen.kiosk.station.show(shown, state, message)  # type: ignore[arg-type]  # states of flows are JSON
    screen.wait_for_revision()


def _afar(screen: Screen, *, message: Message) -> None:
    """Show what is said to who reads it from two metres, for as long as it stays."""
    root = "document.documentElement.dataset.distance"
    screen.page.evaluate(f"{root} = 'far'")
    _at(screen, shown="receive/line", state=SAMPLES["receive/line"], message=message)
    screen.page.evaluate(f"{root} = 'near'")


def _troubles(screen: Screen) -> None:
    devices = {"scanners": (GONE,), "printers": (GONE,), "ion": replace(GONE, name="ION")}
    screen.kiosk.station.alter(**devices, waiting=128, parked=12, message=None)
    screen.wait_for_revision()


def _troubled_printers(screen: Screen) -> None:
    """Show the queues of printers of which each is in another trouble."""
    texts = {
        "dock-zebra": "Paused by Ada Okafor. Let it go on under Printers.",
        "lab-zebra": "Press PAUSE on the printer",
        "cell-3": "Close the head",
        "receiving-dock-left-zebra-zt411": "Load labels and load ribbon",
        "floor-brother": "Does not answer: look at its plug and its cable, then switch it off and on",
        "kit-tsc": "Not reached: switch it on and check its cable.",
    }
    screen.kiosk.prints.views = tuple(
        queue(
            printer=DeviceState(name, is_ready=False, text=text),
            since=NOW,
            is_held=name == "dock-zebra",
            in_flight=None,
            batches=(
                BatchView(batch(number, title="Receipt of PO-10007"), print_job(number, JobState.QUEUED)),
            ),
            printed=(),
            waiting=3,
        )
        for number, (name, text) in enumerate(texts.items(), 1)
    )
    _page(screen, path="/printers?station=dock-1")


def _opened(screen: Screen, *, panel: str) -> None:
    ready = DeviceState("dock", is_ready=True, text="ready")
    screen.kiosk.station.alter(scanners=(ready,), printers=(ready,), ion=ready, waiting=3, parked=2)
    _at(screen, shown="receive/line", state=SAMPLES["receive/line"], message=MESSAGES[0])
    page = screen.page
    page.keyboard.press("Escape")
    if panel == "command":
        page.locator(".bar [data-command]").first.hover()
        page.mouse.down()
        page.locator("#command").wait_for()
        page.mouse.up()
        return
    if panel == "ambience" and page.locator(".tab.labels").is_visible():
        page.locator(".tab.labels").click()
    opener = page.locator(f"[data-opens={panel}]:visible")
    if opener.count():
        opener.first.click()
    if panel == "person":
        page.locator("#person .answer > *").first.wait_for()


def _page(screen: Screen, *, path: str) -> None:
    screen.page.goto(f"http://127.0.0.1:{screen.server.port}{path}")
    screen.page.wait_for_load_state()


def _nothing_there(screen: Screen) -> None:
    screen.expected.append("404")
    _page(screen, path="/nothing")


def _pictures(folder: Path, wanted: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, open_screens() as start:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        with closing(browser):
            for light in ("bright", "dim"):
                for size in SIZES:
                    screen = start(browser, size, is_demo=True, has_sign_in=True)
                    stocked(screen)
                    for view in views():
                        if wanted and not any(part in view.name for part in wanted):
                            continue
                        view.show(screen)
                        screen.page.evaluate(f"document.documentElement.dataset.light = '{light}'")
                        name = f"{size}-{light}-{view.name}.png"
                        screen.page.screenshot(
                            path=folder / name, animations="disabled", full_page=view.is_office
                        )
                    screen.page.close()


if __name__ == "__main__":
    expect.set_options(timeout=30_000)
    _pictures(Path(sys.argv[1]), sys.argv[2:])
