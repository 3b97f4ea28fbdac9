from collections.abc import Mapping, Sequence
from typing import get_args

import pytest
from playwright.sync_api import expect

from kiosk.model import DeviceState, JobState, Json, Level, Message, Operator
from kiosk.settings import StationSettings
from tests.browser.conftest import SIZES, OpenScreen, Screen, Size
from tests.test_photo import saved
from tests.test_snapshot import halves
from tests.web.fakes import print_job
from tests.web.played import MORE_PLAYED, PHOTO
from tests.web.samples import SAMPLES

pytestmark = pytest.mark.browser

LONG = Message(
    Level.ASK, "BRKT-1042-07 is on two lines of PO-10007. Choose the one that the packing slip names."
)

SEEN_AFAR_PX = 30.3
"""How high what has to be made out from two metres is at 800 x 480: 10 minutes of arc, 5.8 mm, on the panel
of a 7 inch screen, which has 0.192 mm a pixel. So small a sign is usable where its contrast is good; to read
takes 16 minutes, which these signs have from 1.3 metres on (IBM's guide to ISO 9241-3, character size).
"""
CAPITALS = 0.729
"""Of a type size, the height of its capitals and digits in DejaVu Sans and DejaVu Sans Mono."""
FIT = """() => {
  const faults = [];
  const root = document.documentElement;
  const isPhone = getComputedStyle(document.querySelector(".screen")).display === "flex";
  if (root.scrollWidth > root.clientWidth) faults.push(`page scrolls sideways: ${root.scrollWidth}`);
  for (const button of document.querySelectorAll("button, a, select, summary, input:not([type=hidden])")) {
    const box = button.getBoundingClientRect();
    if (box.width === 0) continue;
    const name = button.textContent.trim().slice(0, 20) || button.id;
    if (button.closest(".top")) {
      const [x, isOpen] = [box.x + box.width / 2, "open" in document.body.dataset];
      const found = [1, 62].map((y) => document.elementFromPoint(x, y)?.closest("a, button"));
      const isHard = box.width < 63.5 || (!isOpen && found.some((one) => one !== button));
      if (isHard) faults.push(`${name}: hard to touch`);
      continue;
    }
    if (box.width < 63.5 || box.height < 63.5) faults.push(`${name}: ${box.width} x ${box.height}`);
    if (box.right > root.clientWidth + 0.5 && !button.closest(".papers"))
      faults.push(`${name}: cut off on the right`);
  }
  for (const part of document.querySelectorAll(".doing, .bar, .rail, .top")) {
    if (part.scrollWidth > part.clientWidth + 1) faults.push(`${part.className}: too wide`);
    if (isPhone || part.matches(".top")) continue;
    if (part.scrollHeight > part.clientHeight + 1) faults.push(`${part.className}: too high`);
  }
  for (const heading of document.querySelectorAll("h1.number")) {
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = heading;
    const isCut = scrollWidth > clientWidth + 1 || scrollHeight > clientHeight + 8;
    if (isCut) faults.push(`${heading.textContent}: cut off`);
  }
  const least = root.clientWidth === 800 ? SEEN_AFAR : 0;
  for (const heading of document.querySelectorAll("h1.number")) {
    const height = parseFloat(getComputedStyle(heading).fontSize) * CAPITALS;
    const text = heading.textContent.trim();
    if (text.length <= 10 && height < least) faults.push(`${text}: capitals of ${height} px`);
  }
  for (const sign of document.querySelectorAll(".message .icon")) {
    const { height } = sign.getBoundingClientRect();
    if (height < least) faults.push(`${sign.parentElement.className}: a sign of ${height} px`);
  }
  const what = document.querySelector(".what");
  if (!isPhone && what.scrollHeight > what.clientHeight + 1) faults.push("what: too high");
  return faults;
}""".replace("SEEN_AFAR", str(SEEN_AFAR_PX)).replace("CAPITALS", str(CAPITALS))
WIDEST_TIME = "clock => { clock.textContent = '12:58 PM'; }"
PLACES = """() => [".screen .slot.confirm", ".screen .bar", ".tab"].map((selector) => {
  const box = document.querySelector(selector).getBoundingClientRect();
  return [box.x, box.y, box.width, box.height].map(Math.round);
})"""


LOADED = """() => Promise.all(Array.from(document.images, (image) =>
  image.complete || image.loading === "lazy" ||
    new Promise((told) => { image.onload = image.onerror = () => told(true); })))"""
"""A picture that is asked for when the next screen is shown already is not there any more."""


def faults(screen: Screen) -> list[str]:
    screen.page.evaluate(LOADED)
    found: list[str] = screen.page.evaluate(FIT)
    return found


