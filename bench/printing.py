"""Print jobs through a running kiosk to 1, 4 and 16 printers; beside it `lp` and raw queues of CUPS.

Kiosk and printers are processes of their own. The printers take a label in no time and answer `~HS`, so that
what is measured is what the kiosk adds. It asks after each label twice, a tenth of a second apart, before it
calls it printed; CUPS asks nothing and calls it printed when the bytes have left.
"""

import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from bench._memory import resident_mb
from kiosk.artwork import render_label
from tests.printers.transports.peers import add_raw_queue, cups, program

ROUNDS, EACH = 40, 25
COUNTS = (1, 4, 16)
BUDGET_MS = 10.0
LONG_S = 120.0
ROOT = Path(__file__).parents[1]
SOCKET = Path("/usr/lib/cups/backend/socket")
FIELDS = {"code": "ION/LOC/7", "name": "Shelf 7"}


@dataclass(frozen=True)
class Printers:
    """The printers' process."""

    control: int
    ports: list[int]

    def came(self) -> list[tuple[list[float], list[float]]]:
        """When labels began and ended to arrive, for each printer."""
        with socket.create_connection(("127.0.0.1", self.control)) as line:
            data = b""
            while more := line.recv(65536):
                data += more
        return [(begun, ended) for begun, ended in json.loads(data)]

    def wait_for(self, each: int) -> float:
        """Wait until every printer has so many labels; return when the last one came."""
        end = time.monotonic() + LONG_S
        while any(len(ended) < each for _, ended in self.came()):
            assert time.monotonic() < end, [len(ended) for _, ended in self.came()]
            time.sleep(0.05)
        return max(ended[each - 1] for _, ended in self.came())


