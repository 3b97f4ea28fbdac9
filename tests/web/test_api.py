import base64
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from kiosk.errors import JournalError
from kiosk.model import DeviceState, JobState, Json, Level, Message
from tests.web.fakes import World, print_job
from tests.web.samples import SAMPLES

IDLE: dict[str, Json] = {
    "screen": "home/idle",
    "state": {},
    "message": None,
    "waiting": 0,
    "parked": 0,
    "scanners": [{"name": "dock-gun", "is_ready": True, "text": "ready"}],
    "printers": [{"name": "dock-zebra", "is_ready": True, "text": "ready"}],
    "revision": 1,
    "ion": {"name": "ION", "is_ready": True, "text": "answers"},
    "jobs": [],
    "operator": None,
}
JOB: dict[str, Json] = {
    "id": f"{1:032x}",
    "station": "dock-1",
    "printer": "dock-zebra",
    "label": "part",
    "fields": {"serialNumber": "SN-000001", "part.partNumber": "VLV-0001"},
    "subject": "inventory/501",
    "encoded": "ION/PI/501",
    "copy": 1,
    "copies": 1,
    "state": "unknown",
    "error": "cut off",
    "created_at": "2026-11-21T09:30:00+00:00",
    "batch": "",
    "edition": 1,
    "reprint_of": "",
    "moved_from": "",
    "picture": f"/jobs/{1:032x}.png",
}


def test_a_station_says_what_it_shows(kiosk: World, client: FlaskClient) -> None:
    assert client.get("/api/v1/stations/dock-1").get_json() == IDLE
    kiosk.jobs.add(print_job(1, JobState.UNKNOWN, error="cut off"))
    kiosk.station.alter(
        waiting=2,
        parked=1,
        ion=DeviceState("ION", is_ready=False, text="no answer since 10:03"),
        message=Message(Level.STOP, "{what} <b>", {"what": "No"}),
    )
    assert client.get("/api/v1/stations/dock-1").get_json() == {
        **IDLE,
        "waiting": 2,
        "parked": 1,
        "revision": 3,
        "ion": {"name": "ION", "is_ready": False, "text": "no answer since 10:03"},
        "message": {"level": "stop", "text": "No <b>"},
        "jobs": [JOB],
    }


def test_the_state_is_handed_on_as_it_is(kiosk: World, client: FlaskClient) -> None:
    for screen, state in SAMPLES.items():
        kiosk.station.show(screen, state)
        answer = client.get("/api/v1/stations/dock-1").get_json()
        assert (answer["screen"], answer["state"]) == (screen, state)


def test_a_scan_is_taken_and_answered_with_what_the_station_shows_then(
    kiosk: World, client: FlaskClient
) -> None:
    answer = client.post(
        "/api/v1/scans",
        json={"station": "dock-1", "text": "PO-10007"},
        headers={"Idempotency-Key": "scan-1"},
    )
    assert answer.status_code == 202
    assert answer.get_json() == {
        "receipt": {"id": "r1", "is_repeat": False, "is_stale": False},
        "view": client.get("/api/v1/stations/dock-1").get_json(),
    }
    assert answer.get_json()["view"]["screen"] == "receive/order"
    assert kiosk.station.scans == [(b"PO-10007", "api", "scan-1")]


def test_the_same_scan_sent_again_is_a_repeat(kiosk: World, client: FlaskClient) -> None:
    receipts = [
        client.post(
            "/api/v1/scans", json={"station": "dock-1", "text": "A"}, headers={"Idempotency-Key": "x"}
        ).get_json()["receipt"]
        for _ in range(2)
    ]
    assert receipts == [
        {"id": "r1", "is_repeat": False, "is_stale": False},
        {"id": "r1", "is_repeat": True, "is_stale": False},
    ]
    assert len(kiosk.station.scans) == 1


