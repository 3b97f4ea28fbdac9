"""People who sign in with ION, and photos they take, through a real process."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from hashlib import md5, sha256
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from kiosk.snapshot import snapshot
from tests import plain_http
from tests.end_to_end.floor import Plant, plant, wait_for
from tests.test_photo import saved
from tests.test_snapshot import halves

RUN = 1204
ADA, JONAS, KIOSK = 42, 43, 40
PASSWORDS = {
    "ada": {"username": "ada.okafor@halyard.example", "password": "ada-secret"},
    "jonas": {"username": "jonas.lindqvist@halyard.example", "password": "jonas-secret"},
}
PHOTO = saved(halves(), "JPEG")


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Plant]:
    with plant(tmp_path) as running:
        wait_for(lambda: running.view()["ion"]["is_ready"], "ION's lamp")
        yield running


class Desk:
    """The station's page in a browser that never runs its scripts."""

    def __init__(self, floor: Plant) -> None:
        self.floor = floor
        self.client = plain_http.Client(base_url=f"http://127.0.0.1:{floor.port}")
        page = self.client.get("/station/dock-1").text
        token = re.search(r'"X-CSRF-Token": "([0-9a-f]+)"', page)
        assert token is not None
        self.headers = {"X-CSRF-Token": token[1]}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.client.close()

    def post(self, path: str, **content: Any) -> httpx.Response:  # noqa: ANN401 - what httpx takes
        answer = self.client.post(f"/station/dock-1/{path}", headers=self.headers, **content)
        assert answer.status_code < 300, answer.text
        return answer

    def sign_in_by_phone(self, who: str) -> None:
        """Show a code, and let the person enter it at ION with their phone."""
        wait_for(lambda: "with a phone" in self.client.get("/station/dock-1/sign-in").text, "the way in")
        shown = self.post("sign-in/phone").text
        user_code = re.search(r"user-code[^>]*>([A-P]{4}-[A-P]{4})<", shown)
        assert user_code is not None
        form = {**PASSWORDS[who], "user_code": user_code[1]}
        done = plain_http.post(f"{self.floor.ion.base_url}/realms/people/device", data=form)
        assert "You can go back to your device" in done.text
        wait_for(self.look, "the person at the station")

    def look(self) -> str:
        """Look at the panel, as its page does every two seconds; return who is signed in."""
        self.client.get("/station/dock-1/sign-in")
        operator = self.floor.view()["operator"]
        return str(operator["name"]) if operator else ""


def started(floor: Plant) -> None:
    floor.gun.scan(f"ION/RUN/{RUN}")
    floor.wait_for_screen("run/run")
    floor.gun.scan("ION/CMD/START")


def effect_of(floor: Plant, operation: str) -> dict[str, Any] | None:
    """Return the arguments of the first change of that name."""
    found = (effect["arguments"] for effect in floor.effects() if effect["operation"] == operation)
    return next(found, None)


def doers(floor: Plant) -> list[int]:
    """Return who made each change, by ION's own account."""
    return [effect["userId"] for effect in floor.effects()]


def test_what_a_person_does_is_done_in_their_name_until_they_sign_out(floor: Plant) -> None:
    with Desk(floor) as desk:
        desk.sign_in_by_phone("ada")
        assert desk.look() == "Ada Okafor"
        started(floor)
        floor.wait_for_message("ION has it", "started")
        assert set(doers(floor)) == {ADA}
        desk.post("sign-out")
        assert desk.look() == ""
        before = len(floor.effects())
        floor.gun.scan("ION/CMD/COMPLETE")
        floor.wait_for_message("ION has it", "complete")
        assert set(doers(floor)[before:]) == {KIOSK}
    database = (floor.folder / "kiosk.db").read_bytes() + (floor.folder / "kiosk.db-wal").read_bytes()
    assert b"Ada Okafor" in database
    assert b"eyJ" not in database, "no token is ever on disk"


