"""Asking ION what a barcode means, with the journal's memory beneath for the time without network."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from kiosk.barcodes import Pattern, Readings, read
from kiosk.errors import IonError, JournalError
from kiosk.model import Answer, Asked, Inventory, Location, Order, Question, RawScan, Run, Subject
from kiosk.ports import Clock, IonReader, Sleep
from kiosk.resolve import Resolution, resolve
from kiosk.resolve.searching import MOST_FOUND, search_found, search_questions

_LOG = logging.getLogger(__name__)
_RENEWED_AFTER = timedelta(minutes=5)
"""An answer that did not change is written again this late, for its age on the screen; not every time."""
_MOST_REFRESHES = 16
_MOST_SETTLED = 256
_PATTERNS_S = 600.0
"""A pattern that is new in ION is read by the kiosk this late."""
_AGAIN_S = 5.0
_LOOK_S = 0.5
_REST_S = 0.05
"""How long a refresh holds back: the screen with the known answer is drawn first."""


class Memory(Protocol):
    """What was answered before."""

    def get(self, questions: Sequence[Question]) -> Mapping[Question, Answer]:
        """Return the answers that are known."""

    def like(self, text: str, limit: int) -> Sequence[Answer]:
        """Return answers to what was asked by a name that contains a text, without regard to case."""

    def put(self, given: Iterable[Answer]) -> None:
        """Keep answers, each in place of the one before; an empty one takes the earlier away.

        Raises:
            JournalError: they could not be kept.
        """


class Inquiry:
    """Reads barcodes and answers questions about them, from memory or from ION."""

    def __init__(
        self,
        ion: IonReader,
        memory: Memory,
        clock: Clock,
        patterns: Callable[[], Sequence[Pattern]] = tuple,
    ) -> None:
        self._ion = ion
        self._memory = memory
        self._clock = clock
        self._patterns = patterns

    def read(self, raw: bytes, symbology: str | None = None) -> Readings:
        """Return all that a barcode can mean, by the tenant's own patterns too: ``kiosk.barcodes.read``."""
        return read(raw, symbology, self._patterns())

    def remembered(self, readings: Readings) -> Resolution | None:
        """Return what the barcode meant when ION was last asked, ``None`` where that is not known."""
        return resolve(readings, self._memory.get)

    def fresh(self, readings: Readings) -> Resolution | None:
        """Ask ION what the barcode means, and remember it.

        Raises:
            IonError: ION could not be asked.
        """
        return resolve(readings, self._ask)

    def recalled(self, question: Question) -> Answer | None:
        """Return what ION answered to a question when it was last asked, ``None`` where that is not known."""
        if question.by is Asked.SEARCH:
            return self._remembered_by(question)
        return self._memory.get((question,)).get(question)

    def answered(self, question: Question) -> Answer:
        """Ask ION a question, and remember the answer.

        Raises:
            IonError: ION could not be asked, or refused.
        """
        if question.by is Asked.SEARCH:
            given = self._ask(search_questions(question.value))
            return Answer(question, search_found(question.value, given.values()), self._clock())
        return self._ask((question,))[question]

    def _remembered_by(self, question: Question) -> Answer | None:
        """Return what ION has ever shown that has a text in its number or its name."""
        text = question.value
        known = [*self._memory.get(search_questions(text)).values(), *self._memory.like(text, MOST_FOUND)]
        found = search_found(text, known)
        return Answer(question, found, min(answer.at for answer in known)) if found else None

    def answers(self, questions: Sequence[Question]) -> Mapping[Question, Answer]:
        """Ask ION several questions in one round, and remember the answers.

        Raises:
            IonError: ION could not be asked, or refused one of them; then there is no answer to any.
        """
        return self._ask(questions)

    def first(self, question: Question, *, is_remembered: bool = False) -> Subject | None:
        """Return the first subject of an answer, from ION or from memory.

        Raises:
            IonError: ION could not be asked.
        """
        ask: Callable[[Sequence[Question]], Mapping[Question, Answer]]
        ask = self._memory.get if is_remembered else self._ask
        answer = ask((question,)).get(question)
        return answer.subjects[0] if answer and answer.subjects else None

    def keep(self, given: Sequence[Answer]) -> None:
        """Remember answers that follow from others, unless more is remembered than they say.

        Raises:
            JournalError: they could not be remembered.
        """
        news = self._worth_keeping(given)
        if news:
            self._memory.put(news)

    def _worth_keeping(self, given: Sequence[Answer]) -> Sequence[Answer]:
        known = self._memory.get([answer.question for answer in given])
        return [
            answer
            for answer in given
            if _is_news(answer, known.get(answer.question)) and _covers(answer, known.get(answer.question))
        ]

    def _ask(self, questions: Sequence[Question]) -> Mapping[Question, Answer]:
        found = self._ion.ask(questions)
        now = self._clock()
        given = {question: Answer(question, subjects, now) for question, subjects in found.items()}
        try:
            known = self._memory.get(questions)
            news = [answer for question, answer in given.items() if _is_news(answer, known.get(question))]
            if news:
                # What changed is known by its other names too: one label says the id, another the serial.
                others = self._worth_keeping([other for answer in news for other in following(answer)])
                self._memory.put([*others, *news])
        except JournalError:
            # The answer is as good without; only the next time without network it will be missed.
            _LOG.exception("What ION said about %d questions could not be remembered", len(given))
        return given


