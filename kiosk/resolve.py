"""From a barcode's readings to the things in ION that it can mean, through a port."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from kiosk.barcodes import IonRef, IonUid, Readings, Text
from kiosk.model import Answer, Asked, Question, Subject

Ask: TypeAlias = Callable[[Sequence[Question]], Mapping[Question, Answer]]

_BY_ENTITY = {
    "PI": Asked.INVENTORY_ID,
    "RUN": Asked.RUN_ID,
    "PO": Asked.ORDER_ID,
    "LOC": Asked.LOCATION_ID,
    "PART": Asked.PART_ID,
}
# Text is whatever somebody else printed. All of it is asked at once, and every hit is offered.
_BY_TEXT = (Asked.PART_NUMBER, Asked.SERIAL, Asked.LOT, Asked.ORDER_NUMBER, Asked.LOCATION_NAME)


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a barcode can mean."""

    subjects: tuple[Subject, ...]
    as_of: datetime
    """When the oldest of the answers was given."""


def questions(readings: Readings) -> tuple[Question, ...]:
    """Return what ION has to be asked about a barcode, most believed reading first.

    A command, an operator's badge or an unreadable code asks nothing.
    """
    for reading in readings.readings:
        match reading:
            case IonUid(uid):
                return (Question(Asked.UID, uid),)
            case IonRef(entity, id_) if entity in _BY_ENTITY:
                return (Question(_BY_ENTITY[entity], id_),)
            case Text(value) if value:
                return tuple(Question(by, value) for by in _BY_TEXT)
            case _:
                continue
    return ()


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
    asked = questions(readings)
    if not asked:
        return None
    answers = ask(asked)
    subjects: dict[str, Subject] = {}
    for question in asked:
        answer = answers.get(question)
        for subject in answer.subjects if answer else ():
            subjects.setdefault(subject.key, subject)
    if not answers or (not subjects and len(answers) < len(asked)):
        return None
    return Resolution(tuple(subjects.values()), min(answer.at for answer in answers.values()))
