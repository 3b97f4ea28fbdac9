"""The storage behind ION: bytes go to and come from signed addresses, never through the API.

The signature is in the address, so no token goes there: the storage is another house, and a token shown to
it would be a token given away.
"""

import re
import time
from collections.abc import Callable
from functools import cached_property
from typing import Final

import httpx

from kiosk.errors import IonRejected, IonUnreachable
from kiosk.ion.trust import trusted
from kiosk.ion.wording import quoted, shown
from kiosk.settings import IonSettings
from kiosk.words import told

__all__ = ["Storage", "UploadExpired"]

_MOST_BYTES: Final = 64 * 1024 * 1024
_ETAG: Final = re.compile(r'(?:W/)?"?([^"\s]{1,200})"?')


class UploadExpired(IonUnreachable):
    """The signed address is no longer good, or was used: 403."""


class Storage:
    """Puts files where ION says, and gets them from where ION says. Threads may share it."""

    def __init__(
        self,
        settings: IonSettings,
        *,
        transport: httpx.BaseTransport | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._transport = transport
        self._is_plain_allowed = settings.url.startswith("http://")
        self._monotonic = monotonic
        self._longest_s = settings.upload_timeout_s

    @cached_property
    def _http(self) -> httpx.Client:
        """Return the connections, made for the first file: where ION is plain its storage need not be."""
        settings = self._settings
        return httpx.Client(
            transport=self._transport,
            verify=trusted(settings, "https:"),
            follow_redirects=False,
            timeout=httpx.Timeout(settings.upload_timeout_s, connect=settings.connect_timeout_s),
            headers={"User-Agent": "ion-kiosk"},
        )

    def close(self) -> None:
        """Close the connections; closing twice is fine."""
        if "_http" in self.__dict__:
            self._http.close()

    def put(self, url: str, content: bytes, *, content_type: str) -> str:
        """Send a file and return its ETag without quotes.

        Args:
            url: the signed address.
            content: the bytes.
            content_type: exactly the one that was signed; the storage refuses every other.

        Raises:
            UploadExpired: 403; a new address may do.
            IonUnreachable: it is not sure that the storage has the file.
            IonRejected: the address is none that the kiosk sends to, or the storage refuses the file.
        """
        place = self._place(url)
        tried = told("Upload {count} bytes to {place}", count=len(content), place=place)
        try:
            response = self._http.put(url, content=content, headers={"Content-Type": content_type})
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise IonUnreachable(
                told("{tried}: expected an answer, got {came}", tried=tried, came=_said(error))
            ) from error
        came = told(
            "{tried}: expected 2xx, got HTTP {status} {text}",
            tried=tried,
            status=response.status_code,
            text=quoted(response.text, length=200),
        )
        if response.status_code == httpx.codes.FORBIDDEN:
            raise UploadExpired(came)
        if httpx.codes.is_client_error(response.status_code):
            raise IonRejected(came)
        if not response.is_success:
            raise IonUnreachable(came)
        found = _ETAG.fullmatch(response.headers.get("etag", "").strip())
        return found[1] if found else ""

    def get(self, url: str) -> bytes | None:
        """Return the file at a signed address, ``None`` where there is none (403 and 404).

        Raises:
            IonUnreachable: it could not be asked, or is longer than anybody wants.
            IonRejected: the address is none that the kiosk asks.
        """
        tried = told("Download from {place}", place=self._place(url))
        end = self._monotonic() + self._longest_s
        try:
            with self._http.stream("GET", url) as response:
                if response.status_code in {httpx.codes.FORBIDDEN, httpx.codes.NOT_FOUND}:
                    return None
                if response.status_code != httpx.codes.OK:
                    raise IonUnreachable(
                        told(
                            "{tried}: expected 200, got HTTP {status}",
                            tried=tried,
                            status=response.status_code,
                        )
                    )
                content = bytearray()
                for chunk in response.iter_bytes():
                    content += chunk
                    if len(content) > _MOST_BYTES or self._monotonic() > end:
                        raise IonUnreachable(
                            told(
                                "{tried}: expected {count} bytes at most, and in time",
                                tried=tried,
                                count=_MOST_BYTES,
                            )
                        )
                return bytes(content)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise IonUnreachable(
                told("{tried}: expected an answer, got {came}", tried=tried, came=_said(error))
            ) from error

    def _place(self, url: str) -> str:
        """Return the host of an address for error texts: what follows it is a secret.

        Raises:
            IonRejected: it is no web address, or unencrypted where ION itself is not.
        """
        try:
            parsed = httpx.URL(url)
        except (httpx.InvalidURL, TypeError):
            parsed = httpx.URL("")
        allowed = {"https", "http"} if self._is_plain_allowed else {"https"}
        if parsed.scheme not in allowed or not parsed.host or parsed.userinfo:
            raise IonRejected(
                told(
                    "File at {place}...: expected an address of {kinds}, got another kind",
                    place=quoted(shown(str(url)[:12])),
                    kinds="https" if len(allowed) == 1 else told("http or https"),
                )
            )
        return quoted(parsed.host)


def _said(error: Exception) -> str:
    return shown(f"{type(error).__name__}: {error}")
