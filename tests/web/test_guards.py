import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kiosk.errors import JournalError
from kiosk.web import create_app
from kiosk.web.guards import CAMERA_POLICY, CSRF_COOKIE, CSRF_HEADER, HEADERS, CsrfTokens
from tests.web.conftest import Page, Standing
from tests.web.fakes import SECRET, World, print_job

API_POSTS = {
    "/api/v1/scans": {"station": "dock-1", "text": "A"},
    "/api/v1/stations/dock-1/events": {"action": "HOME"},
    "/api/v1/labels": {"label": "part", "fields": {}, "station": "dock-1"},
    f"/api/v1/jobs/{1:032x}/reprint": {"reason": "lost"},
    f"/api/v1/jobs/{1:032x}/void": {"reason": "lost"},
    "/api/v1/printers/dock-zebra/pause": {},
    "/api/v1/printers/dock-zebra/go-on": {},
    "/api/v1/printers/dock-zebra/take-over": {"to": "spare-zebra"},
    "/api/v1/batches/b1/pause": {},
    "/api/v1/batches/b1/go-on": {},
    "/api/v1/batches/b1/hurry": {},
    "/api/v1/batches/b1/cancel": {},
}
DESIGN_ACTIONS = (
    "draft",
    "arrange",
    "save",
    "restore",
    "import",
    "delete",
    "pictures/logo.png",
    "print",
    "sample",
)
ANSWERS = [
    ("GET", "/", 200),
    ("GET", "/station/dock-1", 200),
    ("GET", "/station/dock-1/screen", 200),
    ("GET", "/station/none", 404),
    ("GET", "/station/dock-1/tray", 404),
    ("GET", "/station/dock-1/label.png", 404),
    ("GET", f"/jobs/{1:032x}.png", 200),
    ("GET", "/jobs/none.png", 404),
    ("GET", "/pad/0.png", 404),
    ("GET", "/command.png?text=ION/CMD/HOME", 404),
    ("GET", "/tray/1.png", 404),
    ("GET", "/scanners", 200),
    ("GET", "/scanners/list", 200),
    ("GET", "/scanners/learn", 200),
    ("GET", "/scanners/learn/news", 200),
    ("GET", "/scanners/forget?name=none", 404),
    ("GET", "/printers", 200),
    ("GET", "/printers/ask?act=cancel&name=none", 404),
    ("GET", "/print/reconciliation", 200),
    ("GET", "/print/reconciliation.csv", 200),
    ("GET", "/parked", 200),
    ("GET", "/parked/list", 200),
    ("POST", "/parked/none", 403),
    ("POST", "/parked/sign-in", 403),
    ("POST", "/parked/none/look", 403),
    ("GET", "/labels", 200),
    ("GET", "/labels/part", 200),
    ("GET", "/labels/none", 404),
    ("GET", "/labels/part.png", 200),
    ("GET", "/labels/none.png", 404),
    ("GET", "/labels/part.toml", 200),
    ("GET", "/labels/part.toml?version=9", 404),
    ("GET", "/labels/part/versions", 200),
    ("GET", "/labels/part.zip", 404),
    ("GET", "/labels/../app.py", 404),
    ("GET", "/sheets/commands", 200),
    ("GET", "/sheets/work.png", 200),
    ("GET", "/sheets/commands.pdf", 200),
    ("GET", "/sheets/work", 200),
    ("GET", "/sheets/work.pdf", 200),
    ("GET", "/sheets/scanner.pdf", 200),
    ("GET", "/sheets/scanner.zpl", 404),
    ("GET", "/events/none", 404),
    ("GET", "/events/jobs/none", 404),
    ("GET", "/events/batches/none", 404),
    ("GET", "/print", 200),
    ("GET", "/print/found?q=VLV", 200),
    ("GET", "/print/label?code=none", 200),
    ("GET", "/print/label.png?code=ION/PI/501", 200),
    ("GET", "/print/batches/b1", 200),
    ("GET", "/print/batches/none", 404),
    ("POST", "/print", 403),
    ("GET", "/healthz", 200),
    ("GET", "/metrics", 404),
    ("GET", "/enter", 200),
    ("POST", "/enter", 403),
    ("POST", "/leave", 403),
    ("GET", "/static/kiosk.css", 200),
    ("GET", "/static/none.css", 404),
    ("GET", "/static/../app.py", 404),
    ("GET", "/console", 404),
    ("GET", "/api/v1/stations/dock-1", 200),
    ("GET", "/api/v1/queues", 200),
    ("GET", "/api/v1/batches/b1", 200),
    ("GET", "/api/v1/stations/none", 404),
    ("GET", "/api/v1/nothing", 404),
    ("GET", "/api/v1/printers", 200),
    ("GET", "/api/v1/jobs/none", 404),
    ("GET", "/api/openapi.json", 200),
    ("DELETE", "/api/v1/scans", 405),
    ("DELETE", "/station/dock-1", 405),
    ("POST", "/station/dock-1/press", 403),
    ("POST", "/station/dock-1/ambience", 403),
    ("POST", "/station/dock-1/scan", 403),
    ("POST", "/station/dock-1/photo", 403),
    ("POST", "/station/dock-1/photos", 403),
    ("POST", "/station/dock-1/photos/link", 403),
    ("GET", f"/station/dock-1/photos/{64 * '0'}.jpg", 404),
    ("GET", "/photo/none", 410),
    ("GET", "/station/dock-1/sign-in", 200),
    ("POST", "/station/dock-1/sign-in/phone", 403),
    ("POST", "/station/dock-1/sign-in/browser", 403),
    ("POST", "/station/dock-1/sign-out", 403),
    ("POST", "/station/dock-1/pin", 403),
    ("POST", "/station/dock-1/language", 403),
    ("GET", "/shift", 200),
    ("GET", "/shift.csv", 403),
    ("POST", "/shift/sign-in", 403),
    ("POST", "/shift/label", 403),
    ("GET", "/settings", 200),
    ("POST", "/settings/sign-in", 403),
    ("GET", "/operators", 200),
    ("GET", "/operators/panel", 200),
    *(("POST", f"/operators/{action}", 403) for action in ("sign-in", "prove", "sign-out", "change/add")),
    ("GET", "/sign-in/callback", 403),
    ("POST", "/photo/none", 410),
    ("POST", "/scanners/learn", 403),
    ("POST", "/scanners/learn/stop", 403),
    ("POST", "/scanners/forget", 403),
    *(("POST", f"/labels/part/{action}", 403) for action in DESIGN_ACTIONS),
    ("POST", "/api/v1/scans", 415),
    ("TRACE", "/", 405),
]


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
def test_every_answer_is_protected(standing: Standing, method: str, path: str, status: int) -> None:
    standing.kiosk.jobs.add(print_job(1))
    with standing.client.open(path, method=method) as answer:
        assert answer.status_code == status
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
        is_kept = path.startswith(("/static/kiosk", "/jobs/0"))
        assert (answer.headers["Cache-Control"] == "no-store") is not is_kept


