"""An open device node: what is common to USB and serial printers."""

import os
import select
import time
from collections.abc import Callable
from typing import Final

from printers.errors import PrinterNotReady, PrintUnknown
from printers.transports.base import LARGEST_ANSWER

_MS: Final = 1000


class NodeConnection:
    """A node that was opened without blocking, for one job."""

    def __init__(self, address: str, node: int, io_timeout_s: float) -> None:
        self._address = address
        self._node = node
        self._io_timeout_s = io_timeout_s
        self._is_closed = False

    @property
    def is_closed(self) -> bool:
        """Whether the far end has hung up in good order."""
        return self._is_closed

    def send(self, data: bytes) -> None:
        """Hand all bytes to the driver; with nobody printing, usblp takes one transfer and then no more."""
        sent = 0
        while sent < len(data):
            if not self._wait(select.POLLOUT, self._io_timeout_s):
                message = (
                    f"{self._address}: expected {len(data)} bytes to be taken, got {sent} "
                    f"and none more within {self._io_timeout_s:g} s"
                )
                raise PrintUnknown(message) if sent else PrinterNotReady(message)
            try:
                sent += os.write(self._node, data[sent:])
            except BlockingIOError:
                continue
            except OSError as error:
                raise PrintUnknown(
                    f"{self._address}: expected {len(data)} bytes to be taken, got {error} after {sent}"
                ) from error

    def receive(self, timeout_s: float, until: Callable[[bytes], bool]) -> bytes:
        """Collect an answer."""
        answer = b""
        end = time.monotonic() + timeout_s
        while len(answer) < LARGEST_ANSWER and not until(answer):
            left_s = end - time.monotonic()
            if left_s <= 0 or not self._wait(select.POLLIN, left_s):
                break
            try:
                more = os.read(self._node, LARGEST_ANSWER - len(answer))
            except BlockingIOError:
                continue
            except OSError as error:
                raise PrintUnknown(f"{self._address}: expected an answer, got {error}") from error
            if not more:
                self._is_closed = True
                break
            answer += more
        return answer

    def _wait(self, event: int, timeout_s: float) -> bool:
        poll = select.poll()
        poll.register(self._node, event)
        return bool(poll.poll(timeout_s * _MS))
