"""What is always visible can be read at 800x480: in every language, by both clocks, in any trouble."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from kiosk.language.numerals import numerals
from kiosk.model import DeviceState, Operator
from kiosk.words import LANGUAGES
from tests.browser.conftest import OpenScreen, Screen
from tests.browser.test_sizes import faults

pytestmark = pytest.mark.browser

WIDEST_TIME = datetime(2026, 11, 21, 12, 58, tzinfo=UTC)
STATIONS = ("dock-1", "receiving-dock-2")
OPERATORS = ("Mia Tanaka", "Maximilian Großmüller")
LEAST_PX = {".station": 96, ".person .text": 64, ".lamp .text": 64}
"""Of a text that does not fit its room so much is seen: eight letters and an ellipsis of a station's name,
six of the others.
"""
ILLEGIBLE = """least => {
  const faults = [];
  const top = document.querySelector(".screen .top");
  const name = (one) => `${one.className || one.tagName}: ${one.textContent.trim()}`;
  const isSeen = (one) => one.getClientRects().length && one.getBoundingClientRect().width > 1;
  for (const [selector, px] of Object.entries(least)) for (const text of top.querySelectorAll(selector)) {
    const isCut = text.scrollWidth > text.clientWidth + 1;
    if (isSeen(text) && isCut && text.clientWidth < px) faults.push(`${name(text)}: ${text.clientWidth} px`);
  }
  for (const text of top.querySelectorAll(".clock, .lamp .number, .lamp.good .text, .lamp.offline .text"))
    if (isSeen(text) && text.scrollWidth > text.clientWidth + 1) faults.push(`${name(text)}: cut off`);
  const place = top.querySelector(".place");
  const [line, word] = [place, place.firstElementChild].map((one) => one.getBoundingClientRect());
  const isShown = word.top < line.bottom - 1;
  const { scrollWidth, clientWidth } = place.firstElementChild;
  const isCut = word.right > line.right + 1 || (scrollWidth > clientWidth + 1 && clientWidth < 96);
  if (isShown && isCut) faults.push(`${name(place)}: cut off`);
  const parts = [...top.querySelectorAll(".station, .person, .lamp, .clock")].filter(isSeen);
  const boxes = parts.map((one) => one.getBoundingClientRect());
  boxes.forEach((box, at) => {
    if (at && box.left < boxes[at - 1].right - 0.5) faults.push(`${name(parts[at])}: over another`);
    if (box.right > top.getBoundingClientRect().right - 8) faults.push(`${name(parts[at])}: over the edge`);
  });
  const lamps = [...top.querySelectorAll(".lamp")];
  for (const lamp of lamps) if (!isSeen(lamp)) faults.push(`${name(lamp)}: not there`);
  return faults;
}"""

NAMED = "(one, name) => { one.textContent = name; }"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What may be the matter at a station."""

    name: str
    waiting: int = 0
    parked: int = 0
    is_offline: bool = False
    scanners: int = 0
    """So many are gone."""
    printers: int = 0
    has_none: bool = False
    """The settings name neither a scanner nor a printer."""


TROUBLES = (
    Trouble("quiet"),
    Trouble("busy", waiting=12, parked=2),
    Trouble("none", has_none=True),
    Trouble("none but work", waiting=12, parked=2, has_none=True),
    Trouble("offline", waiting=128, is_offline=True),
    Trouble("scanner", waiting=3, parked=12, scanners=1),
    Trouble("printers", waiting=12, parked=2, printers=2),
    Trouble("all", waiting=128, parked=12, is_offline=True, scanners=1, printers=1),
)


def devices(kind: str, gone: int) -> tuple[DeviceState, ...]:
    return tuple(
        DeviceState(f"receiving-{kind}-{number}", is_ready=number > gone, text="unplugged")
        for number in range(1, max(gone, 1) + 1)
    )


