"""One place where a person works: an event in, an outcome committed, then the screen."""

import logging
import queue
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from kiosk.barcodes import Command, Readings, read
from kiosk.errors import IonError, JournalError, LabelError
from kiosk.flows import handle, resting, subject_shown
from kiosk.flows.flow import Outcome, Place, Pressed, Refreshed, Scanned, Settled, stay
from kiosk.inquiry import Inquiry
from kiosk.journal import Entry, Journal, NewJob, Press
from kiosk.model import (
    Asked,
    Level,
    Location,
    Message,
    Operation,
    OperationState,
    Question,
    RawScan,
    Session,
    Submit,
)
from kiosk.ports import Clock, Devices, Ids, LabelRoom, Receipt, StationView
from kiosk.resolve import Resolution, questions
from kiosk.settings import StationSettings

_LOG = logging.getLogger(__name__)
_ANSWER_TIMEOUT_S = 20.0
"""Longer than a look-up can take, since an event behind one waits for it."""
_IDLE_S = 1.0
_JOBS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class _Scan:
    scan: RawScan
    key: str | None
    answer: "Future[Receipt]" = field(default_factory=Future)
    is_kept: bool = False


@dataclass(frozen=True, slots=True)
class _Push:
    press: Press
    key: str | None
    revision: int | None
    answer: "Future[Receipt]" = field(default_factory=Future)


@dataclass(frozen=True, slots=True)
class _News:
    event: Refreshed | Settled


@dataclass(frozen=True, slots=True)
class _Looked:
    """A look-up came back."""

    look: "_Look"
    resolution: Resolution | None
    error: IonError | None


@dataclass(frozen=True, slots=True)
class _Look:
    """A question on its way to ION."""

    readings: Readings
    scan: RawScan | None = None
    """The scan that waits for it; ``None`` where a reference is followed or an answer is only refreshed."""
    is_refresh: bool = False


_Item: TypeAlias = _Scan | _Push | _News | _Looked


@dataclass(frozen=True, slots=True)
class _Decision:
    """What an event leads to, ready to be committed."""

    session: Session
    submits: tuple[tuple[str, Submit], ...] = ()
    jobs: tuple[NewJob, ...] = ()
    follow: str | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a station works with."""

    journal: Journal
    inquiry: Inquiry
    labels: LabelRoom
    devices: Devices
    offers: Callable[[], frozenset[str] | None]
    publish: Callable[[str], None]
    """Told the station's name whenever its view changed."""
    wake_printer: Callable[[str], None]
    clock: Clock
    ids: Ids


