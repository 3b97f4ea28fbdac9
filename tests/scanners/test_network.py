import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
import serial
import serial.rfc2217

from kiosk.errors import ScanError, ScannerGone
from kiosk.scanners import SCANNERS
from kiosk.scanners.collector import MAX_SCAN_BYTES
from kiosk.scanners.link import DescriptorLink
from kiosk.scanners.network import NetworkScanner
from kiosk.settings import ScannerSettings

LONG_S = 5.0
TCP_REPAIR = 19


def settings(port: str, silence_ms: int = 5000, blank_ms: int = 0) -> ScannerSettings:
    return ScannerSettings(
        name="gun", station="dock-1", kind="network", port=port, silence_ms=silence_ms, blank_ms=blank_ms
    )


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(LONG_S)
        yield server


def url(server: socket.socket, scheme: str = "socket") -> str:
    return f"{scheme}://127.0.0.1:{server.getsockname()[1]}"


@pytest.fixture
def scanner(server: socket.socket) -> Iterator[NetworkScanner]:
    scanner = NetworkScanner(settings(url(server)))
    yield scanner
    scanner.close()


@pytest.fixture
def far_end(server: socket.socket, scanner: NetworkScanner) -> Iterator[socket.socket]:
    scanner.open()
    with server.accept()[0] as far_end:
        yield far_end


def test_the_registry_knows_it(server: socket.socket) -> None:
    scanner = SCANNERS["network"](settings(url(server)))
    scanner.open()
    with server.accept()[0] as far_end:
        far_end.sendall(b"A\r")
        assert scanner.read(LONG_S) == (b"A",)
    scanner.close()


def test_scans_and_half_a_scan(far_end: socket.socket, scanner: NetworkScanner) -> None:
    far_end.sendall(b"A\r\nB\r\nC")
    assert scanner.read(LONG_S) == (b"A", b"B")
    assert scanner.read(0.02) == ()
    far_end.sendall(b"D\r")
    assert scanner.read(LONG_S) == (b"CD",)


def test_every_byte_arrives(far_end: socket.socket, scanner: NetworkScanner) -> None:
    data = bytes(byte for byte in range(256) if byte not in b"\r\n")
    far_end.sendall(data + b"\r")
    assert scanner.read(LONG_S) == (data,)


def test_a_scan_without_suffix_ends_after_silence(server: socket.socket) -> None:
    scanner = NetworkScanner(settings(url(server), silence_ms=20))
    scanner.open()
    with server.accept()[0] as far_end:
        far_end.sendall(b"NO-SUFFIX")
        assert scanner.read(LONG_S) == (b"NO-SUFFIX",)
    scanner.close()


def test_too_long_is_said_and_the_next_is_read(far_end: socket.socket, scanner: NetworkScanner) -> None:
    far_end.sendall(b"x" * (MAX_SCAN_BYTES + 1) + b"\rNEXT\r")
    with pytest.raises(ScanError, match=f"more than {MAX_SCAN_BYTES} bytes"):
        scanner.read(LONG_S)
    assert scanner.read(LONG_S) == (b"NEXT",)


def test_what_comes_twice_at_once_counts_once_where_that_is_set(server: socket.socket) -> None:
    scanner = NetworkScanner(settings(url(server), blank_ms=5000))
    scanner.open()
    with server.accept()[0] as far_end:
        far_end.sendall(b"A\rA\rB\r")
        assert scanner.read(LONG_S) == (b"A",)
        with pytest.raises(ScanError) as caught:
            scanner.read(LONG_S)
        assert str(caught.value) == (
            "Scanner 'gun' sent the same code again within 5000 ms; "
            "it counts once. Wait a moment where it is another piece with an equal label."
        )
        assert scanner.read(LONG_S) == (b"B",)
    scanner.close()


def test_what_comes_twice_counts_twice_where_nothing_is_set(
    far_end: socket.socket, scanner: NetworkScanner
) -> None:
    far_end.sendall(b"A\rA\r")
    assert scanner.read(LONG_S) == (b"A", b"A")


def test_gone_and_back(server: socket.socket, far_end: socket.socket, scanner: NetworkScanner) -> None:
    far_end.sendall(b"HALF")
    assert scanner.read(0.02) == ()
    far_end.close()
    with pytest.raises(ScannerGone) as caught:
        scanner.read(LONG_S)
    assert str(caught.value) == (
        "Scanner 'gun' went away. Check its power and the network; it is opened again by itself. "
        f"An unfinished scan of 4 bytes was dropped: scan it again. ({url(server)!r}: end of file)"
    )
    scanner.open()
    with server.accept()[0] as again:
        again.sendall(b"BACK\r")
        assert scanner.read(LONG_S) == (b"BACK",)


def test_reset_by_the_other_side(far_end: socket.socket, scanner: NetworkScanner) -> None:
    far_end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    far_end.close()
    with pytest.raises(ScannerGone, match=r"went away\. .*reset by peer"):
        scanner.read(LONG_S)


def test_the_last_scan_before_the_end_is_read(far_end: socket.socket, scanner: NetworkScanner) -> None:
    far_end.sendall(b"LAST\r")
    far_end.close()
    assert scanner.read(LONG_S) == (b"LAST",)
    with pytest.raises(ScannerGone):
        scanner.read(LONG_S)


def test_a_connection_is_kept_alive(far_end: socket.socket, scanner: NetworkScanner) -> None:
    assert far_end
    link = scanner._link
    assert isinstance(link, DescriptorLink)
    with socket.socket(fileno=socket.dup(link.fileno())) as connection:
        options = [
            connection.getsockopt(*option)
            for option in (
                (socket.SOL_SOCKET, socket.SO_KEEPALIVE),
                (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE),
                (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL),
                (socket.IPPROTO_TCP, socket.TCP_KEEPCNT),
            )
        ]
    assert options == [1, 2, 2, 10]


