import json
from decimal import Decimal
from typing import Any

import httpx
import pytest

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
from kiosk.ion.answers import Reply, judge, retry_after

JSON = "application/json"
HTML = "text/html; charset=utf-8"


def reply(status: int, body: object, kind: str = JSON, **headers: str) -> Reply:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, httpx.Headers({"content-type": kind, **named}), content)


def errors(message: str, code: str | None = None, **beside: object) -> dict[str, Any]:
    entry: dict[str, Any] = {"message": message}
    if code is not None:
        entry["extensions"] = {"code": code}
    return {"errors": [entry], **beside}


ASK = "Ask"
CHANGED = {"updateRunStep": {"runStep": {"id": 1}}}
DATA = {"data": CHANGED}

# (what came, what a change is called, what a question is called)
ROWS: list[tuple[str, Reply, type[IonError], type[IonError]]] = [
    ("stale etag, code", reply(200, errors("no", "CONCURRENCY_ERROR", data=None)), IonConflict, IonConflict),
    ("stale etag, text", reply(200, errors("Etag does not match")), IonConflict, IonConflict),
    ("stale etag in a 500", reply(500, errors("Etag does not match")), IonConflict, IonConflict),
    ("stale etag in a 400", reply(400, errors("x", "CONCURRENCY_ERROR")), IonConflict, IonConflict),
    ("409 with errors", reply(409, errors("changed")), IonConflict, IonConflict),
    ("409 in other JSON", reply(409, {"detail": "changed"}), IonConflict, IonConflict),
    ("validation", reply(200, errors("bad", "VALIDATION_ERROR", data=None)), IonRejected, IonRejected),
    ("permission", reply(200, errors("no", "AUTHORIZATION_ERROR")), IonForbidden, IonForbidden),
    (
        "permission, text",
        reply(200, errors("User does not have permission to update this resource.")),
        IonForbidden,
        IonForbidden,
    ),
    ("unknown id", reply(200, errors("no", "NOT_FOUND_ERROR", data={"run": None})), IonRejected, IonRejected),
    (
        "null of a nullable field",
        reply(200, errors("x", "VALIDATION_ERROR", data={"a": None})),
        IonRejected,
        IonRejected,
    ),
    ("serial exists", reply(200, errors("Serial SN-1 already exists")), IonRejected, IonRejected),
    ("document refused", reply(400, errors("Cannot query field 'x' on type 'Y'.")), IonRejected, IonRejected),
    (
        "document refused in a 200",
        reply(200, errors("Unknown argument 'x' on field 'Y.z'.")),
        IonRejected,
        IonRejected,
    ),
    ("400", reply(400, errors("whatever")), IonRejected, IonRejected),
    ("403 with errors", reply(403, errors("no")), IonForbidden, IonForbidden),
    ("404 with errors", reply(404, errors("no")), IonRejected, IonRejected),
    ("422 without a body", reply(422, b"", ""), IonRejected, IonRejected),
    ("413 page", reply(413, b"<h1>Too large</h1>", HTML), IonRejected, IonRejected),
    ("405 page", reply(405, b"<h1>No</h1>", HTML), IonRejected, IonRejected),
    ("401", reply(401, errors("Token is expired.")), IonAuthFailed, IonAuthFailed),
    ("401 page", reply(401, b"<h1>Sign in</h1>", HTML), IonAuthFailed, IonAuthFailed),
    (
        "401 said in a 200",
        reply(200, errors("Unable to parse authentication token")),
        IonAuthFailed,
        IonAuthFailed,
    ),
    ("unauthenticated code", reply(200, errors("x", "UNAUTHENTICATED")), IonAuthFailed, IonAuthFailed),
    ("429", reply(429, b"", ""), IonBusy, IonBusy),
    ("429 page", reply(429, b"<h1>Slow down</h1>", HTML), IonBusy, IonBusy),
    ("429 as an error", reply(200, errors("slow", "RATE_LIMITED")), IonBusy, IonBusy),
    ("outer service", reply(200, errors("mail", "EXTERNAL_SERVICE_ERROR")), IonUnknown, IonUnreachable),
    ("unknown code", reply(200, errors("?", "INTERNAL_SERVER_ERROR")), IonUnknown, IonUnreachable),
    ("unknown text", reply(200, errors("deadlock detected", data=None)), IonUnknown, IonUnreachable),
    (
        "data beside errors",
        reply(200, errors("x", "VALIDATION_ERROR", data=CHANGED)),
        IonUnknown,
        IonRejected,
    ),
    (
        "conflict beside data",
        reply(200, errors("x", "CONCURRENCY_ERROR", data=CHANGED)),
        IonUnknown,
        IonConflict,
    ),
    (
        "data beside an unknown error",
        reply(200, errors("boom", data=CHANGED)),
        IonUnknown,
        IonUnreachable,
    ),
    (
        "one known, one unknown error",
        reply(200, {"errors": [{"message": "already exists"}, {"message": "boom"}]}),
        IonUnknown,
        IonUnreachable,
    ),
    ("500", reply(500, errors("boom")), IonUnknown, IonUnreachable),
    ("502 page", reply(502, b"<h1>Bad Gateway</h1>", HTML), IonUnknown, IonUnreachable),
    ("503 with data", reply(503, DATA), IonUnknown, IonUnreachable),
    ("504 empty", reply(504, b"", ""), IonUnknown, IonUnreachable),
    ("408", reply(408, errors("Etag does not match, perhaps")), IonConflict, IonConflict),
    ("408 page", reply(408, b"", ""), IonUnknown, IonUnreachable),
    ("499", reply(499, {}), IonUnknown, IonUnreachable),
    ("403 page", reply(403, b"<h1>Blocked</h1>", HTML), IonUnknown, IonUnreachable),
    ("404 page", reply(404, b"<h1>Not here</h1>", HTML), IonUnknown, IonUnreachable),
    ("redirect", reply(302, b"", "", location="https://portal.test/"), IonUnknown, IonUnreachable),
    ("201 with data", reply(201, DATA), IonUnknown, IonUnreachable),
    ("portal page in a 200", reply(200, b"<html>Welcome</html>", HTML), IonUnknown, IonUnreachable),
    ("JSON called text", reply(200, DATA, "text/plain"), IonUnknown, IonUnreachable),
    ("truncated", reply(200, b'{"data": {"updateRun'), IonUnknown, IonUnreachable),
    ("empty", reply(200, b""), IonUnknown, IonUnreachable),
    ("not UTF-8", reply(200, b'{"data": "\xff\xfe"}'), IonUnknown, IonUnreachable),
    ("NaN", reply(200, b'{"data": {"x": NaN}}'), IonUnknown, IonUnreachable),
    ("a list", reply(200, [DATA]), IonUnknown, IonUnreachable),
    ("no data", reply(200, {}), IonUnknown, IonUnreachable),
    ("null data", reply(200, {"data": None}), IonUnknown, IonUnreachable),
    ("data that is text", reply(200, {"data": "ok"}), IonUnknown, IonUnreachable),
    ("errors that are text", reply(200, {"errors": "boom"}), IonUnknown, IonUnreachable),
    ("errors of nothing", reply(200, {"errors": [None, 5, {"message": 7}]}), IonUnknown, IonUnreachable),
    ("nested too deeply", reply(200, b"[" * 100_000), IonUnknown, IonUnreachable),
    ("a number too long", reply(200, b'{"data": {"x": ' + b"9" * 5000 + b"}}"), IonUnknown, IonUnreachable),
]


