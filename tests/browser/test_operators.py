"""The page of operators and the badge of the demo, on the real kiosk of ``kiosk demo``."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import pictures
from tests.browser.conftest import SIZES
from tests.browser.visitor import demo

pytestmark = pytest.mark.browser
BADGE, PIN = "1042", "271828"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with demo() as found:
        yield found


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    faults: list[str] = []
    context = browser.new_context(viewport=SIZES["kiosk"], reduced_motion="reduce")
    page = context.new_page()
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{address}operators?station=dock-1")
    yield page
    context.close()
    assert faults == []


def signed_in(page: Page) -> None:
    page.locator("[name=badge]").focus()
    page.keyboard.type(f"ION/OP/{BADGE}\n")
    expect(page.locator("[name=pin]")).to_be_focused()
    page.locator("[name=pin]").fill(PIN)
    page.locator("[name=pin]").press("Enter")
    expect(page.locator(".bar-of-office h2")).to_have_text("Mia Tanaka, lead")
    page.wait_for_load_state()  # the page came anew: before its scripts are there it takes no press


def test_a_pin_never_goes_into_an_address_though_the_scripts_are_not_there(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}operators?station=dock-1")
    before = page.url
    page.locator("[name=badge]").fill(BADGE)
    page.locator("[name=pin]").fill(PIN)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.locator("[name=pin]").press("Enter")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_timeout(500)
    assert (sent, page.url) == ([], before)
    context.close()


def test_a_lead_adds_somebody_disables_and_renews_them(page: Page) -> None:
    pictures.take(page, "operators-sign-in")
    signed_in(page)
    pictures.take(page, "operators-list")
    page.get_by_role("button", name="Add somebody").click()
    page.locator("[name=name]").fill("Jonas Lindqvist")
    page.locator("[name=badge]").fill("j-2077")
    page.locator("[name=pin]").fill("161803")
    page.locator("[name=again]").fill("161803")
    pictures.take(page, "operators-add")
    page.get_by_role("button", name="Add", exact=True).click()
    said = page.locator(".told.good .sentence")
    expect(said).to_have_text("Jonas Lindqvist can sign in with badge J-2077.")
    row = page.locator(".people-list li", has_text="Jonas")
    row.get_by_role("button").click()
    pictures.take(page, "operators-one")
    page.get_by_role("button", name="Disable").click()
    expect(row).to_contain_text("disabled")
    pictures.take(page, "operators-disabled")
    row.get_by_role("button").click()
    page.get_by_role("button", name="Renew").click()
    expect(row).to_contain_text(re.compile(r"until .*20\d\d"))
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("[name=badge]")).to_be_visible()
    assert PIN not in page.content()


def test_a_touchscreen_brings_its_own_keys(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport=SIZES["kiosk"], has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{address}operators?station=dock-1")
    keys = page.locator("#keys")
    page.locator("[name=badge]").tap()
    for name, text in (("Badge", BADGE), ("PIN", PIN)):
        expect(keys.locator("label")).to_have_text(name)
        for key in text:
            keys.locator(f'[data-key="{key}"]').tap()
        pictures.take(page, f"operators-keys-{name}")
        keys.locator("[data-ok]").tap()
    expect(keys).to_be_hidden()
    page.get_by_role("button", name="Sign in").tap()
    expect(page.locator(".bar-of-office h2")).to_have_text("Mia Tanaka, lead")
    context.close()


def test_the_demo_s_badge_signs_in_and_the_panel_signs_out(page: Page, address: str) -> None:
    page.goto(f"{address}station/dock-1")
    page.locator(".tab.pad-tab").click()
    card = page.locator(".pad .card", has_text="Mia Tanaka")
    expect(card).to_contain_text(f"PIN {PIN}")
    card.scroll_into_view_if_needed()
    pictures.take(page, "demo-badge")
    card.click()
    expect(page.locator(".top .person")).to_have_text("Mia Tanaka")
    pictures.take(page, "demo-signed-in")
    page.locator(".top .person").click()
    page.locator("#person .button", has_text="Sign out").click()
    expect(page.locator(".top .person")).to_have_text("Sign in")
