"""The server at which people sign in: OAuth 2.0 with PKCE (RFC 7636) and device codes (RFC 8628).

The kiosk is a public client: it has no secret there, and proves by the verifier that it is the one who began.
"""

import base64
import hashlib
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import httpx

from kiosk.errors import IonAuthFailed, IonUnreachable, IonUnsupported, SignInFailed
from kiosk.ion.auth import discovery_request, token_request
from kiosk.ion.discovery import DEVICE_GRANT, Endpoints, discovery_url, is_url, read_endpoints
from kiosk.ion.line_faults import remedy
from kiosk.ion.token_answers import SECRET_PARTS, Grant, failure, read_grant, read_json, refusal
from kiosk.ion.transport import USER_AGENT, Capped
from kiosk.ion.trust import trusted
from kiosk.ion.wording import quoted, shown
from kiosk.ports import BrowserErrand, DeviceCode
from kiosk.redaction import Learn, unlearned, without_secrets
from kiosk.settings import IonSettings
from kiosk.words import N_, Told, told

__all__ = ["AuthorizationServer"]

_DISCOVERED_S: Final = 3600.0
_INTERVAL_S: Final = 5.0
"""RFC 8628, 3.2: where the server names no interval."""
_SLOWER_S: Final = 5.0
"""RFC 8628, 3.5: what is added when it asks to slow down."""
_LONGEST_INTERVAL_S: Final = 60.0
_LASTS_S: Final = 600.0
_LONGEST_LASTS_S: Final = 3600.0
_LONGEST_USER_CODE: Final = 32


@dataclass(frozen=True, slots=True)
class _Discovered:
    endpoints: Endpoints
    at_s: float


