"""Answers that are none: connections closed, reset or cut short under a WSGI server's hands."""

import socket
import struct
from collections.abc import Callable, Iterator
from typing import Any, Final

from flask import Response
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler

__all__ = ["LingerlessServer", "QuietHandler", "cut_short", "hang_up", "in_pieces"]

_PIECES: Final = 10

_RESET_ON_CLOSE: Final = struct.pack("ii", 1, 0)
"""SO_LINGER on, for no time at all: closing discards what is unsent and sends RST instead of FIN."""


def hang_up(connection: socket.socket, *, reset: bool) -> Response:
    """Return a response that ends the connection without a byte: orderly, or by TCP reset."""
    if reset:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)

    def body() -> Iterator[bytes]:
        # The server reads what is left of the request first, and would wait for a client that waits for it.
        connection.shutdown(socket.SHUT_RD)
        # The server takes a ConnectionError for a client that went away, and closes without a word.
        raise ConnectionAbortedError("told to hang up")
        yield b""

    return Response(body())


def cut_short(response: Response) -> Response:
    """Return the response with its full length announced and half its body sent."""
    whole = response.get_data()
    short = Response(iter([whole[: len(whole) // 2]]), status=response.status, headers=response.headers)
    short.headers["Content-Length"] = str(len(whole))
    return short


def in_pieces(response: Response, seconds: float, wait: Callable[[float], object]) -> Response:
    """Return the response with its body sent in ten pieces over that many seconds."""
    whole = response.get_data()
    size = max(1, -(-len(whole) // _PIECES))

    def body() -> Iterator[bytes]:
        for start in range(0, len(whole), size):
            wait(seconds / _PIECES)
            yield whole[start : start + size]

    slow = Response(body(), status=response.status, headers=response.headers)
    slow.headers["Content-Length"] = str(len(whole))
    return slow


class QuietHandler(WSGIRequestHandler):
    """Serves one connection, says nothing about it, and does not wait for a silent client for ever."""

    timeout = 30

    def connection_dropped(self, error: BaseException, environ: Any = None) -> None:  # noqa: ANN401, ARG002  as in werkzeug
        """Take no further request on a connection that ended."""
        self.close_connection = True

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002  the name is werkzeug's
        """Say nothing: the ledger and the caller's own log tell what happened."""


class LingerlessServer(ThreadedWSGIServer):
    """A threaded server that can be stopped at once, and resets a connection when it was told to."""

    daemon_threads = False

    def __init__(self, listener: socket.socket, app: Any) -> None:  # noqa: ANN401  any WSGI application
        self._open: set[socket.socket] = set()
        host, port = listener.getsockname()[:2]
        super().__init__(host, port, app, handler=QuietHandler, fd=listener.fileno())

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401  as in socketserver
        """Remember the connection while it is served."""
        self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401  as in socketserver
        """End a connection; one that is to be reset gets no FIN first."""
        self._open.discard(request)
        linger = request.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, len(_RESET_ON_CLOSE))
        if linger == _RESET_ON_CLOSE:
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def drop_connections(self) -> None:
        """Wake every thread that still waits for its client."""
        for connection in tuple(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                # It was closed in the meantime.
                continue
