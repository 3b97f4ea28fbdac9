"""Signing people in at ION with their own account: what ``kiosk.ports.IonSignIn`` asks for."""

import hmac
import logging
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from typing import Final

import httpx

from kiosk.errors import IonBusy, IonError, IonSignedOut, IonUnreachable, SignInFailed
from kiosk.ion.auth import IonAuth
from kiosk.ion.authorization_server import AuthorizationServer
from kiosk.ion.personal import PersonalToken
from kiosk.ion.token_answers import Grant
from kiosk.model import Operator
from kiosk.ports import BrowserErrand, DeviceCode
from kiosk.redaction import Learn, unlearned
from kiosk.settings import IonSettings

__all__ = ["PersonalSignIn"]

_LOG = logging.getLogger(__name__)
_SECRET_BYTES: Final = 32
"""43 characters of base64url: what RFC 7636, 4.1 recommends for a verifier."""


class PersonalSignIn:
    """Signs people in at one tenant, and holds their tokens by ``Operator.id``. Threads may share it."""

    def __init__(
        self,
        settings: IonSettings,
        whose: Callable[[IonAuth], Operator],
        *,
        transport: httpx.BaseTransport | None = None,
        learn: Learn = unlearned,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare; nothing is sent yet.

        Args:
            settings: with an issuer and a client id for people.
            whose: asks ION whom a token belongs to.
            transport: what stands in for the network in tests.
            learn: told of every code and token.
            monotonic: seconds, for token lifetimes.
        """
        self._settings = settings
        self._whose = whose
        self._monotonic = monotonic
        self._server = AuthorizationServer(settings, transport=transport, learn=learn, monotonic=monotonic)
        self._lock = threading.Lock()
        self._tokens: dict[str, PersonalToken] = {}

    def close(self) -> None:
        """Forget every token, and close the connections."""
        with self._lock:
            tokens, self._tokens = list(self._tokens.values()), {}
        for token in tokens:
            token.drop()
        self._server.close()

    def ways(self) -> frozenset[str]:
        """See ``kiosk.ports.IonSignIn``."""
        offered = self._server.endpoints()
        ways = {"phone": offered.device, "browser": offered.authorization}
        return frozenset(way for way, url in ways.items() if url is not None)

    def begin_device(self) -> DeviceCode:
        """See ``kiosk.ports.IonSignIn``."""
        return self._server.begin_device(secrets.token_urlsafe(_SECRET_BYTES))

    def ask_device(self, code: DeviceCode) -> Operator | DeviceCode:
        """See ``kiosk.ports.IonSignIn``."""
        answer = self._server.ask_device(code)
        return self._signed_in(answer) if isinstance(answer, Grant) else answer

    def begin_browser(self, redirect_uri: str) -> BrowserErrand:
        """See ``kiosk.ports.IonSignIn``."""
        state, verifier = secrets.token_urlsafe(_SECRET_BYTES), secrets.token_urlsafe(_SECRET_BYTES)
        return self._server.browser_errand(redirect_uri, state=state, verifier=verifier)

    def finish_browser(self, errand: BrowserErrand, answer: Mapping[str, str]) -> Operator:
        """See ``kiosk.ports.IonSignIn``."""
        if not hmac.compare_digest(answer.get("state", "").encode(), errand.state.encode()):
            raise SignInFailed("This sign-in was not begun here. Begin again.")
        offered = self._server.endpoints()
        issuer = answer.get("iss")
        if issuer != offered.issuer and (issuer is not None or offered.names_issuer):
            # RFC 9207, 2.4: else a code of one server could be handed to another.
            raise SignInFailed("Another server answered than the one that was asked. Tell a technician.")
        if answer.get("error") == "access_denied":
            raise SignInFailed("You did not sign in.")
        code = answer.get("code")
        if not code:
            raise SignInFailed("ION did not sign you in. Begin again.")
        return self._signed_in(self._server.exchange(code, errand))

    def renew(self, operator: Operator) -> bool:
        """See ``kiosk.ports.IonSignIn``."""
        token = self._token_of(operator)
        if token is None:
            return False
        try:
            token.current()
        except (IonUnreachable, IonBusy):
            return True
        except IonSignedOut:
            return False
        return True

    def sign_out(self, operator: Operator) -> None:
        """See ``kiosk.ports.IonSignIn``."""
        with self._lock:
            token = self._tokens.pop(operator.id, None)
        left = token.drop() if token else None
        if left is None:
            return
        try:
            self._server.revoke(left)
        except IonError as error:
            _LOG.info("A token was dropped here, and not taken back by its server: %s", error)

    def auth_of(self, operator: Operator) -> IonAuth | None:
        """Return the person's own way to ask ION, ``None`` where no token is held."""
        token = self._token_of(operator)
        return token if token is not None and token.is_held else None

    def _token_of(self, operator: Operator) -> PersonalToken | None:
        with self._lock:
            return self._tokens.get(operator.id)

    def _signed_in(self, grant: Grant) -> Operator:
        token = PersonalToken(grant, self._server, self._settings, monotonic=self._monotonic)
        try:
            operator = self._whose(token)
        except IonSignedOut as error:
            raise SignInFailed("ION does not accept this sign-in. Tell a technician.") from error
        with self._lock:
            self._tokens[operator.id] = token
        return operator
