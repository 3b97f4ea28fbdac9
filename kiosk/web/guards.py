"""What stands between a browser and the kiosk: headers, host names, origins and the anti-forgery token."""

import hmac
import ipaddress
import re
import secrets
from hashlib import sha256
from urllib.parse import urlsplit

from flask import Request, Response
from werkzeug.exceptions import BadRequest, Forbidden

CSRF_HEADER = "X-CSRF-Token"
CSRF_COOKIE = "kiosk_csrf"
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
}
CAMERA_WORKER = "/static/camera-worker.js"
CAMERA_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'"
"""For the worker alone, which reads barcodes in pictures: no page may compile WebAssembly."""
_NONCE = re.compile(r"[0-9a-f]{32}")


STAY_ON_TLS = "max-age=31536000"


def protect(response: Response, path: str = "", *, is_over_tls: bool = False) -> Response:
    """Put the security headers on the response to a path; what says nothing about caching is not stored."""
    if is_over_tls:
        response.headers["Strict-Transport-Security"] = STAY_ON_TLS
        cookies = response.headers.getlist("Set-Cookie")
        response.headers.setlist("Set-Cookie", [_over_tls_alone(one) for one in cookies])
    for name, value in HEADERS.items():
        response.headers[name] = value
    if path == CAMERA_WORKER:
        response.headers["Content-Security-Policy"] = CAMERA_POLICY
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _over_tls_alone(cookie: str) -> str:
    is_so = any(part.strip().lower() == "secure" for part in cookie.split(";")[1:])
    return cookie if is_so else f"{cookie}; Secure"


def check_host(request: Request, allowed: frozenset[str], *, is_any_address_allowed: bool = False) -> None:
    """Refuse host names that are not the kiosk's own: a foreign name that resolves here is an attack.

    Args:
        request: what is asked.
        allowed: the kiosk's names and addresses.
        is_any_address_allowed: whether any numeric address will do, which no name server can turn to another.

    Raises:
        BadRequest: the Host header is missing or names another host.
    """
    host = _host_name(request.environ.get("HTTP_HOST", ""))
    if host not in allowed and not (is_any_address_allowed and _address(host)):
        raise BadRequest("This kiosk does not answer under that host name.")


def is_from_here(request: Request) -> bool:
    """Return whether this machine itself asks."""
    peer = _address(request.environ.get("REMOTE_ADDR", ""))
    return peer is not None and (getattr(peer, "ipv4_mapped", None) or peer).is_loopback


def is_at_port(request: Request, port: int | None) -> bool:
    """Return whether this came in at a port of this machine; no header can make it look so."""
    return port is not None and request.environ.get("SERVER_PORT") == str(port)


def check_origin(request: Request) -> None:
    """Refuse requests that a page of another site made; programs send neither header.

    Raises:
        Forbidden: the browser says that the request comes from elsewhere.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in {"same-origin", "none"}:
        raise Forbidden("Requests from another site are not taken.")
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc.lower() != request.environ.get("HTTP_HOST", "").lower():
        raise Forbidden("Requests from another origin are not taken.")


class CsrfTokens:
    """Signed double submit: a cookie that scripts cannot read, and a token that is its HMAC."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def nonce(self, request: Request) -> str:
        """Return this browser's nonce, or a new one."""
        nonce = request.cookies.get(CSRF_COOKIE, "")
        return nonce if _NONCE.fullmatch(nonce) else secrets.token_hex(16)

    def token(self, nonce: str) -> str:
        """Return the token that a page with this nonce sends along."""
        return hmac.new(self._secret, b"csrf " + nonce.encode(), sha256).hexdigest()

    def remember(self, response: Response, nonce: str, *, is_secure: bool = False) -> None:
        """Give the browser its nonce. ``Secure`` over TLS alone: on its own machine a kiosk has none."""
        response.set_cookie(CSRF_COOKIE, nonce, httponly=True, samesite="Strict", path="/", secure=is_secure)

    def is_good(self, request: Request) -> bool:
        """Return whether a page of this kiosk asks."""
        nonce = request.cookies.get(CSRF_COOKIE, "")
        given = request.headers.get(CSRF_HEADER, "")
        fits = hmac.compare_digest(given.encode("latin-1", "replace"), self.token(nonce).encode())
        return _NONCE.fullmatch(nonce) is not None and fits

    def check(self, request: Request) -> None:
        """Refuse a form that no page of this kiosk sent.

        Raises:
            Forbidden: the token is missing, forged, or from before the last start.
        """
        if not self.is_good(request):
            raise Forbidden("The page is out of date. It loads again.")


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _host_name(header: str) -> str:
    """Return the host of a Host header in lower case, without port and brackets."""
    bracketed = re.fullmatch(r"\[([0-9A-Fa-f:.]+)\](?::\d{1,5})?", header)
    if bracketed:
        return bracketed[1].lower()
    plain = re.fullmatch(r"([A-Za-z0-9._-]+)(?::\d{1,5})?", header)
    return plain[1].lower() if plain else ""
