"""A proxy between the kiosk and ION that lets single requests go wrong, chosen by operation.

HTTP/1.1, a connection for each request. A request is read whole before anything is done with it; its
operation is what its GraphQL document is called, and every field it asks for at the root, so that a rule may
name either. Requests that are no GraphQL are ``token``, ``upload`` or ``download``.
"""

import contextlib
import http.client
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from functools import lru_cache
from random import Random
from types import TracebackType
from typing import Final, Self

from graphql import FieldNode, OperationDefinitionNode, parse

__all__ = ["Action", "FaultProxy", "Rule"]

_ANY: Final = "*"
_POLL_S: Final = 0.05
_PIECES: Final = 8
_PORTAL: Final = b"<!doctype html><title>Guest Wi-Fi</title><p>Please accept the terms of use.</p>"
_RESET: Final = struct.pack("ii", 1, 0)
_HOP_BY_HOP: Final = frozenset({"connection", "transfer-encoding", "content-length", "keep-alive"})


class Action(Enum):
    """What becomes of a request."""

    PASS = auto()
    CLOSE = auto()
    """Nothing is forwarded; the connection ends without an answer."""
    BLACK_HOLE = auto()
    """Nothing is forwarded, and nothing ever answered."""
    DELAY = auto()
    """Forwarded at once, answered ``seconds`` later."""
    RESET_REQUEST = auto()
    """The first ``after_bytes`` of the request are forwarded, then both sides are cut off."""
    RESET_ANSWER = auto()
    """Forwarded; the client gets the first ``after_bytes`` of the answer, then a reset."""
    TRUNCATE = auto()
    """Forwarded; half the body comes, of which all was announced."""
    DRIP = auto()
    """Forwarded; the answer comes in pieces over ``seconds``."""
    STATUS_BEFORE = auto()
    """Answered with ``status``; nothing is forwarded."""
    STATUS_AFTER = auto()
    """Forwarded, and answered with ``status`` instead of what came."""
    PORTAL = auto()
    """A captive portal's page with status 200; nothing is forwarded."""
    REDIRECT = auto()
    """Sent elsewhere by 302; nothing is forwarded."""
    ERRORS = auto()
    """Forwarded; an error stands beside the data."""
    TWICE = auto()
    """Forwarded twice, the first answer given."""
    HOLD = auto()
    """Kept, and the connection reset; forwarded after the next one of its operation, or by ``release``."""
    REPEAT_LATER = auto()
    """Forwarded and answered, and forwarded once more by ``release``."""
    OVERTAKE = auto()
    """Forwarded after somebody else has done something: ``overtake``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing to go wrong."""

    action: Action
    operation: str = _ANY
    """``*`` for any request to GraphQL."""
    nth: int = 1
    """The first matching request that it is done to."""
    probability: float = 1.0
    is_once: bool = True
    """Done to one request only, else to all that follow."""
    status: int = 503
    retry_after_s: float | None = None
    seconds: float = 0.5
    after_bytes: int = 0


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    raw: bytes
    operations: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    reason: str
    headers: list[tuple[str, str]]
    body: bytes

    def raw(self, length: int | None = None) -> bytes:
        """Return the bytes of the answer, with another length announced than it has."""
        head = [f"HTTP/1.1 {self.status} {self.reason}"]
        head += [f"{name}: {value}" for name, value in self.headers if name.lower() not in _HOP_BY_HOP]
        head += [
            f"Content-Length: {len(self.body) if length is None else length}",
            "Connection: close",
            "",
            "",
        ]
        return "\r\n".join(head).encode("latin-1") + self.body


class _Cut(Exception):
    """The connection has ended; ``is_reset``: it is to be reset rather than closed."""

    def __init__(self, *, is_reset: bool) -> None:
        super().__init__()
        self.is_reset = is_reset


