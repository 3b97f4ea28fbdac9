from datetime import UTC, datetime

from flask.testing import FlaskClient

from kiosk.errors import JournalError
from kiosk.model import Binding, DeviceState, Level, Message
from kiosk.ports import LearnView
from tests.web.conftest import Page
from tests.web.fakes import FakeScanner, World
from tests.web.markup import Markup

CODE = "ION/CMD/LEARN/AZ@7QM"
ADDED = Binding(
    "dock-1-scanner",
    "dock-1",
    "keyboard",
    "0c2e:0b61:HON1",
    "Honeywell 1950g <b> (0c2e:0b61, serial HON1)",
    datetime(2026, 11, 21, 9, tzinfo=UTC),
)


def test_the_page_offers_every_station(client: FlaskClient) -> None:
    page = Markup(client.get("/scanners").get_data(as_text=True))
    assert "Add a scanner to dock-1 floor 2" in page.text
    assert [
        button["hx-vals"] for tag, button in page.elements if tag == "button" and "hx-vals" in button
    ] == [
        '{"station": "dock-1"}',
        '{"station": "floor 2"}',
    ]


def test_the_page_s_own_token_is_taken(kiosk: World, page: Page) -> None:
    (body,) = Markup(page.client.get("/scanners").get_data(as_text=True)).having("hx-headers")
    assert page.headers["X-CSRF-Token"] in str(body["hx-headers"])
    answer = page.client.post("/scanners/learn", data={"station": "floor 2"}, headers=page.headers)
    assert kiosk.learning.shown.station == "floor 2"
    shown = Markup(answer.get_data(as_text=True))
    assert "Scan this with the scanner that is new at floor 2" in shown.text
    assert CODE in shown.text
    (picture,) = shown.having("src")
    assert picture["src"] == "/command.png?text=ION/CMD/LEARN/AZ%407QM"
    (news,) = shown.having("hx-trigger")
    assert news["hx-get"] == "/scanners/learn/news?code=ION/CMD/LEARN/AZ%407QM"


def test_an_unknown_station_is_refused(kiosk: World, page: Page) -> None:
    answer = page.client.post("/scanners/learn", data={"station": "none"}, headers=page.headers)
    assert answer.status_code == 404
    assert kiosk.learning.shown.station == ""


def test_while_the_code_is_shown_only_the_news_change(kiosk: World, client: FlaskClient) -> None:
    devices = (
        DeviceState("Honeywell 1950g", is_ready=True, text="Listening."),
        DeviceState("<Keyboard>", is_ready=False, text="Not permitted."),
    )
    advice = Message(Level.ASK, "{device}: scan again.", {"device": "<Keyboard>"})
    kiosk.learning.shown = LearnView("dock-1", CODE, 97, devices, advice)
    answer = client.get("/scanners/learn/news", query_string={"code": CODE})
    assert "HX-Retarget" not in answer.headers
    assert Markup(answer.get_data(as_text=True)).text == (
        "Listening for 97 seconds more. Your turn <Keyboard>: scan again. "
        "Honeywell 1950g Listening. <Keyboard> Not permitted."
    )


def test_the_whole_panel_changes_when_the_code_is_no_more_shown(kiosk: World, client: FlaskClient) -> None:
    kiosk.learning.shown = LearnView("", message=Message(Level.GOOD, "It scans for dock-1 now."))
    for query in ({"code": CODE}, {"code": ""}, {}):
        answer = client.get("/scanners/learn/news", query_string=query)
        assert answer.headers["HX-Retarget"] == "#learn"
        assert Markup(answer.get_data(as_text=True)).text.startswith(
            "Good It scans for dock-1 now. Add a scanner to"
        )


def test_without_a_candidate_it_says_so(kiosk: World, client: FlaskClient) -> None:
    kiosk.learning.shown = LearnView("dock-1", CODE, 97)
    assert "Plug it in now." in client.get("/scanners/learn").get_data(as_text=True)


def test_it_can_be_stopped(kiosk: World, page: Page) -> None:
    kiosk.learning.start("dock-1")
    answer = page.client.post("/scanners/learn/stop", headers=page.headers)
    assert kiosk.learning.shown.code == ""
    assert "Add a scanner to" in answer.get_data(as_text=True)


def test_what_was_added_is_shown_and_removed_after_a_question(kiosk: World, page: Page) -> None:
    kiosk.scanners += [FakeScanner(), FakeScanner(name="dock-1-scanner", kind="keyboard", binding=ADDED)]
    listed = Markup(page.client.get("/scanners/list").get_data(as_text=True))
    assert "Honeywell 1950g <b> (0c2e:0b61, serial HON1), added here Nov 21" in listed.text
    assert [button["hx-get"] for button in listed.having("hx-get")] == [
        "/scanners/forget?name=dock-1-scanner"
    ]
    asked = page.client.get("/scanners/forget?name=dock-1-scanner").get_data(as_text=True)
    assert "Remove dock-1-scanner from dock-1?" in asked
    assert kiosk.learning.forgotten == []
    answer = page.client.post("/scanners/forget", data={"name": "dock-1-scanner"}, headers=page.headers)
    assert kiosk.learning.forgotten == ["dock-1-scanner"]
    assert "dock-1-scanner was removed." in Markup(answer.get_data(as_text=True)).text


def test_a_scanner_of_the_settings_cannot_be_removed_here(kiosk: World, client: FlaskClient) -> None:
    kiosk.scanners.append(FakeScanner())
    assert client.get("/scanners/forget?name=dock-gun").status_code == 404


def test_a_removal_that_cannot_be_written_is_said(kiosk: World, page: Page) -> None:
    kiosk.learning.failure = JournalError("disk full")
    answer = page.client.post("/scanners/forget", data={"name": "dock-1-scanner"}, headers=page.headers)
    assert answer.status_code == 200
    assert "Not removed: the kiosk cannot write its journal." in answer.get_data(as_text=True)
