import http.client
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask.testing import FlaskClient

from kiosk.web import WebServer
from kiosk.web.guards import HEADERS
from kiosk.web.live import event
from tests.web.conftest import Serve
from tests.web.fakes import World, world
from tests.web.samples import SAMPLES


@contextmanager
def listening(
    server: WebServer, station: str = "dock-1", **headers: str
) -> Iterator[http.client.HTTPResponse]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("GET", f"/events/{station}", headers=sent)
    response = connection.getresponse()
    try:
        yield response
    finally:
        response.close()
        connection.close()


def next_event(stream: http.client.HTTPResponse) -> dict[str, str]:
    """Return the next event that is not empty, its data joined by line ends."""
    found: dict[str, list[str]] = {}
    while line := stream.readline().decode().removesuffix("\n"):
        name, _, value = line.partition(": ")
        found.setdefault(name, []).append(value)
    return {name: "\n".join(values) for name, values in found.items()}


def test_who_listens_is_shown_the_screen_at_once_and_each_new_one(kiosk: World, serving: Serve) -> None:
    with listening(serving(kiosk)) as stream:
        assert stream.status == 200
        assert stream.getheader("Content-Type") == "text/event-stream; charset=utf-8"
        assert stream.getheader("X-Accel-Buffering") == "no"
        assert {name: stream.getheader(name) for name in HEADERS} == HEADERS
        assert next_event(stream) == {"retry": "1000"}
        first = next_event(stream)
        assert (first["id"], first["event"]) == ("1", "screen")
        assert "Scan anything" in first["data"]
        kiosk.station.show("home/choose", {**SAMPLES["home/choose"], "text": "PO-1"})
        second = next_event(stream)
        assert (second["id"], second["event"]) == ("2", "screen")
        assert "PO-1" in second["data"]


def test_the_event_is_the_very_fragment(kiosk: World, client: FlaskClient, serving: Serve) -> None:
    kiosk.station.show("receive/order", SAMPLES["receive/order"])
    fragment = client.get("/station/dock-1/screen").get_data(as_text=True)
    with listening(serving(kiosk)) as stream:
        next_event(stream)
        assert next_event(stream)["data"] == fragment


def test_several_who_listen_share_one_render(kiosk: World, serving: Serve) -> None:
    server = serving(kiosk)
    renders = server.web.screens
    with (
        listening(server) as a,
        listening(server) as b,
        listening(server) as c,
        listening(server, "floor%202") as other,
    ):
        for stream in (a, b, c, other):
            next_event(stream)
            next_event(stream)
        before = renders.renders
        for number in range(5):
            kiosk.station.alter(waiting=number + 1)
            assert [next_event(stream)["id"] for stream in (a, b, c)] == [str(number + 2)] * 3
        assert renders.renders - before == 5


def test_who_comes_back_with_the_last_number_is_not_sent_it_again(kiosk: World, serving: Serve) -> None:
    server = serving(kiosk)
    with listening(server, Last_Event_ID="1") as stream:
        next_event(stream)
        kiosk.station.alter(waiting=1)
        assert next_event(stream)["id"] == "2"
    with listening(server, Last_Event_ID="1") as stream:
        next_event(stream)
        assert next_event(stream)["id"] == "2"


def test_a_page_of_an_earlier_start_is_sent_it_all_the_same(kiosk: World, serving: Serve) -> None:
    with listening(serving(kiosk), "dock-1?boot=earlier", Last_Event_ID="1") as stream:
        next_event(stream)
        assert next_event(stream)["id"] == "1"


def test_a_quiet_stream_has_a_heartbeat(serving: Serve) -> None:
    assert world().rooms.changes.heartbeat_s <= 10
    with listening(serving(world(heartbeat_s=0.02)), Last_Event_ID="1") as stream:
        next_event(stream)
        assert stream.readline() == b": alive\n"
        assert next_event(stream) == {"event": "alive", "data:": ""}


def test_one_too_many_is_asked_to_come_back(serving: Serve) -> None:
    kiosk = world(most_streams=2, heartbeat_s=0.02)
    server = serving(kiosk)
    with listening(server), listening(server), listening(server) as third:
        assert (third.status, third.getheader("Retry-After")) == (503, "5")
        assert {name: third.getheader(name) for name in HEADERS} == HEADERS
    until(lambda: kiosk.rooms.changes.streams == 0)
    with listening(server) as again:
        assert again.status == 200


def until(condition: object) -> None:
    assert callable(condition)
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_who_leaves_gives_the_thread_back(serving: Serve) -> None:
    kiosk = world(heartbeat_s=0.02)
    server = serving(kiosk)
    for _ in range(20):
        with listening(server) as stream:
            next_event(stream)
    until(lambda: kiosk.rooms.changes.streams == 0)


def test_pages_are_served_beside_a_full_house_of_streams(serving: Serve) -> None:
    kiosk = world(most_streams=3)
    server = serving(kiosk)
    with listening(server), listening(server), listening(server):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        assert (answer.status, b'"streams":3' in answer.read()) == (200, True)
        connection.close()


def test_a_stop_ends_open_streams_at_once(kiosk: World, serving: Serve) -> None:
    server = serving(kiosk)
    with listening(server) as first, listening(server) as second:
        for stream in (first, second):
            next_event(stream)
            next_event(stream)
        started = time.monotonic()
        server.stop()
        assert time.monotonic() - started < 2
        assert (first.read(), second.read()) == (b"", b"")
    assert not server.is_alive
    assert kiosk.rooms.changes.streams == 0
    server.stop()
    with pytest.raises(ConnectionRefusedError), listening(server):
        pass


def test_a_failing_station_ends_the_stream_and_not_the_server(
    kiosk: World, serving: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    server = serving(kiosk)
    with listening(server) as stream:
        next_event(stream)
        next_event(stream)
        kiosk.station.failure = RuntimeError("gone")
        kiosk.rooms.changes.publish("dock-1")
        with pytest.raises(http.client.IncompleteRead):
            stream.read()
    kiosk.station.failure = None
    assert "gone" in caplog.text
    with listening(server) as stream:
        assert stream.status == 200


def test_asking_for_the_head_alone_holds_no_stream(kiosk: World, client: FlaskClient) -> None:
    with client.head("/events/dock-1") as answer:
        assert answer.status_code == 200
    assert kiosk.rooms.changes.streams == 0


def test_no_line_of_a_screen_ends_its_event() -> None:
    assert event(7, "a\n\nb\r\ndata: x\rid: 9\n") == (
        b"id: 7\nevent: screen\ndata: a\ndata: \ndata: b\ndata: data: x\ndata: id: 9\ndata: \n\n"
    )
    assert event(7, "\ud800") == b"id: 7\nevent: screen\ndata: ?\n\n"
