import io
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

import pytest
from PIL import Image
from werkzeug.test import TestResponse

from kiosk.errors import JournalError
from kiosk.snapshot import MOST_SENT_BYTES, snapshot
from kiosk.web.guards import CSRF_HEADER
from tests.test_photo import saved
from tests.test_snapshot import HTML, NO_PHOTO, SVG, Sent, as_sent, bomb, halves
from tests.web.conftest import Page
from tests.web.fakes import World
from tests.web.photo_screen import SCREEN, STATE

JPEG = saved(halves(), "JPEG")
DIGEST = sha256(snapshot(JPEG)).hexdigest()
LEFT = "The screen has changed. This photo was not kept."


@dataclass
class Desk:
    """A page at a station whose screen asks for photos."""

    kiosk: World
    page: Page

    def keep(self, data: bytes = JPEG, since: int | None = None, key: str = "p1") -> TestResponse:
        asked = self.kiosk.station.view_now.since if since is None else since
        return self.page.client.post(
            f"/station/dock-1/photos?since={asked}",
            data=data,
            headers={**self.page.headers, "Idempotency-Key": key},
            content_type="image/jpeg",
        )

    @property
    def photos(self) -> tuple[str, ...]:
        return tuple(self.kiosk.station.view_now.state["photos"])  # type: ignore[arg-type]  # digests


@pytest.fixture
def desk(kiosk: World, page: Page) -> Desk:
    kiosk.station.show(SCREEN, STATE)
    return Desk(kiosk, page)


def test_a_photo_is_drawn_anew_kept_and_handed_to_the_question(desk: Desk) -> None:
    answer = desk.keep()
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert f"/station/dock-1/photos/{DIGEST}.jpg" in answer.get_data(as_text=True)
    assert desk.photos == (DIGEST,)
    assert desk.kiosk.files.kept == {DIGEST: snapshot(JPEG)}
    ((verb, argument, _, key),) = desk.kiosk.station.presses
    assert (verb, argument, key) == ("PHOTO", DIGEST, f"p1 {DIGEST}")


def test_sent_again_it_is_kept_once(desk: Desk) -> None:
    for _ in range(2):
        assert desk.keep().status_code == 200
    assert desk.photos == (DIGEST,)


def test_events_in_between_do_not_lose_it_unless_the_question_is_left(desk: Desk) -> None:
    since = desk.kiosk.station.view_now.since
    desk.kiosk.station.alter(waiting=1)
    assert desk.keep(since=since).status_code == 200
    desk.kiosk.station.show("home/idle", {})
    desk.kiosk.station.show(SCREEN, STATE)
    answer = desk.keep(since=since, key="p2")
    assert (answer.status_code, answer.get_data(as_text=True)) == (409, LEFT)
    desk.kiosk.station.alter(state={**STATE, "photos_of": "run-step/13"})
    assert desk.keep(since=since + 3, key="p3").status_code == 409
    assert desk.photos == ()


def test_a_press_that_is_always_too_late_gives_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    station = desk.kiosk.station
    view = station.view

    def busy() -> object:
        shown = view()
        station.alter(waiting=1)
        return shown

    monkeypatch.setattr(station, "view", busy)  # another person's events, one between each look and press
    assert desk.keep().status_code == 409
    assert station.presses == []


def test_a_screen_that_takes_no_photos_gets_none(desk: Desk) -> None:
    desk.kiosk.station.show("home/idle", {})
    assert desk.keep().get_data(as_text=True) == LEFT
    assert desk.kiosk.files.kept == {}


@pytest.mark.parametrize(
    ("data", "status", "says"),
    [
        pytest.param(b"", 422, NO_PHOTO, id="nothing"),
        pytest.param(SVG, 422, NO_PHOTO, id="svg"),
        pytest.param(HTML, 422, NO_PHOTO, id="html"),
        pytest.param(JPEG[:300], 422, NO_PHOTO, id="half of one"),
        pytest.param(partial(bomb, 9000, 9000), 422, "This photo has 9000 x 9000 dots.", id="bomb"),
        pytest.param(bytes(MOST_SENT_BYTES + 1), 413, "", id="huge"),
    ],
)
def test_what_is_no_photo_is_refused_in_words_and_not_kept(
    desk: Desk, data: Sent, status: int, says: str
) -> None:
    answer = desk.keep(as_sent(data))
    assert (answer.status_code, answer.mimetype) == (status, "text/plain")
    assert says in answer.get_data(as_text=True)
    assert b"script" not in answer.data
    assert (desk.kiosk.files.kept, desk.photos) == ({}, ())


