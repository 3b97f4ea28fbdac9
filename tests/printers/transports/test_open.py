from pathlib import Path

import pytest

from printers import PrinterError, Transport, open_transport
from printers.transports import TRANSPORTS
from printers.transports.device import DeviceTransport, FixedNode
from printers.transports.file import FileTransport
from printers.transports.ipp import IppTransport
from printers.transports.memory import MemoryTransport
from printers.transports.serial_port import Flow, SerialTransport
from printers.transports.tcp import TcpTransport
from printers.transports.usb_identity import UsbIdentity


def ipp(
    host: str, port: int, path: str, kind: str = "application/octet-stream", ca: Path | None = None
) -> IppTransport:
    return IppTransport(
        host, port, path, kind, is_encrypted=ca is not None, ca=ca, connect_timeout_s=3, io_timeout_s=5
    )


@pytest.mark.parametrize(
    ("url", "transport"),
    [
        ("tcp://192.0.2.10:9101", TcpTransport("192.0.2.10", 9101, 3, 5)),
        ("tcp://zebra.example", TcpTransport("zebra.example", 9100, 3, 5)),
        ("tcp://[2001:db8::1]:9100", TcpTransport("2001:db8::1", 9100, 3, 5)),
        ("file:///var/spool/labels%20out", FileTransport(Path("/var/spool/labels out"))),
        ("device:///dev/usb/lp0", DeviceTransport(FixedNode(Path("/dev/usb/lp0")), 5)),
        ("device://0A5F:0120", DeviceTransport(UsbIdentity("0a5f", "0120", ""), 5)),
        ("device://0a5f:0120:28J%2F1", DeviceTransport(UsbIdentity("0a5f", "0120", "28J/1"), 5)),
        ("serial:///dev/ttyS0", SerialTransport(Path("/dev/ttyS0"), 9600, Flow.NONE, 5)),
        (
            "serial:///dev/serial/by-id/a?baud=115200&flow=rtscts",
            SerialTransport(Path("/dev/serial/by-id/a"), 115200, Flow.RTS_CTS, 5),
        ),
        ("ipp://h/ipp/print", ipp("h", 631, "/ipp/print")),
        (
            "ipp://[::1]:8631/q?format=application/vnd.cups-raw",
            ipp("::1", 8631, "/q", "application/vnd.cups-raw"),
        ),
        ("ipps://h/p?ca=/etc/p.pem", ipp("h", 631, "/p", ca=Path("/etc/p.pem"))),
    ],
)
def test_urls(url: str, transport: Transport) -> None:
    assert open_transport(url) == transport


def test_a_service_is_told_what_it_gets() -> None:
    found = open_transport("ipp://h/ipp/print", content_type="application/vnd.zebra-zpl")
    assert isinstance(found, IppTransport)
    assert (found.content_type, found.uri) == ("application/vnd.zebra-zpl", "ipp://h:631/ipp/print")


def test_time_outs_are_options() -> None:
    assert open_transport("tcp://h:1", connect_timeout_s=1, io_timeout_s=2) == TcpTransport("h", 1, 1, 2)


def test_a_name_in_memory_is_one_printer() -> None:
    one = open_transport("memory://test-open")
    assert isinstance(one, MemoryTransport)
    assert open_transport("memory://test-open") is one
    assert open_transport("memory://test-open-other") is not one


def test_every_scheme_is_known() -> None:
    assert set(TRANSPORTS) == {"tcp", "memory", "file", "device", "serial", "ipp", "ipps"}


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (
            "",
            "printer url '': expected one of tcp://, device://, serial://, ipp://, ipps://, file://, memory://",
        ),
        (
            "lp0",
            "printer url 'lp0': expected one of tcp://, device://, serial://, ipp://, ipps://, file://, memory://",
        ),
        (
            "http://x",
            "printer url 'http://x': expected one of tcp://, device://, serial://, ipp://, ipps://, file://, memory://",
        ),
        ("tcp://", "printer url 'tcp://': expected tcp://host:port"),
        ("tcp://h/queue", "printer url 'tcp://h/queue': expected tcp://host:port"),
        ("file://here", "printer url 'file://here': expected an absolute path, as in file:///some/where"),
        ("device:///", "printer url 'device:///': expected an absolute path, as in device:///some/where"),
        (
            "device://lp0",
            "printer url 'device://lp0': expected device:///dev/usb/lp0 or device://vendor:product:serial",
        ),
        (
            "serial:///dev/ttyS0?speed=9600",
            (
                "printer url 'serial:///dev/ttyS0?speed=9600': "
                "expected only baud, flow after the question mark, got ['speed']"
            ),
        ),
        (
            "serial:///dev/ttyS0?baud=fast",
            (
                "printer url 'serial:///dev/ttyS0?baud=fast': "
                "expected serial:///some/port?baud=9600&flow=none|xonxoff|rtscts"
            ),
        ),
        ("ipp://", "printer url 'ipp://': expected ipp://host:631/ipp/print"),
        ("ipps://h", "printer url 'ipps://h': expected ipps://host:631/ipp/print"),
    ],
)
def test_urls_that_are_none(url: str, message: str) -> None:
    with pytest.raises(PrinterError) as caught:
        open_transport(url)
    assert str(caught.value) == message


@pytest.mark.parametrize("url", ["tcp://h:port", "tcp://h:99999", "tcp://[::1"])
def test_urls_the_standard_library_refuses(url: str) -> None:
    with pytest.raises(PrinterError, match=r"^printer url 'tcp://"):
        open_transport(url)
