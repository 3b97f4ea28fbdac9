"""From the last byte on the wire to the barcode's reading at the station, beside what the wire itself takes.

The station is a stand-in that reads the barcode and nothing else; what follows is measured by ``way``.
"""

import logging
import os
import socket
import statistics
import struct
import sys
import threading
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import FileIO
from math import ceil
from pathlib import Path
from queue import Queue
from typing import cast

import serial

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from kiosk.barcodes import read
from kiosk.ports import Receipt, Scanner, StationRoom
from kiosk.scanners import SCANNERS
from kiosk.scanners.base import DeviceScanner
from kiosk.scanners.hid_pos_report import ReportFraming
from kiosk.scanners.key_decoder import KeyDecoder
from kiosk.scanners.key_framing import KeyFraming
from kiosk.scanners.link import DescriptorLink
from kiosk.scanners.pump import Pump
from kiosk.scanning import ScannerLine
from kiosk.settings import ScannerSettings
from tests.scanners.reports import reports_of
from tests.scanners.strokes import ENTER, tap, typed

ROUNDS = 300
PAUSE_S = 0.004
BUDGET_MEDIAN_MS = 1.0
BUDGET_P99_MS = 10.0
EAN = b"]E04006381333931"
LABEL = b"[)>\x1e06\x1d" + b"\x1d".join(b"1PMAKER-%03d" % number for number in range(24)) + b"\x1e\x04"
READINGS = {payload: read(payload) for payload in (EAN, LABEL)}

Send = Callable[[bytes], object]
Read = Callable[[], bytes]


@dataclass
class Station:
    """Reads what it is given, and notes when it had."""

    arrived: Queue[tuple[bytes, float]] = field(default_factory=Queue)

    def scan(self, data: bytes, *, scanner: str, key: str | None = None) -> Receipt:
        readings = read(data)
        self.arrived.put((data, time.perf_counter()))
        assert readings == READINGS[data], (scanner, key)
        return Receipt("", is_repeat=False)


class Keyboard(DeviceScanner):
    """A keyboard scanner as it is, on a pseudo terminal, which cannot be grabbed."""

    def __init__(self, port: str) -> None:
        settings = settings_of("keyboard", port)
        super().__init__(settings, KeyFraming(KeyDecoder(), frozenset[int]))

    def _dial(self) -> Pump:
        return Pump(FileIO(os.open(self._settings.port, os.O_RDONLY | os.O_NOCTTY), "rb"))

    def _expected(self) -> str:
        return "a pseudo terminal"


class HidPos(DeviceScanner):
    """A HID-POS scanner as it is, on a socket, which keeps reports apart as a raw HID device does."""

    def __init__(self, device: socket.socket) -> None:
        super().__init__(settings_of("hid-pos", "a socket"), ReportFraming())
        self._device = device

    def _dial(self) -> DescriptorLink:
        return DescriptorLink(self._device)

    def _expected(self) -> str:
        return "a socket"


def settings_of(kind: str, port: str) -> ScannerSettings:
    return ScannerSettings.model_validate({"name": "gun", "station": "dock", "kind": kind, "port": port})


@contextmanager
def at_work(scanner: Scanner) -> Iterator[Station]:
    """Run a scanner's thread as the kiosk does."""
    station, stopping = Station(), threading.Event()
    line = ScannerLine(
        "gun",
        scanner,
        cast(StationRoom, station),
        lambda _: None,
        lambda: None,
        lambda: datetime.now(UTC),
        time.monotonic,
        lambda _name, _data: False,
    )

    def run() -> None:
        while not stopping.is_set():
            line.step()

    thread = threading.Thread(target=run)
    thread.start()
    time.sleep(0.3)
    try:
        yield station
    finally:
        stopping.set()
        thread.join()
        line.close()


def latencies_ms(send: Send, station: Station, payload: bytes) -> list[float]:
    """Return for each round how long after it was written in one piece it was read at the station."""
    taken = []
    for _ in range(ROUNDS):
        time.sleep(PAUSE_S)
        sent_s = time.perf_counter()
        send(payload)
        scan, arrived_s = station.arrived.get(timeout=5)
        assert scan == payload, scan
        taken.append((arrived_s - sent_s) * 1000)
    return taken


def pty(stack: ExitStack) -> tuple[int, str]:
    ours, theirs = os.openpty()
    stack.callback(os.close, ours)
    stack.callback(os.close, theirs)
    tty.setraw(theirs)
    return ours, os.ttyname(theirs)


def write_all(far_end: int, data: bytes) -> None:
    while data:
        data = data[os.write(far_end, data) :]


def serial_ms(payload: bytes) -> list[float]:
    with ExitStack() as stack:
        far_end, path = pty(stack)
        station = stack.enter_context(at_work(SCANNERS["serial"](settings_of("serial", path))))
        return latencies_ms(lambda data: os.write(far_end, data + b"\r"), station, payload)


def network_ms(payload: bytes) -> list[float]:
    with ExitStack() as stack:
        server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        port = f"socket://127.0.0.1:{server.getsockname()[1]}"
        station = stack.enter_context(at_work(SCANNERS["network"](settings_of("network", port))))
        far_end = stack.enter_context(server.accept()[0])
        far_end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return latencies_ms(lambda data: far_end.sendall(data + b"\r"), station, payload)


