"""Sorts what came back from ION: data, a refusal, or nothing that proves anything.

The rule for a change: only what proves that it was *not* executed is a refusal; whatever proves neither is
``IonUnknown``. A query is safe to repeat, so there the same is ``IonUnreachable``.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any, Final, NoReturn

import httpx

from kiosk.errors import (
    IonAuthFailed,
    IonBusy,
    IonConflict,
    IonError,
    IonForbidden,
    IonRejected,
    IonUnknown,
    IonUnreachable,
)
from kiosk.ion.wording import hidden, quoted, shown
from kiosk.words import listed, told

__all__ = ["Reply", "judge", "retry_after", "trace_id", "undecided"]

Data = Mapping[str, Any]

_CONFLICT: Final = "CONCURRENCY_ERROR"
_NOT_FOUND: Final = "NOT_FOUND_ERROR"
_FORBIDDEN: Final = "AUTHORIZATION_ERROR"
_REFUSALS: Final = frozenset(
    {
        "VALIDATION_ERROR",
        _FORBIDDEN,
        _NOT_FOUND,
        # What GraphQL servers say before they execute anything.
        "GRAPHQL_PARSE_FAILED",
        "GRAPHQL_VALIDATION_FAILED",
        "BAD_USER_INPUT",
        "FORBIDDEN",
    }
)
_BUSY_CODES: Final = frozenset({"RATE_LIMITED", "RATE_LIMIT_EXCEEDED", "TOO_MANY_REQUESTS"})
_UNAUTHENTICATED_CODES: Final = frozenset({"UNAUTHENTICATED", "UNAUTHORIZED"})
_UNAUTHENTICATED: Final = re.compile(
    r"please provide proper credentials|unable to (parse|validate) authentication token"
    r"|unable to find appropriate rsa key|^token is expired|^unauthorized$",
    re.IGNORECASE,
)
_FORBIDDEN_TEXT: Final = re.compile(r"does not have permission|not (authorized|permitted)", re.IGNORECASE)
_CONFLICT_TEXT: Final = re.compile(r"etag does not match", re.IGNORECASE)
_REFUSAL_TEXT: Final = re.compile(
    r"already exists|non-inventoried part|does not have permission"
    # GraphQL's own request errors, raised while the document is parsed and checked.
    r"|^syntax error|^cannot query field|^unknown (argument|type|fragment|directive)"
    r"|^variable [\"']\$|^field [\"'].* (is not defined by|of required type)",
    re.IGNORECASE,
)
_PROVES_NOTHING: Final = frozenset({408, 460, 499})
"""4xx that a proxy answers when somebody hung up: the request may be running behind it."""
_NEVER_EXECUTED: Final = frozenset({405, 406, 411, 413, 414, 415, 417, 421, 426, 428, 431})
"""Refused for its form, whoever refused it and however the page looks."""
_LONGEST_WAIT_S: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer, read whole."""

    status: int
    headers: httpx.Headers
    body: bytes


@dataclass(frozen=True, slots=True)
class _Fault:
    """One entry of GraphQL's ``errors``."""

    message: str
    code: str

    @property
    def text(self) -> str:
        return quoted(self.message) + (f" ({shown(self.code, length=60)})" if self.code else "")


def trace_id(headers: httpx.Headers) -> str:
    """Return ION's ``x-b3-trace-id``, by which its support finds the request; empty where there is none."""
    return shown(headers.get("x-b3-trace-id", ""), length=64)


def retry_after(headers: httpx.Headers) -> float | None:
    """Return the seconds ``Retry-After`` asks for, at most an hour, or ``None`` where it says nothing usable.

    A date counts from the answer's own ``Date``, so that a Pi with a wrong clock waits no longer than asked.
    """
    value = headers.get("retry-after", "").strip()
    try:
        seconds = (
            float(value) if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", value) else _until(value, headers)
        )
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, 0.0), _LONGEST_WAIT_S)


def _until(value: str, headers: httpx.Headers) -> float:
    now = headers.get("date")
    start = parsedate_to_datetime(now) if now else datetime.now(UTC)
    return (_aware(parsedate_to_datetime(value)) - _aware(start)).total_seconds()


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def undecided(text: str, *, is_mutation: bool, code: str = "", trace: str = "") -> IonError:
    """Return the error of a request of which nobody can say whether it was executed."""
    kind = IonUnknown if is_mutation else IonUnreachable
    return kind(text, code=code, trace_id=trace)


def judge(
    reply: Reply,
    *,
    tried: str,
    is_mutation: bool,
    permission: str = "",
    hide: Callable[[str], str] = str,
) -> Data:
    """Return the data of an answer that has data and no errors.

    Args:
        reply: what came.
        tried: what was asked for; begins every error text.
        is_mutation: whether executing it twice would matter.
        permission: what the caller needs in ION; told where ION says that it is missing.
        hide: takes secrets out of a text.

    Raises:
        IonAuthFailed: 401, or a message that says the same.
        IonBusy: 429.
        IonForbidden: code ``AUTHORIZATION_ERROR``, 403 in words, or ION's text for it.
        IonConflict: 409, code ``CONCURRENCY_ERROR`` or ION's text for it.
        IonRejected: a refusal that proves that nothing was executed; an unknown id has code
            ``NOT_FOUND_ERROR``.
        IonUnknown, IonUnreachable: everything else, for a change and for a query.
    """
    return _Judgement(reply, tried, is_mutation, permission, hide).data()


