from dataclasses import replace

import pytest

from kiosk.web import create_app
from tests.web.fakes import World

ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}


@pytest.mark.parametrize(("are_open", "status"), [(False, 403), (True, 200)])
def test_only_this_machine_reads_them_unless_others_may(kiosk: World, are_open: bool, status: int) -> None:
    rooms = replace(kiosk.rooms, metrics=lambda: b"kiosk_ion_up 1.0\n", are_metrics_open=are_open)
    client = create_app(rooms).test_client()
    answer = client.get("/metrics")
    assert (answer.status_code, answer.data) == (200, b"kiosk_ion_up 1.0\n")
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get("/metrics", environ_overrides=ELSEWHERE).status_code == status
    for header in ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"):
        assert client.get("/metrics", headers={header: "192.0.2.7"}).status_code == status
