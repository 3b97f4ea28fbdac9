"""A ZPL label printer on TCP without paper: it decodes what it is sent and keeps each label as PNG.

A peer of our own making: it shows that both ends agree, not that a real printer does.
"""

import functools
import io
import socket
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from PIL import Image

from kiosk.simulator.zpl_reader import ZplLabel, ZplQuery, ZplReader

_TICK_S: Final = 0.1
"""How soon a thread notices that it is to stop."""
_IDLE_S: Final = 60.0
_STOP_S: Final = 5.0
_KEPT_LABELS: Final = 1000
_MOST_FORMATS: Final = 999
"""`~HS` has three digits for them."""
_MOST_THREADS: Final = 18
_CHUNK: Final = 65536


@dataclass(frozen=True, slots=True)
class PrintedLabel:
    """A label that came out."""

    number: int
    png: bytes
    printed_at: datetime
    copy: int
    """1 for the first of its `^PQ` copies."""


@dataclass(slots=True)
class Faults:
    """What is wrong with the printer; set from any thread, it takes effect before the next label."""

    is_paper_out: bool = False
    is_head_open: bool = False
    is_paused: bool = False
    is_silent: bool = False
    """It prints and answers nothing."""

    @property
    def holds(self) -> bool:
        """Whether no label comes out."""
        return self.is_paper_out or self.is_head_open or self.is_paused


def _now() -> datetime:
    return datetime.now(UTC)