class AuthorizationServer:
    """Speaks to one issuer as one public client. Threads may share it."""

    def __init__(
        self,
        settings: IonSettings,
        *,
        transport: httpx.BaseTransport | None = None,
        learn: Learn = unlearned,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare to ask; nothing is sent yet.

        Args:
            settings: with an issuer and a client id for people.
            transport: what stands in for the network in tests.
            learn: told of every code and token before it is sent, or used.
            monotonic: seconds, for the age of what was discovered.
        """
        self._settings = settings
        self._issuer = settings.personal_issuer or ""
        self._client_id = settings.personal_client_id or ""
        self._learn = learn
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._discovered: _Discovered | None = None
        inner = transport or httpx.HTTPTransport(verify=trusted(settings, self._issuer), retries=0)
        self._http = httpx.Client(
            transport=Capped(inner), follow_redirects=False, headers={"User-Agent": USER_AGENT}
        )

    def close(self) -> None:
        """Close the connections; closing twice is fine."""
        self._http.close()

    def endpoints(self) -> Endpoints:
        """Return what the issuer offers; asked once an hour.

        Raises:
            IonUnreachable: it could not be asked.
            IonUnsupported: it is not what the settings say.
        """
        with self._lock:
            known = self._discovered
        if known is not None and known.at_s + _DISCOVERED_S > self._monotonic():
            return known.endpoints
        url = discovery_url(self._issuer)
        response = self._sent(discovery_request(self._settings, url))
        if response.status_code != httpx.codes.OK:
            raise IonUnreachable(
                told(
                    "{tried}: expected {url}, got HTTP {status}",
                    tried=self._tried(),
                    url=repr(without_secrets(url)),
                    status=response.status_code,
                )
            )
        found = read_endpoints(read_json(response), self._issuer)
        with self._lock:
            self._discovered = _Discovered(found, self._monotonic())
        return found

    def begin_device(self, verifier: str) -> DeviceCode:
        """Ask for a device code.

        Raises:
            IonUnsupported: the issuer has none to give.
            IonError: it could not be asked, or refused.
        """
        url = self.endpoints().device
        if url is None:
            raise IonUnsupported(
                told("{tried}: expected device codes, the issuer offers none", tried=self._tried())
            )
        response = self._post(url, self._opening(verifier))
        if response.status_code != httpx.codes.OK:
            raise failure(response, self._tried())
        return self._device_code(read_json(response), verifier)

    def ask_device(self, code: DeviceCode) -> Grant | DeviceCode:
        """Ask whether a person has signed in with a device code (RFC 8628, 3.4 and 3.5).

        Raises:
            SignInFailed: the person said no, or was too slow.
            IonError: the server could not be asked, or refused.
        """
        form = {"grant_type": DEVICE_GRANT, "device_code": code.secret, "code_verifier": code.verifier}
        response = self._post(self.endpoints().token, {**form, "client_id": self._client_id})
        if response.status_code == httpx.codes.OK:
            return self._granted(response)
        match refusal(response).error:
            case "authorization_pending":
                return code
            case "slow_down":
                slower_s = min(code.interval_s + _SLOWER_S, _LONGEST_INTERVAL_S)
                return replace(code, interval_s=slower_s)
            case "access_denied":
                raise SignInFailed(N_("You said no on the phone. Nobody is signed in."))
            case "expired_token":
                raise SignInFailed("The code has expired. Ask for a new one.")
        raise failure(response, self._tried())

    def browser_errand(self, redirect_uri: str, *, state: str, verifier: str) -> BrowserErrand:
        """Return where a browser goes to sign a person in (RFC 6749, 4.1.1).

        Raises:
            IonUnsupported: the issuer does not offer it.
            IonError: it could not be asked.
        """
        url = self.endpoints().authorization
        if url is None:
            raise IonUnsupported(
                told("{tried}: expected an authorization endpoint, the issuer has none", tried=self._tried())
            )
        query = {
            **self._opening(verifier),
            "response_type": "code",
            "redirect_uri": redirect_uri,
            "state": state,
            # A desk's browser remembers who was there before: each person proves anew who they are.
            "prompt": "login",
        }
        joint = "&" if urlsplit(url).query else "?"
        return BrowserErrand(f"{url}{joint}{urlencode(query)}", redirect_uri, state, verifier)

    def exchange(self, code: str, errand: BrowserErrand) -> Grant:
        """Return the tokens for the code that a browser brought back.

        Raises:
            SignInFailed: the code is not good, or was used before.
            IonError: the server could not be asked, or refused.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": errand.redirect_uri,
            "client_id": self._client_id,
            "code_verifier": errand.verifier,
        }
        response = self._post(self.endpoints().token, form)
        if refusal(response).error == "invalid_grant":
            raise SignInFailed(N_("ION did not accept this sign-in. Begin again."))
        return self._granted(response)

    def refresh(self, token: str) -> Grant | None:
        """Return new tokens for a refresh token, ``None`` where the server takes it no more.

        Raises:
            IonUnreachable, IonBusy: the server could not be asked.
        """
        form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": self._client_id}
        response = self._post(self.endpoints().token, form)
        try:
            return self._granted(response)
        except IonAuthFailed:
            return None

    def revoke(self, token: str) -> None:
        """Have the server take a token back (RFC 7009).

        Raises:
            IonError: it could not be asked.
        """
        url = self.endpoints().revocation
        if url is not None:
            self._post(url, {"token": token, "client_id": self._client_id})

    def _opening(self, verifier: str) -> dict[str, str]:
        """Return what every sign-in begins with."""
        settings = self._settings
        digest = hashlib.sha256(verifier.encode("ascii")).digest()
        form = {
            "client_id": self._client_id,
            "scope": " ".join(settings.personal_scopes),
            "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii"),
            "code_challenge_method": "S256",
        }
        return form if settings.audience is None else {**form, "audience": settings.audience}

    def _device_code(self, answer: Mapping[str, Any], verifier: str) -> DeviceCode:
        secret, user_code = answer.get("device_code"), answer.get("user_code")
        url, complete = answer.get("verification_uri"), answer.get("verification_uri_complete")
        is_whole = isinstance(secret, str) and isinstance(user_code, str) and isinstance(url, str)
        if not is_whole or not secret or not is_url(url, self._issuer) or not _is_showable(str(user_code)):
            raise IonUnreachable(
                told(
                    "{tried}: expected a device code, a user code and an address, got {names}",
                    tried=self._tried(),
                    names=quoted(", ".join(map(str, answer))),
                )
            )
        return DeviceCode(
            user_code=str(user_code),
            url=str(url),
            complete_url=complete
            if isinstance(complete, str) and is_url(complete, self._issuer)
            else str(url),
            lasts_s=min(_seconds(answer.get("expires_in"), _LASTS_S), _LONGEST_LASTS_S),
            interval_s=min(_seconds(answer.get("interval"), _INTERVAL_S), _LONGEST_INTERVAL_S),
            secret=str(secret),
            verifier=verifier,
        )

    def _granted(self, response: httpx.Response) -> Grant:
        grant = read_grant(response, self._tried())
        for token in (grant.access_token, grant.refresh_token):
            if token is not None:
                self._learn(token)
        return grant

    def _post(self, url: str, form: Mapping[str, str]) -> httpx.Response:
        for name in SECRET_PARTS:
            if name in form:
                self._learn(form[name])
        return self._sent(token_request(self._settings, url, form))

    def _sent(self, request: httpx.Request) -> httpx.Response:
        try:
            return self._http.send(request)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            came = shown(f"{type(error).__name__}: {error}")
            mend = remedy(error)
            words = told("{tried}: expected an answer, got {came}", tried=self._tried(), came=came)
            if mend:
                words = told("{words}. {remedy}", words=words, remedy=told(mend))
            raise IonUnreachable(words, remedy=mend) from error

    def _tried(self) -> Told:
        return told(
            "Sign-in of people as {client} at {place}",
            client=repr(self._client_id),
            place=repr(without_secrets(self._issuer)),
        )


def _seconds(value: object, otherwise: float) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and value > 0
    return float(value) if is_number else otherwise  # type: ignore[arg-type]  # a number by then


def _is_showable(user_code: str) -> bool:
    return 0 < len(user_code) <= _LONGEST_USER_CODE and user_code.isascii() and user_code.isprintable()
