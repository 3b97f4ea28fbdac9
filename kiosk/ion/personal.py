"""The tokens of people who are signed in: in memory, and nowhere else."""

import logging
import threading
import time
from collections.abc import Callable, Generator
from typing import Final

import httpx

from kiosk.errors import IonAuthFailed, IonBusy, IonError, IonSignedOut, IonUnreachable
from kiosk.ion.auth import IonAuth, authorization
from kiosk.ion.authorization_server import AuthorizationServer
from kiosk.ion.token_answers import Grant, without
from kiosk.settings import IonSettings
from kiosk.words import told

__all__ = ["PersonalToken"]

_LOG = logging.getLogger(__name__)
_PATIENCE_S: Final = 60.0
"""How long an expired token may wait for a server that does not answer: its owner's work waits with it."""


class PersonalToken(IonAuth):
    """Asks ION in the name of one person, and renews their token before it expires and once after a 401.

    Several threads may share one. Every failure raised here comes before the request it was meant for.
    """

    def __init__(
        self,
        grant: Grant,
        server: AuthorizationServer,
        settings: IonSettings,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._server = server
        self._settings = settings
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._grant: Grant | None = None
        self._renew_at_s = self._ends_at_s = 0.0
        self._take(grant)

    def __repr__(self) -> str:
        return f"PersonalToken(is_held={self.is_held})"

    @property
    def is_held(self) -> bool:
        """Return whether there is a token."""
        return self._grant is not None

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Send ``request`` with the token; on a 401 renew it and send the request once more.

        Raises:
            IonSignedOut: there is no token any more.
            IonUnreachable, IonBusy: it has to be renewed, and the server does not answer.
        """
        token = self.current()
        request.headers["Authorization"] = authorization(self._settings, token)
        response = yield request
        if response.status_code == httpx.codes.UNAUTHORIZED:
            token = self.current(refused=token)
            request.headers["Authorization"] = authorization(self._settings, token)
            yield request

    def current(self, *, refused: str | None = None) -> str:
        """Return the token, renewed where it is due, or where it is the one that ION refused.

        Raises:
            IonSignedOut, IonUnreachable, IonBusy: as ``sync_auth_flow``.
        """
        # The lock is held while the server is asked, which time-outs bound: one renewal at a time, since a
        # refresh token may be good for one only.
        with self._lock:
            now_s = self._monotonic()
            grant = self._held()
            if grant.access_token == refused:
                self._renew_at_s = self._ends_at_s = min(self._ends_at_s, now_s)
            if self._renew_at_s <= now_s:
                self._renew(grant, now_s)
            return self._held().access_token

    def drop(self) -> str | None:
        """Forget the tokens; return what the server may take back."""
        with self._lock:
            grant, self._grant = self._grant, None
        return None if grant is None else grant.refresh_token or grant.access_token

    def forget(self) -> None:
        """Renew the token before the next request."""
        with self._lock:
            self._renew_at_s = self._ends_at_s = min(self._ends_at_s, self._monotonic())

    def given_up(self, error: IonAuthFailed) -> IonError:
        """Drop a token that ION refused, also after it was renewed."""
        self.drop()
        return IonSignedOut(
            told("The person's own sign-in is not accepted any more. {error}", error=str(error))
        )

    def hide_secrets(self, text: str) -> str:
        """Return ``text`` without the token, should a server have echoed it."""
        grant = self._grant
        return without(grant.access_token if grant else None, text)

    def _held(self) -> Grant:
        if self._grant is None:
            raise IonSignedOut(told("The person has signed out, or their sign-in has expired."))
        return self._grant

    def _take(self, grant: Grant) -> None:
        now_s = self._monotonic()
        self._grant = grant
        self._renew_at_s, self._ends_at_s = now_s + grant.fresh_s, now_s + grant.lifetime_s

    def _renew(self, grant: Grant, now_s: float) -> None:
        is_over = self._ends_at_s <= now_s
        try:
            new = self._server.refresh(grant.refresh_token) if grant.refresh_token else None
        except (IonUnreachable, IonBusy) as error:
            _LOG.info("A person's token was not renewed: %s", error)
            if not is_over:
                return
            if now_s < self._ends_at_s + _PATIENCE_S:
                raise
            new = None
        if new is not None:
            self._take(Grant(new.access_token, new.lifetime_s, new.refresh_token or grant.refresh_token))
        elif is_over:
            self._grant = None
        else:
            # Nothing renews it: it serves until its own end.
            self._take_last(grant)

    def _take_last(self, grant: Grant) -> None:
        self._grant = Grant(grant.access_token, grant.lifetime_s)
        self._renew_at_s = self._ends_at_s
