"""Executes GraphQL documents at ION and says truthfully what became of them."""

import copy
import re
import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import httpx

from kiosk.errors import IonAuthFailed, IonRejected
from kiosk.ion.answers import judge
from kiosk.ion.auth import ClientCredentials, IonAuth
from kiosk.ion.transport import Transport
from kiosk.ion.wording import shown
from kiosk.settings import IonSettings

__all__ = ["Client"]

_NAME: Final = re.compile(r"\s*(?:query|mutation)\s+(\w+)")
_VARIABLES_LENGTH: Final = 200


class Client:
    """One tenant's GraphQL address. Threads may share it; it repeats no mutation."""

    def __init__(
        self,
        settings: IonSettings,
        *,
        transport: httpx.BaseTransport | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare to ask; nothing is sent yet.

        Args:
            settings: where ION is and who asks.
            transport: what stands in for the network in tests.
            monotonic: seconds, for token lifetimes and deadlines.
        """
        self.settings = settings
        self._auth: IonAuth = ClientCredentials(settings, monotonic=monotonic)
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
    ) -> Mapping[str, Any]:
        """Send one document once and return its data.

        Args:
            document: GraphQL text with one operation.
            variables: JSON values.
            is_mutation: whether executing it twice would matter; decides what an unclear end is called.
            timeout_s: seconds of silence to bear; else the settings' read or write time-out.

        Raises:
            IonError: see ``kiosk.ion.answers.judge`` and ``kiosk.ion.transport.Transport.post``.
        """
        tried = _tried(document, variables)
        reply = self._transport.post(
            {"query": document, "variables": dict(variables)},
            tried=tried,
            auth=self._auth,
            is_mutation=is_mutation,
            timeout_s=timeout_s,
        )
        try:
            return judge(reply, tried=tried, is_mutation=is_mutation, hide=self._auth.hide_secrets)
        except IonAuthFailed as error:
            raise self._auth.given_up(error) from error


def is_outdated_document(error: IonRejected) -> bool:
    """Return whether ION refused a document because its schema no longer has what the document names."""
    return bool(re.search(r"Cannot query field|Unknown argument|Unknown type|is not defined by", str(error)))


def _tried(document: str, variables: Mapping[str, Any]) -> str:
    found = _NAME.match(document)
    return (
        f"{found[1] if found else 'A question'} with {shown(repr(dict(variables)), length=_VARIABLES_LENGTH)}"
    )
