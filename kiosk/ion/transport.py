"""Two HTTP lines to ION, one for questions and one for changes, and what their failures prove.

Questions use kept-alive connections. A change always opens a fresh one: a kept-alive connection that the
server gave up a moment ago breaks *after* the body was written, which would leave the outcome of the change
unknown for nothing, while a fresh one fails where most outages show, at connecting, which proves that
nothing was sent. The handshake this costs is paid by the delivery thread, never by a person who waits.

HTTP/2 is spoken where the server offers it while TLS is agreed on (ALPN), HTTP/1.1 everywhere else. The HTTP
library loads what speaks it in any case: 1.3 MB.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

import httpx

from kiosk.errors import IonError, IonUnknown, IonUnreachable
from kiosk.ion.answers import Reply
from kiosk.ion.auth import IonAuth, is_sign_in
from kiosk.ion.lanes import KEPT_ALIVE_S, Lanes
from kiosk.ion.line_faults import is_unprocessed, remedy
from kiosk.ion.trust import trusted
from kiosk.ion.wording import hidden, shown
from kiosk.redaction import without_secrets
from kiosk.settings import IonSettings
from kiosk.words import listed, told

__all__ = ["NOT_SENT", "USER_AGENT", "AnswerTooLarge", "Capped", "Transport"]

_ANSWER_BYTES: Final = 16 * 1024 * 1024
_SIGN_IN_BYTES: Final = 256 * 1024
_KEPT_QUESTIONS: Final = 4
USER_AGENT: Final = "ion-kiosk"


class RequestRefused(httpx.RemoteProtocolError):
    """The server said that it did nothing with the request."""


NOT_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    RequestRefused,
)
_BROKEN: Final = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)


class AnswerTooLarge(httpx.ReadError):
    """The answer is longer than the kiosk is willing to read."""


class Transport:
    """Posts JSON to ION's one address and returns the whole answer. Threads may share it."""

    def __init__(
        self,
        settings: IonSettings,
        *,
        transport: httpx.BaseTransport | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._monotonic = monotonic
        self._questions = _line(transport or _lanes(settings, kept=_KEPT_QUESTIONS))
        self._changes = _line(transport or _lanes(settings, kept=0))

    def close(self) -> None:
        """Close every connection; closing twice is fine."""
        self._questions.close()
        self._changes.close()

    def post(
        self,
        body: Mapping[str, Any],
        *,
        tried: str,
        auth: IonAuth,
        is_mutation: bool,
        timeout_s: float | None = None,
    ) -> Reply:
        """Send ``body`` once and return what came back.

        A question whose kept-alive connection turns out to be broken is asked once more at once.

        Args:
            body: the JSON to post.
            tried: what was asked for; begins every error text.
            auth: in whose name.
            is_mutation: whether executing it twice would matter.
            timeout_s: seconds of silence to bear; else as the settings say.

        Raises:
            IonUnreachable: proved not sent; for a question any failure.
            IonUnknown: a change whose body may have arrived.
            IonAuthFailed, IonBusy: no token could be had.
        """
        send = partial(self._send, body, auth=auth, timeout_s=timeout_s)
        translated = partial(self._translated, tried=tried, auth=auth)
        try:
            return send(is_mutation=is_mutation)
        except AnswerTooLarge as error:
            raise translated(error, is_mutation=is_mutation) from error
        except _BROKEN as error:
            if is_mutation:
                raise translated(error, is_mutation=True) from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise translated(error, is_mutation=is_mutation) from error
        try:
            return send(is_mutation=False)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
            raise translated(error, is_mutation=False) from error

    def _send(
        self, body: Mapping[str, Any], *, auth: IonAuth, is_mutation: bool, timeout_s: float | None
    ) -> Reply:
        settings = self._settings
        silence_s = timeout_s or (settings.write_timeout_s if is_mutation else settings.read_timeout_s)
        deadline = self._monotonic() + settings.connect_timeout_s + 3 * silence_s
        client = self._changes if is_mutation else self._questions
        request = client.build_request(
            "POST",
            settings.url,
            json=body,
            timeout=httpx.Timeout(silence_s, connect=settings.connect_timeout_s),
        )
        try:
            response = client.send(request, stream=True, auth=auth)
        except httpx.RemoteProtocolError as error:
            if is_unprocessed(error):
                raise RequestRefused(str(error), request=error.request) from error
            raise
        try:
            return Reply(response.status_code, response.headers, self._read(response, deadline))
        finally:
            response.close()

    def _read(self, response: httpx.Response, deadline: float) -> bytes:
        chunks: list[bytes] = []
        length = 0
        for chunk in response.iter_bytes():
            chunks.append(chunk)
            length += len(chunk)
            if length > _ANSWER_BYTES:
                raise AnswerTooLarge(f"the answer is longer than {_ANSWER_BYTES} bytes")
            if self._monotonic() > deadline:
                raise httpx.ReadTimeout("the answer trickled in too slowly")
        return b"".join(chunks)

    def _translated(
        self,
        error: httpx.HTTPError | httpx.InvalidURL | httpx.StreamError,
        *,
        tried: str,
        auth: IonAuth,
        is_mutation: bool,
    ) -> IonError:
        was_signing_in = _happened_at_sign_in(error)
        place = without_secrets(self._settings.token_url if was_signing_in else self._settings.url)
        came = shown(f"{type(error).__name__}: {error}")
        mend = remedy(error)
        told_it = told(
            "{tried}: expected an answer from {place}, got {came}", tried=tried, place=repr(place), came=came
        )
        text = hidden(listed((told_it, told(mend)), between=". ") if mend else told_it, auth.hide_secrets)
        if isinstance(error, NOT_SENT) or was_signing_in or not is_mutation:
            return IonUnreachable(text, remedy=mend)
        return IonUnknown(text)


def _happened_at_sign_in(error: Exception) -> bool:
    if not isinstance(error, httpx.RequestError):
        return False
    try:
        return is_sign_in(error.request)
    except RuntimeError:  # httpx: the exception carries no request
        return False


def _lanes(settings: IonSettings, *, kept: int) -> Lanes:
    """Return connections to ION and to where the kiosk signs in.

    Raises:
        SettingsError: ``ion.ca_file`` cannot be used.
    """
    context = trusted(settings, settings.url, settings.token_url)
    limits = httpx.Limits(max_connections=2, max_keepalive_connections=2, keepalive_expiry=KEPT_ALIVE_S)
    return Lanes(
        lambda: httpx.HTTPTransport(verify=context, http2=settings.http2, limits=limits, retries=0), kept=kept
    )


def _line(inner: httpx.BaseTransport) -> httpx.Client:
    return httpx.Client(
        transport=Capped(inner),
        follow_redirects=False,
        headers={"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": USER_AGENT},
    )


class Capped(httpx.BaseTransport):
    """Ends every answer that is too long, also those that httpx reads by itself while signing in."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Pass the request on, and watch the length of what comes back."""
        response = self._inner.handle_request(request)
        limit = _SIGN_IN_BYTES if is_sign_in(request) else _ANSWER_BYTES
        if isinstance(response.stream, httpx.SyncByteStream):
            response.stream = _CappedStream(response.stream, limit)
        return response

    def close(self) -> None:
        """Close what is inside."""
        self._inner.close()


class _CappedStream(httpx.SyncByteStream):
    def __init__(self, inner: httpx.SyncByteStream, limit: int) -> None:
        self._inner = inner
        self._limit = limit

    def __iter__(self) -> Iterator[bytes]:
        length = 0
        for chunk in self._inner:
            length += len(chunk)
            if length > self._limit:
                raise AnswerTooLarge(f"the answer is longer than {self._limit} bytes")
            yield chunk

    def close(self) -> None:
        self._inner.close()
