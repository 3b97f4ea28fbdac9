"""Which programs are let in, and for what."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient

from kiosk.errors import AccessRefused, TooOften
from kiosk.model import ApiKey, Reason, Scope, Why
from kiosk.web import create_app
from kiosk.web.guards import CSRF_HEADER, CsrfTokens
from tests.web.fakes import SECRET, World, print_job
from tests.web.test_guards import API_POSTS

ELSEWHERE = {"REMOTE_ADDR": "192.0.2.9"}
ALL = Scope("all")
NARROW = Scope("cell-3", frozenset({"run"}), frozenset({"spare-zebra"}), frozenset({"floor 2"}))


@dataclass
class FakeKeys:
    """Knows the key ``good``; what it is for is what a test says."""

    scope: Scope = ALL
    failure: Exception | None = None
    counted: int = 0

    def admit(self, sent: str, *, is_counted: bool) -> ApiKey:
        if sent != "good":
            raise AccessRefused("This API key is not known.")
        if self.failure is not None:
            raise self.failure
        self.counted += is_counted
        return ApiKey("0" * 12, "d" * 64, self.scope, datetime(2026, 11, 26, tzinfo=UTC))


@pytest.fixture
def keys() -> FakeKeys:
    return FakeKeys()


@pytest.fixture
def guarded(kiosk: World, keys: FakeKeys) -> FlaskClient:
    kiosk.jobs.add(print_job(1))
    return create_app(replace(kiosk.rooms, keys=keys, are_keys_needed=True)).test_client()


GOOD = {"Authorization": "Bearer good"}


def untouched(kiosk: World) -> bool:
    return not (kiosk.station.scans or kiosk.station.presses or kiosk.service.orders or kiosk.prints.acts)


@pytest.mark.parametrize(("path", "body"), API_POSTS.items())
def test_every_post_of_a_program_needs_a_key(
    kiosk: World, guarded: FlaskClient, keys: FakeKeys, path: str, body: object
) -> None:
    for headers, title in (
        ({}, "API key needed"),
        ({"Authorization": "Bearer bad"}, "API key refused"),
        ({"Authorization": "good"}, "API key refused"),
        ({"Authorization": "Basic Z29vZA=="}, "API key refused"),
        ({"Authorization": "Bearer "}, "API key refused"),
    ):
        answer = guarded.post(path, json=body, headers=headers)
        assert (answer.status_code, answer.mimetype) == (401, "application/problem+json"), headers
        assert (answer.get_json()["title"], answer.headers["WWW-Authenticate"]) == (
            title,
            'Bearer realm="ion-kiosk"',
        )
    assert untouched(kiosk)
    for scheme in ("Bearer", "bearer"):
        assert guarded.post(path, json=body, headers={"Authorization": f"{scheme} good"}).status_code == 202
    assert keys.counted == 2


def test_who_only_looks_needs_no_key_but_a_bad_one_is_refused(guarded: FlaskClient, keys: FakeKeys) -> None:
    for path in ("/api/v1/printers", f"/api/v1/jobs/{1:032x}", "/api/openapi.json", "/healthz"):
        assert guarded.get(path).status_code == 200
        assert guarded.get(path, headers=GOOD).status_code == 200
    assert guarded.get("/api/v1/printers", headers={"Authorization": "Bearer bad"}).status_code == 401
    assert keys.counted == 0


def test_a_key_reprints_serials_only_where_it_says_so(kiosk: World, keys: FakeKeys) -> None:
    kiosk.jobs.add(print_job(7))
    client = create_app(replace(kiosk.rooms, keys=keys)).test_client()
    body = {"label": "part", "subject": "ION/PI/501", "reason": "lost", "note": "on the floor"}
    for scope in (ALL, replace(ALL, reprints=True)):
        keys.scope = scope
        assert client.post("/api/v1/labels", json=body, headers=GOOD).status_code == 202
    plain, signed = (order.asker for order in kiosk.service.orders)
    assert plain is not None
    assert (plain.role, plain.is_proved) == ("operator", False)
    assert signed is not None
    assert (signed.name, signed.role, signed.is_proved) == ("key all", "technician", True)
    assert {order.why for order in kiosk.service.orders} == {Why(Reason.LOST, "on the floor")}


def test_without_the_setting_programs_of_other_machines_alone_need_one(kiosk: World, keys: FakeKeys) -> None:
    client = create_app(replace(kiosk.rooms, keys=keys)).test_client()
    body = API_POSTS["/api/v1/labels"]
    assert client.post("/api/v1/labels", json=body).status_code == 202
    for near in ("127.0.0.1", "::1", "::ffff:127.0.0.1"):
        assert client.post("/api/v1/labels", json=body, environ_base={"REMOTE_ADDR": near}).status_code == 202
    for far in ("192.0.2.9", "2001:db8::9", "", "nonsense"):
        peer = {"REMOTE_ADDR": far}
        assert client.post("/api/v1/labels", json=body, environ_base=peer).status_code == 401
        assert client.post("/api/v1/labels", json=body, environ_base=peer, headers=GOOD).status_code == 202


def test_a_page_of_the_kiosk_shows_its_token_instead(kiosk: World, keys: FakeKeys) -> None:
    client = create_app(replace(kiosk.rooms, keys=keys, are_keys_needed=True)).test_client()
    client.get("/station/dock-1")
    cookie = client.get_cookie("kiosk_csrf")
    assert cookie is not None
    token = {CSRF_HEADER: CsrfTokens(SECRET).token(cookie.value)}
    body = API_POSTS["/api/v1/scans"]
    assert client.post("/api/v1/scans", json=body, headers=token).status_code == 202
    assert client.post("/api/v1/scans", json=body, headers={CSRF_HEADER: "0" * 64}).status_code == 401
    client.delete_cookie("kiosk_csrf")
    assert client.post("/api/v1/scans", json=body, headers=token).status_code == 401


@pytest.mark.parametrize(
    ("path", "scope"),
    [
        ("/api/v1/scans", "stations"),
        ("/api/v1/stations/dock-1/events", "stations"),
        ("/api/v1/labels", "labels"),
        (f"/api/v1/jobs/{1:032x}/reprint", "labels"),
        (f"/api/v1/jobs/{1:032x}/void", "labels"),
        ("/api/v1/printers/dock-zebra/pause", "printers"),
        ("/api/v1/printers/dock-zebra/go-on", "printers"),
        ("/api/v1/printers/dock-zebra/take-over", "printers"),
        *((f"/api/v1/batches/b1/{turn}", "labels") for turn in ("pause", "go-on", "hurry", "cancel")),
    ],
)
def test_what_a_key_is_not_for_is_refused_by_the_name_of_its_scope(
    kiosk: World, guarded: FlaskClient, keys: FakeKeys, path: str, scope: str
) -> None:
    keys.scope = NARROW
    answer = guarded.post(path, json=API_POSTS[path], headers=GOOD)
    assert (answer.status_code, answer.mimetype) == (403, "application/problem+json")
    problem = answer.get_json()
    assert (problem["title"], problem["scope"]) == ("Not in the key's scope", scope)
    assert problem["detail"].startswith(f"Key 'cell-3' is for {scope} [")
    assert untouched(kiosk)


def test_a_printer_that_takes_over_must_be_in_scope_too(guarded: FlaskClient, keys: FakeKeys) -> None:
    keys.scope = NARROW
    path = "/api/v1/printers/spare-zebra/take-over"
    answer = guarded.post(path, json={"to": "dock-zebra"}, headers=GOOD)
    assert (answer.status_code, answer.get_json()["scope"]) == (403, "printers")


def test_a_program_that_asks_too_often_is_told_when_again(
    kiosk: World, guarded: FlaskClient, keys: FakeKeys
) -> None:
    keys.failure = TooOften("API key 'cell-3' is for 60/min requests.", retry_after_s=1.2)
    answer = guarded.post("/api/v1/labels", json=API_POSTS["/api/v1/labels"], headers=GOOD)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "2")
    assert answer.get_json()["detail"] == "API key 'cell-3' is for 60/min requests."
    assert untouched(kiosk)


def test_the_journal_says_by_whose_key(kiosk: World, guarded: FlaskClient) -> None:
    guarded.post("/api/v1/labels", json=API_POSTS["/api/v1/labels"], headers={**GOOD, "Idempotency-Key": "k"})
    (order,) = kiosk.service.orders
    assert (order.by, order.client, order.key, order.scope) == ("key all", f"key/{'0' * 12}", "k", ALL)
    guarded.post("/api/v1/printers/dock-zebra/pause", json={}, headers=GOOD)
    assert kiosk.prints.acts == [("hold", "dock-zebra", "key all")]
