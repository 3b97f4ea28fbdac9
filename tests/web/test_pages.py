import json
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import kiosk.web
from kiosk.model import Level, Message
from kiosk.ports import LearnView
from kiosk.web import create_app
from tests.web.conftest import Page
from tests.web.fakes import PAD, World, world
from tests.web.markup import Markup
from tests.web.samples import SAMPLES

PAGES = Path(kiosk.web.__file__).parent / "pages"


def test_one_station_is_gone_to_at_once() -> None:
    answer = create_app(world(is_single=True).rooms).test_client().get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/station/dock-1")


def test_several_stations_are_offered(client: FlaskClient) -> None:
    links = Markup(client.get("/").get_data(as_text=True)).having("href")
    assert [link["href"] for link in links if link.get("class") == "button"] == [
        "/station/dock-1",
        "/station/floor%202",
        "/print",
    ]


def test_a_station_whose_name_has_a_space_works(client: FlaskClient) -> None:
    html = client.get("/station/floor%202").get_data(as_text=True)
    assert 'sse-connect="/events/floor%202?boot=' in html
    assert 'hx-post="/station/floor%202/press"' in html


def test_the_page_comes_with_its_screen(kiosk: World, client: FlaskClient) -> None:
    kiosk.station.show("home/choose", {**SAMPLES["home/choose"], "text": "PO-1"})
    page = Markup(client.get("/station/dock-1").get_data(as_text=True))
    assert "PO-1" in page.text
    assert [s["src"].partition("?")[0] for s in page.having("src") if s["src"] and "static" in s["src"]] == [
        "/static/vendor/htmx/htmx.min.js",
        "/static/vendor/htmx-ext-sse/sse.min.js",
        "/static/kiosk.js",
        "/static/theme.js",
        "/static/fullscreen.js",
    ]
    settings = next(m["content"] for m in page.having("content") if m["name"] == "htmx-config")
    assert json.loads(settings or "")["allowEval"] is False
    assert json.loads(settings or "")["includeIndicatorStyles"] is False


def test_without_a_demo_there_is_no_pad(client: FlaskClient) -> None:
    html = client.get("/station/dock-1").get_data(as_text=True)
    assert 'class="pad"' not in html
    assert 'data-opens="pad"' not in html


def test_the_pad_s_cards_send_just_what_their_barcode_says() -> None:
    kiosk = world(is_demo=True)
    client = create_app(kiosk.rooms).test_client()
    page = Markup(client.get("/station/dock-1").get_data(as_text=True))
    cards = [json.loads(card["hx-vals"] or "") for card in page.having("hx-vals") if card["class"] == "card"]
    assert [json.loads(card["json"]) for card in cards] == [item.text for item in PAD]
    assert [(image["src"] or "").partition("=")[0] for image in page.having("loading")] == [
        f"/pad/{index}.png?v" for index in range(len(PAD))
    ]


def test_the_tray_shows_the_labels_and_scans_those_that_say_something() -> None:
    kiosk = world(is_demo=True)
    client = create_app(kiosk.rooms).test_client()
    tray = Markup(client.get("/station/dock-1/tray").get_data(as_text=True))
    assert [paper.get("hx-vals") for paper in tray.having("type")] == ['{"json": "\\"SN-000173\\""}', None]
    kiosk.tray.clear()
    assert b"Nothing yet" in client.get("/station/dock-1/tray").data


def test_a_pressed_button_answers_the_new_screen(kiosk: World, page: Page) -> None:
    answer = page.client.post(
        "/station/dock-1/press",
        data={"verb": "FLOW", "argument": "receive", "revision": "1"},
        headers={**page.headers, "Idempotency-Key": "k1"},
    )
    assert kiosk.station.presses == [("FLOW", "receive", 1, "k1")]
    assert "Flow done." in Markup(answer.get_data(as_text=True)).text
    assert "Kiosk-Stale" not in answer.headers


def test_the_same_press_sent_again_is_pressed_once(kiosk: World, page: Page) -> None:
    for _ in range(2):
        page.client.post(
            "/station/dock-1/press",
            data={"verb": "CONFIRM"},
            headers={**page.headers, "Idempotency-Key": "k1"},
        )
    assert len(kiosk.station.presses) == 1


