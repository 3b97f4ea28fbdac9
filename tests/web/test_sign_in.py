import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from kiosk.errors import SignInFailed
from kiosk.model import Operator
from kiosk.web import create_app
from kiosk.web.sign_in import COOKIE
from tests.fakes.sign_in import CODE
from tests.web.conftest import Page
from tests.web.fakes import World, world

ADA = Operator("ion/42", "Ada <Okafor>")
HERE = "/station/dock-1"


def sent_off(page: Page, **headers: str) -> tuple[str, str]:
    """Let the page's browser be sent off to sign in; return where to, and its cookie as it was set."""
    answer = page.client.post(f"{HERE}/sign-in/browser", headers={**page.headers, **headers})
    assert answer.status_code == 204
    return answer.headers["HX-Redirect"], answer.headers["Set-Cookie"]


def test_the_top_bar_says_who_is_signed_in(kiosk: World, page: Page) -> None:
    shown = page.client.get(f"{HERE}/screen").get_data(as_text=True)
    assert 'data-opens="person"' in shown
    assert ">Sign in<" in shown
    kiosk.desk.arrive("dock-1", ADA)
    shown = page.client.get(f"{HERE}/screen").get_data(as_text=True)
    assert "Ada &lt;Okafor&gt;" in shown
    assert ">Sign in<" not in shown


def test_where_nobody_signs_in_nothing_is_offered(page: Page) -> None:
    other = page.client.get("/station/floor%202/screen").get_data(as_text=True)
    assert 'data-opens="person"' not in other
    assert "ION" not in page.client.get("/station/floor%202/sign-in").get_data(as_text=True)
    assert page.client.get("/station/none/sign-in").status_code == 404
    client = create_app(replace(world().rooms, people=None)).test_client()
    assert 'data-opens="person"' not in client.get(f"{HERE}/screen").get_data(as_text=True)
    assert client.get(f"{HERE}/sign-in").status_code == 404
    assert client.get("/sign-in/callback").status_code == 404


def test_a_badge_shows_its_name_where_nobody_signs_in_with_ion() -> None:
    kiosk = world()
    kiosk.station.alter(operator=Operator("badge/7", "Mia"))
    rooms = replace(kiosk.rooms, people=None)
    shown = create_app(rooms).test_client().get(f"{HERE}/screen").get_data(as_text=True)
    assert "Mia" in shown
    assert 'data-opens="person"' not in shown


def test_who_came_by_badge_can_leave_without_ion(page: Page, kiosk: World) -> None:
    client = create_app(replace(kiosk.rooms, sign_in=None)).test_client()
    client.get(HERE)
    client.set_cookie("kiosk_csrf", page.client.get_cookie("kiosk_csrf").value)  # type: ignore[union-attr]
    kiosk.station.alter(operator=Operator("operator/7", "Mia"))
    assert 'data-opens="person"' in client.get(f"{HERE}/screen").get_data(as_text=True)
    panel = client.get(f"{HERE}/sign-in").get_data(as_text=True)
    assert "recorded in this name." in panel
    assert "ION" not in panel
    answer = client.post(f"{HERE}/sign-out", headers=page.headers).get_data(as_text=True)
    assert 'Nobody is signed in at <span class="keep">dock-1</span>' in answer
    assert "Scan a badge to sign in." in answer
    assert kiosk.station.view_now.operator is None


def test_the_api_tells_who_is_signed_in(kiosk: World, client: FlaskClient) -> None:
    assert client.get("/api/v1/stations/dock-1").get_json()["operator"] is None
    kiosk.desk.arrive("dock-1", ADA)
    told = client.get("/api/v1/stations/dock-1").get_json()["operator"]
    assert told == {"name": "Ada <Okafor>", "role": "operator"}


def test_a_code_for_a_phone_is_drawn_and_asked_after(kiosk: World, page: Page) -> None:
    before = page.client.get(f"{HERE}/sign-in").get_data(as_text=True)
    assert 'Nobody is signed in at <span class="keep">dock-1</span>' in before
    answer = page.client.post(f"{HERE}/sign-in/phone", headers=page.headers).get_data(as_text=True)
    assert kiosk.desk.asked == [("phone", "dock-1")]
    for shown in ("WDJB-MJHT", CODE.url, '<svg class="code"', 'hx-trigger="every 2s"', "10 minutes"):
        assert shown in answer
    for secret in (CODE.secret, CODE.verifier):
        assert secret not in answer
    kiosk.desk.arrive("dock-1", ADA)
    after = page.client.get(f"{HERE}/sign-in").get_data(as_text=True)
    assert "Ada &lt;Okafor&gt;" in after
    assert "hx-trigger" not in after


