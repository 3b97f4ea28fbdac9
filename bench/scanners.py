"""From the last byte on the wire to the scan in hand, beside pyserial's ``readline`` on the same wire."""

import os
import socket
import statistics
import struct
import sys
import threading
import time
import tty
from collections.abc import Callable
from contextlib import ExitStack
from io import FileIO
from pathlib import Path
from queue import Queue

import serial

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kiosk.ports import Scanner
from kiosk.scanners import SCANNERS
from kiosk.scanners.key_decoder import KeyDecoder
from kiosk.scanners.key_framing import KeyFraming
from kiosk.scanners.pump import Pump
from kiosk.settings import ScannerSettings
from tests.scanners.strokes import ENTER, tap, typed

ROUNDS = 300
PAUSE_S = 0.004
BUDGET_MEDIAN_MS = 1.0
BUDGET_P99_MS = 10.0
EAN = b"]E04006381333931"
LABEL = b"[)>\x1e06\x1d" + b"\x1d".join(b"1PMAKER-%03d" % number for number in range(24)) + b"\x1e\x04"

Send = Callable[[bytes], object]
Read = Callable[[], bytes]


def latencies_ms(send: Send, read: Read, payload: bytes) -> list[float]:
    """Return for each round how long after it was written in one piece the scan was there."""
    arrived: Queue[tuple[bytes, float]] = Queue()

    def reader() -> None:
        for _ in range(ROUNDS):
            arrived.put((read(), time.perf_counter()))

    thread = threading.Thread(target=reader)
    thread.start()
    taken = []
    for _ in range(ROUNDS):
        time.sleep(PAUSE_S)
        sent_s = time.perf_counter()
        send(payload)
        scan, arrived_s = arrived.get(timeout=5)
        assert scan == payload.rstrip(b"\n"), scan
        taken.append((arrived_s - sent_s) * 1000)
    thread.join()
    return taken


def one_scan(scanner: Scanner) -> Read:
    def read() -> bytes:
        scans: tuple[bytes, ...] = ()
        while not scans:
            scans = scanner.read(1)
        (scan,) = scans
        return scan

    return read


def scanner(kind: str, port: str) -> Scanner:
    settings = ScannerSettings.model_validate({"name": "gun", "station": "dock", "kind": kind, "port": port})
    made = SCANNERS[kind](settings)
    made.open()
    return made


def pty(stack: ExitStack) -> tuple[int, str]:
    ours, theirs = os.openpty()
    stack.callback(os.close, ours)
    stack.callback(os.close, theirs)
    tty.setraw(theirs)
    return ours, os.ttyname(theirs)


def serial_ms(payload: bytes) -> list[float]:
    with ExitStack() as stack:
        far_end, path = pty(stack)
        reader = scanner("serial", path)
        stack.callback(reader.close)
        return latencies_ms(lambda data: os.write(far_end, data), one_scan(reader), payload)


def readline_ms(payload: bytes) -> list[float]:
    with ExitStack() as stack:
        far_end, path = pty(stack)
        port = stack.enter_context(serial.Serial(path, timeout=5, exclusive=True))
        return latencies_ms(
            lambda data: os.write(far_end, data), lambda: port.readline().rstrip(b"\n"), payload
        )


def network_ms(payload: bytes) -> list[float]:
    with ExitStack() as stack:
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        reader = scanner("network", f"socket://127.0.0.1:{server.getsockname()[1]}")
        stack.callback(reader.close)
        far_end = stack.enter_context(server.accept()[0])
        far_end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return latencies_ms(far_end.sendall, one_scan(reader), payload)


def events_of(payload: bytes) -> bytes:
    return b"".join(
        struct.pack("llHHi", 0, 0, *event)
        for code, value in [*typed(payload.rstrip(b"\n").decode()), *tap(ENTER)]
        for event in ((4, 4, code), (1, code, value), (0, 0, 0))
    )


def pump_ms(payload: bytes) -> list[float]:
    """Return the way through pump and decoder, all events at once; a keyboard's wire is far slower."""
    events, framing = events_of(payload), KeyFraming(KeyDecoder(), frozenset[int])
    with ExitStack() as stack:
        far_end, path = pty(stack)
        pump = Pump(FileIO(os.open(path, os.O_RDONLY | os.O_NOCTTY), "rb"))
        stack.callback(pump.close)

        def send(_: bytes) -> None:
            rest = events
            while rest:
                rest = rest[os.write(far_end, rest) :]

        def read() -> bytes:
            while not (scans := framing.feed(pump.receive(1))):
                pass
            (scan,) = scans
            assert isinstance(scan, bytes)
            return scan

        return latencies_ms(send, read, payload)


def keys_ms(payload: bytes) -> list[float]:
    """Return how long the decoder takes for all key events of a scan."""
    events = events_of(payload)
    framing = KeyFraming(KeyDecoder(), frozenset[int])
    taken = []
    for _ in range(ROUNDS):
        began_s = time.perf_counter()
        assert framing.feed(events) == (payload.rstrip(b"\n"),)
        taken.append((time.perf_counter() - began_s) * 1000)
    return taken


def main() -> int:
    """Print medians and p99; return 1 where a reader exceeds its budget."""
    is_kept = True
    print(f"budget: median {BUDGET_MEDIAN_MS} ms, p99 {BUDGET_P99_MS} ms; {ROUNDS} scans each")
    for name, measure, has_budget in (
        ("serial, pty", serial_ms, True),
        ("pyserial readline, pty", readline_ms, False),
        ("network, socket", network_ms, True),
        ("keyboard, pump and decoder", pump_ms, False),
        ("keyboard, decoder only", keys_ms, True),
    ):
        for payload in (EAN, LABEL):
            times = sorted(measure(payload + b"\n"))
            median, p99 = statistics.median(times), times[len(times) * 99 // 100]
            print(f"{name:26} {len(payload):4} bytes  median {median:7.3f} ms  p99 {p99:7.3f} ms")
            is_kept &= not has_budget or (median <= BUDGET_MEDIAN_MS and p99 <= BUDGET_P99_MS)
    return 0 if is_kept else 1