@pytest.mark.parametrize("size", get_args(Size))
def test_every_screen_fits(open_screen: OpenScreen, size: Size) -> None:
    screen = open_screen(size, has_sign_in=True)
    screen.kiosk.jobs.add(
        print_job(1), print_job(2, JobState.UNKNOWN), print_job(3, JobState.FAILED, error="jam")
    )
    screen.kiosk.files.kept[PHOTO] = saved(halves(size=(640, 480)), "JPEG")
    found: dict[str, list[str]] = {}
    places = set[str]()
    samples = {name: (name, state) for name, state in SAMPLES.items()}
    for name, (shown, state) in (samples | MORE_PLAYED).items():
        screen.kiosk.station.show(shown, state, LONG)
        screen.wait_for_revision()
        screen.picture(f"{size}-{name.replace('/', '-')}")
        found[name] = faults(screen)
        places.add(str(screen.page.evaluate(PLACES)))
    assert {name: told for name, told in found.items() if told} == {}
    assert len(places) == 1 or size == "phone"


@pytest.mark.parametrize(("width", "height"), [(667, 375), (844, 390), (932, 430)])
def test_a_phone_that_is_turned_is_a_phone(open_screen: OpenScreen, width: int, height: int) -> None:
    screen = open_screen(is_touch=True)
    screen.page.set_viewport_size({"width": width, "height": height})
    expect(screen.page.locator(".screen")).to_have_css("display", "flex")
    found: dict[str, list[str]] = {}
    for name in ("home/idle", "receive/order", "receive/line", "run/run", "home/history", "home/choose"):
        screen.kiosk.station.show(name, SAMPLES[name], LONG)
        screen.wait_for_revision()
        screen.picture(f"turned-{width}-{name.replace('/', '-')}")
        found[name] = faults(screen)
        for button in screen.page.locator(".doing button:enabled, .slot button:enabled").all():
            button.click(trial=True)
    assert {name: told for name, told in found.items() if told} == {}


def test_a_small_touchscreen_is_no_phone(open_screen: OpenScreen) -> None:
    screen = open_screen(is_touch=True)
    assert screen.page.evaluate("matchMedia('(pointer: coarse)').matches")
    expect(screen.page.locator(".screen")).to_have_css("display", "grid")


@pytest.mark.parametrize("size", get_args(Size))
def test_keypad_keyboard_and_camera_fit(open_screen: OpenScreen, size: Size) -> None:
    screen = open_screen(size)
    screen.kiosk.station.show("receive/line", SAMPLES["receive/line"])
    screen.wait_for_revision()
    for name in ("keypad", "keyboard"):
        screen.page.locator(f".doing [data-opens={name}]").click()
        screen.picture(f"{size}-{name}")
        assert faults(screen) == []
        screen.page.locator(f"#{name} [data-closes]").click()
        assert screen.page.locator(f"#{name}").is_hidden()
    screen.page.locator(".rail [data-opens=camera]").click()
    screen.page.locator("#camera .said", has_text="photo").wait_for()
    screen.picture(f"{size}-camera")
    assert faults(screen) == []


@pytest.mark.parametrize("size", get_args(Size))
def test_the_keypad_of_a_number_below_zero_fits(open_screen: OpenScreen, size: Size) -> None:
    screen = open_screen(size)
    screen.kiosk.station.show(*MORE_PLAYED["run/field-number"])
    screen.wait_for_revision()
    screen.page.locator(".doing [data-opens=keypad]").click()
    screen.page.locator("[data-key='4']").first.click()
    screen.page.locator("[data-signs]").click()
    screen.picture(f"{size}-keypad-signed")
    assert (screen.page.locator("#keypad-value").input_value(), faults(screen)) == ("-4", [])


@pytest.mark.parametrize("size", get_args(Size))
def test_all_troubles_at_once_fit(open_screen: OpenScreen, size: Size) -> None:
    screen = open_screen(size)
    gone = DeviceState("receiving-dock-gun-left", is_ready=False, text="unplugged: put the plug back")
    screen.kiosk.station.alter(
        scanners=(gone,),
        printers=(gone,),
        ion=gone,
        waiting=128,
        parked=12,
        location="A long location's name",
    )
    screen.wait_for_revision()
    screen.page.locator("[data-clock]").evaluate(WIDEST_TIME)
    screen.picture(f"{size}-troubles")
    assert faults(screen) == []