def test_every_route_is_in_the_list_above(app: Flask) -> None:
    adapter = app.url_map.bind("localhost")
    seen = {
        adapter.match(path.partition("?")[0], method=method)[0]
        for method, path, status in ANSWERS
        # A design without pictures has no parcel.
        if status not in {404, 405} or path.endswith(".zip")
    }
    seen |= {adapter.match(path, method="POST")[0] for path in API_POSTS}
    others = {
        "health.metrics",
        "learning.ask",
        "printers.ask",
        "pages.tray",
        "pictures.label_picture",
        "pictures.pad_picture",
        "pictures.tray_picture",
        "pictures.command_picture",
        "photos.show",
    }
    others |= {
        "live.events",
        "live_labels.job",
        "live_labels.batch",
        "printers.events",
        "printers.act",
        "labels.job",
    }
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == seen | others


def test_the_policy_allows_nothing_inline() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    for directive in ("default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert directive in policy


def test_the_camera_s_worker_alone_may_compile_webassembly(client: FlaskClient) -> None:
    with client.get("/static/camera-worker.js") as worker, client.get("/static/camera.js") as script:
        assert worker.headers["Content-Security-Policy"] == CAMERA_POLICY
        assert "'wasm-unsafe-eval'" in CAMERA_POLICY
        assert "wasm" not in script.headers["Content-Security-Policy"]
    with client.get("/static/vendor/zxing-wasm/zxing_reader.wasm") as wasm:
        assert (wasm.mimetype, wasm.data[:4]) == ("application/wasm", b"\0asm")


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("LOCALHOST:8080", 200),
        ("127.0.0.1:1", 200),
        ("[::1]:8080", 200),
        ("evil.example", 400),
        ("localhost.evil.example", 400),
        ("127.0.0.1@evil.example", 400),
        ("localhost:80:80", 400),
        ("[::1", 400),
        ("", 400),
        ("local host", 400),
    ],
)
@pytest.mark.parametrize("path", ["/healthz", "/api/v1/stations/dock-1", "/static/kiosk.js", "/none"])
def test_only_the_kiosk_s_own_names_are_answered(
    standing: Standing, host: str, status: int, path: str
) -> None:
    with standing.client.get(path, headers={"Host": host}) as answer:
        assert answer.status_code == (404 if status == 200 and path == "/none" else status)
        assert host.encode() not in answer.data or not host


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("192.0.2.7:8080", 200),
        ("[2001:db8::7]", 200),
        ("kiosk.evil.example", 400),
        ("1.2.3.4.evil.example", 400),
    ],
)
def test_served_everywhere_it_answers_under_any_address_but_not_any_name(
    kiosk: World, host: str, status: int
) -> None:
    open_kiosk = create_app(replace(kiosk.rooms, is_any_address_allowed=True)).test_client()
    assert open_kiosk.get("/healthz", headers={"Host": host}).status_code == status
    assert create_app(kiosk.rooms).test_client().get("/healthz", headers={"Host": host}).status_code == 400


