"""A whole kiosk and all that people wanted of it, judged by ION and by the paper."""

import atexit
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import ClassVar

from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from kiosk.ion import Ion
from kiosk.journal import FOR_A_PERSON
from kiosk.model import JobState, Operation, OperationState, PrintJob, Tally
from kiosk.ports import Choice
from kiosk.simulator.schema import Dialect
from tests.faults.whole_kiosk import PRINTERS, STATIONS, Answer, Killed, KnownIon, WholeKiosk

__all__ = ["LOT_PART", "ORDER", "RUN", "SERIAL_PART", "STOCK", "Site", "Wanted", "names_of"]

ORDER, LOT_PART = "ION/PO/5001", "ORNG-2-214"
SERIAL_PART, RUN, STOCK = "VLV-4410", "ION/RUN/1204", "ION/PI/9002"
PENDING = (JobState.QUEUED, JobState.HELD, JobState.SENDING)
SENT = (JobState.SENDING, JobState.SENT, JobState.CONFIRMED, JobState.UNKNOWN)
_LONGEST_S = 4 * 3600.0
"""Of the kiosk's own time, after which whatever still waits would wait for ever."""


@dataclass(slots=True)
class Wanted:
    """One piece that somebody received under a name of its own."""

    name: str
    is_serial: bool
    is_acknowledged: bool = False
    """Whether the press or scan that commits it was answered, and it then stood in the queue."""


@dataclass(frozen=True, slots=True)
class Sent:
    """An event as it was sent, to be sent once more."""

    station: str
    text: str
    key: str | None
    answer: Answer


