import os
import termios
import threading
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from printers import PrinterNotReady, PrinterUnreachable, PrintUnknown, open_transport


class Pty:
    """A pseudo terminal in the place of a device: the far end's side of it, and the node's URL."""

    def __init__(self) -> None:
        self.far, self._near = os.openpty()
        tty.setraw(self._near, termios.TCSANOW)
        self.url = f"device://{os.ttyname(self._near)}"

    def pull_out(self) -> None:
        os.close(self.far)
        self.far = -1

    def close(self) -> None:
        os.close(self._near)
        if self.far >= 0:
            os.close(self.far)


@pytest.fixture
def pty() -> Iterator[Pty]:
    one = Pty()
    yield one
    one.close()


def never(_answer: bytes) -> bool:
    return False


def test_bytes_go_both_ways(pty: Pty) -> None:
    transport = open_transport(pty.url)
    assert transport.can_answer
    heard = b""

    def read() -> None:
        nonlocal heard
        while len(heard) < 20_000:
            heard += os.read(pty.far, 4096)

    reader = threading.Thread(target=read)
    reader.start()
    with transport.connection() as connection:
        connection.send(b"x" * 20_000)
        reader.join(5)
        os.write(pty.far, b"fine;")
        assert connection.receive(5, lambda answer: answer.endswith(b";")) == b"fine;"
        assert connection.receive(0.02, never) == b""
    assert heard == b"x" * 20_000


def test_gone_and_back(tmp_path: Path) -> None:
    node = tmp_path / "lp0"
    transport = open_transport(f"device://{node}", io_timeout_s=0.05)
    with pytest.raises(PrinterUnreachable) as caught, transport.connection():
        pass
    assert str(caught.value).startswith(f"device://{node}: expected to open it, got ")
    os.mkfifo(node)
    with transport.connection() as connection:
        connection.send(b"label")
        assert connection.receive(1, bool) == b"label"


def test_nobody_reading_stops_the_job_half_way(tmp_path: Path) -> None:
    node = tmp_path / "lp0"
    os.mkfifo(node)
    with open_transport(f"device://{node}", io_timeout_s=0.05).connection() as connection:
        with pytest.raises(
            PrintUnknown, match=r"expected 1000000 bytes to be taken, got 65536 and none more within"
        ):
            connection.send(b"x" * 1_000_000)
        with pytest.raises(
            PrinterNotReady, match=r"expected 5 bytes to be taken, got 0 and none more within 0.05 s"
        ):
            connection.send(b"label")


def test_pulled_out_half_way(pty: Pty) -> None:
    with open_transport(pty.url, io_timeout_s=0.2).connection() as connection:
        connection.send(b"label")
        pty.pull_out()
        with pytest.raises(PrintUnknown, match=r"expected 4 bytes to be taken, got .* after 0"):
            connection.send(b"more")
        assert connection.receive(1, never) == b""
        assert connection.is_closed
