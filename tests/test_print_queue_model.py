"""The queue against paper: whatever people, printers and the power do, each label comes out once at most.

People tell the truth here, and look at the paper before they say whether a label came out.
"""

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kiosk.flows.reprint import may_void
from kiosk.journal import Entry, Journal, NewBatch, NewJob
from kiosk.model import (
    BatchState,
    JobState,
    PreparedLabel,
    Print,
    PrintJob,
    Reason,
    Role,
    Tally,
    Verdict,
    Why,
)
from kiosk.ports import Asker
from kiosk.print_room import PrintRoom
from kiosk.printer_desk import PrinterDesk
from kiosk.printer_setup import kind_of
from kiosk.serial_rule import SerialRule
from printers import (
    LANGUAGES,
    Media,
    Patience,
    Printer,
    PrinterNotReady,
    PrinterState,
    PrinterStatus,
    PrinterUnreachable,
    PrintUnknown,
)
from printers import (
    Reason as Trouble,
)
from printers.transports import Connection
from tests.fakes import FakeLabels, FakeOperators
from tests.journal.opened import STATION, opened, scan, session
from tests.sizes import TIMES

ADA = Asker("Ada", "lead", "badge/1", is_proved=True)
KINDS = {"zebra": 203, "spare": 203, "fine": 300}
PENDING = (JobState.QUEUED, JobState.HELD, JobState.SENDING)
DOUBTFUL = (JobState.SENT, JobState.UNKNOWN)
SENT = (JobState.SENDING, JobState.CONFIRMED, *DOUBTFUL)


class Killed(BaseException):
    """The process is gone: nothing after this line of it ever ran."""


def _nothing() -> None:
    """Nobody does anything."""


@dataclass
class Paper:
    """A printer's transport that knows what really came out."""

    out: Counter[bytes]
    """How often each label came out, of all printers."""
    fate: str = "good"
    """What becomes of the next label."""
    is_unplugged: bool = False
    is_out_of_labels: bool = False
    can_answer: bool = True
    notices_restart: bool = True
    sends: int = 0
    meanwhile: Callable[[], None] = _nothing
    """What people do while the next label is on its way."""

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        if self.is_unplugged:
            raise PrinterUnreachable("no such device")
        yield Wire(self)


@dataclass
class Wire:
    """One connection to it."""

    paper: Paper
    printed: int = 0
    is_closed: bool = False
    answers: list[bytes] = field(default_factory=list)

    def send(self, data: bytes) -> None:
        paper, fate = self.paper, self.paper.fate
        paper.sends += 1
        paper.fate = "good"
        match fate:
            case "not taken" | "breaks before" | "killed before":
                pass
            case _:
                paper.out[data] += 1
                self.printed = 1 if fate == "good" else 0
        paper.meanwhile()
        paper.meanwhile = _nothing
        if fate == "not taken":
            raise PrinterNotReady("not a byte")
        if fate.startswith("breaks"):
            raise PrintUnknown("broke off")
        if fate.startswith("killed"):
            raise Killed

    def receive(self, timeout_s: float, is_complete: Callable[[bytes], bool]) -> bytes:
        raise NotImplementedError(timeout_s, is_complete)

    def identity(self) -> None:
        """It does not say what it is."""

    def status(self) -> PrinterStatus:
        told, self.printed = self.printed, 0
        if self.paper.is_out_of_labels:
            return PrinterStatus(PrinterState.TROUBLE, (Trouble.MEDIA_EMPTY,), None, told)
        return PrinterStatus(PrinterState.READY, (), None, told)


FATES = (
    *["good"] * 3,
    "silent",
    *["not taken"] * 2,
    "breaks before",
    "breaks after",
    "killed before",
    "killed after",
)
PRINTERS = ("zebra", "zebra", "spare", "fine")
UPSETS = ("unplugged", "out of labels", "held", "power cut")
DEEDS = ("scan", "look", "void", "take over", "pause", "go_on", "hurry", "cancel")


