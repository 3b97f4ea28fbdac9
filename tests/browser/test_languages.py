"""Every screen in every language on the smallest touchscreen: nothing is cut off or lies over another."""

from datetime import datetime

import pytest
from playwright.sync_api import expect

from kiosk.language import language
from kiosk.model import JobState, Level, Message
from kiosk.words import LANGUAGES
from tests.browser.conftest import OpenScreen
from tests.browser.test_sizes import faults
from tests.test_photo import saved
from tests.test_snapshot import halves
from tests.web.fakes import print_job
from tests.web.played import MORE_PLAYED, PHOTO
from tests.web.samples import SAMPLES

pytestmark = pytest.mark.browser

LONG = Message(
    Level.ASK,
    "{count} × {part} is more than the {rest} still expected. Confirm again if it is right.",
    {"count": "1250", "part": "BRKT-1042-07", "rest": "1000"},
)
CLIPPED = """() => {
  const faults = [];
  const buttons = ".button .label, .button small, .tab, .tile .label";
  const texts = `${buttons}, .bar .sentence, .lamp, .hint, .lead, .fact dt, .kind`;
  for (const text of document.querySelectorAll(texts)) {
    const style = getComputedStyle(text);
    if (style.textOverflow === "ellipsis" || text.clientWidth === 0) continue;
    const name = text.textContent.trim().slice(0, 40);
    if (text.scrollWidth > text.clientWidth + 1) faults.push(`${name}: cut off`);
    const button = text.closest(".button");
    const box = (one) => one.getBoundingClientRect();
    const holder = text.closest(".button, .tile");
    if (holder && box(text).right > box(holder).right + 1) faults.push(`${name}: over the edge`);
    if (button && box(text).bottom > box(button).bottom + 1) faults.push(`${name}: too high`);
  }
  const bar = [...document.querySelectorAll(".bar .button")];
  const [left, right] = bar.map((one) => one.getBoundingClientRect());
  if (right && left.right > right.left + 1) faults.push("the bar's buttons lie over each other");
  return faults;
}"""

COVERED = """() => {
  const buttons = [...document.querySelectorAll("#ambience .button")];
  return buttons.filter((button) => {
    const { left, right, top, bottom } = button.getBoundingClientRect();
    const corners = [left + 8, right - 8].flatMap((x) => [[x, top + 8], [x, bottom - 8]]);
    return !corners.every(([x, y]) => button.contains(document.elementFromPoint(x, y)));
  }).map((button) => `${button.textContent.trim()}: covered`);
}"""


@pytest.mark.parametrize("tag", [tag for tag in LANGUAGES if tag != "en"])
def test_every_screen_fits_in_every_language(open_screen: OpenScreen, tag: str) -> None:
    screen = open_screen("kiosk")
    screen.kiosk.jobs.add(
        print_job(1), print_job(2, JobState.UNKNOWN), print_job(3, JobState.FAILED, error="jam")
    )
    screen.kiosk.files.kept[PHOTO] = saved(halves(size=(640, 480)), "JPEG")
    screen.kiosk.station.alter(waiting=12, parked=2)
    screen.page.locator("[data-opens=jobs]").click()
    screen.page.locator(".jobs [data-opens=ambience]").click()
    screen.page.locator(f".languages [lang={tag}]").click()
    screen.page.locator(f"html[lang={tag}]").wait_for(state="attached")
    screen.page.wait_for_load_state()
    screen.expected.append("404")  # a photo is only shown while its screen is: these follow each other fast
    found: dict[str, list[str]] = {}
    samples = {name: (name, state) for name, state in SAMPLES.items()}
    for name, (shown, state) in (samples | MORE_PLAYED).items():
        screen.kiosk.station.show(shown, state, LONG)
        screen.wait_for_revision()
        screen.picture(f"{tag}-{name.replace('/', '-')}")
        clipped: list[str] = screen.page.evaluate(CLIPPED)
        found[name] = [*faults(screen), *clipped]
    assert {name: told for name, told in found.items() if told} == {}


@pytest.mark.parametrize("tag", LANGUAGES)
def test_the_panel_of_light_and_sounds_fits_in_every_language(open_screen: OpenScreen, tag: str) -> None:
    screen = open_screen("kiosk")
    page = screen.page
    page.locator("[data-opens=jobs]").click()
    page.locator(".jobs [data-opens=ambience]").click()
    if tag != "en":
        page.locator(f".languages [lang={tag}]").click()
        page.locator(f"html[lang={tag}]").wait_for(state="attached")
        page.wait_for_load_state()
        page.locator("[data-opens=jobs]").click()
        page.locator(".jobs [data-opens=ambience]").click()
    expect(page.locator("#ambience")).to_be_visible()
    screen.picture(f"ambience-{tag}")
    assert page.evaluate(CLIPPED) + page.evaluate(COVERED) == []


def test_a_touch_changes_the_language_of_the_whole_page(open_screen: OpenScreen) -> None:
    screen = open_screen("kiosk")
    moment = datetime(2026, 11, 26, 9, 5).astimezone()
    screen.page.clock.set_fixed_time(moment)
    screen.page.reload()
    clock = screen.page.locator(".clock")
    assert language("en").numerals.clock(moment) == "9:05 AM"
    expect(clock).to_have_text("9:05 AM")
    screen.page.locator("[data-opens=jobs]").click()
    screen.page.locator(".jobs [data-opens=ambience]").click()
    screen.picture("languages")
    screen.page.locator(".languages [lang=de]").click()
    screen.page.locator("html[lang=de]").wait_for(state="attached")
    screen.page.wait_for_load_state()
    assert language("de").numerals.clock(moment) == "09:05"
    expect(clock).to_have_text("09:05")
    screen.page.get_by_role("button", name="Start", exact=True).wait_for()
    screen.page.locator("[data-opens=camera]", has_text="Kamera").click()
    screen.page.locator("#camera", has_text="Schließen").wait_for()
