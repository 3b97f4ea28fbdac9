"""What the page's own scripts say looks like what the kiosk says: with the sign and the word of its state."""

import pytest
from playwright.sync_api import Page, expect

from kiosk.language import language
from kiosk.model import Level, Message, Operator
from kiosk.words import LANGUAGES
from tests.browser.conftest import OpenScreen
from tests.browser.test_wedge import types
from tests.web.fakes import World

pytestmark = pytest.mark.browser

GONE = "The kiosk does not answer. It is not sure that this was taken."
LOST = "No connection to the kiosk. Nothing is counted until this goes away."


def spoken(page: Page, kiosk: World, tag: str) -> None:
    kiosk.station.alter(operator=Operator("operator/1", "Mia Tanaka", language=tag))
    page.locator(f"html[lang={tag}]").wait_for(state="attached")
    page.wait_for_load_state()


def says(page: Page, where: str, *, icon: str, word: str, sentence: str) -> None:
    expect(page.locator(f"{where} > .icon use")).to_have_attribute("href", f"#icon-{icon}")
    expect(page.locator(f"{where} > .icon")).to_be_visible()
    expect(page.locator(f"{where} > .said > .word")).to_have_text(word)
    expect(page.locator(f"{where} > .said > .sentence")).to_have_text(sentence)


@pytest.mark.parametrize("tag", list(LANGUAGES))
def test_a_page_s_own_notice_looks_like_the_kiosk_s(open_screen: OpenScreen, tag: str) -> None:
    screen = open_screen()
    page, text = screen.page, language(tag).text
    spoken(page, screen.kiosk, tag)
    screen.kiosk.station.alter(message=Message(Level.GOOD, "Run found."))
    says(page, ".message", icon="circle-check", word=text("Good"), sentence=text("Run found."))
    screen.expected += ["ERR_FAILED", "htmx:", "undefined"]  # the browser and htmx tell of it, too
    page.route("**/press", lambda route: route.abort())
    page.locator('[data-command="ION/CMD/FLOW/receive"]').click()
    says(page, ".message", icon="octagon-x", word=text("Stop"), sentence=text(GONE))
    expect(page.locator(".bar")).to_have_class("bar stop")
    expect(page.locator("#said")).to_have_text(f"{text('Stop')}: {text(GONE)}")
    screen.picture(f"notice-{tag}")


def test_a_notice_that_asks_has_the_sign_of_asking(open_screen: OpenScreen) -> None:
    screen = open_screen()
    page = screen.page
    page.route("**/press", lambda route: route.fulfill(status=200, headers={"Kiosk-Stale": "true"}))
    page.locator('[data-command="ION/CMD/FLOW/receive"]').click()
    sentence = "The screen had changed. Look again, then press."
    says(page, ".message", icon="circle-question-mark", word="Your turn", sentence=sentence)
    expect(page.locator(".bar")).to_have_class("bar ask")


def test_a_notice_read_from_afar_has_its_sign(open_screen: OpenScreen) -> None:
    screen = open_screen()
    page = screen.page
    page.evaluate("document.documentElement.dataset.distance = 'far'")
    screen.expected.append("400")
    page.route("**/scan", lambda route: route.fulfill(status=400, body="That is no barcode."))
    types(screen, "PO-10007")
    says(page, "#afar", icon="octagon-x", word="Stop", sentence="That is no barcode.")


@pytest.mark.parametrize("tag", ["en", "de"])
def test_a_lost_connection_has_a_sign_and_a_word(open_screen: OpenScreen, tag: str) -> None:
    screen = open_screen()
    page, text = screen.page, language(tag).text
    spoken(page, screen.kiosk, tag)
    screen.server.stop()
    expect(page.locator("#lost")).to_be_visible()
    says(page, "#lost", icon="cloud-off", word=text("Offline"), sentence=text(LOST))
    assert page.locator("#lost").evaluate("lost => lost.scrollHeight <= lost.clientHeight")
    screen.picture(f"lost-{tag}")
    screen.faults.clear()
