"""A server that signs people in (RFC 6749, 7636, 8628, 9207), and an ION that knows its tokens."""

import base64
import hashlib
import itertools
import json
from collections import deque
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx

from kiosk.ion import Ion
from kiosk.ion.discovery import DEVICE_GRANT
from kiosk.ion.sign_in import PersonalSignIn
from kiosk.settings import IonSettings
from tests.fakes import Clock
from tests.ion.factory import Factory, know, settings_for

ISSUER = "https://auth.test/realms/people"
BACK = "http://127.0.0.1:8080/sign-in/callback"


def personal_settings(**changes: object) -> IonSettings:
    return settings_for(**{"personal_issuer": ISSUER, "personal_client_id": "kiosk-people", **changes})


@dataclass
class _Code:
    challenge: str
    redirect_uri: str = ""
    user: str | None = None
    denied: bool = False


@dataclass
class People:
    """The whole server; what it was asked stands in ``asked``."""

    factory: Factory
    clock: Clock = field(default_factory=Clock)
    document: dict[str, object] = field(default_factory=dict)
    """Laid over the discovery document."""
    device: dict[str, object] = field(default_factory=dict)
    """Laid over the answer to a device request."""
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    bearers: list[str] = field(default_factory=list)
    """Tokens that came with GraphQL."""
    learned: list[str] = field(default_factory=list)
    """What was told to whoever takes secrets out of the log."""
    lifetime_s: float = 300.0
    has_refresh: bool = True
    refused: set[str] = field(default_factory=set)
    """Access tokens that ION takes no more."""
    next_polls: deque[str] = field(default_factory=deque)
    """Errors that the next questions about a device code get."""
    is_down: bool = False
    mishap: httpx.Response | None = None
    """What every token request gets."""

    def __post_init__(self) -> None:
        self._numbers = itertools.count(1)
        self.codes: dict[str, _Code] = {}
        self.refresh_tokens: dict[str, str] = {}
        self.access_tokens: dict[str, str] = {}

    def gateway(self, **changes: object) -> Ion:
        settings = personal_settings(**changes)
        ion = Ion(settings, transport=self.transport)
        know(ion, self.factory.ion.dialect)
        ion.sign_in = PersonalSignIn(
            settings,
            ion._whose,
            transport=self.transport,
            learn=self.learned.append,
            monotonic=self.clock.monotonic_s,
        )
        return ion

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self.handle)

    @property
    def forms(self) -> list[dict[str, str]]:
        return [form for path, form in self.asked if path.endswith("/token")]

    def agree(self, user_code: str, user: str = "40") -> None:
        """Let the person sign in on their phone."""
        self.codes[user_code].user = user

    def visit(self, url: str, user: str = "40") -> dict[str, str]:
        """Let a browser go where it was sent, and the person sign in; return what it comes back with."""
        query = dict(parse_qsl(urlsplit(url).query))
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        code = f"code-{next(self._numbers)}"
        self.codes[code] = _Code(query["code_challenge"], query["redirect_uri"], user)
        return {"code": code, "state": query["state"], "iss": ISSUER}

    def handle(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if request.url.host == "ion.test":
            return self._ion(request)
        if self.is_down:
            raise httpx.ConnectError("[Errno 111] Connection refused", request=request)
        form = dict(parse_qsl(request.content.decode()))
        self.asked.append((path, form))
        if path.endswith("/.well-known/openid-configuration"):
            assert request.method == "GET"
            return httpx.Response(200, json=self._document())
        assert request.method == "POST"
        assert form["client_id"] == "kiosk-people"
        assert "client_secret" not in form
        if path.endswith("/auth/device"):
            return self._device(form)
        if path.endswith("/revoke"):
            self.refresh_tokens.pop(form["token"], None)
            return httpx.Response(200)
        return self.mishap or self._token(form)

    def _document(self) -> dict[str, object]:
        base = f"{ISSUER}/protocol/openid-connect"
        return {
            "issuer": ISSUER,
            "authorization_endpoint": f"{base}/auth",
            "token_endpoint": f"{base}/token",
            "device_authorization_endpoint": f"{base}/auth/device",
            "revocation_endpoint": f"{base}/revoke",
            "code_challenge_methods_supported": ["plain", "S256"],
            "response_types_supported": ["code", "none"],
            "grant_types_supported": ["authorization_code", "refresh_token", DEVICE_GRANT],
            "authorization_response_iss_parameter_supported": True,
            **self.document,
        }

    def _device(self, form: dict[str, str]) -> httpx.Response:
        number = next(self._numbers)
        user_code = f"WDJB-{number:04}"
        self.codes[user_code] = self.codes[f"device-{number}"] = _Code(form["code_challenge"])
        url = f"{ISSUER}/device"
        answer = {
            "device_code": f"device-{number}",
            "user_code": user_code,
            "verification_uri": url,
            "verification_uri_complete": f"{url}?{urlencode({'user_code': user_code})}",
            "expires_in": 600,
            "interval": 5,
            **self.device,
        }
        return httpx.Response(200, content=json.dumps(answer))

    def _token(self, form: dict[str, str]) -> httpx.Response:
        match form["grant_type"]:
            case "refresh_token":
                user = self.refresh_tokens.pop(form["refresh_token"], None)
                return self._grant(user) if user else _error("invalid_grant", "Token is not active")
            case "authorization_code":
                code = self.codes.pop(form["code"], None)
                if code is None or code.redirect_uri != form["redirect_uri"]:
                    return _error("invalid_grant", "Code not valid")
            case _:
                if self.next_polls:
                    return _error(self.next_polls.popleft(), "")
                code = self.codes[form["device_code"]]
                if code.denied:
                    return _error("access_denied", "")
                if code.user is None:
                    return _error("authorization_pending", "")
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != code.challenge:
            return _error("invalid_grant", "PKCE verification failed")
        return self._grant(code.user or "")

    def _grant(self, user: str) -> httpx.Response:
        number = next(self._numbers)
        access, refresh = f"access-{number:08}", f"refresh-{number:08}"
        self.access_tokens[access] = user
        answer: dict[str, object] = {
            "access_token": access,
            "expires_in": self.lifetime_s,
            "token_type": "Bearer",
        }
        if self.has_refresh:
            self.refresh_tokens[refresh] = user
            answer["refresh_token"] = refresh
        return httpx.Response(200, json=answer)

    def _ion(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/token":
            return httpx.Response(200, json={"access_token": "the-kiosks-own", "expires_in": 300})
        token = request.headers["Authorization"].removeprefix("Bearer ")
        self.bearers.append(token)
        if token in self.refused or (token not in self.access_tokens and token != "the-kiosks-own"):
            return httpx.Response(401, json={"errors": [{"message": f"Token {token} is expired."}]})
        user = int(self.access_tokens.get(token, "40"))
        self.factory._user = next(one for one in self.factory.world.users if one.id == user)
        return self.factory._handle(request)


def _error(error: str, description: str) -> httpx.Response:
    return httpx.Response(400, json={"error": error, "error_description": description})