class _Judgement:
    def __init__(
        self, reply: Reply, tried: str, is_mutation: bool, permission: str, hide: Callable[[str], str]
    ) -> None:
        self._reply = reply
        self._permission = permission
        self._tried = tried
        self._is_mutation = is_mutation
        self._hide = hide
        self._trace = trace_id(reply.headers)

    def data(self) -> Data:
        answer = self._json()
        if answer is not None and (faults := _faults(answer)):
            self._refuse(answer, faults)
        self._check_status(is_json=answer is not None)
        data = answer.get("data") if answer is not None else None
        if not isinstance(data, dict):
            self._undecided(self._came())
        return data

    def _json(self) -> dict[str, Any] | None:
        kind = self._reply.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json" and not kind.endswith("+json"):
            return None
        try:
            answer = json.loads(self._reply.body, parse_float=Decimal, parse_constant=_no_constant)
        except (ValueError, ArithmeticError, RecursionError):
            return None
        return answer if isinstance(answer, dict) else None

    def _refuse(self, answer: dict[str, Any], faults: list[_Fault]) -> NoReturn:
        status = self._reply.status
        code = next((fault.code for fault in faults if fault.code), "")
        texts = listed(fault.text for fault in faults[:3])
        came: str = told("HTTP {status} with {texts}", status=status, texts=texts)
        if status == httpx.codes.UNAUTHORIZED or all(map(_is_unauthenticated, faults)):
            raise IonAuthFailed(self._text(came), code=code, trace_id=self._trace)
        if status == httpx.codes.TOO_MANY_REQUESTS or any(fault.code in _BUSY_CODES for fault in faults):
            raise self._busy(came)
        said = "; ".join(shown(fault.message) for fault in faults[:3])
        data = answer.get("data")
        has_data = isinstance(data, dict) and any(value is not None for value in data.values())
        is_behind_gateway = status >= httpx.codes.INTERNAL_SERVER_ERROR or status in _PROVES_NOTHING
        if has_data and self._is_mutation:
            self._undecided(told("{came}, and data beside them", came=came), code)
        if is_behind_gateway and not all(map(_is_refusal, faults)):
            self._undecided(came, code)
        if status == httpx.codes.CONFLICT or any(map(_is_conflict, faults)):
            raise IonConflict(self._text(came), code=code or _CONFLICT, trace_id=self._trace, said=said)
        if any(map(_is_forbidden, faults)) or (status == httpx.codes.FORBIDDEN and not code):
            raise IonForbidden(
                self._text(came),
                permission=self._permission,
                code=code or _FORBIDDEN,
                trace_id=self._trace,
                said=said,
            )
        if httpx.codes.is_client_error(status) or all(map(_is_refusal, faults)):
            code = code or (_NOT_FOUND if status == httpx.codes.NOT_FOUND else "")
            raise IonRejected(self._text(came), code=code, trace_id=self._trace, said=said)
        self._undecided(came, code)

    def _check_status(self, *, is_json: bool) -> None:
        status = self._reply.status
        if status == httpx.codes.OK:
            return
        if status == httpx.codes.UNAUTHORIZED:
            raise IonAuthFailed(self._text(self._came()), trace_id=self._trace)
        if status == httpx.codes.TOO_MANY_REQUESTS:
            raise self._busy(self._came())
        if status == httpx.codes.CONFLICT and is_json:
            raise IonConflict(self._text(self._came()), code=_CONFLICT, trace_id=self._trace)
        is_refusal = httpx.codes.is_client_error(status) and status not in _PROVES_NOTHING
        # A 4xx page (not JSON) comes from something in between, which may have asked ION before it refused.
        if status in _NEVER_EXECUTED or (is_refusal and (is_json or not self._reply.body.strip())):
            raise IonRejected(self._text(self._came()), trace_id=self._trace)
        self._undecided(self._came())

    def _busy(self, came: str) -> IonBusy:
        return IonBusy(self._text(came), retry_after_s=retry_after(self._reply.headers), trace_id=self._trace)

    def _undecided(self, came: str, code: str = "") -> NoReturn:
        raise undecided(self._text(came), is_mutation=self._is_mutation, code=code, trace=self._trace)

    def _came(self) -> str:
        kind = shown(self._reply.headers.get("content-type", "nothing"), length=60)
        return told(
            "HTTP {status} with {kind}, {count} bytes",
            status=self._reply.status,
            kind=kind,
            count=len(self._reply.body),
        )

    def _text(self, came: str) -> str:
        text = told(
            "{tried}: expected JSON with data and no errors, got {came}", tried=self._tried, came=came
        )
        return hidden(text, self._hide)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _faults(answer: dict[str, Any]) -> list[_Fault]:
    errors = answer.get("errors")
    if not errors:
        return []
    entries = errors if isinstance(errors, list) else [errors]
    return [_fault(entry) for entry in entries]


def _fault(entry: object) -> _Fault:
    if not isinstance(entry, dict):
        return _Fault(str(entry), "")
    extensions = entry.get("extensions")
    code = extensions.get("code") if isinstance(extensions, dict) else None
    message = entry.get("message")
    return _Fault(
        message if isinstance(message, str) else "an error without a message",
        code if isinstance(code, str) else "",
    )


def _is_unauthenticated(fault: _Fault) -> bool:
    return fault.code in _UNAUTHENTICATED_CODES or bool(_UNAUTHENTICATED.search(fault.message))


def _is_forbidden(fault: _Fault) -> bool:
    return fault.code in {_FORBIDDEN, "FORBIDDEN"} or (
        not fault.code and bool(_FORBIDDEN_TEXT.search(fault.message))
    )


def _is_conflict(fault: _Fault) -> bool:
    return fault.code == _CONFLICT or bool(_CONFLICT_TEXT.search(fault.message))


def _is_refusal(fault: _Fault) -> bool:
    return (
        fault.code in _REFUSALS
        or _is_conflict(fault)
        or (not fault.code and bool(_REFUSAL_TEXT.search(fault.message)))
    )
