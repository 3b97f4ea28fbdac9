"""A ZPL label printer on TCP without paper: it decodes what it is sent and keeps each label as PNG.

A peer of our own making: it shows that both ends agree, not that a real printer does.
"""

import io
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from PIL import Image

from kiosk.simulator.printer_answers import PLAIN, Load, Make, error_status, host_identification, host_status
from kiosk.simulator.printer_faults import Faults, PowerCycle, Troubles
from kiosk.simulator.printer_lines import TICK_S, PrinterLines
from kiosk.simulator.zpl_reader import ZplLabel, ZplQuery, ZplReader

__all__ = ["LabelPrinter", "PrintedLabel"]

_STOP_S: Final = 5.0
_KEPT_LABELS: Final = 1000
_MOST_FORMATS: Final = 999
"""`~HS` has three digits for them."""


@dataclass(frozen=True, slots=True)
class PrintedLabel:
    """A label that came out."""

    number: int
    png: bytes
    printed_at: datetime
    copy: int
    """1 for the first of its `^PQ` copies."""
    is_whole: bool = True
    """False for one that trouble interrupted half-way: its lower half is blank."""


def _now() -> datetime:
    return datetime.now(UTC)


class LabelPrinter:
    """Accepts connections, prints one label after the other, answers `~HS`, `~HI` and `~HQES`.

    Args:
        out: Folder for `label-0001.png` and on, created when missing; None keeps them in memory only.
        clock: Says when a label came out, aware and in UTC.
        print_time_s: How long one label takes.
        on_label: Told of each whole label that came out, from the printing thread; must not raise.
        make: What kind of printer it says it is.
    """

    def __init__(
        self,
        out: Path | None = None,
        *,
        clock: Callable[[], datetime] = _now,
        print_time_s: float = 0.15,
        on_label: Callable[[PrintedLabel], None] | None = None,
        make: Make = PLAIN,
    ) -> None:
        self.troubles = Troubles(time.monotonic)
        self.on_label = on_label
        self.make = make
        self._out = out
        self._clock = clock
        self._print_time_s = print_time_s
        self._number = 0
        self._labels: deque[PrintedLabel] = deque(maxlen=_KEPT_LABELS)
        self._problems: deque[str] = deque(maxlen=_KEPT_LABELS)
        self._formats: deque[ZplLabel] = deque()
        self._left_in_batch = 0
        self._lost = 0
        self._power_ups = 1
        self._dark_until_s = 0.0
        self._changed = threading.Condition()
        self._stopping = threading.Event()
        self._lines: PrinterLines | None = None
        self._engine_thread: threading.Thread | None = None

    @property
    def faults(self) -> Faults:
        """What is wrong now."""
        return self.troubles.now

    @property
    def labels(self) -> list[PrintedLabel]:
        """Whole labels that came out, oldest first; the last 1000."""
        return [label for label in self.paper if label.is_whole]

    @property
    def paper(self) -> list[PrintedLabel]:
        """All that came out, interrupted labels too, oldest first; the last 1000."""
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

    @property
    def lost(self) -> int:
        """Labels it was given and forgot: with the power, or interrupted and not printed again."""
        with self._changed:
            return self._lost

    @property
    def power_ups(self) -> int:
        """See `Machine`."""
        return self._power_ups

    @property
    def is_dark(self) -> bool:
        """See `Machine`."""
        return time.monotonic() < self._dark_until_s

    def start(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Begin to listen and to print.

        Returns:
            The port; the one chosen by the system when `port` is 0.

        Raises:
            OSError: The address cannot be listened on.
        """
        if self._out is not None:
            self._out.mkdir(parents=True, exist_ok=True)
            taken = (path.stem.split("-")[1] for path in self._out.glob("label-*.png"))
            self._number = max((int(number) for number in taken if number.isdecimal()), default=0)
        self._stopping.clear()
        self._lines = PrinterLines(self, self.troubles, host, port)
        self._engine_thread = threading.Thread(target=self._engine, name="label-printer-engine", daemon=True)
        self._engine_thread.start()
        self._lines.start()
        return self._lines.port

    def stop(self) -> None:
        """Close every socket and wait for the threads; labels not printed are lost.

        Not to be called from `on_label`, which runs in one of those threads.
        """
        self._stopping.set()
        with self._changed:
            self._changed.notify_all()
        if self._lines is not None:
            self._lines.stop()
            self._lines = None
        if self._engine_thread is not None:
            self._engine_thread.join(_STOP_S)
        with self._changed:
            self._formats.clear()
            self._left_in_batch = 0

    def wait_for_labels(self, count: int, timeout_s: float) -> list[PrintedLabel]:
        """Wait until so many whole labels have come out, or the time is up, and return all there are."""
        with self._changed:
            self._changed.wait_for(lambda: sum(label.is_whole for label in self._labels) >= count, timeout_s)
        return self.labels

    def tend(self) -> None:
        """See `Machine`."""
        self.troubles.mend()
        self._follow_the_power()

    def take(self, label: ZplLabel) -> None:
        """See `Machine`."""
        with self._changed:
            while len(self._formats) >= _MOST_FORMATS and not self._stopping.is_set():
                self._changed.wait(TICK_S)  # reads no more, so that the sender has to wait too
            self._formats.append(label)
            self._problems.extend(label.problems)
            self._changed.notify_all()

    def answer(self, query: ZplQuery, reader: ZplReader) -> bytes:
        """See `Machine`."""
        if query.command == "HS":
            with self._changed:
                load = Load(len(self._formats), self._left_in_batch, reader.is_inside_label)
            return host_status(self.faults, load, reader.height, self.make)
        return host_identification(self.make) if query.command == "HI" else error_status(self.faults)

    def _follow_the_power(self) -> None:
        cycle = self.troubles.power_cycle()
        if cycle is not None:
            self._cut(cycle)

    def _cut(self, cycle: PowerCycle) -> None:
        with self._changed:
            self._dark_until_s = time.monotonic() + cycle.dark_s
            self._power_ups += 1
            if not cycle.keeps:
                self._lost += self._left_in_batch + sum(label.copies for label in self._formats)
                self._formats.clear()
                self._left_in_batch = 0
            self._changed.notify_all()

    def _engine(self) -> None:
        while not self._stopping.is_set():
            with self._changed:
                if not self._formats or self.faults.holds or self.is_dark:
                    self._changed.wait(TICK_S)
                    continue
                label = self._formats.popleft()
                self._left_in_batch = label.copies
                power_ups = self._power_ups
            for copy in range(1, label.copies + 1):
                if not self._print(label, copy, power_ups):
                    break
            self._keep(label)

    def _keep(self, label: ZplLabel) -> None:
        """After a power cut that left the buffer whole: what was not printed is still to do."""
        with self._changed:
            if self._left_in_batch and not self._stopping.is_set():
                self._formats.appendleft(replace(label, copies=self._left_in_batch))
                self._left_in_batch = 0

    def _print(self, label: ZplLabel, copy: int, power_ups: int) -> bool:
        """Print one copy; False when the power went or the printer is to stop."""
        while True:
            while self.faults.holds and self._power_ups == power_ups:
                if self._stopping.wait(TICK_S):
                    return False
            if self._power_ups != power_ups or self._stopping.wait(self._print_time_s / 2):
                return False
            self.troubles.middle_of_label()
            self._follow_the_power()
            if not self._is_cut_short(power_ups) and self._stopping.wait(self._print_time_s / 2):
                return False
            if not self._is_cut_short(power_ups):
                self._put_out(label, copy, is_whole=True)
                return True
            self._put_out(label, copy, is_whole=False)
            if self._power_ups != power_ups:
                return False
            if not (label.reprints or self.faults.reprints_always):
                with self._changed:
                    self._left_in_batch -= 1
                    self._lost += 1
                return True

    def _is_cut_short(self, power_ups: int) -> bool:
        return self._power_ups != power_ups or self.faults.interrupts

    def _put_out(self, label: ZplLabel, copy: int, *, is_whole: bool) -> None:
        self._number += 1
        image = label.image
        if not is_whole:
            image = image.copy()
            image.paste(1, (0, image.height // 2, image.width, image.height))
        printed = PrintedLabel(self._number, _png(image), self._clock(), copy, is_whole)
        if self._out is not None:
            path = self._out / f"label-{printed.number:04d}{'' if is_whole else '-torn'}.png"
            part = path.with_suffix(".part")
            part.write_bytes(printed.png)
            part.replace(path)
        with self._changed:
            self._labels.append(printed)
            if is_whole:
                self._left_in_batch = max(0, self._left_in_batch - 1)
            self._changed.notify_all()
        if is_whole and self.on_label is not None:
            self.on_label(printed)


def _png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()
