"""Print jobs: a subject's fields on a design, then a printer's own thread, then the truth about it."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from kiosk.errors import LabelError, SettingsError
from kiosk.flows.labels import USUAL
from kiosk.journal import Hold, PrintQueue
from kiosk.label_choice import selected, station_choices, stock_fault
from kiosk.label_shelf import Designs
from kiosk.model import DeviceState, JobState, LabelChoice, LabelFields, PreparedLabel, Print, PrintJob
from kiosk.ports import Clock, Sleep
from kiosk.printer_setup import handling_of, kind_of, media_of, stock_words
from kiosk.settings import PrinterSettings, StationSettings
from kiosk.supervisor import Supervisor
from kiosk.way import tell_printed
from printers import (
    LANGUAGES,
    Design,
    LabelInvalid,
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
    SnmpAgent,
    open_transport,
    prepare_ready_made,
    texts_of,
)

_IDLE_S = 0.25
_STATUS_EVERY_S = 5.0
_AGAIN_S = 2.0
_MUTE_ANSWER_S = 0.2
"""For one last question to a printer that never answered; a label takes longer to come out."""
_PATIENCE = Patience(timeout_s=40)
"""Shorter than a step may take; a printer that needs a person longer holds the queue, not the thread."""
_INTERRUPTED = "Printing was interrupted: look whether it came out whole."
_FOR_EVER_S = 1e9
_ABANDONED_S = 120.0
"""Longer than anybody sends one label: who began it is gone."""
_NO_LAMP = DeviceState("", is_ready=False, text="Not asked yet.")


def _never() -> bool:
    return False


def _now() -> datetime:
    return datetime.now(UTC)


class LabelShop:
    """Makes labels for the stations' printers."""

    def __init__(
        self,
        designs: Designs,
        stations: tuple[StationSettings, ...],
        printers: Mapping[str, Printer],
    ) -> None:
        self._designs = designs
        self._changing = threading.Lock()
        self._stations = {station.name: station for station in stations}
        self._printers = printers

    @property
    def designs(self) -> Designs:
        """Return what labels are made of now."""
        return self._designs

    def change(self, to: Callable[[Designs], Designs]) -> None:
        """Make every further label of other designs; what is queued already keeps its bytes."""
        with self._changing:
            self._designs = to(self._designs)  # one assignment: a label is made of the old or of the new ones

    def printer_of(self, station: str) -> str:
        """See ``LabelRoom``."""
        found = self._stations.get(station)
        return found.printer if found else ""

    def printers_of(self, station: str) -> tuple[str, ...]:
        """See ``LabelRoom``."""
        found = self._stations.get(station)
        named = [label.printer for label in found.labels] if found else []
        return tuple(dict.fromkeys(filter(None, [self.printer_of(station), *named])))

    def choices(self, station: str) -> Mapping[str, tuple[LabelChoice, ...]]:
        """See ``LabelRoom``."""
        settings = self._stations.get(station)
        if settings is None:
            return USUAL
        own = self._printers.get(settings.printer)
        return station_choices(settings, self._designs.good, own.media if own else None)

    def misfits(self, station: str) -> tuple[str, ...]:
        """Return why labels that the settings of a station name cannot be printed there."""
        found = self._stations.get(station)
        faults = []
        for one in found.labels if found else ():
            printer = self._printers.get(one.printer or self.printer_of(station))
            design = self._designs.good.get(one.design)
            if printer is None:
                faults.append(f"stations.labels: {one.design!r} of {one.subject} has no printer.")
            elif design is None:
                known = sorted(self._designs.good)
                faults.append(f"stations.labels: {one.design!r}, expected a design that is good, of {known}.")
            elif fault := stock_fault(design, printer.media):
                faults.append(f"stations.labels: {one.design!r} on {printer.name!r}: {fault}.")
        return tuple(faults)

    def takes_zpl(self, station: str) -> bool:
        """See ``LabelRoom``."""
        printer = self._printers.get(self.printer_of(station))
        return printer is not None and printer.language.check_ready_made is not None

    def printer(self, name: str) -> Printer:
        """Return a printer of the settings."""
        return self._printers[name]

    def prepare(self, station: str, label: Print) -> PreparedLabel:
        """See ``LabelRoom``."""
        return self.prepare_for(label.printer or self.printer_of(station), label)

    def prepare_for(self, printer_name: str, label: Print) -> PreparedLabel:
        """Make a label for one printer.

        Raises:
            LabelError: unknown label, printer or field, data that does not fit, or it would not scan.
        """
        if label.zpl:
            return self._drawn_by_ion(printer_name, label)
        designs = self._designs
        design = designs.good.get(label.label)
        if label.label in designs.faults:
            raise LabelError(f"Cannot make label {label.label!r}: {designs.faults[label.label]}")
        if design is None:
            raise LabelError(f"Cannot make label {label.label!r}: expected one of {sorted(designs.good)}.")
        return self.make(printer_name, design, replace(label, fields=_taken(label, design, designs)))

    def make(self, printer_name: str, design: Design, label: Print) -> PreparedLabel:
        """Make a label of a design that need not be one of the kiosk's.

        Raises:
            LabelError: unknown printer or field, data that does not fit, or it would not scan.
        """
        printer = self._fitting(printer_name, label)
        try:
            made = printer.prepare(design, label.fields)
        except LabelInvalid as error:
            raise LabelError(f"Cannot make label {label.label!r}: {error}") from error
        made_for = kind_of(printer)
        return PreparedLabel(label.label, design.digest, made.encoded, made.payload, made.png, made_for)

    def _drawn_by_ion(self, printer_name: str, label: Print) -> PreparedLabel:
        printer = self._fitting(printer_name, label)
        payload, facts = label.zpl.encode("utf-8", "replace"), texts_of(label.fields)
        code = facts.get("code", "")
        try:
            made = prepare_ready_made(
                payload,
                printer.language,
                encoded=code if code.encode() in payload else "",
                facts={name: text for name, text in facts.items() if name != "code"},
                media=printer.media,
            )
        except LabelInvalid as error:
            raise LabelError(f"Cannot print the label that ION drew: {error}") from error
        made_for = kind_of(printer)
        return PreparedLabel(label.label, made.digest, made.encoded, made.payload, made.png, made_for)

    def _fitting(self, printer_name: str, label: Print) -> Printer:
        printer = self._printers.get(printer_name)
        if printer is not None:
            return printer
        raise LabelError(
            f"Cannot print on {printer_name!r}: expected one of {sorted(self._printers)}."
            if printer_name
            else f"Cannot make label {label.label!r}: this station has no printer."
        )