@pytest.mark.parametrize("data", [bytes(range(256)), b"\x00", b"\xff\xfe", "é".encode("latin-1")])
def test_any_bytes_can_be_scanned(kiosk: World, client: FlaskClient, data: bytes) -> None:
    body = {"station": "dock-1", "data_base64": base64.b64encode(data).decode()}
    assert client.post("/api/v1/scans", json=body).status_code == 202
    assert kiosk.station.scans == [(data, "api", None)]


@pytest.mark.parametrize("text", ["a\x1d\x1e\x04\x00b", "é\u2028", "\r\n\t ", "<script>", "x" * 1_000_000])
def test_any_text_can_be_scanned(kiosk: World, client: FlaskClient, text: str) -> None:
    assert client.post("/api/v1/scans", json={"station": "dock-1", "text": text}).status_code == 202
    assert kiosk.station.scans == [(text.encode(), "api", None)]


def test_text_that_no_encoding_has_is_refused_and_text_of_lone_bytes_is_not(
    kiosk: World, client: FlaskClient
) -> None:
    bad = client.post(
        "/api/v1/scans", data='{"station":"dock-1","text":"\\ud800"}', content_type="application/json"
    )
    good = client.post(
        "/api/v1/scans", data='{"station":"dock-1","text":"\\udcff"}', content_type="application/json"
    )
    assert (bad.status_code, good.status_code) == (400, 202)
    assert kiosk.station.scans == [(b"\xff", "api", None)]


@pytest.mark.parametrize("body", [{"text": ""}, {"data_base64": ""}])
def test_an_empty_scan_is_taken_too(kiosk: World, client: FlaskClient, body: dict[str, str]) -> None:
    assert client.post("/api/v1/scans", json={"station": "dock-1", **body}).status_code == 202
    assert kiosk.station.scans == [(b"", "api", None)]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"station": "dock-1"}, 422),
        ({"station": "dock-1", "text": "A", "data_base64": "QQ=="}, 422),
        ({"station": "dock-1", "text": 7}, 422),
        ({"station": "dock-1", "text": "A", "scanner": "admin"}, 422),
        ({"station": "none", "text": "A"}, 404),
        ({"station": "dock-1", "data_base64": "no base64!"}, 400),
        ({"station": "dock-1", "data_base64": "QQ"}, 400),
        ([], 422),
        ("text", 422),
    ],
)
def test_a_scan_that_does_not_fit_is_a_problem(
    kiosk: World, client: FlaskClient, body: object, status: int
) -> None:
    answer = client.post("/api/v1/scans", json=body)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    problem = answer.get_json()
    assert (problem["type"], problem["status"]) == ("about:blank", status)
    assert {"title", "detail"} <= set(problem)
    assert kiosk.station.scans == []


@pytest.mark.parametrize("body", ["", "{", "nul", "[" * 100_000, '{"a":NaN'])
def test_what_is_no_json_is_a_problem(client: FlaskClient, body: str) -> None:
    answer = client.post("/api/v1/scans", data=body.encode(), content_type="application/json")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


def test_a_problem_says_where_and_never_what(client: FlaskClient) -> None:
    answer = client.post("/api/v1/scans", json={"station": "<script>" * 50, "text": {"a": "<script>"}})
    assert answer.get_json()["faults"] == [
        {
            "field": "station",
            "expected": "String should have at most 64 characters",
            "got": "a text of 400 characters",
        },
        {"field": "text", "expected": "Input should be a valid string", "got": "an object"},
    ]
    assert b"<script" not in answer.data


