"""The WSGI server (waitress) around the application, with streams that end when it is told to stop."""

import errno
import logging
import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from flask import Flask
from waitress import wasyncore  # type: ignore[import-untyped]  # waitress ships no types
from waitress.channel import HTTPChannel  # type: ignore[import-untyped]  # waitress ships no types
from waitress.server import BaseWSGIServer, create_server  # type: ignore[import-untyped]  # waitress ships no types
from waitress.task import ErrorTask  # type: ignore[import-untyped]  # waitress ships no types

from kiosk.web.changes import MOST_STREAMS
from kiosk.web.context import MOST_BODY_BYTES, Web
from kiosk.web.guards import HEADERS

SPARE_THREADS = 8
"""Threads beside those that hold streams open: presses, scans, pictures, programs."""
_STOP_S = 5.0
_DEAD_PEER_MS = 20_000
_NO_ROOM: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
"""Why a connection that waits cannot be accepted, though the line is whole (accept(2))."""
_REST_S = 0.5
_log = logging.getLogger(__name__)


class _RefusedTask(ErrorTask):  # type: ignore[misc]  # waitress ships no types
    """Answers what is no HTTP, before the application sees it, under the same headers as everything else."""

    def execute(self) -> None:
        self.response_headers.extend([*HEADERS.items(), ("Cache-Control", "no-store")])
        super().execute()


class _Channel(HTTPChannel):  # type: ignore[misc]  # waitress ships no types
    error_task_class = _RefusedTask


class WebServer:
    """A running server; ``serve`` starts it."""

    def __init__(
        self, app: Flask, host: str, port: int, *, threads: int, remote_port: int | None = None
    ) -> None:
        self._web: Web | None = app.extensions.get("kiosk")
        self._map: dict[int, object] = {}
        listening = _listen(host, port)
        self._server = create_server(
            app,
            self._map,
            sockets=[listening, *([_listen("127.0.0.1", remote_port)] if remote_port else [])],
            threads=threads,
            ident=None,
            # Bodies over its own limit are answered by the application; this is the far wall.
            max_request_body_size=8 * MOST_BODY_BYTES,
            # Reading on while a stream is served is how a client that left is noticed before the next write.
            channel_request_lookahead=1,
            outbuf_high_watermark=MOST_BODY_BYTES,
            connection_limit=256,
        )
        self._doors = [each for each in self._map.values() if isinstance(each, BaseWSGIServer)]
        for door in self._doors:
            door.channel_class = _Channel
            door.accept = partial(self._accept, door, door.accept)
        self._rests_until_s: float | None = None
        self._is_full = False
        self.port = int(listening.getsockname()[1])
        self._is_stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="web", daemon=True)
        self._thread.start()

    @property
    def web(self) -> Web:
        """Return what the kiosk's application works with."""
        if self._web is None:
            raise ValueError("This server does not serve a kiosk at work.")
        return self._web

    @property
    def is_alive(self) -> bool:
        """Return whether the server still takes requests."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """End the streams, finish the requests that are being answered, close; stopping twice is fine."""
        if self._web is not None:
            self._web.rooms.changes.stop()
        if self._is_stopping.is_set():
            return
        # The loop goes on until the workers are done: it is the loop that sends what they answered.
        self._server.task_dispatcher.shutdown(cancel_pending=True, timeout=_STOP_S)
        self._is_stopping.set()
        self._doors[0].pull_trigger()
        self._thread.join(_STOP_S)
        wasyncore.close_all(self._map)

    def _run(self) -> None:
        while not self._is_stopping.is_set():
            wasyncore.loop(timeout=1.0, use_poll=True, map=self._map, count=1)
            if self._rests_until_s is not None and time.monotonic() >= self._rests_until_s:
                self._rests_until_s = None
                for door in self._doors:
                    door.accepting = True

    def _accept(self, door: BaseWSGIServer, accept: Callable[[], Any]) -> Any:  # noqa: ANN401  as waitress has it
        """Accept a connection; where the process has no file left for it, let it wait.

        It stays there to be accepted: the loop would else try it, and log it, thousands of times a second.
        """
        try:
            accepted = accept()
        except OSError as error:
            if error.errno not in _NO_ROOM:
                raise
            if not self._is_full:
                _log.warning("No connection is accepted for now: %s", error)
            self._is_full = True
            self._rests_until_s = time.monotonic() + _REST_S
            door.accepting = False
            return None
        self._is_full = self._is_full and accepted is None
        return accepted


def _listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; what it accepts inherits its options."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.create_server((host, port), family=family, backlog=128)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _DEAD_PEER_MS)
    return listening


def serve(
    app: Flask,
    host: str,
    port: int,
    *,
    threads: int = MOST_STREAMS + SPARE_THREADS,
    remote_port: int | None = None,
) -> WebServer:
    """Serve the application until it is stopped.

    Args:
        app: made by ``create_app`` or ``create_standstill_app``.
        host: the address to listen on.
        port: 0 for any free one.
        threads: the most streams plus eight.
        remote_port: another port, of this machine alone, for a proxy.

    Raises:
        OSError: the address cannot be used.
    """
    server = WebServer(app, host, port, threads=threads, remote_port=remote_port)
    _log.info("listening on %s port %d", host, server.port)
    return server
