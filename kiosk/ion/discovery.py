"""Where people sign in: the addresses that an OpenID Connect issuer publishes (Discovery 1.0, RFC 8414)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from kiosk.errors import IonUnsupported
from kiosk.ion.wording import quoted
from kiosk.redaction import without_secrets
from kiosk.words import told

__all__ = ["DEVICE_GRANT", "Endpoints", "discovery_url", "read_endpoints"]

DEVICE_GRANT: Final = "urn:ietf:params:oauth:grant-type:device_code"
_LONGEST_URL: Final = 2000


@dataclass(frozen=True, slots=True)
class Endpoints:
    """What one issuer offers."""

    issuer: str
    token: str
    authorization: str | None = None
    device: str | None = None
    revocation: str | None = None
    names_issuer: bool = False
    """Whether it names itself in what a browser brings back (RFC 9207)."""


def discovery_url(issuer: str) -> str:
    """Return where an issuer publishes its addresses."""
    return f"{issuer.rstrip('/')}/.well-known/openid-configuration"


def read_endpoints(document: Mapping[str, Any], issuer: str) -> Endpoints:
    """Return the addresses in a discovery document.

    Args:
        document: as it was fetched from ``discovery_url(issuer)``.
        issuer: as the settings have it.

    Raises:
        IonUnsupported: it is another issuer's, or offers nothing that the kiosk can use; a way that it lacks
            is ``None``.
    """
    tried = told("Sign-in of people at {place}", place=quoted(without_secrets(issuer)))
    if document.get("issuer") != issuer:
        # Discovery 1.0, 4.3: else one issuer could pass itself off as another.
        other = quoted(str(document.get("issuer")))
        raise IonUnsupported(told("{tried}: expected that issuer, got {came}", tried=tried, came=other))
    methods = document.get("code_challenge_methods_supported")
    if isinstance(methods, list) and "S256" not in methods:
        raise IonUnsupported(
            told("{tried}: expected PKCE with S256, got {came}", tried=tried, came=quoted(str(methods)))
        )
    token = _url(document, "token_endpoint", issuer)
    if token is None:
        raise IonUnsupported(told("{tried}: expected a token_endpoint under https, got none", tried=tried))
    grants = document.get("grant_types_supported")
    has_device = not isinstance(grants, list) or DEVICE_GRANT in grants
    kinds = document.get("response_types_supported")
    has_code = not isinstance(kinds, list) or "code" in kinds
    return Endpoints(
        issuer=issuer,
        token=token,
        authorization=_url(document, "authorization_endpoint", issuer) if has_code else None,
        device=_url(document, "device_authorization_endpoint", issuer) if has_device else None,
        revocation=_url(document, "revocation_endpoint", issuer),
        names_issuer=document.get("authorization_response_iss_parameter_supported") is True,
    )


def is_url(text: object, issuer: str) -> bool:
    """Return whether a text is an address that a person or a token may be sent to.

    It is under https, or under http where the issuer itself is.
    """
    if not isinstance(text, str) or len(text) > _LONGEST_URL or not text.isascii() or not text.isprintable():
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    schemes = {"https", urlsplit(issuer).scheme}
    return parts.scheme in schemes and bool(parts.hostname) and " " not in text and parts.username is None


def _url(document: Mapping[str, Any], name: str, issuer: str) -> str | None:
    found = document.get(name)
    return found if isinstance(found, str) and is_url(found, issuer) else None
