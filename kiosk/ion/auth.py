"""Signs the kiosk in at the tenant's token server and keeps the token: in memory, and nowhere else.

Client credentials as ION documents them: form-encoded, realm ``api-keys``, optional ``audience``.
"""

import json
import math
import re
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Final, Literal

import httpx

from kiosk.errors import IonAuthFailed, IonBusy, IonError, IonUnreachable, SettingsError
from kiosk.ion.answers import retry_after, trace_id
from kiosk.ion.wording import quoted, shown
from kiosk.settings import IonSettings

__all__ = ["ClientCredentials"]

_MARGIN_S: Final = 30.0
_ASSUMED_LIFETIME_S: Final = 60.0
"""ION calls its tokens short-lived and names no figure; used when ``expires_in`` is missing."""
_USABLE_TOKEN: Final = re.compile(r"[\x21-\x7e]{1,65536}")
_HIDDEN: Final = "[hidden]"
_SHORTEST_SECRET: Final = 8


@dataclass(frozen=True, slots=True)
class _Token:
    value: str
    refresh_at: float


class ClientCredentials(httpx.Auth):
    """Adds the token to every request, signs in before it expires, and once more after a 401.

    Several threads may share one; a single sign-in goes on at a time and the others wait for its token.
    Every failure raised here is about the token request, so the request it was meant for was never sent.
    """

    def __init__(self, settings: IonSettings, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._token: _Token | None = None

    def __repr__(self) -> str:
        return f"ClientCredentials(client_id={self._settings.client_id!r})"

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send ``request`` with a token; on a 401 sign in again and send it once more.

        ION checks the token before anything runs, so a request answered with 401 was not executed.

        Raises:
            IonAuthFailed, IonBusy, IonUnreachable: no token could be had.
        """
        token = yield from self._valid_token(refused=None)
        request.headers["Authorization"] = self._header(token)
        response = yield request
        if response.status_code == httpx.codes.UNAUTHORIZED:
            token = yield from self._valid_token(refused=token)
            request.headers["Authorization"] = self._header(token)
            yield request

    def forget(self) -> None:
        """Drop the token; the next request signs in again."""
        self._token = None

    def is_sign_in(self, request: httpx.Request) -> bool:
        """Return whether this is a token request: repeating it changes nothing in ION."""
        return bool(request.extensions.get("kiosk_sign_in"))

    def hide_secrets(self, text: str) -> str:
        """Return ``text`` without the token, should a server have echoed it."""
        token = self._token
        # What is shorter than this is no token but a letter of every other word.
        if token is None or len(token.value) < _SHORTEST_SECRET:
            return text
        return text.replace(token.value, _HIDDEN)

    def _header(self, token: str) -> str:
        scheme: Literal["Bearer", "Token", "bare"] = self._settings.header
        return token if scheme == "bare" else f"{scheme} {token}"

    def _valid_token(self, *, refused: str | None) -> Generator[httpx.Request, httpx.Response, str]:
        # One sign-in at a time: the lock is held while it goes on, which its own time-outs bound. When this
        # generator is closed by a failed request, leaving the block releases it.
        with self._lock:
            token = self._token
            if token is None or token.value == refused or token.refresh_at <= self._monotonic():
                self._token = None
                response = yield self._sign_in()
                response.read()
                self._token = token = self._read(response)
            return token.value

    def _sign_in(self) -> httpx.Request:
        settings = self._settings
        form = {"grant_type": "client_credentials", "client_id": settings.client_id}
        try:
            form["client_secret"] = settings.secret()
        except SettingsError as error:
            raise IonAuthFailed(f"Cannot sign in at {settings.token_url!r}: {error}") from error
        if settings.audience is not None:
            form["audience"] = settings.audience
        limits = httpx.Timeout(settings.read_timeout_s, connect=settings.connect_timeout_s)
        return httpx.Request(
            "POST",
            settings.token_url,
            data=form,
            headers={"Accept": "application/json"},
            extensions={"timeout": limits.as_dict(), "kiosk_sign_in": True},
        )

    def _read(self, response: httpx.Response) -> _Token:
        if response.status_code != httpx.codes.OK:
            raise self._failure(response)
        try:
            answer = json.loads(response.content)
        except (ValueError, RecursionError):
            answer = None
        value = answer.get("access_token") if isinstance(answer, dict) else None
        if not isinstance(value, str) or not _USABLE_TOKEN.fullmatch(value):
            raise IonUnreachable(
                self._tried()
                + "expected JSON with an access_token, got "
                + shown(
                    f"{response.headers.get('content-type')!r} of {len(response.content)} bytes without one"
                ),
                trace_id=trace_id(response.headers),
            )
        lifetime_s = _lifetime_s(answer.get("expires_in"))
        return _Token(value, self._monotonic() + lifetime_s - min(_MARGIN_S, lifetime_s / 4))

    def _failure(self, response: httpx.Response) -> IonError:
        status = response.status_code
        text = f"{self._tried()}expected a token, got HTTP {status} {_reason(response.content)}".rstrip()
        trace = trace_id(response.headers)
        if status == httpx.codes.TOO_MANY_REQUESTS:
            return IonBusy(text, retry_after_s=retry_after(response.headers), trace_id=trace)
        if httpx.codes.is_client_error(status) and status != httpx.codes.REQUEST_TIMEOUT:
            return IonAuthFailed(text, trace_id=trace)
        return IonUnreachable(text, trace_id=trace)

    def _tried(self) -> str:
        return f"Sign in as {self._settings.client_id!r} at {self._settings.token_url!r}: "


def _lifetime_s(value: object) -> float:
    try:
        seconds = float(value) if isinstance(value, int | float | str) else _ASSUMED_LIFETIME_S
    except (ValueError, OverflowError):
        return _ASSUMED_LIFETIME_S
    return max(seconds, 0.0) if math.isfinite(seconds) else _ASSUMED_LIFETIME_S


def _reason(body: bytes) -> str:
    """Return what an OAuth error says: ``error`` and ``error_description`` of RFC 6749 section 5.2."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(answer, dict):
        return ""
    parts = [answer.get("error"), answer.get("error_description")]
    return ": ".join(quoted(part) for part in parts if isinstance(part, str))
