"""PINs on their way from the page: in the body of one request, and in nothing that is kept or shown."""

import logging
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from kiosk.errors import JournalError
from kiosk.operators import PinReply
from kiosk.web import create_app
from tests.web.conftest import Page
from tests.web.fake_people import FakePeople
from tests.web.fakes import World
from tests.web.samples import SAMPLES

HERE = "/station/dock-1"
PIN, WRONG = "271828", "828182"


def asked(kiosk: World) -> None:
    kiosk.station.show("home/pin", SAMPLES["home/pin"])


def given(page: Page, pin: str, who: str = "operator/1") -> tuple[int, str, str | None]:
    answer = page.client.post(f"{HERE}/pin", headers=page.headers, data={"who": who, "pin": pin})
    return answer.status_code, answer.get_data(as_text=True), answer.headers.get("HX-Retarget")


def test_the_screen_says_whose_pin_and_what_for(kiosk: World, page: Page) -> None:
    asked(kiosk)
    shown = page.client.get(f"{HERE}/screen").get_data(as_text=True)
    for part in ("Mia Tanaka", "Install O-rings", "Complete", 'data-who="operator/1"'):
        assert part in shown


def test_a_right_pin_brings_the_next_screen(kiosk: World, page: Page) -> None:
    asked(kiosk)
    status, text, target = given(page, PIN)
    assert (status, target) == (200, "#frame")
    assert 'data-screen="run/run"' in text
    assert kiosk.people.given == [("dock-1", "operator/1", PIN)]


def test_a_wrong_one_says_so_beside_the_keys(kiosk: World, page: Page) -> None:
    asked(kiosk)
    kiosk.people.wait_s = 16
    status, text, target = given(page, WRONG)
    assert (status, target) == (200, None)
    assert "Wrong PIN." in text
    assert 'data-wait="16"' in text


@pytest.mark.parametrize("pin", [PIN, WRONG, "", "<script>", "1" * 500, "\x00"])
def test_no_pin_is_in_an_answer_the_log_or_the_api(
    kiosk: World, page: Page, caplog: pytest.LogCaptureFixture, pin: str
) -> None:
    asked(kiosk)
    with caplog.at_level(logging.DEBUG):
        _, text, _ = given(page, pin)
    shown = [
        text,
        caplog.text,
        page.client.get(f"{HERE}/screen").get_data(as_text=True),
        page.client.get("/api/v1/stations/dock-1").get_data(as_text=True),
    ]
    assert not pin or not [one for one in shown if pin in one]


def test_a_failure_says_nothing_of_the_pin(
    kiosk: World, page: Page, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(FakePeople):
        def give_pin(self, station: str, who: str, text: str) -> PinReply:
            del station, who, text
            raise JournalError("disk full")

    client = create_app(replace(kiosk.rooms, people=Broken({}))).test_client()
    client.get(HERE)
    client.set_cookie("kiosk_csrf", page.client.get_cookie("kiosk_csrf").value)  # type: ignore[union-attr]
    with caplog.at_level(logging.DEBUG):
        answer = client.post(f"{HERE}/pin", headers=page.headers, data={"who": "operator/1", "pin": PIN})
    assert answer.status_code == 503
    assert PIN not in answer.get_data(as_text=True) + caplog.text


def test_a_pin_in_an_address_is_not_read(kiosk: World, page: Page) -> None:
    asked(kiosk)
    page.client.post(f"{HERE}/pin?pin={PIN}&who=operator/1", headers=page.headers)
    assert kiosk.people.given == [("dock-1", "", "")]
    assert page.client.get(f"{HERE}/pin?pin={PIN}").status_code == 405


def test_a_page_of_another_site_gives_none(kiosk: World, page: Page, client: FlaskClient) -> None:
    data = {"who": "operator/1", "pin": PIN}
    assert client.post(f"{HERE}/pin", data=data).status_code == 403
    foreign = {**page.headers, "Sec-Fetch-Site": "cross-site"}
    assert page.client.post(f"{HERE}/pin", data=data, headers=foreign).status_code == 403
    assert kiosk.people.given == []


def test_where_nobody_is_asked_there_is_nothing_to_hand_in(kiosk: World, page: Page) -> None:
    client = create_app(replace(kiosk.rooms, people=None)).test_client()
    client.get(HERE)
    client.set_cookie("kiosk_csrf", page.client.get_cookie("kiosk_csrf").value)  # type: ignore[union-attr]
    assert client.post(f"{HERE}/pin", data={}, headers=page.headers).status_code == 404
