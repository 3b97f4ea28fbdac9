"""One place where a person works: an event in, an outcome committed, then the screen."""

import contextlib
import hashlib
import logging
import queue
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from kiosk.barcodes import Command, Readings, read, text_of
from kiosk.decision import Decision, Judge, Surroundings
from kiosk.errors import JournalError, JournalOvertaken
from kiosk.face import Face, view_of
from kiosk.flows import awaited, is_verbatim, resting
from kiosk.flows.flow import Answered, Left, News, Pressed, Printed, Refreshed, Scanned, Settled
from kiosk.inquiry import Look, Looks, Query
from kiosk.journal import Entry, Press
from kiosk.look_up import Looked, LookUp
from kiosk.model import Level, Message, Operation, PrintJob, Question, RawScan, Session
from kiosk.ports import Receipt, StationView
from kiosk.resolve import questions
from kiosk.settings import StationSettings
from kiosk.way import tell_kept, tell_taken

__all__ = ["Station", "Surroundings"]

_LOG = logging.getLogger(__name__)
_PATIENCE_S = 20.0
"""Longer than a look-up can take, since an event behind one waits for it."""
_IDLE_S = 1.0
_LONGEST_KEY = 120
_ENTITIES = {"order": "PO", "run": "RUN", "inventory": "PI"}


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
    event: News


_Event: TypeAlias = _Scan | _Push | Looked
_Item: TypeAlias = _Event | _News


