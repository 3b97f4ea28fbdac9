"""A printer's own thread: takes its jobs one by one, and says the truth about each."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from kiosk.journal import Hold, PrintQueue
from kiosk.model import DeviceState, JobState, PrintJob
from kiosk.ports import Clock, Sleep
from kiosk.printer_setup import kind_of, stock_words
from kiosk.supervisor import Supervisor
from kiosk.way import tell_printed
from kiosk.words import N_, told
from printers import (
    Patience,
    Printer,
    PrinterError,
    PrinterNotReady,
    PrinterState,
    PrinterStatus,
    PrinterUnreachable,
    PrintState,
    PrintUnknown,
    Reason,
)

_IDLE_S = 0.25
_STATUS_EVERY_S = 5.0
_AGAIN_S = 2.0
_MUTE_ANSWER_S = 0.2
"""For one last question to a printer that never answered; a label takes longer to come out."""
_PATIENCE = Patience(timeout_s=40)
"""Shorter than a step may take; a printer that needs a person longer holds the queue, not the thread."""
_WITH_DETAIL = N_("{words} (for the technician: {fault})")
_INTERRUPTED = "Printing was interrupted: look whether it came out whole."
_BROKE_OFF = "Broke off while printing."
_BROKEN_OFF = "The connection to the printer broke off."
_MAY_STILL = "The printer may still print it."
_HELD_S = 600.0
"""So long a person may take to mend a printer that has a label in its buffer, before it is asked about."""
_GONE_S = 60.0
"""The same for a printer that says nothing at all."""
_FOR_EVER_S = 1e9
_ABANDONED_S = 120.0
"""Longer than anybody sends one label: who began it is gone."""
_NOTHING_SAID = PrinterStatus(PrinterState.SILENT)
_NO_LAMP = DeviceState("", is_ready=False, text="Not asked yet.")


def _never() -> bool:
    return False


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A label in doubt that may still be in the printer's buffer: nobody can say what became of it."""

    job: PrintJob
    error: str
    since_s: float
    heard_s: float
    """When the printer last spoke."""


