"""Another program prints through the HTTP API of a whole kiosk, over a line that breaks: each label once."""

import http.client
import itertools
import json
import os
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from kiosk.api_keys import make_key
from kiosk.artwork import read_picture
from kiosk.at_work import running
from kiosk.compose import Kiosk, assembled, utc_now
from kiosk.model import JobState, Scope
from kiosk.settings import (
    IonSettings,
    JournalSettings,
    LabelSettings,
    PrinterSettings,
    Settings,
    StationSettings,
    WebSettings,
)
from kiosk.simulator.label_printer import LabelPrinter, PrintedLabel
from kiosk.web import create_app
from tests.end_to_end.breaker import Breaker, Fate
from tests.end_to_end.floor import wait_for
from tests.web.test_openapi import fits, schemas

LABELS = int(os.environ.get("KIOSK_TEST_LABELS", "100"))
"""Read here, since tests see no KIOSK_ variables."""
CLIENTS = 6
PRINTERS = tuple(f"zebra-{number}" for number in range(4))
MOST_TRIES = 60
TAG = """
title = "Tag"
width_mm = 15
height_mm = 15
encodes = "code"
[fields]
code = { required = true, sample = "ION/PI/1000000" }
[[qr]]
x_mm = 2
y_mm = 2
size_mm = 11
value = "${code}"
"""
"""A small label, which is quickly drawn, printed and read."""


class Program:
    """A client as others write it: one request a connection, sent again under its key until answered."""

    def __init__(self, port: int, key: str) -> None:
        self._port = port
        self._key = key
        self.tries = 0

    def post(self, path: str, body: object, idempotency_key: str) -> Mapping[str, Any]:
        headers = {
            "Authorization": f"Bearer {self._key}",
            "Content-Type": "application/json",
            "Idempotency-Key": idempotency_key,
            "Connection": "close",
        }
        for _ in range(MOST_TRIES):
            self.tries += 1
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
            try:
                connection.request("POST", path, json.dumps(body), headers)
                answer = connection.getresponse()
                content = answer.read()
            except (OSError, http.client.HTTPException):
                continue
            finally:
                connection.close()
            assert answer.status == 202, content
            found: Mapping[str, Any] = json.loads(content)
            return found
        raise AssertionError(f"no answer in {MOST_TRIES} tries")


@pytest.fixture
def out() -> list[PrintedLabel]:
    return []


@pytest.fixture
def kiosk(tmp_path: Path, out: list[PrintedLabel]) -> Iterator[Kiosk]:
    (tmp_path / "tag.toml").write_text(TAG, encoding="utf-8")
    printers = {name: LabelPrinter(print_time_s=0.001, on_label=out.append) for name in PRINTERS}
    nobody = "http://127.0.0.1:9"
    settings = Settings(
        ion=IonSettings(
            url=f"{nobody}/graphql", token_url=f"{nobody}/token", client_id="k", client_secret=SecretStr("s")
        ),
        journal=JournalSettings(url=f"sqlite:///{tmp_path}/kiosk.db"),
        web=WebSettings(port=0, api_keys=True),
        stations=(StationSettings(name="dock-1", printer=PRINTERS[0]),),
        labels=LabelSettings(designs=tmp_path),
        printers=tuple(
            PrinterSettings(name=name, url=f"tcp://127.0.0.1:{one.start()}", width_mm=15, height_mm=15)
            for name, one in printers.items()
        ),
    )
    try:
        with assembled(settings) as kiosk:
            yield kiosk
    finally:
        for one in printers.values():
            one.stop()


def api_key(kiosk: Kiosk) -> str:
    scope = Scope("planning", frozenset({"tag"}), frozenset(PRINTERS), frozenset())
    sent, key = make_key(scope, os.urandom, utc_now(), rate=None, expires_at=None)
    kiosk.journal.keys.add(key)
    return sent


def order(numbers: range) -> object:
    labels = [{"label": "tag", "fields": {"code": f"ION/PI/{number}"}} for number in numbers]
    return {"labels": labels, "printer": PRINTERS[numbers.start % len(PRINTERS)]}


