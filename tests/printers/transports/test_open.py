from pathlib import Path

import pytest

from printers import PrinterError, Transport, open_transport
from printers.transports import TRANSPORTS
from printers.transports.device import DeviceTransport
from printers.transports.file import FileTransport
from printers.transports.memory import MemoryTransport
from printers.transports.tcp import TcpTransport


@pytest.mark.parametrize(
    ("url", "transport"),
    [
        ("tcp://192.0.2.10:9101", TcpTransport("192.0.2.10", 9101, 3, 5)),
        ("tcp://zebra.example", TcpTransport("zebra.example", 9100, 3, 5)),
        ("tcp://[2001:db8::1]:9100", TcpTransport("2001:db8::1", 9100, 3, 5)),
        ("file:///var/spool/labels%20out", FileTransport(Path("/var/spool/labels out"))),
        ("device:///dev/usb/lp0", DeviceTransport(Path("/dev/usb/lp0"), 5)),
    ],
)
def test_urls(url: str, transport: Transport) -> None:
    assert open_transport(url) == transport


def test_time_outs_are_options() -> None:
    assert open_transport("tcp://h:1", connect_timeout_s=1, io_timeout_s=2) == TcpTransport("h", 1, 1, 2)


def test_a_name_in_memory_is_one_printer() -> None:
    one = open_transport("memory://test-open")
    assert isinstance(one, MemoryTransport)
    assert open_transport("memory://test-open") is one
    assert open_transport("memory://test-open-other") is not one


def test_every_scheme_is_known() -> None:
    assert set(TRANSPORTS) == {"tcp", "memory", "file", "device"}


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("", "printer url '': expected one of tcp://, memory://, file://, device://"),
        ("lp0", "printer url 'lp0': expected one of tcp://, memory://, file://, device://"),
        ("http://x", "printer url 'http://x': expected one of tcp://, memory://, file://, device://"),
        ("tcp://", "printer url 'tcp://': expected tcp://host:port"),
        ("tcp://h/queue", "printer url 'tcp://h/queue': expected tcp://host:port"),
        ("file://here", "printer url 'file://here': expected an absolute path, as in file:///some/where"),
        ("device:///", "printer url 'device:///': expected an absolute path, as in device:///some/where"),
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
