"""The page of settings: for technicians, only to look at, in every language, and harmless with any value."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from kiosk.model import Role
from kiosk.operators import Office
from kiosk.settings import (
    IonSettings,
    PeopleSettings,
    PrinterSettings,
    ScannerSettings,
    Settings,
    StationSettings,
)
from kiosk.settings_desk import SettingsDesk
from kiosk.web import create_app
from kiosk.web.visitors import COOKIE
from tests.operators.world import MIA_PIN
from tests.operators.world import Office as People
from tests.web.fakes import world
from tests.web.markup import Markup

PIN = MIA_PIN.digits
HOSTILE = "<script>alert(1)</script>\x1b[2J\u202e"
MARKER = "'\"><img src=x onerror=alert(2)>"


def hostile_settings() -> Settings:
    """Return settings with markup and control characters wherever any text will do."""
    return Settings(
        ion=IonSettings(
            url=f"https://ion.example/{HOSTILE}",
            token_url="https://ion.example/token",
            client_id=HOSTILE,
            client_secret="never shown",  # type: ignore[arg-type]  # pydantic makes a secret of it
            marker_attribute=MARKER,
        ),
        stations=(StationSettings(name="dock-1", location=HOSTILE, asks={"run": "pin"}),),
        scanners=(ScannerSettings(name="gun", station="dock-1", port=f"/dev/serial/by-id/{MARKER}"),),
        printers=(PrinterSettings(name="zebra", url="tcp://192.0.2.10:9100", model=HOSTILE),),
    )


def office_of(people: People) -> Office:
    return Office(
        people.register,
        people.gate,
        PeopleSettings(),
        monotonic_s=people.clock.monotonic_s,
        note=people.journal.note,
    )


@dataclass
class Page:
    people: People
    client: FlaskClient
    headers: dict[str, str]

    def sign_in(self, badge: str, pin: str = PIN) -> str:
        form = {"badge": badge, "pin": pin, "station": "dock-1"}
        answer = self.client.post("/settings/sign-in", data=form, headers=self.headers)
        assert answer.status_code == 200
        return answer.get_data(as_text=True)

    def shown(self, **headers: str) -> str:
        return self.client.get("/settings", headers=headers).get_data(as_text=True)


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    people = People(tmp_path)
    for badge, role in (("T1", Role.TECHNICIAN), ("L1", Role.LEAD), ("7", Role.OPERATOR)):
        people.come(badge, role)
    desk = SettingsDesk(hostile_settings(), None)
    client = create_app(replace(world().rooms, office=office_of(people), settings=desk)).test_client()
    token = re.search(r'"X-CSRF-Token": "([0-9a-f]+)"', client.get("/settings").get_data(as_text=True))
    assert token is not None
    yield Page(people, client, {"X-CSRF-Token": token[1], "HX-Request": "true"})
    people.journal.close()


def test_only_a_technician_sees_them(page: Page) -> None:
    assert "Badge and PIN of a technician" in page.shown()
    assert "That badge and that PIN do not go together." in Markup(page.sign_in("T1", "000001")).text
    assert "<table" not in page.sign_in("7"), "an operator"
    assert "The settings are for technicians." in page.sign_in("L1")
    assert "<table" not in page.shown(), "a lead"
    page.people.clock.passed_s += 3600
    assert "<table" in page.sign_in("T1")
    assert "<table" in page.shown()
    page.client.delete_cookie(COOKIE)
    assert "<table" not in page.shown()


def test_the_sign_in_needs_the_page_s_token(page: Page) -> None:
    answer = page.client.post("/settings/sign-in", data={"badge": "T1", "pin": PIN})
    assert answer.status_code == 403
    assert "<table" not in page.shown()


def test_every_value_and_where_it_came_from_is_shown(page: Page) -> None:
    text = Markup(page.sign_in("T1")).text
    assert "read_timeout_s 4.0 default" in text
    assert "client_secret set demo" in text
    assert "client_secret_file not set default" in text
    assert 'asks { run = "pin" } demo' in text
    assert "[[printers]] zebra" in text
    assert "never shown" not in page.shown()


def test_hostile_values_are_text(page: Page) -> None:
    page.sign_in("T1")
    shown = page.shown()
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown
    assert not set("\x1b\u202e") & set(shown)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("de", ("Einstellungen", "Vorgabe", "gesetzt")),
        ("es", ("Ajustes", "por defecto", "definido")),
        ("fr", ("Réglages", "par défaut", "défini")),
    ],
)
def test_it_speaks_the_language_of_who_looks(page: Page, tag: str, words: tuple[str, ...]) -> None:
    page.sign_in("T1")
    shown = page.shown(**{"Accept-Language": tag})
    assert [word for word in words if word not in shown] == []


def test_the_page_of_scanners_leads_there(page: Page) -> None:
    assert 'href="/settings?station=dock-1"' in page.client.get("/scanners?station=dock-1").get_data(
        as_text=True
    )


def test_where_nobody_signs_in_nobody_sees_them() -> None:
    rooms = world().rooms
    closed = create_app(replace(rooms, office=None)).test_client()
    assert "<table" not in closed.get("/settings").get_data(as_text=True)
    assert create_app(replace(rooms, settings=None)).test_client().get("/settings").status_code == 404