class QueueMachine(RuleBasedStateMachine):
    """``papers`` is what lies in the printers' trays, ``expected`` what ought to have been asked for."""

    @initialize()
    def open(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="queue-"))
        self.out: Counter[bytes] = Counter()
        self.papers = {name: Paper(self.out) for name in KINDS}
        self.printers = {
            name: Printer(name, LANGUAGES["zpl"], self.papers[name], Media(100, 50, dpi))
            for name, dpi in KINDS.items()
        }
        self.orders = self.scans = self.starts = 0
        self.now_s = 0.0
        self.issued = 0
        self.canceled: set[str] = set()
        self.start()
        self.order("zebra", 3, 1, 50)

    def start(self) -> None:
        """Start the kiosk, as after a power cut."""
        self.starts += 1
        self.journal: Journal = opened(self.folder, ids=f"{self.starts:02x}")
        self.journal.recover()
        self.desks = {
            name: PrinterDesk(
                printer,
                self.journal.prints,
                lambda _job: None,
                self.rest,
                monotonic_s=lambda: self.now_s,
                patience=Patience(timeout_s=2, silence_s=0.5, answer_s=0.1, poll_s=0.5),
            )
            for name, printer in self.printers.items()
        }
        self.room = PrintRoom(
            self.journal,
            self.desks,
            {STATION: tuple(KINDS)},
            FakeOperators(),
            lambda: None,
            SerialRule(Role.LEAD),
            "operator",
            FakeLabels(),
        )

    def teardown(self) -> None:
        if hasattr(self, "journal"):
            self.drain()
            self.journal.close()
            shutil.rmtree(self.folder)

    def rest(self, seconds: float) -> None:
        self.now_s += seconds

    def jobs(self) -> tuple[PrintJob, ...]:
        return tuple(reversed(self.journal.prints.newest(STATION, 100_000)))

    def payload(self, job: PrintJob) -> bytes:
        return job.fields["payload"].encode()  # type: ignore[union-attr]  # a text

    def one(self, number: int, *states: JobState) -> PrintJob | None:
        fitting = [job for job in self.jobs() if job.state in states]
        return fitting[number % len(fitting)] if fitting else None

    def batch(self, number: int) -> str | None:
        """Return the batch of what is on its way, else any."""
        under_way = self.one(0, JobState.SENDING)
        if under_way is not None:
            return under_way.batch
        batches = list(dict.fromkeys(job.batch for job in self.jobs()))
        return batches[number % len(batches)] if batches else None

    @rule(
        printer=st.sampled_from(("zebra", "zebra", "fine")),
        labels=st.integers(1, 3),
        copies=st.integers(1, 2),
        priority=st.sampled_from((50, 80)),
    )
    def order(self, printer: str, labels: int, copies: int, priority: int) -> None:
        self.orders += 1
        jobs = []
        for number in range(labels):
            name = f"label-{self.orders}-{number}"
            label = Print("part", {"payload": name}, f"inventory/{name}", copies)
            made_for = kind_of(self.printers[printer])
            prepared = PreparedLabel("part", "d", name, name.encode(), b"PNG", made_for)
            jobs.append(NewJob(name, STATION, printer, label, prepared))
        new = NewBatch(f"order-{self.orders}", STATION, jobs, priority=priority)
        first = self.journal.batches.order(new)
        assert self.journal.batches.order(new) == first, "a repeat gives the first"
        self.issued += labels * copies

    @rule(
        printer=st.sampled_from(PRINTERS),
        fate=st.sampled_from(FATES),
        steps=st.integers(1, 4),
        number=st.integers(0, 100),
        meanwhile=st.sampled_from((*DEEDS, *["nothing"] * 4)),
    )
    def work(self, printer: str, fate: str, steps: int, number: int, meanwhile: str) -> None:
        paper = self.papers[printer]
        paper.fate = fate
        paper.meanwhile = lambda: self.do(meanwhile, number)
        try:
            for _ in range(steps):
                self.step(printer)
        except Killed:
            self.journal.close()
            self.start()
        paper.fate, paper.meanwhile = "good", _nothing

    def step(self, printer: str) -> None:
        self.now_s += 3
        self.desks[printer].wake()
        waiting = [job for job in self.jobs() if job.printer == printer and job.state is JobState.QUEUED]
        is_held = self.journal.prints.held(printer) is not None
        before = self.papers[printer].sends
        self.desks[printer].step()
        assert self.papers[printer].sends - before <= 1, "one label a step"
        if self.papers[printer].sends > before:
            assert not is_held, "a held printer is sent nothing"
            first = min(waiting, key=lambda job: (-self.priority(job), self.jobs_order(job)))
            now = self.journal.prints.find(first.id)
            assert now is not None
            assert now.state is not JobState.QUEUED or now.error, "the most urgent and oldest was sent"

    def priority(self, job: PrintJob) -> int:
        batch = self.journal.batches.find(job.batch)
        assert batch is not None
        return batch.priority

    def jobs_order(self, job: PrintJob) -> int:
        return [one.id for one in self.jobs()].index(job.id)

    @rule(printer=st.sampled_from(PRINTERS), what=st.sampled_from(UPSETS), is_on=st.booleans())
    def upset(self, printer: str, what: str, *, is_on: bool) -> None:
        match what:
            case "unplugged":
                self.papers[printer].is_unplugged = is_on
            case "out of labels":
                self.papers[printer].is_out_of_labels = is_on
            case "held":
                (self.room.hold if is_on else self.room.release)(printer, ADA)
            case _:
                self.journal.close()
                self.start()

    @rule(deed=st.sampled_from(DEEDS), number=st.integers(0, 100))
    def people(self, deed: str, number: int) -> None:
        self.do(deed, number)

    def do(self, deed: str, number: int) -> None:
        match deed:
            case "scan":
                self.scan_a_label(number)
            case "look":
                self.look_in_the_tray(number)
            case "void":
                self.void(number)
            case "take over":
                self.take_over(("zebra", "spare")[number % 2])
            case "nothing":
                pass
            case turn:
                self.turn(number, turn)

    def turn(self, number: int, turn: str) -> None:
        id_ = self.batch(number)
        if id_ is None:
            return
        before = self.journal.batches.find(id_)
        assert before is not None
        out = before.tally.confirmed, before.tally.unknown
        turned = getattr(self.room, turn)(id_, ADA)
        after = self.journal.batches.find(id_)
        assert after is not None
        assert (after.tally.confirmed, after.tally.unknown) == out, "what is out stays what it is"
        if turn == "cancel":
            self.canceled.add(id_)
            assert after.tally.waiting == 0
        elif turn in {"pause", "go_on"}:
            assert (turned is None) is (id_ in self.canceled)

    def take_over(self, to: str) -> None:
        other = "spare" if to == "zebra" else "zebra"
        moving = [job.id for job in self.jobs() if job.printer == other and job.state in PENDING[:2]]
        assert self.room.take_over(other, to, ADA) == len(moving)
        assert {job.printer for job in self.jobs() if job.id in moving} <= {to}

    def scan_a_label(self, number: int) -> None:
        job = self.one(number, *DOUBTFUL, JobState.SENDING)
        if job is None or job.copies > 1 or not self.out[self.payload(job)]:
            return
        self.scans += 1
        self.journal.book.commit(Entry(session(), scan=scan(f"scan-{self.scans}"), proof=job.encoded))
        found = self.journal.prints.find(job.id)
        assert found is not None
        assert found.state is JobState.CONFIRMED or job.state is JobState.SENDING

    def look_in_the_tray(self, number: int) -> None:
        """Say of all copies of a label how many lie there, the oldest first."""
        job = self.one(number, JobState.UNKNOWN)
        if job is None:
            return
        alike = [one for one in self.jobs() if self.payload(one) == self.payload(job)]
        surely = sum(one.state is JobState.CONFIRMED or (one.state is JobState.SENT) for one in alike)
        came_out = self.out[self.payload(job)] > surely
        self.journal.book.commit(Entry(session(), verdicts=[Verdict(job.id, came_out=came_out)]))

    def void(self, number: int) -> None:
        job = self.one(number, JobState.QUEUED, JobState.HELD, JobState.SENDING)
        why = Why(Reason.LOST)
        if job is not None and not may_void(job, why, role="lead", is_proved=True, least=Role.LEAD):
            self.room.void(job.id, why, ADA)

    def drain(self) -> None:
        """With everything mended and let go on, nothing is left waiting."""
        for paper in self.papers.values():
            paper.is_unplugged = paper.is_out_of_labels = False
            paper.fate = "good"
        for printer in KINDS:
            self.room.release(printer, ADA)
        for batch in dict.fromkeys(job.batch for job in self.jobs()):
            self.room.go_on(batch, ADA)
        for _ in range(10):
            for printer in KINDS:
                for _ in range(
                    sum(job.printer == printer and job.state in PENDING for job in self.jobs()) + 1
                ):
                    self.step(printer)
        assert [job.state for job in self.jobs() if job.state in PENDING] == []
        self.each_label_came_out_once_at_most()
        self.the_account_is_whole()

    @invariant()
    def each_label_came_out_once_at_most(self) -> None:
        if hasattr(self, "journal"):
            sent = Counter(self.payload(job) for job in self.jobs() if job.state in SENT)
            assert self.out <= sent, "no paper of what waits or was canceled, and one of each other at most"

    @invariant()
    def what_is_called_printed_is_there(self) -> None:
        if hasattr(self, "journal"):
            said = Counter(self.payload(job) for job in self.jobs() if job.state is JobState.CONFIRMED)
            assert said <= self.out, "printed is said only of labels that came out"

    @invariant()
    def the_account_is_whole(self) -> None:
        if not hasattr(self, "journal"):
            return
        jobs = self.jobs()
        tally = Tally(Counter(job.state for job in jobs))
        assert tally.issued == self.issued
        assert tally.issued == tally.confirmed + tally.voided + tally.unknown + tally.pending
        if jobs:
            days = sorted({job.created_at.date() for job in jobs})
            rows = self.journal.accounts.days(days[0], days[-1], jobs[0].created_at.tzinfo)
            assert sum(row.tally.issued for row in rows) == self.issued
            assert sum(row.tally.confirmed for row in rows) == tally.confirmed

    @invariant()
    def a_batch_that_stopped_has_nothing_queued(self) -> None:
        if hasattr(self, "journal"):
            for job in self.jobs():
                batch = self.journal.batches.find(job.batch)
                assert batch is not None
                assert not (batch.state is BatchState.CANCELED and job.state in PENDING[:2])
                assert not (batch.state is BatchState.PAUSED and job.state is JobState.QUEUED)
                assert not (batch.state is BatchState.OPEN and job.state is JobState.HELD)

    @invariant()
    def nothing_is_in_flight_between_two_steps_but_what_a_printer_may_still_hold(self) -> None:
        if hasattr(self, "journal"):
            sending = [job for job in self.jobs() if job.state is JobState.SENDING]
            assert len({job.printer for job in sending}) == len(sending)
            assert all(self.desks[job.printer].is_in_doubt for job in sending)


TestQueue = QueueMachine.TestCase
TestQueue.settings = settings(max_examples=10 * TIMES, stateful_step_count=25, deadline=None)
