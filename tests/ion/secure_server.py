"""A server behind TLS that speaks HTTP/2 or HTTP/1.1 as agreed, and breaks what it is told to break."""

import socket
import ssl
import threading
from contextlib import suppress
from enum import Enum
from typing import Self

import trustme
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import DataReceived, RequestReceived, StreamEnded

TOKEN = b'{"access_token": "t", "expires_in": 300}'
OK = b'{"data": {"a": 1}}'
_HEADERS = [(":status", "200"), ("content-type", "application/json")]


class Mishap(Enum):
    """What happens to one post over HTTP/2, when all of it has come."""

    REFUSED = "stream refused"
    RESET = "stream reset"
    LEFT_WITHOUT_IT = "GOAWAY that names no stream"
    LEFT_WITH_IT = "GOAWAY that names the stream, and the end"
    CUT = "the end"
    CUT_IN_ANSWER = "half an answer, and the end"
    REFUSED_IN_ANSWER = "half an answer, and the stream refused"
    ENDED_AFTERWARDS = "answered, and the end"
    LEFT_AFTERWARDS = "answered, and GOAWAY"
    STALLED = "no answer until it is let go"


class SecureServer:
    """Listens on 127.0.0.1; every connection has a thread."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept)]
        self.spoken: list[str | None] = []
        """What was agreed on, for each connection."""
        self.posts = 0
        self.mishaps: list[Mishap] = []
        self.stalled = threading.Event()
        self.let_go = threading.Event()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self.let_go.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(10)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                connection.settimeout(5)
                thread = threading.Thread(target=self._serve, args=(connection,))
                self._threads.append(thread)
                thread.start()

    def _serve(self, plain: socket.socket) -> None:
        with suppress(OSError), plain, self._context.wrap_socket(plain, server_side=True) as line:
            self.spoken.append(line.selected_alpn_protocol())
            if self.spoken[-1] == "h2":
                self._speak_h2(line)
            else:
                self._speak_h11(line)

    def _body(self, path: bytes) -> bytes:
        self.posts += path == b"/graphql"
        return OK if path == b"/graphql" else TOKEN

    def _speak_h11(self, line: ssl.SSLSocket) -> None:
        came = b""
        while chunk := line.recv(65536):
            came += chunk
            head, is_whole, rest = came.partition(b"\r\n\r\n")
            lengths = [row for row in head.lower().split(b"\r\n") if row.startswith(b"content-length:")]
            if is_whole and len(rest) >= int(lengths[0].split(b":")[1]):
                body = self._body(head.split(b" ")[1])
                line.sendall(
                    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b"
                    % (len(body), body)
                )
                came = b""

    def _speak_h2(self, line: ssl.SSLSocket) -> None:
        state = H2Connection(H2Configuration(client_side=False))
        state.initiate_connection()
        line.sendall(state.data_to_send())
        paths: dict[int, bytes] = {}
        while chunk := line.recv(65536):
            is_over = False
            for event in state.receive_data(chunk):
                if isinstance(event, RequestReceived):
                    paths[event.stream_id] = dict(event.headers)[b":path"]
                elif isinstance(event, DataReceived):
                    state.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                elif isinstance(event, StreamEnded):
                    is_over = self._answer(state, event.stream_id, paths[event.stream_id])
            line.sendall(state.data_to_send())
            if is_over:
                # Closing with unread frames would reset the line, and take away what was sent last.
                line.shutdown(socket.SHUT_WR)
                while line.recv(65536):
                    pass
                return

    def _answer(self, state: H2Connection, stream: int, path: bytes) -> bool:
        """Answer, and return whether that ends the connection."""
        body = self._body(path)
        mishap = self.mishaps.pop(0) if path == b"/graphql" and self.mishaps else None
        match mishap:
            case Mishap.REFUSED:
                state.reset_stream(stream, ErrorCodes.REFUSED_STREAM)
                return False
            case Mishap.RESET:
                state.reset_stream(stream, ErrorCodes.INTERNAL_ERROR)
                return False
            case Mishap.LEFT_WITHOUT_IT:
                state.close_connection(last_stream_id=0)
                return True
            case Mishap.LEFT_WITH_IT:
                state.close_connection(last_stream_id=stream)
                return True
            case Mishap.CUT:
                return True
            case Mishap.STALLED:
                self.stalled.set()
                self.let_go.wait(5)
            case _:
                pass
        state.send_headers(stream, _HEADERS)
        if mishap in {Mishap.CUT_IN_ANSWER, Mishap.REFUSED_IN_ANSWER}:
            state.send_data(stream, body[:5])
            if mishap is Mishap.REFUSED_IN_ANSWER:
                state.reset_stream(stream, ErrorCodes.REFUSED_STREAM)
            return mishap is Mishap.CUT_IN_ANSWER
        state.send_data(stream, body, end_stream=True)
        if mishap is Mishap.LEFT_AFTERWARDS:
            state.close_connection(last_stream_id=stream)
        return mishap in {Mishap.ENDED_AFTERWARDS, Mishap.LEFT_AFTERWARDS}


def server_context(certificate: trustme.LeafCert, *offers: str) -> ssl.SSLContext:
    """Return what a server with this certificate needs that offers these protocols."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    context.set_alpn_protocols(list(offers))
    return context
