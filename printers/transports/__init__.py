"""Ways to a printer, opened by URL."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from printers.errors import PrinterError
from printers.transports.base import Connection, TellsStatus, Transport
from printers.transports.device import DeviceTransport, FixedNode
from printers.transports.file import FileTransport
from printers.transports.ipp import IppTransport
from printers.transports.memory import MemoryTransport
from printers.transports.serial_port import Flow, SerialTransport
from printers.transports.tcp import TcpTransport
from printers.transports.usb_identity import UsbIdentity

RAW_PORT: Final = 9100
IPP_PORT: Final = 631


@dataclass(frozen=True, slots=True)
class Options:
    """What a way to a printer is told beside its address."""

    connect_timeout_s: float
    """Longest wait for a connection."""
    io_timeout_s: float
    """Longest wait for a byte to be taken."""
    content_type: str
    """Of what is sent, for ways that name it."""


def _tcp(url: SplitResult, options: Options) -> Transport:
    if not url.hostname or url.path.strip("/"):
        raise ValueError("expected tcp://host:port")
    return TcpTransport(url.hostname, url.port or RAW_PORT, options.connect_timeout_s, options.io_timeout_s)


def _memory(url: SplitResult, _options: Options) -> Transport:
    return MemoryTransport.named(url.netloc + url.path)


def _file(url: SplitResult, _options: Options) -> Transport:
    return FileTransport(_path(url))


def _device(url: SplitResult, options: Options) -> Transport:
    if url.netloc:
        return DeviceTransport(UsbIdentity.read(unquote(url.netloc + url.path)), options.io_timeout_s)
    return DeviceTransport(FixedNode(_path(url)), options.io_timeout_s)


def _serial(url: SplitResult, options: Options) -> Transport:
    said = _query(url, {"baud": "9600", "flow": "none"})
    if not said["baud"].isdecimal() or said["flow"] not in tuple(Flow):
        raise ValueError(f"expected {url.scheme}:///some/port?baud=9600&flow={'|'.join(Flow)}")
    return SerialTransport(_path(url), int(said["baud"]), Flow(said["flow"]), options.io_timeout_s)


def _ipp(url: SplitResult, options: Options) -> Transport:
    said = _query(url, {"format": options.content_type, "ca": ""})
    if not url.hostname or not url.path.strip("/"):
        raise ValueError(f"expected {url.scheme}://host:{IPP_PORT}/ipp/print")
    return IppTransport(
        url.hostname,
        url.port or IPP_PORT,
        url.path,
        said["format"],
        is_encrypted=url.scheme == "ipps",
        ca=Path(said["ca"]) if said["ca"] else None,
        connect_timeout_s=options.connect_timeout_s,
        io_timeout_s=options.io_timeout_s,
    )


def _path(url: SplitResult) -> Path:
    path = Path(unquote(url.path))
    if url.netloc or not path.is_absolute() or path == Path("/"):
        raise ValueError(f"expected an absolute path, as in {url.scheme}:///some/where")
    return path


def _query(url: SplitResult, known: dict[str, str]) -> dict[str, str]:
    """Return what is said after the question mark, with defaults for what is not."""
    said = dict(parse_qsl(url.query, keep_blank_values=True))
    if unknown := sorted(set(said) - set(known)):
        raise ValueError(f"expected only {', '.join(sorted(known))} after the question mark, got {unknown}")
    return known | said


TRANSPORTS: Final[dict[str, Callable[[SplitResult, Options], Transport]]] = {
    "tcp": _tcp,
    "device": _device,
    "serial": _serial,
    "ipp": _ipp,
    "ipps": _ipp,
    "file": _file,
    "memory": _memory,
}
"""Every way by its URL scheme. A new one is a file here and an entry in this table."""


def open_transport(
    url: str,
    *,
    connect_timeout_s: float = 3,
    io_timeout_s: float = 5,
    content_type: str = "application/octet-stream",
) -> Transport:
    """Prepare the way to a printer; nothing is connected yet.

    Args:
        url: `tcp://host:port` (port 9100 if left out), `device:///dev/usb/lp0`,
            `device://vendor:product:serial`, `serial:///dev/serial/by-id/name?baud=9600&flow=xonxoff`,
            `ipp://host:631/ipp/print`, `ipps://` alike, `file:///folder`, `memory://name`.
        connect_timeout_s: Longest wait for a connection.
        io_timeout_s: Longest wait for a byte to be taken.
        content_type: Of what will be sent, for print services.

    Raises:
        PrinterError: The URL is not one of these.
    """
    scheme = url.partition("://")[0]
    if scheme not in TRANSPORTS:
        raise PrinterError(
            f"printer url {url!r}: expected one of {', '.join(f'{name}://' for name in TRANSPORTS)}"
        )
    try:
        return TRANSPORTS[scheme](urlsplit(url), Options(connect_timeout_s, io_timeout_s, content_type))
    except ValueError as error:  # also what urlsplit and .port raise
        raise PrinterError(f"printer url {url!r}: {error}") from error


__all__ = ["TRANSPORTS", "Connection", "TellsStatus", "Transport", "open_transport"]
