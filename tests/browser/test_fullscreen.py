"""A page alone on its screen keeps the browser's own keys and dialogs away; on others they work as ever."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenScreen
from tests.web.photo_screen import SCREEN, STATE

pytestmark = pytest.mark.browser
PREVENTED = """(keys) => keys.filter(([key, modifiers]) => {
  const event = new KeyboardEvent("keydown", { key, ...modifiers, bubbles: true, cancelable: true });
  document.body.dispatchEvent(event);
  return event.defaultPrevented;
}).map(([key]) => key)"""
LOOK = """(isAlone) => {
  const asked = window.matchMedia.bind(window);
  window.matchMedia = (query) =>
    query.includes("display-mode") ? { matches: isAlone, addEventListener() {} } : asked(query);
}"""
LOOK_ALONE = """() => {
  const rules = Array.from(document.styleSheets, (sheet) => [...sheet.cssRules]).flat();
  const isAlone = ({ media }) => media?.mediaText === "(display-mode: fullscreen)";
  for (const { media } of rules.filter(isAlone)) media.mediaText = "all";
}"""
"""A browser without a window is on no screen: what style sheets keep for that is let hold everywhere."""
KEYS: list[tuple[str, dict[str, bool]]] = [
    *((key, {"ctrlKey": True}) for key in ("n", "t", "p", "o", "s", "u", "l", "w")),
    *((key, {"altKey": True}) for key in ("ArrowLeft", "F4")),
    *((key, {}) for key in ("F1", "F11", "F12", "ContextMenu", "BrowserBack")),
    ("r", {"metaKey": True}),
]
OWN = [["a", {}], ["Enter", {}], ["ArrowDown", {}], ["Tab", {}], ["Escape", {}]]


@pytest.mark.parametrize("is_alone", [True, False])
def test_alone_on_a_screen_no_key_is_the_browser_s(open_screen: OpenScreen, *, is_alone: bool) -> None:
    screen = open_screen()
    screen.page.add_init_script(f"({LOOK})({str(is_alone).lower()})")
    screen.page.goto(f"http://127.0.0.1:{screen.server.port}/scanners")
    expected = [key for key, _ in KEYS] if is_alone else []
    assert screen.page.evaluate(PREVENTED, KEYS) == expected
    assert screen.page.evaluate(PREVENTED, OWN) == []


def test_alone_on_a_screen_no_file_is_chosen(open_screen: OpenScreen) -> None:
    screen = open_screen()
    page = screen.page
    screen.kiosk.station.show(SCREEN, STATE)
    screen.wait_for_revision()
    files = page.locator('label:has([type="file"]):visible')
    page.locator(".rail [data-opens=camera]").click()
    expect(files).to_have_count(1)
    page.add_init_script(f"({LOOK})(true)")
    screen.open()
    page.evaluate(LOOK_ALONE)
    for name in ("photo", "camera"):
        page.locator(f"[data-opens={name}]:visible").first.click()
        expect(page.locator(f"#{name} .said")).to_have_text("No camera here can be used. Ask a technician.")
        expect(files).to_have_count(0)
        screen.picture(f"alone-{name}")
        page.locator(f"#{name} [data-closes]").click()
