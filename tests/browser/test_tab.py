"""Every screen by Tab and Enter alone: nothing is passed over or holds the focus, and it is always seen."""

import time
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from kiosk.model import JobState
from tests.browser.conftest import OpenScreen, Screen
from tests.web.fakes import print_job
from tests.web.samples import SAMPLES

pytestmark = pytest.mark.browser
PATIENCE_S = 30.0
WATCH = """() => {
  const usual = `:is(a[href], button, input, select, textarea, summary, [tabindex="0"]):not(:disabled)`;
  // A scanner that types must not type into the PIN.
  const isThere = (element) =>
    element.id !== "pin-value" && element.checkVisibility({ visibilityProperty: true });
  const name = (element) => [
    element.closest("#frame .screen > *, .panel, aside")?.classList[0] ?? "page",
    element.dataset.command ?? element.dataset.opens ?? element.dataset.key ?? element.getAttribute("href")
      ?? element.className,
  ].join(" ");
  function isSeen(element) {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    const { x, y, width, height } = element.getBoundingClientRect();
    const hit = document.elementFromPoint(x + width / 2, y + height / 2);
    const isOutlined = outlineStyle === "solid" && parseFloat(outlineWidth) >= 2;
    return isOutlined && element.contains(hit);
  }
  window.visited = [];
  document.addEventListener("focusin", ({ target }) => {
    const { x, y, width, height } = target.getBoundingClientRect();
    const box = [x, y, x + width, y + height];
    // What only scrolls may have the focus or not: that is the browser's choice, by what fits.
    const isControl = target.matches(usual);
    window.visited.push({ name: name(target), isSeen: isSeen(target), isControl, box });
  });
  const pressed = "#frame :is(.doing, .slot) [hx-post]:not(:disabled)";
  window.pressable = () => [...document.querySelectorAll(pressed)].map(name);
  window.controls = () => [...document.querySelectorAll(usual)].filter(isThere).map(name);
  window.focused = () => name(document.activeElement);
}"""
"""Notes what gets the focus, by its part of the screen and what it does, and how that looks."""

SPOILED = """() => {
  document.querySelector(".slot button").tabIndex = -1;
  document.querySelector(".rail button").style.outline = "none";
  Object.assign(document.querySelector(".doing").style, { display: "flex", flexDirection: "column-reverse" });
}"""

PANELS: dict[str, tuple[str, ...]] = {
    "receive/line": ("keypad", "keyboard", "camera", "jobs", "person", "pad"),
    "problem/report": ("photo", "phone"),
}
"""What can be opened where."""
OPEN = {"panel", "jobs", "pad"}
"""What covers a screen, by the class of each."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A place where the focus was."""

    name: str
    is_seen: bool
    is_control: bool
    box: tuple[float, float, float, float]
    """Left, top, right, bottom."""

    @property
    def part(self) -> str:
        return self.name.partition(" ")[0]

    def is_read_before(self, other: "Stop") -> bool:
        """Return whether the other is beside this one to the right, or lower."""
        return other.box[1] >= self.box[3] - 1 or other.box[0] >= self.box[2] - 1


def is_in_what_is_open(name: str) -> bool:
    return name.partition(" ")[0] in OPEN


def tabbed(page: Page, presses: int) -> list[Stop]:
    """Press Tab so many times; return where the focus went."""
    page.evaluate("window.visited.length = 0")
    for _ in range(presses):
        page.keyboard.press("Tab")
    noted: list[dict[str, Any]] = page.evaluate("window.visited")
    stops = [Stop(one["name"], one["isSeen"], one["isControl"], tuple(one["box"])) for one in noted]
    # A whole browser gives the focus anew to what has it, where Tab comes back from its own controls.
    return [stop for stop, _ in groupby(stops)]


def faults_of(screen: Screen) -> list[str]:
    """Tab once around; return what is wrong with the way."""
    controls: list[str] = screen.page.evaluate("window.controls()")
    # The way around leads past the browser's own controls, and past what scrolls.
    stops = tabbed(screen.page, len(controls) + 3)
    names = [stop.name for stop in stops if stop.is_control][: len(controls)]
    first = controls.index(names[0])
    around = controls[first:] + controls[:first]
    found = [] if names == around else [f"expected {around}, went to {names}"]
    found += [f"the focus cannot be seen on {stop.name}" for stop in stops if not stop.is_seen]
    found += [
        f"{before.name} is not read before {after.name}"
        for before, after in pairwise(stops)
        if before.part == after.part and not before.is_read_before(after)
    ]
    return found


