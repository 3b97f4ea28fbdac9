"""Telling systemd that the service is ready, alive, and stopping (sd_notify(3))."""

import logging
import socket
from collections.abc import Mapping

_LOG = logging.getLogger(__name__)
_TIMEOUT_S = 1.0


class ServiceNotice:
    """Speaks to the socket that ``Type=notify`` gives; without one it says nothing."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        address = environment.get("NOTIFY_SOCKET", "")
        # An abstract address is written with @ and begins with a zero byte.
        self._address = "\0" + address[1:] if address.startswith("@") else address

    def ready(self) -> None:
        """Say that scans are taken."""
        self._say(b"READY=1")

    def alive(self) -> None:
        """Feed the watchdog."""
        self._say(b"WATCHDOG=1")

    def stopping(self) -> None:
        """Say that the service is on its way out."""
        self._say(b"STOPPING=1")

    def _say(self, words: bytes) -> None:
        """Send a datagram; a manager that does not listen is no reason to stop working."""
        if not self._address:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
                line.settimeout(_TIMEOUT_S)
                line.connect(self._address)
                line.send(words)
        except OSError as error:
            _LOG.warning("Cannot tell the service manager %r: %s", words.decode(), error)
