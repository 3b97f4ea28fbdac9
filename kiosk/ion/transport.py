"""Two HTTP connections to ION, one for questions and one for changes, and what their failures prove.

Questions share kept-alive connections. A change always opens a fresh one: a kept-alive connection that the
server gave up a moment ago breaks *after* the body was written, which would leave the outcome of the change
unknown for nothing, while a fresh one fails where most outages show, at connecting, which proves that
nothing was sent. The handshake this costs is paid by the delivery thread, never by a person who waits.

HTTP/1.1 it is: a scan is one request on a connection that is open already. HTTP/2 shares one connection among
many requests at once, which nobody here makes, and would bring three packages of pure Python along.
"""

import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

import httpx

from kiosk.errors import IonError, IonUnreachable
from kiosk.ion.answers import Reply, undecided
from kiosk.ion.auth import IonAuth, is_sign_in
from kiosk.ion.wording import shown
from kiosk.settings import IonSettings

__all__ = ["NOT_SENT", "USER_AGENT", "AnswerTooLarge", "Capped", "Transport"]

_ANSWER_BYTES: Final = 16 * 1024 * 1024
_SIGN_IN_BYTES: Final = 256 * 1024
_KEPT_ALIVE_S: Final = 50.0
"""Below the 60 s after which the usual load balancers drop an idle connection."""
USER_AGENT: Final = "ion-kiosk"
NOT_SENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
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
        context = ssl.create_default_context() if transport is None else None
        self._questions = _connection(context, transport, kept_alive=4)
        self._changes = _connection(context, transport, kept_alive=0)

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
        response = client.send(request, stream=True, auth=auth)
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
        came = shown(f"{type(error).__name__}: {error}") + _clock_hint(str(error))
        text = auth.hide_secrets(f"{tried}: expected an answer from {self._settings.url!r}, got {came}")
        if isinstance(error, NOT_SENT) or _happened_at_sign_in(error):
            return IonUnreachable(text)
        return undecided(text, is_mutation=is_mutation)


def _happened_at_sign_in(error: Exception) -> bool:
    if not isinstance(error, httpx.RequestError):
        return False
    try:
        return is_sign_in(error.request)
    except RuntimeError:  # httpx: the exception carries no request
        return False


def _clock_hint(words: str) -> str:
    """Return a hint where a certificate is refused for its dates: a Pi without a clock starts long ago."""
    is_about_dates = "certificate is not yet valid" in words or "certificate has expired" in words
    return "; is the kiosk's clock set?" if is_about_dates else ""


def _connection(
    context: ssl.SSLContext | None, transport: httpx.BaseTransport | None, *, kept_alive: int
) -> httpx.Client:
    limits = httpx.Limits(
        max_connections=16, max_keepalive_connections=kept_alive, keepalive_expiry=_KEPT_ALIVE_S
    )
    inner = transport or httpx.HTTPTransport(verify=context or True, limits=limits, retries=0)
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
