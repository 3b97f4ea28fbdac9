"""A USB printer: by its node, `device:///dev/usb/lp0`, or by what it is, `device://0a5f:0120:28J1234`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from printers.errors import PrinterUnreachable
from printers.transports.node import NodeConnection
from printers.transports.usb_identity import UsbIdentity


@dataclass(frozen=True, slots=True)
class FixedNode:
    """A node whose name stays."""

    path: Path

    def node(self) -> Path:
        """Return it."""
        return self.path

    def __str__(self) -> str:
        return str(self.path)


@dataclass(frozen=True, slots=True)
class DeviceTransport:
    """A printer behind a device node."""

    where: FixedNode | UsbIdentity
    io_timeout_s: float
    """Longest time without a byte getting on."""

    @property
    def can_answer(self) -> bool:
        """The node is opened both ways; a printer that only listens stays silent."""
        return True

    @property
    def notices_restart(self) -> bool:
        """It leaves the bus."""
        return True

    @contextmanager
    def connection(self) -> Iterator[NodeConnection]:
        """Open the node; an unplugged printer has none."""
        address = f"device://{self.where}"
        path = self.where.node()
        try:
            node = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        except OSError as error:
            raise PrinterUnreachable(f"{address}: expected to open it, got {error}") from error
        try:
            yield NodeConnection(address, node, self.io_timeout_s)
        finally:
            os.close(node)