def test_signing_out(kiosk: World, page: Page) -> None:
    kiosk.desk.arrive("dock-1", ADA)
    answer = page.client.post(f"{HERE}/sign-out", headers=page.headers)
    assert "Nobody is signed in" in answer.get_data(as_text=True)
    assert kiosk.station.view_now.operator is None


def test_trouble_is_said(kiosk: World, page: Page) -> None:
    kiosk.desk.shown = replace(kiosk.desk.shown, trouble="The code has <expired>.")
    assert "The code has &lt;expired&gt;." in page.client.get(f"{HERE}/sign-in").get_data(as_text=True)
    kiosk.desk.shown = replace(kiosk.desk.shown, ways=(), trouble="")
    assert "ION offers no way to sign in" in page.client.get(f"{HERE}/sign-in").get_data(as_text=True)
    kiosk.desk.failure = SignInFailed("People do not sign in this way here.")
    for way in ("phone", "browser"):
        answer = page.client.post(f"{HERE}/sign-in/{way}", headers=page.headers)
        assert (answer.status_code, answer.get_data(as_text=True)) == (409, str(kiosk.desk.failure))


# The browser of a desk.


def test_a_browser_is_sent_off_with_a_secret_of_its_own(kiosk: World, page: Page) -> None:
    url, cookie = sent_off(page)
    assert url == "https://auth.example/auth?redirect_uri=http://localhost/sign-in/callback"
    assert re.fullmatch(
        r"kiosk_sign_in=[0-9a-f]{32}; (Expires=[^;]+; )?Max-Age=600; HttpOnly; Path=/sign-in; SameSite=Lax",
        cookie,
    )
    holders = {cookie.split(";")[0], sent_off(page)[1].split(";")[0]}
    assert len(holders) == len(kiosk.desk.sent) == 2


def test_it_comes_back_signed_in_and_once(kiosk: World, page: Page) -> None:
    sent_off(page)
    query = {"code": "c-1", "state": "s-1", "iss": "https://auth.example", "session_state": "x"}
    answer = page.client.get("/sign-in/callback", query_string=query)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/station/dock-1")
    assert kiosk.desk.answers == [{"code": "c-1", "state": "s-1", "iss": "https://auth.example"}]
    assert page.client.get_cookie(COOKIE, path="/sign-in") is None
    again = page.client.get("/sign-in/callback", query_string=query)
    assert again.status_code == 403
    assert len(kiosk.desk.answers) == 1


def test_an_answer_to_another_browser_signs_nobody_in(kiosk: World, page: Page, client: FlaskClient) -> None:
    sent_off(page)
    other = client.application.test_client()
    for cookie in (None, "f" * 32, "short", "g" * 32):
        if cookie is not None:
            other.set_cookie(COOKIE, cookie, path="/sign-in")
        answer = other.get("/sign-in/callback?code=c-1&state=s-1")
        assert answer.status_code == 403
        assert "Not signed in" in answer.get_data(as_text=True)
    assert [dict(answer) for answer in kiosk.desk.answers] == [{"code": "c-1", "state": "s-1"}]
    assert len(kiosk.desk.sent) == 1


@pytest.mark.parametrize("query", ["code=a&code=b&state=s", "state=s&state=t", "iss=a&iss=b&code=c&state=s"])
def test_an_answer_with_two_values_is_none(kiosk: World, page: Page, query: str) -> None:
    sent_off(page)
    assert page.client.get(f"/sign-in/callback?{query}").status_code == 403
    assert kiosk.desk.answers == []


def test_what_the_server_says_is_never_shown_as_it_is(kiosk: World, page: Page) -> None:
    sent_off(page)
    kiosk.desk.failure = SignInFailed("You did not sign in.")
    answer = page.client.get(
        "/sign-in/callback?error=access_denied&error_description=<script>alert(1)</script>&state=s"
    )
    text = answer.get_data(as_text=True)
    assert "You did not sign in." in text
    assert "<script>" not in text
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_way_back_is_the_address_that_the_browser_knows(kiosk: World) -> None:
    rooms = replace(
        kiosk.rooms, public_url="https://kiosk-1.example", allowed_hosts=frozenset({"kiosk-1.example"})
    )
    client = create_app(rooms).test_client()
    base = "https://kiosk-1.example"
    shown = client.get(HERE, base_url=base).get_data(as_text=True)
    token = re.search(r'"X-CSRF-Token": "([0-9a-f]+)"', shown)
    assert token is not None
    headers = {"X-CSRF-Token": token[1]}
    # Behind a proxy that speaks TLS the kiosk itself is asked in plain HTTP.
    for asked in (base, "http://kiosk-1.example"):
        answer = client.post(f"{HERE}/sign-in/browser", base_url=asked, headers=headers)
        assert answer.headers["HX-Redirect"].endswith(f"redirect_uri={base}/sign-in/callback")
        assert "; Secure;" in answer.headers["Set-Cookie"]