def test_what_a_person_may_not_do_is_refused_and_the_kiosk_does_not_do_it_for_them(floor: Plant) -> None:
    with Desk(floor) as desk:
        desk.sign_in_by_phone("jonas")
        started(floor)
        wait_for(lambda: floor.view()["parked"], "the refusal")
        desk.post("sign-out")
    assert floor.effects() == []


def test_a_desk_s_browser_signs_in_at_ion_and_comes_back(floor: Plant) -> None:
    with Desk(floor) as desk:
        wait_for(lambda: "in this browser" in desk.client.get("/station/dock-1/sign-in").text, "the way in")
        url = desk.post("sign-in/browser").headers["HX-Redirect"]
        assert parse_qs(urlsplit(url).query)["code_challenge_method"] == ["S256"]
        assert "Sign in" in plain_http.get(url).text
        back = plain_http.post(url, data=PASSWORDS["ada"]).headers["Location"]
        assert back.startswith(f"http://127.0.0.1:{floor.port}/sign-in/callback?code=")
        stranger = plain_http.get(back)
        assert (stranger.status_code, "Not signed in" in stranger.text) == (403, True)
        answer = desk.client.get(back)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/station/dock-1")
        assert desk.look() == "Ada Okafor"
        assert desk.client.get(back).status_code == 403


def test_a_restart_signs_everybody_out_and_keeps_who_did_what(floor: Plant) -> None:
    with Desk(floor) as desk:
        desk.sign_in_by_phone("ada")
        floor.gun.scan(f"ION/RUN/{RUN}")
        floor.wait_for_screen("run/run")
        floor.go_wrong({"kind": "offline"})
        floor.gun.scan("ION/CMD/START")
        wait_for(lambda: floor.view()["waiting"], "the change in the queue")
    floor.kill()
    floor.go_wrong({"kind": "offline", "on": False})
    floor.serve()
    assert floor.view()["operator"] is None
    wait_for(lambda: doers(floor), "the change in ION")
    assert set(doers(floor)) == {KIOSK}
    command = [sys.executable, "-m", "kiosk", "journal", "list", "--json", "--config", str(floor.config)]
    listed = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    assert [one["actor"]["name"] for one in listed] == ["Ada Okafor"]


def test_a_photo_of_what_came_is_attached_to_the_stock_it_became(floor: Plant) -> None:
    for text in ("ION/PO/5001", "ORNG-2-214", "ION/CMD/QUANTITY/5", "LOT-E2E-1", "ION/CMD/PHOTO"):
        floor.gun.scan(text)
    floor.wait_for_screen("receive/photos")
    with Desk(floor) as desk:
        since = re.search(r'data-since="(\d+)"', desk.client.get("/station/dock-1/screen").text)
        assert since is not None
        desk.post(f"photos?since={since[1]}", content=PHOTO)
        digest = sha256(snapshot(PHOTO)).hexdigest()
        assert floor.view()["state"]["photos"] == [digest]
        shown = desk.client.get(f"/station/dock-1/photos/{digest}.jpg")
        assert shown.headers["Content-Type"] == "image/jpeg"
    floor.gun.scan("ION/CMD/CONFIRM")
    floor.wait_for_screen("receive/line")
    floor.gun.scan("ION/CMD/CONFIRM")
    (row,) = wait_for(lambda: floor.stock(lotNumber="LOT-E2E-1"), "the stock in ION")
    upload = wait_for(lambda: effect_of(floor, "upload"), "the photo in ION's storage")
    assert upload["etag"] == md5(snapshot(PHOTO)).hexdigest()  # noqa: S324 - what such a storage answers
    assert upload["contentType"] == "image/jpeg"
    attached = effect_of(floor, "createFileAttachment")
    assert attached is not None
    assert attached["input"] == {"entityId": f"2{int(row['id']):06}", "filename": "ORNG-2-214-1.jpg"}
    wait_for(lambda: not floor.view()["waiting"], "the end of it")
    assert floor.view()["parked"] == 0
