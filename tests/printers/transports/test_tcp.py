import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from printers import PrinterNotReady, PrinterUnreachable, PrintUnknown, open_transport
from printers.transports.base import LARGEST_ANSWER

Peer = Callable[[socket.socket], None]


@contextmanager
def peer(behave: Peer, *, times: int = 1, buffer: int | None = None) -> Iterator[str]:
    listener = socket.socket()
    if buffer is not None:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    listener.settimeout(5)

    def serve() -> None:
        for _ in range(times):
            line, _ = listener.accept()
            with line:
                line.settimeout(5)
                behave(line)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"tcp://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        thread.join(6)
        listener.close()
        assert not thread.is_alive()


def never(_answer: bytes) -> bool:
    return False


def read_all(line: socket.socket) -> bytes:
    data = b""
    while more := line.recv(65536):
        data += more
    return data


def test_everything_sent_arrives_and_the_answer_comes_back() -> None:
    heard: list[bytes] = []

    def behave(line: socket.socket) -> None:
        line.sendall(b"par")
        line.sendall(b"tly;")
        heard.append(read_all(line))

    with peer(behave) as url:
        transport = open_transport(url)
        assert transport.can_answer
        with transport.connection() as connection:
            connection.send(b"x" * 200_000)
            assert connection.receive(5, lambda answer: answer.endswith(b";")) == b"partly;"
            assert not connection.is_closed
    assert heard == [b"x" * 200_000]


def test_a_job_is_not_lost_when_an_answer_was_left_unread() -> None:
    heard: list[bytes] = []

    def behave(line: socket.socket) -> None:
        line.sendall(b"unasked for")
        time.sleep(0.05)
        heard.append(read_all(line))

    with peer(behave) as url, open_transport(url).connection() as connection:
        connection.send(b"label")
    assert heard == [b"label"]


def test_silence_ends_with_the_time() -> None:
    stop = threading.Event()
    with peer(lambda _line: (None, stop.wait(5))[0]) as url, open_transport(url).connection() as connection:
        start = time.monotonic()
        assert connection.receive(0.05, never) == b""
        assert 0.04 < time.monotonic() - start < 1
        assert not connection.is_closed
        stop.set()


def test_a_flood_is_cut_off() -> None:
    def behave(line: socket.socket) -> None:
        line.sendall(b"x" * (LARGEST_ANSWER + 1000))

    with peer(behave) as url, open_transport(url).connection() as connection:
        assert connection.receive(5, never) == b"x" * LARGEST_ANSWER


def test_hanging_up_in_good_order_is_noticed() -> None:
    with (
        peer(lambda line: line.shutdown(socket.SHUT_WR)) as url,
        open_transport(url).connection() as connection,
    ):
        assert connection.receive(5, never) == b""
        assert connection.is_closed


def test_gone_and_back() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    transport = open_transport(f"tcp://127.0.0.1:{port}", connect_timeout_s=1)
    with pytest.raises(PrinterUnreachable) as caught, transport.connection():
        pass
    assert str(caught.value).startswith(f"tcp://127.0.0.1:{port}: expected a connection, got ")
    with socket.create_server(("127.0.0.1", port)), transport.connection() as connection:
        connection.send(b"back")


@pytest.mark.parametrize("host", ["x" * 70, "a..b"])
def test_a_host_that_is_none(host: str) -> None:
    with pytest.raises(PrinterUnreachable), open_transport(f"tcp://{host}:1").connection():
        pass


def send(url: str, data: bytes, io_timeout_s: float = 5) -> None:
    with open_transport(url, io_timeout_s=io_timeout_s).connection() as connection:
        connection.send(data)


def hear_and_reset(line: socket.socket) -> None:
    line.recv(1000)
    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def test_hang_up_half_way_leaves_the_outcome_unknown() -> None:
    message = r"expected 20000000 bytes to be taken, got "
    with peer(hear_and_reset) as url, pytest.raises(PrintUnknown, match=message):
        send(url, b"x" * 20_000_000)


def test_torn_down_while_waiting_leaves_the_outcome_unknown() -> None:
    with peer(hear_and_reset) as url, open_transport(url).connection() as connection:
        connection.send(b"label")
        with pytest.raises(PrintUnknown, match=r"expected an answer, got "):
            connection.receive(5, never)


@contextmanager
def deaf_peer() -> Iterator[str]:
    stop = threading.Event()
    with peer(lambda _line: (None, stop.wait(5))[0], buffer=4096) as url:
        try:
            yield url
        finally:
            stop.set()


def test_a_peer_that_never_reads_stops_the_job_half_way() -> None:
    message = r"expected 20000000 bytes to be taken, got timed out after [1-9]"
    with deaf_peer() as url, pytest.raises(PrintUnknown, match=message):
        send(url, b"x" * 20_000_000, io_timeout_s=0.1)


def test_nothing_taken_at_all_may_be_tried_again() -> None:
    with deaf_peer() as url, open_transport(url, io_timeout_s=0.1).connection() as connection:
        with pytest.raises(PrintUnknown):
            connection.send(b"x" * 20_000_000)
        with pytest.raises(
            PrinterNotReady, match=r"expected the printer to take them within 0\.1 s, got none"
        ):
            connection.send(b"y" * 200_000)
