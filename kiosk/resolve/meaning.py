"""From a barcode's readings to the things in ION that it can mean, through a port."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TypeAlias

from kiosk.barcodes import IonPattern, IonRef, IonUid, Reading, Readings, Text
from kiosk.model import Answer, Asked, Question, Subject
from kiosk.resolve.goods_label import PART_NUMBERS, fields_of
from kiosk.resolve.taught import fitting, questions_of

Ask: TypeAlias = Callable[[Sequence[Question]], Mapping[Question, Answer]]

_BY_ENTITY = {
    "PI": Asked.INVENTORY_ID,
    "RUN": Asked.RUN_ID,
    "PO": Asked.ORDER_ID,
    "LOC": Asked.LOCATION_ID,
    "PART": Asked.PART_ID,
    "KIT": Asked.KIT_ID,
    "PROC": Asked.PROCEDURE_ID,
    "ISSUE": Asked.ISSUE_ID,
}
# Text is whatever somebody else printed. All of it is asked at once, and every hit is offered.
_BY_TEXT = (Asked.PART_NUMBER, Asked.SERIAL, Asked.LOT, Asked.ORDER_NUMBER, Asked.LOCATION_NAME)


@dataclass(frozen=True, slots=True)
class _Clue:
    """What one reading asks, and which of the answers it means."""

    questions: tuple[Question, ...]
    meant: Callable[[Sequence[Subject]], Sequence[Subject]] = tuple


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a barcode can mean."""

    subjects: tuple[Subject, ...]
    as_of: datetime
    """When the oldest of the answers was given."""


def questions(readings: Readings) -> tuple[Question, ...]:
    """Return what ION has to be asked about a barcode, most believed reading first, all at once.

    The first reading that names something is asked about. What a tenant has taught ION is asked together
    with the next one: a pattern that fits everything must not hide a part number. A label on goods asks for
    its order and its part, and for its serial and lot only where it names no part. A command, an operator's
    badge or an unreadable code asks nothing.
    """
    asked = (question for clue in _clues(readings) for question in clue.questions)
    return tuple(dict.fromkeys(asked))


def resolve(readings: Readings, ask: Ask) -> Resolution | None:
    """Find what a barcode means.

    Args:
        readings: all that the barcode can be read as.
        ask: answers every question it is given, or leaves out what it does not know (a cache).

    Returns:
        The subjects, each once, in the order of the questions; ``None`` when nothing had to be asked, or
        when an answer is missing and the others do not settle it.

    Raises:
        IonError: from ``ask``.
    """
    clues = tuple(_clues(readings))
    asked = tuple(dict.fromkeys(question for clue in clues for question in clue.questions))
    if not asked:
        return None
    answers = ask(asked)
    subjects: dict[str, Subject] = {}
    for clue in clues:
        given = [answers[question].subjects for question in clue.questions if question in answers]
        for subject in clue.meant([subject for found in given for subject in found]):
            subjects.setdefault(subject.key, subject)
    if not answers or (not subjects and len(answers) < len(asked)):
        return None
    return Resolution(tuple(subjects.values()), min(answer.at for answer in answers.values()))


def _clues(readings: Readings) -> Iterator[_Clue]:
    for reading in readings.readings:
        if isinstance(reading, IonPattern):
            taught = questions_of(reading)
            if taught:
                yield _Clue(taught, partial(fitting, reading))
            continue
        asked = _asked(reading)
        if asked:
            yield _Clue(asked)
            return


def _asked(reading: Reading) -> tuple[Question, ...]:
    match reading:
        case IonUid(uid):
            return (Question(Asked.UID, uid),)
        case IonRef("STEP", id_):
            return (Question(Asked.RUN_ID, id_.partition(":")[0]),)
        case IonRef(entity, id_) if entity in _BY_ENTITY:
            return (Question(_BY_ENTITY[entity], id_),)
        case Text(value) if value:
            return tuple(Question(by, value) for by in _BY_TEXT)
        case _:
            return _asked_of_label(fields_of(reading))


def _asked_of_label(fields: Mapping[str, str]) -> tuple[Question, ...]:
    names = [(Asked.ORDER_NUMBER, "customer_po"), *((Asked.PART_NUMBER, name) for name in PART_NUMBERS)]
    if not any(name in fields for name in PART_NUMBERS):
        names += [(Asked.SERIAL, "serial"), (Asked.LOT, "lot")]
    return tuple(Question(by, fields[name]) for by, name in names if name in fields)
