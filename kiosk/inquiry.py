"""Asking ION what a barcode means, with the journal's memory beneath for the time without network."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from kiosk.barcodes import Readings
from kiosk.model import Answer, Asked, Question, Subject
from kiosk.ports import Clock, IonReader
from kiosk.resolve import Resolution, resolve

_BY_PREFIX = {
    "order": Asked.ORDER_ID,
    "run": Asked.RUN_ID,
    "inventory": Asked.INVENTORY_ID,
    "part": Asked.PART_ID,
    "location": Asked.LOCATION_ID,
}


class Memory(Protocol):
    """What was answered before."""

    def get(self, questions: Sequence[Question]) -> Mapping[Question, Answer]:
        """Return the answers that are known."""

    def put(self, given: Iterable[Answer]) -> None:
        """Keep answers."""


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

    def one(self, key: str) -> Subject | None:
        """Ask ION for the subject of a key such as ``order/12``.

        Raises:
            IonError: ION could not be asked.
        """
        prefix, _, id_ = key.partition("/")
        return self.first(Question(_BY_PREFIX[prefix], id_))

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
        now = self._clock()
        given = {
            question: Answer(question, subjects, now)
            for question, subjects in self._ion.ask(questions).items()
        }
        known = self._memory.get(questions)
        changed = [
            answer
            for question, answer in given.items()
            if answer.subjects or question in known
            if question not in known or known[question].subjects != answer.subjects
        ]
        if changed:
            self._memory.put(changed)
        return given