class Station:
    """Drives one station from one queue; its thread runs ``step``, its look-ups run in ``look_step``."""

    def __init__(self, settings: StationSettings, around: Surroundings) -> None:
        self._settings = settings
        self._around = around
        self._inbox: queue.Queue[_Item] = queue.Queue()
        self._looks: queue.Queue[_Look] = queue.Queue()
        self._behind: deque[_Scan | _Push] = deque()
        self._looking: _Look | None = None
        self._session = around.journal.book.session(settings.name) or _first(settings.name, around.ids())
        self._event_revision = self._session.revision
        self._location: Location | None = None
        self._overlay: Message | None = None
        for scan in around.journal.book.waiting(settings.name):
            self._inbox.put(_Scan(scan, None, is_kept=True))

    @property
    def name(self) -> str:
        """Return the station's name."""
        return self._settings.name

    def scan(self, data: bytes, *, scanner: str, key: str | None = None) -> Receipt:
        """See ``StationRoom``."""
        around = self._around
        raw = RawScan(around.ids(), self.name, scanner, data, around.clock())
        return self._answered(_Scan(raw, _scoped(self.name, key)))

    def press(
        self, verb: str, argument: str | None = None, *, revision: int | None = None, key: str | None = None
    ) -> Receipt:
        """See ``StationRoom``."""
        press = Press(self._around.ids(), verb.upper()[:32], argument)
        return self._answered(_Push(press, _scoped(self.name, key), revision))

    def settled(self, operation: Operation) -> None:
        """Take the news that an operation of this station came to an end, or stopped for a person."""
        self._inbox.put(_News(Settled(operation)))

    def view(self) -> StationView:
        """See ``StationRoom``."""
        session, around = self._session, self._around
        waiting, parked = around.journal.outbox.counts()
        return StationView(
            station=self.name,
            session=session.id,
            revision=session.revision,
            flow=session.flow,
            step=session.step,
            state=session.state,
            message=self._overlay or session.message,
            flows=self._settings.flows,
            location=self._settings.location,
            waiting=waiting,
            parked=parked,
            scanners=around.devices.scanners(self.name),
            printers=around.devices.printers(self.name),
            ion=around.devices.ion(),
            jobs=around.journal.prints.newest(self.name, _JOBS_SHOWN),
        )

    def step(self) -> None:
        """Answer the next event, or return after a second without one."""
        try:
            is_free = self._behind and self._looking is None
            item = self._behind.popleft() if is_free else self._inbox.get(timeout=_IDLE_S)
        except queue.Empty:
            return
        match item:
            case _Looked():
                self._looked(item)
            case _News(event):
                self._news(event)
            case _Scan() | _Push():
                self._guarded(item)

    def look_step(self) -> None:
        """Put the next question to ION, or return after a second without one."""
        try:
            look = self._looks.get(timeout=_IDLE_S)
        except queue.Empty:
            return
        resolution: Resolution | None = None
        failure: IonError | None = None
        try:
            resolution = self._around.inquiry.fresh(look.readings)
            if self._location is None:
                self._find_location()
        except IonError as error:
            _LOG.info(
                "Station %s: ION could not be asked about %r: %s", self.name, look.readings.shown, error
            )
            failure = error
        self._inbox.put(_Looked(look, resolution, failure))

    def _answered(self, item: _Scan | _Push) -> Receipt:
        self._inbox.put(item)
        try:
            return item.answer.result(_ANSWER_TIMEOUT_S)
        except TimeoutError as error:
            raise JournalError(
                f"Station {self.name!r} did not answer within {_ANSWER_TIMEOUT_S:.0f} s."
            ) from error

    def _guarded(self, item: _Scan | _Push) -> None:
        """Give the sender an answer whatever happens, and say loudly what could not be kept."""
        try:
            seen = self._around.journal.book.seen(item.key) if item.key else None
            if seen is not None:
                item.answer.set_result(Receipt(seen, is_repeat=True))
            elif self._looking is not None:
                self._wait_behind(item)
            elif isinstance(item, _Scan):
                self._scanned(item)
            else:
                self._pushed(item)
        except Exception as error:
            words = str(error) if isinstance(error, JournalError) else "The kiosk made a mistake."
            template = "NOT KEPT. Do it again, and tell a technician. {error}"
            self._overlay_with(Message(Level.STOP, template, {"error": words}))
            if not item.answer.done():
                item.answer.set_exception(JournalError(words))
            raise

    def _scanned(self, item: _Scan) -> None:
        readings = read(item.scan.data, item.scan.symbology)
        command = next((reading for reading in readings.readings if isinstance(reading, Command)), None)
        if command is not None:
            self._apply(Pressed(command.verb, command.argument), item)
            return
        if not questions(readings):
            self._apply(Scanned(readings), item)
            return
        remembered = self._around.inquiry.remembered(readings)
        if remembered is not None and remembered.subjects:
            self._apply(Scanned(readings, remembered.subjects, remembered.as_of), item)
            self._looks.put(_Look(readings, is_refresh=True))
            return
        if not item.is_kept:
            self._around.journal.book.keep(item.scan, item.key)
            item.answer.set_result(Receipt(item.scan.id, is_repeat=False))
        self._look_up(_Look(readings, item.scan))

    def _pushed(self, item: _Push) -> None:
        if item.revision is not None and item.revision < self._event_revision:
            item.answer.set_result(Receipt(item.press.id, is_repeat=False, is_stale=True))
            return
        self._apply(Pressed(item.press.verb, item.press.argument), item)

    def _wait_behind(self, item: _Scan | _Push) -> None:
        """Keep an event that came while ION is being asked; a scan is on disk before it waits."""
        if isinstance(item, _Scan) and not item.is_kept:
            self._around.journal.book.keep(item.scan, item.key)
            item.answer.set_result(Receipt(item.scan.id, is_repeat=False))
            self._behind.append(_Scan(item.scan, None, is_kept=True))
        else:
            self._behind.append(item)

    def _look_up(self, look: _Look) -> None:
        self._looking = look
        self._looks.put(look)
        self._overlay_with(Message(Level.WAIT, "Looking up {text} …", {"text": look.readings.shown}))

    def _overlay_with(self, message: Message) -> None:
        self._overlay = message
        self._session = replace(self._session, revision=self._session.revision + 1)
        self._around.publish(self.name)

    def _looked(self, item: _Looked) -> None:
        resolution = item.resolution
        if item.look.is_refresh:
            for subject in resolution.subjects if resolution else ():
                self._news(Refreshed(subject))
            return
        self._looking = None
        subjects = resolution.subjects if resolution else ()
        event = Scanned(item.look.readings, subjects, is_offline=item.error is not None)
        scan = item.look.scan
        self._apply(event, _Scan(scan, None, is_kept=True) if scan is not None else None)

    def _news(self, event: Refreshed | Settled) -> None:
        """Change the screen by news from outside: nothing that a crash could lose is in it."""
        keys = (event.subject.key,) if isinstance(event, Refreshed) else (event.operation.about,)
        outcome = handle(self._session, event, self._place(keys))
        session = _after(self._session, outcome)
        if replace(session, revision=self._session.revision) != self._session:
            self._session = session
            self._around.publish(self.name)
        if isinstance(event, Settled):
            if event.operation.state is OperationState.DONE:
                self._refresh(event.operation.about)
            printer = self._around.labels.printer_of(self.name)
            if printer:
                self._around.wake_printer(printer)

    def _refresh(self, key: str) -> None:
        prefix, _, id_ = key.partition("/")
        entity = {"order": "PO", "run": "RUN", "inventory": "PI"}.get(prefix)
        if entity is not None:
            self._looks.put(_Look(read(f"ION/{entity}/{id_}".encode()), is_refresh=True))

    def _apply(self, event: Scanned | Pressed, item: _Scan | _Push | None) -> None:
        """Let the flows answer, commit all that follows, and only then tell anybody."""
        decision = self._decided(event)
        entry = Entry(decision.session, submits=decision.submits, jobs=decision.jobs)
        if isinstance(item, _Scan):
            proof = event.readings.text if isinstance(event, Scanned) else None
            entry = replace(entry, scan=item.scan, key=item.key, proof=proof)
        elif isinstance(item, _Push):
            entry = replace(entry, press=item.press, key=item.key)
        self._around.journal.book.commit(entry, is_kept=isinstance(item, _Scan) and item.is_kept)
        self._session = decision.session
        self._event_revision = decision.session.revision
        self._overlay = None
        if item is not None and not item.answer.done():
            id_ = item.scan.id if isinstance(item, _Scan) else item.press.id
            item.answer.set_result(Receipt(id_, is_repeat=False))
        for job in decision.jobs:
            self._around.wake_printer(job.printer)
        self._around.publish(self.name)
        if decision.follow is not None:
            self._follow(decision.follow)

    def _decided(self, event: Scanned | Pressed) -> _Decision:
        session, labels = self._session, self._around.labels
        outcome = handle(session, event, self._place(_keys(session, event)))
        turn = session.turn + 1
        key, printer = f"{session.id}/{turn}", labels.printer_of(self.name)
        submits, jobs = [], []
        try:
            for number, effect in enumerate(outcome.effects):
                if isinstance(effect, Submit):
                    submits.append((f"{key}/{number}", effect))
                else:
                    made = labels.prepare(self.name, effect)
                    jobs.append(NewJob(f"{key}/label/{number}", self.name, printer, effect, made))
        except LabelError as error:
            words = Message(Level.STOP, "This label cannot be made. {error}", {"error": str(error)})
            return _Decision(replace(_after(session, stay(session, words)), turn=turn))
        after = replace(_after(session, outcome), turn=turn)
        return _Decision(after, tuple(submits), tuple(jobs), outcome.follow)

    def _follow(self, reference: str) -> None:
        readings = read(reference.encode())
        remembered = self._around.inquiry.remembered(readings)
        if remembered is not None and remembered.subjects:
            self._apply(Scanned(readings, remembered.subjects, remembered.as_of), None)
            self._looks.put(_Look(readings, is_refresh=True))
        else:
            self._look_up(_Look(readings))

    def _place(self, keys: tuple[str, ...]) -> Place:
        around = self._around
        return Place(
            station=self.name,
            now=around.clock(),
            flows=self._settings.flows,
            location=self._location or self._remembered_location(),
            offers=around.offers(),
            outstanding=around.journal.outbox.about(keys) if keys else (),
            has_printer=bool(around.labels.printer_of(self.name)),
        )

    def _remembered_location(self) -> Location | None:
        if not self._settings.location:
            return None
        found = self._around.inquiry.first(self._home_question(), is_remembered=True)
        return found if isinstance(found, Location) else None

    def _find_location(self) -> None:
        """Ask ION once for the station's own location, whose name the settings give."""
        if not self._settings.location:
            return
        found = self._around.inquiry.first(self._home_question())
        if isinstance(found, Location):
            self._location = found

    def _home_question(self) -> Question:
        return Question(Asked.LOCATION_NAME, self._settings.location)


def _first(station: str, id_: str) -> Session:
    start = resting()
    return Session(id_, station, start.flow, start.step, start.state)


def _after(session: Session, outcome: Outcome) -> Session:
    return replace(
        session,
        flow=outcome.flow,
        step=outcome.step,
        state=outcome.state,
        message=outcome.message,
        revision=session.revision + 1,
    )


def _keys(session: Session, event: Scanned | Pressed) -> tuple[str, ...]:
    """Return the keys of everything on the screen and in the scan, whose way to ION has to be counted in."""
    shown = subject_shown(session)
    subjects = (*(event.subjects if isinstance(event, Scanned) else ()), *((shown,) if shown else ()))
    return tuple(dict.fromkeys(subject.key for subject in subjects))


def _scoped(station: str, key: str | None) -> str | None:
    """Return an idempotency key that cannot meet another station's."""
    return None if key is None else f"{station}:{key[:120]}"
