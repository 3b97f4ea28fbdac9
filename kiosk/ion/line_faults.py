"""What is wrong with the line to ION, in words that name who mends it and how."""

import errno
import socket
import ssl
from collections.abc import Iterator
from typing import Final

import httpx

from kiosk.words import N_

__all__ = ["is_unprocessed", "remedy"]

_CERTIFICATES: Final = {
    9: N_("ION's certificate is not valid yet: the kiosk's clock is behind. Set the clock."),
    10: N_("ION's certificate has expired, or the kiosk's clock is ahead. Check the clock first."),
    18: N_("ION's certificate is signed by nobody but itself. Name its authority in ion.ca_file."),
    19: N_("Nobody whom the kiosk trusts signed ION's certificate. Name the authority in ion.ca_file."),
    20: N_("Nobody whom the kiosk trusts signed ION's certificate. Name the authority in ion.ca_file."),
    62: N_(
        "The certificate there is for another name. Check ion.url, and whether the network asks to sign in."
    ),
    64: N_("The certificate there is for another address. Use ION's name in ion.url."),
}
"""By OpenSSL's number of the fault (``X509_V_ERR_*``, x509_vfy.h)."""
_NOT_TLS: Final = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE"})
_NAMES: Final = {
    socket.EAI_NONAME: N_("Nobody knows ION's name. Check ion.url."),
    socket.EAI_AGAIN: N_("No name server answers. Check the network."),
}
_SYSTEM: Final = {
    errno.ECONNREFUSED: N_("Nothing listens there. Check the port in ion.url."),
    errno.ENETUNREACH: N_("There is no way to ION. Check the network's cable or Wi-Fi."),
    errno.EHOSTUNREACH: N_("There is no way to ION. Check the network's cable or Wi-Fi."),
    errno.ECONNRESET: N_("The line was cut while it began. Check the network's firewall."),
}
_NOT_HTTP: Final = "illegal request line"
"""What h11 says of an answer that begins with a control character, as an alert of TLS does."""
_REFUSED_STREAM: Final = 7
"""RFC 9113, 7."""


def remedy(error: BaseException) -> str:
    """Return a sentence for whoever has to mend the line, empty where the failure names nobody."""
    for each in _causes(error):
        if isinstance(each, ssl.SSLError):
            return _of_tls(each)
        if isinstance(each, socket.gaierror):
            return _NAMES.get(each.errno or 0, N_("ION's name was not found. Check ion.url and the network."))
        if isinstance(each, OSError) and each.errno in _SYSTEM:
            return _SYSTEM[each.errno]
    if isinstance(error, httpx.ConnectTimeout):
        return N_("Nobody answers there. Check the network and its firewall.")
    if _NOT_HTTP in str(error):
        return N_("That port does not speak HTTP, perhaps TLS: then ion.url begins with https://.")
    return ""


def _of_tls(error: ssl.SSLError) -> str:
    # Python's own errors of this kind lack what OpenSSL's have.
    if isinstance(error, ssl.SSLCertVerificationError):
        return _CERTIFICATES.get(
            getattr(error, "verify_code", 0), N_("ION's certificate is refused. Tell a technician.")
        )
    if getattr(error, "reason", "") in _NOT_TLS:
        return N_("That port does not speak TLS. Check whether ion.url begins with https:// rightly.")
    if isinstance(error, ssl.SSLEOFError):
        return _SYSTEM[errno.ECONNRESET]
    return N_("No secure line was agreed on. Tell a technician.")


def is_unprocessed(error: httpx.RemoteProtocolError) -> bool:
    """Return whether an HTTP/2 server said that it did nothing with a request whose answer had not begun.

    It refuses a stream before it works on it (RFC 9113, 8.7, ``REFUSED_STREAM``), or leaves having worked on
    no stream at all (6.8, ``GOAWAY`` with a last stream of 0).
    """
    said = getattr(error.__cause__, "args", ())
    for event in said:
        name = type(event).__name__
        if name == "StreamReset" and event.remote_reset and event.error_code == _REFUSED_STREAM:
            return True
        if name == "ConnectionTerminated" and event.last_stream_id == 0:
            return True
    return False


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Return what an error came from, the outermost first; the HTTP library hides it from tracebacks only."""
    seen: set[int] = set()
    each: BaseException | None = error
    while each is not None and id(each) not in seen:
        seen.add(id(each))
        yield each
        each = each.__cause__ or each.__context__