@contextmanager
def started(*command: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a program; give it and the first line that it writes."""
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline()
        finally:
            process.terminate()
            process.wait(30)


@contextmanager
def printers(count: int) -> Iterator[Printers]:
    with started(sys.executable, "-m", "bench._paper", str(count)) as (_, line):
        control, *ports = json.loads(line)
        yield Printers(control, ports)


def settings(folder: Path, port: int, ports: list[int]) -> str:
    """A kiosk with a station for each printer; ION is away, as no label here needs it."""
    text = f"""
[ion]
url = "http://127.0.0.1:9/graphql"
token_url = "http://127.0.0.1:9/token"
client_id = "kiosk"
client_secret = "kiosk-secret"
[journal]
url = "sqlite:///{folder}/kiosk.db"
[web]
port = {port}
"""
    for number, one in enumerate(ports):
        text += f'[[stations]]\nname = "s{number}"\nprinter = "p{number}"\n'
        text += f'[[printers]]\nname = "p{number}"\nurl = "tcp://127.0.0.1:{one}"\n'
    return text


@contextmanager
def kiosk(folder: Path, far: Printers) -> Iterator[tuple[httpx.Client, int]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    config = folder / "kiosk.toml"
    config.write_text(settings(folder, port, far.ports))
    with (
        started(sys.executable, "-m", "kiosk", "serve", "--config", str(config)) as (process, line),
        httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=LONG_S) as client,
    ):
        assert line.startswith("Kiosk ready"), line
        yield client, process.pid


def post(client: httpx.Client, number: int, copies: int) -> None:
    body = {"station": f"s{number}", "label": "location", "fields": FIELDS, "copies": copies}
    client.post("/api/v1/labels", json=body).raise_for_status()


def first_bytes_ms(client: httpx.Client, far: Printers) -> list[float]:
    """From a job's acceptance to its first byte at the printer, one job after the other."""
    found = []
    for turn in range(1, ROUNDS + 1):
        post(client, 0, 1)
        accepted = time.monotonic()
        far.wait_for(turn)
        found.append(max(0.0, far.came()[0][0][turn - 1] - accepted) * 1000)
        time.sleep(0.3)  # until the kiosk has called it printed and rests
    return found


def measure_kiosk(count: int) -> tuple[float, float, list[float]]:
    """Labels a second over all printers, memory in MB, and with one printer the times to the first byte."""
    with (
        tempfile.TemporaryDirectory() as name,
        printers(count) as far,
        kiosk(Path(name), far) as (client, pid),
    ):
        times_ms = first_bytes_ms(client, far) if count == 1 else []
        done = len(times_ms)
        began = time.monotonic()
        for number in range(count):
            post(client, number, EACH)
        seconds = far.wait_for(done + EACH) - began
        return count * EACH / seconds, resident_mb(pid), times_ms


def lp(server: str, queue: str, label: Path) -> None:
    command = (str(program("lp")), "-h", server, "-d", queue, "-o", "raw", str(label))
    subprocess.run(command, check=True, capture_output=True, timeout=LONG_S)


def print_all(server: str, queue: str, label: Path) -> None:
    for _ in range(EACH):
        lp(server, queue, label)


def measure_cups(count: int) -> tuple[float, float, list[float]]:
    """The same by `lp`, one call a label, one caller a printer."""
    with ExitStack() as stack:
        name = stack.enter_context(tempfile.TemporaryDirectory())
        Path(name).chmod(0o755)
        far = stack.enter_context(printers(count))
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        server = stack.enter_context(cups(Path(name) / "cups", port))
        label = Path(name) / "label.zpl"
        label.write_bytes(render_label(ROOT / "templates" / "labels", "location", FIELDS, None, kind="zpl"))
        for number, one in enumerate(far.ports):
            add_raw_queue(server, f"p{number}", f"socket://127.0.0.1:{one}")
        times_ms = []
        for turn in range(1, (ROUNDS if count == 1 else 0) + 1):
            lp(server, "p0", label)
            accepted = time.monotonic()
            far.wait_for(turn)
            times_ms.append(max(0.0, far.came()[0][0][turn - 1] - accepted) * 1000)
        done = len(times_ms)
        began = time.monotonic()
        callers = [
            threading.Thread(target=print_all, args=(server, f"p{number}", label)) for number in range(count)
        ]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        seconds = far.wait_for(done + EACH) - began
        return count * EACH / seconds, resident_mb(cups_pid(name)), times_ms


def cups_pid(folder: str) -> int:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            words = path.read_bytes().decode(errors="replace").split("\0")
            if words[0].endswith("cupsd") and any(word.startswith(folder) for word in words):
                return int(path.parent.name)
    raise LookupError("no cupsd")


def shown(who: str, count: int, rate: float, memory_mb: float, times_ms: list[float]) -> None:
    first = f"{statistics.median(times_ms):8.2f}{sorted(times_ms)[-2]:8.2f}" if times_ms else " " * 16
    print(f"{who:22}{count:>9}{rate:>11.1f}{rate / count:>13.1f}{memory_mb:>9.1f}{first}", flush=True)


def main() -> int:
    print(f"{EACH} labels to each printer; first byte: median and second slowest of {ROUNDS}, in ms")
    print(f"budget: accepted -> first byte {BUDGET_MS:g} ms in the median")
    print(f"{'':22}{'printers':>9}{'labels/s':>11}{'each printer':>13}{'MB':>9}{'median':>8}{'slow':>8}")
    median_ms = 0.0
    for count in COUNTS:
        rate, memory_mb, times_ms = measure_kiosk(count)
        shown("kiosk, printed", count, rate, memory_mb, times_ms)
        median_ms = median_ms or statistics.median(times_ms)
    if os.geteuid() != 0 or not all(map(program, ("cupsd", "lpadmin", "lp"))) or not SOCKET.exists():
        print("lp and CUPS           not measured: needs root, and Debian's cups and cups-client")
    else:
        for count in COUNTS:
            shown("lp and CUPS, sent", count, *measure_cups(count))
    return 0 if median_ms <= BUDGET_MS else 1


if __name__ == "__main__":
    raise SystemExit(main())