def hid_pos_ms(payload: bytes) -> list[float]:
    """All reports of a scan at once; its wire brings one in 1 to 8 ms."""
    with ExitStack() as stack:
        far_end, near_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        stack.enter_context(far_end)
        station = stack.enter_context(at_work(HidPos(near_end)))

        def send(data: bytes) -> None:
            for report in reports_of(data, aim=b"\0\0\0"):
                far_end.send(report)

        return latencies_ms(send, station, payload)


def keyboard_ms(payload: bytes) -> list[float]:
    """All key events of a scan at once; a keyboard's wire is far slower."""
    events = events_of(payload)
    with ExitStack() as stack:
        far_end, path = pty(stack)
        station = stack.enter_context(at_work(Keyboard(path)))
        return latencies_ms(lambda _: write_all(far_end, events), station, payload)


def events_of(payload: bytes) -> bytes:
    return b"".join(
        struct.pack("llHHi", 0, 0, *event)
        for code, value in [*typed(payload.decode()), *tap(ENTER)]
        for event in ((4, 4, code), (1, code, value), (0, 0, 0))
    )


def readline_ms(payload: bytes) -> list[float]:
    """pyserial's ``readline`` on the same wire, without any reading: what a short program would do."""
    with ExitStack() as stack:
        far_end, path = pty(stack)
        port = stack.enter_context(serial.Serial(path, timeout=5, exclusive=True))
        station, stopping = Station(), threading.Event()

        def run() -> None:
            while not stopping.is_set():
                line = port.readline()
                station.arrived.put((line.rstrip(b"\n"), time.perf_counter()))

        thread = threading.Thread(target=run)
        thread.start()
        try:
            return latencies_ms(lambda data: os.write(far_end, data + b"\n"), station, payload)
        finally:
            stopping.set()
            os.write(far_end, b"\n")
            thread.join()


def rs232_ms(baud: int, count: int) -> float:
    """Return what a serial wire takes: ten bits a character, the suffix among them."""
    return (count + 1) * 10 / baud * 1000


def cdc_ms(count: int) -> float:
    """Return the least that USB serial takes: a frame of 1 ms, a second one above two packets of 64 bytes."""
    return 1.0 if count < 128 else 2.0


def hid_keyboard_ms(poll_ms: float, count: int) -> float:
    """Return what a USB keyboard takes: two reports a character, one a poll."""
    return 2 * poll_ms * (count + 1)


def hid_pos_wire_ms(poll_ms: float, count: int) -> float:
    """Return what a HID-POS scanner takes: 56 bytes a report, one a poll."""
    return ceil(count / 56) * poll_ms


Wire = Callable[[int], float]
WIRES: dict[str, tuple[tuple[str, Wire], ...]] = {
    "serial": (
        ("USB serial", cdc_ms),
        ("115200 baud", lambda count: rs232_ms(115200, count)),
        ("9600 baud", lambda count: rs232_ms(9600, count)),
    ),
    "network": (),
    "hid-pos": (
        ("1 ms poll", lambda count: hid_pos_wire_ms(1, count)),
        ("8 ms poll", lambda count: hid_pos_wire_ms(8, count)),
    ),
    "keyboard": (
        ("1 ms poll", lambda count: hid_keyboard_ms(1, count)),
        ("8 ms poll", lambda count: hid_keyboard_ms(8, count)),
    ),
}
"""The physical limits of each kind of scanner, the fastest first: computed from the protocols."""
MEASURES = {"serial": serial_ms, "network": network_ms, "hid-pos": hid_pos_ms, "keyboard": keyboard_ms}


def main() -> int:
    """Print medians and p99; return 1 where a reader exceeds its budget, or takes longer than its wire."""
    is_kept = True
    logging.getLogger("kiosk").setLevel(logging.ERROR)  # each far end goes away when it was measured
    print(
        f"budget: median {BUDGET_MEDIAN_MS} ms, p99 {BUDGET_P99_MS} ms, and less than the fastest wire takes"
    )
    for kind, measure in MEASURES.items():
        for payload in (EAN, LABEL):
            times = sorted(measure(payload))
            median, p99 = statistics.median(times), times[len(times) * 99 // 100]
            wires = [(name, wire(len(payload))) for name, wire in WIRES[kind]]
            limit_ms = min([BUDGET_MEDIAN_MS, *(wire_ms for _, wire_ms in wires)])
            if kind == "keyboard":
                # Its events come one by one over the time that the wire takes, and are decoded meanwhile.
                limit_ms = min(wire_ms for _, wire_ms in wires)
            is_good = median <= limit_ms and p99 <= max(BUDGET_P99_MS, limit_ms)
            is_kept &= is_good
            beside = ", ".join(f"{name} {wire_ms:.1f} ms" for name, wire_ms in wires)
            print(
                f"{kind:10} {len(payload):4} bytes  median {median:7.3f} ms  p99 {p99:7.3f} ms"
                f"{'' if is_good else '  MISSED'}  {'the wire: ' + beside if beside else ''}"
            )
    for payload in (EAN, LABEL):
        times = sorted(readline_ms(payload))
        print(
            f"beside it: pyserial's readline, {len(payload)} bytes, median {statistics.median(times):.3f} ms"
        )
    return 0 if is_kept else 1
