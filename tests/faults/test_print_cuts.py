"""The power goes, or the cable, at every byte of a label: it comes out once, or somebody is asked.

``KIOSK_PRINT_CUTS`` says at how many places, ``all`` for every byte.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import pytest

from kiosk.journal import PrintQueue
from kiosk.model import JobState, Tally
from kiosk.printer_desk import PrinterDesk
from kiosk.simulator.zpl_reader import ZplLabel, ZplReader
from printers import Patience, PrinterState, PrinterStatus, PrintUnknown
from printers.transports.base import Connection
from tests.faults.hasty import send_again
from tests.print_world import ADA, PrintWorld, print_world
from tests.test_print_queue_model import Killed
from tests.test_printing_faults import CODES, FAULTS, Floor, floor

__all__ = ["floor"]

Gone = Literal["kiosk", "cable"]
Recover = Callable[[PrintQueue], object]
CUTS = os.environ.get("KIOSK_PRINT_CUTS", "24")
PATIENCE = Patience(timeout_s=2, silence_s=0.5, answer_s=0.1, poll_s=0.5)


@dataclass
class Cut:
    """A printer's line that ends after so many bytes of a label; what arrived whole comes out."""

    out: int = 0
    """Labels that came out."""
    after: int | None = None
    gone: Gone = "cable"
    can_answer: bool = True
    notices_restart: bool = True

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        yield _Line(self)


@dataclass
class _Line:
    cut: Cut
    reader: ZplReader = field(default_factory=ZplReader)
    printed: int = 0
    is_closed: bool = False

    def send(self, data: bytes) -> None:
        cut, after = self.cut, self.cut.after
        cut.after = None
        came = sum(isinstance(event, ZplLabel) for event in self.reader.feed(data[:after]))
        cut.out += came
        self.printed += came
        if after is not None and cut.gone == "kiosk":
            raise Killed
        if after is not None:
            raise PrintUnknown(f"broke off after {after}")

    def receive(self, timeout_s: float, is_complete: Callable[[bytes], bool]) -> bytes:
        raise NotImplementedError(timeout_s, is_complete)

    def identity(self) -> None:
        """It does not say what it is."""

    def status(self) -> PrinterStatus:
        told, self.printed = self.printed, 0
        return PrinterStatus(PrinterState.READY, (), None, told)


@dataclass
class Dock:
    """A kiosk's printing at the end of such a line, and somebody who looks into the tray."""

    world: PrintWorld
    cut: Cut
    recover: Recover
    ordered: int = 0
    asked: int = 0
    now_s: float = 0.0

    def start(self) -> None:
        """Start the kiosk, for the first time or again."""
        self.recover(self.world.journal.prints)
        printer = replace(self.world.shop.printer("zebra"), transport=self.cut)
        self.desk = PrinterDesk(
            printer,
            self.world.journal.prints,
            lambda _job: None,
            self.rest,
            monotonic_s=lambda: self.now_s,
            patience=PATIENCE,
        )

    def rest(self, seconds: float) -> None:
        self.now_s += seconds

    def step(self) -> None:
        self.now_s += 3
        self.desk.wake()
        self.desk.step()

    def print_one(self, *, gone: Gone, after: int) -> None:
        """Print a label on a line that ends after so many of its bytes, until it is there."""
        self.ordered += 1
        batch = self.world.order(f"cut-{self.ordered}", serial=f"SN-{self.ordered}")
        self.cut.gone, self.cut.after, before = gone, after, self.cut.out
        with suppress(Killed):
            self.step()
        if gone == "kiosk":
            self.start()
        for _ in range(2):
            self.step()
        (job,) = self.world.jobs(batch)
        came_out = self.cut.out - before
        told = f"{gone} gone after {after} bytes: {job.state}, {came_out} came out by themselves"
        assert came_out <= 1, told
        assert job.state is JobState.UNKNOWN, told
        self.asked += 1
        (self.world.room.confirm if came_out else self.world.room.deny)(job.id, ADA)
        self.step()
        assert self.cut.out - before == 1, told
        assert self.world.states(batch) == ["confirmed"], told


@contextmanager
def dock(folder: Path, recover: Recover = PrintQueue.recover) -> Iterator[Dock]:
    with print_world(folder) as world:
        at = Dock(world, Cut(), recover)
        at.start()
        yield at


def places(length: int) -> list[int]:
    """Return after how many bytes the line ends: evenly spread, and at both ends byte by byte."""
    if CUTS == "all":
        return list(range(length + 1))
    middle = range(8, length - 8, max(1, length // int(CUTS)))
    return [*range(8), *middle, *range(length - 8, length + 1)]


def length_of_a_label(dock: Dock) -> int:
    batch = dock.world.order("first", serial="SN-0")
    claimed = dock.world.journal.prints.claim("zebra")
    assert claimed is not None
    dock.world.journal.prints.settle(claimed[0].id, JobState.CONFIRMED)
    assert dock.world.states(batch) == ["confirmed"]
    return len(claimed[1])


@pytest.mark.parametrize("gone", ["kiosk", "cable"])
def test_cut_at_any_byte_a_label_comes_out_once_or_somebody_is_asked(tmp_path: Path, gone: Gone) -> None:
    with dock(tmp_path) as at:
        cuts = places(length_of_a_label(at))
        for after in cuts:
            at.print_one(gone=gone, after=after)
        jobs = at.world.journal.prints.newest("dock-1", 100_000)
    tally = Tally(Counter(job.state for job in jobs))
    assert (tally.issued, tally.confirmed) == (len(cuts) + 1, len(cuts) + 1)
    assert at.asked == len(cuts)


# --- the controls


def test_a_kiosk_that_sends_again_what_it_was_sending_prints_twice(tmp_path: Path) -> None:
    with dock(tmp_path, send_again) as at:
        length = length_of_a_label(at)
        with pytest.raises(AssertionError, match="2 came out by themselves"):
            at.print_one(gone="kiosk", after=length)


class HastyDesk(PrinterDesk):
    """Queues again what is in doubt."""

    def _settle(self, job: object, state: JobState, error: str) -> None:
        super()._settle(job, JobState.QUEUED if state is JobState.UNKNOWN else state, error)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["reprinted by the printer", "switched off, buffer kept"])
def test_a_kiosk_that_sends_again_what_is_in_doubt_is_found_out(floor: Floor, name: str) -> None:
    faults = FAULTS.get(name, {"kind": "paper_out", "after": 1, "seconds": 0.2})
    if name not in FAULTS:
        floor.fault({"kind": "reprints_always"}, faults)
    else:
        floor.fault(faults)
    desk = floor.world.desk
    floor.world.desk = HastyDesk(desk.printer, desk.queue, desk.on_change, desk.sleep, patience=desk.patience)
    floor.queue(CODES)
    floor.run()
    with pytest.raises(AssertionError, match="came out 2 times by itself"):
        floor.check()
