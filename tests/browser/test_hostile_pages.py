"""Every page, with text made to do harm wherever somebody else's text can stand: none of it does anything."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from kiosk.barcodes import decoded
from kiosk.model import BadgeHolder, DeviceState, Json, Level, Message, OperationState, Operator, Past, Role
from kiosk.ports import BatchView, Labelled, Search
from kiosk.web import create_app, serve
from tests.browser.conftest import SIZES
from tests.fakes.parked import piece
from tests.flows.pasts import MOVE, operation, printed, scanned
from tests.hostile.strings import HARM
from tests.operators.world import MIA_PIN
from tests.operators.world import Office as People
from tests.web.fakes import FakeScanner, World, print_job, world
from tests.web.print_samples import batch, queue
from tests.web.samples import SAMPLES
from tests.web.test_settings import office_of

pytestmark = pytest.mark.browser
TEXT = " ".join(decoded(one) for one in HARM if any(sign in one for sign in (b"<", b"obeyed", b"{{")))
"""One after the other: what would end a tag, an attribute or a script, and then say more."""
SHORT = "<img src=x onerror=window.obeyed=1>"
HARMED = DeviceState(TEXT, is_ready=False, text=TEXT)
PATHS = (
    *("/", "/print", "/printers", "/print/reconciliation", "/parked", "/scanners", "/operators", "/settings"),
    *("/shift", "/labels", "/labels/location", "/sheets/commands", "/nothing", "/enter"),
)
"""Each is asked for once as a link would, and once with harm in what it is asked for."""
_OWN = frozenset(
    ["key", "kind", "fate", "at", "screen", "page", "pages", "part", "parts", "way", "show", "turns"]
)
"""Parts of a state that only the kiosk writes."""
STEPS = ("home/history", "home/entry", "home/search", "home/help", "home/status", "home/unknown")


def harmed() -> World:
    """Return a kiosk in which every text of others is made to do harm."""
    kiosk = world(is_demo=True, has_sign_in=True)
    job = print_job(1, error=TEXT, fields={"serialNumber": TEXT, "part.partNumber": TEXT}, encoded=TEXT)
    asked = batch(1, title=TEXT, by=TEXT, note=TEXT)
    kiosk.jobs.add(job)
    kiosk.prints.batches = {asked.id: asked}
    kiosk.prints.views = (queue(printer=HARMED, batches=(BatchView(asked, job),), printed=(job,)),)
    kiosk.parked.pieces = [piece(wanted=TEXT, facts={TEXT: TEXT}, why=TEXT, by=TEXT)]
    kiosk.scanners.append(FakeScanner(name=SHORT, port=TEXT, lamp=HARMED))
    kiosk.scanners[0].sends(TEXT.encode("utf-8", "replace"))
    kiosk.service.found = Search((Labelled(TEXT, TEXT, TEXT, TEXT, ("part",)),), trouble=TEXT)
    kiosk.happened += [
        scanned(3, TEXT.encode("utf-8", "replace")),
        printed(2, lotNumber=TEXT),
        Past(operation(replace(MOVE, arguments={**MOVE.arguments, "title": TEXT}), 1, OperationState.PARKED)),
    ]
    kiosk.station.alter(
        operator=Operator("operator/1", TEXT),
        location=TEXT,
        scanners=(HARMED,),
        printers=(HARMED,),
        ion=HARMED,
    )
    return kiosk


def spoiled(value: Json) -> Json:
    """Return a state in which what people and ION wrote is made to do harm."""
    if isinstance(value, dict):
        return {name: one if name in _OWN else spoiled(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [spoiled(one) for one in value]
    return TEXT if isinstance(value, str) and not value.isdigit() else value


@contextmanager
def opened(browser: Browser, folder: Path) -> Iterator[tuple[Page, World, str]]:
    """Open a page of such a kiosk; at its end it opened no dialog, asked nobody else and pressed nothing."""
    people = People(folder)
    people.come("T1", Role.TECHNICIAN)
    people.register.add(BadgeHolder("", SHORT, "T2", Role.LEAD), None, MIA_PIN, None)
    kiosk = harmed()
    server = serve(create_app(replace(kiosk.rooms, office=office_of(people))), "127.0.0.1", 0)
    home = f"http://127.0.0.1:{server.port}"
    page = browser.new_page(viewport=SIZES["laptop"])
    seen: list[str] = []
    page.on("dialog", lambda dialog: seen.append(dialog.message))
    page.on(
        "request", lambda one: None if one.url.startswith((home, "blob:", "data:")) else seen.append(one.url)
    )
    yield page, kiosk, home
    page.close()
    server.stop()
    people.journal.close()
    assert (seen, kiosk.station.presses, kiosk.station.scans) == ([], [], [])


def is_calm(page: Page) -> bool:
    """Return whether nothing on a page obeyed, and nothing of it became an element."""
    strangers = "main iframe, main script, main style, main base, main [onerror], main [onload]"
    return page.evaluate("window.obeyed") is None and page.locator(strangers).count() == 0


def test_no_page_obeys_what_stands_on_it(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path) as (page, _, home):
        page.goto(f"{home}/operators?station=dock-1")
        page.locator("[name=badge]").fill("T1")
        page.locator("[name=badge]").press("Enter")
        expect(page.locator("[name=pin]")).to_be_focused()
        page.locator("[name=pin]").fill(MIA_PIN.digits)
        page.locator("[name=pin]").press("Enter")
        expect(page.locator("main")).to_contain_text(SHORT)
        harm = quote(TEXT[:1500])
        found: dict[str, bool] = {}
        said = set[str]()
        for path in PATHS:
            for asked in (f"{path}?station=dock-1", f"{path}?q={harm}&station={harm}&of={harm}&to={harm}"):
                page.goto(home + asked)
                found[asked[:40]] = is_calm(page)
                if "window.obeyed" in page.inner_text("body"):
                    said.add(path)
        assert [path for path, calm in found.items() if not calm] == []
        assert said >= {"/print", "/printers", "/parked", "/scanners", "/operators"}


def test_no_page_of_a_station_obeys_what_stands_on_it(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, tmp_path) as (page, kiosk, home):
        page.goto(f"{home}/station/dock-1")
        expect(page.locator("#lately li")).to_have_count(3)
        for name in STEPS:
            state = spoiled(dict(SAMPLES[name]))
            assert isinstance(state, dict)
            kiosk.station.show(name, state, Message(Level.STOP, "{x}", {"x": TEXT}))
            page.locator(f'.screen[data-revision="{kiosk.station.view_now.revision}"]').wait_for()
            expect(page.locator("#frame")).to_contain_text("window.obeyed='script'")
            assert is_calm(page), name
        assert page.locator("#lately [onerror], #lately script, #lately img").count() == 0
        expect(page.locator("#lately")).to_contain_text("<script>window.obeyed=")