class Station:
    """Drives one station from one queue; its thread runs ``step``, its look-ups run in ``look_step``.

    The session belongs to the thread of ``step``. Others put events into the queue, and read ``_face``.
    """

    def __init__(
        self,
        settings: StationSettings,
        around: Surroundings,
        *,
        idle_s: float = _IDLE_S,
        patience_s: float = _PATIENCE_S,
    ) -> None:
        """Go on where the station stood; scans that were kept and not answered are answered first.

        Args:
            settings: the station's.
            around: what it works with.
            idle_s: how long a step waits for an event.
            patience_s: how long a sender waits for its answer.

        Raises:
            JournalError: the journal cannot be read or written.
        """
        self._settings = settings
        self._around = around
        self._idle_s = idle_s
        self._patience_s = patience_s
        self._inbox: queue.Queue[_Item] = queue.Queue()
        self._looks = Looks()
        self._behind: deque[_Event] = deque()
        """Events that wait for a look-up, or for the disk, in their order."""
        self._looking: Look | None = None
        self._asking: Question | None = None
        """What the screen waits for, once that is on its way to ION."""
        self._is_held = False
        self._judge = Judge(settings, around)
        self._look_ups = LookUp(settings, around.inquiry, self._looks, self._told)
        session = self._judge.reopened(around.journal.book.reopen(_first(settings.name, around.ids())))
        self._face = Face(session, session.revision, session.revision)
        for scan in around.journal.book.waiting(settings.name):
            self._behind.append(_Scan(scan, None, is_kept=True))
        self._ask()

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

    def printed(self, job: PrintJob) -> None:
        """Take the news that a print job of this station moved on."""
        self._inbox.put(_News(Printed(job)))

    def left(self) -> None:
        """Take the news that nobody is signed in here any more."""
        self._inbox.put(_News(Left()))

    def view(self) -> StationView:
        """See ``StationRoom``."""
        return view_of(self._face, self._settings, self._around)

    def step(self) -> None:
        """Answer the next event, or return after a second without one."""
        if self._behind and self._looking is None and not self._is_held:
            self._answer(self._behind.popleft())
            return
        self._is_held = False
        try:
            item = self._inbox.get(timeout=self._idle_s)
        except queue.Empty:
            return
        match item:
            case _News(Answered(question) as event):
                self._news(event)
                # A screen that does not take its answer is not asked for again and again.
                if question == self._asking and question != awaited(self._face.session):
                    self._asking = None
            case _News(event):
                self._news(event)
            case Looked(look) if look.is_refresh:
                self._refreshed(item)
            case Looked():
                self._looking = None
                self._answer(item)
            case _:
                self._answer(item, must_wait=self._looking is not None or bool(self._behind))

    def look_step(self) -> None:
        """Put the next question to ION, or return after a second without one."""
        self._look_ups.step(self._idle_s)

    def _told(self, answer: Looked | Answered) -> None:
        self._inbox.put(_News(answer) if isinstance(answer, Answered) else answer)

    def _answered(self, item: _Scan | _Push) -> Receipt:
        self._inbox.put(item)
        return _awaited(item.answer, self._patience_s, self.name)

    def _answer(self, item: _Event, *, must_wait: bool = False) -> None:
        """Give the sender an answer whatever happens, and say loudly what could not be kept."""
        is_mistake = True
        try:
            self._take(item, must_wait=must_wait)
            is_mistake = False
        except JournalError as error:
            _LOG.exception("Station %s: the journal did not take an event", self.name)
            is_mistake = False
            self._not_written(item, error)
        finally:
            if is_mistake:
                self._mistaken(item)

    def _take(self, item: _Event, *, must_wait: bool) -> None:
        if isinstance(item, Looked):
            self._looked(item)
            return
        seen = self._around.journal.book.seen(item.key) if item.key else None
        is_claimed = isinstance(item, _Scan) and item.is_kept
        if must_wait and seen is None and isinstance(item, _Push):
            self._behind.append(item)
        elif not is_claimed and not item.answer.set_running_or_notify_cancel():
            _LOG.warning("Station %s: nobody waits for an event any more; it is not taken", self.name)
        elif seen is not None:
            item.answer.set_result(Receipt(seen, is_repeat=True))
        elif isinstance(item, _Push):
            self._pushed(item)
        elif must_wait:
            self._behind.append(self._kept(item))
        else:
            self._scanned(item)

    def _not_written(self, item: _Event, error: JournalError) -> None:
        """Say that the journal failed; what is on disk already waits here until it works again."""
        is_safe = isinstance(item, Looked) or (isinstance(item, _Scan) and item.is_kept)
        if is_safe:
            self._behind.appendleft(item)
            self._is_held = True
            template = "The kiosk cannot write. The last scan is kept and waits. Tell a technician. {error}"
        else:
            template = "NOT KEPT. Do it again, and tell a technician. {error}"
        self._overlay_with(Message(Level.STOP, template, {"error": str(error)}))
        _let_down(item, str(error))

    def _mistaken(self, item: _Event) -> None:
        """Say that the kiosk failed; a scan on disk is set aside, since it would fail again."""
        template = "NOT KEPT. The kiosk made a mistake. Tell a technician."
        scan = item.look.scan if isinstance(item, Looked) else None
        if isinstance(item, _Scan) and item.is_kept:
            scan = item.scan
        if scan is not None:
            template = "The kiosk made a mistake with the last scan. It is kept. Tell a technician."
            with contextlib.suppress(JournalError):
                self._around.journal.book.set_aside(scan)
        self._overlay_with(Message(Level.STOP, template))
        _let_down(item, template)

    def _kept(self, item: _Scan) -> _Scan:
        """Put a scan on disk and say so to its sender, before it is known what it means."""
        if item.is_kept:
            return item
        self._around.journal.book.keep(item.scan, item.key)
        tell_kept(item.scan)
        item.answer.set_result(Receipt(item.scan.id, is_repeat=False))
        return _Scan(item.scan, None, is_kept=True)

    def _scanned(self, item: _Scan) -> None:
        readings = self._around.inquiry.read(item.scan.data, item.scan.symbology)
        command = next((reading for reading in readings.readings if isinstance(reading, Command)), None)
        if command is not None:
            self._apply(Pressed(command.verb, command.argument), item)
            return
        if not questions(readings) or is_verbatim(self._face.session, readings):
            self._apply(Scanned(readings), item)
            return
        remembered = self._around.inquiry.remembered(readings)
        if remembered is not None and remembered.subjects:
            self._apply(Scanned(readings, remembered.subjects, remembered.as_of), item)
            self._looks.refresh(readings)
            return
        self._look_up(Look(readings, self._kept(item).scan))

    def _pushed(self, item: _Push) -> None:
        if item.revision is not None and item.revision < self._face.event_revision:
            item.answer.set_result(Receipt(item.press.id, is_repeat=False, is_stale=True))
            return
        self._apply(Pressed(item.press.verb, item.press.argument), item)

    def _look_up(self, look: Look) -> None:
        self._looking = look
        self._looks.want(look)
        self._overlay_with(Message(Level.WAIT, "Looking up {text} …", {"text": look.readings.shown}))

    def _overlay_with(self, message: Message) -> None:
        face = self._face
        if message != face.overlay:
            session = replace(face.session, revision=face.session.revision + 1)
            self._face = replace(face, session=session, overlay=message)
            self._around.publish(self.name)

    def _looked(self, item: Looked) -> None:
        self._judge.settle_in(item.location)
        subjects = item.resolution.subjects if item.resolution else ()
        event = Scanned(item.look.readings, subjects, is_offline=item.error is not None)
        scan = item.look.scan
        self._apply(event, _Scan(scan, None, is_kept=True) if scan is not None else None)

    def _refreshed(self, item: Looked) -> None:
        self._judge.settle_in(item.location)
        for subject in item.resolution.subjects if item.resolution else ():
            if not self._looks.is_outdated(item.look, subject):
                self._news(Refreshed(subject))

    def _ask(self) -> None:
        """Put the question that the screen waits for, from memory first; a fresh answer follows."""
        question = awaited(self._face.session)
        if question is None or question == self._asking:
            return
        self._asking = question
        self._looks.want(Query(question))
        try:
            known = self._around.inquiry.recalled(question)
            if known is not None:
                self._news(Answered(question, known.subjects, known.at))
        except JournalError:
            # The event that asked is on disk; ION's own answer is on its way.
            _LOG.exception("Station %s: the journal did not recall an answer", self.name)

    def _news(self, event: News) -> None:
        """Change the screen by news from outside: nothing that a crash could lose is in it."""
        face = self._face
        session = self._judge.informed(face.session, event)
        if replace(session, revision=face.session.revision) != face.session:
            self._face = face.after_news(session)
            self._around.publish(self.name)
        self._ask()
        if isinstance(event, Settled):
            _look_again(event.operation, self._looks, self.name, self._around)

    def _apply(self, event: Scanned | Pressed, item: _Scan | _Push | None) -> None:
        """Let the flows answer, commit all that follows, and only then tell anybody."""
        try:
            self._apply_once(event, item)
        except JournalOvertaken:
            # What it takes back changed between the look and the commit; the facts are looked at once more.
            self._apply_once(event, item)

    def _apply_once(self, event: Scanned | Pressed, item: _Scan | _Push | None) -> None:
        decision = self._judge.decided(self._face.session, event)
        onward: Look | None = None
        if decision.follow is not None:
            readings = read(decision.follow.encode())
            remembered = self._around.inquiry.remembered(readings)
            if remembered is not None and remembered.subjects:
                followed = Scanned(readings, remembered.subjects, remembered.as_of)
                decision = decision.then(self._judge.decided(decision.session, followed, decision.presence))
                self._looks.refresh(readings)
            elif isinstance(item, _Scan) and not decision.has_effects:
                # The scan is answered by what it leads to; a crash before that finds it waiting.
                self._look_up(Look(readings, self._kept(item).scan))
                return
            else:
                onward = Look(readings)
        self._commit(decision, item)
        if onward is not None:
            self._look_up(onward)

    def _commit(self, decision: Decision, item: _Scan | _Push | None) -> None:
        entry = _entry(decision, item)
        proved = self._around.journal.book.commit(entry, is_kept=isinstance(item, _Scan) and item.is_kept)
        self._face = self._face.after_event(decision.session)
        if decision.came is not None:
            self._around.people.came(self.name, decision.came)
        self._around.publish(self.name)
        if item is not None and not item.answer.done():
            id_ = item.scan.id if isinstance(item, _Scan) else item.press.id
            item.answer.set_result(Receipt(id_, is_repeat=False))
        tell_taken(entry)
        if proved is not None:
            self._around.printed(proved)
        _stir(self.name, self._around, *decision.printers, is_old=decision.is_about_old)
        for operation in _withdrawn(decision, self._around):
            self.settled(operation)
        self._ask()


