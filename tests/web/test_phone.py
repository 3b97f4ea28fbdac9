import io
import re
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256

import pytest
from flask.testing import FlaskClient

from kiosk.artwork import draw_code
from kiosk.snapshot import MOST_SENT_BYTES, snapshot
from kiosk.web import create_app, serve
from kiosk.web.guards import CSRF_COOKIE, CSRF_HEADER, CsrfTokens
from kiosk.web.photo_links import LASTS_S, MOST_PHOTOS, PhotoLinks
from tests import plain_http
from tests.fakes import Clock
from tests.test_photo import saved
from tests.test_snapshot import HTML, NO_PHOTO, SVG, Sent, as_sent, bomb, halves
from tests.web.fakes import SECRET, World
from tests.web.photo_screen import SCREEN, STATE

JPEG = saved(halves(), "JPEG")
ENDED = "This way in has ended."


@dataclass
class Floor:
    """A station that asks for photos, and phones that scan the code on its screen."""

    kiosk: World
    codes: list[str] = field(default_factory=list)
    """What the codes on the screen said."""

    def __post_init__(self) -> None:
        def drawn(text: str) -> object:
            self.codes.append(text)
            return draw_code(text)

        rooms = replace(
            self.kiosk.rooms,
            phone_address=lambda port: f"http://192.0.2.7:{port}",
            draw_code=drawn,  # type: ignore[arg-type]  # what draw_code returns
        )
        self.app = create_app(rooms)
        self.kiosk.station.show(SCREEN, STATE)

    def code(self) -> str:
        """Let the page show a code; return the path in it."""
        page = self.app.test_client()
        page.get("/station/dock-1")
        cookie = page.get_cookie(CSRF_COOKIE)
        assert cookie is not None
        headers = {CSRF_HEADER: CsrfTokens(SECRET).token(cookie.value)}
        answer = page.post("/station/dock-1/photos/link", headers=headers)
        assert "Scan this with the phone" in answer.get_data(as_text=True)
        assert self.codes[-1] not in answer.get_data(as_text=True)
        return self.codes[-1].removeprefix("http://192.0.2.7:80")

    def phone(self) -> FlaskClient:
        return self.app.test_client()

    @property
    def photos(self) -> tuple[str, ...]:
        return tuple(self.kiosk.station.view_now.state["photos"])  # type: ignore[arg-type]  # digests


@pytest.fixture
def floor(kiosk: World) -> Floor:
    return Floor(kiosk)


def sent(phone: FlaskClient, path: str, data: bytes = JPEG, name: str = "p.jpg") -> tuple[int, str]:
    """Send a photo as the form does: the field that was not filled in comes along empty."""
    parts = [
        f'--edge\r\nContent-Disposition: form-data; name="photo"; filename="{filled}"\r\n'.encode()
        + b"Content-Type: application/octet-stream\r\n\r\n"
        + content
        for filled, content in (("", b""), (name, data))
    ]
    form = b"\r\n".join([*parts, b"--edge--\r\n"])
    answer = phone.post(path, data=form, content_type="multipart/form-data; boundary=edge")
    return answer.status_code, words(answer.get_data(as_text=True))


def words(html: str) -> str:
    said = re.search(r'class="words[^>]*>.*?<span class="sentence">(.*?)</span>', html, re.DOTALL)
    return said[1].replace("&#39;", "'") if said else ""


def opened(floor: Floor) -> tuple[FlaskClient, str]:
    phone, path = floor.phone(), floor.code()
    assert phone.get(path).status_code == 200
    return phone, path