def entered(screen: Screen) -> list[str]:
    """Tab to the last button that does something at once, and press Enter; return what is wrong with that."""
    page, station = screen.page, screen.kiosk.station
    wanted: str = page.evaluate("window.pressable().at(-1)")
    for _ in range(len(page.evaluate("window.controls()")) + 3):
        if page.evaluate("window.focused()") == wanted:
            break
        page.keyboard.press("Tab")
    before = page.evaluate("window.focused()")
    screen.kiosk.station.alter(waiting=station.view_now.waiting + 1)
    screen.wait_for_revision()
    after = page.evaluate("window.focused()")
    if not before == wanted == after:
        return [f"the focus was to stay on {wanted} through news, and went from {before} to {after}"]
    station.presses.clear()
    page.keyboard.press("Enter")
    end_s = time.monotonic() + PATIENCE_S
    while not station.presses and time.monotonic() < end_s:
        page.wait_for_timeout(5)
    did = ["ION/CMD/" + "/".join(filter(None, (verb, argument))) for verb, argument, *_ in station.presses]
    return [] if did == [wanted.partition(" ")[2]] else [f"Enter on {wanted} did {did}"]


def test_every_screen_is_gone_around_by_tab_and_worked_by_enter(open_screen: OpenScreen) -> None:
    screen = open_screen()
    screen.page.evaluate(WATCH)
    found: dict[str, list[str]] = {}
    screen.expected.append("404")  # the samples name photos that nobody took
    for name, state in SAMPLES.items():
        screen.kiosk.station.show(name, state)
        screen.wait_for_revision()
        if faults := [*faults_of(screen), *entered(screen)]:
            found[name] = faults
    assert found == {}


def test_a_screen_that_keeps_something_from_the_keys_would_be_found(open_screen: OpenScreen) -> None:
    screen = open_screen()
    page = screen.page
    page.evaluate(WATCH)
    screen.kiosk.station.show("receive/order", SAMPLES["receive/order"])
    screen.wait_for_revision()
    page.evaluate(SPOILED)
    found = " ".join(faults_of(screen))
    for fault in ("expected [", "the focus cannot be seen on rail", "is not read before doing"):
        assert fault in found


def test_every_panel_is_opened_gone_through_and_closed_by_keys(open_screen: OpenScreen) -> None:
    screen = open_screen(is_demo=True, has_sign_in=True)
    screen.expected.append("404")  # the samples name photos that nobody took
    page, found = screen.page, dict[str, list[str]]()
    page.evaluate(WATCH)
    for name, panels in PANELS.items():
        screen.kiosk.station.show(name, SAMPLES[name])
        screen.wait_for_revision()
        for panel in panels:
            opener = page.locator(f"[data-opens={panel}]:visible").first
            page.keyboard.press("Tab")
            opener.focus()
            page.keyboard.press("Enter")
            expect(page.locator("body")).to_have_attribute("data-open", panel)
            controls = [name for name in page.evaluate("window.controls()") if is_in_what_is_open(name)]
            stops = tabbed(page, len(controls) + 2)
            faults = [f"the focus cannot be seen on {stop.name}" for stop in stops if not stop.is_seen]
            # One that has a single button keeps the focus on it.
            names = [page.evaluate("window.focused()"), *(stop.name for stop in stops)]
            faults += [f"went out to {name}" for name in names if not is_in_what_is_open(name)]
            page.keyboard.press("Escape")
            expect(page.locator("body[data-open]")).to_have_count(0)
            if not opener.evaluate("opener => opener === document.activeElement"):
                faults.append(f"closed, the focus went to {page.evaluate('window.focused()')}")
            if faults:
                found[panel] = faults
    assert found == {}


def test_news_leave_the_focus_in_what_is_open(open_screen: OpenScreen) -> None:
    screen = open_screen()
    screen.kiosk.jobs.add(print_job(1, JobState.UNKNOWN))
    screen.kiosk.station.alter(waiting=1)
    screen.wait_for_revision()
    page = screen.page
    page.evaluate(WATCH)
    page.keyboard.press("Tab")
    page.locator(".tab[data-opens=jobs]").focus()
    page.keyboard.press("Enter")
    page.locator(".jobs [data-opens=ambience]").focus()
    screen.kiosk.jobs.add(print_job(2, JobState.UNKNOWN))
    screen.kiosk.station.alter(waiting=2)
    screen.wait_for_revision()
    assert page.evaluate("window.focused()") == "jobs ambience"
