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
from kiosk.simulator.ion import Answer, Ion, Question, root_fields
from kiosk.simulator.rows import User
from kiosk.simulator.tokens import BadTokenError, Tokens
from kiosk.simulator.wire import cut_short, hang_up

__all__ = ["GraphqlEndpoint", "fail_before"]

_PORTAL: Final = "<!doctype html><title>Guest Wi-Fi</title><p>Please accept the terms of use to continue.</p>"
_GATEWAY: Final = (
    "<html><head><title>{status}</title></head><body><center><h1>{status}</h1></center></body></html>"
)


class _MalformedError(Exception):
    """The body is no GraphQL request."""


@dataclass(frozen=True, slots=True)
class _Held:
    question: Question
    user: User
    operations: frozenset[str]


class GraphqlEndpoint:
    """Answers HTTP requests to one ION."""

    def __init__(self, ion: Ion, tokens: Tokens, faults: Faults, *, wait: Callable[[float], object]) -> None:
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
        fault = self._faults.take(_operations(body))
        early = None if fault is None else fail_before(fault, connection)
        if early is not None:
            return early
        try:
            user = self._user(request.headers.get("Authorization"), fault)
            question = _read_question(body)
        except BadTokenError as exc:
            return self._json(Answer(HTTPStatus.UNAUTHORIZED, {"errors": [{"message": str(exc)}]}))
        except _MalformedError as exc:
            return self._json(Answer(HTTPStatus.BAD_REQUEST, {"errors": [{"message": str(exc)}]}))
        if fault is not None and fault.kind == "hold_and_release":
            with self._lock:
                self._held.append(_Held(question, user, root_fields(question)))
            return hang_up(connection, reset=True)
        answer = self._ion.ask(question, user)
        if fault is not None and fault.kind == "duplicate_execution":
            self._ion.ask(question, user)
        operations = root_fields(question)
        self._release(lambda held: bool(held.operations & operations))
        return self._json(answer) if fault is None else self._fail_after(fault, answer, connection)

    def _user(self, header: str | None, fault: Fault | None) -> User:
        with self._ion.lock:
            if fault is not None and fault.kind == "expire_token":
                self._tokens.expire(header)
            return self._tokens.user_of(header)

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
            self._ion.ask(held.question, held.user)
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


def _operations(body: bytes) -> frozenset[str]:
    try:
        return root_fields(_read_question(body))
    except _MalformedError:
        return frozenset()


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
