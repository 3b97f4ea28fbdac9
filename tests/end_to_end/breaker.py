"""A line to a server that breaks here and there, as a cable, a switch or an impatient program does."""

import random
import socket
import struct
import threading
from collections import Counter
from enum import Enum, auto

_TICK_S = 0.2
_PATIENCE_S = 30.0


class Fate(Enum):
    """What becomes of one request."""

    PASSED = auto()
    REFUSED = auto()
    """The line is closed before anything is sent on."""
    TORN = auto()
    """Half of the request gets there."""
    UNANSWERED = auto()
    """It gets there and is carried out, and the answer does not come back."""
    HALF_ANSWERED = auto()
    DOUBLED = auto()
    """It gets there twice at the same time, and one answer comes back."""


_FATES = (Fate.PASSED,) * 6 + tuple(Fate)[1:]


class Breaker:
    """Stands between a program and a server that takes one request a connection.

    Args:
        port: the server's, on this machine.
        seed: decides every fate.
    """

    def __init__(self, port: int, seed: int) -> None:
        self._server = port
        self._fates = random.Random(seed)  # noqa: S311 - faults need no secrecy
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._listener.settimeout(_TICK_S)
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self.seen: Counter[Fate] = Counter()
        self._threads = [threading.Thread(target=self._run, name=f"breaker-{n}") for n in range(8)]
        for thread in self._threads:
            thread.start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._listener.getsockname()[1])

    def close(self) -> None:
        """Let nothing through any more."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()
        self._listener.close()

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                line, _ = self._listener.accept()
            except TimeoutError:
                continue
            with line:
                line.settimeout(_PATIENCE_S)
                try:
                    self._pass(line)
                except OSError:
                    _reset(line)

    def _pass(self, line: socket.socket) -> None:
        with self._lock:
            fate = self._fates.choice(_FATES)
            self.seen[fate] += 1
        if fate is Fate.REFUSED:
            _reset(line)
            return
        request = _whole_request(line)
        if fate is Fate.TORN:
            self._send(request[: len(request) // 2])
            _reset(line)
            return
        answers: list[bytes] = []
        asking = [
            threading.Thread(target=lambda: answers.append(self._ask(request)), name=f"breaker-ask-{n}")
            for n in range(2 if fate is Fate.DOUBLED else 1)
        ]
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join()
        if fate is Fate.UNANSWERED:
            _reset(line)
        elif fate is Fate.HALF_ANSWERED:
            line.sendall(answers[0][: len(answers[0]) // 2])
            _reset(line)
        else:
            line.sendall(answers[0])

    def _send(self, part: bytes) -> None:
        with socket.create_connection(("127.0.0.1", self._server), timeout=_PATIENCE_S) as server:
            server.sendall(part)
            _reset(server)

    def _ask(self, request: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self._server), timeout=_PATIENCE_S) as server:
            server.sendall(request)
            answer = b""
            while piece := server.recv(65_536):
                answer += piece
            return answer


def _whole_request(line: socket.socket) -> bytes:
    """Read one request, its length said in its head."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += _some(line)
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [row for row in head.lower().split(b"\r\n") if row.startswith(b"content-length:")]
    wanted = int(lengths[0].partition(b":")[2]) if lengths else 0
    while len(body) < wanted:
        body += _some(line)
    return head + b"\r\n\r\n" + body


def _some(line: socket.socket) -> bytes:
    piece = line.recv(65_536)
    if not piece:
        raise ConnectionResetError("the program went away")
    return piece


def _reset(line: socket.socket) -> None:
    """Break a line off with RST instead of an orderly end."""
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    line.close()
