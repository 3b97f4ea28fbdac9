"""A search for part of a number or name: the questions it takes, and what of the answers is meant."""

from collections.abc import Iterable, Sequence

from kiosk.model import Answer, Asked, Inventory, Location, Order, Question, Run, Stock, Subject

MOST_FOUND = 40
"""What a person turns pages through at most; who looks for more types more."""
LEAST_CHARACTERS = 2
_EXACT = (Asked.SERIAL, Asked.LOT, Asked.ORDER_NUMBER, Asked.LOCATION_NAME)
_LISTS = (Asked.OPEN_ORDERS, Asked.OPEN_RUNS, Asked.LOCATIONS)
"""What ION gives whole; what is meant of it is found here."""


def search_questions(text: str) -> tuple[Question, ...]:
    """Return all that is asked for a text, in one round."""
    exact = tuple(Question(by, text) for by in _EXACT)
    number = (Question(Asked.RUN_ID, text),) if text.isascii() and text.isdecimal() else ()
    lists = tuple(Question(by, "") for by in _LISTS)
    return (*exact, Question(Asked.PART_TEXT, text), *number, *lists)


def search_found(text: str, given: Iterable[Answer]) -> tuple[Subject, ...]:
    """Return what is meant of the answers, what is named so exactly first; each thing once."""
    wanted = text.casefold()
    found = {
        subject.key: subject
        for answer in given
        for subject in answer.subjects
        if any(wanted in name.casefold() for name in _names(subject))
    }
    ranked = sorted(found.values(), key=lambda one: wanted not in {name.casefold() for name in _names(one)})
    return tuple(ranked[:MOST_FOUND])


def _names(subject: Subject) -> Sequence[str]:
    """Return all that a person may look for a thing by."""
    names: Sequence[str | None] = ()
    match subject:
        case Inventory(serial=serial, lot=lot, part=part):
            names = (serial, lot, part.number)
        case Stock(part=part):
            names = (part.number, part.description)
        case Order(number=number, supplier=supplier):
            names = (number, supplier)
        case Run():
            names = (subject.id, subject.title, subject.part_number, subject.serial, subject.procedure)
        case Location(name=name):
            names = (name,)
        case _:
            pass
    return tuple(name for name in names if name)
