import base64
import io
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from kiosk.model import ScanSeen
from kiosk.web import create_app
from kiosk.web.designs import difference
from kiosk.web.guards import CSRF_COOKIE, CSRF_HEADER, CsrfTokens
from tests.fakes.designs import PACKAGED
from tests.web.fakes import NOW, SECRET, FakeScanner, World, world
from tests.web.markup import Markup

LOCATION = (PACKAGED / "location.toml").read_text(encoding="utf-8")
MOVED = LOCATION.replace("# A place", "# Moved, a place")


@pytest.fixture
def kiosk(tmp_path: Path) -> World:
    return world(site=tmp_path / "designs")


class Desk:
    """Somebody at the design page: has its cookie and token."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        client.get("/labels")
        cookie = client.get_cookie(CSRF_COOKIE)
        assert cookie is not None
        self.headers = {CSRF_HEADER: CsrfTokens(SECRET).token(cookie.value), "HX-Request": "true"}

    def post(self, path: str, body: object = None, **options: Any) -> TestResponse:  # noqa: ANN401 - those of the test client
        sent = {"json": body} if "data" not in options else {}
        headers = {**self.headers, **options.pop("headers", {})}
        return self.client.post(f"/labels/{path}", headers=headers, **sent, **options)

    def base(self, name: str = "location") -> str:
        page = Markup(self.client.get(f"/labels/{name}").get_data(as_text=True))
        return str(page.having("data-base")[0]["data-base"])


@pytest.fixture
def desk(client: FlaskClient) -> Desk:
    return Desk(client)


def test_the_list_has_every_design_with_what_it_is(desk: Desk) -> None:
    page = Markup(desk.client.get("/labels").get_data(as_text=True))
    pictures = {image["src"] for image in page.having("src") if str(image["src"]).endswith(".png")}
    assert pictures == {f"/labels/{path.stem}.png" for path in PACKAGED.glob("*.toml")}
    assert "101.6 × 50.8 mm · encodes code" in page.text
    assert "part.partNumber" in page.text
    assert "Comes with the kiosk" in page.text
    assert "This site's, in place" not in page.text
    desk.post("location/save", {"source": MOVED})
    assert (
        "This site's, in place of the packaged one"
        in Markup(desk.client.get("/labels").get_data(as_text=True)).text
    )


def test_a_faulty_design_of_the_site_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "part.toml").write_text('title = "<script>"', encoding="utf-8")
    kiosk = world(site=tmp_path)
    page = create_app(kiosk.rooms).test_client().get("/labels").get_data(as_text=True)
    assert "<script>" not in page.replace("<script src", "")


def test_a_design_that_cannot_be_read_is_told_in_the_language_of_the_page(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_bytes(b'title = "\xff"')
    client = create_app(world(site=tmp_path).rooms).test_client()
    german = {"Accept-Language": "de"}
    answer = client.get("/labels/own", headers=german)
    assert answer.status_code == 422
    assert "own.toml: erwartet wird eine Datei in UTF-8" in answer.get_data(as_text=True)
    answer = client.get("/labels/own", headers={**german, "HX-Request": "true"})
    assert answer.get_data(as_text=True) == "own.toml: erwartet wird eine Datei in UTF-8"


def test_the_editor_holds_the_very_text(desk: Desk) -> None:
    own = LOCATION + "# </textarea><script>alert(1)</script> {{ 7 * 7 }} ${7*7}\n"
    assert desk.post("location/save", {"source": own}).status_code == 200
    html = desk.client.get("/labels/location").get_data(as_text=True)
    assert "<script>alert" not in html
    (written,) = re.findall(r"<textarea[^>]*>\n(.*?)</textarea>", html, re.DOTALL)
    assert unescape(written) == own
    exported = desk.client.get("/labels/location.toml")
    assert exported.data.decode() == own
    assert exported.headers["Content-Disposition"] == 'attachment; filename="location.toml"'


def test_a_draft_has_its_picture_boxes_and_fields(desk: Desk) -> None:
    answer = desk.post(
        "location/draft", {"source": LOCATION, "target": "dock-zebra", "values": {"code": "X"}}
    )
    draft = answer.get_json()
    assert draft["fault"] is None
    assert draft["is_exact"]
    assert base64.b64decode(draft["png"]).startswith(b"\x89PNG")
    assert {box["name"] for box in draft["boxes"]} >= {"text 1"}
    assert {one["name"]: one["value"] for one in draft["fields"]}["code"] == "X"


def test_a_fault_has_its_line(desk: Desk) -> None:
    source = LOCATION.replace("height_mm = 50.8", "height_mm = 10", 1)
    draft = desk.post("location/draft", {"source": source, "target": "dpi:203"}).get_json()
    assert "outside the label: wants" in draft["fault"]["text"]
    assert "had 10 mm" in draft["fault"]["text"]
    assert source.split("\n")[draft["fault"]["line"] - 1].startswith("[[")
    sent = {"source": source, "target": "dpi:203"}
    german = desk.post("location/draft", sent, headers={"Accept-Language": "de"}).get_json()
    assert ": außerhalb von dem Etikett: braucht" in german["fault"]["text"]


def test_dragging_changes_numbers_alone(desk: Desk) -> None:
    sent = {"source": LOCATION, "target": "dock-zebra", "element": "text 1", "dots": {"x_mm": 12}}
    changed = desk.post("location/arrange", sent).get_json()["source"]
    differing = [(a, b) for a, b in zip(LOCATION.split("\n"), changed.split("\n"), strict=True) if a != b]
    assert len(differing) == 1
    assert differing[0][1] == "x_mm = 1.5"
    for bad in ({"value": 3}, {"x_mm": -1}, {"x_mm": 10**9}, {"x_mm": "one"}, {}):
        assert desk.post("location/arrange", {**sent, "dots": bad}).status_code == 422
    assert desk.post("location/arrange", {**sent, "element": "text 99"}).status_code == 422


def test_saving_keeps_versions_that_can_be_compared_and_restored(desk: Desk) -> None:
    base = desk.base()
    saved = desk.post("location/save", {"source": MOVED, "base": base}).get_json()
    assert (saved["name"], saved["version"]) == ("location", 1)
    assert saved["digest"] == desk.base()
    late = desk.post("location/save", {"source": LOCATION + "# late\n", "base": base})
    assert late.status_code == 409
    assert "Somebody saved" in late.get_data(as_text=True)
    page = Markup(desk.client.get("/labels/location/versions").get_data(as_text=True))
    assert "Version 1" in page.text
    assert "As it comes with the kiosk" in page.text
    assert "# Moved, a place" in page.text
    assert desk.post("location/restore", {"version": 0, "base": base}).status_code == 409
    assert desk.post("location/restore", {"version": 9, "base": desk.base()}).status_code == 404
    assert desk.post("location/restore", {"version": 0, "base": desk.base()}).get_json()["version"] == 2
    assert desk.client.get("/labels/location.toml").data.decode() == LOCATION
    assert desk.client.get("/labels/location.toml?version=1").data.decode() == MOVED


def test_a_test_is_queued_under_the_sender_s_key(kiosk: World, desk: Desk) -> None:
    sent = {"source": MOVED, "printer": "dock-zebra", "values": {"code": "ION/LOC/4"}}
    answer = desk.post("location/print", sent, headers={"Idempotency-Key": "k1"})
    assert answer.status_code == 202
    ((printer, label, prepared, key),) = kiosk.tests
    assert (printer, label.label, label.fields["code"], key) == ("dock-zebra", "location", "ION/LOC/4", "k1")
    draft = desk.post(
        "location/draft", {"source": MOVED, "target": "dock-zebra", "values": {"code": "ION/LOC/4"}}
    ).get_json()
    assert base64.b64decode(draft["png"]) == prepared.png
    assert desk.client.get(f"/api/v1/jobs/{answer.get_json()['jobs'][0]}").status_code == 200
    for bad in ({"printer": "none"}, {"source": "title = 1"}, {"values": {"code": "x" * 5000}}):
        assert desk.post("location/print", {**sent, **bad}).status_code == 422
    assert len(kiosk.tests) == 1


def test_samples_come_from_a_code_or_a_station(kiosk: World, desk: Desk) -> None:
    found = desk.post("part/sample", {"text": "ION/PI/501"}).get_json()
    assert found["values"]["lotNumber"] == "LOT-7"
    assert desk.post("part/sample", {"text": "none"}).status_code == 422
    offline = desk.post("part/sample", {"text": "OFFLINE"})
    assert (offline.status_code, "ION could not be asked" in offline.get_data(as_text=True)) == (503, True)
    assert desk.post("part/sample", {"station": "dock-1"}).status_code == 422
    assert desk.post("part/sample", {"station": "none"}).status_code == 404
    kiosk.station.show("lookup/inventory", {"label": "part", "fields": {"code": "ION/PI/7"}})
    assert desk.post("part/sample", {"station": "dock-1"}).get_json() == {"values": {"code": "ION/PI/7"}}
    for bad in ({}, {"text": "a", "station": "b"}, {"text": "\ud800"}):
        assert desk.post("part/sample", bad).status_code in {400, 422}


def test_the_last_scans_are_offered(kiosk: World, desk: Desk) -> None:
    gun = FakeScanner(scans=[ScanSeen(NOW, b"ION/PI/501"), ScanSeen(NOW, b"\xff"), ScanSeen(NOW, b"a\x1db")])
    kiosk.scanners.append(gun)
    page = Markup(desk.client.get("/labels/part").get_data(as_text=True))
    options = [attributes["value"] for tag, attributes in page.elements if tag == "option"]
    assert "ION/PI/501" in options
    assert "a\x1db" not in options


def test_a_file_is_checked_before_it_is_taken(desk: Desk) -> None:
    def take(name: str, data: bytes, query: str = "") -> TestResponse:
        return desk.post(f"{name}/import{query}", data=data)

    assert take("shelf", LOCATION.encode()).get_json()["name"] == "shelf"
    assert take("shelf", MOVED.encode()).status_code == 409
    assert take("location", MOVED.encode()).status_code == 409
    assert take("shelf", MOVED.encode(), "?replace=1").get_json()["version"] == 2
    assert take("shelf2", b"\xff\xfe").status_code == 422
    assert take("shelf2", b"x" * (256 * 1024 + 1)).status_code == 413
    assert take("shelf2", b"a" + b".a" * 50_000 + b"=1").status_code == 422
    assert take("shelf2", b'title = "${7*7}"').status_code == 422
    assert take("shelf2", b"").status_code == 422
    assert desk.client.get("/labels/shelf2").status_code == 404


@pytest.mark.parametrize(
    "name", ["..", "%2e%2e", "..%2fpart", "a%00", "%2fetc%2fpasswd", ".versions", "a" * 65, "a%20b"]
)
def test_no_name_leads_out_of_the_folder(desk: Desk, tmp_path: Path, name: str) -> None:
    for path in (f"{name}/save", f"{name}/import?replace=1"):
        body = {"data": LOCATION.encode()} if "import" in path else {"body": {"source": LOCATION}}
        assert desk.post(path, **body).status_code in {404, 405, 422}
    for path in (name, f"{name}.toml", f"{name}.png", f"{name}/versions", f"{name}.toml?version=0"):
        assert desk.client.get(f"/labels/{path}").status_code in {404, 308}
    assert not (tmp_path / "designs").exists()
    assert not list(tmp_path.glob("*.toml"))


@pytest.mark.parametrize("action", ["draft", "arrange", "save", "restore", "print", "sample"])
def test_what_does_not_fit_is_refused(desk: Desk, action: str) -> None:
    bodies: tuple[object, ...] = ([], {"colour": 1}, {"source": 1}, "text", 3)
    for body in bodies:
        assert desk.post(f"location/{action}", body).status_code in {400, 422}
    assert desk.post(f"location/{action}", data="{", content_type="application/json").status_code == 400
    assert desk.post(f"location/{action}", data="source=x").status_code == 415
    too_long = {"source": "x" * 300_000, "target": "dpi:203"}
    assert desk.post(f"location/{action}", too_long).status_code == 422


def test_without_a_folder_the_page_says_so(tmp_path: Path) -> None:
    del tmp_path
    client = create_app(world().rooms).test_client()
    assert "labels.designs" in client.get("/labels").get_data(as_text=True)
    assert 'id="save"' not in client.get("/labels/part").get_data(as_text=True)
    refused = Desk(client).post("location/save", {"source": LOCATION})
    assert (refused.status_code, "labels.designs" in refused.get_data(as_text=True)) == (422, True)


def test_a_difference_is_told_line_by_line() -> None:
    lines = difference("a\nb\nc\n", "a\nB\nc\n")
    assert [(line.kind, line.text) for line in lines] == [
        ("place", "@@ -1,3 +1,3 @@"),
        ("same", "a"),
        ("removed", "b"),
        ("added", "B"),
        ("same", "c"),
    ]


def test_a_design_is_deleted_and_restored(desk: Desk) -> None:
    base = desk.base()
    assert desk.post("gate/save", {"source": MOVED, "base": ""}).status_code == 200
    assert desk.post("gate/delete", {"base": base}).status_code == 409
    answer = desk.post("gate/delete", {"base": desk.base("gate")})
    assert answer.get_json() == {"name": "gate", "is_packaged": False}
    assert desk.client.get("/labels/gate").status_code == 404
    listing = Markup(desk.client.get("/labels").get_data(as_text=True))
    assert "/labels/gate/versions" in {link["href"] for link in listing.having("href")}
    versions = desk.client.get("/labels/gate/versions").get_data(as_text=True)
    assert "This design was deleted." in versions
    assert desk.post("gate/restore", {"version": 1, "base": ""}).status_code == 200
    assert desk.client.get("/labels/gate").status_code == 200


def test_the_packaged_design_is_in_use_after_the_sites_was_deleted(desk: Desk) -> None:
    desk.post("location/save", {"source": MOVED, "base": desk.base()})
    answer = desk.post("location/delete", {"base": desk.base()})
    assert answer.get_json() == {"name": "location", "is_packaged": True}
    page = desk.client.get("/labels/location/versions").get_data(as_text=True)
    used = page.index("in use")
    assert page.index("As it comes with the kiosk") < used
    assert 'data-restore="1"' in page
    assert 'data-restore="0"' not in page
    assert desk.post("location/delete", {"base": desk.base()}).status_code == 422


def test_a_picture_is_kept(desk: Desk, tmp_path: Path) -> None:
    file = io.BytesIO()
    Image.new("L", (30, 10), 128).save(file, "PNG")
    answer = desk.post("location/pictures/..%2Flogo%20(1).png", data=file.getvalue())
    assert answer.status_code in {200, 404, 405}
    answer = desk.post("location/pictures/logo%20(1).png", data=file.getvalue())
    assert answer.get_json() == {"file": "logo-1.png", "width": 30, "height": 10, "has_greys": True}
    assert (tmp_path / "designs" / "logo-1.png").is_file()
    assert [path.name for path in tmp_path.rglob("*.png")] == ["logo-1.png"]
    for data, status in ((b"no picture", 422), (bytes(2 * 1024 * 1024 + 1), 413)):
        assert desk.post("location/pictures/x.png", data=data).status_code == status
    assert desk.client.post("/labels/location/pictures/x.png", data=file.getvalue()).status_code == 403


def test_rows_are_drafted(desk: Desk) -> None:
    source = (PACKAGED / "traveler.toml").read_text(encoding="utf-8")
    sent = {
        "source": source,
        "target": "dpi:203",
        "values": {"steps": [{"position": "7", "title": "Torque"}]},
    }
    (table,) = desk.post("traveler/draft", sent).get_json()["tables"]
    assert (table["name"], table["rows"]) == ("steps", [{"position": "7", "title": "Torque"}])
    assert table["required"] == ["position", "title"]


def test_a_design_goes_to_another_kiosk_with_its_pictures(desk: Desk, tmp_path: Path) -> None:
    file = io.BytesIO()
    Image.new("L", (40, 20), 0).save(file, "PNG")
    assert desk.post("shelf/pictures/logo.png", data=file.getvalue()).get_json()["file"] == "logo.png"
    element = '\n[[image]]\nx_mm = 1\ny_mm = 1\nwidth_mm = 6\nheight_mm = 3\nfile = "logo.png"\n'
    source = LOCATION + element
    assert desk.post("shelf/save", {"source": source, "base": ""}).status_code == 200
    assert 'href="/labels/shelf.zip"' in desk.client.get("/labels/shelf").get_data(as_text=True)
    sent = desk.client.get("/labels/shelf.zip")
    assert sent.headers["Content-Disposition"] == 'attachment; filename="shelf.zip"'
    other = Desk(create_app(world(site=tmp_path / "elsewhere").rooms).test_client())
    Image.new("L", (40, 20), 255).save(taken := io.BytesIO(), "PNG")
    other.post("shelf/pictures/logo.png", data=taken.getvalue())
    assert other.post("shelf/import", data=sent.data).get_json()["name"] == "shelf"
    text = other.client.get("/labels/shelf.toml").get_data(as_text=True)
    assert text == source.replace("logo.png", "logo-2.png"), "what was there by that name stays"
    assert other.client.get("/labels/location.zip").status_code == 404
    assert other.post("x/import", data=b"PK\x03\x04 torn").status_code == 422
