"""What ``/metrics`` says, in Prometheus's own form: counts, states and times, and nobody's data.

Every label's value is a name of the settings, a state or a kind of change: there are only so many of them.
"""

import platform
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.metrics_core import CounterMetricFamily

from kiosk.errors import JournalError
from kiosk.journal import Counts
from kiosk.model import DeviceState, JobState, Operation, OperationState, PrintJob
from kiosk.ports import Clock

__all__ = ["Meters", "Watched"]

_SECONDS: Final = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3600.0, 86400.0)
"""Online a change takes a second; a day without network is the longest that is expected."""
_WORDS: Final = {JobState.SENT, JobState.CONFIRMED, JobState.UNKNOWN, JobState.FAILED, JobState.VOIDED}
"""States in which a label is not on its way any more."""
_OPEN: Final = (
    OperationState.QUEUED,
    OperationState.IN_FLIGHT,
    OperationState.UNKNOWN,
    OperationState.PARKED,
    OperationState.REJECTED,
)


@dataclass(frozen=True, slots=True)
class Watched:
    """The parts that are looked at when somebody asks."""

    counts: Callable[[], Counts]
    journal: Path | None
    """The database's file; its log stands beside it."""
    threads: Callable[[], Mapping[str, str]]
    """``ok``, ``failing`` or ``hung`` by name."""
    printers: Callable[[], Iterable[DeviceState]]
    scanners: Callable[[], Iterable[DeviceState]]
    ion: Callable[[], DeviceState]
    clock: Clock
    version: str


@dataclass(slots=True)
class Meters:
    """Counts what passes by, and asks everything else when it is read."""

    clock: Clock
    _registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    _deliveries: Counter = field(init=False)
    _delivery_s: Histogram = field(init=False)
    _labels: Counter = field(init=False)

    def __post_init__(self) -> None:
        """Make the counters, all at zero."""
        self._deliveries = Counter(
            "kiosk_deliveries",
            "Changes that came to an end, or stopped for a person, since the start.",
            ("change", "state"),
            registry=self._registry,
        )
        self._delivery_s = Histogram(
            "kiosk_delivery_seconds",
            "From the scan or press until ION had it.",
            ("change",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._labels = Counter(
            "kiosk_labels",
            "What became of labels, since the start.",
            ("printer", "state"),
            registry=self._registry,
        )
        ProcessCollector(registry=self._registry)

    def settled(self, operation: Operation) -> None:
        """Count an operation that came to an end, or stopped for a person."""
        self._deliveries.labels(operation.operation, operation.state.value).inc()
        if operation.state is OperationState.DONE:
            took = max(self.clock() - operation.created_at, timedelta())
            self._delivery_s.labels(operation.operation).observe(took.total_seconds())

    def printed(self, job: PrintJob | None) -> None:
        """Count a label of which something became known."""
        if job is not None and job.state in _WORDS:
            self._labels.labels(job.printer, job.state.value).inc()

    def page(self, watched: Watched) -> bytes:
        """Return everything, as text of Prometheus's exposition format 0.0.4."""
        looked_at = CollectorRegistry()
        looked_at.register(_Look(watched))
        return bytes(generate_latest(self._registry) + generate_latest(looked_at))


@dataclass(frozen=True, slots=True)
class _Look:
    watched: Watched

    def collect(self) -> Iterator[Metric]:
        """Yield what is looked at; what the journal knows is missing where it cannot be read."""
        watched = self.watched
        info = InfoMetricFamily("kiosk_build", "What runs.")
        info.add_metric((), {"version": watched.version, "python": platform.python_version()})
        yield info
        yield _gauge(
            "kiosk_ion_up", "Whether ION answers and lets the kiosk in.", float(watched.ion().is_ready)
        )
        for name, what, devices in (
            ("printer", "Whether the printer could print now.", watched.printers()),
            ("scanner", "Whether the scanner is there.", watched.scanners()),
        ):
            up = GaugeMetricFamily(f"kiosk_{name}_up", what, labels=(name,))
            for one in devices:
                up.add_metric((one.name,), float(one.is_ready))
            yield up
        threads = GaugeMetricFamily(
            "kiosk_thread_up",
            "1: its last step went well. 0: it fails again and again, or hangs.",
            labels=("thread",),
        )
        for thread, state in watched.threads().items():
            threads.add_metric((thread,), float(state == "ok"))
        yield threads
        yield from self._sizes()
        yield from self._journal()

    def _sizes(self) -> Iterator[Metric]:
        if self.watched.journal is None:
            return
        sizes = GaugeMetricFamily("kiosk_journal_bytes", "The journal's files.", labels=("file",))
        for name, suffix in (("database", ""), ("log", "-wal")):
            try:
                size = self.watched.journal.with_name(self.watched.journal.name + suffix).stat().st_size
            except OSError:
                continue
            sizes.add_metric((name,), size)
        yield sizes

    def _journal(self) -> Iterator[Metric]:
        try:
            counts = self.watched.counts()
        except JournalError:
            yield _gauge("kiosk_journal_up", "Whether the journal can be read.", 0)
            return
        yield _gauge("kiosk_journal_up", "Whether the journal can be read.", 1)
        for name, what, number in (
            ("scans", "Scans that were taken", counts.scans),
            ("presses", "Presses of buttons that were taken", counts.presses),
            ("changes", "Changes for ION that were queued", counts.operations),
            ("labels_queued", "Labels that were queued", counts.labels),
        ):
            yield CounterMetricFamily(f"kiosk_{name}", f"{what}, since the journal began.", value=number)
        operations = GaugeMetricFamily(
            "kiosk_operations", "Changes that are neither done nor given up.", labels=("state",)
        )
        for one in _OPEN:
            operations.add_metric((one.value,), counts.open_operations.get(one.value, 0))
        yield operations
        labels = GaugeMetricFamily(
            "kiosk_labels_pending",
            "Labels that wait, are sent, or are in doubt.",
            labels=("printer", "state"),
        )
        for (printer, state), number in counts.pending_labels.items():
            labels.add_metric((printer, state), number)
        yield labels
        oldest = counts.oldest_waiting
        age = timedelta() if oldest is None else max(self.watched.clock() - oldest, timedelta())
        yield _gauge(
            "kiosk_oldest_waiting_seconds", "Age of the oldest change on its way to ION.", age.total_seconds()
        )


def _gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, what, value=value)
