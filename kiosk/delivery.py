"""The outbox's way to ION: send once, find out, never twice."""

import logging
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from kiosk.errors import (
    IonAuthFailed,
    IonBusy,
    IonConflict,
    IonError,
    IonRejected,
    IonUnsupported,
    LabelError,
    Retryable,
)
from kiosk.flows import on_delivered
from kiosk.journal import Journal, NewJob
from kiosk.model import Json, Operation, OperationState, Print
from kiosk.ports import Absent, Finding, Found, IonWriter, LabelRoom, Sleep, Unsure

_LOG = logging.getLogger(__name__)
_IDLE_S = 0.5
_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 8.0
"""Short enough that a queue moves again within 10 s of the network's return."""
_AUTH_PAUSE_S = 8.0
_LOOKS = 4
"""Times that an unknown outcome is looked for before a person is asked."""
_LOOK_PAUSE_S = 2.0


def marker_of(operation: Operation) -> str:
    """Return the name of an operation in ION, 34 characters, put in a note where ION has room for one."""
    return f"k:{operation.id}"


@dataclass(slots=True)
class Delivery:
    """Takes operations from the outbox one by one."""

    journal: Journal
    ion: IonWriter
    labels: LabelRoom
    on_settled: Callable[[Operation], None]
    """Told of every operation that ended or stopped for a person, after that is on disk."""
    sleep: Sleep
    monotonic_s: Callable[[], float] = time.monotonic
    jitter: Callable[[], float] = random.random
    _failures: int = 0
    _looks: dict[str, int] = field(default_factory=dict)
    _rest_until_s: dict[str, float] = field(default_factory=dict)

    def step(self) -> None:
        """Move one operation on, or wait a moment when there is none."""
        now_s = self.monotonic_s()
        self._rest_until_s = {id_: at for id_, at in self._rest_until_s.items() if at > now_s}
        operation = self.journal.outbox.claim(self._rest_until_s.keys())
        if operation is None:
            self.sleep(_IDLE_S)
        elif operation.state is OperationState.UNKNOWN:
            self._look(operation)
        else:
            self._send(operation)

    def _send(self, operation: Operation) -> None:
        try:
            result = self.ion.perform(operation.operation, operation.arguments, marker=marker_of(operation))
        except Retryable as error:
            self.journal.outbox.settle(operation, OperationState.QUEUED, error=str(error))
            self._pause(error)
        except IonAuthFailed as error:
            self.journal.outbox.settle(operation, OperationState.QUEUED, error=str(error))
            self.sleep(_AUTH_PAUSE_S)
        except (IonRejected, IonUnsupported) as error:
            self._refused(operation, error)
        except IonError as error:
            self._doubt(operation, str(error))
        else:
            self._done(operation, result)

    def _refused(self, operation: Operation, error: IonError) -> None:
        finding = self._finding(operation) if operation.is_doubtful else Absent()
        self._failures = 0
        match finding:
            case Found(result):
                self._done(operation, result)
            case Unsure(facts):
                self._park(operation, f"{error} {facts}")
            case Absent():
                prefix = "Changed by someone else. " if isinstance(error, IonConflict) else ""
                rejected = OperationState.REJECTED
                self.on_settled(self.journal.outbox.settle(operation, rejected, error=f"{prefix}{error}"))

    def _finding(self, operation: Operation) -> Finding:
        """Look for the effect of an earlier send; a look that fails says nothing either way."""
        try:
            return self._found(operation)
        except IonError as error:
            return Unsure(str(error))

    def _found(self, operation: Operation) -> Finding:
        return self.ion.find_effect(operation.operation, operation.arguments, marker=marker_of(operation))

    def _doubt(self, operation: Operation, error: str) -> None:
        _LOG.warning("Operation %s: outcome unknown: %s", operation.id, error)
        self.journal.outbox.settle(operation, OperationState.UNKNOWN, error=error)

    def _look(self, operation: Operation) -> None:
        finding: Finding
        try:
            finding = self._found(operation)
        except Retryable as error:
            self._pause(error)
            return
        except IonError as error:
            finding = Unsure(str(error))
        self._failures = 0
        match finding:
            case Found(result):
                self._done(operation, result)
            case Absent():
                self._looks.pop(operation.id, None)
                if operation.attempts >= _LOOKS:
                    self._park(operation, f"ION does not show it after {operation.attempts} sends.")
                    return
                self._send(self.journal.outbox.mark_in_flight(operation))
            case Unsure(facts):
                self._unsure(operation, facts)

    def _unsure(self, operation: Operation, facts: str) -> None:
        looks = self._looks.get(operation.id, 0) + 1
        if looks >= _LOOKS:
            self._looks.pop(operation.id, None)
            self._park(operation, facts)
            return
        self._looks[operation.id] = looks
        self._rest_until_s[operation.id] = self.monotonic_s() + _LOOK_PAUSE_S * looks

    def _park(self, operation: Operation, facts: str) -> None:
        words = f"{operation.error} {facts}".strip()
        self.on_settled(self.journal.outbox.settle(operation, OperationState.PARKED, error=words))

    def _done(self, operation: Operation, result: Mapping[str, Json]) -> None:
        self._failures = 0
        finished = replace(operation, state=OperationState.DONE, result=result)
        jobs, trouble = self._labels(finished)
        settled = self.journal.outbox.settle(
            operation, OperationState.DONE, result=result, error=trouble, jobs=jobs
        )
        self.on_settled(settled)

    def _labels(self, operation: Operation) -> tuple[list[NewJob], str]:
        """Make the labels that follow; one that cannot be made does not undo what ION has done."""
        jobs: list[NewJob] = []
        trouble = ""
        printer = self.labels.printer_of(operation.station)
        for number, effect in enumerate(on_delivered(operation) if printer else ()):
            if isinstance(effect, Print):
                try:
                    prepared = self.labels.prepare(operation.station, effect)
                except LabelError as error:
                    _LOG.exception("Operation %s is done, but its label cannot be made", operation.id)
                    trouble = f"No label: {error}"
                else:
                    key = f"{operation.key}/label/{number}"
                    jobs.append(NewJob(key, operation.station, printer, effect, prepared))
        return jobs, trouble

    def _pause(self, error: Exception) -> None:
        """Wait before ION is tried again; longer each time, never in step with other kiosks."""
        self._failures += 1
        if isinstance(error, IonBusy) and error.retry_after_s is not None:
            self.sleep(min(error.retry_after_s, 60.0))
            return
        longest_s = min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2 ** min(self._failures, 8))
        self.sleep(longest_s * (0.5 + self.jitter() / 2))