def test_each_label_that_is_asked_for_comes_out_once(kiosk: Kiosk, out: list[PrintedLabel]) -> None:
    # Some ask for one label, some for several; every order is sent until it is answered.
    firsts = range(1, LABELS + 1)
    orders = _orders(firsts)
    waiting, lock = iter(orders), threading.Lock()
    answers: dict[int, Mapping[str, Any]] = {}
    with running(kiosk) as server, closing(Breaker(server.port, seed=6)) as breaker:
        program = Program(breaker.port, api_key(kiosk))

        def ask() -> None:
            while True:
                with lock:
                    numbers = next(waiting, None)
                if numbers is None:
                    return
                key = f"lot-{numbers.start}"
                answers[numbers.start] = program.post("/api/v1/labels", order(numbers), key)

        threads = [threading.Thread(target=ask, name=f"program-{n}") for n in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wait_for(lambda: len(out) >= LABELS, "the labels to come out", timeout_s=60 + LABELS)
        wait_for(lambda: _is_done(kiosk), "the queue to be empty")
    jobs = [job for numbers in orders for job in answers[numbers.start]["jobs"]]
    assert len(jobs) == len(set(jobs)) == LABELS
    states = Counter(job.state for job in map(kiosk.journal.prints.find, jobs) if job is not None)
    assert states == {JobState.CONFIRMED: LABELS}
    assert Counter(read_picture(label.png) for label in out) == Counter(f"ION/PI/{n}" for n in firsts)
    assert set(breaker.seen) == set(Fate), "every kind of break was tried"
    assert program.tries > len(orders)


def test_a_whole_kiosk_answers_as_its_description_says(kiosk: Kiosk) -> None:
    client = create_app(kiosk.rooms()).test_client()
    headers = {"Authorization": f"Bearer {api_key(kiosk)}", "Idempotency-Key": "k"}
    ordered = client.post("/api/v1/labels", json=order(range(1, 4)), headers=headers)
    assert ordered.status_code == 202
    fits(ordered.get_json(), schemas()["Ordered"])
    again = client.post("/api/v1/labels", json=order(range(1, 4)), headers=headers)
    assert (again.data, again.headers["Idempotent-Replayed"]) == (ordered.data, "true")
    for path, name in (
        (ordered.get_json()["batch_url"], "Batch"),
        *((url, "Job") for url in ordered.get_json()["job_urls"]),
        ("/api/v1/printers", "Printers"),
        ("/api/v1/queues", "Queues"),
        ("/api/v1/stations/dock-1", "Station"),
    ):
        answer = client.get(path)
        assert answer.status_code == 200
        fits(answer.get_json(), schemas()[name])
    fresh = {"Authorization": headers["Authorization"]}
    bodies: list[tuple[object, int]] = [
        ({"label": "part", "fields": {}, "printer": PRINTERS[0]}, 403),
        ({"label": "tag", "fields": {}, "printer": "x"}, 422),
        ({"label": "tag", "fields": {}, "printer": PRINTERS[0]}, 422),
        ({"subject": "ION/RUN/77", "printer": PRINTERS[0]}, 503),
        ({}, 422),
    ]
    problems = [
        client.post("/api/v1/labels", json=order(range(5, 6)), headers=headers),
        client.post("/api/v1/labels", json=order(range(5, 6))),
        client.post("/api/v1/scans", json={"station": "dock-1", "text": "x"}, headers=fresh),
        *(client.post("/api/v1/labels", json=body, headers=fresh) for body, _ in bodies),
    ]
    assert [answer.status_code for answer in problems] == [422, 401, 403, *(status for _, status in bodies)]
    for answer in problems:
        assert answer.mimetype == "application/problem+json"
        fits(answer.get_json(), schemas()["Problem"])
    turned = client.post(f"{ordered.get_json()['batch_url']}/cancel", json={}, headers=headers)
    fits(turned.get_json(), schemas()["Batch"])
    assert (turned.get_json()["state"], turned.get_json()["voided"]) == ("canceled", 3)


def _orders(firsts: range) -> list[range]:
    """Return the numbers in orders of one, one, one and five labels, and so on."""
    orders: list[range] = []
    start = firsts.start
    for size in itertools.cycle((1, 1, 1, 5)):
        if start >= firsts.stop:
            return orders
        orders.append(range(start, min(start + size, firsts.stop)))
        start += size
    raise AssertionError("a cycle has no end")


def _is_done(kiosk: Kiosk) -> bool:
    return all(queue.waiting == 0 and queue.in_flight is None for queue in kiosk.prints.queues())
