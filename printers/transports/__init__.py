"""Ways to a printer, opened by URL."""

from collections.abc import Callable
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from printers.errors import PrinterError
from printers.transports.base import Connection, Transport
from printers.transports.device import DeviceTransport
from printers.transports.file import FileTransport
from printers.transports.memory import MemoryTransport
from printers.transports.tcp import TcpTransport

RAW_PORT: Final = 9100


def _tcp(url: SplitResult, connect_timeout_s: float, io_timeout_s: float) -> Transport:
    if not url.hostname or url.path.strip("/"):
        raise ValueError("expected tcp://host:port")
    return TcpTransport(url.hostname, url.port or RAW_PORT, connect_timeout_s, io_timeout_s)


def _memory(url: SplitResult, _connect_timeout_s: float, _io_timeout_s: float) -> Transport:
    return MemoryTransport.named(url.netloc + url.path)


def _file(url: SplitResult, _connect_timeout_s: float, _io_timeout_s: float) -> Transport:
    return FileTransport(_path(url))


def _device(url: SplitResult, _connect_timeout_s: float, io_timeout_s: float) -> Transport:
    return DeviceTransport(_path(url), io_timeout_s)


def _path(url: SplitResult) -> Path:
    path = Path(unquote(url.path))
    if url.netloc or not path.is_absolute() or path == Path("/"):
        raise ValueError(f"expected an absolute path, as in {url.scheme}:///some/where")
    return path


TRANSPORTS: Final[dict[str, Callable[[SplitResult, float, float], Transport]]] = {
    "tcp": _tcp,
    "memory": _memory,
    "file": _file,
    "device": _device,
}
"""Every way by its URL scheme. A new one is a file here and an entry in this table."""


def open_transport(url: str, *, connect_timeout_s: float = 3, io_timeout_s: float = 5) -> Transport:
    """Prepare the way to a printer; nothing is connected yet.

    Args:
        url: `tcp://host:port` (port 9100 if left out), `device:///dev/usb/lp0`, `file:///folder`, `memory://name`.
        connect_timeout_s: Longest wait for a connection.
        io_timeout_s: Longest wait for a byte to be taken.

    Raises:
        PrinterError: The URL is not one of these.
    """
    scheme = url.partition("://")[0]
    if scheme not in TRANSPORTS:
        raise PrinterError(
            f"printer url {url!r}: expected one of {', '.join(f'{name}://' for name in TRANSPORTS)}"
        )
    try:
        return TRANSPORTS[scheme](urlsplit(url), connect_timeout_s, io_timeout_s)
    except ValueError as error:  # also what urlsplit and .port raise
        raise PrinterError(f"printer url {url!r}: {error}") from error


__all__ = ["TRANSPORTS", "Connection", "Transport", "open_transport"]
