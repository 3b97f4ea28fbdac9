"""What README.md says of a reverse proxy with TLS before the kiosk."""

from dataclasses import replace

import pytest

from kiosk.address import allowed_hosts
from kiosk.settings import WebSettings
from kiosk.web import create_app
from tests.web.fakes import World

WEB = WebSettings(public_url="https://kiosk-1.example")
PROXY = {"Host": "kiosk-1.example", "X-Forwarded-For": "192.0.2.7"}


def test_by_default_only_this_machine_is_served() -> None:
    assert WebSettings().host == "127.0.0.1"


@pytest.mark.parametrize(("host", "status"), [("kiosk-1.example", 200), ("other.example", 400)])
def test_the_page_answers_to_the_public_name_alone(kiosk: World, host: str, status: int) -> None:
    client = create_app(replace(kiosk.rooms, allowed_hosts=allowed_hosts(WEB))).test_client()
    assert client.get("/station/dock-1", headers=PROXY | {"Host": host}).status_code == status


def test_a_form_of_the_encrypted_page_is_not_taken_for_another_site_s(kiosk: World) -> None:
    rooms = replace(kiosk.rooms, allowed_hosts=allowed_hosts(WEB), public_url=WEB.public_url)
    client = create_app(rooms).test_client()
    sent = {"Origin": "https://kiosk-1.example", "Sec-Fetch-Site": "same-origin"}
    own = client.post("/api/v1/scans", headers=PROXY | sent, json={"station": "dock-1", "text": "A"})
    foreign = client.post(
        "/api/v1/scans", headers=PROXY | sent | {"Origin": "https://evil.example"}, json={"station": "dock-1"}
    )
    assert "origin" not in own.text
    assert foreign.status_code == 403
