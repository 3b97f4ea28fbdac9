"""What a kiosk keeps in store for a day without network: read from ION while it answers, now and then again.

Kept are the orders that goods are expected on, the open runs with their fields, the procedures that can be
run, all locations, and the inventory at the stations' own: under everything that a barcode may name them by.
"""

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from kiosk.errors import IonError, IonRejected, IonUnsupported, JournalError
from kiosk.inquiry import Inquiry, following
from kiosk.model import Answer, Asked, Location, Question, Run
from kiosk.ports import Sleep

__all__ = ["Provisions"]

_LOG = logging.getLogger(__name__)
_LISTS: Final = (Asked.LOCATIONS, Asked.OPEN_ORDERS, Asked.RELEASED_PROCEDURES, Asked.OPEN_RUNS)
_LOOK_S: Final = 1.0
_PAUSE_S: Final = 0.1
"""Between two questions: a person's look-up goes first, and ION has other customers."""
_AGAIN_S: Final = 60.0
_MOST_RUNS: Final = 200
"""Each takes a question of its own, since lists of runs come without fields."""
_WRITTEN_AT_ONCE: Final = 50
"""A scan that comes meanwhile waits for no more than these."""


@dataclass(slots=True)
class Provisions:
    """Reads ahead, one question a step."""

    inquiry: Inquiry
    locations: Sequence[str]
    """The stations' own, by name."""
    every_s: float
    """From the beginning of one round to the next; 0 for never."""
    is_online: Callable[[], bool]
    sleep: Sleep
    monotonic_s: Callable[[], float] = time.monotonic
    _due_at_s: float = 0.0
    _todo: deque[Question] = field(default_factory=deque)

    def step(self) -> None:
        """Ask the next question, or wait a moment where there is none."""
        if not self._todo and not self._begins():
            self.sleep(_LOOK_S)
            return
        question = self._todo.popleft()
        try:
            answer = self.inquiry.answered(question)
            for some in _parts(list(following(answer))):
                self.inquiry.keep(some)
        except (IonRejected, IonUnsupported) as error:
            _LOG.info("Not kept in store: %s %r: %s", question.by.value, question.value, error)
        except (IonError, JournalError) as error:
            _LOG.info("Reading ahead stops for %.0f s: %s", _AGAIN_S, error)
            self._todo.clear()
            self._due_at_s = self.monotonic_s() + _AGAIN_S
        else:
            self._todo.extend(_further(answer, frozenset(self.locations)))
        self.sleep(_PAUSE_S)

    def _begins(self) -> bool:
        now_s = self.monotonic_s()
        if not self.every_s or now_s < self._due_at_s or not self.is_online():
            return False
        self._due_at_s = now_s + self.every_s
        self._todo.extend(Question(by, "") for by in _LISTS)
        return True


def _further(answer: Answer, locations: frozenset[str]) -> Iterator[Question]:
    """Return what has to be asked after an answer."""
    runs = 0
    for subject in answer.subjects:
        match subject:
            case Location(id=id_, name=name) if name in locations:
                yield Question(Asked.STOCK_AT, id_)
            case Run(id=id_) if answer.question.by is Asked.OPEN_RUNS and runs < _MOST_RUNS:
                runs += 1
                yield Question(Asked.RUN_ID, id_)
            case _:
                pass


def _parts(answers: Sequence[Answer]) -> Iterator[Sequence[Answer]]:
    for start in range(0, len(answers), _WRITTEN_AT_ONCE):
        yield answers[start : start + _WRITTEN_AT_ONCE]
