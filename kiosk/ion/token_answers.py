"""What token servers answer (RFC 6749 section 5): a grant, or why there is none."""

import base64
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs

import httpx

from kiosk.errors import IonAuthFailed, IonBusy, IonError, IonUnreachable
from kiosk.ion.answers import retry_after, trace_id
from kiosk.ion.wording import quoted
from kiosk.words import told

__all__ = ["SECRET_PARTS", "Grant", "Refusal", "failure", "read_grant", "read_json", "refusal", "without"]

_MARGIN_S: Final = 30.0
_ASSUMED_LIFETIME_S: Final = 60.0
"""ION calls its tokens short-lived and names no figure; used when neither answer nor token tells."""
SECRET_PARTS: Final = ("client_secret", "refresh_token", "device_code", "code_verifier", "code", "token")
"""What of a token request nobody else may know: RFC 6749, 2.3.1, 4.1.3 and 6; RFC 7009, 2.1; RFC 7636, 4.5;
RFC 8628, 3.4."""
_HIDDEN: Final = "[hidden]"
_SHORTEST_SECRET: Final = 8
_USABLE_TOKEN: Final = re.compile(r"[\x21-\x7e]{1,65536}")


@dataclass(frozen=True, slots=True)
class Grant:
    """Tokens, and how long they last."""

    access_token: str = field(repr=False)
    lifetime_s: float
    refresh_token: str | None = field(default=None, repr=False)

    @property
    def fresh_s(self) -> float:
        """Return the seconds after which the token is better renewed."""
        return self.lifetime_s - min(_MARGIN_S, self.lifetime_s / 4)


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error in OAuth's words, both empty where there were none."""

    error: str = ""
    description: str = ""

    @property
    def text(self) -> str:
        """Return both as they can be shown."""
        return ": ".join(quoted(part) for part in (self.error, self.description) if part)


def read_json(response: httpx.Response) -> dict[str, Any]:
    """Return the answer's JSON object, empty where it has none."""
    try:
        answer = json.loads(response.content)
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def read_grant(response: httpx.Response, tried: str) -> Grant:
    """Return the tokens in an answer.

    Args:
        response: the token server's, read whole.
        tried: what was asked for; begins the error text.

    Raises:
        IonAuthFailed, IonBusy, IonUnreachable: it refuses, or has none.
    """
    if response.status_code != httpx.codes.OK:
        raise failure(response, tried)
    answer = read_json(response)
    value, renewal = answer.get("access_token"), answer.get("refresh_token")
    if not isinstance(value, str) or not _USABLE_TOKEN.fullmatch(value):
        raise IonUnreachable(
            told(
                "{tried}: expected JSON with an access_token, got {kind} of {count} bytes without one",
                tried=tried,
                kind=quoted(str(response.headers.get("content-type"))),
                count=len(response.content),
            ),
            trace_id=trace_id(response.headers),
        )
    is_usable = isinstance(renewal, str) and _USABLE_TOKEN.fullmatch(renewal)
    return Grant(value, _lifetime_s(answer.get("expires_in"), value), renewal if is_usable else None)


def failure(response: httpx.Response, tried: str) -> IonError:
    """Return the error for an answer that is no grant."""
    status = response.status_code
    said = refusal(response).text
    text = told(
        "{tried}: expected a token, got HTTP {came}", tried=tried, came=f"{status} {said}" if said else status
    )
    trace = trace_id(response.headers)
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return IonBusy(text, retry_after_s=retry_after(response.headers), trace_id=trace)
    if httpx.codes.is_client_error(status) and status != httpx.codes.REQUEST_TIMEOUT:
        return IonAuthFailed(text, trace_id=trace)
    return IonUnreachable(text, trace_id=trace)


def refusal(response: httpx.Response) -> Refusal:
    """Return what an OAuth error says: ``error`` and ``error_description`` of RFC 6749 section 5.2.

    A secret that was sent, and that the server echoes, is not in it.
    """
    answer = read_json(response)
    sent = parse_qs(response.request.content.decode("utf-8", "replace"))
    secrets = [value for name in SECRET_PARTS for value in sent.get(name, ())]
    return Refusal(*(_text(answer.get(name), secrets) for name in ("error", "error_description")))


def without(token: str | None, text: str) -> str:
    """Return a text with a token taken out of it."""
    # What is shorter than this is no token but a letter of every other word.
    if token is None or len(token) < _SHORTEST_SECRET:
        return text
    return text.replace(token, _HIDDEN)


def _text(value: object, secrets: Sequence[str]) -> str:
    if not isinstance(value, str):
        return ""
    for secret in secrets:
        value = without(secret, value)
    return value


def _lifetime_s(expires_in: object, token: str) -> float:
    """Return how long a token is good for, in seconds from now.

    Where the server does not say it, the token's own times do: their difference, since the kiosk's clock may
    be wrong, and ``exp`` alone would have to be compared with it.
    """
    for seconds in (_seconds(expires_in), _written_lifetime_s(token)):
        if seconds is not None:
            return max(seconds, 0.0)
    return _ASSUMED_LIFETIME_S


def _seconds(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        seconds = float(value)
    except (ValueError, OverflowError):
        return None
    return seconds if math.isfinite(seconds) else None


def _written_lifetime_s(token: str) -> float | None:
    """Return ``exp`` less ``iat`` of a JSON Web Token (RFC 7519, section 4.1), ``None`` where it is none."""
    try:
        claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
        start, end = _seconds(claims["iat"]), _seconds(claims["exp"])
    except (ValueError, IndexError, KeyError, TypeError, RecursionError):
        return None
    return end - start if start is not None and end is not None else None
