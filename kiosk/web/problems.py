"""Errors as the API tells them: problem details (RFC 9457), and nothing of what was sent in them."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flask import Response
from werkzeug.exceptions import HTTPException

from kiosk.model import Json

if TYPE_CHECKING:  # types without a module at run time
    from _typeshed.wsgi import WSGIEnvironment

MEDIA_TYPE = "application/problem+json"


class Problem(HTTPException):
    """An error of the API with fields of its own beside RFC 9457's."""

    def __init__(
        self, status: int, title: str, detail: str, *, headers: Mapping[str, str] | None = None, **more: Json
    ) -> None:
        super().__init__(detail)
        self.code = status
        self.title = title
        self.more = more
        self._headers = dict(headers or {})

    def get_headers(
        self, environ: "WSGIEnvironment | None" = None, scope: dict[str, Any] | None = None
    ) -> list[tuple[str, str]]:
        """Return the headers that belong to it."""
        return [*super().get_headers(environ, scope), *self._headers.items()]


def problem_response(error: HTTPException) -> Response:
    """Return any HTTP error as problem details."""
    status = error.code or 500
    body: dict[str, Json] = {
        "type": "about:blank",
        "title": error.title if isinstance(error, Problem) else error.name,
        "status": status,
        "detail": error.description or error.name,
    }
    if isinstance(error, Problem):
        body.update(error.more)
    return json_response(body, status=status, media_type=MEDIA_TYPE, headers=kept_headers(error))


def kept_headers(error: HTTPException) -> dict[str, str]:
    """Return the headers that belong to an error whatever its body is (Allow, Retry-After)."""
    return {
        name: value
        for name, value in error.get_headers()
        if name.lower() not in {"content-type", "content-length"}
    }


def json_response(
    body: Json,
    *,
    status: int = 200,
    media_type: str = "application/json",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return JSON in UTF-8."""
    written = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(
        # Lone surrogates can stand in a scan that was sent as JSON; UTF-8 has no form for them.
        written.encode("utf-8", "backslashreplace"),
        status=status,
        mimetype=media_type,
        headers=dict(headers or {}),
    )