@dataclass(slots=True)
class PrinterDesk:
    """One printer's thread: takes its jobs one by one and says what became of them."""

    printer: Printer
    queue: PrintQueue
    on_change: Callable[[PrintJob | None], None]
    """Told of every job that moved, and with ``None`` when only the printer's lamp changed."""
    sleep: Sleep
    monotonic_s: Callable[[], float] = time.monotonic
    is_stopping: Callable[[], bool] = _never
    patience: Patience = _PATIENCE
    clock: Clock = _now
    _lamp: DeviceState = _NO_LAMP
    _is_fit: bool = True
    _has_answered: bool = False
    _is_mute: bool = False
    """It was asked and said nothing, and never said anything: the next label need not wait for its word."""
    _asked_at_s: float | None = None
    _ending: tuple[PrintJob, JobState, str] | None = None
    """What became of a job, until it is on disk."""
    _kept: _Kept | None = None
    _said: PrinterStatus = _NOTHING_SAID
    """The printer's last word."""
    _is_astray: bool = False
    """A step broke off, so that a job may be called ``sending`` that nobody sends."""
    _misfit: str = ""
    """How the printer differs from the settings; nobody at the printer can mend that."""
    _is_identified: bool = False
    _unfit_since: datetime | None = None
    _hold: Hold | None = None
    _told: str = ""
    """Why the labels wait, as far as they were told."""
    _told_at_s: float = 0.0
    _foreign: tuple[str, float] = ("", 0.0)
    """The job that another process is sending, and since when it was seen."""
    _wake: threading.Event = field(default_factory=threading.Event)

    @property
    def lamp(self) -> DeviceState:
        """Return how the printer is; one that a person holds is not ready either."""
        hold = self._hold
        if hold is None or not self._lamp.is_ready:
            return replace(self._lamp, name=self.printer.name, since=self._unfit_since)
        text = "Paused. Let it go on under Printers."
        if hold.by:
            text = f"Paused by {hold.by}. Let it go on under Printers."
        return DeviceState(self.printer.name, is_ready=False, text=text, since=hold.at)

    @property
    def since(self) -> datetime | None:
        """Return since when nothing is printed, ``None`` where that is not so."""
        return self._unfit_since or (self._hold.at if self._hold else None)

    @property
    def kind(self) -> str:
        """Return what labels must be made for to come out right here."""
        return kind_of(self.printer)

    @property
    def is_in_doubt(self) -> bool:
        """Return whether a label broke off that may still be in the printer's buffer."""
        return self._kept is not None

    def wake(self) -> None:
        """Look for jobs now instead of at the next turn."""
        self._wake.set()

    def step(self) -> None:
        """Print one job, or look after the printer when there is none."""
        self._pick_up()
        if self._kept is not None and not self._is_let_go(self._kept):
            self._rest()
            return
        self._is_astray = True
        claimed = self.queue.claim(self.printer.name, self.kind) if self._may_print() else None
        if claimed is not None:
            job, payload = claimed
            self.on_change(job)
            state, error = self._printed(payload)
            if state is JobState.UNKNOWN:
                now_s = self.monotonic_s()
                self._kept = _Kept(job, error, now_s, now_s)
                self._is_let_go(self._kept)
            else:
                self._settle(job, state, error)
            self._is_astray = False
            return
        self._is_astray = False
        self._look_after()
        self._explain()
        self._rest()

    def _rest(self) -> None:
        self._wake.wait(_IDLE_S)
        self._wake.clear()

    def _is_let_go(self, kept: _Kept) -> bool:
        """Ask people about a label in doubt once the printer has it no more; return whether that is so.

        Before then nobody can say what became of it: with paper in, or the pause over, it may yet come out.
        Where the printer cannot tell, or does not for long, the question says so.
        """
        if not self._said.is_done and self.printer.counts_labels and self._is_due(_AGAIN_S):
            self._ask()
        said, now_s = self._said, self.monotonic_s()
        is_speaking = said.state not in (PrinterState.SILENT, PrinterState.UNREACHABLE)
        heard_s = now_s if is_speaking else kept.heard_s
        self._kept = replace(kept, heard_s=heard_s)
        can_tell = self.printer.counts_labels and self._has_answered
        is_telling = can_tell and said.state is not PrinterState.READY
        is_in_time = now_s - kept.since_s < _HELD_S and now_s - heard_s < _GONE_S
        if is_telling and is_in_time and not self.is_stopping():
            return False
        self._kept = None
        error = kept.error if said.is_done else f"{kept.error.rstrip('.')}. {_MAY_STILL}"
        self._settle(kept.job, JobState.UNKNOWN, error)
        return True

    def _pick_up(self) -> None:
        """After a step that broke off: write what it found out, and doubt what it did not."""
        if self._ending is not None:
            self._settle(*self._ending)
        if self._is_astray:
            self.queue.recover(self.printer.name)
            self._is_astray = False

    def _clock_s(self) -> float:
        """Return the time for the printer's patience, which ends at once when the kiosk stops."""
        return self.monotonic_s() + (_FOR_EVER_S if self.is_stopping() else 0.0)

    def _may_print(self) -> bool:
        """Hold the queue while the printer needs a person, or is another than the settings say."""
        if self._asked_at_s is None or (not self._is_fit and self._is_due(_AGAIN_S)):
            self._ask()
        was, self._hold = self._hold, self.queue.held(self.printer.name)
        if was != self._hold:
            self.on_change(None)
        return self._is_fit

    def _mute_patience(self) -> Patience:
        return replace(self.patience, silence_s=0, answer_s=min(_MUTE_ANSWER_S, self.patience.answer_s))

    def _printed(self, payload: bytes) -> tuple[JobState, str]:
        try:
            outcome = self.printer.print(
                payload,
                clock=self._clock_s,
                sleep=self.sleep,
                patience=self._mute_patience() if self._is_mute else self.patience,
                on_trouble=self._note,
            )
        except PrinterUnreachable as error:
            return self._not_taken(error, "Not reached: switch it on and check its cable.")
        except PrinterNotReady as error:
            return self._not_taken(error, "It takes nothing: look at labels, ribbon and cover.")
        except PrintUnknown as error:
            text = told(_WITH_DETAIL, words=told(_BROKE_OFF), fault=str(error))
            self._light(is_fit=False, text=text)
            self._said = _NOTHING_SAID
            return JobState.UNKNOWN, _BROKEN_OFF
        self._note(outcome.status)
        if outcome.state is PrintState.CONFIRMED:
            return JobState.CONFIRMED, ""
        if outcome.was_interrupted or (self._has_answered and outcome.status.needs_person):
            return JobState.UNKNOWN, outcome.status.remedy or _INTERRUPTED
        return JobState.SENT, ""

    def _not_taken(self, error: PrinterError, remedy: str) -> tuple[JobState, str]:
        text = told(_WITH_DETAIL, words=told(remedy), fault=str(error))
        self._light(is_fit=False, text=text)
        self._asked_at_s = self.monotonic_s()
        return JobState.QUEUED, text

    def _settle(self, job: PrintJob, state: JobState, error: str) -> None:
        """Put on disk what became of a job; while the disk refuses, it is kept in mind."""
        self._ending = (job, state, error)
        settled = self.queue.settle(job.id, state, error)
        self._ending = None
        tell_printed(job, state, error)
        self.on_change(settled)

    def _look_after(self) -> None:
        if self._is_due(_STATUS_EVERY_S):
            self._ask()
            self._doubt_abandoned()

    def _doubt_abandoned(self) -> None:
        """Free the queue of a label that a process began to send that is no more."""
        id_ = self.queue.sending(self.printer.name)
        if id_ != self._foreign[0]:
            self._foreign = (id_, self.monotonic_s())
        elif id_ and self.monotonic_s() - self._foreign[1] >= _ABANDONED_S:
            self.queue.recover(self.printer.name)
            self.on_change(self.queue.find(id_))

    def _explain(self) -> None:
        """Say at each waiting label why it waits, so that no queue stands still without a word."""
        lamp = self.lamp
        why = "" if lamp.is_ready else lamp.text
        now_s = self.monotonic_s()
        is_news = self._wake.is_set() or why != self._told
        if is_news or (why and now_s - self._told_at_s >= _AGAIN_S):
            for job in self.queue.explain(self.printer.name, self.kind, why):
                self.on_change(job)
            self._told, self._told_at_s = why, now_s

    def _is_due(self, every_s: float) -> bool:
        return self._asked_at_s is None or self.monotonic_s() - self._asked_at_s >= every_s

    def _ask(self) -> None:
        status = self.printer.status()
        if status.state is PrinterState.UNREACHABLE:
            self._is_identified, self._misfit = False, ""  # another printer may be there when it is back
        elif status.state is not PrinterState.SILENT and not self._is_identified:
            self._identify()
        self._note(status)
        self._asked_at_s = self.monotonic_s()

    def _identify(self) -> None:
        """Compare the printer with the settings, once each time it comes within reach."""
        try:
            identity = self.printer.identity()
        except PrinterUnreachable:
            return
        self._is_identified = True
        self._misfit = self.printer.misfit(identity) if identity is not None else ""

    def _note(self, status: PrinterStatus) -> None:
        self._said = status
        if self._misfit:
            self._light(is_fit=False, text=f"{self._misfit}.")
            return
        if status.state is PrinterState.SILENT and not self._has_answered:
            # Many printers cannot answer at all; only one that used to is in trouble when it is silent.
            self._is_mute = True
            self._light(is_fit=True, text="Does not say how it is.")
            return
        self._is_mute = False
        self._has_answered = self._has_answered or status.state is not PrinterState.UNREACHABLE
        doing = {PrinterState.READY: "Ready.", PrinterState.PRINTING: "Printing."}.get(status.state, "")
        remedy = status.remedy
        if Reason.MEDIA_WRONG in status.reasons:
            remedy = f"{remedy}. The settings say {stock_words(self.printer.media)}"
        self._light(is_fit=not status.needs_person, text=remedy or doing)

    def _light(self, *, is_fit: bool, text: str) -> None:
        was, self._is_fit = self._lamp, is_fit
        self._unfit_since = None if is_fit else self._unfit_since or self.clock()
        self._lamp = DeviceState(self.printer.name, is_ready=is_fit, text=text)
        if was != self._lamp:
            self.on_change(None)


def make_desks(
    printers: Mapping[str, Printer],
    queue: PrintQueue,
    supervisor: Supervisor,
    on_change: Callable[[PrintJob | None], None],
) -> dict[str, PrinterDesk]:
    """Make who prints on each printer."""

    def is_stopping() -> bool:
        return supervisor.is_stopping

    return {
        name: PrinterDesk(printer, queue, on_change, supervisor.sleep, is_stopping=is_stopping)
        for name, printer in printers.items()
    }
