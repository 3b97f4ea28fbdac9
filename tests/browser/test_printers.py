import re

import pytest
from playwright.sync_api import expect

from kiosk.model import BatchState, DeviceState, JobState, LabelAccount, Reason, Tally, Why
from kiosk.ports import BatchView
from kiosk.web import PRINTERS
from tests.browser import pictures
from tests.browser.conftest import OpenScreen, Screen, Size
from tests.browser.test_sizes import faults
from tests.web.fakes import NOW, print_job
from tests.web.print_samples import batch, busy, queue

pytestmark = pytest.mark.browser
OUT = DeviceState("dock-zebra", is_ready=False, text="Load labels")
SPARE = DeviceState("spare-zebra", is_ready=True, text="Ready.")


def stock(screen: Screen) -> None:
    """Give the kiosk a printer in trouble with all that can wait for it, and one that is idle."""
    busy(screen.kiosk.prints)
    jobs = [print_job(number, JobState.QUEUED, printer="dock-zebra") for number in range(18, 25)]
    why = "Printing was interrupted: look whether it came out whole."
    doubtful = print_job(7, JobState.UNKNOWN, error=why)
    last = [print_job(5), print_job(4, edition=2), print_job(3, JobState.VOIDED, error="torn")]
    screen.kiosk.jobs.jobs |= {one.id: one for one in (*jobs, doubtful, *last)}
    paused = batch(
        3, state=BatchState.PAUSED, by="Ada Okafor", tally=Tally({JobState.CONFIRMED: 3, JobState.HELD: 9})
    )
    again = batch(4, reason=Reason.LOST, note="on the floor", priority=80, tally=Tally({JobState.QUEUED: 1}))
    batches = (
        BatchView(batch(1, title="Receipt of PO-10007"), jobs[2]),
        BatchView(paused, print_job(22, JobState.HELD)),
        BatchView(again, jobs[5]),
    )
    screen.kiosk.prints.views = (
        queue(printer=OUT, since=NOW, batches=batches, asked=(doubtful,), printed=tuple(last), waiting=17),
        queue(printer=SPARE, in_flight=None, batches=(), printed=(), takers=(), waiting=0, stations=()),
    )


def is_fitting(screen: Screen) -> list[object]:
    wide = screen.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    small = screen.page.evaluate(
        "[...document.querySelectorAll('.button')].filter(b => b.checkVisibility())"
        ".filter(b => b.getBoundingClientRect().height < 63.5)"
        ".map(b => b.textContent.trim())"
    )
    return [wide, small]


@pytest.mark.parametrize("size", ["kiosk", "laptop", "phone"])
def test_the_page_of_printers_fits_and_is_live(open_screen: OpenScreen, size: Size) -> None:
    screen = open_screen(size)
    page = screen.page
    stock(screen)
    if page.locator(".tab.labels").is_visible():
        page.locator(".tab.labels").click()
    page.locator(".jobs .queues").click()
    expect(page.locator("section.queue")).to_have_count(2)
    expect(page.locator("section.queue .state").first).to_contain_text("Load labels")
    screen.picture(f"{size}-printers")
    pictures.take(page, f"{size}-printers-whole", is_whole=True)
    assert is_fitting(screen) == [0, []]
    screen.kiosk.prints.views = (queue(printer=SPARE),)
    screen.kiosk.rooms.changes.publish(PRINTERS)
    expect(page.locator("section.queue")).to_have_count(1)
    page.locator(".heading .button").first.click()
    expect(page.locator(".screen")).to_be_visible()
    assert faults(screen) == []


def test_what_a_person_does_with_a_queue(open_screen: OpenScreen) -> None:
    screen = open_screen("kiosk")
    page, prints = screen.page, screen.kiosk.prints
    stock(screen)
    page.goto(f"http://127.0.0.1:{screen.server.port}/printers?station=dock-1")
    said = page.locator("#ask")
    page.locator(".line.ask .button", has_text="Yes").click()
    expect(said).to_contain_text("came out")
    page.locator(".line.wait .button", has_text="Pause").first.click()
    expect(said).to_contain_text("Paused: 2 came out, 1 printing, 7 waiting")
    page.locator(".queue header .button", has_text="Pause").first.click()
    expect(said).to_contain_text("dock-zebra is paused")
    page.locator(".queue header .button", has_text="takes over").click()
    expect(said).to_contain_text("Print what waits for dock-zebra on spare-zebra?")
    screen.picture("kiosk-printers-take-over")
    said.locator(".button", has_text="Print on").click()
    expect(said).to_contain_text("3 labels moved to spare-zebra")
    page.locator(".line .button", has_text="Cancel").first.click()
    expect(said).to_contain_text("Cancel these labels?")
    said.locator(".button", has_text="Leave it").click()
    expect(said).to_be_empty()
    page.locator(".line .button", has_text="Again").first.click()
    expect(said).to_contain_text("Why is the label of SN-000005 printed once more?")
    screen.picture("kiosk-printers-again")
    assert is_fitting(screen) == [0, []]
    page.locator("#note").fill("under the truck")
    said.locator(".button", has_text="Lost").click()
    expect(said).to_contain_text("The label of SN-000005 is printed once more.")
    screen.picture("kiosk-printers-said")
    *acts, reprint = prints.acts
    assert [act[0] for act in acts] == ["confirm", "paused", "hold", "take over"]
    assert reprint[:5] == ("reprint", f"{5:032x}", 1, Why(Reason.LOST, "under the truck"), "")
    assert re.fullmatch("[0-9a-f]{32}", str(reprint[5])), "a second tap is no second label"


@pytest.mark.parametrize("size", ["kiosk", "laptop"])
def test_the_account_of_labels(open_screen: OpenScreen, size: Size) -> None:
    screen = open_screen(size)
    page, prints = screen.page, screen.kiosk.prints
    stock(screen)
    counts = {JobState.CONFIRMED: 40, JobState.VOIDED: 3, JobState.SENT: 1, JobState.QUEUED: 2}
    prints.table = (
        LabelAccount(NOW.date(), "dock-zebra", "part", Tally(counts), 2),
        LabelAccount(NOW.date(), "dock-zebra", "location", Tally({JobState.CONFIRMED: 5}), 0),
    )
    prints.doubts = (print_job(7, JobState.SENT), print_job(8, JobState.UNKNOWN, error="broke off"))
    screen.kiosk.jobs.jobs |= {job.id: job for job in prints.doubts}
    page.goto(f"http://127.0.0.1:{screen.server.port}/printers?station=dock-1")
    page.locator(".heading .button", has_text="Account").click()
    expect(page.locator("tfoot")).to_contain_text("51")
    screen.picture(f"{size}-account")
    assert is_fitting(screen) == [0, []]
    prints.doubts = prints.doubts[1:]
    page.locator(".line .button", has_text="It is there").first.click()
    expect(page.locator("#ask")).to_contain_text("The label of SN-000007 came out.")
    expect(page.locator(".line")).to_have_count(1)
    with page.expect_download() as download:
        page.locator(".heading .button", has_text="CSV").click()
    assert download.value.suggested_filename == "labels-2026-11-15-2026-11-21.csv"
