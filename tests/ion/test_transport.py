import gzip
import socket
import threading
from collections.abc import Iterator

import httpx
import pytest

from kiosk.errors import IonError, IonUnknown, IonUnreachable
from kiosk.ion.client import Client
from tests.ion.factory import settings_for

CHANGE = "mutation M($a: Int) { a(a: $a) }"
QUERY = "query Q { a }"
OK = b'{"data": {"a": 1}}'


class Wire:
    """Answers sign-ins, and breaks everything else as told."""

    def __init__(self, error: type[httpx.HTTPError] | None = None) -> None:
        self.error = error
        self.posts = 0
        self.breaks = 10**6
        self.stream: httpx.SyncByteStream | None = None
        self.encoding: dict[str, str] = {}

    def handle(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/token":
            return httpx.Response(200, json={"access_token": "t", "expires_in": 300})
        self.posts += 1
        if self.error is not None and self.posts <= self.breaks:
            raise self.error("it broke\n", request=request)  # type: ignore[call-arg]
        headers = {"content-type": "application/json", **self.encoding}
        if self.stream is not None:
            return httpx.Response(200, headers=headers, stream=self.stream)
        return httpx.Response(200, headers=headers, content=OK)

    def client(self) -> Client:
        return Client(settings_for(), transport=httpx.MockTransport(self.handle))


@pytest.mark.parametrize(
    ("error", "change", "posts_of_a_question"),
    [
        (httpx.ConnectError, IonUnreachable, 1),
        (httpx.ConnectTimeout, IonUnreachable, 1),
        (httpx.PoolTimeout, IonUnreachable, 1),
        (httpx.ProxyError, IonUnreachable, 1),
        (httpx.ReadTimeout, IonUnknown, 1),
        (httpx.WriteTimeout, IonUnknown, 1),
        (httpx.DecodingError, IonUnknown, 1),
        (httpx.ReadError, IonUnknown, 2),
        (httpx.WriteError, IonUnknown, 2),
        (httpx.RemoteProtocolError, IonUnknown, 2),
    ],
)
def test_what_breaks_has_a_name_and_a_change_is_sent_once(
    error: type[httpx.HTTPError], change: type[IonError], posts_of_a_question: int
) -> None:
    wire = Wire(error)
    with pytest.raises(IonError) as caught:
        wire.client().execute(CHANGE, {"a": 5}, is_mutation=True)
    assert type(caught.value) is change
    mend = ". Nobody answers there. Check the network and its firewall."
    mend = mend if error is httpx.ConnectTimeout else ""
    assert str(caught.value) == (
        "M with {'a': 5}: expected an answer from 'http://ion.test/graphql', "
        f"got {error.__name__}: it broke␊{mend}"
    )
    assert wire.posts == 1

    wire = Wire(error)
    with pytest.raises(IonUnreachable):
        wire.client().execute(QUERY, {}, is_mutation=False)
    assert wire.posts == posts_of_a_question


def test_a_question_survives_a_kept_alive_connection_that_died() -> None:
    wire = Wire(httpx.RemoteProtocolError)
    wire.breaks = 1
    assert wire.client().execute(QUERY, {}, is_mutation=False) == {"a": 1}
    assert wire.posts == 2


class Endless(httpx.SyncByteStream):
    def __init__(self, chunk: bytes) -> None:
        self.chunk = chunk
        self.sent = 0

    def __iter__(self) -> Iterator[bytes]:
        while self.sent < 64 * 1024 * 1024:
            self.sent += len(self.chunk)
            yield self.chunk


def test_an_endless_answer_is_cut_off() -> None:
    wire = Wire()
    endless = wire.stream = Endless(b" " * 65536)
    with pytest.raises(IonUnknown, match="longer than 16777216 bytes"):
        wire.client().execute(CHANGE, {}, is_mutation=True)
    assert endless.sent < 17 * 1024 * 1024
    with pytest.raises(IonUnreachable, match="AnswerTooLarge"):
        wire.client().execute(QUERY, {}, is_mutation=False)
    assert wire.posts == 2


def test_a_compressed_bomb_is_cut_off() -> None:
    wire = Wire()
    wire.stream = httpx.ByteStream(gzip.compress(b" " * (32 * 1024 * 1024)))
    wire.encoding = {"content-encoding": "gzip"}
    with pytest.raises(IonUnknown, match="longer than 16777216 bytes"):
        wire.client().execute(CHANGE, {}, is_mutation=True)


def test_an_answer_that_trickles_ends() -> None:
    now = 0.0

    class Trickle(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            nonlocal now
            for _ in range(1000):
                now += 3.0
                yield b" "

    wire = Wire()
    wire.stream = Trickle()
    client = Client(settings_for(), transport=httpx.MockTransport(wire.handle), monotonic=lambda: now)
    with pytest.raises(IonUnreachable, match="trickled in too slowly"):
        client.execute(QUERY, {}, is_mutation=False)
    assert now < 30


class Closing:
    """A real server that answers one request a connection and then drops it without saying so."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.connections = 0
        self.posts = 0
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def stop(self) -> None:
        with socket.create_connection(self.listener.getsockname()) as last:
            last.sendall(b"STOP")
        self._thread.join(5)
        self.listener.close()

    def _serve(self) -> None:
        while True:
            connection, _ = self.listener.accept()
            with connection:
                connection.settimeout(5)
                head = b""
                while b"\r\n\r\n" not in head:
                    head += connection.recv(65536) or b"\r\n\r\n"
                    if head == b"STOP":
                        return
                    if head.startswith(b"\x16"):  # a TLS hello
                        break
                if head.startswith(b"\x16"):
                    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                    continue
                start, _, rest = head.partition(b"\r\n\r\n")
                length = int(
                    next(
                        line for line in start.split(b"\r\n") if b"ontent-" in line and b"ength" in line
                    ).split(b":")[1]
                )
                while len(rest) < length:
                    rest += connection.recv(65536)
                self.connections += 1
                self.posts += b"/graphql" in start
                body = b'{"access_token": "t", "expires_in": 300}' if b"/token" in start else OK
                connection.sendall(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: keep-alive\r\n"
                    b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
                )


def test_connections_that_a_server_drops_leave_no_change_in_doubt() -> None:
    server = Closing()
    client = Client(settings_for(server.url))
    try:
        for _ in range(10):
            assert client.execute(CHANGE, {}, is_mutation=True) == {"a": 1}
            assert client.execute(QUERY, {}, is_mutation=False) == {"a": 1}
    finally:
        client.close()
        server.stop()
    assert server.posts == 20


def test_nobody_there_means_not_executed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    client = Client(settings_for(f"http://127.0.0.1:{port}"))
    with pytest.raises(IonUnreachable, match="ConnectError"):
        client.execute(CHANGE, {}, is_mutation=True)
    client.close()


def test_a_name_nobody_knows_means_not_executed() -> None:
    client = Client(settings_for("http://ion.invalid"))
    with pytest.raises(IonUnreachable, match="ConnectError"):
        client.execute(CHANGE, {}, is_mutation=True)
    client.close()


def test_plain_speech_on_a_tls_port_means_not_executed() -> None:
    server = Closing()
    client = Client(settings_for(server.url.replace("http:", "https:")))
    try:
        with pytest.raises(IonUnreachable):
            client.execute(CHANGE, {}, is_mutation=True)
    finally:
        client.close()
        server.stop()
    assert server.posts == 0


@pytest.mark.parametrize("url", ["https://ion.invalid", "http://ion.invalid"])
def test_a_name_that_nobody_knows_proves_that_nothing_was_sent(url: str) -> None:
    client = Client(settings_for(url))
    with pytest.raises(IonUnreachable, match="got ConnectError"):
        client.execute(CHANGE, {}, is_mutation=True)
    client.close()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    asked: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        asked.append(f"{request.method} {request.url}")
        if request.url.path == "/token":
            return httpx.Response(200, json={"access_token": "t", "expires_in": 300})
        return httpx.Response(status, headers={"Location": "http://127.0.0.1:9/steal"})

    client = Client(settings_for(), transport=httpx.MockTransport(handle))
    with pytest.raises(IonUnreachable):
        client.execute(QUERY, {}, is_mutation=False)
    assert asked == ["POST http://ion.test/token", "POST http://ion.test/graphql"]