@dataclass(slots=True)
class FaultProxy:
    """Listens on a free port until it is left; threads serve a connection each."""

    upstream_port: int
    seed: int = 0
    log: list[dict[str, object]] = field(default_factory=list)
    """Each request: ``operations``, ``action``, and ``status`` where ION was asked."""
    overtake: Callable[[], object] = lambda: None
    """What somebody else does between the kiosk's reading and its change."""
    _rules: list[Rule] = field(default_factory=list)
    _held: list[_Request] = field(default_factory=list)
    _lock: threading.RLock = field(default_factory=threading.RLock)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _listener: socket.socket | None = None
    _acceptor: threading.Thread | None = None
    _random: Random = field(init=False)
    port: int = 0

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._random = Random(self.seed)  # noqa: S311  not for secrets
        self.come_back()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        self.go_away()
        for thread in tuple(self._threads):
            thread.join()

    @property
    def base_url(self) -> str:
        """Return the address that stands for ION's."""
        return f"http://127.0.0.1:{self.port}"

    def add(self, *rules: Rule) -> None:
        """Let these go wrong; of several that match, the one that was added first."""
        with self._lock:
            self._rules += rules

    def clear(self) -> None:
        """Let nothing go wrong any more, and drop what is held."""
        with self._lock:
            self._rules.clear()
            self._held.clear()
            self.log.clear()

    def release(self) -> int:
        """Forward what is held, and return how many requests that were."""
        return self._release(lambda _request: True)

    def go_away(self) -> None:
        """Refuse connections from now on."""
        self._listener = None
        if self._acceptor is not None:
            self._acceptor.join()

    def come_back(self) -> None:
        """Take connections again, at the same address."""
        listener = socket.create_server(("127.0.0.1", self.port))
        listener.settimeout(_POLL_S)
        self.port = int(listener.getsockname()[1])
        self._listener = listener
        self._acceptor = self._spawn(lambda: self._accept(listener))

    def _spawn(self, work: Callable[[], None]) -> threading.Thread:
        thread = threading.Thread(target=work, name="fault-proxy")
        with self._lock:
            self._threads = [each for each in self._threads if each.is_alive() or each.ident is None]
            self._threads.append(thread)
        thread.start()
        return thread

    def _accept(self, listener: socket.socket) -> None:
        with listener:
            while not self._stopping.is_set() and self._listener is listener:
                try:
                    connection, _ = listener.accept()
                except TimeoutError:
                    continue
                self._spawn(lambda connection=connection: self._serve(connection))  # type: ignore[misc]

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(_POLL_S)
        try:
            self._answer(connection, self._read(connection))
        except _Cut as cut:
            if cut.is_reset:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        except OSError:
            pass  # the client has gone
        finally:
            connection.close()

    def _read(self, connection: socket.socket) -> _Request:
        """Return the only request of a connection."""
        buffered = b""
        while b"\r\n\r\n" not in buffered:
            buffered += self._receive(connection)
        head, _, rest = buffered.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = int(headers.get("content-length", "0"))
        while len(rest) < length:
            rest += self._receive(connection)
        body = rest[:length]
        method, path, _ = first.split(" ")
        raw = head + b"\r\n\r\n" + body
        return _Request(method, path, headers, body, raw, _operations(method, path, body))

    def _receive(self, connection: socket.socket) -> bytes:
        while not self._stopping.is_set():
            try:
                data = connection.recv(65536)
            except TimeoutError:
                continue
            if not data:
                break
            return data
        raise _Cut(is_reset=False)

    def _choose(self, request: _Request) -> Rule:
        with self._lock:
            for index, rule in enumerate(self._rules):
                is_meant = rule.operation in request.operations or (
                    rule.operation == _ANY and request.path.endswith("graphql")
                )
                if not is_meant or (rule.probability < 1 and self._random.random() >= rule.probability):
                    continue
                if rule.nth > 1:
                    self._rules[index] = replace(rule, nth=rule.nth - 1)
                    continue
                if rule.is_once:
                    del self._rules[index]
                return rule
        return Rule(action=Action.PASS)

    def _answer(self, connection: socket.socket, request: _Request) -> None:
        rule = self._choose(request)
        entry: dict[str, object] = {"operations": sorted(request.operations), "action": rule.action.name}
        self.log.append(entry)
        early = self._early(connection, request, rule)
        if early is not None:
            connection.sendall(early.raw())
            return
        if rule.action is Action.OVERTAKE:
            self.overtake()
        answer = self._forward(request)
        entry["status"] = answer.status
        if rule.action is Action.TWICE:
            self._forward(request)
        if rule.action is Action.REPEAT_LATER:
            self._hold(request)
        else:
            self._release(lambda held: bool(held.operations & request.operations))
        self._late(connection, rule, answer)

    def _early(self, connection: socket.socket, request: _Request, rule: Rule) -> _Answer | None:
        """Return the answer to what is not forwarded, ``None`` for what is."""
        match rule.action:
            case Action.CLOSE:
                raise _Cut(is_reset=False)
            case Action.BLACK_HOLE:
                self._receive(connection)
                raise _Cut(is_reset=False)
            case Action.RESET_REQUEST:
                with socket.create_connection(("127.0.0.1", self.upstream_port)) as upstream:
                    upstream.sendall(request.raw[: rule.after_bytes])
                raise _Cut(is_reset=True)
            case Action.HOLD:
                self._hold(request)
                raise _Cut(is_reset=True)
            case Action.STATUS_BEFORE:
                return _refusal(rule)
            case Action.PORTAL:
                return _Answer(200, "OK", [("Content-Type", "text/html")], _PORTAL)
            case Action.REDIRECT:
                return _Answer(302, "Found", [("Location", "http://portal.invalid/")], b"")
            case _:
                return None

    def _late(self, connection: socket.socket, rule: Rule, answer: _Answer) -> None:
        match rule.action:
            case Action.DELAY:
                self._stopping.wait(rule.seconds)
            case Action.RESET_ANSWER:
                connection.sendall(answer.raw()[: rule.after_bytes])
                raise _Cut(is_reset=True)
            case Action.TRUNCATE:
                half = replace(answer, body=answer.body[: len(answer.body) // 2])
                connection.sendall(half.raw(len(answer.body)))
                raise _Cut(is_reset=False)
            case Action.DRIP:
                whole = answer.raw()
                size = max(1, -(-len(whole) // _PIECES))
                for start in range(0, len(whole), size):
                    connection.sendall(whole[start : start + size])
                    self._stopping.wait(rule.seconds / _PIECES)
                return
            case Action.STATUS_AFTER:
                answer = _refusal(rule)
            case Action.ERRORS:
                answer = replace(answer, body=_with_errors(answer.body))
            case _:
                pass
        connection.sendall(answer.raw())

    def _forward(self, request: _Request) -> _Answer:
        upstream = http.client.HTTPConnection("127.0.0.1", self.upstream_port, timeout=30)
        headers = {name: value for name, value in request.headers.items() if name not in _HOP_BY_HOP}
        try:
            upstream.request(request.method, request.path, body=request.body, headers=headers)
            answer = upstream.getresponse()
            return _Answer(answer.status, answer.reason, answer.getheaders(), answer.read())
        except (OSError, http.client.HTTPException):
            raise _Cut(is_reset=True) from None
        finally:
            upstream.close()

    def _hold(self, request: _Request) -> None:
        with self._lock:
            self._held.append(request)

    def _release(self, is_due: Callable[[_Request], bool]) -> int:
        with self._lock:
            due = [request for request in self._held if is_due(request)]
            self._held = [request for request in self._held if not is_due(request)]
        for request in due:
            with contextlib.suppress(_Cut):
                answer = self._forward(request)
                self.log.append(
                    {"operations": sorted(request.operations), "action": "RELEASED", "status": answer.status}
                )
        return len(due)


def wait_until(is_so: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds:.0f} s in vain")
        time.sleep(0.01)


def _operations(method: str, path: str, body: bytes) -> frozenset[str]:
    if path.endswith("graphql"):
        try:
            return _names(str(json.loads(body)["query"]))
        except (ValueError, KeyError, TypeError):
            return frozenset()
    return frozenset({"token" if "token" in path else "upload" if method == "PUT" else "download"})


@lru_cache(maxsize=1024)
def _names(query: str) -> frozenset[str]:
    names: set[str] = set()
    for node in parse(query, no_location=True).definitions:
        if isinstance(node, OperationDefinitionNode):
            names |= {node.name.value} if node.name else set()
            names |= {
                each.name.value for each in node.selection_set.selections if isinstance(each, FieldNode)
            }
    return frozenset(names)


def _refusal(rule: Rule) -> _Answer:
    """Return a gateway's page, or below 500 ION's own JSON."""
    headers = [] if rule.retry_after_s is None else [("Retry-After", f"{rule.retry_after_s:g}")]
    reason = http.client.responses.get(rule.status, "Unknown")
    if rule.status >= http.client.INTERNAL_SERVER_ERROR:
        return _Answer(
            rule.status, reason, [*headers, ("Content-Type", "text/html")], f"<h1>{reason}</h1>".encode()
        )
    body = json.dumps({"errors": [{"message": reason}]}).encode()
    return _Answer(rule.status, reason, [*headers, ("Content-Type", "application/json")], body)


def _with_errors(body: bytes) -> bytes:
    answer = json.loads(body)
    answer["errors"] = [*answer.get("errors", ()), {"message": "Unexpected error"}]
    return json.dumps(answer).encode()
