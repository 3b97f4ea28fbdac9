import os
import termios
import threading
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from printers import PrinterUnreachable, PrintUnknown, open_transport
from printers.transports.serial_port import Flow, SerialTransport


@pytest.fixture
def line() -> Iterator[tuple[int, str]]:
    far, near = os.openpty()
    tty.setraw(near, termios.TCSANOW)
    yield far, os.ttyname(near)
    os.close(near)
    os.close(far)


def test_bytes_go_both_ways_at_the_speed_that_is_asked_for(line: tuple[int, str]) -> None:
    far, name = line
    transport = open_transport(f"serial://{name}?baud=38400&flow=xonxoff")
    assert transport.can_answer
    with transport.connection() as connection:
        connection.send(b"^XA\x00\xff^XZ")
        assert os.read(far, 100) == b"^XA\x00\xff^XZ"
        os.write(far, b"\x02030,0\x03")
        assert connection.receive(1, lambda answer: answer.endswith(b"\x03")) == b"\x02030,0\x03"
        settings = termios.tcgetattr(far)
        assert settings[5] == termios.B38400
        assert settings[0] & termios.IXON


def test_one_program_at_a_time(line: tuple[int, str]) -> None:
    _, name = line
    transport = open_transport(f"serial://{name}")
    with (
        transport.connection(),
        pytest.raises(PrinterUnreachable, match="expected to open it at 9600 baud"),
        transport.connection(),
    ):
        pass
    with transport.connection():
        pass


def test_what_the_driver_still_holds_is_not_called_sent(line: tuple[int, str]) -> None:
    _, name = line
    held = iter([64, 16, *[16] * 1000])
    transport = SerialTransport(Path(name), 9600, Flow.NONE, 0.05, held=lambda _node: next(held))
    with (
        transport.connection() as connection,
        pytest.raises(
            PrintUnknown, match=r"expected 100 bytes to be taken, got 84 and none more within 0.05 s"
        ),
    ):
        connection.send(b"x" * 100)


def test_it_waits_until_the_driver_holds_nothing(line: tuple[int, str]) -> None:
    _, name = line
    held = [2, 1, 0]
    transport = SerialTransport(Path(name), 9600, Flow.NONE, 1, held=lambda _node: held.pop(0))
    with transport.connection() as connection:
        connection.send(b"xx")
    assert held == []


def test_a_line_that_goes_while_its_bytes_are_held_is_unknown(line: tuple[int, str]) -> None:
    def gone(_node: int) -> int:
        raise OSError(5, "Input/output error")

    transport = SerialTransport(Path(line[1]), 9600, Flow.NONE, 1, held=gone)
    with (
        transport.connection() as connection,
        pytest.raises(PrintUnknown, match="expected the line to be there, got "),
    ):
        connection.send(b"xx")


def test_a_name_that_is_no_port(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for name in ("file", "nothing"):
        with (
            pytest.raises(
                PrinterUnreachable, match=f"^serial://{tmp_path}/{name}: expected to open it at 9600"
            ),
            open_transport(f"serial://{tmp_path}/{name}").connection(),
        ):
            pass


def test_a_job_that_broke_off_does_not_hold_the_port(line: tuple[int, str]) -> None:
    _, name = line
    transport = open_transport(f"serial://{name}", io_timeout_s=0.05)

    def break_off() -> None:
        with pytest.raises(PrintUnknown), transport.connection() as connection:
            connection.send(b"x" * 1_000_000)

    thread = threading.Thread(target=break_off)
    thread.start()
    thread.join(5)
    assert not thread.is_alive()
    with transport.connection():
        pass
