"""OWASP ASVS 5.0, 3.3.1, 3.4.1, 7.4.1, 8.2.1 and 8.3.1: what other machines get, by the whole route table.

Settings are shown to nobody without signing in (CVE-2026-61746), nor is a label's picture (CVE-2021-23203).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kiosk.model import Operator, Role
from kiosk.operators import Doorway
from kiosk.settings import PeopleSettings
from kiosk.web import create_app
from tests.operators.world import MIA_PIN
from tests.operators.world import Office as People
from tests.web.fakes import World, print_job, world
from tests.web.print_samples import busy
from tests.web.test_api_access import GOOD, FakeKeys
from tests.web.test_guards import ANSWERS

FAR = {"REMOTE_ADDR": "192.0.2.9"}
BEHIND = {"REMOTE_ADDR": "127.0.0.1", "SERVER_PORT": "8443"}
"""What a proxy on the kiosk's own machine hands over, without a word of whom it is for."""
COOKIE = "__Host-kiosk_door"


@dataclass
class Door:
    people: People
    kiosk: World
    app: Flask
    client: FlaskClient

    def get(self, path: str, headers: dict[str, str] | None = None) -> TestResponse:
        return self.client.get(path, environ_overrides=BEHIND, headers=headers or {})

    def post(self, path: str, **form: str) -> TestResponse:
        shown = self.get("/enter").get_data(as_text=True)
        token = re.search(r'"X-CSRF-Token": "([0-9a-f]+)"', shown)
        assert token is not None
        headers = {"X-CSRF-Token": token[1], "HX-Request": "true"}
        return self.client.post(path, data=form, headers=headers, environ_overrides=BEHIND)

    def enter(self, badge: str = "7", to: str = "/print") -> TestResponse:
        return self.post("/enter", badge=badge, pin=MIA_PIN.digits, to=to)


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    people = People(tmp_path)
    people.come("7")
    kiosk = world()
    busy(kiosk.prints)
    kiosk.jobs.add(print_job(1))
    room = Doorway(
        people.register,
        people.gate,
        PeopleSettings(),
        monotonic_s=people.clock.monotonic_s,
        note=people.journal.note,
    )
    app = create_app(replace(kiosk.rooms, doorway=room, remote_port=8443, keys=FakeKeys()))
    yield Door(people, kiosk, app, app.test_client())
    people.journal.close()


def is_way_in(path: str) -> bool:
    return path.startswith(("/photo/", "/static/k", "/enter", "/language"))


@pytest.mark.parametrize("others", [FAR, BEHIND], ids=["over the network", "from the proxy"])
@pytest.mark.parametrize("peer", ["192.0.2.9", "2001:db8::9", "::ffff:192.0.2.9", "", "nonsense"])
def test_where_photos_alone_are_taken_nothing_else_is(
    kiosk: World, peer: str, others: dict[str, str]
) -> None:
    client = create_app(replace(kiosk.rooms, others="photos", remote_port=8443)).test_client()
    given = {**others, "REMOTE_ADDR": peer}
    for method, path, _ in ANSWERS:
        with client.open(path, method=method, environ_overrides=given) as answer:
            is_open = path.startswith(("/photo/", "/static/k"))
            assert answer.status_code in ({200, 410} if is_open else {403, 404, 405}), path
            if answer.status_code == 403 and not path.startswith("/api"):
                assert "takes photos from other machines, and nothing else" in answer.get_data(as_text=True)
    for near in ("127.0.0.1", "::1", "::ffff:127.0.0.1"):
        assert client.get("/station/dock-1", environ_base={"REMOTE_ADDR": near}).status_code == 200


def test_nothing_is_open_to_another_machine_that_is_not_named_here(door: Door) -> None:
    for method, path, _ in ANSWERS:
        with door.client.open(path, method=method, environ_overrides=BEHIND) as answer:
            if is_way_in(path):
                continue
            assert answer.status_code in {303, 401, 404, 405}, path
            assert b"Person" not in answer.data
            assert b"dock-zebra" not in answer.data, path
    assert (door.kiosk.station.presses, door.kiosk.station.scans) == ([], [])


def test_without_tls_nobody_comes_in_at_all(door: Door) -> None:
    client = door.app.test_client()
    for method, path, _ in ANSWERS:
        with client.open(path, method=method, environ_overrides=FAR, headers=GOOD) as answer:
            is_open = path.startswith(("/photo/", "/static/k"))
            assert answer.status_code in ({200, 410} if is_open else {403, 404, 405}), path
    words = client.get("/enter", environ_overrides=FAR).get_data(as_text=True)
    assert "over HTTPS alone" in words


def test_a_network_that_is_trusted_does_without_tls(door: Door) -> None:
    room = Doorway(door.people.register, door.people.gate, PeopleSettings(), note=door.people.journal.note)
    rooms = replace(door.kiosk.rooms, doorway=room, keys=FakeKeys(), is_plain_allowed=True)
    client = create_app(rooms).test_client()
    assert client.get("/enter", environ_overrides=FAR).status_code == 200
    assert client.get("/api/v1/printers", environ_overrides=FAR, headers=GOOD).status_code == 200
    assert client.get("/api/v1/printers", environ_overrides=FAR).status_code == 401


def test_a_page_leads_to_the_door_and_the_door_to_the_page(door: Door) -> None:
    away = door.get("/print?station=dock-1")
    assert (away.status_code, away.headers["Location"]) == (303, "/enter?to=/print%3Fstation%3Ddock-1")
    shown = door.get(away.headers["Location"]).get_data(as_text=True)
    assert 'name="to" value="/print?station=dock-1"' in shown
    entered = door.enter(to="/print?station=dock-1")
    assert (entered.status_code, entered.headers["HX-Redirect"]) == (204, "/print?station=dock-1")
    assert door.get("/print?station=dock-1").status_code == 200
    assert "Person 7, operator" in door.get("/enter").get_data(as_text=True)


