"""Under which address another machine of the network finds the kiosk's page."""

import ipaddress
import socket
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

from kiosk.settings import WebSettings

_ELSEWHERE: Final = ("192.0.2.1", 9)
"""An address for documentation (RFC 5737): asked for the way to it, the system names our own address."""


def own_address() -> str | None:
    """Return this machine's address on its network, ``None`` where it has none. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(_ELSEWHERE)
        except OSError:
            return None
        found = str(asking.getsockname()[0])
    return None if ipaddress.ip_address(found).is_loopback else found


def is_for_any_address(web: WebSettings) -> bool:
    """Return whether the page is served under every address of this machine."""
    address = _ip(web.host)
    return address is not None and address.is_unspecified


def public_url(web: WebSettings, port: int, own: Callable[[], str | None] = own_address) -> str | None:
    """Return the beginning of an address that a phone in the same network can open.

    Args:
        web: the settings.
        port: the port that the page is really served at.
        own: gives this machine's address.

    Returns:
        Scheme, host and port without a slash at the end; ``None`` where only this machine reaches the page.
    """
    if web.public_url is not None:
        return web.public_url
    address = _ip(web.host)
    if web.host == "localhost" or (address is not None and address.is_loopback):
        return None
    host = own() if is_for_any_address(web) else web.host
    if host is None:
        return None
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def allowed_hosts(web: WebSettings) -> frozenset[str]:
    """Return the host names, without port and brackets, under which a browser may ask for the page."""
    public = urlsplit(web.public_url).hostname if web.public_url else None
    return frozenset({"localhost", "127.0.0.1", "::1", web.host.lower(), public or "localhost"})


def _ip(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
