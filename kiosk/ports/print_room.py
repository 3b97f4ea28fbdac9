"""The printers' queues and the account of their labels, as pages and programs see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from kiosk.model import Batch, DeviceState, LabelAccount, PrintJob, Why


@dataclass(frozen=True, slots=True)
class Asker:
    """Who wants something of a printer or a label."""

    name: str = ""
    """Empty where nobody is signed in."""
    role: str = ""
    """A ``Role`` as text; what is none counts as an operator's."""
    id: str = ""
    """The operator's, empty where nobody is signed in."""
    is_proved: bool = False
    """It is known for sure, and just now, that it is they; so is the role of who is not signed in."""
    has_pin: bool = False
    """There is a PIN by which they can prove it."""


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch in a printer's queue."""

    batch: Batch
    next: PrintJob
    """The label of it that this printer prints next."""


@dataclass(frozen=True, slots=True)
class QueueView:
    """One printer with its queue."""

    printer: DeviceState
    """How it is; where it is not ready, the text says what to do."""
    since: datetime | None
    """Since when nothing is printed, ``None`` where that is not so."""
    kind: str
    """What its labels are made for; empty where the settings do not name it any more."""
    stations: tuple[str, ...]
    """Which print on it."""
    is_held: bool
    """A person paused it."""
    waiting: int
    """Labels that wait, those of paused batches too."""
    in_flight: PrintJob | None
    batches: tuple[BatchView, ...]
    """In their order, the first twenty."""
    asked: tuple[PrintJob, ...]
    """Labels of which a person must say whether they came out."""
    printed: tuple[PrintJob, ...]
    """The last labels it was sent, newest first."""
    takers: tuple[str, ...]
    """Printers of the same kind, which could take over what waits."""


class PrintRoom(Protocol):
    """What people do about labels after they were asked for.

    Every method that writes raises JournalError where it could not be written. ``PrintRefused`` says in words
    for a person why something is not done.
    """

    def asker(self, station: str) -> Asker:
        """Return who is at a station; somebody not signed in counts as the settings say."""

    def job(self, job_id: str) -> PrintJob | None:
        """Return the job, ``None`` where there is none of that id."""

    def picture(self, job_id: str) -> bytes | None:
        """Return the PNG of what was sent to the printer, ``None`` where it is not kept."""

    def queues(self) -> tuple[QueueView, ...]:
        """Return every printer of the settings, and those that have labels left; trouble comes first."""

    def hold(self, printer: str, asker: Asker) -> None:
        """Send a printer nothing more until it is released."""

    def release(self, printer: str, asker: Asker) -> None:
        """Let a printer go on."""

    def batch(self, batch_id: str) -> Batch | None:
        """Return a batch as it stands now."""

    def pause(self, batch_id: str, asker: Asker) -> Batch | None:
        """Hold what is not sent of a batch; ``None`` where there is none, or it was canceled."""

    def go_on(self, batch_id: str, asker: Asker) -> Batch | None:
        """Let a batch go on; ``None`` where there is none, or it was canceled."""

    def hurry(self, batch_id: str, asker: Asker) -> Batch | None:
        """Let a batch go before others; ``None`` where there is none."""

    def cancel(self, batch_id: str, asker: Asker) -> Batch | None:
        """Print no more of a batch; ``None`` where there is none. Its tally says what is out."""

    def take_over(self, printer: str, to: str, asker: Asker) -> int:
        """Let another printer print what waits for this one; return how many labels that are.

        Raises:
            PrintRefused: the other is none of the settings, or of another kind.
        """

    def reprint(
        self, job_id: str, copies: int, why: Why, asker: Asker, key: str | None
    ) -> tuple[PrintJob, ...]:
        """Queue what was sent for a job again, byte for byte, even where its design has changed since.

        Returns:
            One job a copy, none where there is no job of that id.

        Raises:
            PrintRefused: it is not printed yet, the reason is none, or the asker may not.
        """

    def void(self, job_id: str, why: Why, asker: Asker) -> PrintJob | None:
        """Let a label not count; ``None`` where there is none.

        Raises:
            PrintRefused: it does not count already, it is being printed, or the reason is none.
        """

    def confirm(self, job_id: str, asker: Asker) -> PrintJob | None:
        """Take a person's word that a label came out; ``None`` where that is not in doubt."""

    def deny(self, job_id: str, asker: Asker) -> PrintJob | None:
        """Take a person's word that a label that broke off did not come out, which prints it.

        Returns:
            The job, voided where its batch was canceled; ``None`` where that is not in doubt.
        """

    def accounts(self, first: date, last: date) -> tuple[LabelAccount, ...]:
        """Account for the labels of some days, the newest first."""

    def unaccounted(self, first: date, last: date) -> Sequence[PrintJob]:
        """Return labels of those days of which nobody knows whether they came out, a hundred at most."""