def show(screen: Screen, trouble: Trouble, person: str, tag: str) -> None:
    screen.kiosk.station.alter(
        operator=Operator("operator/1", person, language=tag),
        waiting=trouble.waiting,
        parked=trouble.parked,
        ion=DeviceState("ION", is_ready=not trouble.is_offline, text="answers"),
        scanners=() if trouble.has_none else devices("gun", trouble.scanners),
        printers=() if trouble.has_none else devices("zebra", trouble.printers),
    )
    screen.page.locator(f"html[lang={tag}]").wait_for(state="attached")
    screen.wait_for_revision()


def tell(screen: Screen, tag: str, hours: str) -> None:
    """Show the widest time by a clock of so many hours."""
    told = numerals(tag, hours)
    shown = [told.time, told.clock(WIDEST_TIME)]
    screen.page.locator(".clock").evaluate(
        "(clock, [pattern, time]) => { clock.dataset.clock = pattern; clock.textContent = time; }", shown
    )


@pytest.mark.parametrize("tag", list(LANGUAGES))
def test_everything_is_legible_in_every_language_by_both_clocks(open_screen: OpenScreen, tag: str) -> None:
    screen = open_screen()
    found: dict[str, list[str]] = {}
    for trouble in TROUBLES:
        for station, person in zip(STATIONS, OPERATORS, strict=True):
            show(screen, trouble, person, tag)
            screen.page.locator(".top .station").evaluate(NAMED, station)
            for hours in ("12", "24"):
                tell(screen, tag, hours)
                screen.picture(f"bar-{tag}-{hours}-{trouble.name}-{station}")
                name = f"{trouble.name} {station} {hours}"
                found[name] = [*screen.page.evaluate(ILLEGIBLE, LEAST_PX), *faults(screen)]
    assert {name: told for name, told in found.items() if told} == {}


def test_what_is_in_order_gives_its_room_to_what_is_not(open_screen: OpenScreen) -> None:
    screen = open_screen()
    show(screen, Trouble("quiet"), "Mia Tanaka", "en")
    lamps = screen.page.locator(".top .lamps")
    expect(lamps.locator(".wait .number")).to_have_text("0")
    expect(lamps.get_by_text("Scanner", exact=True)).to_have_css("width", "1px")
    expect(screen.page.locator(".top .place > span")).to_be_in_viewport()
    before = screen.page.locator(".top .person").bounding_box()
    show(screen, Trouble("waits", waiting=1), "Mia Tanaka", "en")
    assert screen.page.locator(".top .person").bounding_box() == before, "it does not jump with each receipt"
    show(screen, Trouble("scanner", scanners=1), "Mia Tanaka", "en")
    expect(lamps.get_by_text("receiving-gun-1")).not_to_have_css("width", "1px")
    expect(lamps.get_by_text("Printer", exact=True)).to_have_css("width", "1px")
    expect(lamps.get_by_text("ION", exact=True)).to_be_visible()


def test_what_is_gone_has_a_sign_where_there_is_no_room_for_its_name(open_screen: OpenScreen) -> None:
    screen = open_screen()
    show(screen, TROUBLES[-1], "Mia Tanaka", "en")
    sign = "lamp => getComputedStyle(lamp, '::after').content"
    assert [lamp.evaluate(sign) for lamp in screen.page.locator("span.lamp.stop").all()] == ['"!"', '"!"']
    assert screen.page.locator(".lamp.good").count() == 0


def test_a_screen_reader_is_told_the_name_though_there_is_no_room_for_it(open_screen: OpenScreen) -> None:
    screen = open_screen()
    show(screen, TROUBLES[-1], "Mia Tanaka", "en")
    lamps = screen.page.locator(".top .lamps")
    expect(lamps.get_by_text("receiving-gun-1")).to_have_css("width", "1px")
    expect(lamps).to_match_aria_snapshot("- text: receiving-gun-1 !\n- img\n- text: receiving-zebra-1 !")
