"""``/graphql``: reads a request, checks its token, asks ION, and lets go wrong what is to go wrong."""

import json
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from threading import Lock
from typing import Final

from flask import Request, Response

from kiosk.simulator.asked import Asked, MalformedError, NotByGetError, read_asked
from kiosk.simulator.faults import Fault, Faults
from kiosk.simulator.ion import Answer, Ion
from kiosk.simulator.tokens import BadTokenError, Identity, Tokens
from kiosk.simulator.wire import cut_short, hang_up, in_pieces

__all__ = ["GraphqlEndpoint", "fail_before", "gateway_page"]

_PORTAL: Final = "<!doctype html><title>Guest Wi-Fi</title><p>Please accept the terms of use to continue.</p>"
_GATEWAY: Final = (
    "<html><head><title>{status}</title></head><body><center><h1>{status}</h1></center></body></html>"
)


@dataclass(frozen=True, slots=True)
class _Held:
    asked: Asked
    identity: Identity
    base_url: str


class GraphqlEndpoint:
    """Answers HTTP requests to one ION."""

    def __init__(
        self,
        ion: Ion,
        tokens: Tokens,
        faults: Faults,
        *,
        wait: Callable[[float], object],
        tell: Callable[[], object],
    ) -> None:
        """Make the endpoint.

        Args:
            ion: Who answers.
            tokens: Who knows the callers.
            faults: What goes wrong.
            wait: Waits that many seconds.
            tell: Is called after every request: there may be something to tell by webhook.
        """
        self._tell = tell
        self._ion = ion
        self._tokens = tokens
        self._faults = faults
        self._wait = wait
        self._lock = Lock()
        self._held: list[_Held] = []

    def respond(self, request: Request) -> Response:
        """Answer one request, or do to it what the next fault says."""
        connection: socket.socket = request.environ["werkzeug.socket"]
        asked = _read(request)
        if self._faults.offline:
            return hang_up(connection, reset=False)
        fault = (
            self._faults.take(frozenset())
            if isinstance(asked, Exception)
            else self._faults.take(asked.operations, reading=asked.only_reads)
        )
        early = None if fault is None else fail_before(fault, connection)
        if early is not None:
            return early
        if isinstance(asked, NotByGetError):
            return self._refusal(HTTPStatus.METHOD_NOT_ALLOWED, asked)
        base_url = request.host_url.rstrip("/")
        try:
            identity = self._identity(request.headers.get("Authorization"), base_url, fault)
        except BadTokenError as exc:
            return self._refusal(HTTPStatus.UNAUTHORIZED, exc)
        if isinstance(asked, Exception):
            return self._refusal(HTTPStatus.BAD_REQUEST, asked)
        if fault is not None and fault.kind == "hold_and_release":
            with self._lock:
                self._held.append(_Held(asked, identity, base_url))
            return hang_up(connection, reset=True)
        stale = fault is not None and fault.kind == "stale_reads"
        answers = self._ask(asked, identity, base_url, stale=stale)
        if fault is not None and fault.kind == "duplicate_execution":
            self._ask(asked, identity, base_url)
        self._release(lambda held: bool(held.asked.operations & asked.operations))
        self._tell()
        if fault is not None:
            return self._fail_after(fault, answers, connection, is_batch=asked.is_batch)
        return self._json(answers, is_batch=asked.is_batch)

    def _ask(
        self, asked: Asked, identity: Identity, base_url: str, *, stale: bool = False
    ) -> Sequence[Answer]:
        return [
            self._ion.ask(
                question, identity.user, permissions=identity.permissions, base_url=base_url, stale=stale
            )
            for question in asked.questions
        ]

    def _identity(self, header: str | None, base_url: str, fault: Fault | None) -> Identity:
        with self._ion.lock:
            if fault is not None and fault.kind == "expire_token":
                self._tokens.expire(header)
            return self._tokens.identity_of(header, base_url)

    def release(self) -> int:
        """Execute every request that was held, and return how many there were."""
        return self._release(lambda _held: True)

    def forget_held(self) -> None:
        """Never execute what is held now."""
        with self._lock:
            self._held.clear()

    def _release(self, is_due: Callable[[_Held], bool]) -> int:
        with self._lock:
            due = [held for held in self._held if is_due(held)]
            self._held = [held for held in self._held if not is_due(held)]
        for held in due:
            self._ask(held.asked, held.identity, held.base_url)
        return len(due)

    def _fail_after(
        self, fault: Fault, answers: Sequence[Answer], connection: socket.socket, *, is_batch: bool
    ) -> Response:
        if fault.kind == "reset_after":
            return hang_up(connection, reset=True)
        if fault.kind == "status_after":
            return gateway_page(fault.status)
        if fault.kind == "errors_and_data":
            answers = list(map(_with_error, answers))
        if fault.kind == "delay":
            self._wait(fault.seconds)
        response = self._json(answers, is_batch=is_batch)
        if fault.kind == "slow_body":
            return in_pieces(response, fault.seconds, self._wait)
        return cut_short(response) if fault.kind == "truncate" else response

    def _refusal(self, status: HTTPStatus, why: Exception) -> Response:
        return self._json([Answer(status, {"errors": [{"message": str(why)}]})], is_batch=False)

    def _json(self, answers: Sequence[Answer], *, is_batch: bool) -> Response:
        bodies = [answer.body for answer in answers]
        response = Response(
            json.dumps(bodies if is_batch else bodies[0]),
            status=HTTPStatus.OK if is_batch else answers[0].status,
            content_type="application/json",
        )
        if any("errors" in body for body in bodies):
            response.headers["x-b3-trace-id"] = self._ion.world.new_hex()
        return response


def _read(request: Request) -> Asked | MalformedError | NotByGetError:
    try:
        return read_asked(request)
    except (MalformedError, NotByGetError) as exc:
        return exc


def _with_error(answer: Answer) -> Answer:
    unexpected = {"message": "Unexpected error while the answer was put together"}
    return replace(answer, body=answer.body | {"errors": [*answer.body.get("errors", ()), unexpected]})


def fail_before(fault: Fault, connection: socket.socket) -> Response | None:
    """Return the answer of a fault that keeps a request from being executed, None if it is another one."""
    if fault.kind in ("refuse", "reset_before"):
        return hang_up(connection, reset=fault.kind == "reset_before")
    if fault.kind == "status_before":
        return gateway_page(fault.status)
    if fault.kind == "html":
        return Response(_PORTAL, content_type="text/html; charset=utf-8")
    if fault.kind == "rate_limit":
        body = json.dumps({"errors": [{"message": "Too many requests"}]})
        headers = {"Retry-After": f"{fault.seconds:g}"}
        return Response(body, status=429, headers=headers, content_type="application/json")
    return None


def gateway_page(status: int) -> Response:
    """Return what a proxy in front of ION would answer."""
    return Response(_GATEWAY.format(status=status), status=status, content_type="text/html")