def test_a_phone_scans_opens_and_sends(floor: Floor) -> None:
    phone, path = floor.phone(), floor.code()
    assert re.fullmatch(r"/photo/[\w-]{43}", path)
    page = phone.get(path)
    assert page.status_code == 200
    assert "dock-1" in page.get_data(as_text=True)
    assert 'capture="environment"' in page.get_data(as_text=True)
    assert sent(phone, path) == (200, "The photo is kept.")
    assert floor.photos == (sha256(snapshot(JPEG)).hexdigest(),)
    assert floor.kiosk.files.kept == {floor.photos[0]: snapshot(JPEG)}
    assert "1 photo is on the kiosk" in phone.get(path).get_data(as_text=True)
    assert sent(phone, path, saved(halves("L"))) == (200, "The photo is kept.")
    assert len(floor.photos) == 2


def test_the_same_photo_sent_twice_is_one(floor: Floor) -> None:
    phone, path = opened(floor)
    assert [sent(phone, path), sent(phone, path)] == [(200, "The photo is kept.")] * 2
    assert len(floor.photos) == 1


def test_the_way_in_is_for_the_browser_that_sent_the_first_photo(floor: Floor) -> None:
    mine, path = opened(floor)
    other = floor.phone()
    assert other.get(path).status_code == 200, "a program that looks at links must not use the code up"
    sent(mine, path)
    assert other.get(path).status_code == 410
    assert sent(other, path, saved(halves("L")))[0] == 410
    assert sent(mine, path, saved(halves("L")))[0] == 200


def test_a_browser_without_cookies_is_told_so(floor: Floor) -> None:
    path = floor.code()
    assert sent(floor.phone(), path) == (
        403,
        "This browser keeps no cookies. Allow them, then scan the code again.",
    )


def test_the_way_in_ends_with_its_question(floor: Floor) -> None:
    phone, path = opened(floor)
    station = floor.kiosk.station
    station.show("home/idle", {})
    station.show(SCREEN, STATE)
    status, said = sent(phone, path)
    assert (status, said.startswith(ENDED)) == (410, True)
    assert phone.get(path).status_code == 410
    phone, path = opened(floor)
    station.alter(state={**STATE, "photos_of": "run-step/13"})
    assert sent(phone, path)[0] == 410
    assert floor.photos == ()


