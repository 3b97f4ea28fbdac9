"""The whole way of a scan through a running kiosk: latency by stage, label, memory, start.

The kiosk is a process of its own, the scanner a pseudo terminal, ION the simulator over HTTP. Beside it, in
the same run, what no kiosk could do without: an fdatasync of as many bytes on the same disk, and one POST to
a bare waitress application and its answer.

What is answered from memory is asked for anew 50 ms later. A person's scans are further apart than that; in
a burst each scan meets the question about the one before it.
"""

import os
import random
import socket
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import httpx
from flask import Flask
from waitress import create_server  # type: ignore[import-untyped]  # waitress ships no types

from bench._memory import resident_mb
from bench._staged import FILE, stages_ms
from tests.end_to_end.floor import Plant, wait_for

_ROUNDS: Final = 200
_STAGED: Final = 100
_SCANS, _NAMES = ("ION/LOC/8", "ION/LOC/7"), ("MRB-Cage", "WC-Test-1")
_PAUSE_S, _BURST_S = (0.15, 0.35), (0.05, 0.05)
"""Between a screen and the next scan, the least and the most."""
_WAL_BYTES: Final = 6 * 4120
"""What a scan without effects appends to SQLite's log: pages with their headers."""
_RECEIVED_BYTES: Final = 1 << 16
_PATIENCE_S: Final = 30.0

Moments = list[tuple[float, float]]
"""When the last byte of each scan was sent, and when its screen had been read."""


def main() -> int:
    """Measure and print; 1 when a budget of the design is missed."""
    with tempfile.TemporaryDirectory() as name, Plant(Path(name), is_warm=False) as plant:
        start = time.perf_counter()
        process = plant.serve(program="bench._installed", errors=subprocess.DEVNULL)
        started_s = time.perf_counter() - start
        _teach(plant)
        scans = _ms(_scan_to_page(plant, _ROUNDS, _PAUSE_S))
        burst = _ms(_scan_to_page(plant, _ROUNDS, _BURST_S))
        labels = _job_to_first_byte(plant)
        memory_mb = resident_mb(process.pid)
        syncs = _bare_syncs(Path(name))
    stages = _by_stage()
    posts = _bare_posts()
    rows = [
        ("scan to fragment, median", statistics.median(scans), 5.0, "ms"),
        ("scan to fragment, p99", _p99(scans), 20.0, "ms"),
        ("label accepted to first byte, median", statistics.median(labels) * 1000, 10.0, "ms"),
        ("start to ready", started_s, 2.0, "s"),
        ("resident memory", memory_mb, 120.0, "MB"),
    ]
    print(f"{'':<40}{'measured':>10}{'budget':>10}")
    for label, value, budget, unit in rows:
        print(f"{label:<40}{value:>10.2f}{budget:>10.1f} {unit}{'' if value <= budget else '   MISSED'}")
    beside = [
        ("scan to fragment in a burst, median", burst),
        ("beside it: a bare fdatasync", syncs),
        ("beside it: a bare POST to waitress", posts),
    ]
    for label, values in beside:
        print(f"{label:<40}{statistics.median(values):>10.2f}{'':>10} ms, p99 {_p99(values):.2f} ms")
    print("\nby stage, another kiosk that notes them, medians:")
    for words, values in stages.items():
        print(f"  {words:<48}{statistics.median(values):>8.2f} ms, p99 {_p99(values):.2f} ms")
    return int(any(value > budget for _, value, budget, _ in rows))


def _teach(plant: Plant) -> None:
    """Let the kiosk remember what is scanned later."""
    for text in _SCANS:
        plant.gun.scan(text)
        plant.wait_for_screen("lookup/location")


def _by_stage() -> dict[str, list[float]]:
    """Return how long each stage of a scan takes, in milliseconds."""
    with tempfile.TemporaryDirectory() as name, Plant(Path(name), is_warm=False) as plant:
        moments = Path(name) / "moments.json"
        os.environ[FILE] = str(moments)
        process = plant.serve(program="bench._staged", errors=subprocess.DEVNULL)
        _teach(plant)
        scans = _scan_to_page(plant, _STAGED, _PAUSE_S)
        process.terminate()
        process.wait()
        return stages_ms(moments, scans)


def _ms(moments: Moments) -> list[float]:
    return [(read - sent) * 1000 for sent, read in moments]


def _scan_to_page(plant: Plant, rounds: int, pause_s: tuple[float, float]) -> Moments:
    """Scan, and wait for each screen as a client sees it, subjects known."""
    found: Moments = []
    with _listening(plant.port) as next_fragment:
        next_fragment("")
        for number in range(rounds):
            sent = time.perf_counter()
            plant.gun.scan(_SCANS[number % 2])
            next_fragment(_NAMES[number % 2])
            found.append((sent, time.perf_counter()))
            time.sleep(random.uniform(*pause_s))  # noqa: S311 - nobody has to be surprised
    return found


@contextmanager
def _listening(port: int) -> Iterator[Callable[[str], None]]:
    """Give what waits for an event with a text, down to its last byte; past any library, to be quick."""
    with socket.create_connection(("127.0.0.1", port), _PATIENCE_S) as line:
        line.sendall(f"GET /events/dock-1 HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())

        def next_fragment(text: str) -> None:
            came = b""
            wanted = text.encode()
            while True:
                came += line.recv(_RECEIVED_BYTES)
                begin = came.find(b"event: screen")
                at = came.find(wanted, begin) if begin >= 0 else -1
                if at >= 0 and came.find(b"\n\n", at) >= 0:
                    return

        yield next_fragment


def _job_to_first_byte(plant: Plant) -> list[float]:
    """Return the seconds from a label's acceptance to its first byte at the printer."""
    found = []
    for number in range(20):
        arrivals = len(plant.printer.arrivals)
        body = {
            "station": "dock-1",
            "label": "location",
            "fields": {"code": f"ION/LOC/{number}", "name": "X"},
        }
        answer = plant.post("labels", body)
        accepted = time.perf_counter()
        answer.raise_for_status()
        wait_for(lambda: len(plant.printer.arrivals) > arrivals, "the label")  # noqa: B023 - used at once
        found.append(max(0.0, plant.printer.arrivals[arrivals] - accepted))
        wait_for(lambda: len(plant.printer.jobs) > number, "all of it")  # noqa: B023 - used at once
        time.sleep(0.5)
    return found


def _bare_syncs(folder: Path) -> list[float]:
    """Return the milliseconds that the disk takes to keep what a scan writes."""
    found = []
    with (folder / "synced").open("wb", buffering=0) as file:
        for _ in range(_ROUNDS):
            file.write(os.urandom(_WAL_BYTES))
            start = time.perf_counter()
            os.fdatasync(file.fileno())
            found.append((time.perf_counter() - start) * 1000)
    return found


def _bare_posts() -> list[float]:
    app = Flask("bare")
    app.post("/")(lambda: "ok")
    server = create_server(app, host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    found = []
    with httpx.Client() as client:
        for _ in range(_ROUNDS):
            start = time.perf_counter()
            client.post(f"http://127.0.0.1:{server.effective_port}/", content=b"x")
            found.append((time.perf_counter() - start) * 1000)
    server.close()
    return found


def _p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99) - 1]


if __name__ == "__main__":
    raise SystemExit(main())
