"""The whole way of a scan through a running kiosk: latency, label, memory, start.

The kiosk is a process of its own, the scanner a pseudo terminal, ION the simulator over HTTP. Beside it, in
the same run, the least that any web page would do: one POST to a bare waitress application and its answer.
"""

import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import httpx
from flask import Flask
from waitress import create_server  # type: ignore[import-untyped]  # waitress ships no types

from bench._memory import resident_mb
from tests.end_to_end.floor import Plant, wait_for

_ROUNDS = 200
_SCANS, _NAMES = ("ION/LOC/8", "ION/LOC/7"), ("MRB-Cage", "WC-Test-1")


def main() -> int:
    """Measure and print; 1 when a budget of the design is missed."""
    with tempfile.TemporaryDirectory() as name, Plant(Path(name), is_warm=False) as plant:
        start = time.perf_counter()
        process = plant.serve()
        started_s = time.perf_counter() - start
        for text in _SCANS:
            plant.gun.scan(text)
            plant.wait_for_screen("lookup/location")
        scans = _scan_to_page(plant)
        labels = _job_to_first_byte(plant)
        memory_mb = resident_mb(process.pid)
    posts = _bare_posts()
    rows = [
        ("scan to fragment, median", statistics.median(scans) * 1000, 5.0, "ms"),
        ("scan to fragment, p99", _p99(scans) * 1000, 20.0, "ms"),
        ("label accepted to first byte, median", statistics.median(labels) * 1000, 10.0, "ms"),
        ("start to ready", started_s, 2.0, "s"),
        ("resident memory", memory_mb, 120.0, "MB"),
    ]
    print(f"{'':<40}{'measured':>10}{'budget':>10}")
    for label, value, budget, unit in rows:
        print(f"{label:<40}{value:>10.2f}{budget:>10.1f} {unit}{'' if value <= budget else '   MISSED'}")
    print(f"{'beside it: a bare POST to waitress':<40}{statistics.median(posts) * 1000:>10.2f}{'':>10} ms")
    return int(any(value > budget for _, value, budget, _ in rows))


def _scan_to_page(plant: Plant) -> list[float]:
    """Return the seconds from the last byte written to the fragment read, subjects known."""
    found: list[float] = []
    address = f"http://127.0.0.1:{plant.port}/events/dock-1"
    with httpx.stream("GET", address, timeout=30) as stream:
        lines = stream.iter_lines()
        _next_fragment(lines.__next__, "")
        for number in range(_ROUNDS):
            name = _NAMES[number % 2]
            start = time.perf_counter()
            plant.gun.scan(_SCANS[number % 2])
            _next_fragment(lines.__next__, name)
            found.append(time.perf_counter() - start)
            time.sleep(0.05)
    return found


def _next_fragment(next_line: Callable[[], str], text: str) -> None:
    """Read lines until a whole event with this text was read."""
    is_found = False
    while True:
        line = next_line()
        is_found = is_found or (line.startswith("data:") and text in line)
        if not line and is_found:
            return


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
            found.append(time.perf_counter() - start)
    server.close()
    return found


def _p99(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.99) - 1]


if __name__ == "__main__":
    raise SystemExit(main())