def test_a_scanner_that_lost_power_is_noticed_once_it_is_back(
    far_end: socket.socket, scanner: NetworkScanner
) -> None:
    try:
        far_end.setsockopt(socket.IPPROTO_TCP, TCP_REPAIR, 1)
    except PermissionError:
        pytest.skip("NOT RUN: forgetting a connection without a word needs root (TCP_REPAIR)")
    # In repair mode the kernel forgets the connection without telling the other side, as a power cut does.
    far_end.close()
    began_s = time.monotonic()
    with pytest.raises(ScannerGone, match=r"went away\. .*reset by peer"):
        scanner.read(10)
    assert 1 < time.monotonic() - began_s < LONG_S


def test_refused(free_port: int) -> None:
    port = f"socket://127.0.0.1:{free_port}"
    with pytest.raises(ScannerGone) as caught:
        NetworkScanner(settings(port)).open()
    assert str(caught.value) == (
        "Cannot open scanner 'gun': refused. Check its port number, and whether another program "
        f"is connected to it; the kiosk tries again by itself. ({port!r})"
    )


def test_an_unknown_name() -> None:
    with pytest.raises(
        ScannerGone, match=r"nobody knows this host's name .*Check the name, or use its address"
    ):
        NetworkScanner(settings("socket://no-such-host.invalid:4001")).open()


def test_no_answer() -> None:
    said = NetworkScanner(settings("socket://192.0.2.1:4001"))._why_not(TimeoutError("timed out"))
    assert said == (
        "it does not answer (the system says: timed out). Check its power and the network; "
        "it is connected by itself when it is back."
    )


def test_a_port_number_that_cannot_be() -> None:
    with pytest.raises(ScannerGone, match=r"expected a scanner or a serial server .* got: Port out of range"):
        NetworkScanner(settings("socket://127.0.0.1:99999")).open()


class SerialServer(threading.Thread):
    """An RFC 2217 server of pyserial's own making, with a scanner on its port that sends when told."""

    def __init__(self, server: socket.socket) -> None:
        super().__init__()
        self._server = server
        self.port = serial.serial_for_url("loop://", baudrate=300, timeout=0)
        self.connection = socket.socket()

    def run(self) -> None:
        self.connection.close()
        self.connection = self._server.accept()[0]
        manager = serial.rfc2217.PortManager(self.port, self)  # type: ignore[arg-type] # needs less than it says
        self._manager = manager
        with suppress(OSError):
            while data := self.connection.recv(1024):
                for _ in manager.filter(data):
                    raise AssertionError("the kiosk wrote data to the scanner")

    def write(self, data: bytes) -> None:
        self.connection.sendall(data)

    def scan(self, data: bytes) -> None:
        self.write(b"".join(self._manager.escape(data)))

    def stop(self) -> None:
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
        self.join()
        self.connection.close()
        self.port.close()


@pytest.fixture
def serial_server(server: socket.socket) -> Iterator[SerialServer]:
    thread = SerialServer(server)
    thread.start()
    yield thread
    thread.stop()


def test_rfc2217(server: socket.socket, serial_server: SerialServer) -> None:
    scanner = NetworkScanner(settings(url(server, "rfc2217")).model_copy(update={"baud": 9600}))
    scanner.open()
    data = bytes(byte for byte in range(256) if byte not in b"\r\n")
    serial_server.scan(data + b"\r")
    assert scanner.read(LONG_S) == (data,)
    assert serial_server.port.baudrate == 9600
    serial_server.scan(b"LAST\r")
    serial_server.stop()
    assert scanner.read(LONG_S) == (b"LAST",)
    with pytest.raises(ScannerGone, match=r"went away\. .*: end of file\)"):
        scanner.read(LONG_S)


def test_a_plain_port_is_no_serial_server(server: socket.socket) -> None:
    scanner = NetworkScanner(settings(url(server, "rfc2217")))
    with pytest.raises(ScannerGone) as caught:
        scanner.open()
    assert str(caught.value).endswith(
        ": expected a serial server with RFC 2217 at 115200 baud, "
        "got: no answer in RFC 2217; a raw TCP port is named socket://host:port "
        f"({url(server, 'rfc2217')!r})"
    )


def answering(server: socket.socket, answer: bytes) -> threading.Thread:
    """Return a started thread that takes one connection, gives this answer, and reads to the end."""

    def answer_once() -> None:
        with server.accept()[0] as far_end:
            far_end.sendall(answer)
            with suppress(OSError):
                while far_end.recv(1024):
                    pass

    thread = threading.Thread(target=answer_once)
    thread.start()
    return thread


def test_what_came_while_the_line_was_set_up_is_read(server: socket.socket) -> None:
    thread = answering(server, b"EARLY\r\xff\xfb\0\xff\xfd\x2c" + bytes.fromhex("fffa2c650001c200fff0"))
    scanner = NetworkScanner(settings(url(server, "rfc2217")))
    scanner.open()
    assert scanner.read(LONG_S) == (b"EARLY",)
    scanner.close()
    thread.join()


def test_a_line_of_another_speed_is_said(server: socket.socket) -> None:
    thread = answering(server, b"\xff\xfb\0\xff\xfd\x2c" + bytes.fromhex("fffa2c6500002580fff0"))
    with pytest.raises(ScannerGone, match=r"at 115200 baud, got: a line at 9600 baud; set baud to it"):
        NetworkScanner(settings(url(server, "rfc2217"))).open()
    thread.join()
