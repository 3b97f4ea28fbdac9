"""An ION in memory: both ports, a ledger of what really happened, and outcomes that can be switched."""

import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from kiosk.errors import IonError, IonUnknown, IonUnreachable, IonUnsupported
from kiosk.model import Json, Operator, Question, Subject, Submit
from kiosk.ports import Absent, Finding, Found, Unsure

OPERATIONS = frozenset({"receive", "set_step_status", "set_run_status", "move"})


class Outcome(Enum):
    """What becomes of the next change."""

    DONE = auto()
    ANSWER_LOST = auto()
    """Executed, and nobody hears of it."""
    LOST = auto()
    """Not executed, and nobody can tell."""
    LATE = auto()
    """Nobody can tell; executed when ``arrive`` is called."""


@dataclass(frozen=True, slots=True)
class Effect:
    """A change that was made."""

    operation: str
    arguments: Mapping[str, Json]
    marker: str
    actor: Operator | None = None


def _ignore(_marker: str) -> None:
    """Nobody wants to know."""


class FakeIon:
    """Knows the subjects it is taught and makes the changes it is asked for, once or as often as asked."""

    def __init__(self) -> None:
        self.ledger: list[Effect] = []
        self.outcomes: deque[Outcome | Exception] = deque()
        """What the next changes end in; with none left they are done."""
        self.findings: deque[Finding | Exception] = deque()
        """What the next looks say; with none left they tell the truth."""
        self.results: dict[str, Mapping[str, Json]] = {}
        """What ION answers to each operation."""
        self.offered = OPERATIONS
        self.keeps_schema = False
        """Whether the schema is read only once, so that what is offered is known without network."""
        self.renewals = 0
        self.is_fenced = True
        """Whether a change that is not there cannot arrive late any more."""
        self.request_life_s: float | None = None
        """Without a fence: after how long a late copy is dead, ``None`` where that is not known."""
        self.surplus: tuple[Submit, ...] = ()
        """What takes away second copies, for every effect that is found."""
        self.trouble: Exception | None = None
        """What every contact ends in."""
        self.asked: list[tuple[Question, ...]] = []
        self.looked_for: list[str] = []
        self.sent: list[str] = []
        """The markers of all sends, executed or not."""
        self.on_send: Callable[[str], None] = _ignore
        """Told of each send before anything comes of it."""
        self.gate = threading.Event()
        """Questions wait while it is cleared."""
        self.gate.set()
        self._subjects: dict[Question, tuple[Subject, ...]] = {}
        self._late: list[Effect] = []

    def teach(self, question: Question, *subjects: Subject) -> None:
        self._subjects[question] = subjects

    def go_offline(self) -> None:
        self.trouble = IonUnreachable("Cannot reach ION: expected a connection, got refused.")

    def come_back(self) -> None:
        self.trouble = None

    def arrive(self) -> None:
        """Let the late copies arrive; a fence refuses those whose effect was looked for."""
        self.ledger += [effect for effect in self._late if not self._is_stale(effect)]
        self._late.clear()

    def ask(self, questions: Sequence[Question]) -> Mapping[Question, tuple[Subject, ...]]:
        if not self.gate.wait(10):
            raise TimeoutError("the test never opened the gate")
        self._contact()
        self.asked.append(tuple(questions))
        return {question: self._subjects.get(question, ()) for question in questions}

    def offers(self) -> frozenset[str]:
        if not self.keeps_schema:
            self._contact()
        return self.offered

    def known_offers(self) -> frozenset[str] | None:
        return self.offered if self.keeps_schema or self.asked else None

    def renew(self) -> None:
        self.renewals += 1

    def perform(
        self,
        operation: str,
        arguments: Mapping[str, Json],
        *,
        marker: str,
        actor: Operator | None = None,
    ) -> Mapping[str, Json]:
        self._contact()
        if operation not in self.offered:
            raise IonUnsupported(f"Operation {operation!r}: expected one of {sorted(self.offered)}.")
        self.sent.append(marker)
        self.on_send(marker)
        outcome = self.outcomes.popleft() if self.outcomes else Outcome.DONE
        effect = Effect(operation, dict(arguments), marker, actor)
        match outcome:
            case Exception():
                raise outcome
            case Outcome.LATE:
                self._late.append(effect)
            case Outcome.DONE | Outcome.ANSWER_LOST:
                self.ledger.append(effect)
            case Outcome.LOST:
                pass
        if outcome is not Outcome.DONE:
            raise IonUnknown(f"{operation}: expected an answer, got none within 30 s.")
        return self.results.get(operation, {})

    def find_effect(self, operation: str, arguments: Mapping[str, Json], *, marker: str) -> Finding:
        del arguments
        self._contact()
        self.looked_for.append(marker)
        finding = self.findings.popleft() if self.findings else None
        if isinstance(finding, Exception):
            raise finding
        if finding is not None:
            return finding
        if any(effect.marker == marker for effect in self.ledger):
            return Found(self.results.get(operation, {}), self.surplus)
        if self.is_fenced or self.request_life_s is not None:
            return Absent(late_s=0.0 if self.is_fenced else self.request_life_s or 0.0)
        return Unsure("ION shows 0 of 5, and a late copy could arrive.")

    def _is_stale(self, effect: Effect) -> bool:
        return self.is_fenced and effect.marker in self.looked_for

    def _contact(self) -> None:
        if self.trouble is not None:
            if isinstance(self.trouble, IonError):
                raise type(self.trouble)(str(self.trouble))
            raise self.trouble