@pytest.mark.parametrize(
    ("body", "pressed"),
    [
        ({"action": "CONFIRM"}, ("CONFIRM", None, None, None)),
        ({"action": "QUANTITY", "value": 5}, ("QUANTITY", "5", None, None)),
        ({"action": "QUANTITY", "argument": "2.5"}, ("QUANTITY", "2.5", None, None)),
        ({"action": "CHOOSE", "argument": "part/1", "revision": 1}, ("CHOOSE", "part/1", 1, None)),
    ],
)
def test_a_button_is_pressed(
    kiosk: World, client: FlaskClient, body: object, pressed: tuple[object, ...]
) -> None:
    answer = client.post("/api/v1/stations/dock-1/events", json=body)
    assert answer.status_code == 202
    assert answer.get_json()["view"] == client.get("/api/v1/stations/dock-1").get_json()
    assert kiosk.station.presses == [pressed]


def test_a_press_hands_its_key_on(kiosk: World, client: FlaskClient) -> None:
    for _ in range(2):
        client.post(
            "/api/v1/stations/dock-1/events", json={"action": "PRINT"}, headers={"Idempotency-Key": "p1"}
        )
    assert kiosk.station.presses == [("PRINT", None, None, "p1")]


def test_a_press_on_an_old_revision_is_a_conflict(kiosk: World, client: FlaskClient) -> None:
    kiosk.station.alter(waiting=1)
    answer = client.post("/api/v1/stations/dock-1/events", json={"action": "CONFIRM", "revision": 1})
    assert answer.status_code == 409
    assert answer.get_json()["view"]["revision"] == 2
    assert kiosk.station.presses == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"action": "not a verb"},
        {"action": "CONFIRM", "argument": "a", "value": "b"},
        {"action": "CONFIRM", "revision": -1},
        {"action": "CONFIRM", "revision": "new"},
        {"action": "CONFIRM", "argument": ["a"]},
        {"action": "CONFIRM", "more": 1},
    ],
)
def test_an_event_that_does_not_fit_is_a_problem(kiosk: World, client: FlaskClient, body: object) -> None:
    assert client.post("/api/v1/stations/dock-1/events", json=body).status_code == 422
    assert kiosk.station.presses == []


def test_a_job_says_where_it_stands(kiosk: World, client: FlaskClient) -> None:
    kiosk.jobs.add(print_job(1, JobState.UNKNOWN, error="cut off"))
    assert client.get(f"/api/v1/jobs/{1:032x}").get_json() == JOB
    assert client.get("/api/v1/jobs/none").get_json() == {
        "type": "about:blank",
        "title": "Not Found",
        "status": 404,
        "detail": "There is no print job of that id.",
    }


def test_a_wrong_method_names_the_right_ones(client: FlaskClient) -> None:
    answer = client.get("/api/v1/scans")
    assert (answer.status_code, answer.mimetype) == (405, "application/problem+json")
    assert set(answer.headers["Allow"].split(", ")) == {"OPTIONS", "POST"}


def test_lone_surrogates_travel_as_json_escapes(kiosk: World, client: FlaskClient) -> None:
    kiosk.station.alter(state={"text": "\ud800"})
    assert client.get("/api/v1/stations/dock-1").get_json()["state"] == {"text": "\ud800"}


def test_health_tells_what_is_not_well(kiosk: World, client: FlaskClient) -> None:
    well = {
        "status": "ok",
        "version": "1.2.3",
        "at": "2026-11-21T09:30:00+00:00",
        "ion": {"is_ready": True, "text": "answers"},
        "journal": {"is_ready": True, "text": "Durable."},
        "stations": {
            "dock-1": {"is_ready": True, "waiting": 0, "parked": 0},
            "floor 2": {"is_ready": True, "waiting": 0, "parked": 0},
        },
        "streams": 0,
    }
    assert client.get("/healthz").get_json() == well
    kiosk.station.view_now = replace(kiosk.station.view_now, waiting=4)
    answer = client.get("/healthz").get_json()
    assert answer["stations"]["dock-1"]["waiting"] == 4
    kiosk.station.failure = JournalError("disk full")
    failing = client.get("/healthz")
    assert (failing.status_code, failing.get_json()["status"]) == (503, "failing")
    assert failing.get_json()["stations"]["dock-1"] == {"is_ready": False}