class Site(RuleBasedStateMachine):
    """The kiosk, what people wanted of it, and what must hold of both at any moment."""

    dialect: ClassVar[Dialect] = "classic"
    make_ion: ClassVar[Callable[..., Ion]] = KnownIon
    make_kiosk: ClassVar[type[WholeKiosk]] = WholeKiosk
    has_keys: ClassVar[bool] = True
    """Whether an event that is sent again says that it is the same."""
    kiosk: WholeKiosk

    @initialize()
    def open(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="kiosk-"))
        given = type(self)
        begun = _begun(self.dialect)
        self.kiosk = given.make_kiosk(self.folder, self.dialect, given.make_ion, begun=begun)
        self.keys = 0
        self.wanted: dict[str, Wanted] = {}
        self.receipts: set[str] = set()
        self.older: dict[str, set[str]] = {}
        """The labels that there were when a text was scanned first: it proves none that came later."""
        self.payloads: dict[str, bytes] = {}
        self.last: Sent | None = None
        self.shown = STATIONS[0]
        self.seen: set[str] = set()
        """Keys of changes and labels that were in the journal when nobody was in the midst of anything."""

    def teardown(self) -> None:
        if not hasattr(self, "kiosk"):
            return
        try:
            self.drain()
        finally:
            self.kiosk.close()
            shutil.rmtree(self.folder)

    # --- what holds at any moment

    @invariant()
    def nothing_is_counted_twice_and_nothing_that_was_acknowledged_is_lost(self) -> None:
        if not hasattr(self, "kiosk"):
            return
        known = {operation.key for operation in self.kiosk.operations()}
        known |= {job.key for job in self.kiosk.jobs()}
        assert self.seen <= known, f"lost: {self.seen - known}"
        self.seen = known
        for wanted in self.wanted.values():
            self.judge(wanted)

    @invariant()
    def every_label_is_accounted_for(self) -> None:
        if not hasattr(self, "kiosk"):
            return
        jobs = self.kiosk.jobs()
        tally = Tally(Counter(job.state for job in jobs))
        assert tally.issued == len(jobs)
        assert tally.issued == tally.confirmed + tally.voided + tally.unknown + tally.pending
        sent = Counter(self.payload(job) for job in jobs if job.state in SENT)
        assert self.kiosk.out <= sent, "a label came out that nobody sent, or twice"
        said = Counter(self.payload(job) for job in jobs if job.state is JobState.CONFIRMED)
        assert said <= self.kiosk.out, "printed is said of a label that did not come out"

    @invariant()
    def the_screen_is_drawn(self) -> None:
        if hasattr(self, "kiosk"):
            page = self.kiosk.client.get(f"/station/{self.shown}")
            assert page.status_code == 200, page.get_data(as_text=True)[:500]
            assert "<main" in page.get_data(as_text=True)

    def hold(self) -> None:
        """Check all that holds at any moment."""
        self.nothing_is_counted_twice_and_nothing_that_was_acknowledged_is_lost()
        self.every_label_is_accounted_for()
        self.the_screen_is_drawn()

    def judge(self, wanted: Wanted) -> None:
        operations = self.operations_of(wanted)
        states = [str(one.state) for one in operations]
        # Whoever scans a number that the screen takes for a lot of all that is open receives so many.
        effects = self.pieces(wanted) / (pieces_asked_for(operations[0]) if operations else 1)
        assert effects <= 1, f"{wanted} was received {effects} times: {states}"
        assert len(operations) <= 1, f"{wanted} was queued {len(operations)} times"
        assert operations or not wanted.is_acknowledged, f"{wanted} was acknowledged and is nowhere"
        assert operations or not effects, f"{wanted} is in ION and not in the journal"
        for one in operations:
            if one.state is OperationState.DONE:
                assert effects == 1, f"{wanted} is called done: {effects} effects"
            if one.state is OperationState.REJECTED:
                assert effects == 0, f"{wanted} is called refused, and is in ION"

    # --- the end

    def drain(self) -> None:
        """With all well again, everything ends in ION or in front of a person, and every label is printed."""
        self.kiosk.line.is_down, self.kiosk.line.fate = False, "good"
        for paper in self.kiosk.papers.values():
            paper.is_unplugged = paper.is_out_of_labels = False
        self.deliver_all()
        self.kiosk.line.arrive()
        for operation in self.stopped():
            self.decide_about(operation)
        self.deliver_all()
        for _ in range(3):
            self.kiosk.answer_all()
            for printer in PRINTERS.values():
                waiting = sum(job.printer == printer and job.state in PENDING for job in self.kiosk.jobs())
                for _ in range(waiting + 2):
                    self.kiosk.print_one(printer)
        assert [job for job in self.kiosk.jobs() if job.state in PENDING] == []
        self.hold()
        self.the_audit_is_whole()
        for page in ("/", "/parked", "/printers", *(f"/station/{name}" for name in STATIONS)):
            assert self.kiosk.client.get(page).status_code == 200, page

    def deliver_all(self) -> None:
        """Let delivery go on until nothing is left that it could do."""
        end_s = self.kiosk.clock.passed_s + _LONGEST_S
        while not self.kiosk.is_at_rest():
            self.kiosk.deliver()
            if self.kiosk.clock.passed_s > end_s:
                raise AssertionError(f"does not end: {self.kiosk.operations()}")

    def the_audit_is_whole(self) -> None:
        assert self.kiosk.journal.first_break() is None
        with closing(sqlite3.connect(self.kiosk.state / "kiosk.db")) as rows:
            assert rows.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            kept = {row[0] for row in rows.execute("SELECT id FROM scans UNION SELECT id FROM presses")}
        assert self.receipts <= kept, f"acknowledged and gone: {self.receipts - kept}"

    # --- people who are asked, and tell the truth

    def doubtful(self) -> list[PrintJob]:
        """Return the labels of which nobody knows whether they came out."""
        return [job for job in self.kiosk.jobs() if job.state is JobState.UNKNOWN]

    def is_out(self, job: PrintJob) -> bool:
        """Return whether a label in doubt lies in the tray, beside those alike that are known to."""
        payload = self.payload(job)
        alike = [one for one in self.kiosk.jobs() if self.payload(one) == payload]
        return self.kiosk.out[payload] > sum(
            one.state in {JobState.CONFIRMED, JobState.SENT} for one in alike
        )

    def stopped(self) -> list[Operation]:
        """Return the operations of which a person has to say what is to become of them."""
        return [one for one in self.kiosk.operations() if one.state in FOR_A_PERSON]

    def decide_about(self, operation: Operation) -> None:
        """Look into ION, and say what is to become of it; of what nobody gave a name, nothing is said."""
        wanted = [self.wanted[name] for name in names_of(operation) if name in self.wanted]
        if wanted and all(self.pieces(one) for one in wanted):
            self.kiosk.parked.decide(operation.id, Choice.BY_HAND, "it is in ION")
        elif wanted and not any(self.pieces(one) for one in wanted):
            self.kiosk.parked.decide(operation.id, Choice.AGAIN, "")

    # --- how it is done

    def new_key(self) -> str:
        self.keys += 1
        return f"key-{self.keys}"

    def scan(self, station: str, text: str) -> Answer:
        key = self.new_key() if self.has_keys else None
        answer = self.heard(self.kiosk.scan(station, text, key))
        self.last, self.shown = Sent(station, text, key, answer), station
        return answer

    def resend(self) -> Answer:
        """Send the last scan again, and get the same answer where there was one."""
        assert self.last is not None
        first = self.last.answer
        answer = self.heard(self.kiosk.scan(self.last.station, self.last.text, self.last.key))
        if first.is_taken and answer.is_taken:
            assert answer.receipt == first.receipt, "a repeat gets the first answer"
        return answer

    def heard(self, answer: Answer) -> Answer:
        if answer.is_taken:
            self.receipts.add(answer.receipt)
        return answer

    @contextmanager
    def surviving(self) -> Iterator[None]:
        """Start the kiosk again if it dies."""
        try:
            yield
        except Killed:
            self.kiosk.start_again()

    def pieces(self, wanted: Wanted) -> Decimal:
        """Return how many pieces of that name ION has.

        The number of a serial may stand there as a lot: whoever scans it while the screen asks first to have
        confirmed what a supplier's label brought gives that the number as its lot, and the screen says so.
        """
        rows = self.kiosk.factory.world.part_inventories
        named = (row.quantity for row in rows if wanted.name in {row.serial_number, row.lot_number})
        return sum(named, Decimal(0))

    def operations_of(self, wanted: Wanted) -> list[Operation]:
        return [one for one in self.kiosk.operations() if wanted.name in names_of(one)]

    def payload(self, job: PrintJob) -> bytes:
        if job.id not in self.payloads:
            query = "SELECT j.id, c.payload FROM print_jobs j JOIN label_contents c ON c.digest = j.content"
            with closing(sqlite3.connect(self.kiosk.state / "kiosk.db")) as rows:
                self.payloads |= dict(rows.execute(query).fetchall())
        return self.payloads[job.id]


@cache
def _begun(dialect: Dialect) -> Path:
    """Return a folder with the journal of a kiosk that has seen what people are going to scan."""
    folder = Path(tempfile.mkdtemp(prefix="kiosk-begun-"))
    atexit.register(shutil.rmtree, folder)
    kiosk = WholeKiosk(folder, dialect)
    for text in (ORDER, LOT_PART, SERIAL_PART, RUN, STOCK, "ION/CMD/HOME"):
        kiosk.scan(STATIONS[0], text, key=None)
        kiosk.answer_all()
    kiosk.close()
    return kiosk.state


def pieces_asked_for(operation: Operation) -> Decimal:
    """Return how many pieces a receipt brings under each of its names."""
    asked = operation.arguments
    return Decimal(1) if asked.get("serials") else Decimal(str(asked.get("quantity", 1)))


def names_of(operation: Operation) -> list[str]:
    """Return under which names a receipt brings something."""
    serials = operation.arguments.get("serials")
    found = serials if isinstance(serials, list | tuple) and serials else [operation.arguments.get("lot")]
    return [str(name) for name in found]
