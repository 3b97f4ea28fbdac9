"""Orders for labels, noted and answered as a test says."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from kiosk.errors import IonError, JournalError, KeyReused, OrderRefused
from kiosk.model import Batch, BatchState, JobState, PreparedLabel, PrintJob, Scope, Tally
from kiosk.ports import Labelled, LabelOrder, LabelWish, Ordered, Search
from tests.fakes.prints import FakePrints

PRINTERS = ("dock-zebra", "spare-zebra")


@dataclass
class FakeService:
    """A label service with one design, ``part``."""

    make: Callable[[int], PrintJob]
    """Makes a job of a number."""
    kept: dict[str, PrintJob]
    prints: FakePrints
    orders: list[LabelOrder] = field(default_factory=list)
    prepared: list[LabelWish] = field(default_factory=list)
    failure: IonError | JournalError | None = None
    found: Search = field(default_factory=lambda: Search(()))
    png: bytes = b"\x89PNG"
    out: PrintJob | None = None
    """The label of the serial that is out already."""
    searched: list[str] = field(default_factory=list)
    _known: dict[str, tuple[LabelOrder, Ordered]] = field(default_factory=dict)

    def order(self, order: LabelOrder) -> Ordered:
        key = f"{order.client}/{order.key}"
        if order.key is not None and key in self._known:
            first, answer = self._known[key]
            if first.wishes != order.wishes:
                raise KeyReused("This idempotency key was used for another order.")
            return replace(answer, is_repeat=True)
        if self.failure is not None:
            raise self.failure
        self._check(order)
        self.orders.append(order)
        wanted = [wish for wish in order.wishes for _ in range(wish.copies)]
        first_number = 100 * len(self.orders)
        jobs = tuple(
            replace(
                self.make(first_number + n), label=wish.label, printer=wish.printer or PRINTERS[0], copy=n + 1
            )
            for n, wish in enumerate(wanted)
        )
        self.kept |= {job.id: job for job in jobs}
        batch = _batch(f"b{first_number}", order)
        self.prints.batches[batch.id] = batch
        answer = Ordered(batch, jobs, is_repeat=False)
        self._known[key] = order, answer
        return answer

    def prepare(self, wish: LabelWish) -> PreparedLabel:
        if self.failure is not None:
            raise self.failure
        self._check(LabelOrder([wish]))
        self.prepared.append(wish)
        return PreparedLabel("part", "d" * 8, "ION/PI/501", b"^XA^XZ", self.png)

    def latest(self, wish: LabelWish) -> PrintJob | None:
        self._check(LabelOrder([wish]))
        return self.out

    def search(self, text: str) -> Search:
        self.searched.append(text)
        return self.found if text else Search(())

    def printers(self) -> tuple[str, ...]:
        return PRINTERS

    def title(self, label: str) -> str:
        return f"The {label} label"

    def jobs(self, batch_id: str) -> tuple[PrintJob, ...]:
        return next((one.jobs for _, one in self._known.values() if one.batch.id == batch_id), ())

    def uses(self, batch_id: str) -> frozenset[tuple[str, str]]:
        if batch_id in self.prints.batches and not self.jobs(batch_id):
            return frozenset({("part", PRINTERS[0])})
        return frozenset((job.label, job.printer) for job in self.jobs(batch_id))

    def _check(self, order: LabelOrder) -> None:
        scope = order.scope or Scope("")
        for wish in order.wishes:
            scope.check(label=wish.label or "part", printer=wish.printer or PRINTERS[0])
        faults = [
            (number, "label", f"Cannot make label {wish.label!r}: expected one of ['part'].")
            for number, wish in enumerate(order.wishes)
            if wish.label not in {"part", "badge", ""}
        ]
        if faults:
            raise OrderRefused(faults)


def _batch(id_: str, order: LabelOrder) -> Batch:
    tally = Tally({JobState.CONFIRMED: 2, JobState.SENDING: 1, JobState.QUEUED: 7})
    at = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
    return Batch(id_, id_, "dock-1", order.title, order.by, BatchState.OPEN, order.priority, at, tally)


def found_valve(*, is_remembered: bool = False) -> Search:
    """Return one valve and its part."""
    return Search(
        (
            Labelled("ION/PART/7", "Part", "VLV-0001 rev B", "Valve, oxidizer", ("part", "small-part")),
            Labelled("ION/PI/501", "Stock", "SN-000173", "VLV-0001 · 1 · on hand", ("part",)),
        ),
        is_remembered=is_remembered,
        trouble="ION does not answer. Only what the kiosk remembers is shown." if is_remembered else "",
    )