def _is_news(answer: Answer, known: Answer | None) -> bool:
    if known is None:
        return bool(answer.subjects)
    return known.subjects != answer.subjects or abs(answer.at - known.at) >= _RENEWED_AFTER


def _covers(answer: Answer, known: Answer | None) -> bool:
    kept = {subject.key for subject in known.subjects} if known else set()
    return kept <= {subject.key for subject in answer.subjects}


def following(answer: Answer) -> Iterator[Answer]:
    """Return the answers to other questions that follow from one."""
    found: dict[Question, list[Subject]] = {}
    for subject in answer.subjects:
        for question in _names(subject, answer.question.by):
            found.setdefault(question, []).append(subject)
    return (Answer(question, tuple(subjects), answer.at) for question, subjects in found.items())


def _names(subject: Subject, by: Asked) -> Iterable[Question]:
    """Return all that a barcode may ask for a subject by."""
    names: dict[Asked, str | None] = {}
    match subject:
        case Order(id=id_, number=number):
            names = {Asked.ORDER_ID: id_, Asked.ORDER_NUMBER: number}
        case Location(id=id_, name=name, uid=uid):
            names = {Asked.LOCATION_ID: id_, Asked.LOCATION_NAME: name, Asked.UID: uid}
        case Inventory(id=id_, uid=uid, serial=serial, lot=lot):
            names = {Asked.INVENTORY_ID: id_, Asked.UID: uid, Asked.SERIAL: serial, Asked.LOT: lot}
        case Run(id=id_, uid=uid) if by in {Asked.RUN_ID, Asked.UID}:
            # Lists have runs without their fields.
            names = {Asked.RUN_ID: id_, Asked.UID: uid}
        case _:
            pass
    return (Question(asked, value) for asked, value in names.items() if value)


class PatternMemory(Protocol):
    """The patterns that ION gave before."""

    def get(self) -> tuple[Pattern, ...]:
        """Return them, none where there were none.

        Raises:
            JournalError: they cannot be read.
        """

    def put(self, patterns: Sequence[Pattern]) -> None:
        """Keep them in place of those before.

        Raises:
            JournalError: they could not be kept.
        """