def test_a_question_that_is_left_while_the_photo_comes_in_gets_none(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, path = opened(floor)
    keep = floor.kiosk.files.keep

    def slowly(content: bytes) -> str:
        floor.kiosk.station.show("home/idle", {})
        return keep(content)

    monkeypatch.setattr(type(floor.kiosk.files), "keep", lambda _self, content: slowly(content))
    assert sent(phone, path)[0] == 410
    assert floor.kiosk.station.presses == []


def test_a_new_code_ends_the_one_before(floor: Floor) -> None:
    phone, path = opened(floor)
    other, newer = opened(floor)
    assert sent(phone, path)[0] == 410
    assert sent(other, newer)[0] == 200


def test_a_code_lets_in_so_many_photos(floor: Floor) -> None:
    phone, path = opened(floor)
    answers = [sent(phone, path, saved(halves(size=(96 + n, 64))))[0] for n in range(MOST_PHOTOS + 1)]
    assert answers == [*[200] * 6, *[409] * (MOST_PHOTOS - 6), 410]


def test_photos_that_the_screen_does_not_take_are_said(floor: Floor) -> None:
    phone, path = opened(floor)
    floor.kiosk.station.alter(state={**STATE, "photos": tuple(str(n) * 64 for n in range(6))})
    assert sent(phone, path) == (409, "The kiosk did not take this photo: its screen says why.")


@pytest.mark.parametrize(
    ("data", "status", "says"),
    [
        pytest.param(SVG, 422, NO_PHOTO, id="svg"),
        pytest.param(HTML, 422, NO_PHOTO, id="html"),
        pytest.param(JPEG[:300], 422, NO_PHOTO, id="half of one"),
        pytest.param(partial(bomb, 9000, 9000), 422, "This photo has 9000 x 9000 dots. ", id="bomb"),
        pytest.param(bytes(MOST_SENT_BYTES + 1), 422, "This photo is larger than 12 megabytes. ", id="large"),
        pytest.param(
            bytes(MOST_SENT_BYTES + 200_000), 413, "This photo is larger than 12 megabytes. ", id="huge"
        ),
        pytest.param(b"", 422, "That was no photo. Take one.", id="nothing"),
    ],
)
def test_what_is_no_photo_is_refused_in_words(floor: Floor, data: Sent, status: int, says: str) -> None:
    phone, path = opened(floor)
    came = sent(phone, path, as_sent(data), name="<script>.svg")
    assert came[0] == status
    assert came[1].startswith(says)
    assert "script" not in came[1]
    assert (floor.kiosk.files.kept, floor.photos) == ({}, ())
    assert sent(phone, path)[0] == 200


def test_a_form_without_a_photo_is_said(floor: Floor) -> None:
    phone, path = opened(floor)
    assert phone.post(path, data={"photo": "text"}).status_code == 422
    assert phone.post(path, data=JPEG, content_type="image/jpeg").status_code == 422
    assert floor.kiosk.files.kept == {}


def test_a_page_of_another_site_sends_nothing(floor: Floor) -> None:
    phone, path = opened(floor)
    fields = {"photo": (io.BytesIO(JPEG), "p.jpg")}
    answer = phone.post(path, data=fields, headers={"Origin": "http://evil.example"})
    assert answer.status_code == 403
    assert floor.photos == ()


def test_a_kiosk_that_cannot_write_says_so(floor: Floor) -> None:
    phone, path = opened(floor)
    floor.kiosk.files.trouble = "The disk is almost full."
    assert sent(phone, path) == (503, "The kiosk cannot write. The photo is not kept. Tell a technician.")
    floor.kiosk.files.trouble = ""
    assert sent(phone, path)[0] == 200


@pytest.mark.parametrize("token", ["none", "%00", "../station/dock-1", "é", "a" * 4000])
def test_a_token_that_nobody_gave_says_nothing_else(floor: Floor, token: str) -> None:
    floor.code()
    answer = floor.phone().get(f"/photo/{token}")
    assert answer.status_code in {404, 410}
    assert b"dock-1" not in answer.data


def test_a_way_in_lasts_minutes(kiosk: World) -> None:
    clock = Clock()
    links = PhotoLinks(clock.monotonic_s)
    kiosk.station.show(SCREEN, STATE)
    token = links.give(kiosk.station.view_now)
    clock.passed_s = LASTS_S - 1
    link = links.find(token)
    assert link is not None
    assert token not in repr(link)
    clock.passed_s = LASTS_S
    assert links.find(token) is None
    clock.passed_s = 0
    assert links.find(token) is None


def test_each_station_has_its_own(kiosk: World) -> None:
    links = PhotoLinks()
    one, two = links.give(kiosk.station.view_now), links.give(kiosk.other.view_now)
    found = [links.find(token) for token in (one, two)]
    assert [link.station if link else "" for link in found] == ["dock-1", "floor 2"]


def test_over_http_with_a_plain_client(floor: Floor) -> None:
    server = serve(floor.app, "127.0.0.1", 0)
    try:
        base = f"http://127.0.0.1:{server.port}"
        path = floor.code()
        with plain_http.Client(base_url=base) as phone:
            page = phone.get(path)
            assert page.status_code == 200
            assert page.headers["Referrer-Policy"] == "no-referrer"
            cookie = page.headers["Set-Cookie"]
            assert re.fullmatch(r"kiosk_photo=[0-9a-f]{32}; HttpOnly; Path=/photo; SameSite=Strict", cookie)
            answer = phone.post(path, files={"photo": ("p.jpg", JPEG, "image/jpeg")})
            assert words(answer.text) == "The photo is kept."
            huge = phone.post(path, files={"photo": ("p.jpg", bytes(MOST_SENT_BYTES + 200_000))})
            assert huge.status_code == 413
            assert words(huge.text).startswith("This photo is larger than 12 megabytes.")
    finally:
        server.stop()
    assert len(floor.photos) == 1
