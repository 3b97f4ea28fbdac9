from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from kiosk.model import Level, Message
from kiosk.ports import Choice
from kiosk.web import create_app
from kiosk.words import told
from tests.fakes.parked import piece
from tests.web.conftest import Page
from tests.web.fakes import World, world
from tests.web.markup import Markup


def test_the_page_shows_both_sides(kiosk: World, client: FlaskClient) -> None:
    hostile = "<script>alert(1)</script>"
    kiosk.parked.pieces = [
        piece(),
        piece(
            "o2",
            is_refused=True,
            why=hostile,
            by=hostile,
            held=2,
            facts={"Lot": hostile},
            sent={"lot": hostile},
        ),
    ]
    text = client.get("/parked?station=dock-1").get_data(as_text=True)
    page = Markup(text)
    for words in ("Receive 5 × VLV-4410", "LOT-2026-11", "Nobody knows whether ION has it.", "Ada Lovelace"):
        assert words in page.text
    assert "ION refused it. 2 more wait behind it." in page.text
    assert hostile not in text
    assert page.text.count(hostile) == 4


def test_nothing_waits(client: FlaskClient) -> None:
    assert "Nothing waits for a person." in Markup(client.get("/parked").get_data(as_text=True)).text


@pytest.mark.parametrize(
    ("form", "decision"),
    [
        ({"choice": "again"}, ("o1", Choice.AGAIN, "")),
        ({"choice": "give-up", "why": ["", "Counted twice"]}, ("o1", Choice.GIVE_UP, "Counted twice")),
        ({"choice": "by-hand", "why": ["Typed"]}, ("o1", Choice.BY_HAND, "Typed")),
    ],
)
def test_a_decision_answers_what_is_left(
    kiosk: World, page: Page, form: dict[str, object], decision: tuple[str, Choice, str]
) -> None:
    kiosk.parked.pieces = [piece(), piece("o2")]
    answer = page.client.post("/parked/o1", data=form, headers=page.headers)
    assert kiosk.parked.decisions == [decision]
    shown = Markup(answer.get_data(as_text=True))
    assert "Given up: o1." in shown.text
    assert shown.text.count("Receive 5") == 1


def test_what_ion_shows_is_asked_for_one_piece(kiosk: World, page: Page) -> None:
    kiosk.parked.pieces = [piece()]
    kiosk.parked.found = Message(Level.ASK, "ION does not show it: it is not done there.")
    answer = page.client.post("/parked/o1/look", headers=page.headers)
    assert "it is not done there" in Markup(answer.get_data(as_text=True)).text
    assert page.client.post("/parked/gone/look", headers=page.headers).status_code == 404


def test_only_a_page_of_the_kiosk_decides(kiosk: World, page: Page) -> None:
    kiosk.parked.pieces = [piece()]
    assert page.client.post("/parked/o1", data={"choice": "again"}).status_code == 403
    elsewhere = {**page.headers, "Origin": "http://elsewhere.test"}
    assert page.client.post("/parked/o1", data={"choice": "again"}, headers=elsewhere).status_code == 403
    assert page.client.post("/parked/o1/look").status_code == 403
    answer = page.client.post("/parked/o1", data={"choice": "burn"}, headers=page.headers)
    assert answer.status_code == 400
    assert kiosk.parked.decisions == []


def test_a_kiosk_without_ion_has_no_such_page() -> None:
    rooms = replace(world().rooms, parked=None)
    assert create_app(rooms).test_client().get("/parked").status_code == 404


def test_the_lamp_leads_to_the_page(kiosk: World, client: FlaskClient) -> None:
    kiosk.station.alter(parked=2)
    links = Markup(client.get("/station/dock-1/screen").get_data(as_text=True)).having("href")
    assert "/parked?station=dock-1" in [link["href"] for link in links]


def test_the_reasons_are_in_the_language_of_who_reads_them(kiosk: World, page: Page) -> None:
    facts = told("Attach {file} to {entity}", file="'a.jpg'", entity="'Gone'")
    theirs = "Lot is required."
    kiosk.parked.pieces = [
        piece(
            why=told("{words} (ION's trace {trace})", words=theirs, trace="4f"),
            shows=told("{facts}: expected one new file, got {count}", facts=facts, count=2),
        )
    ]
    kiosk.parked.found = Message(Level.ASK, "Nobody can tell from here: {text}", {"text": facts})
    german = {"headers": {**page.headers, "Accept-Language": "de"}}
    shown = Markup(page.client.get("/parked", **german).get_data(as_text=True)).text
    attached = "'a.jpg' an 'Gone' anhängen"
    assert f"{theirs} (Spur in ION 4f) {attached}: erwartet wird eine neue Datei, es sind 2" in shown
    found = Markup(page.client.post("/parked/o1/look", **german).get_data(as_text=True)).text
    assert f"Von hier aus weiß es niemand: {attached}" in found
