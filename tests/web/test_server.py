import errno
import http.client
import os
import socket
from dataclasses import replace

import pytest

from kiosk.web import create_app, serve
from kiosk.web.guards import HEADERS
from tests.web.conftest import Serve
from tests.web.fakes import World, world


def test_a_taken_address_is_said_at_once(kiosk: World, serving: Serve) -> None:
    server = serving(kiosk)
    with pytest.raises(OSError, match="Address already in use"):
        serve(create_app(world().rooms), "127.0.0.1", server.port)


def test_a_name_that_means_two_addresses_is_listened_on_once() -> None:
    server = serve(create_app(world().rooms), "localhost", 0)
    try:
        assert server.port > 0
        assert server.is_alive
    finally:
        server.stop()


def test_the_proxy_s_port_is_another_machine_whatever_it_says(free_port: int) -> None:
    rooms = replace(world().rooms, remote_port=free_port, others="photos")
    server = serve(create_app(rooms), "127.0.0.1", 0, remote_port=free_port)
    statuses = {}
    for port in (server.port, free_port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/healthz", headers={"X-Forwarded-For": "127.0.0.1"})
        statuses[port] = connection.getresponse().status
        connection.close()
    server.stop()
    assert statuses == {server.port: 200, free_port: 403}


def test_the_server_does_not_name_itself(kiosk: World, serving: Serve) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", serving(kiosk).port, timeout=5)
    connection.request("GET", "/healthz")
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.getheader("Server") is None


class _Full:
    """A listening socket of a process that has no file left."""

    def __init__(self, listening: socket.socket) -> None:
        self._listening = listening
        self.tries = 0
        self.is_full = True

    def __getattr__(self, name: str) -> object:
        return getattr(self._listening, name)

    def accept(self) -> tuple[socket.socket, object]:
        self.tries += 1
        if self.is_full:
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        return self._listening.accept()


def test_a_connection_waits_while_no_file_is_left_and_is_not_tried_all_the_time(
    kiosk: World, serving: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    server = serving(kiosk)
    (door,) = server._doors
    door.socket = full = _Full(door.socket)
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.settimeout(1.2)
        line.sendall(b"GET /healthz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
        with pytest.raises(TimeoutError):
            line.recv(99)
        assert 1 <= full.tries <= 5
        full.is_full = False
        line.settimeout(20)
        assert line.recv(99).startswith(b"HTTP/1.0 200 OK")
    assert [record.message for record in caplog.records if "accept" in record.message] == [
        "No connection is accepted for now: [Errno 24] Too many open files"
    ]


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.0\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"\x00\x01\x02\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 100_000 + b"\r\n",
    ],
)
def test_odd_requests_are_answered_and_harm_nothing(
    kiosk: World, serving: Serve, request_bytes: bytes
) -> None:
    server = serving(kiosk)
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as line:
        line.sendall(request_bytes)
        answer = line.recv(4096)
    assert answer.startswith((b"HTTP/1.1 ", b"HTTP/1.0 "))
    assert b"Traceback" not in answer
    for name, value in HEADERS.items():
        assert f"{name}: {value}\r\n".encode() in answer
    assert server.is_alive


def test_a_scan_of_two_and_a_half_megabytes_is_told_so(kiosk: World, serving: Serve) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", serving(kiosk).port, timeout=5)
    body = b'{"station": "dock-1", "text": "' + b"x" * 2_500_000 + b'"}'
    connection.request("POST", "/api/v1/scans", body, {"Content-Type": "application/json"})
    answer = connection.getresponse()
    assert (answer.status, answer.getheader("Content-Type")) == (413, "application/problem+json")
    answer.read()
    connection.close()
    assert kiosk.station.scans == []
