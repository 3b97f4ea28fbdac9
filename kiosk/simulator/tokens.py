"""The identity provider's tokens: short-lived, signed, for a key or for a person, and back to a user."""

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlsplit

from kiosk.simulator.derived import permissions_of
from kiosk.simulator.rows import ApiClient, User
from kiosk.simulator.world import World

__all__ = ["BadTokenError", "Identity", "TokenRequestError", "Tokens"]

_PARTS_OF_A_JWT: Final = 3
_SCHEMES: Final = ("bearer", "token")
_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
_ISSUER: Final = "http://ion.invalid/realms/api-keys"


class BadTokenError(Exception):
    """The request's token is not good; the message is ION's own."""


@dataclass(slots=True)
class TokenRequestError(Exception):
    """A token request was refused, in OAuth's words."""

    error: str
    description: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom a token speaks for, and what it allows."""

    user: User
    permissions: tuple[str, ...]
    """Of an organisation's key: those of its making. Of a person: those of now."""
    is_personal: bool


class Tokens:
    """Issues and checks tokens of one identity provider, for the API clients and people of a world."""

    def __init__(self, world: World, *, lifetime_s: float | None = None) -> None:
        """Make a provider with a key of its own.

        Args:
            world: Whose keys and people there are.
            lifetime_s: How long a token is good for; by itself what the world's switch says.
        """
        self._world = world
        self._lifetime_s = lifetime_s
        self._key = world.new_hex().encode()
        self._expired: set[str] = set()

    def issue(self, form: dict[str, str], issuer: str = _ISSUER) -> dict[str, Any]:
        """Return the answer to a request with client credentials, as Keycloak shapes it.

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
        claims: dict[str, Any] = {"sub": str(client.user_id), "azp": client.client_id}
        if form.get("audience"):
            claims["aud"] = form["audience"]
        return self._answer(claims, issuer) | {"refresh_expires_in": 0}

    def issue_to_person(self, user: User, client_id: str, issuer: str, refresh_token: str) -> dict[str, Any]:
        """Return the answer that gives a person's program its tokens."""
        claims = {
            "sub": str(user.id),
            "azp": client_id,
            "typ": "Person",
            "email": user.email,
            "name": user.name,
        }
        return self._answer(claims, issuer) | {
            "refresh_token": refresh_token,
            "refresh_expires_in": 1800,
        }

    def _answer(self, claims: dict[str, Any], issuer: str) -> dict[str, Any]:
        lifetime = self._world.switches.token_lifetime_s if self._lifetime_s is None else self._lifetime_s
        return {
            "access_token": self._sign(claims | {"iss": issuer}, lifetime),
            "expires_in": int(lifetime),
            "token_type": "Bearer",
            "not-before-policy": 0,
            "scope": "profile email",
        }

    def user_of(self, header: str | None) -> User:
        """Return the user an Authorization header speaks for.

        Raises:
            BadTokenError: As ``identity_of``.
        """
        return self.identity_of(header).user

    def identity_of(self, header: str | None, base_url: str | None = None) -> Identity:
        """Return whom an Authorization header speaks for: ``Bearer``, ``Token`` or the bare token.

        Args:
            header: The header's value.
            base_url: The address of this API, which a token made for an audience must name.

        Raises:
            BadTokenError: Missing, malformed, foreign, expired, for another audience, or of a key or a person
                that is no longer good.
        """
        token = _token_in(header)
        claims = self._claims(token)
        if token in self._expired or claims["exp"] <= self._world.clock().timestamp():
            raise BadTokenError("Token is expired.")
        if base_url is not None and not _is_for(claims.get("aud"), base_url):
            raise BadTokenError("Unable to validate authentication token")
        is_personal = claims.get("typ") == "Person"
        client = None if is_personal else self._client(str(claims["azp"]))
        user_id = int(claims["sub"]) if is_personal else None if client is None else client.user_id
        user = self._world.users.get(user_id)
        if user is None or not user.active:
            raise BadTokenError("Unable to validate authentication token")
        permissions = permissions_of(self._world, user) if client is None else client.permissions
        return Identity(user, permissions, is_personal)

    def expire(self, header: str | None) -> None:
        """Treat the token of this header as expired from now on."""
        self._expired.add(_token_in(header))

    def describe(self, token: str) -> dict[str, Any]:
        """Return what introspection (RFC 7662) says of a token."""
        try:
            self.identity_of(token)
        except BadTokenError:
            return {"active": False}
        return {"active": True, "token_type": "Bearer"} | self._claims(token)

    def _client(self, client_id: str) -> ApiClient | None:
        for each in self._world.api_clients:
            user = self._world.users.get(each.user_id)
            if each.client_id == client_id and each.enabled and user is not None and user.active:
                return each
        return None

    def _sign(self, claims: dict[str, Any], lifetime_s: float) -> str:
        now = self._world.clock()
        whole = claims | {
            "jti": self._world.new_hex(),
            "iat": int(now.timestamp()),
            "exp": (now + timedelta(seconds=lifetime_s)).timestamp(),
        }
        text = f"{_pack({'alg': 'HS256', 'typ': 'JWT'})}.{_pack(whole)}"
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


def _is_for(audience: object, base_url: str) -> bool:
    """Return whether a token is for the API at this address; one without an audience is for any."""
    if audience is None:
        return True
    asked, own = urlsplit(str(audience)), urlsplit(base_url)
    same_host = asked.hostname == own.hostname or (asked.hostname in _LOOPBACK and own.hostname in _LOOPBACK)
    try:
        return same_host and asked.port == own.port
    except ValueError:
        return False
