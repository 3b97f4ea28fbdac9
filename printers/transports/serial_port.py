"""A printer on RS-232: `serial:///dev/serial/by-id/usb-FTDI-if00?baud=9600&flow=xonxoff`."""

import fcntl
import struct
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import serial

from printers.errors import PrinterUnreachable, PrintUnknown
from printers.transports.node import NodeConnection

_POLL_S: Final = 0.01


class Flow(StrEnum):
    """How the printer says that it can take no more just now."""

    NONE = "none"
    XON_XOFF = "xonxoff"
    RTS_CTS = "rtscts"


def held_by_driver(node: int) -> int:
    """Return how many bytes have not left the machine yet."""
    (count,) = struct.unpack("i", fcntl.ioctl(node, termios.TIOCOUTQ, b"\0\0\0\0"))
    return int(count)


@dataclass(frozen=True, slots=True)
class SerialTransport:
    """A printer on a serial line, eight data bits, no parity, one stop bit."""

    path: Path
    baud: int
    flow: Flow
    io_timeout_s: float
    """Longest time without a byte getting on."""
    held: Callable[[int], int] = held_by_driver

    @property
    def can_answer(self) -> bool:
        """A line has two directions."""
        return True

    @property
    def notices_restart(self) -> bool:
        """A line stays as it is, whoever is at its other end."""
        return False

    @contextmanager
    def connection(self) -> Iterator["SerialConnection"]:
        """Open the port for this job alone."""
        address = f"serial://{self.path}"
        try:
            port = serial.Serial(
                str(self.path),
                baudrate=self.baud,
                timeout=0,
                xonxoff=self.flow is Flow.XON_XOFF,
                rtscts=self.flow is Flow.RTS_CTS,
                exclusive=True,
            )
        except (OSError, ValueError) as error:  # SerialException is an OSError
            raise PrinterUnreachable(
                f"{address}: expected to open it at {self.baud} baud, got {error}"
            ) from error
        node = port.fileno()
        try:
            yield SerialConnection(address, node, self.io_timeout_s, self.held)
        except BaseException:
            _forget(node)  # closing would wait for a printer that takes no more
            raise
        finally:
            port.close()


class SerialConnection:
    """An open line. Bytes that the driver took count only once they have left the machine."""

    def __init__(self, address: str, node: int, io_timeout_s: float, held: Callable[[int], int]) -> None:
        self._held = held
        self._address = address
        self._node = node
        self._io_timeout_s = io_timeout_s
        self._line = NodeConnection(address, node, io_timeout_s)

    @property
    def is_closed(self) -> bool:
        """Whether the far end has hung up in good order."""
        return self._line.is_closed

    def send(self, data: bytes) -> None:
        """Hand all bytes over, and wait until they are on the line."""
        self._line.send(data)
        held, since = len(data), time.monotonic()
        while True:
            try:
                left = self._held(self._node)
            except OSError as error:
                raise PrintUnknown(f"{self._address}: expected the line to be there, got {error}") from error
            if not left:
                return
            if left < held:
                held, since = left, time.monotonic()
            elif time.monotonic() - since > self._io_timeout_s:
                raise PrintUnknown(
                    f"{self._address}: expected {len(data)} bytes to be taken, got {len(data) - left} "
                    f"and none more within {self._io_timeout_s:g} s"
                )
            time.sleep(_POLL_S)

    def receive(self, timeout_s: float, until: Callable[[bytes], bool]) -> bytes:
        """Collect an answer."""
        return self._line.receive(timeout_s, until)


def _forget(node: int) -> None:
    """Throw away what the driver still holds."""
    try:
        termios.tcflush(node, termios.TCIOFLUSH)
    except termios.error:
        return  # pulled out: nothing is held any more
