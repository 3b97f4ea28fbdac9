"""One scan's id, from the station to ION's trace id and to the label, in the log of a kiosk at work."""

import contextlib
import io
import json
import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from kiosk.demo import demo_running
from kiosk.ion.client import Client
from kiosk.log_lines import JsonLine, about
from kiosk.model import JobState, OperationState
from tests.ion.factory import settings_for

PATIENCE_S = 60.0
LOT = "LOT-7f3e9"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(JsonLine())
    logs = [logging.getLogger(name) for name in ("kiosk.way", "kiosk.ion.trace")]
    for one in logs:
        one.addHandler(handler)
        one.setLevel(logging.INFO)
    yield out
    for one in logs:
        one.removeHandler(handler)
        one.setLevel(logging.NOTSET)


def wait_until(look: Callable[[], object]) -> None:
    give_up_s = time.monotonic() + PATIENCE_S
    while not look():
        assert time.monotonic() < give_up_s
        time.sleep(0.05)


def check_numbers(text: str) -> None:
    """Judge ``/metrics`` after one receipt and its label, by Prometheus's own reader."""
    found = {
        (one.name, *sorted(one.labels.values())): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }
    assert found["kiosk_scans_total",] == 5
    assert found["kiosk_deliveries_total", "done", "receive"] == 1
    assert found["kiosk_delivery_seconds_count", "receive"] == 1
    assert found["kiosk_labels_total", "confirmed", "dock-zebra"] == 1
    assert found["kiosk_operations", "queued"] == 0
    assert found["kiosk_oldest_waiting_seconds",] == 0
    assert (
        found["kiosk_printer_up", "dock-zebra"] == found["kiosk_ion_up",] == found["kiosk_journal_up",] == 1
    )
    assert found["kiosk_thread_up", "delivery"] == 1
    assert found["kiosk_journal_bytes", "database"] > 0
    assert LOT not in text


def test_a_scan_is_followed_to_ion_and_to_its_label(tmp_path: Path, log: io.StringIO) -> None:
    with demo_running(0, tmp_path, "both") as (kiosk, _):
        kiosk.supervisor.start()
        try:
            wait_until(lambda: kiosk.link.state.is_ready)
            dock = kiosk.stations["dock-1"]
            for text in ("ION/PO/5001", "ORNG-2-214", "ION/CMD/QUANTITY/4", LOT):
                dock.scan(text.encode(), scanner="gun")
            wait_until(lambda: dock.view().state.get("missing") == [])
            confirmed = dock.scan(b"ION/CMD/CONFIRM", scanner="gun")
            wait_until(
                lambda: any(
                    one.state is JobState.CONFIRMED for one in kiosk.journal.prints.newest("dock-1", 5)
                )
            )
        finally:
            kiosk.supervisor.stop()
        numbers = kiosk.rooms().metrics
        assert numbers is not None
        check_numbers(numbers().decode())
        (operation,) = kiosk.journal.outbox.listed(limit=5)
        (job,) = kiosk.journal.prints.newest("dock-1", 5)
    assert (operation.state, operation.event, job.event) == (OperationState.DONE, confirmed.id, confirmed.id)

    lines: list[dict[str, Any]] = [json.loads(line) for line in log.getvalue().splitlines()]
    way = [line for line in lines if line["about"].get("event") == confirmed.id]
    assert [line["event"] for line in way] == [
        "Taken: %d changes, %d labels",
        *["ION answered"] * (len(way) - 3),
        "Delivered",
        "Label",
    ]
    taken, *answers, delivered, label = (line["about"] for line in way)
    assert taken["screen"].startswith("receive/")
    assert taken["session"] in operation.key
    assert {answer["operation"] for answer in answers} == {operation.id} == {delivered["operation"]}
    assert {answer["status"] for answer in answers} == {"200"}
    assert (delivered["change"], delivered["state"]) == ("receive", "done")
    assert (label["job"], label["printer"], label["state"]) == (job.id, "dock-zebra", "confirmed")
    # Where work goes, never what was scanned.
    assert LOT not in log.getvalue()


def test_ion_s_trace_stands_beside_the_event(log: io.StringIO) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/token":
            return httpx.Response(200, json={"access_token": "t", "expires_in": 300})
        return httpx.Response(200, headers={"x-b3-trace-id": "4bf9"}, json={"data": {"a": 1}})

    client = Client(settings_for(), transport=httpx.MockTransport(answer))
    with contextlib.closing(client), about(event="1f"):
        client.execute("mutation A { a }", {}, is_mutation=True)
        client.execute("query B { b }", {}, is_mutation=False)
    (line,) = log.getvalue().splitlines()
    assert json.loads(line)["about"] == {"event": "1f", "trace": "4bf9", "status": "200"}
