"""The real queue against every fault of the simulated printer, over TCP.

By itself the kiosk prints a label once or not at all; of what it cannot know it asks. Who answers here looks
at the paper, as a person would, and in the end each label is there exactly once.
"""

import io
import itertools
import os
import random
import select
import termios
import threading
import time
import tty
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image

from kiosk.journal import Entry
from kiosk.model import JobState, Print, Verdict
from kiosk.printer_setup import open_printers
from kiosk.settings import PrinterSettings
from kiosk.simulator.label_printer import LabelPrinter, PrintedLabel
from kiosk.simulator.printer_app import printer_pages
from kiosk.simulator.zpl_reader import ZplLabel, ZplReader
from printers import Patience
from printers.symbols import decode
from tests import plain_http
from tests.journal.opened import opened, session
from tests.test_printing import World, tcp_world

QUICK = Patience(timeout_s=0.6, silence_s=0.25, answer_s=0.15, poll_s=0.02)
LONG_S = 30.0
MENDS_S = 0.2
"""Shorter than the kiosk's patience."""
CODES = [f"ION/LOC/{number}" for number in range(11, 15)]
_rounds = itertools.count(2)


class Floor:
    """A kiosk's printing, a printer that fails, and a person."""

    def __init__(self, world: World, printer: LabelPrinter, page: str) -> None:
        self.world, self.printer, self._page = world, printer, page
        self.asked: set[str] = set()
        """Labels of which the person was asked, by what is encoded."""
        world.desk.patience = QUICK
        world.step()  # so that it has heard the printer once

    def fault(self, *faults: dict[str, object]) -> None:
        plain_http.post(f"{self._page}faults", json=list(faults)).raise_for_status()

    def mend(self) -> None:
        plain_http.delete(f"{self._page}faults").raise_for_status()

    def queue(self, codes: list[str]) -> None:
        for code in codes:
            label = Print("location", {"code": code, "name": "Shelf"}, code)
            self.world.queue(code, label=label)

    def out(self) -> Counter[str]:
        """Whole labels that came out, by what a scanner reads on them."""
        return Counter(text_of(label) for label in self.printer.labels)

    def states(self) -> dict[str, JobState]:
        return {job.subject: job.state for job in self.world.journal.prints.newest("dock-1", 500)}

    def run(self, *, mends_after_s: float | None = MENDS_S) -> None:
        """Let the kiosk print until nothing is queued; a person mends the printer when it needs one."""
        needed_since_s: float | None = None
        end_s = time.monotonic() + LONG_S
        under_way = {JobState.QUEUED, JobState.SENDING}
        while under_way & {*self.states().values()} or self.printer.waiting:
            assert time.monotonic() < end_s, (self.states(), self.world.desk.lamp, self.printer.waiting)
            self.world.desk._asked_at_s = None  # the pauses between two looks are not what is tested
            self.world.step()
            if self.world.desk.lamp.is_ready and not self.printer.faults.holds:
                needed_since_s = None
            elif needed_since_s is None:
                needed_since_s = time.monotonic()
            elif mends_after_s is not None and time.monotonic() - needed_since_s >= mends_after_s:
                self.mend()
        time.sleep(0.1)  # a label that nobody waits for would come out now

    def check(self) -> None:
        """Nothing twice by itself, nothing called printed that is not, nothing missing unasked."""
        out = self.out()
        for code, state in self.states().items():
            if state is JobState.UNKNOWN:
                self.asked.add(code)
            copies = out[code]
            assert copies <= 1, f"{code} came out {copies} times by itself ({state})"
            assert copies == 1 or code in self.asked, f"{code} is missing and called {state}"
            assert state in {JobState.CONFIRMED, JobState.SENT, JobState.UNKNOWN}, (code, state)

    def answer(self) -> None:
        """Look at the paper for every label in doubt, say so, and let be printed what is missing."""
        out = self.out()
        doubtful = self.world.journal.prints.doubtful("dock-1")
        verdicts = [Verdict(job.id, came_out=out[job.subject] == 1) for job in doubtful]
        number = next(_rounds)
        self.world.journal.book.commit(Entry(session(number, number), verdicts=verdicts))


def text_of(label: PrintedLabel) -> str:
    with Image.open(io.BytesIO(label.png)) as picture:
        return decode(picture)[0].text


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[Floor]:
    printer = LabelPrinter(print_time_s=0.03)
    with closing(opened(tmp_path)) as journal:
        port = printer.start()
        try:
            with printer_pages(printer, "127.0.0.1", 0) as page:
                yield Floor(tcp_world(tmp_path, journal, port), printer, page)
        finally:
            printer.stop()


def finish(floor: Floor, codes: list[str]) -> None:
    """Check what the kiosk did by itself, then bring it to an end with a person's word."""
    floor.run()
    floor.check()
    floor.mend()
    floor.answer()
    floor.run()
    assert floor.out() == Counter(codes)
    counted = Counter(floor.states().values())
    assert sum(counted.values()) == len(codes), "issued is confirmed, sent and unknown together"
    assert set(counted) <= {JobState.CONFIRMED, JobState.SENT}


