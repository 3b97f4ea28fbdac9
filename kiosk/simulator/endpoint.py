"""``POST /graphql``: reads a request, checks its token, asks ION, and lets go wrong what is to go wrong."""

import json
import socket
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from threading import Lock
from typing import Final

from flask import Request, Response

from kiosk.simulator.faults import Fault, Faults
from kiosk.simulator.ion import Answer, Ion, Question, only_reads, root_fields
from kiosk.simulator.tokens import BadTokenError, Identity, Tokens
from kiosk.simulator.wire import cut_short, hang_up, in_pieces

__all__ = ["GraphqlEndpoint", "fail_before", "gateway_page"]

_PORTAL: Final = "<!doctype html><title>Guest Wi-Fi</title><p>Please accept the terms of use to continue.</p>"
_GATEWAY: Final = (
    "<html><head><title>{status}</title></head><body><center><h1>{status}</h1></center></body></html>"
)


class _MalformedError(Exception):
    """The body is no GraphQL request."""


@dataclass(frozen=True, slots=True)
class _Held:
    question: Question
    identity: Identity
    base_url: str
    operations: frozenset[str]


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
        body = request.get_data()
        if self._faults.offline:
            return hang_up(connection, reset=False)
        operations, reading = _operations(body)
        fault = self._faults.take(operations, reading=reading)
        early = None if fault is None else fail_before(fault, connection)
        if early is not None:
            return early
        base_url = request.host_url.rstrip("/")
        try:
            identity = self._identity(request.headers.get("Authorization"), base_url, fault)
            question = _read_question(body)
        except BadTokenError as exc:
            return self._json(Answer(HTTPStatus.UNAUTHORIZED, {"errors": [{"message": str(exc)}]}))
        except _MalformedError as exc:
            return self._json(Answer(HTTPStatus.BAD_REQUEST, {"errors": [{"message": str(exc)}]}))
        if fault is not None and fault.kind == "hold_and_release":
            with self._lock:
                self._held.append(_Held(question, identity, base_url, operations))
            return hang_up(connection, reset=True)
        stale = fault is not None and fault.kind == "stale_reads"
        answer = self._ask(question, identity, base_url, stale=stale)
        if fault is not None and fault.kind == "duplicate_execution":
            self._ask(question, identity, base_url)
        self._release(lambda held: bool(held.operations & operations))
        self._tell()
        return self._json(answer) if fault is None else self._fail_after(fault, answer, connection)

    def _ask(self, question: Question, identity: Identity, base_url: str, *, stale: bool = False) -> Answer:
        return self._ion.ask(
            question, identity.user, permissions=identity.permissions, base_url=base_url, stale=stale
        )

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
            self._ask(held.question, held.identity, held.base_url)
        return len(due)

    def _fail_after(self, fault: Fault, answer: Answer, connection: socket.socket) -> Response:
        if fault.kind == "reset_after":
            return hang_up(connection, reset=True)
        if fault.kind == "status_after":
            return gateway_page(fault.status)
        if fault.kind == "errors_and_data":
            unexpected = {"message": "Unexpected error while the answer was put together"}
            body = answer.body | {"errors": [*answer.body.get("errors", ()), unexpected]}
            answer = replace(answer, body=body)
        if fault.kind == "delay":
            self._wait(fault.seconds)
        response = self._json(answer)
        if fault.kind == "slow_body":
            return in_pieces(response, fault.seconds, self._wait)
        return cut_short(response) if fault.kind == "truncate" else response

    def _json(self, answer: Answer) -> Response:
        response = Response(json.dumps(answer.body), status=answer.status, content_type="application/json")
        if "errors" in answer.body:
            response.headers["x-b3-trace-id"] = self._ion.world.new_hex()
        return response


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


def _operations(body: bytes) -> tuple[frozenset[str], bool]:
    """Return the root fields a body asks for, and whether it only reads."""
    try:
        question = _read_question(body)
    except _MalformedError:
        return frozenset(), False
    return root_fields(question), only_reads(question)


def _read_question(body: bytes) -> Question:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as exc:
        raise _MalformedError("The request body is not valid JSON") from exc
    if not isinstance(data, dict):
        raise _MalformedError("The request body must be one JSON object")
    query, variables, name = (data.get(key) for key in ("query", "variables", "operationName"))
    if not isinstance(query, str):
        raise _MalformedError("The request must have a query, a string")
    if not isinstance(variables, dict | None):
        raise _MalformedError("variables must be an object")
    if not isinstance(name, str | None):
        raise _MalformedError("operationName must be a string")
    return Question(query, variables, name)
