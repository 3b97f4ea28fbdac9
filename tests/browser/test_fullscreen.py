"""A page alone on its screen keeps the browser's own keys from it; elsewhere they are the browser's."""

import pytest

from tests.browser.conftest import OpenScreen

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