class TaughtPatterns:
    """The barcodes that the tenant has taught ION: read when ION can be asked, and now and then again."""

    def __init__(
        self,
        source: Callable[[], tuple[Pattern, ...]],
        memory: PatternMemory,
        sleep: Sleep,
        monotonic_s: Callable[[], float] = time.monotonic,
    ) -> None:
        """Know at once what was known before the start.

        Raises:
            JournalError: the memory cannot be read.
        """
        self._source = source
        self._memory = memory
        self._sleep = sleep
        self._monotonic_s = monotonic_s
        self._known = memory.get()
        self._ask_at_s = monotonic_s()

    def known(self) -> tuple[Pattern, ...]:
        """Return the patterns that ION gave last, be it before this start."""
        return self._known

    def step(self) -> None:
        """Read them where it is time, or wait a moment; what is known is kept while ION cannot be asked."""
        if self._monotonic_s() < self._ask_at_s:
            self._sleep(_LOOK_S)
            return
        self._ask_at_s = self._monotonic_s() + _AGAIN_S
        try:
            found = self._source()
        except IonError as error:
            _LOG.info("The tenant's barcode patterns were not read: %s", error)
            return
        self._ask_at_s = self._monotonic_s() + _PATTERNS_S
        if found == self._known:
            return
        self._known = found
        faults = ", ".join(f"{pattern.id}: {pattern.fault}" for pattern in found if pattern.fault)
        _LOG.info("The tenant has %d barcode patterns; unreadable: %s", len(found), faults or "none")
        try:
            self._memory.put(found)
        except JournalError:
            # They are as good without; only the next start without network will miss them.
            _LOG.exception("%d barcode patterns could not be remembered", len(found))


@dataclass(frozen=True, slots=True)
class Look:
    """A question on its way to ION."""

    readings: Readings
    scan: RawScan | None = None
    """The scan that waits for it; ``None`` where a reference is followed or an answer is only refreshed."""
    is_refresh: bool = False
    since: int = 0
    """Of a refresh: how many of this station's changes had ended when it was wanted."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question of a screen on its way to ION."""

    question: Question


class Looks:
    """The questions of one station: what a person waits for first, then what only gets fresher.

    Refreshes are asked once a barcode, and when there are too many the oldest is left out: the answer is
    on the screen already.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._wanted: deque[Look | Query] = deque()
        self._refreshes: dict[bytes, Look] = {}
        self._count = 0
        self._settled: dict[str, int] = {}
        """The count at the last change of each thing."""

    def want(self, look: Look | Query) -> None:
        """Add a question that a person waits for."""
        with self._changed:
            self._wanted.append(look)
            self._changed.notify()

    def settled(self, about: str) -> None:
        """Take note that a change of this station ended: answers to what was asked before are outdated."""
        with self._changed:
            self._count += 1
            self._settled.pop(about, None)
            self._settled[about] = self._count
            if len(self._settled) > _MOST_SETTLED:
                del self._settled[next(iter(self._settled))]

    def is_outdated(self, look: Look, subject: Subject) -> bool:
        """Return whether ION may have been asked before it took a change of this subject.

        Its answer would take that change off the screen again.
        """
        return self._settled.get(subject.key, 0) > look.since

    def refresh(self, readings: Readings) -> None:
        """Add a question whose answer is known but may have changed."""
        with self._changed:
            self._refreshes.pop(readings.raw, None)
            self._refreshes[readings.raw] = Look(readings, is_refresh=True, since=self._count)
            if len(self._refreshes) > _MOST_REFRESHES:
                del self._refreshes[next(iter(self._refreshes))]
            self._changed.notify()

    def next(self, timeout_s: float) -> Look | Query | None:
        """Take the next question, ``None`` when none came in time."""
        with self._changed:
            self._changed.wait_for(lambda: self._wanted or self._refreshes, timeout_s)
            if not self._wanted and self._refreshes:
                self._changed.wait_for(lambda: self._wanted, _REST_S)
            if self._wanted:
                return self._wanted.popleft()
            for raw in self._refreshes:
                return self._refreshes.pop(raw)
            return None
