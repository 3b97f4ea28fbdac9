"""Which language a page is in, and that all of it is."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kiosk.errors import JournalError
from kiosk.model import Level, Message, Operator
from kiosk.web import app, create_app
from kiosk.web.script_words import SCRIPT_WORDS, WORKBENCH_WORDS
from kiosk.words import LANGUAGES
from tests.web.conftest import Page
from tests.web.fakes import World
from tests.web.samples import SAMPLES

MIA = Operator("operator/1", "Mia Tanaka", language="de")
JON = Operator("operator/2", "Jon Doe")
ASKS = Message(Level.ASK, "Scan a purchase order.")


def lang_of(html: str) -> str:
    found = re.search(r'<html lang="(..)"|data-language="(..)"', html)
    assert found is not None
    return found[1] or found[2]


def screen(client: FlaskClient) -> str:
    return client.get("/station/dock-1/screen").get_data(as_text=True)


def test_a_language_travels_with_the_badge(kiosk: World, client: FlaskClient) -> None:
    kiosk.station.alter(message=ASKS)
    assert "Scan a purchase order." in screen(client)
    kiosk.station.alter(operator=MIA)
    assert "Eine Bestellung scannen." in screen(client)
    assert lang_of(client.get("/station/dock-1").get_data(as_text=True)) == "de"
    kiosk.station.alter(operator=JON)
    assert lang_of(screen(client)) == "en", "who has none of their own has the station's"
    kiosk.station.alter(operator=None)
    assert lang_of(screen(client)) == "en"


def test_a_station_speaks_as_the_settings_say(kiosk: World) -> None:
    client = create_app(replace(kiosk.rooms, languages={"dock-1": "fr"})).test_client()
    assert lang_of(screen(client)) == "fr"
    kiosk.station.alter(operator=MIA)
    assert lang_of(screen(client)) == "de"


def test_a_language_is_chosen_by_touch_until_somebody_else_is_there(kiosk: World, page: Page) -> None:
    kiosk.station.alter(operator=MIA)
    chosen = page.client.post("/station/dock-1/language", data={"language": "es"}, headers=page.headers)
    assert lang_of(chosen.get_data(as_text=True)) == "es"
    assert (
        lang_of(page.client.get("/station/dock-1/tray").get_data(as_text=True) or screen(page.client)) == "es"
    )
    kiosk.station.alter(operator=JON)
    assert lang_of(screen(page.client)) == "en"
    kiosk.station.alter(operator=MIA)
    assert lang_of(screen(page.client)) == "de", "the choice ended with who made it"


def test_only_a_page_of_the_kiosk_chooses_and_only_what_is_spoken(page: Page) -> None:
    path = "/station/dock-1/language"
    assert page.client.post(path, data={"language": "tlh"}, headers=page.headers).status_code == 400
    assert page.client.post(path, data={"language": "es"}).status_code == 403


@pytest.mark.parametrize(
    ("accepted", "tag"),
    [
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("pt,fr;q=0.5,en;q=0.4", "fr"),
        ("pt", "en"),
        ("", "en"),
        ("\x00;;q", "en"),
    ],
)
def test_an_office_page_is_in_the_browser_s_language(client: FlaskClient, accepted: str, tag: str) -> None:
    page = client.get("/printers", headers={"Accept-Language": accepted})
    assert lang_of(page.get_data(as_text=True)) == tag


def test_an_office_page_opened_at_a_station_is_in_its_language(kiosk: World, client: FlaskClient) -> None:
    kiosk.station.alter(operator=MIA)
    headers = {"Accept-Language": "fr"}
    assert lang_of(client.get("/printers?station=dock-1", headers=headers).get_data(as_text=True)) == "de"
    part = client.get(
        "/scanners/list", headers={**headers, "HX-Current-URL": "http://x/scanners?station=dock-1"}
    )
    assert "noch keinen Scanner" in part.get_data(as_text=True)
    other = client.get("/scanners/list", headers={**headers, "HX-Current-URL": "http://[bad"})
    assert "pas encore de lecteur" in other.get_data(as_text=True)


def test_programs_are_told_in_english(kiosk: World, client: FlaskClient) -> None:
    kiosk.station.alter(operator=MIA, message=ASKS)
    told = client.get("/api/v1/stations/dock-1", headers={"Accept-Language": "de"}).get_json()
    assert told["message"]["text"] == "Scan a purchase order."


@pytest.mark.parametrize(("verb", "typed", "pressed"), [("QUANTITY", "2,5", "2.5"), ("CHOOSE", "2,5", "2,5")])
def test_a_decimal_comma_of_the_keypad_is_a_point(
    kiosk: World, page: Page, verb: str, typed: str, pressed: str
) -> None:
    page.client.post("/station/dock-1/press", data={"verb": verb, "argument": typed}, headers=page.headers)
    assert kiosk.station.presses[-1][:2] == (verb, pressed)


@pytest.mark.parametrize("tag", list(LANGUAGES))
def test_every_screen_is_drawn_in_every_language(kiosk: World, client: FlaskClient, tag: str) -> None:
    kiosk.station.alter(operator=replace(MIA, language=tag))
    for name, state in SAMPLES.items():
        kiosk.station.show(name, state, Message(Level.GOOD, "{stock} to {place}: confirm.", HOSTILE))
        html = screen(client)
        assert lang_of(html) == tag
        assert "<b>x" not in html


HOSTILE = {"stock": "<b>x</b>{place}", "place": "%s\x1d{0}"}


SPEAKING = ("ambience", "camera", "kiosk", "photo", "phone", "scans", "video")
WORKBENCH = tuple(f"design{part}" for part in ("", "-board", "-files", "-keep", "-post", "-rows", "-text"))
SAID = re.compile(r'(?<!import )"((?:[A-Z]|\{)[^"\n]* [^"\n]*)"')


@pytest.mark.parametrize(
    ("names", "path", "words"),
    [
        (SPEAKING, "/station/dock-1", SCRIPT_WORDS),
        (WORKBENCH, "/labels/part", WORKBENCH_WORDS),
        (WORKBENCH, "/labels", WORKBENCH_WORDS),
        (WORKBENCH, "/labels/part/versions", WORKBENCH_WORDS),
    ],
)
def test_what_scripts_say_is_in_the_table_that_the_page_brings(
    client: FlaskClient, names: tuple[str, ...], path: str, words: tuple[str, ...]
) -> None:
    scripts = [Path(app.__file__).parent / "static" / f"{name}.js" for name in names]
    source = "\n".join(path.read_text("utf-8") for path in scripts)
    assert set(SAID.findall(source)) == set(words)
    brought = re.search(r"data-words='([^']*)'", client.get(path).get_data(as_text=True))
    assert brought is not None
    assert json.loads(brought[1]) == {text: text for text in words}


def test_no_script_says_anything_else() -> None:
    static = Path(app.__file__).parent / "static"
    silent = {path.stem for path in static.glob("*.js")} - {*SPEAKING, *WORKBENCH}
    said = {name: SAID.findall((static / f"{name}.js").read_text("utf-8")) for name in sorted(silent)}
    assert {name: texts for name, texts in said.items() if texts} == {}


def test_what_went_wrong_is_said_in_the_station_s_language(kiosk: World, page: Page) -> None:
    kiosk.station.alter(operator=MIA)
    kiosk.station.failure = JournalError("disk full")
    answer = page.client.post("/station/dock-1/press", data={"verb": "START"}, headers=page.headers)
    assert answer.status_code == 503
    assert "call a technician" in answer.get_data(as_text=True), "who is there is not known any more"
    kiosk.station.failure = None
    other = page.client.post("/station/dock-1/photo", data=b"", headers=page.headers)
    assert other.status_code == 422
    assert "kein lesbares Foto" in other.get_data(as_text=True)