def test_a_page_can_press(kiosk: World, page: Page) -> None:
    answer = page.client.post("/station/dock-1/press", data={"verb": "HOME"}, headers=page.headers)
    assert answer.status_code == 200
    assert [press[0] for press in kiosk.station.presses] == ["HOME"]


@pytest.mark.parametrize("token", [None, "", "0" * 64, "é", CsrfTokens(b"x" * 32).token("0" * 32)])
@pytest.mark.parametrize(
    "path", ["press", "scan", "photo", "photos?since=1", "photos/link", "sign-in/phone", "sign-out", "pin"]
)
def test_a_form_without_the_page_s_token_does_nothing(
    standing: Standing, token: str | None, path: str
) -> None:
    page = standing.page
    headers = {} if token is None else {CSRF_HEADER: token}
    answer = page.client.post(f"/station/dock-1/{path}", data={"verb": "HOME", "text": "A"}, headers=headers)
    assert answer.status_code == 403
    assert (standing.kiosk.station.presses, standing.kiosk.station.scans) == ([], [])


def test_a_token_without_its_cookie_or_with_another_s_does_nothing(kiosk: World, page: Page) -> None:
    for cookie in (None, "f" * 32, "short", ""):
        page.client.delete_cookie(CSRF_COOKIE)
        if cookie is not None:
            page.client.set_cookie(CSRF_COOKIE, cookie)
        answer = page.client.post("/station/dock-1/press", data={"verb": "HOME"}, headers=page.headers)
        assert answer.status_code == 403
    assert kiosk.station.presses == []


def test_a_self_made_cookie_that_is_no_nonce_gets_no_token_that_works(client: FlaskClient) -> None:
    client.set_cookie(CSRF_COOKIE, "mine")
    answer = client.post(
        "/station/dock-1/press",
        data={"verb": "HOME"},
        headers={CSRF_HEADER: CsrfTokens(SECRET).token("mine")},
    )
    assert answer.status_code == 403


def test_a_page_of_an_earlier_start_is_told_to_load_again(page: Page) -> None:
    headers = {**page.headers, CSRF_HEADER: "0" * 64}
    answer = page.client.post("/station/dock-1/press", data={"verb": "HOME"}, headers=headers)
    assert (answer.status_code, answer.headers.get("HX-Refresh")) == (403, "true")
    assert answer.get_data(as_text=True) == "The page is out of date. It loads again."


def test_the_cookie_is_for_this_site_alone_and_stays(client: FlaskClient) -> None:
    header = client.get("/station/dock-1").headers["Set-Cookie"]
    assert re.fullmatch(rf"{CSRF_COOKIE}=[0-9a-f]{{32}}; HttpOnly; Path=/; SameSite=Strict", header)
    assert client.get("/station/dock-1").headers["Set-Cookie"] == header


ELSEWHERE = [
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost:9"},
    {"Origin": ""},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "http://evil.example"},
]


@pytest.mark.parametrize("headers", ELSEWHERE)
@pytest.mark.parametrize(("path", "body"), API_POSTS.items())
def test_the_api_takes_nothing_from_a_page_elsewhere(
    standing: Standing, path: str, body: object, headers: dict[str, str]
) -> None:
    kiosk = standing.kiosk
    answer = standing.client.post(path, json=body, headers=headers)
    assert (answer.status_code, answer.mimetype) == (403, "application/problem+json")
    assert (kiosk.station.scans, kiosk.station.presses, kiosk.service.orders) == ([], [], [])
    assert kiosk.prints.acts == []