class LabelPrinter:
    """Accepts connections, prints one label after the other, answers `~HS`, `~HI` and `~HQES`.

    Args:
        out: Folder for `label-0001.png` and on, created when missing; None keeps them in memory only.
        clock: Says when a label came out, aware and in UTC.
        print_time_s: How long one label takes.
        on_label: Told of each label that came out, from the printing thread; must not raise.
    """

    def __init__(
        self,
        out: Path | None = None,
        *,
        clock: Callable[[], datetime] = _now,
        print_time_s: float = 0.15,
        on_label: Callable[[PrintedLabel], None] | None = None,
    ) -> None:
        self.faults = Faults()
        self.on_label = on_label
        self._out = out
        self._clock = clock
        self._print_time_s = print_time_s
        self._number = 0
        self._labels: deque[PrintedLabel] = deque(maxlen=_KEPT_LABELS)
        self._problems: deque[str] = deque(maxlen=_KEPT_LABELS)
        self._formats: deque[ZplLabel] = deque()
        self._left_in_batch = 0
        self._changed = threading.Condition()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._listener: socket.socket | None = None

    @property
    def labels(self) -> list[PrintedLabel]:
        """Labels that came out, oldest first; the last 1000."""
        with self._changed:
            return list(self._labels)

    @property
    def problems(self) -> list[str]:
        """What could not be understood of the labels sent."""
        with self._changed:
            return list(self._problems)

    @property
    def waiting(self) -> int:
        """Labels it was given that have not come out."""
        with self._changed:
            return self._left_in_batch + sum(label.copies for label in self._formats)

    def start(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Begin to listen and to print.

        Returns:
            The port; the one chosen by the system when `port` is 0.

        Raises:
            OSError: The address cannot be listened on.
        """
        if self._out is not None:
            self._out.mkdir(parents=True, exist_ok=True)
            taken = (path.stem.removeprefix("label-") for path in self._out.glob("label-*.png"))
            self._number = max((int(number) for number in taken if number.isdecimal()), default=0)
        self._stopping.clear()
        self._listener = socket.create_server((host, port))
        self._listener.settimeout(_TICK_S)
        bound: int = self._listener.getsockname()[1]
        self._run("accept", self._accept)
        self._run("engine", self._engine)
        return bound

    def stop(self) -> None:
        """Close every socket and wait for the threads; labels not printed are lost.

        Not to be called from `on_label`, which runs in one of those threads.
        """
        self._stopping.set()
        with self._changed:
            self._changed.notify_all()
        for thread in self._threads[:1]:  # the one that accepts, and so starts others
            thread.join(_STOP_S)
        for thread in self._threads:
            thread.join(_STOP_S)
        self._threads.clear()
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        with self._changed:
            self._formats.clear()
            self._left_in_batch = 0

    def wait_for_labels(self, count: int, timeout_s: float) -> list[PrintedLabel]:
        """Wait until so many labels have come out, or the time is up, and return all there are."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._labels) >= count, timeout_s)
            return list(self._labels)

    def _run(self, name: str, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, name=f"label-printer-{name}", daemon=True)
        self._threads = [other for other in self._threads if other.is_alive()] + [thread]
        thread.start()

    def _accept(self) -> None:
        listener = self._listener
        while listener is not None and not self._stopping.is_set():
            try:
                line, _ = listener.accept()
            except TimeoutError:
                continue
            if len(self._threads) < _MOST_THREADS:
                self._run("line", functools.partial(self._serve, line))
            else:
                line.close()

    def _serve(self, line: socket.socket) -> None:
        reader = ZplReader()
        idle_s = 0.0
        with line:
            line.settimeout(_TICK_S)
            while not self._stopping.is_set() and idle_s < _IDLE_S:
                try:
                    data = line.recv(_CHUNK)
                except TimeoutError:
                    idle_s += _TICK_S
                    continue
                except OSError:
                    break
                if not data:
                    break
                idle_s = 0.0
                for event in reader.feed(data):
                    if isinstance(event, ZplLabel):
                        self._take(event)
                    elif not self._answer(line, event, reader):
                        return

    def _take(self, label: ZplLabel) -> None:
        with self._changed:
            while len(self._formats) >= _MOST_FORMATS and not self._stopping.is_set():
                self._changed.wait(_TICK_S)  # reads no more, so that the sender has to wait too
            self._formats.append(label)
            self._problems.extend(label.problems)
            self._changed.notify_all()

    def _answer(self, line: socket.socket, query: ZplQuery, reader: ZplReader) -> bool:
        if self.faults.is_silent:
            return True
        if query.command == "HS":
            with self._changed:
                load = Load(len(self._formats), self._left_in_batch, reader.is_inside_label)
            answer = host_status(self.faults, load, reader.height)
        elif query.command == "HI":
            answer = host_identification()
        else:
            answer = error_status(self.faults)
        try:
            line.sendall(answer)
        except OSError:
            return False
        return True

    def _engine(self) -> None:
        while not self._stopping.is_set():
            with self._changed:
                if not self._formats or self.faults.holds:
                    self._changed.wait(_TICK_S)
                    continue
                label = self._formats.popleft()
                self._left_in_batch = label.copies
            for copy in range(1, label.copies + 1):
                if not self._print(label, copy):
                    return

    def _print(self, label: ZplLabel, copy: int) -> bool:
        while self.faults.holds:
            if self._stopping.wait(_TICK_S):
                return False
        if self._stopping.wait(self._print_time_s):
            return False
        self._number += 1
        printed = PrintedLabel(self._number, _png(label.image), self._clock(), copy)
        if self._out is not None:
            path = self._out / f"label-{printed.number:04d}.png"
            part = path.with_suffix(".part")
            part.write_bytes(printed.png)
            part.replace(path)
        with self._changed:
            self._labels.append(printed)
            self._left_in_batch -= 1
            self._changed.notify_all()
        if self.on_label is not None:
            self.on_label(printed)
        return True


def _png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


@dataclass(frozen=True, slots=True)
class Load:
    """How much the printer has to do."""

    formats: int
    """Whole labels in its buffer."""
    left_in_batch: int
    """Copies of the current one still to come out."""
    is_inside_label: bool
    """Whether a label has begun to arrive."""


def host_status(faults: Faults, load: Load, label_length: int) -> bytes:
    """Return the three frames of `~HS` as in Zebra's ZPL II guide."""
    first = (
        f"030,{faults.is_paper_out:d},{faults.is_paused:d},{label_length:04d},{load.formats:03d},"
        f"0,0,{load.is_inside_label:d},000,0,0,0"
    )
    frames = (
        first,
        f"000,0,{faults.is_head_open:d},0,0,2,6,0,{load.left_in_batch:08d},1,000",
        "1234,0",
    )
    return b"".join(b"\x02" + frame.encode("ascii") + b"\x03\r\n" for frame in frames)


def host_identification() -> bytes:
    """Return the answer to `~HI`: model, firmware, dots a millimetre, memory."""
    return b"\x02KIOSK-VIRTUAL,V1.0,8,8192KB\x03\r\n"


def error_status(faults: Faults) -> bytes:
    """Return the answer to `~HQES`."""
    bits = faults.is_paper_out * 0x1 | faults.is_head_open * 0x4 | faults.is_paused * 0x10000
    return (
        "\x02\r\n  PRINTER STATUS\r\n"
        f"   ERRORS:         {bits > 0:d} 00000000 {bits:08X}\r\n"
        "   WARNINGS:       0 00000000 00000000\r\n\x03"
    ).encode("ascii")
