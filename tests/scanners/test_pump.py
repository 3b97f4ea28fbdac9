import os
import signal
import subprocess
import sys
import time
import tty
from collections.abc import Iterator
from io import FileIO
from pathlib import Path

import pytest

from kiosk.scanners import pump
from kiosk.scanners.pump import Pump
from tests.checkout import ROOT

LONG_S = 5.0


class Wire:
    """A pty: what is written to ``far_end`` the pump reads."""

    def __init__(self) -> None:
        self.far_end, self._near_end = os.openpty()
        self._ends = [self._near_end, self.far_end]
        tty.setraw(self._near_end)
        self.device = FileIO(os.open(os.ttyname(self._near_end), os.O_RDONLY | os.O_NONBLOCK), "rb")

    def unplug(self) -> None:
        while self._ends:
            os.close(self._ends.pop())


@pytest.fixture
def wire() -> Iterator[Wire]:
    wire = Wire()
    yield wire
    wire.unplug()


def received(link: Pump, count: int) -> bytes:
    came = b""
    while len(came) < count:
        data = link.receive(LONG_S)
        assert data
        came += data
    return came


def test_what_the_device_sends_arrives(wire: Wire) -> None:
    link = Pump(wire.device)
    assert link.receive(0.01) == b""
    os.write(wire.far_end, bytes(range(256)))
    assert received(link, 256) == bytes(range(256))
    link.close()


def test_a_long_scan_is_kept_for_a_reader_that_is_busy(wire: Wire) -> None:
    link = Pump(wire.device)
    long = b"\xa5" * (3000 * 6 * 24)
    sent = 0
    while sent < len(long):
        sent += os.write(wire.far_end, long[sent : sent + 4096])
    assert received(link, len(long)) == long
    link.close()


def test_what_came_before_the_unplug_arrives_and_then_it_is_gone(wire: Wire) -> None:
    link = Pump(wire.device)
    os.write(wire.far_end, b"LAST")
    assert received(link, 4) == b"LAST"
    wire.unplug()
    with pytest.raises(OSError, match="end of file"):
        link.receive(LONG_S)
    link.close()


def test_a_closed_pump_leaves_nothing_behind(wire: Wire) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    link = Pump(wire.device)
    process = link._process.pid
    link.close()
    assert len(list(Path("/proc/self/fd").iterdir())) == before - 1
    assert wire.device.closed
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


def test_a_pump_whose_program_was_killed_ends_at_the_next_key(wire: Wire) -> None:
    source = (
        "import sys, time; from io import FileIO; from kiosk.scanners.pump import Pump\n"
        "pump = Pump(FileIO(sys.argv[1], 'rb')); print(pump._process.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", source, os.ttyname(wire._near_end)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdout is not None
        stat = Path(f"/proc/{int(program.stdout.readline())}/stat")
        program.send_signal(signal.SIGKILL)
    assert stat.exists()
    os.write(wire.far_end, b"key")
    until_s = time.monotonic() + LONG_S
    while stat.exists() and " Z " not in stat.read_text(encoding="ascii"):
        assert time.monotonic() < until_s
        time.sleep(0.01)
    wire.device.close()


def test_without_its_program_the_device_is_let_go(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pump, "_PUMP", ("no-such-program",))
    with pytest.raises(ValueError, match=r"one that 'no-such-program' cannot be started for .*No such file"):
        Pump(wire.device)
    assert wire.device.closed