@pytest.mark.parametrize("headers", ELSEWHERE)
def test_neither_does_the_page(standing: Standing, headers: dict[str, str]) -> None:
    page = standing.page
    answer = page.client.post(
        "/station/dock-1/press", data={"verb": "HOME"}, headers={**page.headers, **headers}
    )
    assert answer.status_code == 403
    assert standing.kiosk.station.presses == []


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}],
)
@pytest.mark.parametrize(("path", "body"), API_POSTS.items())
def test_programs_and_own_pages_may(
    kiosk: World, client: FlaskClient, path: str, body: object, headers: dict[str, str]
) -> None:
    kiosk.jobs.add(print_job(1))
    assert client.post(path, json=body, headers=headers).status_code == 202


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
@pytest.mark.parametrize("path", API_POSTS)
def test_the_api_wants_json_said_to_be_json(standing: Standing, path: str, media_type: str) -> None:
    answer = standing.client.post(path, data='{"station": "dock-1", "text": "A"}', content_type=media_type)
    assert (answer.status_code, answer.mimetype) == (415, "application/problem+json")
    assert standing.kiosk.station.scans == []


def test_what_is_too_large_is_refused_before_it_is_read(kiosk: World, page: Page) -> None:
    body = b"x" * (2 * 1024 * 1024 + 1)
    api = page.client.post("/api/v1/scans", data=body, content_type="application/json")
    form = page.client.post("/station/dock-1/scan", data={"text": body.decode()}, headers=page.headers)
    assert (api.status_code, api.mimetype, form.status_code) == (413, "application/problem+json", 413)
    assert kiosk.station.scans == []


def test_a_failure_says_nothing_of_what_was_sent(
    kiosk: World, page: Page, caplog: pytest.LogCaptureFixture
) -> None:
    kiosk.station.failure = RuntimeError("secret <path> /etc/shadow")
    for path, headers, media_type in (
        ("/station/dock-1", {}, "text/html"),
        ("/station/dock-1/screen", {"HX-Request": "true"}, "text/plain"),
        ("/api/v1/stations/dock-1", {}, "application/problem+json"),
    ):
        answer = page.client.get(path, headers=headers)
        assert (answer.status_code, answer.mimetype) == (500, media_type)
        assert "secret" not in answer.get_data(as_text=True)
        assert "Traceback" not in answer.get_data(as_text=True)
    assert "secret <path>" in caplog.text


def test_what_is_not_found_is_not_echoed(client: FlaskClient) -> None:
    for path in ("/<script>alert(1)</script>", "/station/<script>", "/api/v1/stations/<script>"):
        answer = client.get(path, query_string={"q": "<script>"})
        assert answer.status_code == 404
        assert b"<script>" not in answer.data
        assert b"script&gt;" not in answer.data


def test_a_journal_that_cannot_be_written_is_said(kiosk: World, page: Page) -> None:
    kiosk.station.failure = JournalError("disk full: /var/lib")
    answers = [
        page.client.post("/station/dock-1/scan", data={"text": "A"}, headers=page.headers),
        page.client.post("/api/v1/scans", json={"station": "dock-1", "text": "A"}),
    ]
    assert [(a.status_code, a.headers["Retry-After"], a.mimetype) for a in answers] == [
        (503, "5", "text/plain"),
        (503, "5", "application/problem+json"),
    ]
    assert all("Nothing was taken" in a.get_data(as_text=True) for a in answers)
    assert all("/var/lib" not in a.get_data(as_text=True) for a in answers)


def test_what_is_named_by_its_content_may_be_kept(client: FlaskClient) -> None:
    for path, expected in (
        ("/static/kiosk.css", "no-cache"),
        ("/static/kiosk.css?v=1", "public, max-age=31536000, immutable"),
    ):
        with client.get(path) as answer:
            assert answer.headers["Cache-Control"] == expected


@pytest.mark.parametrize("headers", [{}, *ELSEWHERE])
@pytest.mark.parametrize("action", DESIGN_ACTIONS)
def test_nobody_else_changes_a_design(standing: Standing, action: str, headers: dict[str, str]) -> None:
    page = standing.page
    own = page.headers if headers else {CSRF_HEADER: "0" * 64, "HX-Request": "true"}
    answer = page.client.post(
        f"/labels/part/{action}",
        json={"source": "", "target": "", "printer": "dock-zebra", "base": ""},
        headers={**own, **headers},
    )
    assert answer.status_code == 403
    assert standing.kiosk.tests == []
