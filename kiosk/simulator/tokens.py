"""The identity provider: client credentials in, short-lived signed tokens out, and back to a user."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final

from kiosk.simulator.rows import ApiClient, User
from kiosk.simulator.world import World

__all__ = ["BadTokenError", "TokenRequestError", "Tokens"]

_PARTS_OF_A_JWT: Final = 3
_SCHEMES: Final = ("bearer", "token")


class BadTokenError(Exception):
    """The request's token is not good; the message is ION's own."""


@dataclass(slots=True)
class TokenRequestError(Exception):
    """A token request was refused, in OAuth's words."""

    error: str
    description: str


class Tokens:
    """Issues and checks tokens of one identity provider, for the API clients of a world."""

    def __init__(self, world: World, *, lifetime_s: float = 300.0) -> None:
        self._world = world
        self._lifetime_s = lifetime_s
        self._key = world.new_hex().encode()
        self._expired: set[str] = set()

    def issue(self, form: dict[str, str]) -> dict[str, Any]:
        """Return the answer to a token request, as Keycloak shapes it.

        Raises:
            TokenRequestError: Wrong grant, client or secret.
        """
        grant = form.get("grant_type")
        if grant != "client_credentials":
            raise TokenRequestError("unsupported_grant_type", f"Unsupported grant_type {grant!r}")
        client = self._client(form.get("client_id", ""))
        secret = form.get("client_secret", "").encode()
        if client is None or not hmac.compare_digest(client.client_secret.encode(), secret):
            raise TokenRequestError("unauthorized_client", "Invalid client or Invalid client credentials")
        return {
            "access_token": self._sign(client),
            "expires_in": int(self._lifetime_s),
            "refresh_expires_in": 0,
            "token_type": "Bearer",
            "not-before-policy": 0,
            "scope": "profile email",
        }

    def user_of(self, header: str | None) -> User:
        """Return the user an Authorization header speaks for: ``Bearer``, ``Token`` or the bare token.

        Raises:
            BadTokenError: Missing, malformed, foreign or expired.
        """
        token = _token_in(header)
        claims = self._claims(token)
        if token in self._expired or claims["exp"] <= self._world.clock().timestamp():
            raise BadTokenError("Token is expired.")
        client = self._client(str(claims["azp"]))
        user = self._world.users.get(client.user_id) if client else None
        if user is None:
            raise BadTokenError("Unable to validate authentication token")
        return user

    def expire(self, header: str | None) -> None:
        """Treat the token of this header as expired from now on."""
        self._expired.add(_token_in(header))

    def _client(self, client_id: str) -> ApiClient | None:
        found = (each for each in self._world.api_clients if each.client_id == client_id and each.enabled)
        return next(found, None)

    def _sign(self, client: ApiClient) -> str:
        now = self._world.clock()
        claims = {
            "iss": "http://ion.invalid/realms/api-keys",
            "sub": str(client.user_id),
            "azp": client.client_id,
            "jti": self._world.new_hex(),
            "iat": int(now.timestamp()),
            "exp": (now + timedelta(seconds=self._lifetime_s)).timestamp(),
        }
        text = f"{_pack({'alg': 'HS256', 'typ': 'JWT'})}.{_pack(claims)}"
        return f"{text}.{self._signature(text)}"

    def _signature(self, text: str) -> str:
        return _base64(hmac.new(self._key, text.encode(), sha256).digest())

    def _claims(self, token: str) -> dict[str, Any]:
        parts = token.split(".")
        try:
            header, claims = (json.loads(_unpack(part)) for part in parts[:2])
            readable = len(parts) == _PARTS_OF_A_JWT and isinstance(header, dict) and isinstance(claims, dict)
        except (ValueError, Base64Error, RecursionError):
            readable = False
        if not readable:
            raise BadTokenError("Unable to parse authentication token")
        signature = self._signature(f"{parts[0]}.{parts[1]}")
        if not hmac.compare_digest(signature.encode(), parts[2].encode()):
            raise BadTokenError("Unable to find appropriate RSA key")
        signed: dict[str, Any] = claims
        return signed


def _token_in(header: str | None) -> str:
    words = (header or "").split()
    if not words:
        raise BadTokenError("Please provide proper credentials")
    if len(words) > 1 and words[0].lower() not in _SCHEMES:
        raise BadTokenError("Unable to parse authentication token")
    return words[-1]


def _pack(value: dict[str, Any]) -> str:
    return _base64(json.dumps(value, separators=(",", ":")).encode())


def _base64(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _unpack(text: str) -> bytes:
    return urlsafe_b64decode(text.encode() + b"=" * (-len(text) % 4))
