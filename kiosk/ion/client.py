"""Executes GraphQL documents at ION and says truthfully what became of them."""

import copy
import logging
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from kiosk.errors import IonAuthFailed, IonBusy, IonRejected
from kiosk.ion.answers import judge, trace_id
from kiosk.ion.auth import ClientCredentials, IonAuth
from kiosk.ion.pace import Pace
from kiosk.ion.transport import Transport
from kiosk.ion.wording import shown
from kiosk.log_lines import about
from kiosk.redaction import Learn, unlearned
from kiosk.settings import IonSettings
from kiosk.words import told

__all__ = ["Client"]

_TRACE: Final = logging.getLogger("kiosk.ion.trace")
"""Tells ION's trace id of each change, by which ION's support finds it."""
_NAME: Final = re.compile(r"\s*(?:query|mutation)\s+(\w+)")
_VARIABLES_LENGTH: Final = 200
_TRIES: Final = 3
"""Times that a question is asked while ION is busy."""


@dataclass(frozen=True, slots=True)
class _Asked:
    document: str
    variables: dict[str, Any]
    is_mutation: bool
    timeout_s: float | None
    permission: str


class Client:
    """One tenant's GraphQL address. Threads may share it; it repeats no mutation."""

    def __init__(
        self,
        settings: IonSettings,
        *,
        transport: httpx.BaseTransport | None = None,
        learn: Learn = unlearned,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Prepare to ask; nothing is sent yet.

        Args:
            settings: where ION is and who asks.
            transport: what stands in for the network in tests.
            learn: told of the client secret and of every token.
            monotonic: seconds, for token lifetimes and deadlines.
            sleep: waits where ION asked for rest.
        """
        self.settings = settings
        self._pace = Pace(monotonic=monotonic, sleep=sleep)
        self._auth: IonAuth = ClientCredentials(settings, learn=learn, monotonic=monotonic)
        self._transport = Transport(settings, transport=transport, monotonic=monotonic)

    def acting_as(self, auth: IonAuth) -> "Client":
        """Return a client of the same address and connections that asks in somebody else's name."""
        other = copy.copy(self)
        other._auth = auth  # noqa: SLF001 - a client like this one
        return other

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def execute(
        self,
        document: str,
        variables: Mapping[str, Any],
        *,
        is_mutation: bool,
        timeout_s: float | None = None,
        permission: str = "",
    ) -> Mapping[str, Any]:
        """Send one document and return its data.

        A question that ION answers with 429 is asked again when ION has had its rest, as long as a person
        would wait for it. What ION refuses for its token is sent once more with a new one: the token is
        checked before anything runs.

        Args:
            document: GraphQL text with one operation.
            variables: JSON values.
            is_mutation: whether executing it twice would matter; decides what an unclear end is called.
            timeout_s: seconds of silence to bear; else the settings' read or write time-out.
            permission: what the caller needs in ION; named where ION says that it is missing.

        Raises:
            IonError: see ``kiosk.ion.answers.judge`` and ``kiosk.ion.transport.Transport.post``.
        """
        asked = _Asked(document, dict(variables), is_mutation, timeout_s, permission)
        tried = _tried(document, variables)
        patience_s = 0.0 if is_mutation else self.settings.read_timeout_s
        for last in (False,) * (_TRIES - 1) + (True,):
            patience_s -= self._pace.await_turn(tried, patience_s=patience_s)
            try:
                data = self._execute(asked, tried)
            except IonBusy as error:
                self._pace.refused(error)
                if is_mutation or last:
                    raise
            else:
                self._pace.answered()
                return data
        raise AssertionError("unreachable")

    def _execute(self, asked: _Asked, tried: str) -> Mapping[str, Any]:
        body = {"query": asked.document, "variables": asked.variables}
        for is_renewed in (False, True):
            reply = self._transport.post(
                body,
                tried=tried,
                auth=self._auth,
                is_mutation=asked.is_mutation,
                timeout_s=asked.timeout_s,
            )
            if asked.is_mutation:
                with about(trace=trace_id(reply.headers), status=str(reply.status)):
                    _TRACE.info("ION answered")
            try:
                return judge(
                    reply,
                    tried=tried,
                    is_mutation=asked.is_mutation,
                    permission=asked.permission,
                    hide=self._auth.hide_secrets,
                )
            except IonAuthFailed as error:
                # On 401 the connection has signed in again by itself.
                if is_renewed or reply.status == httpx.codes.UNAUTHORIZED:
                    raise self._auth.given_up(error) from error
                self._auth.forget()
        raise AssertionError("unreachable")


def is_outdated_document(error: IonRejected) -> bool:
    """Return whether ION refused a document because its schema no longer has what the document names."""
    return bool(re.search(r"Cannot query field|Unknown argument|Unknown type|is not defined by", str(error)))


def _tried(document: str, variables: Mapping[str, Any]) -> str:
    found = _NAME.match(document)
    return told(
        "{call} with {values}",
        call=found[1] if found else told("A question"),
        values=shown(repr(dict(variables)), length=_VARIABLES_LENGTH),
    )
