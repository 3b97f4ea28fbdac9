"""A scanner in the network: raw TCP (``socket://``), or a serial server with RFC 2217 (``rfc2217://``)."""

import socket
from collections.abc import Callable
from urllib.parse import urlsplit

from kiosk.scanners.base import DeviceScanner, came
from kiosk.scanners.line_splitter import LineSplitter
from kiosk.scanners.link import DescriptorLink, Link
from kiosk.scanners.rfc2217 import Rfc2217
from kiosk.settings import ScannerSettings
from kiosk.words import Told, system_says, told

_CONNECT_S = 2.0
_KEEPALIVE = (
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 2),
    (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 2),
    (socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 10),
)
"""A scanner that lost power answers the next probe with a reset once it is back: noticed within two seconds.

One that stays silent is given up after 22 s. Not sooner: what is under way when Wi-Fi fails for a moment
would be lost with the connection.
"""


class NetworkScanner(DeviceScanner):
    """Reads scans from a TCP connection. Nothing is sent but what RFC 2217 asks for."""

    _check = told("Check its power and the network")

    def __init__(self, settings: ScannerSettings) -> None:
        super().__init__(settings, LineSplitter(tab_ends=settings.tab_ends))

    def _dial(self) -> Link:
        url = urlsplit(self._settings.port)
        connection = socket.create_connection((url.hostname or "", url.port or 0), timeout=_CONNECT_S)
        try:
            for option in _KEEPALIVE:
                connection.setsockopt(*option)
            if url.scheme == "rfc2217":
                return _SerialServer(connection, self._settings.baud, self._monotonic_s)
            return DescriptorLink(connection)
        except (OSError, ValueError):
            connection.close()
            raise

    def _why_not(self, error: OSError | ValueError) -> Told:
        match error:
            case ConnectionRefusedError():
                return told(
                    "refused. Check its port number, and whether another program is connected to it; "
                    "the kiosk tries again by itself."
                )
            case socket.gaierror():
                return told(
                    "nobody knows this host's name ({came}). Check the name, or use its address.",
                    came=system_says(error),
                )
            case OSError():
                return told(
                    "it does not answer ({came}). {check}; it is connected by itself when it is back.",
                    came=came(error),
                    check=self._check,
                )
        return told("expected {expected}, got: {came}", expected=self._expected(), came=came(error))

    def _expected(self) -> Told:
        if self._settings.port.startswith("rfc2217:"):
            return told("a serial server with RFC 2217 at {baud} baud", baud=self._settings.baud)
        return told("a scanner or a serial server that takes a TCP connection")


class _SerialServer:
    """A connection whose telnet commands are taken out and answered."""

    def __init__(self, connection: socket.socket, baud: int, monotonic_s: Callable[[], float]) -> None:
        self._connection = connection
        self._link = DescriptorLink(connection)
        self._telnet = Rfc2217(baud)
        self._early = b""
        connection.sendall(self._telnet.greeting())
        until_s = monotonic_s() + _CONNECT_S
        while not self._telnet.is_ready:
            left_s = until_s - monotonic_s()
            if left_s <= 0:
                raise ValueError(told("no answer in RFC 2217; a raw TCP port is named socket://host:port"))
            self._early += self._data(left_s)
        if self._telnet.line_baud != baud:
            raise ValueError(
                told(
                    "a line at {baud} baud; set baud to it, where the scanner has it",
                    baud=self._telnet.line_baud,
                )
            )

    def receive(self, timeout_s: float) -> bytes:
        """See ``Link``."""
        if self._early:
            early, self._early = self._early, b""
            return early
        return self._data(timeout_s)

    def close(self) -> None:
        """See ``Link``."""
        self._connection.close()

    def _data(self, timeout_s: float) -> bytes:
        data, reply = self._telnet.feed(self._link.receive(timeout_s))
        if reply:
            self._connection.sendall(reply)
        return data
