"""Asking ION what a barcode means, with the journal's memory beneath for the time without network."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from kiosk.barcodes import Readings
from kiosk.errors import JournalError
from kiosk.model import Answer, Question, RawScan, Subject
from kiosk.ports import Clock, IonReader
from kiosk.resolve import Resolution, resolve

_LOG = logging.getLogger(__name__)
_RENEWED_AFTER = timedelta(minutes=5)
"""An answer that did not change is written again this late, for its age on the screen; not every time."""
_MOST_REFRESHES = 16


class Memory(Protocol):
    """What was answered before."""

    def get(self, questions: Sequence[Question]) -> Mapping[Question, Answer]:
        """Return the answers that are known."""

    def put(self, given: Iterable[Answer]) -> None:
        """Keep answers, each in place of the one before; an empty one takes the earlier away.

        Raises:
            JournalError: they could not be kept.
        """


class Inquiry:
    """Answers questions, from memory or from ION."""

    def __init__(self, ion: IonReader, memory: Memory, clock: Clock) -> None:
        self._ion = ion
        self._memory = memory
        self._clock = clock

    def remembered(self, readings: Readings) -> Resolution | None:
        """Return what the barcode meant when ION was last asked, ``None`` where that is not known."""
        return resolve(readings, self._memory.get)

    def fresh(self, readings: Readings) -> Resolution | None:
        """Ask ION what the barcode means, and remember it.

        Raises:
            IonError: ION could not be asked.
        """
        return resolve(readings, self._ask)

    def first(self, question: Question, *, is_remembered: bool = False) -> Subject | None:
        """Return the first subject of an answer, from ION or from memory.

        Raises:
            IonError: ION could not be asked.
        """
        ask: Callable[[Sequence[Question]], Mapping[Question, Answer]]
        ask = self._memory.get if is_remembered else self._ask
        answer = ask((question,)).get(question)
        return answer.subjects[0] if answer and answer.subjects else None

    def _ask(self, questions: Sequence[Question]) -> Mapping[Question, Answer]:
        found = self._ion.ask(questions)
        now = self._clock()
        given = {question: Answer(question, subjects, now) for question, subjects in found.items()}
        try:
            known = self._memory.get(questions)
            news = [answer for question, answer in given.items() if _is_news(answer, known.get(question))]
            if news:
                self._memory.put(news)
        except JournalError:
            # The answer is as good without; only the next time without network it will be missed.
            _LOG.exception("What ION said about %d questions could not be remembered", len(given))
        return given


def _is_news(answer: Answer, known: Answer | None) -> bool:
    if known is None:
        return bool(answer.subjects)
    return known.subjects != answer.subjects or abs(answer.at - known.at) >= _RENEWED_AFTER


@dataclass(frozen=True, slots=True)
class Look:
    """A question on its way to ION."""

    readings: Readings
    scan: RawScan | None = None
    """The scan that waits for it; ``None`` where a reference is followed or an answer is only refreshed."""
    is_refresh: bool = False


class Looks:
    """The questions of one station: what a person waits for first, then what only gets fresher.

    Refreshes are asked once a barcode, and when there are too many the oldest is left out: the answer is
    on the screen already.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._wanted: deque[Look] = deque()
        self._refreshes: dict[bytes, Look] = {}

    def want(self, look: Look) -> None:
        """Add a question that a person waits for."""
        with self._changed:
            self._wanted.append(look)
            self._changed.notify()

    def refresh(self, readings: Readings) -> None:
        """Add a question whose answer is known but may have changed."""
        with self._changed:
            self._refreshes.pop(readings.raw, None)
            self._refreshes[readings.raw] = Look(readings, is_refresh=True)
            if len(self._refreshes) > _MOST_REFRESHES:
                del self._refreshes[next(iter(self._refreshes))]
            self._changed.notify()

    def next(self, timeout_s: float) -> Look | None:
        """Take the next question, ``None`` when none came in time."""
        with self._changed:
            self._changed.wait_for(lambda: self._wanted or self._refreshes, timeout_s)
            if self._wanted:
                return self._wanted.popleft()
            for raw in self._refreshes:
                return self._refreshes.pop(raw)
            return None