def _taken(label: Print, design: Design, designs: Designs) -> LabelFields:
    """Leave out what a design need not show: of all that is known what it does not take.

    A program gives what the packaged design of that name takes, and the site's may show less.
    """
    if label.is_selecting:
        return selected(label.fields, design)
    packaged = designs.packaged.get(design.name)
    if packaged is None or packaged is design:
        return label.fields
    left_out = packaged.takes.keys() - design.takes.keys()
    return {name: value for name, value in label.fields.items() if name not in left_out}


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
        by = f" by {hold.by}" if hold.by else ""
        text = f"Paused{by}. Let it go on under Printers."
        return DeviceState(self.printer.name, is_ready=False, text=text, since=hold.at)

    @property
    def since(self) -> datetime | None:
        """Return since when nothing is printed, ``None`` where that is not so."""
        return self._unfit_since or (self._hold.at if self._hold else None)

    @property
    def kind(self) -> str:
        """Return what labels must be made for to come out right here."""
        return kind_of(self.printer)

    def wake(self) -> None:
        """Look for jobs now instead of at the next turn."""
        self._wake.set()

    def step(self) -> None:
        """Print one job, or look after the printer when there is none."""
        self._pick_up()
        self._is_astray = True
        claimed = self.queue.claim(self.printer.name, self.kind) if self._may_print() else None
        if claimed is not None:
            job, payload = claimed
            self.on_change(job)
            self._settle(job, *self._printed(payload))
            self._is_astray = False
            return
        self._is_astray = False
        self._look_after()
        self._explain()
        self._wake.wait(_IDLE_S)
        self._wake.clear()

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
            self._light(is_fit=False, text=f"Broke off while printing. ({error})")
            return JobState.UNKNOWN, str(error)
        self._note(outcome.status)
        if outcome.state is PrintState.CONFIRMED:
            return JobState.CONFIRMED, ""
        if outcome.was_interrupted or (self._has_answered and outcome.status.needs_person):
            return JobState.UNKNOWN, outcome.status.remedy or _INTERRUPTED
        return JobState.SENT, ""

    def _not_taken(self, error: PrinterError, remedy: str) -> tuple[JobState, str]:
        self._light(is_fit=False, text=f"{remedy} ({error})")
        self._asked_at_s = self.monotonic_s()
        return JobState.QUEUED, str(error)

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


def open_printers(settings: tuple[PrinterSettings, ...]) -> dict[str, Printer]:
    """Return the printers of the settings; nothing is connected yet.

    Raises:
        SettingsError: a language or URL that is not known; all of them at once.
    """
    opened: dict[str, Printer] = {}
    faults = []
    for one in settings:
        language = LANGUAGES.get(one.language)
        if language is None:
            faults.append(
                f"printers: {one.name!r} speaks {one.language!r}, expected one of {sorted(LANGUAGES)}"
            )
        try:
            transport = open_transport(
                one.url,
                content_type="application/octet-stream" if language is None else language.content_type,
            )
            agent = None if one.status_url is None else SnmpAgent.opened(one.status_url)
        except PrinterError as error:
            faults.append(f"printers: {one.name!r}: {error}")
            continue
        if language is None:
            continue
        try:
            media, handling = media_of(one), handling_of(one)
            language.check(media, handling)
        except LabelInvalid as error:
            faults.append(f"printers: {one.name!r}: {error}")
            continue
        opened[one.name] = Printer(one.name, language, transport, media, handling, agent)
    if faults:
        raise SettingsError("\n".join(faults))
    return opened


def ask_printer(settings: PrinterSettings) -> DeviceState:
    """Ask one printer how it is; one that cannot answer but takes a connection counts as ready.

    Raises:
        SettingsError: its language or URL is not known.
    """
    printer = open_printers((settings,))[settings.name]
    status = printer.status()
    is_ready = not status.needs_person or status.state is PrinterState.SILENT
    words = [status.state.value, status.remedy]
    if status.state not in (PrinterState.SILENT, PrinterState.UNREACHABLE):
        try:
            identity = printer.identity()
        except PrinterUnreachable:
            identity = None
        if identity is not None:
            misfit = printer.misfit(identity)
            is_ready = is_ready and not misfit
            words += [f"{identity.model} {identity.firmware}".rstrip(), misfit]
    return DeviceState(settings.name, is_ready=is_ready, text=". ".join(filter(None, words)) + ".")