def test_the_door_says_who_is_in(door: Door) -> None:
    assert "Nobody is signed in" in door.get("/enter").get_data(as_text=True)
    door.enter()
    assert "Nobody is signed in" not in door.get("/enter").get_data(as_text=True)


def test_a_language_is_chosen_at_the_door_before_anybody_is_in(door: Door) -> None:
    assert (door.post("/language", language="fr").status_code, lang_of(door, "/enter")) == (204, "fr")


def test_a_stranger_is_not_told_who_works_at_a_station_not_even_by_the_language(door: Door) -> None:
    door.kiosk.station.alter(operator=Operator("operator/1", "Mia Tanaka", language="de"))
    assert lang_of(door, "/enter?station=dock-1") == "en"
    door.post("/language?station=dock-1", language="fr")
    cookie = door.client.get_cookie("kiosk_language")
    assert cookie is not None
    assert cookie.value == "fr."
    door.enter()
    assert lang_of(door, "/print?station=dock-1") == "de"


def lang_of(door: Door, path: str) -> str:
    found = re.search(r'<html lang="([a-z]+)"', door.get(path).get_data(as_text=True))
    assert found is not None
    return found[1]


@pytest.mark.parametrize(
    "to", ["//evil.example/", "/\\evil.example", "https://evil.example", "javascript:1", "", "print", "/a\nb"]
)
def test_the_door_leads_to_this_kiosk_alone(door: Door, to: str) -> None:
    assert door.enter(to=to).headers["HX-Redirect"] == "/"


def test_the_cookie_is_for_this_host_over_tls_and_no_script(door: Door) -> None:
    answer = door.enter()
    assert re.search(
        rf"{COOKIE}=[\w-]{{43}}; Secure; HttpOnly; Path=/; SameSite=Strict", answer.headers["Set-Cookie"]
    )
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "Strict-Transport-Security" not in door.client.get("/healthz").headers, "here there is no TLS"


def test_signing_out_ends_it_on_the_server(door: Door) -> None:
    door.enter()
    cookie = door.client.get_cookie(COOKIE)
    assert cookie is not None
    assert door.post("/leave").headers["HX-Redirect"] == "/enter"
    door.client.set_cookie(COOKIE, cookie.value)
    assert door.get("/print").status_code == 303


def test_half_an_hour_without_anything_ends_it_though_the_page_asks_by_itself(door: Door) -> None:
    door.enter()
    for _ in range(2):
        door.people.clock.passed_s += 1000
        by_itself = door.get("/station/dock-1/screen", headers={"Sec-Fetch-Mode": "cors"})
    assert by_itself.status_code == 401
    assert door.get("/print").status_code == 303


def test_who_goes_on_working_stays_for_a_shift_and_no_longer(door: Door) -> None:
    door.enter()
    for _ in range(47):
        door.people.clock.passed_s += 900
        assert door.get("/print", headers={"Sec-Fetch-Mode": "navigate"}).status_code == 200
    door.people.clock.passed_s += 900
    assert door.get("/print", headers={"Sec-Fetch-Mode": "navigate"}).status_code == 303


def test_who_is_disabled_is_out_at_once(door: Door) -> None:
    door.enter()
    boss = door.people.come("T1", Role.TECHNICIAN)
    holder = door.people.register.book.find("id-7")
    assert holder is not None
    door.people.register.disable(holder, boss.operator)
    assert door.get("/print").status_code == 303


@pytest.mark.parametrize("fields", [{"badge": "7", "pin": "000001"}, {"badge": "99"}, {}, {"pin": "1"}])
def test_guesses_are_refused_alike_and_no_pin_comes_back(door: Door, fields: dict[str, str]) -> None:
    answer = door.post("/enter", **fields)
    assert "That badge and that PIN do not go together." in answer.get_data(as_text=True)
    assert "000001" not in answer.get_data(as_text=True)
    assert door.client.get_cookie(COOKIE) is None


def test_a_form_of_another_site_signs_nobody_in(door: Door) -> None:
    form = {"badge": "7", "pin": MIA_PIN.digits}
    assert door.client.post("/enter", data=form, environ_overrides=BEHIND).status_code == 403
    assert door.client.post("/leave", environ_overrides=BEHIND).status_code == 401


def test_what_a_person_orders_from_afar_is_in_their_name(door: Door) -> None:
    door.enter()
    token = re.search(r'"X-CSRF-Token": "([0-9a-f]+)"', door.get("/enter").get_data(as_text=True))
    assert token is not None
    headers = {"X-CSRF-Token": token[1], "Idempotency-Key": "k"}
    path = "/api/v1/printers/dock-zebra/pause"
    answer = door.client.post(path, json={}, headers=headers, environ_overrides=BEHIND)
    assert answer.status_code == 202
    assert door.kiosk.prints.acts == [("hold", "dock-zebra", "Person 7")]


def test_where_nobody_has_a_pin_it_is_said(tmp_path: Path) -> None:
    people = People(tmp_path)
    room = Doorway(people.register, people.gate, PeopleSettings(), note=people.journal.note)
    client = create_app(replace(world().rooms, doorway=room, remote_port=8443)).test_client()
    assert "Nobody has a PIN on this kiosk yet" in client.get("/enter", environ_overrides=BEHIND).get_data(
        as_text=True
    )
    people.journal.close()