@pytest.mark.parametrize(
    ("came", "change", "question"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_every_answer_has_its_name(came: Reply, change: type[IonError], question: type[IonError]) -> None:
    for is_mutation, expected in ((True, change), (False, question)):
        with pytest.raises(IonError) as caught:
            judge(came, tried=ASK, is_mutation=is_mutation)
        assert type(caught.value) is expected
        assert str(caught.value).startswith(
            f"Ask: expected JSON with data and no errors, got HTTP {came.status}"
        )


def test_data_without_errors_is_data() -> None:
    body = b'{"data": {"quantity": 0.10, "id": 5}, "errors": []}'
    data = judge(
        Reply(200, httpx.Headers({"content-type": "application/graphql-response+json"}), body),
        tried=ASK,
        is_mutation=True,
    )
    assert data == {"quantity": Decimal("0.10"), "id": 5}


def test_an_error_keeps_code_trace_and_words() -> None:
    came = reply(200, errors("Etag\ndoes not match", "CONCURRENCY_ERROR"), x_b3_trace_id="463ac35c9f6413ad")
    with pytest.raises(IonConflict) as caught:
        judge(came, tried=ASK, is_mutation=True)
    assert (caught.value.code, caught.value.trace_id) == ("CONCURRENCY_ERROR", "463ac35c9f6413ad")
    assert str(caught.value).endswith("got HTTP 200 with 'Etag␊does not match' (CONCURRENCY_ERROR)")


def test_a_status_404_with_errors_is_an_unknown_id() -> None:
    with pytest.raises(IonRejected) as caught:
        judge(reply(404, errors("no such run")), tried=ASK, is_mutation=False)
    assert caught.value.code == "NOT_FOUND_ERROR"


def test_secrets_are_hidden_and_texts_end() -> None:
    came = reply(200, errors("token eyJSECRET " + "x" * 10_000))
    with pytest.raises(IonUnknown) as caught:
        judge(came, tried=ASK, is_mutation=True, hide=lambda text: text.replace("eyJSECRET", "[hidden]"))
    assert "eyJSECRET" not in str(caught.value)
    assert len(str(caught.value)) < 500


DATE = "Sun, 22 Nov 2026 10:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "999999"}, 3600.0),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "\u0667"}, None),
        ({"retry-after": "9" * 400}, None),
        ({"retry-after": "Sun, 22 Nov 2026 10:01:30 GMT", "date": DATE}, 90.0),
        ({"retry-after": "Sun, 22 Nov 2026 09:00:00 GMT", "date": DATE}, 0.0),
        ({"retry-after": "Sun, 22 Nov 2026 10:00:10 -0000", "date": DATE}, 10.0),
        ({"retry-after": "Sat, 01 Jan 2000 00:00:00 GMT"}, 0.0),
        ({"retry-after": ""}, None),
        ({}, None),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: float | None) -> None:
    encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
    assert retry_after(httpx.Headers(encoded)) == seconds


def test_busy_says_how_long() -> None:
    with pytest.raises(IonBusy) as caught:
        judge(reply(429, b"", "", retry_after="12"), tried=ASK, is_mutation=True)
    assert caught.value.retry_after_s == 12.0


def test_a_missing_permission_is_named() -> None:
    came = reply(200, errors("User does not have permission.", "AUTHORIZATION_ERROR"), x_b3_trace_id="463ac3")
    with pytest.raises(IonForbidden) as caught:
        judge(came, tried=ASK, is_mutation=True, permission="UpdateRunStep")
    assert caught.value.permission == "UpdateRunStep"
    assert caught.value.words == (
        "User does not have permission. ION's permission UpdateRunStep is missing. (ION's trace 463ac3)"
    )


def test_a_screen_is_told_ions_words_and_its_trace() -> None:
    came = reply(200, errors("Quantity must be positive", "VALIDATION_ERROR"), x_b3_trace_id="463ac3")
    with pytest.raises(IonRejected) as caught:
        judge(came, tried=ASK, is_mutation=True)
    assert caught.value.words == "Quantity must be positive (ION's trace 463ac3)"
    assert IonRejected("Not sent").words == "Not sent"
