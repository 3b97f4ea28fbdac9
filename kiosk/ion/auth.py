"""Signs the kiosk in at the tenant's token server and keeps the token: in memory, and nowhere else.

Client credentials as ION documents them: form-encoded, realm ``api-keys``, optional ``audience``.
"""

import threading
import time
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import httpx

from kiosk.errors import IonAuthFailed, IonError, SettingsError
from kiosk.ion.token_answers import read_grant, without
from kiosk.redaction import Learn, unlearned, without_secrets
from kiosk.settings import IonSettings
from kiosk.words import Told, told

__all__ = [
    "ClientCredentials",
    "IonAuth",
    "authorization",
    "discovery_request",
    "is_sign_in",
    "token_request",
]

_SIGN_IN: Final = "kiosk_sign_in"
_JSON: Final = {"Accept": "application/json"}


class IonAuth(httpx.Auth):
    """In whose name ION is asked."""

    def hide_secrets(self, text: str) -> str:
        """Return ``text`` without the token, should a server have echoed it."""
        raise NotImplementedError

    def forget(self) -> None:
        """Renew the token before the next request."""
        raise NotImplementedError

    def given_up(self, error: IonAuthFailed) -> IonError:
        """Drop a token that ION refused, also after it was renewed; return the error to raise instead."""
        raise NotImplementedError


def is_sign_in(request: httpx.Request) -> bool:
    """Return whether this is a token request: repeating it changes nothing in ION."""
    return bool(request.extensions.get(_SIGN_IN))


def token_request(settings: IonSettings, url: str, form: Mapping[str, str]) -> httpx.Request:
    """Return a request to a token server."""
    return httpx.Request("POST", url, data=dict(form), headers=_JSON, extensions=_extensions(settings))


def discovery_request(settings: IonSettings, url: str) -> httpx.Request:
    """Return a request for what a token server publishes about itself."""
    return httpx.Request("GET", url, headers=_JSON, extensions=_extensions(settings))


def _extensions(settings: IonSettings) -> dict[str, object]:
    limits = httpx.Timeout(settings.read_timeout_s, connect=settings.connect_timeout_s)
    return {"timeout": limits.as_dict(), _SIGN_IN: True}


def authorization(settings: IonSettings, token: str) -> str:
    """Return the header's value for a token, in the scheme that the settings name."""
    scheme: Literal["Bearer", "Token", "bare"] = settings.header
    return token if scheme == "bare" else f"{scheme} {token}"


@dataclass(frozen=True, slots=True)
class _Token:
    value: str
    refresh_at: float


class ClientCredentials(IonAuth):
    """Adds the token to every request, signs in before it expires, and once more after a 401.

    Several threads may share one; a single sign-in goes on at a time and the others wait for its token.
    Every failure raised here is about the token request, so the request it was meant for was never sent.
    """

    def __init__(
        self,
        settings: IonSettings,
        *,
        learn: Learn = unlearned,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._learn = learn
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
        request.headers["Authorization"] = authorization(self._settings, token)
        response = yield request
        if response.status_code == httpx.codes.UNAUTHORIZED:
            token = yield from self._valid_token(refused=token)
            request.headers["Authorization"] = authorization(self._settings, token)
            yield request

    def forget(self) -> None:
        """Drop the token; the next request signs in again."""
        self._token = None

    def given_up(self, error: IonAuthFailed) -> IonError:
        """Drop the token all the same: the key may be good again by the next request."""
        self._token = None
        return error

    def hide_secrets(self, text: str) -> str:
        """Return ``text`` without the token, should a server have echoed it."""
        token = self._token
        return without(token.value if token else None, text)

    def _valid_token(self, *, refused: str | None) -> Generator[httpx.Request, httpx.Response, str]:
        # One sign-in at a time: the lock is held while it goes on, which its own time-outs bound. When this
        # generator is closed by a failed request, leaving the block releases it.
        with self._lock:
            token = self._token
            if token is None or token.value == refused or token.refresh_at <= self._monotonic():
                self._token = None
                response = yield self._sign_in()
                response.read()
                grant = read_grant(response, self._tried())
                self._learn(grant.access_token)
                self._token = token = _Token(grant.access_token, self._monotonic() + grant.fresh_s)
            return token.value

    def _sign_in(self) -> httpx.Request:
        settings = self._settings
        form = {"grant_type": "client_credentials", "client_id": settings.client_id}
        try:
            form["client_secret"] = secret = settings.secret()
        except SettingsError as error:
            raise IonAuthFailed(
                told(
                    "Cannot sign in at {place}: {error}",
                    place=repr(without_secrets(settings.token_url)),
                    error=str(error),
                )
            ) from error
        # It is read anew each time: the file may hold another one than at the start.
        self._learn(secret)
        if settings.audience is not None:
            form["audience"] = settings.audience
        return token_request(settings, settings.token_url, form)

    def _tried(self) -> Told:
        return told(
            "Sign in as {client} at {place}",
            client=repr(self._settings.client_id),
            place=repr(without_secrets(self._settings.token_url)),
        )
