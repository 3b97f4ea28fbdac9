"""What ION said last about each question, for the time when it cannot be asked."""

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache

import sqlalchemy as sa

from kiosk.journal.clerk import Clerk
from kiosk.journal.rows import written
from kiosk.journal.tables import answers
from kiosk.model import Answer, Asked, Question
from kiosk.wire import subject_from_json

_NAMES = (
    Asked.PART_NUMBER,
    Asked.SERIAL,
    Asked.LOT,
    Asked.ORDER_NUMBER,
    Asked.LOCATION_NAME,
)
"""What a person knows a thing by."""
_READ_AGAIN = 64
"""Answers that are kept as they were read: the same order, line and place are asked for at every scan."""
_LOG = logging.getLogger(__name__)
_COLUMNS = (answers.c.by, answers.c.value, answers.c.subjects, answers.c.at)
_KNOWN = sa.select(*_COLUMNS).where(
    sa.tuple_(answers.c.by, answers.c.value).in_(sa.bindparam("wanted", expanding=True))
)


class AnswerCache:
    """ION's answers by question. An empty answer is not kept: what was not there may be made any time."""

    def __init__(self, clerk: Clerk) -> None:
        self._clerk = clerk

    def get(self, questions: Sequence[Question]) -> Mapping[Question, Answer]:
        """Return the answers that are known."""
        wanted = {(question.by.value, question.value) for question in questions}
        with self._clerk.store.reading() as connection:
            rows = connection.execute(_KNOWN, {"wanted": list(wanted)}).all()
        return {answer.question: answer for row in rows if (answer := _answer(*row)) is not None}

    def like(self, text: str, limit: int) -> Sequence[Answer]:
        """Return answers to what was asked by a name that contains a text, the newest first.

        Case counts for no letter of ASCII; that is what SQLite's LIKE does.
        """
        query = (
            sa.select(*_COLUMNS)
            .where(answers.c.by.in_(_NAMES), answers.c.value.icontains(text, autoescape=True))
            .order_by(answers.c.at.desc())
            .limit(limit)
        )
        with self._clerk.store.reading() as connection:
            rows = connection.execute(query).all()
        return [answer for row in rows if (answer := _answer(*row)) is not None]

    def put(self, given: Iterable[Answer]) -> None:
        """Keep answers, each in place of the one before; an empty one takes the earlier away."""
        with self._clerk.store.writing() as connection:
            for answer in given:
                by, value = answer.question.by.value, answer.question.value
                connection.execute(sa.delete(answers).where(answers.c.by == by, answers.c.value == value))
                if answer.subjects:
                    connection.execute(
                        sa.insert(answers).values(
                            by=by, value=value, subjects=written(answer.subjects), at=answer.at.isoformat()
                        )
                    )


@lru_cache(maxsize=_READ_AGAIN)
def _answer(by: str, value: str, subjects: str, at: str) -> Answer | None:
    """Read an answer; one that an older kiosk wrote in another way is one that is not known."""
    try:
        found = tuple(subject_from_json(data) for data in json.loads(subjects))
    except ValueError:
        _LOG.info("The remembered answer for %s %r cannot be read any more", by, value)
        return None
    return Answer(Question(Asked(by), value), found, datetime.fromisoformat(at))
