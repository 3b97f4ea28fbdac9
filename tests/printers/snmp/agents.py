"""Agents to ask: one that is told what to answer, and Debian's snmpd on this machine only."""

import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from printers.snmp import SnmpAgent
from tests.printers.transports.peers import program, running


class FakeAgent:
    """Answers each datagram with those that a function makes of it."""

    def __init__(self, behave: Callable[[bytes], list[bytes]]) -> None:
        self.asked: list[bytes] = []
        self._behave = behave
        self._line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._line.bind(("127.0.0.1", 0))
        self._line.settimeout(0.05)
        self.port: int = self._line.getsockname()[1]
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        self._stopping.set()
        self._thread.join()
        self._line.close()

    def _serve(self) -> None:
        while not self._stopping.is_set():
            try:
                question, sender = self._line.recvfrom(65535)
            except TimeoutError:
                continue
            self.asked.append(question)
            for answer in self._behave(question):
                self._line.sendto(answer, sender)


SNMPD = program("snmpd")
_STARTS = 3
_PATIENCE_S = 20.0
_CONFIGURATION = """agentaddress udp:127.0.0.1:{port}
rocommunity public 127.0.0.1
{values}
"""


@contextmanager
def snmpd(folder: Path, port: int, values: dict[str, str]) -> Iterator[None]:
    """Run net-snmp's agent; it says these values of a printer: by name in numbers, its type and value."""
    lines = "\n".join(f"override {name} {value}" for name, value in values.items())
    configuration = folder / "snmpd.conf"
    configuration.write_text(_CONFIGURATION.format(port=port, values=lines))
    command = (str(SNMPD), "-f", "-Lf", str(folder / "snmpd.log"), "-C", "-c", str(configuration))
    modules = "-smux,hr_device,hr_print,hrh_filesys,hr_filesys,hr_partition,hr_disk"
    state = {"SNMP_PERSISTENT_DIR": str(folder / "state"), "MIBS": ""}
    out = folder / "snmpd.out"
    for _ in range(_STARTS):
        with running(*command, "-I", modules, log=out, environment=state) as process:
            if _answers(process, port):
                yield
                return
    raise AssertionError(f"no snmpd: {out.read_text()}{(folder / 'snmpd.log').read_text()}")


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    """Wait until it answers, as long as it lives."""
    agent = SnmpAgent("127.0.0.1", port, timeout_s=0.2)
    end_s = time.monotonic() + _PATIENCE_S
    while process.poll() is None and time.monotonic() < end_s:
        if agent.get([(1, 3, 6, 1, 2, 1, 1, 1, 0)]) is not None:
            return True
    return False


def free_udp_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        port: int = line.getsockname()[1]
        return port
