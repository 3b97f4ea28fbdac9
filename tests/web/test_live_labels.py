"""A program listens to what becomes of its labels."""

import json

import pytest
from flask.testing import FlaskClient

from kiosk.model import BatchState, JobState, Tally
from kiosk.web.changes import PRINTERS
from tests.web.conftest import Serve
from tests.web.fakes import World, print_job, world
from tests.web.print_samples import batch, busy
from tests.web.test_live import listening, next_event

JOB = f"{7:032x}"
RETRY = {"retry": "1000"}


def becomes(kiosk: World, state: JobState) -> None:
    kiosk.jobs.jobs[JOB] = print_job(7, state)
    kiosk.rooms.changes.publish(PRINTERS)


def test_a_job_is_told_from_its_queue_to_its_end(kiosk: World, client: FlaskClient, serving: Serve) -> None:
    becomes(kiosk, JobState.QUEUED)
    with listening(serving(kiosk), f"jobs/{JOB}") as stream:
        assert stream.getheader("Content-Type") == "text/event-stream; charset=utf-8"
        assert next_event(stream) == RETRY
        seen = []
        for state in (JobState.QUEUED, JobState.HELD, JobState.SENDING, JobState.CONFIRMED):
            becomes(kiosk, state)
            told = next_event(stream)
            assert told["event"] == "job"
            assert json.loads(told["data"]) == client.get(f"/api/v1/jobs/{JOB}").get_json()
            seen.append(told["id"])
        assert len(set(seen)) == 4
        assert next_event(stream)["event"] == "settled"
        assert stream.read() == b""
    assert kiosk.rooms.changes.streams == 0


@pytest.mark.parametrize("state", [JobState.SENT, JobState.UNKNOWN, JobState.FAILED, JobState.VOIDED])
def test_a_stream_ends_where_nothing_more_happens_by_itself(
    kiosk: World, serving: Serve, state: JobState
) -> None:
    becomes(kiosk, state)
    with listening(serving(kiosk), f"jobs/{JOB}") as stream:
        next_event(stream)
        assert json.loads(next_event(stream)["data"])["state"] == state.value
        assert next_event(stream)["event"] == "settled"
        assert stream.read() == b""


def test_a_batch_is_told_as_its_tally_moves(kiosk: World, client: FlaskClient, serving: Serve) -> None:
    with listening(serving(kiosk), "batches/b1") as stream:
        next_event(stream)
        first = json.loads(next_event(stream)["data"])
        assert first == client.get("/api/v1/batches/b1").get_json()
        kiosk.rooms.changes.publish(PRINTERS)  # of another label
        done = Tally({JobState.CONFIRMED: 9, JobState.VOIDED: 1})
        kiosk.prints.batches["b1"] = batch(1, tally=done, state=BatchState.CANCELED)
        kiosk.rooms.changes.publish(PRINTERS)
        second = json.loads(next_event(stream)["data"])
        assert (second["is_done"], second["confirmed"], second["state"]) == (True, 9, "canceled")
        assert next_event(stream)["event"] == "settled"


def test_a_client_that_was_cut_off_misses_nothing_and_is_told_nothing_twice(
    kiosk: World, serving: Serve
) -> None:
    becomes(kiosk, JobState.QUEUED)
    server = serving(kiosk)
    with listening(server, f"jobs/{JOB}") as stream:
        next_event(stream)
        last = next_event(stream)["id"]
    becomes(kiosk, JobState.CONFIRMED)
    with listening(server, f"jobs/{JOB}", Last_Event_ID=last) as stream:
        next_event(stream)
        told = next_event(stream)
        assert json.loads(told["data"])["state"] == "confirmed"
        assert next_event(stream)["event"] == "settled"
    with listening(server, f"jobs/{JOB}", Last_Event_ID=told["id"]) as stream:
        assert stream.status == 204, "a browser asks no more"


def test_it_stays_alive_while_nothing_happens(serving: Serve) -> None:
    kiosk = world(heartbeat_s=0.05)
    becomes(kiosk, JobState.QUEUED)
    with listening(serving(kiosk), f"jobs/{JOB}") as stream:
        next_event(stream)
        next_event(stream)
        assert stream.readline() == b": alive\n"


def test_streams_of_labels_count_as_streams(serving: Serve) -> None:
    kiosk = world(most_streams=1)
    busy(kiosk.prints)
    becomes(kiosk, JobState.QUEUED)
    server = serving(kiosk)
    with listening(server, f"jobs/{JOB}") as first:
        next_event(first)
        with listening(server, "batches/b1") as second:
            assert (second.status, second.getheader("Retry-After")) == (503, "5")


def test_what_is_not_there_has_no_stream(kiosk: World, client: FlaskClient) -> None:
    assert client.get("/events/jobs/none").status_code == 404
    assert client.get("/events/batches/none").status_code == 404
    assert kiosk.rooms.changes.streams == 0
