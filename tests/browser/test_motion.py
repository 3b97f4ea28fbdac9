"""What moves moves shortly, and not at all for who asked for that."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

import kiosk.web
from kiosk.model import Level, Message
from tests.browser.conftest import OpenScreen

pytestmark = pytest.mark.browser
SHEETS = sorted(path.name for path in (Path(kiosk.web.__file__).parent / "static").glob("*.css"))
LONGEST_MS = 150
LOAD = """(names) => Promise.all(names.map((name) => new Promise((loaded, failed) => {
  const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: `/static/${name}` });
  sheet.onload = loaded;
  sheet.onerror = () => failed(new Error(name));
  document.head.append(sheet);
})))"""
MOTIONS = """() => {
  const found = [];
  const inMs = (time) => parseFloat(time) * (time.trim().endsWith("ms") ? 1 : 1000) || 0;
  const ms = (times) => times.split(",").map(inMs);
  const longest = (style, kind) => {
    const waits = ms(style.getPropertyValue(`${kind}-delay`) || "0s");
    return Math.max(...ms(style.getPropertyValue(`${kind}-duration`) || "0s")
      .map((time, at) => time + waits[at % waits.length]));
  };
  const walk = (rules) => {
    for (const rule of rules) {
      if (rule.cssRules) walk(rule.cssRules);
      if (!rule.style || rule.conditionText === "(prefers-reduced-motion: reduce)") continue;
      const times = ["transition", "animation"].map((kind) => longest(rule.style, kind));
      if (rule.style.scrollBehavior === "smooth") times.push(Infinity);
      if (Math.max(...times) > 0) found.push([rule.selectorText, Math.max(...times)]);
    }
  };
  for (const sheet of document.styleSheets) walk(sheet.cssRules);
  return found;
}"""
MOVING = """() => {
  const styles = Array.from(document.querySelectorAll("*"), (element) =>
    [null, "::before", "::after"].map((part) => getComputedStyle(element, part))).flat();
  return styles.filter((style) => [style.transitionDuration, style.animationDuration]
    .some((times) => times.split(",").some((time) => parseFloat(time) > 0))).length;
}"""


def test_what_moves_moves_shortly_and_not_for_who_asked_for_that(open_screen: OpenScreen) -> None:
    screen = open_screen()
    page, station = screen.page, screen.kiosk.station
    page.emulate_media(reduced_motion="no-preference")
    page.evaluate(LOAD, SHEETS)
    motions = page.evaluate(MOTIONS)
    assert [rule for rule, time_ms in motions if time_ms > LONGEST_MS] == []
    assert ".bar" in {rule for rule, _ in motions}, "the walk sees what moves"
    assert page.evaluate(MOVING) > 0
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(MOVING) == 0
    station.alter(message=Message(Level.STOP, "Not on this order."))
    expect(page.locator("#frame")).to_have_class("flash")
    assert page.evaluate("document.getAnimations().length") == 0
