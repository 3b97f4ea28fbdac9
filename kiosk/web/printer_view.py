"""Printers and their queues put into words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kiosk.model import NORMAL_PRIORITY, Batch, BatchState, JobState, Level, PrintJob, Tally
from kiosk.ports import BatchView, QueueView
from kiosk.web.wording import JOBS, LEVELS, REASONS, label_title

MOST_PRINTED = 4


@dataclass(frozen=True, slots=True)
class LabelRow:
    """One label."""

    id: str
    title: str
    word: str
    level: Level
    icon: str
    about: str
    """Which copy and edition, and where it was moved from."""
    why: str
    """What is said of it, in sentences."""
    at: str
    """ISO 8601, when it was asked for."""
    printer: str
    label: str
    counts: bool
    """It may be voided."""


@dataclass(frozen=True, slots=True)
class BatchRow:
    """Labels that were asked for together, as far as they are in one queue."""

    id: str
    picture: str
    """The id of the job whose picture stands for it."""
    title: str
    word: str
    level: Level
    icon: str
    progress: str
    done: int
    total: int
    about: str
    """Who asked, when and why."""
    why: str
    """Why it waits, in sentences."""
    at: str
    is_paused: bool
    is_urgent: bool


@dataclass(frozen=True, slots=True)
class QueueSection:
    """One printer."""

    name: str
    is_ready: bool
    text: str
    since: str
    """ISO 8601, empty where it prints."""
    places: str
    """The stations it prints for."""
    about: str
    """Its language and what is in it."""
    is_held: bool
    waiting: int
    batches: tuple[BatchRow, ...]
    more: int
    """Labels that wait in batches which are not shown."""
    asked: tuple[LabelRow, ...]
    printed: tuple[LabelRow, ...]
    takers: tuple[str, ...]


def queue_sections(queues: Sequence[QueueView]) -> tuple[QueueSection, ...]:
    """Put queues into words, in their order."""
    return tuple(map(_section, queues))


def label_row(job: PrintJob) -> LabelRow:
    """Put a label into words."""
    word, level = JOBS[job.state]
    return LabelRow(
        id=job.id,
        title=label_title(job.fields, job.subject),
        word=word,
        level=level,
        icon=LEVELS[level][1],
        about=", ".join(_facts(job)),
        why=job.error,
        at=job.created_at.isoformat(),
        printer=job.printer,
        label=job.label,
        counts=job.state in {JobState.SENT, JobState.CONFIRMED, JobState.UNKNOWN},
    )


def progress_words(tally: Tally) -> str:
    """Say how many labels of a batch stand where."""
    parts = (
        (tally.confirmed, "{count} came out"),
        (tally.unknown - tally.doubtful, "{count} sent and not confirmed"),
        (tally.doubtful, "{count} in doubt"),
        (tally.voided, "{count} void"),
        (tally.sending, "{count} printing"),
        (tally.waiting, "{count} waiting"),
    )
    return ", ".join(words.format(count=count) for count, words in parts if count)


def counted(number: int) -> str:
    """Return so many labels."""
    return "1 label" if number == 1 else f"{number} labels"


def _section(queue: QueueView) -> QueueSection:
    shown = sum(one.batch.tally.waiting for one in queue.batches)
    return QueueSection(
        name=queue.printer.name,
        is_ready=queue.printer.is_ready,
        text=queue.printer.text,
        since=queue.since.isoformat() if queue.since else "",
        places=", ".join(queue.stations),
        about=queue.kind,
        is_held=queue.is_held,
        waiting=queue.waiting,
        batches=tuple(_batch(one, queue) for one in queue.batches),
        more=max(0, queue.waiting - shown),
        asked=tuple(map(label_row, queue.asked)),
        printed=tuple(label_row(job) for job in queue.printed if job.state is not JobState.UNKNOWN)[
            :MOST_PRINTED
        ],
        takers=queue.takers,
    )


def _batch(view: BatchView, queue: QueueView) -> BatchRow:
    batch, job = view.batch, view.next
    is_here = queue.in_flight is not None and queue.in_flight.batch == batch.id
    state = JobState.SENDING if is_here else job.state
    word, level = JOBS[state]
    name = batch.title or label_title(job.fields, job.subject)
    others = batch.tally.issued - job.copies
    title = name if batch.title or others <= 0 else f"{name} and {others} more"
    return BatchRow(
        id=batch.id,
        picture=job.id,
        title=title if job.copies == 1 or others > 0 else f"{job.copies} × {title}",
        word=word,
        level=level,
        icon=LEVELS[level][1],
        progress=progress_words(batch.tally),
        done=batch.tally.issued - batch.tally.pending,
        total=batch.tally.issued,
        about=", ".join(_batch_facts(batch, job)),
        why=job.error,
        at=batch.created_at.isoformat(),
        is_paused=batch.state is BatchState.PAUSED,
        is_urgent=batch.priority > NORMAL_PRIORITY,
    )


def _batch_facts(batch: Batch, job: PrintJob) -> Iterator[str]:
    if batch.station:
        yield batch.station
    if batch.by:
        yield batch.by
    if batch.reason is not None:
        reason = REASONS[batch.reason]
        yield f"printed once more: {reason}"
        if batch.note:
            yield batch.note
    if job.moved_from:
        yield f"moved from {job.moved_from}"


def _facts(job: PrintJob) -> Iterator[str]:
    if job.copies > 1:
        yield f"{job.copy} of {job.copies}"
    if job.edition > 1:
        yield f"edition {job.edition}"
    if job.moved_from:
        yield f"moved from {job.moved_from}"
