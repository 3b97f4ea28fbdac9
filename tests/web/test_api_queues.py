"""What programs may do about labels after they were asked for."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from kiosk.model import BatchState, Json, Reason, Why
from kiosk.web import create_app
from tests.web.fakes import World, print_job
from tests.web.print_samples import batch, queue


@pytest.fixture(autouse=True)
def a_job(kiosk: World) -> None:
    kiosk.jobs.add(print_job(7))


JOB = f"/api/v1/jobs/{7:032x}"


def test_a_job_is_printed_again_with_a_reason(kiosk: World, client: FlaskClient) -> None:
    body: dict[str, Json] = {"copies": 2, "reason": "damaged", "note": "torn"}
    answer = client.post(f"{JOB}/reprint", json=body, headers={"Idempotency-Key": "r1"})
    assert (answer.status_code, answer.get_json()) == (202, {"jobs": [f"{7:032x}-r1-0", f"{7:032x}-r1-1"]})
    assert kiosk.prints.acts == [("reprint", f"{7:032x}", 2, Why(Reason.DAMAGED, "torn"), "", "r1")]
    assert len(client.post(f"{JOB}/reprint", json={"reason": "lost"}).get_json()["jobs"]) == 1
    assert client.post("/api/v1/jobs/none/reprint", json={"reason": "lost"}).status_code == 404


@pytest.mark.parametrize(
    "body",
    [{}, {"reason": "because"}, {"reason": "lost", "copies": 0}, {"reason": "lost", "note": "x" * 201}],
)
def test_a_reprint_without_a_reason_is_not_taken(
    kiosk: World, client: FlaskClient, body: dict[str, Json]
) -> None:
    assert client.post(f"{JOB}/reprint", json=body).status_code == 422
    assert kiosk.prints.acts == []


def test_what_is_refused_says_why(kiosk: World, client: FlaskClient) -> None:
    kiosk.prints.refusal = "A label with a serial number is printed once more by a lead. Let one sign in."
    for path, body in (
        (f"{JOB}/reprint", {"reason": "lost"}),
        (f"{JOB}/void", {"reason": "lost"}),
        ("/api/v1/printers/dock-zebra/take-over", {"to": "spare-zebra"}),
    ):
        answer = client.post(path, json=body)
        assert (answer.status_code, answer.get_json()["detail"]) == (409, kiosk.prints.refusal)


def test_a_label_is_voided(kiosk: World, client: FlaskClient) -> None:
    answer = client.post(f"{JOB}/void", json={"reason": "other", "note": "wrong part"})
    assert (answer.status_code, answer.get_json()["id"]) == (202, f"{7:032x}")
    assert kiosk.prints.acts == [("void", f"{7:032x}", Why(Reason.OTHER, "wrong part"), "")]
    assert client.post("/api/v1/jobs/none/void", json={"reason": "lost"}).status_code == 404


def test_the_queues_are_told(kiosk: World, client: FlaskClient) -> None:
    kiosk.prints.views = (queue(), queue(in_flight=None, batches=(), is_held=True))
    first, second = client.get("/api/v1/queues").get_json()["queues"]
    assert (first["printer"]["name"], first["waiting"], first["in_flight"]["state"]) == (
        "dock-zebra",
        8,
        "sending",
    )
    assert [one["id"] for one in first["batches"]] == ["b1", "b2"]
    assert first["batches"][0] | {"title": "x"} == {
        "id": "b1",
        "station": "dock-1",
        "title": "x",
        "by": "",
        "state": "open",
        "is_done": False,
        "priority": 50,
        "created_at": "2026-11-21T09:30:00+00:00",
        "reason": "",
        "note": "",
        "issued": 10,
        "confirmed": 2,
        "voided": 0,
        "unknown": 0,
        "sending": 1,
        "waiting": 7,
        "as_of": None,
        "age_s": None,
    }
    assert (second["is_paused"], second["in_flight"], second["batches"]) == (True, None, [])


def test_a_printer_is_paused_goes_on_and_is_relieved(kiosk: World, client: FlaskClient) -> None:
    printer = "/api/v1/printers/dock-zebra"
    assert [client.post(f"{printer}/{act}", json={}).status_code for act in ("pause", "go-on")] == [202, 202]
    moved = client.post(f"{printer}/take-over", json={"to": "spare-zebra"})
    assert (moved.status_code, moved.get_json()) == (202, {"moved": 3})
    assert kiosk.prints.acts == [
        ("hold", "dock-zebra", ""),
        ("release", "dock-zebra", ""),
        ("take over", "dock-zebra", "spare-zebra", ""),
    ]
    assert client.post("/api/v1/printers/none/pause", json={}).status_code == 404


@pytest.mark.parametrize(("turn", "act"), [("pause", "paused"), ("go-on", "open"), ("cancel", "canceled")])
def test_a_batch_is_turned(kiosk: World, client: FlaskClient, turn: str, act: str) -> None:
    answer = client.post(f"/api/v1/batches/b1/{turn}", json={})
    assert (answer.status_code, answer.get_json()["state"]) == (202, act)
    assert kiosk.prints.acts == [(act, "b1", "")]
    assert client.post(f"/api/v1/batches/none/{turn}", json={}).status_code == 404


def test_a_canceled_batch_does_not_go_on(kiosk: World, client: FlaskClient) -> None:
    kiosk.prints.batches["b1"] = batch(1, state=BatchState.CANCELED)
    assert client.post("/api/v1/batches/b1/go-on", json={}).status_code == 409
    assert client.get("/api/v1/batches/b1").get_json()["state"] == "canceled"
    assert client.get("/api/v1/batches/none").status_code == 404


def test_where_labels_are_not_looked_after_there_is_nothing(kiosk: World) -> None:
    client = create_app(replace(kiosk.rooms, prints=None)).test_client()
    assert client.get("/api/v1/queues").status_code == 404