def _stir(station: str, around: Surroundings, *printers: str, is_old: bool) -> None:
    """Let printers look for work, with those of the station where earlier work may go on."""
    again = around.labels.printers_of(station) if is_old else ()
    for printer in dict.fromkeys([*printers, *again]):
        around.wake_printer(printer)


def _look_again(operation: Operation, looks: Looks, station: str, around: Surroundings) -> None:
    """Want fresh facts about what an operation that ended was about, and let its labels be printed."""
    looks.settled(operation.about)
    for readings in _references(operation.about):
        looks.refresh(readings)
    _stir(station, around, is_old=True)


def _withdrawn(decision: Decision, around: Surroundings) -> Sequence[Operation]:
    """Return the operations that a person withdrew, as they are now."""
    try:
        found = [around.journal.outbox.find(taken.operation) for taken in decision.withdrawals]
    except JournalError:
        # What withdrew them is on disk, and nobody may be told to do it again.
        _LOG.exception("The journal did not recall what was withdrawn")
        return ()
    return [operation for operation in found if operation is not None]


def _let_down(item: _Event, why: str) -> None:
    """Tell a sender who waits that the event is not kept."""
    if not isinstance(item, Looked) and not item.answer.done():
        item.answer.set_exception(JournalError(why))


def _entry(decision: Decision, item: _Scan | _Push | None) -> Entry:
    """Return what the journal is to write of a decision and the event that led to it."""
    if isinstance(item, _Scan):
        proof = text_of(item.scan.data, item.scan.symbology).rstrip("\r\n")
        return replace(decision.entry, scan=item.scan, key=item.key, proof=proof)
    if isinstance(item, _Push):
        return replace(decision.entry, press=item.press, key=item.key)
    return decision.entry


def _references(key: str) -> tuple[Readings, ...]:
    """Return the barcode that asks for what a key names; none where there is no such barcode."""
    prefix, _, id_ = key.partition("/")
    return (read(f"ION/{_ENTITIES[prefix]}/{id_}".encode()),) if prefix in _ENTITIES else ()


def _awaited(answer: "Future[Receipt]", patience_s: float, station: str) -> Receipt:
    """Wait for an event's answer; one whose sender gives up before it is begun is never taken."""
    try:
        return answer.result(patience_s)
    except TimeoutError:
        if answer.cancel():
            raise JournalError(
                f"Station {station!r} is busy since {patience_s:.0f} s. It was not taken."
            ) from None
    try:
        return answer.result(patience_s)
    except TimeoutError:
        raise JournalError(f"Station {station!r} does not answer. Look at its screen.") from None


def _first(station: str, id_: str) -> Session:
    start = resting()
    return Session(id_, station, start.flow, start.step, start.state)


def _scoped(station: str, key: str | None) -> str | None:
    """Return an idempotency key that cannot meet another station's, nor a longer one that begins like it."""
    if key is None:
        return None
    if len(key) > _LONGEST_KEY:
        key = f"sha256 {hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()}"
    return f"{station}:{key}"
