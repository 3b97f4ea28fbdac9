"""Signing in with ION on a station's page: by a code for a phone, and by the page's own browser."""

from dataclasses import replace

import pytest
from playwright.sync_api import Route, expect

from kiosk.model import Operator
from tests.browser.conftest import OpenScreen

pytestmark = pytest.mark.browser
ADA = Operator("ion/42", "Ada Okafor")


def test_a_code_is_shown_until_the_person_has_signed_in(open_screen: OpenScreen) -> None:
    screen = open_screen("kiosk", has_sign_in=True)
    page, desk = screen.page, screen.kiosk.desk
    desk.shown = replace(desk.shown, ways=("phone",))
    chip = page.locator(".top .person")
    expect(chip).to_have_text("Sign in")
    screen.picture("sign-in-nobody-bar")
    chip.click()
    expect(page.locator("#person h2")).to_have_text("Nobody is signed in at dock-1")
    screen.picture("sign-in-nobody")
    page.locator("#person .button", has_text="Sign in with ION").click()
    expect(page.locator("#person svg.code")).to_be_visible()
    expect(page.locator(".user-code")).to_have_text("WDJB-MJHT")
    screen.picture("sign-in-code")
    desk.arrive("dock-1", ADA)
    expect(page.locator("#person .who")).to_have_text("Ada Okafor", timeout=5000)
    expect(chip).to_have_text("Ada Okafor")
    screen.picture("sign-in-known")
    page.locator("#person [data-closes]").click()
    expect(page.locator("#person .answer")).to_be_empty()
    screen.picture("sign-in-known-bar")
    chip.click()
    page.locator("#person .button", has_text="Sign out").click()
    expect(chip).to_have_text("Sign in")
    assert [what for what, *_ in desk.asked] == ["phone"]


def test_a_code_that_is_not_looked_at_is_not_asked_after(open_screen: OpenScreen) -> None:
    screen = open_screen("kiosk", has_sign_in=True)
    page = screen.page
    asked: list[str] = []
    page.locator(".top .person").click()
    page.locator("#person .button", has_text="with a phone").click()
    expect(page.locator("#person svg.code")).to_be_visible()
    page.locator("#person [data-closes]").click()
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(2500)
    assert [url for url in asked if url.endswith("/sign-in")] == []


def test_trouble_is_said(open_screen: OpenScreen) -> None:
    screen = open_screen("kiosk", has_sign_in=True)
    page, desk = screen.page, screen.kiosk.desk
    desk.shown = replace(desk.shown, trouble="The code has expired. Ask for a new one.")
    page.locator(".top .person").click()
    expect(page.locator("#person .warning")).to_contain_text("The code has expired.")
    screen.picture("sign-in-trouble")


def test_the_page_s_browser_goes_to_ion_and_comes_back(open_screen: OpenScreen) -> None:
    screen = open_screen("laptop", has_sign_in=True)
    page, desk = screen.page, screen.kiosk.desk
    desk.shown = replace(desk.shown, ways=("browser",))
    back = f"http://127.0.0.1:{screen.server.port}/sign-in/callback"

    def sign_in(route: Route) -> None:
        """Be ION's server: the person signs in, and is sent back by a link from another site."""
        assert route.request.url == f"https://auth.example/auth?redirect_uri={back}"
        assert "referer" not in route.request.headers
        desk.arrive("dock-1", ADA)
        link = f"{back}?code=c-1&state=s-1"
        route.fulfill(content_type="text/html", body=f'<a href="{link}">You are signed in</a>')

    page.route("https://auth.example/**", sign_in)
    page.locator(".top .person").click()
    screen.picture("sign-in-browser")
    page.locator("#person .button", has_text="in this browser").click()
    page.get_by_text("You are signed in").click()
    expect(page.locator(".top .person")).to_have_text("Ada Okafor")
    assert page.url == f"http://127.0.0.1:{screen.server.port}/station/dock-1"
    assert [dict(answer) for answer in desk.answers] == [{"code": "c-1", "state": "s-1"}]


@pytest.mark.parametrize("size", ["laptop", "phone"])
def test_other_sizes(open_screen: OpenScreen, size: str) -> None:
    screen = open_screen(size, has_sign_in=True)
    page = screen.page
    screen.kiosk.station.alter(operator=replace(ADA, name="Bartholomew Featherstonehaugh-Cholmondeley"))
    screen.wait_for_revision()
    page.locator(".top .person").click()
    page.locator("#person .button", has_text="with a phone").click()
    expect(page.locator("#person svg.code")).to_be_visible()
    screen.picture(f"sign-in-code-{size}")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