@pytest.mark.parametrize("size", get_args(Size))
def test_the_demo_fits(open_screen: OpenScreen, size: Size) -> None:
    screen = open_screen(size, is_demo=True)
    screen.kiosk.station.show("run/run", SAMPLES["run/run"], Message(Level.GOOD, "Run found."))
    screen.wait_for_revision()
    screen.picture(f"{size}-demo")
    assert faults(screen) == []
    if screen.page.locator(".pad-tab").is_visible():
        screen.page.locator(".pad-tab").click()
        screen.picture(f"{size}-demo-pad")
        assert faults(screen) == []
    assert screen.page.locator(".pad").is_visible()


def test_a_very_long_number_is_not_broken(open_screen: OpenScreen) -> None:
    screen = open_screen()
    for name, field in (("receive/unverified", "order_number"), ("home/choose", "text")):
        for length in (14, 22, 31, 32, 39, 60):
            screen.kiosk.station.show(name, {**SAMPLES[name], field: "8" * length})
            screen.wait_for_revision()
            assert faults(screen) == []


def test_a_bar_without_buttons_is_the_message_s(open_screen: OpenScreen) -> None:
    screen = open_screen()
    widths = {}
    for name in ("home/idle", "receive/order"):
        screen.kiosk.station.show(name, SAMPLES[name], LONG)
        screen.wait_for_revision()
        box = screen.page.locator(".message").bounding_box()
        assert box
        widths[name] = box["width"]
    assert widths["home/idle"] > 740
    assert widths["receive/order"] < 420


@pytest.mark.parametrize("size", ["kiosk", "laptop", "phone"])
def test_what_is_said_of_a_person_is_not_cut_off(open_screen: OpenScreen, size: Size) -> None:
    screen = open_screen(size, has_sign_in=True)
    screen.kiosk.station.alter(operator=Operator("operator/1", "Mia Tanaka"))
    screen.wait_for_revision()
    screen.page.locator("[data-opens=person]").click()
    said = screen.page.locator("#person .beside")
    expect(said.locator(".button")).to_have_count(3)
    screen.picture(f"{size}-person")
    panel, first = screen.page.locator("#person").bounding_box(), said.locator(".kind").bounding_box()
    assert panel
    assert first
    assert first["y"] >= panel["y"]
    assert faults(screen) == []


LISTS = {
    "home/choose": "options",
    "home/history": "rows",
    "home/search": "rows",
    "home/help": "items",
    "receive/order": "lines",
    "lookup/kit": "items",
    "move/many": "rows",
    "run/fields": "rows",
    "run/procedures": "rows",
    "problem/title": "rows",
    "adjust/reason": "rows",
}
"""Screens with a list, and where it stands in their state."""


def filled(state: Mapping[str, Json], rows: str, count: int) -> dict[str, Json]:
    """Return a screen's state with so many rows in its list, and more of them on further pages."""

    def longer(value: Json) -> Json:
        if isinstance(value, Mapping):
            return {name: more(each) if name == rows else longer(each) for name, each in value.items()}
        return value

    def more(value: Json) -> Json:
        assert isinstance(value, Sequence)
        return [value[place % len(value)] for place in range(count)]

    found = longer(state)
    assert isinstance(found, Mapping)
    return {**found, "page": "1", "pages": "3"}


@pytest.mark.parametrize(("size", "lines"), [("kiosk", 4), ("laptop", 6), ("desk", 9)])
def test_as_many_lines_as_the_settings_say_fit_the_screen(
    open_screen: OpenScreen, size: Size, lines: int
) -> None:
    assert StationSettings(name="x", screen="{width}x{height}".format(**SIZES[size])).lines == lines
    screen = open_screen(size)
    gone = DeviceState("receiving-dock-gun-left", is_ready=False, text="unplugged: put the plug back")
    found: dict[str, list[str]] = {}
    for name, rows in LISTS.items():
        many = lines + 3 if name in {"receive/order", "lookup/kit"} else lines
        state = filled(SAMPLES[name], rows, many)
        screen.kiosk.station.alter(lines=lines)
        screen.kiosk.station.show(name, state, LONG)
        screen.wait_for_revision()
        screen.picture(f"{size}-lines-{name.replace('/', '-')}")
        shown = screen.page.locator(".doing :is(.row, .rows li, .codes li)")
        expect(shown).to_have_count(lines)
        found[name] = faults(screen)
    screen.kiosk.station.alter(lines=lines, scanners=(gone,) * 12)
    screen.kiosk.station.show("home/status", {**SAMPLES["home/status"], "turns": "0"})
    screen.wait_for_revision()
    screen.picture(f"{size}-lines-status")
    expect(screen.page.locator(".states .state")).to_have_count(lines - 1)
    found["home/status"] = faults(screen)
    assert {name: told for name, told in found.items() if told} == {}