FAULTS: dict[str, dict[str, object]] = {
    "paper out in mid-label": {"kind": "paper_out", "after": 2},
    "paper back before anybody gives up": {"kind": "paper_out", "after": 2, "seconds": MENDS_S},
    "ribbon out in mid-label": {"kind": "ribbon_out", "after": 1, "seconds": MENDS_S},
    "head opened in mid-label": {"kind": "head_open", "after": 1},
    "head opened and closed": {"kind": "head_open", "after": 0, "seconds": MENDS_S},
    "no paper from the start": {"kind": "paper_out"},
    "paused in mid-label": {"kind": "paused", "after": 2},
    "paused for a moment": {"kind": "paused", "after": 2, "seconds": MENDS_S},
    "silent": {"kind": "silent", "after": 1},
    "silent for a moment": {"kind": "silent", "after": 1, "seconds": MENDS_S},
    "half answers": {"kind": "half_answers", "after": 1},
    "half answers for a moment": {"kind": "half_answers", "after": 1, "seconds": MENDS_S},
    "late answers": {"kind": "slow", "after": 1, "seconds": 0.3},
    "answers a little late": {"kind": "slow", "after": 1, "seconds": 0.1},
    "takes no byte": {"kind": "deaf", "after": 1},
    "takes no byte for a moment": {"kind": "deaf", "seconds": MENDS_S},
    "cable out": {"kind": "refuse", "after": 1},
    "cable out for a moment": {"kind": "refuse", "seconds": MENDS_S},
    "reset at the first byte": {"kind": "reset", "bytes": 0},
    "reset in mid-job": {"kind": "reset", "bytes": 1000},
    "reset in a later job": {"kind": "reset", "bytes": 9000},
    "switched off, buffer lost": {"kind": "power_cycle", "after": 1, "seconds": MENDS_S},
    "switched off, buffer kept": {"kind": "power_cycle", "after": 1, "seconds": MENDS_S, "keeps": True},
    "switched off at once": {"kind": "power_cycle", "seconds": MENDS_S},
}


@pytest.mark.parametrize("name", FAULTS)
def test_every_fault(floor: Floor, name: str) -> None:
    floor.fault(FAULTS[name])
    floor.queue(CODES)
    finish(floor, CODES)


@pytest.mark.parametrize("kind", ["paper_out", "head_open"])
def test_firmware_that_prints_an_interrupted_label_again_whatever_it_is_told(floor: Floor, kind: str) -> None:
    floor.fault({"kind": "reprints_always"}, {"kind": kind, "after": 1, "seconds": MENDS_S})
    floor.queue(CODES)
    floor.run()
    floor.check()
    assert [label.is_whole for label in floor.printer.paper] == [True, False, True, True, True]
    assert floor.asked == {CODES[1]}, "the torn one and the whole one are the same label"
    finish(floor, CODES)


def test_an_interrupted_label_is_asked_about_and_not_printed_again_by_the_printer(floor: Floor) -> None:
    floor.fault({"kind": "paper_out", "after": 1, "seconds": MENDS_S})
    floor.queue(CODES)
    floor.run()
    floor.check()
    assert floor.states()[CODES[1]] is JobState.UNKNOWN
    assert floor.out()[CODES[1]] == 0
    assert [label.is_whole for label in floor.printer.paper] == [True, False, True, True]
    finish(floor, CODES)


@pytest.mark.parametrize("seed", range(2))
def test_a_bad_day(floor: Floor, seed: int) -> None:
    """One fault after the other, some while a label is under way, some before."""
    dice = random.Random(seed)  # noqa: S311 - test data
    codes = [f"ION/LOC/{number}" for number in range(100, 112)]
    for start in range(0, len(codes), 4):
        floor.fault(dice.choice(list(FAULTS.values())))
        floor.queue(codes[start : start + 4])
        floor.run()
        floor.check()
        floor.mend()
        floor.answer()
    finish(floor, codes)


class SerialLine:
    """The same printer on a serial line, which stays as it is when the printer is switched off."""

    def __init__(self, printer: LabelPrinter) -> None:
        self._printer = printer
        self._far, self._near = os.openpty()
        tty.setraw(self._near, termios.TCSANOW)
        self.url = f"serial://{os.ttyname(self._near)}"
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        self._stopping.set()
        self._thread.join()
        os.close(self._far)
        os.close(self._near)

    def _serve(self) -> None:
        reader, power_ups = ZplReader(), self._printer.power_ups
        while not self._stopping.is_set():
            if not select.select([self._far], [], [], 0.02)[0]:
                continue
            data = os.read(self._far, 65536)
            if self._printer.power_ups != power_ups:
                reader, power_ups = ZplReader(), self._printer.power_ups
            for event in () if self._printer.is_dark else reader.feed(data):
                if isinstance(event, ZplLabel):
                    self._printer.take(event)
                else:
                    os.write(self._far, self._printer.answer(event, reader))


@pytest.mark.parametrize("keeps", [False, True])
def test_switched_off_on_a_serial_line(floor: Floor, *, keeps: bool) -> None:
    line = SerialLine(floor.printer)
    try:
        (floor.world.desk.printer,) = open_printers((PrinterSettings(name="zebra", url=line.url),)).values()
        floor.fault({"kind": "power_cycle", "after": 1, "seconds": 0.4, "keeps": keeps})
        floor.queue(CODES)
        floor.run()
        floor.check()
        assert floor.states()[CODES[1]] is JobState.UNKNOWN
        assert floor.out()[CODES[1]] == keeps
        finish(floor, CODES)
    finally:
        line.close()
