"""Addresses for one upload or some downloads: good for a while, and for one content type only."""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from urllib.parse import quote, urlencode

__all__ = ["BadAddressError", "Signer"]

_DATE: Final = "%Y%m%dT%H%M%S.%fZ"


@dataclass(slots=True)
class BadAddressError(Exception):
    """The storage refuses an address, in the words of Amazon S3."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Signer:
    """Makes and checks signed addresses below one base."""

    base_url: str
    key: bytes
    clock: Callable[[], datetime]
    new_hex: Callable[[], str]

    def upload_url(self, s3_key: str, content_type: str, lifetime_s: float) -> str:
        """Return where to PUT an object with exactly this content type."""
        return self._url("PUT", s3_key, content_type, lifetime_s)

    def download_url(self, s3_key: str, lifetime_s: float) -> str:
        """Return where to GET an object."""
        return self._url("GET", s3_key, "", lifetime_s)

    def check(self, method: str, s3_key: str, query: Mapping[str, str], content_type: str) -> str:
        """Return the signature of an address that is good.

        Raises:
            BadAddressError: No signature, a wrong one, another content type than was signed, or too late.
        """
        signature = query.get("X-Amz-Signature", "")
        date, lifetime = query.get("X-Amz-Date", ""), query.get("X-Amz-Expires", "")
        if not signature:
            raise BadAddressError("AccessDenied", "Access Denied")
        signed_type = content_type if method == "PUT" else ""
        method = "GET" if method == "HEAD" else method
        expected = self._signature(method, s3_key, signed_type, date, lifetime, query.get("X-Amz-Nonce", ""))
        if not hmac.compare_digest(expected.encode(), signature.encode()):
            raise BadAddressError(
                "SignatureDoesNotMatch",
                "The request signature we calculated does not match the signature you provided. "
                "Check your key and signing method.",
            )
        ends = datetime.strptime(date, _DATE).astimezone(self.clock().tzinfo) + timedelta(
            seconds=float(lifetime)
        )
        if self.clock() >= ends:
            raise BadAddressError("AccessDenied", "Request has expired")
        return signature

    def _url(self, method: str, s3_key: str, content_type: str, lifetime_s: float) -> str:
        date, nonce, lifetime = self.clock().strftime(_DATE), self.new_hex(), f"{lifetime_s:g}"
        query = {
            "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
            "X-Amz-Date": date,
            "X-Amz-Expires": lifetime,
            "X-Amz-Nonce": nonce,
            "X-Amz-SignedHeaders": "content-type;host" if content_type else "host",
            "X-Amz-Signature": self._signature(method, s3_key, content_type, date, lifetime, nonce),
        }
        return f"{self.base_url}/storage/{quote(s3_key)}?{urlencode(query)}"

    def _signature(self, *parts: str) -> str:
        return hmac.new(self.key, "\n".join(parts).encode(), sha256).hexdigest()