def test_a_press_on_an_old_screen_does_nothing_and_says_so(kiosk: World, page: Page) -> None:
    kiosk.station.alter(waiting=1)
    answer = page.client.post(
        "/station/dock-1/press", data={"verb": "CONFIRM", "revision": "1"}, headers=page.headers
    )
    assert kiosk.station.presses == []
    assert (answer.status_code, answer.headers["Kiosk-Stale"]) == (200, "true")
    assert 'data-revision="2"' in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"verb": ""},
        {"verb": "confirm"},
        {"verb": "CONFIRM\n"},
        {"verb": "A" * 33},
        {"verb": "CONFIRM", "revision": "-1"},
        {"verb": "CONFIRM", "revision": "1e3"},
        {"verb": "CONFIRM", "revision": "²"},
        {"verb": "CHOOSE", "argument": "x" * 501},
    ],
)
def test_what_is_no_button_is_refused(kiosk: World, page: Page, form: dict[str, str]) -> None:
    assert page.client.post("/station/dock-1/press", data=form, headers=page.headers).status_code == 400
    assert kiosk.station.presses == []


@pytest.mark.parametrize(
    ("form", "data"),
    [
        ({"text": "PO-10007"}, b"PO-10007"),
        ({"text": " é "}, " é ".encode()),
        ({"json": '"[)>\\u001e06\\u001d1PX\\u0004"'}, b"[)>\x1e06\x1d1PX\x04"),
        ({"json": '"a\\rb\\nc\\u0000"'}, b"a\rb\nc\x00"),
        ({"json": '"\\udcff"'}, b"\xff"),
        ({"json": '"é"', "text": "ignored"}, "é".encode()),
        ({"base64": "XWQxAB0eBP8="}, b"]d1\x00\x1d\x1e\x04\xff"),
    ],
)
def test_a_scan_made_on_the_page_arrives_byte_for_byte(
    kiosk: World, page: Page, form: dict[str, str], data: bytes
) -> None:
    answer = page.client.post(
        "/station/dock-1/scan", data=form, headers={**page.headers, "Idempotency-Key": "s1"}
    )
    assert answer.status_code == 200
    assert kiosk.station.scans == [(data, "page", "s1")]


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"text": ""},
        {"json": ""},
        {"json": "1"},
        {"json": '""'},
        {"json": '"x'},
        {"json": "[" * 9999},
        {"json": '"\\ud800"'},
        {"base64": ""},
        {"base64": "é"},
        {"base64": "AA"},
    ],
)
def test_what_is_no_scan_is_refused(kiosk: World, page: Page, form: dict[str, str]) -> None:
    assert page.client.post("/station/dock-1/scan", data=form, headers=page.headers).status_code == 400
    assert kiosk.station.scans == []


def test_a_scan_of_a_megabyte_gets_an_answer(kiosk: World, page: Page) -> None:
    answer = page.client.post("/station/dock-1/scan", data={"text": "x" * 1_000_000}, headers=page.headers)
    assert answer.status_code == 200
    assert [len(data) for data, _, _ in kiosk.station.scans] == [1_000_000]


def test_a_key_that_is_too_long_is_refused(kiosk: World, page: Page) -> None:
    answer = page.client.post(
        "/station/dock-1/scan", data={"text": "A"}, headers={**page.headers, "Idempotency-Key": "k" * 201}
    )
    assert answer.status_code == 400
    assert kiosk.station.scans == []


def test_no_form_is_sent_by_the_browser_itself_before_the_scripts_are_there() -> None:
    """A form without a method puts its fields into the address; two are meant to work without scripts."""
    pages = {path.name: path.read_text() for path in PAGES.glob("*.html")}
    forms = {name: re.findall(r"<form\b[^>]*>", text) for name, text in pages.items()}
    own = {name for name, tags in forms.items() if not all('method="dialog"' in tag for tag in tags)}
    assert own == {"phone.html", "print.html"}
    assert sum(map(len, forms.values())) > len(own)


def test_a_page_that_is_not_there_says_so_in_words(client: FlaskClient) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404
    assert "There is no such page Go back to the kiosk, and choose again." in Markup(answer.text).text


def test_what_is_said_on_a_page_has_a_sign_and_a_word_everywhere() -> None:
    said = {
        path.name: re.findall(r'<p class="told[^>]*>', path.read_text(encoding="utf-8"))
        for path in PAGES.glob("*.html")
    }
    by_scripts = '<p class="told" id="said" role="status"'
    bare = {name for name, texts in said.items() if any(not text.startswith(by_scripts) for text in texts)}
    assert bare == {"told.html"}


def test_what_is_refused_has_its_sign_its_word_and_a_voice(kiosk: World, client: FlaskClient) -> None:
    kiosk.learning.shown = LearnView("", message=Message(Level.STOP, "<b>No</b> such code."))
    html = client.get("/scanners/learn").get_data(as_text=True)
    assert (
        '<p class="told stop" role="status"><svg class="icon"><use href="#icon-octagon-x"/></svg>'
        '<span class="said"><b class="word">Stop</b> '
        '<span class="sentence">&lt;b&gt;No&lt;/b&gt; such code.</span></span></p>'
    ) in html
