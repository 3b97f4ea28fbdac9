"""No word that a browser shows or speaks is left in English: every page in a language that marks its texts.

What ``tests/web/test_every_word.py`` finds in the HTML of a page, this finds in the page as it stands open:
the panels, what scripts put there, the title of the window, and what a screen reader is told.
"""

from collections.abc import Iterable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenScreen, Screen
from tests.browser.spoken import SPOKEN
from tests.browser.views import stocked, views
from tests.web.fakes import PAD
from tests.web.pseudo import marked, pseudo, unsaid_of
from tests.web.test_every_word import DESIGNS, data_in

pytestmark = pytest.mark.browser

OTHERS = (
    *(text for item in PAD for text in (item.title, item.detail)),
    *("Orders", "Locations", "[)>␞06␝1PSN74LVC1G08␝Q100␞␄", "LOT-A", "SN-1", "labels.designs"),
    *("ION/CMD/CANCEL", "Load labels and load ribbon"),
    "Does not answer: look at its plug and its cable, then switch it off and on",
    *("qr 1", "text 1", "receiving-dock-gun-left", "receiving-dock-left-zebra-zt411", "floor-brother"),
    *("cell-3", "kit-tsc", "lab-zebra", "ION shows 12 of 40, 12 were there before."),
)
"""Names, and what the kiosk of these tests is told to show."""

SHOWN = """() => {
  const said = ["placeholder", "aria-label", "title", "alt", "label", "data-sure", "data-title"];
  const silent = new Set(["SCRIPT", "STYLE", "TEXTAREA", "TEMPLATE", "svg"]);
  const found = [document.title, ...(window.spoken ?? [])];
  let sentence = "";
  const end = () => { if (sentence.trim()) found.push(sentence); sentence = ""; };
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) { sentence += node.data; return; }
    if (node.nodeType !== Node.ELEMENT_NODE || silent.has(node.tagName)) return;
    for (const name of said) if (node.getAttribute(name)) found.push(node.getAttribute(name));
    for (const part of ["::before", "::after"]) {
      const content = getComputedStyle(node, part).content;
      if (content.startsWith('"')) found.push(content);
    }
    const isInSentence = getComputedStyle(node).display === "inline" && node.tagName !== "SMALL";
    if (isInSentence) sentence += " "; else end();
    for (const child of node.childNodes) walk(child);
    if (!isInSentence) end();
  };
  walk(document.body);
  end();
  return found;
}"""
"""Every text of a page, each once as it is read: a sentence with what is emphasised in it."""


def shown(screen: Screen) -> list[str]:
    texts: list[str] = screen.page.evaluate(SHOWN)
    return texts


def data_of(screen: Screen) -> Iterable[str]:
    state = screen.kiosk.station.view_now.state
    return (*data_in(state), *DESIGNS, *OTHERS)


def test_every_word_that_a_page_shows_or_speaks_is_said(open_screen: OpenScreen) -> None:
    screen = open_screen("laptop", is_demo=True, has_sign_in=True, book=lambda _tag: pseudo())
    stocked(screen)
    screen.page.add_init_script(f"addEventListener('DOMContentLoaded', {SPOKEN})")
    screen.open()
    left: dict[str, list[str]] = {}
    for view in views():
        view.show(screen)
        for text in unsaid_of(shown(screen), data_of(screen)):
            left.setdefault(text, []).append(view.name)
    assert {text: names[:3] for text, names in left.items()} == {}


def test_what_a_page_says_of_a_press_that_fails_is_said(open_screen: OpenScreen) -> None:
    screen = open_screen("kiosk", book=lambda _tag: pseudo())
    screen.expected += ["ERR_INTERNET_DISCONNECTED", "400", "htmx:", "undefined"]
    sentence = screen.page.locator(".bar .sentence")
    screen.page.context.set_offline(True)
    screen.page.locator("[data-command='ION/CMD/SEARCH']").click()
    expect(sentence).to_have_text(marked("The kiosk does not answer. It is not sure that this was taken."))
    screen.page.context.set_offline(False)
    refused = """verb => htmx.ajax("POST", "/station/dock-1/press", { values: { verb } })"""
    screen.page.evaluate(refused, "no button")
    expect(sentence).to_have_text(marked("That is no button of this page."))
    assert unsaid_of(shown(screen), data_of(screen)) == []


def test_a_bare_word_is_found(open_screen: OpenScreen) -> None:
    screen = open_screen("laptop", book=lambda _tag: pseudo())
    screen.page.evaluate(SPOKEN)
    assert unsaid_of(shown(screen), data_of(screen)) == []
    screen.page.evaluate("""() => {
      document.title = "Bare window";
      document.querySelector("h1").title = "Bare hint";
      document.querySelector("h1").textContent = "Bare word";
      const said = Object.assign(document.createElement("p"), { textContent: "Bare voice" });
      said.setAttribute("role", "status");
      document.body.append(said);
    }""")
    screen.page.wait_for_function("window.spoken.length > 0")
    screen.page.evaluate("document.querySelector('[role=status]:last-child').remove()")
    found = set(unsaid_of(shown(screen), data_of(screen)))
    assert found == {"Bare window", "Bare hint", "Bare word", "Bare voice"}
