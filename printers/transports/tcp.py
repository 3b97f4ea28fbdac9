"""Raw TCP, port 9100 on most printers: `tcp://host:port`. A byte pipe: sent is not printed."""

import contextlib
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from printers.errors import PrinterNotReady, PrinterUnreachable, PrintUnknown
from printers.transports.base import LARGEST_ANSWER

_CHUNK: Final = 65536
_HANG_UP_S: Final = 0.2


@dataclass(frozen=True, slots=True)
class TcpTransport:
    """A printer at a network address."""

    host: str
    port: int
    connect_timeout_s: float
    io_timeout_s: float
    """Longest time without a byte getting on."""

    @property
    def can_answer(self) -> bool:
        """A socket has two directions, though not every printer uses both."""
        return True

    @property
    def notices_restart(self) -> bool:
        """It has forgotten the connection, and resets it."""
        return True

    @contextmanager
    def connection(self) -> Iterator["TcpConnection"]:
        """Connect for one job; many printers take one connection at a time, so it is closed right after."""
        address = f"tcp://{self.host}:{self.port}"
        try:
            line = socket.create_connection((self.host, self.port), self.connect_timeout_s)
        except (OSError, UnicodeError) as error:  # UnicodeError: a host name no resolver can be asked for
            raise PrinterUnreachable(f"{address}: expected a connection, got {error}") from error
        with line:
            yield TcpConnection(address, line, self.io_timeout_s)
            _hang_up(line)


class TcpConnection:
    """An open socket to a printer."""

    def __init__(self, address: str, line: socket.socket, io_timeout_s: float) -> None:
        self._address = address
        self._line = line
        self._io_timeout_s = io_timeout_s
        self._is_closed = False

    @property
    def is_closed(self) -> bool:
        """Whether the far end has hung up in good order."""
        return self._is_closed

    def send(self, data: bytes) -> None:
        """Hand all bytes to the network."""
        left = memoryview(data)
        self._line.settimeout(self._io_timeout_s)
        while left:
            try:
                taken = self._line.send(left[:_CHUNK])
            except TimeoutError as error:
                if len(left) == len(data):
                    raise PrinterNotReady(
                        f"{self._address}: sent {len(data)} bytes: expected the printer to take them within "
                        f"{self._io_timeout_s:g} s, got none taken"
                    ) from error
                raise self._broken(len(data) - len(left), len(data), error) from error
            except OSError as error:
                raise self._broken(len(data) - len(left), len(data), error) from error
            left = left[taken:]

    def receive(self, timeout_s: float, until: Callable[[bytes], bool]) -> bytes:
        """Collect an answer."""
        answer = b""
        end = time.monotonic() + timeout_s
        while len(answer) < LARGEST_ANSWER and not until(answer):
            left_s = end - time.monotonic()
            if left_s <= 0:
                break
            self._line.settimeout(left_s)
            try:
                more = self._line.recv(LARGEST_ANSWER - len(answer))
            except TimeoutError:
                break
            except OSError as error:
                raise PrintUnknown(f"{self._address}: expected an answer, got {error}") from error
            if not more:
                self._is_closed = True
                break
            answer += more
        return answer

    def _broken(self, sent: int, whole: int, error: OSError) -> PrintUnknown:
        return PrintUnknown(f"{self._address}: expected {whole} bytes to be taken, got {error} after {sent}")


def _hang_up(line: socket.socket) -> None:
    """End in good order: closing on bytes that were not read would discard the job at the far end."""
    end = time.monotonic() + _HANG_UP_S
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_WR)
        while (left_s := end - time.monotonic()) > 0:
            line.settimeout(left_s)
            if not line.recv(_CHUNK):
                break
