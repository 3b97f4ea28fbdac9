"""What ION said last about each question, for the time when it cannot be asked."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from kiosk.journal.clerk import Clerk
from kiosk.journal.rows import written
from kiosk.journal.tables import answers
from kiosk.model import Answer, Asked, Question
from kiosk.wire import subject_from_json


class AnswerCache:
    """ION's answers by question. An empty answer is not kept: what was not there may be made any time."""

    def __init__(self, clerk: Clerk) -> None:
        self._clerk = clerk

    def get(self, questions: Sequence[Question]) -> Mapping[Question, Answer]:
        """Return the answers that are known."""
        wanted = {(question.by.value, question.value) for question in questions}
        query = sa.select(answers).where(sa.tuple_(answers.c.by, answers.c.value).in_(list(wanted)))
        with self._clerk.store.reading() as connection:
            found = [_answer(row) for row in connection.execute(query).mappings()]
        return {answer.question: answer for answer in found}

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


def _answer(row: sa.RowMapping) -> Answer:
    subjects = tuple(subject_from_json(data) for data in json.loads(row["subjects"]))
    return Answer(Question(Asked(row["by"]), row["value"]), subjects, datetime.fromisoformat(row["at"]))