def test_a_polyglot_is_kept_as_its_picture_alone(desk: Desk) -> None:
    assert desk.keep(JPEG + HTML).status_code == 200
    (content,) = desk.kiosk.files.kept.values()
    assert b"script" not in content
    shown = desk.page.client.get(f"/station/dock-1/photos/{desk.photos[0]}.jpg")
    assert (shown.mimetype, shown.headers["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert b"script" not in shown.data


def test_only_this_kiosk_s_page_hands_photos_in(desk: Desk) -> None:
    for headers in ({}, {CSRF_HEADER: "0" * 64}, {**desk.page.headers, "Origin": "http://evil.example"}):
        answer = desk.page.client.post("/station/dock-1/photos?since=1", data=JPEG, headers=headers)
        assert answer.status_code == 403
    assert desk.kiosk.files.kept == {}


@pytest.mark.parametrize("since", ["", "-1", "x", "1" * 19])
def test_a_photo_says_which_question_it_is_for(desk: Desk, since: str) -> None:
    answer = desk.page.client.post(
        f"/station/dock-1/photos?since={since}", data=JPEG, headers=desk.page.headers
    )
    assert answer.status_code == 400


def test_a_disk_that_is_full_is_said_and_nothing_is_pressed(desk: Desk) -> None:
    desk.kiosk.files.trouble = "The disk is almost full."
    answer = desk.keep()
    assert answer.status_code == 503
    assert "Nothing was taken" in answer.get_data(as_text=True)
    assert desk.kiosk.station.presses == []


def test_a_journal_that_fails_is_said(desk: Desk) -> None:
    desk.kiosk.station.failure = JournalError("disk full")
    assert desk.keep().status_code == 503


def test_a_thumbnail_is_small_and_shown_by_its_own_screen_only(desk: Desk) -> None:
    large = saved(halves(size=(3000, 1500)), "JPEG")
    desk.keep(large)
    path = f"photos/{desk.photos[0]}.jpg"
    shown = desk.page.client.get(f"/station/dock-1/{path}")
    assert Image.open(io.BytesIO(shown.data)).size == (320, 160)
    assert shown.headers["Cache-Control"] == "private, max-age=600, immutable"
    other = desk.kiosk.files.keep(snapshot(JPEG))
    for refused in (f"/station/floor 2/{path}", f"/station/dock-1/photos/{other}.jpg"):
        assert desk.page.client.get(refused).status_code == 404
    desk.kiosk.station.show("home/idle", {})
    assert desk.page.client.get(f"/station/dock-1/{path}").status_code == 404


def test_a_photo_that_is_gone_from_disk_is_not_found(desk: Desk) -> None:
    desk.keep()
    desk.kiosk.files.kept.clear()
    assert desk.page.client.get(f"/station/dock-1/photos/{DIGEST}.jpg").status_code == 404


def test_a_kiosk_that_no_phone_reaches_says_why(desk: Desk) -> None:
    answer = desk.page.client.post("/station/dock-1/photos/link", headers=desk.page.headers)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "No phone can reach this kiosk" in text
    assert "<svg" not in text


def test_a_code_for_a_phone_needs_a_question_and_the_page(desk: Desk) -> None:
    path = "/station/dock-1/photos/link"
    assert desk.page.client.post(path).status_code == 403
    assert desk.page.client.post("/station/none/photos/link", headers=desk.page.headers).status_code == 404
    desk.kiosk.station.show("home/idle", {})
    answer = desk.page.client.post(path, headers=desk.page.headers)
    assert (answer.status_code, answer.get_data(as_text=True)) == (
        409,
        "The screen has changed. It takes no photos now.",
    )
