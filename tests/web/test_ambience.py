from flask.testing import FlaskClient

from kiosk.model import Ambience, Distance, Light, Volume
from tests.web.conftest import Page
from tests.web.fakes import World

URL = "/station/dock-1/ambience"
CHOSEN = {"light": "dim", "volume": "off", "distance": "far"}


def test_a_page_comes_as_its_station_chose(kiosk: World, page: Page) -> None:
    assert (
        'data-light="auto" data-volume="middle" data-distance="near"'
        in page.client.get("/station/dock-1").text
    )
    answer = page.client.post(URL, data=CHOSEN, headers=page.headers)
    assert (answer.status_code, answer.data) == (204, b"")
    assert kiosk.rooms.ambiences
    assert kiosk.rooms.ambiences.of("dock-1") == Ambience(Light.DIM, Volume.OFF, Distance.FAR)
    assert 'data-light="dim" data-volume="off" data-distance="far"' in page.client.get("/station/dock-1").text


def test_what_no_page_sends_is_refused(kiosk: World, page: Page, client: FlaskClient) -> None:
    for wrong in ({"light": '"'}, {"volume": "11"}, {"distance": "2 m"}, {"distance": ""}):
        data = CHOSEN | wrong
        assert page.client.post(URL, data=data, headers=page.headers).status_code == 400
    assert page.client.post("/station/attic/ambience", data=CHOSEN, headers=page.headers).status_code == 404
    assert client.post(URL, data=CHOSEN).status_code == 403
    assert kiosk.rooms.ambiences
    assert kiosk.rooms.ambiences.of("dock-1") == Ambience()
