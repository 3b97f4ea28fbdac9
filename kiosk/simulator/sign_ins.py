"""How a person signs in: OAuth 2.0 code with PKCE (RFC 7636), device code (RFC 8628), refresh token."""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from kiosk.simulator.rows import OAuthClient, User
from kiosk.simulator.tokens import TokenRequestError, Tokens
from kiosk.simulator.world import World

__all__ = ["DEVICE_GRANT", "CodeRequest", "SignIns"]

DEVICE_GRANT: Final = "urn:ietf:params:oauth:grant-type:device_code"

_CODE_LIFETIME: Final = timedelta(seconds=60)
_DEVICE_LIFETIME: Final = timedelta(seconds=600)
_REFRESH_LIFETIME: Final = timedelta(seconds=1800)
_POLL_S: Final = 5


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """What a program asks for when it sends a person to sign in."""

    client_id: str
    redirect_uri: str
    code_challenge: str


@dataclass(frozen=True, slots=True)
class _Code:
    request: CodeRequest
    user_id: int
    ends: datetime


@dataclass(frozen=True, slots=True)
class _Device:
    client_id: str
    user_code: str
    ends: datetime
    user_id: int | None = None
    denied: bool = False


@dataclass(frozen=True, slots=True)
class _Refresh:
    client_id: str
    user_id: int
    ends: datetime


class SignIns:
    """Codes and refresh tokens that are out; they live in memory only."""

    def __init__(self, world: World, tokens: Tokens) -> None:
        self._world = world
        self._tokens = tokens
        self._codes: dict[str, _Code] = {}
        self._devices: dict[str, _Device] = {}
        self._refresh: dict[str, _Refresh] = {}
        self._grants: dict[str, Callable[[dict[str, str], str], dict[str, Any]]] = {
            "client_credentials": self._tokens.issue,
            "authorization_code": self._redeem_code,
            "refresh_token": self._redeem_refresh,
            DEVICE_GRANT: self._redeem_device,
        }

    def issue(self, form: dict[str, str], issuer: str) -> dict[str, Any]:
        """Return the answer to a token request of any grant.

        Raises:
            TokenRequestError: It is refused.
        """
        grant = form.get("grant_type")
        if grant is None:
            raise TokenRequestError("invalid_request", "Missing form parameter: grant_type")
        if grant not in self._grants:
            raise TokenRequestError("unsupported_grant_type", f"Unsupported grant_type {grant!r}")
        return self._grants[grant](form, issuer)

    def client(self, client_id: str) -> OAuthClient | None:
        """Return a program that people sign in with."""
        return next((each for each in self._world.oauth_clients if each.client_id == client_id), None)

    def may_redirect(self, client: OAuthClient, uri: str) -> bool:
        """Return whether a program may have people sent to this address."""
        return any(
            uri.startswith(known[:-1]) if known.endswith("*") else uri == known
            for known in client.redirect_uris
        )

    def sign_in(self, email: str, password: str) -> User | None:
        """Return the person with this password, None if there is none."""
        for user in self._world.users:
            known = user.active and user.password is not None and user.email == email
            if known and hmac.compare_digest((user.password or "").encode(), password.encode()):
                return user
        return None

    def give_code(self, request: CodeRequest, user: User) -> str:
        """Return a code that a program can redeem once, within a minute."""
        code = self._world.new_hex()
        self._codes[code] = _Code(request, user.id, self._world.clock() + _CODE_LIFETIME)
        return code

    def begin_device(self, client_id: str, page: str) -> dict[str, Any]:
        """Return the codes for a device without a browser; ``page`` is where a person enters one.

        Raises:
            TokenRequestError: There is no such program.
        """
        self._known(client_id)
        device_code = self._world.new_hex()
        letters = "".join(chr(ord("A") + int(each, 16)) for each in self._world.new_hex()[-8:])
        user_code = f"{letters[:4]}-{letters[4:]}"
        self._devices[device_code] = _Device(client_id, user_code, self._world.clock() + _DEVICE_LIFETIME)
        return {
            "device_code": device_code,
            "user_code": user_code,
            "verification_uri": page,
            "verification_uri_complete": f"{page}?user_code={user_code}",
            "expires_in": int(_DEVICE_LIFETIME.total_seconds()),
            "interval": _POLL_S,
        }

    def settle_device(self, user_code: str, user: User | None) -> bool:
        """Let a device act as a person, or refuse it; return whether there is such a code."""
        wanted = user_code.strip().upper()
        for device_code, device in self._devices.items():
            if device.user_code == wanted and device.user_id is None and self._world.clock() < device.ends:
                settled = replace(device, user_id=None if user is None else user.id, denied=user is None)
                self._devices[device_code] = settled
                return True
        return False

    def revoke(self, token: str) -> None:
        """Make a refresh token or an access token worthless."""
        if self._refresh.pop(token, None) is None:
            self._tokens.expire(token)

    def _redeem_code(self, form: dict[str, str], issuer: str) -> dict[str, Any]:
        code = self._codes.pop(form.get("code", ""), None)
        if code is None or self._world.clock() >= code.ends:
            raise TokenRequestError("invalid_grant", "Code not valid")
        if form.get("client_id") != code.request.client_id:
            raise TokenRequestError("invalid_grant", "Auth error")
        if form.get("redirect_uri") != code.request.redirect_uri:
            raise TokenRequestError("invalid_grant", "Incorrect redirect_uri")
        verifier = form.get("code_verifier", "")
        challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=")
        if not verifier or not hmac.compare_digest(challenge, code.request.code_challenge.encode()):
            raise TokenRequestError("invalid_grant", "PKCE verification failed: Code mismatch")
        return self._answer(code.user_id, code.request.client_id, issuer)

    def _redeem_refresh(self, form: dict[str, str], issuer: str) -> dict[str, Any]:
        found = self._refresh.pop(form.get("refresh_token", ""), None)
        if found is None or self._world.clock() >= found.ends:
            raise TokenRequestError("invalid_grant", "Invalid refresh token")
        if form.get("client_id", found.client_id) != found.client_id:
            raise TokenRequestError(
                "invalid_grant", "Invalid refresh token. Token client and authorized client don't match"
            )
        return self._answer(found.user_id, found.client_id, issuer)

    def _redeem_device(self, form: dict[str, str], issuer: str) -> dict[str, Any]:
        device_code = form.get("device_code", "")
        device = self._devices.get(device_code)
        if device is None or form.get("client_id") != device.client_id:
            raise TokenRequestError("invalid_grant", "Device code not valid")
        if self._world.clock() >= device.ends:
            raise TokenRequestError("expired_token", "Device code is expired")
        if device.denied:
            raise TokenRequestError("access_denied", "The end user denied the authorization request")
        if device.user_id is None:
            raise TokenRequestError("authorization_pending", "The authorization request is still pending")
        del self._devices[device_code]
        return self._answer(device.user_id, device.client_id, issuer)

    def _answer(self, user_id: int, client_id: str, issuer: str) -> dict[str, Any]:
        user = self._world.users.get(user_id)
        if user is None or not user.active:
            raise TokenRequestError("invalid_grant", "User disabled")
        self._known(client_id)
        refresh = self._world.new_hex()
        self._refresh[refresh] = _Refresh(client_id, user_id, self._world.clock() + _REFRESH_LIFETIME)
        return self._tokens.issue_to_person(user, client_id, issuer, refresh)

    def _known(self, client_id: str) -> OAuthClient:
        client = self.client(client_id)
        if client is None:
            raise TokenRequestError("invalid_client", "Invalid client or Invalid client credentials")
        return client
