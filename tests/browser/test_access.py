"""WCAG 2.2 AA on every screen, panel and page, by axe-core in Chromium; full use by keyboard."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenScreen, Screen
from tests.browser.views import happened, stocked, views
from tests.web.samples import SAMPLES

pytestmark = pytest.mark.browser
AXE = (Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
RUN = """async (rules) => {
  const found = await axe.run(document, {
    runOnly: rules,
    resultTypes: ["violations"],
    elementRef: false,
  });
  const told = (node) => `${node.html.slice(0, 160)} ${node.any.map((one) => one.message).join("; ")}`;
  return found.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${told(node)}`));
}"""
LIGHTS = {
    "bright": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "dim": {"type": "rule", "values": ["color-contrast"]},
}
"""What axe looks for; in the dark only colours can be otherwise."""
SLOWLY_MS = 120


def violations(screen: Screen, rules: Mapping[str, object]) -> list[str]:
    page = screen.page
    if not page.evaluate("'axe' in window"):
        page.evaluate(f"{AXE}; undefined")
    found: list[str] = page.evaluate(RUN, rules)
    return found


def test_every_screen_and_page_can_be_used_by_everybody(open_screen: OpenScreen) -> None:
    screen = open_screen("kiosk", is_demo=True, has_sign_in=True)
    stocked(screen)
    found: dict[str, list[str]] = {}
    for view in views():
        view.show(screen)
        for light, rules in LIGHTS.items():
            screen.page.evaluate("(light) => { document.documentElement.dataset.light = light; }", light)
            if told := violations(screen, rules):
                found[f"{view.name}, {light}"] = told
    assert found == {}


def test_the_third_part_of_a_wide_page_can_be_used_by_everybody(open_screen: OpenScreen) -> None:
    screen = open_screen("laptop")
    screen.kiosk.happened += happened()
    screen.kiosk.station.alter(waiting=1)
    expect(screen.page.locator("#lately li")).to_have_count(12)
    for light, rules in LIGHTS.items():
        screen.page.evaluate("(light) => { document.documentElement.dataset.light = light; }", light)
        assert violations(screen, rules) == []
    screen.page.locator("#lately button:visible").last.focus()
    screen.page.keyboard.press("Tab")
    assert screen.page.evaluate("document.activeElement.closest('#lately')") is None
    assert screen.page.evaluate("document.getElementById('lately').scrollTop") == 0


def test_everything_is_done_by_keys_alone(open_screen: OpenScreen) -> None:
    screen = open_screen()
    page, station = screen.page, screen.kiosk.station
    station.show("receive/order", SAMPLES["receive/order"])
    screen.wait_for_revision()

    def tab_to(selector: str) -> None:
        for _ in range(20):
            page.keyboard.press("Tab")
            if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
                break
        outline = "getComputedStyle(document.activeElement).outlineStyle"
        assert (page.locator(f"{selector}:focus-visible").count(), page.evaluate(outline)) == (1, "solid")

    tab_to('[data-command="ION/CMD/CHOOSE/order-line/1"]')
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("BRKT-1042-07")
    expect(page.locator(".doing .button:focus-visible")).to_have_count(1)
    tab_to('[data-verb="QUANTITY"]')
    page.keyboard.press("Space")
    expect(page.locator("#keypad-value")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator('[data-verb="QUANTITY"]')).to_be_focused()
    page.keyboard.press("Space")
    page.keyboard.type("12\n", delay=SLOWLY_MS)
    expect(page.locator('[data-verb="QUANTITY"] .value')).to_have_text("12")
    expect(page.locator('[data-verb="QUANTITY"]')).to_be_focused()
    expect(page.locator("#said")).to_have_text("Your turn: Quantity: 12.")


def test_a_touch_leaves_no_button_that_enter_presses(open_screen: OpenScreen) -> None:
    screen = open_screen()
    page = screen.page
    screen.kiosk.station.show("receive/order", SAMPLES["receive/order"])
    screen.wait_for_revision()
    page.locator('[data-command="ION/CMD/CHOOSE/order-line/1"]').click()
    expect(page.locator("h1")).to_have_text("BRKT-1042-07")
    expect(page.locator("body")).to_be_focused()
