"""What programs may order of the label service, and how they are told."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from kiosk.errors import IonBusy, IonError, IonForbidden, IonUnreachable, JournalError
from kiosk.model import DeviceState, JobState, Json
from kiosk.ports import Asker, LabelOrder, LabelWish
from tests.web.fakes import World, print_job
from tests.web.print_samples import queue

LABELS = "/api/v1/labels"


def test_one_label_is_ordered_and_answered_with_where_to_look(kiosk: World, client: FlaskClient) -> None:
    body = {"label": "part", "fields": {"serialNumber": "SN-1"}, "copies": 2, "station": "dock-1"}
    answer = client.post(LABELS, json=body, headers={"Idempotency-Key": "l1"})
    assert answer.status_code == 202
    ids = [f"{number:032x}" for number in (100, 101)]
    assert answer.get_json() == {
        "batch": "b100",
        "batch_url": "/api/v1/batches/b100",
        "events_url": "/events/batches/b100",
        "jobs": ids,
        "job_urls": [f"/api/v1/jobs/{id_}" for id_ in ids],
        "as_of": None,
        "age_s": None,
    }
    assert (answer.headers["Location"], answer.headers["Idempotent-Replayed"]) == (
        "/api/v1/batches/b100",
        "false",
    )
    wish = LabelWish("part", {"serialNumber": "SN-1"}, station="dock-1", copies=2)
    assert kiosk.service.orders == [LabelOrder((wish,), "l1", asker=Asker("", "operator"))]
    for url in answer.get_json()["job_urls"]:
        assert client.get(url).status_code == 200
    assert client.get(answer.headers["Location"]).get_json()["id"] == "b100"


def test_many_labels_are_ordered_at_once_and_share_what_stands_beside_them(
    kiosk: World, client: FlaskClient
) -> None:
    body = {
        "title": "Lot 7",
        "priority": 80,
        "printer": "dock-zebra",
        "labels": [
            {"subject": "ION/RUN/77"},
            {"label": "part", "subject": "SN-1", "copies": 3, "printer": "spare-zebra"},
            {"label": "part", "fields": {}, "station": "dock-1"},
        ],
    }
    assert client.post(LABELS, json=body).status_code == 202
    (order,) = kiosk.service.orders
    assert (order.title, order.priority, order.key) == ("Lot 7", 80, None)
    assert order.wishes == (
        LabelWish(subject="ION/RUN/77", printer="dock-zebra"),
        LabelWish("part", subject="SN-1", printer="spare-zebra", copies=3),
        LabelWish("part", {}, station="dock-1"),
    )


def test_the_same_key_gets_the_same_answer_and_another_order_under_it_none(
    kiosk: World, client: FlaskClient
) -> None:
    body = {"label": "part", "fields": {"a": "1"}, "station": "dock-1"}
    headers = {"Idempotency-Key": "k"}
    first, again = (client.post(LABELS, json=body, headers=headers) for _ in range(2))
    assert (first.data, first.status_code) == (again.data, again.status_code)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = client.post(LABELS, json={**body, "copies": 2}, headers=headers)
    assert (other.status_code, other.mimetype) == (422, "application/problem+json")
    assert other.get_json()["title"] == "Idempotency key used before"
    assert len(kiosk.service.orders) == 1


def test_labels_can_have_rows(kiosk: World, client: FlaskClient) -> None:
    rows = [{"position": "10", "title": "Torque"}]
    body = {"label": "part", "fields": {"steps": rows}, "station": "dock-1"}
    assert client.post(LABELS, json=body).status_code == 202
    assert kiosk.service.orders[0].wishes[0].fields == {"steps": rows}
    kiosk.jobs.add(print_job(7, fields={"steps": rows}))
    assert client.get(f"/api/v1/jobs/{7:032x}").get_json()["fields"] == {"steps": rows}


ONE: dict[str, Json] = {"label": "part", "fields": {}}
NO_ROWS: list[object] = [[1], [{"n": 1}], [[]], {"n": "1"}, 1, None]
MISFITS: list[dict[str, Any]] = [
    {},
    {"label": "part"},
    {"fields": {}},
    {**ONE, "subject": "ION/PI/1"},
    {**ONE, "copies": 0},
    {**ONE, "copies": 1000},
    {**ONE, "copies": "many"},
    {**ONE, "label": ""},
    {**ONE, "label": "x" * 65},
    {**ONE, "printer": ""},
    {**ONE, "priority": 0},
    {**ONE, "priority": 101},
    {**ONE, "title": "x" * 201},
    {**ONE, "more": 1},
    {"subject": ""},
    {"subject": "x" * 4097},
    {**ONE, "labels": [ONE]},
    {"copies": 2, "labels": [ONE]},
    {"labels": []},
    {"labels": [{}]},
    {"labels": ONE},
    {"labels": [ONE] * 501},
    {"labels": [{**ONE, "copies": 999}] * 11},
]


@pytest.mark.parametrize("body", [*MISFITS, *({**ONE, "fields": {"steps": rows}} for rows in NO_ROWS)])
def test_an_order_that_does_not_fit_says_where_what_was_expected_and_what_came(
    kiosk: World, client: FlaskClient, body: dict[str, Any]
) -> None:
    answer = client.post(LABELS, json=body)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert all(fault["field"] and fault["expected"] and fault["got"] for fault in answer.get_json()["faults"])
    assert kiosk.service.orders == []


def test_too_many_are_counted(client: FlaskClient) -> None:
    (fault,) = client.post(LABELS, json={"labels": [ONE] * 501}).get_json()["faults"]
    assert fault == {
        "field": "labels",
        "expected": "Tuple should have at most 500 items after validation, not 501",
        "got": "a list of 501",
    }
    (fault,) = client.post(LABELS, json={"labels": [{**ONE, "copies": 999}] * 11}).get_json()["faults"]
    assert "expected 10000 labels at most, all copies counted" in fault["expected"]


def test_labels_that_cannot_be_made_are_named_one_by_one(kiosk: World, client: FlaskClient) -> None:
    bad = {"label": "none", "fields": {}}
    problem = client.post(LABELS, json={"labels": [ONE, bad, bad]}).get_json()
    assert problem["detail"] == "2 of the labels cannot be made; none was queued."
    assert [fault["field"] for fault in problem["faults"]] == ["labels.1.label", "labels.2.label"]
    alone = client.post(LABELS, json=bad).get_json()
    assert alone["detail"] == "Cannot make label 'none': expected one of ['part']."
    assert alone["faults"] == [{"field": "label", "expected": alone["detail"]}]
    assert kiosk.service.orders == []


@pytest.mark.parametrize(
    ("failure", "answered", "text"),
    [
        (IonUnreachable("no route"), (503, "5"), "remembers nothing of it"),
        (IonBusy("429", retry_after_s=6.2), (503, "7"), "remembers nothing of it"),
        (IonForbidden("no", permission="ReadRun"), (424, None), "permission ReadRun is missing"),
        (IonError("odd", said="ION's words", trace_id="t1"), (424, None), "ION's words (ION's trace t1)"),
        (JournalError("disk full"), (503, "5"), "Nothing was taken"),
    ],
)
def test_what_ion_or_the_journal_refuses_is_a_problem(
    kiosk: World,
    client: FlaskClient,
    failure: IonError | JournalError,
    answered: tuple[int, str | None],
    text: str,
) -> None:
    kiosk.service.failure = failure
    answer = client.post(LABELS, json={"subject": "ION/RUN/77"})
    assert (answer.status_code, answer.headers.get("Retry-After")) == answered
    assert answer.mimetype == "application/problem+json"
    assert text in answer.get_json()["detail"]


def test_printers_are_told_with_their_state(kiosk: World, client: FlaskClient) -> None:
    stopped = DeviceState("a-brother", is_ready=False, text="Close the cover.")
    kiosk.prints.views = (queue(stations=("dock-1", "floor 2")), queue(printer=stopped, is_held=True))
    kiosk.jobs.add(print_job(1, JobState.QUEUED))
    first, second = client.get("/api/v1/printers").get_json()["printers"]
    assert (first["name"], first["is_ready"], first["text"], first["is_paused"]) == (
        "a-brother",
        False,
        "Close the cover.",
        True,
    )
    assert second == {
        "name": "dock-zebra",
        "is_ready": True,
        "text": "Ready.",
        "since": None,
        "is_paused": False,
        "made_for": "zpl, 203 dpi, 101.6 × 50.8 mm",
        "waiting": 8,
        "stations": ["dock-1", "floor 2"],
    }
