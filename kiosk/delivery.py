"""The outbox's way to ION: send once, find out, never twice."""

import logging
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kiosk.errors import (
    IonAuthFailed,
    IonBehind,
    IonBusy,
    IonConflict,
    IonError,
    IonRejected,
    IonUnsupported,
    LabelError,
    Retryable,
)
from kiosk.flows import on_delivered
from kiosk.journal import NOTHING_MORE, Journal, NewJob, Sequel
from kiosk.model import Effect, Json, Operation, OperationState, Print, Submit, overtaken_words
from kiosk.ports import Absent, Answered, Finding, Found, IonWriter, LabelRoom, Sleep, Unsure
from kiosk.way import delivering, tell_settled

_LOG = logging.getLogger(__name__)
_IDLE_S = 0.5
_FIRST_PAUSE_S = 0.5
_LONGEST_PAUSE_S = 8.0
"""Short enough that a queue moves again within 10 s of the network's return."""
_LONGEST_WISH_S = 60.0
"""The most of a Retry-After that is waited out."""
_SENDS = 4
"""Sends of unknown outcome after which a person is asked, though ION shows no effect."""
_LOOKS = 4
"""Times that an unknown outcome is looked for before a person is asked."""
_LOOK_PAUSE_S = 2.0
_LAG_S = 6.0
"""How far ION's reads may lag behind its changes: what is not there was looked for twice, so far apart."""


def _refusal(error: IonError) -> str:
    """Return why ION refused, and where somebody else was faster, who."""
    return overtaken_words(error.by, error.words) if isinstance(error, IonConflict) else error.words


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True)
class _Ending:
    """What became of an operation, until it is on disk."""

    operation: Operation
    state: OperationState
    error: str
    result: Mapping[str, Json] | None = None
    sequel: Sequel = NOTHING_MORE
    facts: str = ""
    trace: str = ""
    """ION's own id of what went wrong, for the technician."""


@dataclass(slots=True)
class _Doubt:
    """What is known of an operation in doubt while this process lives; a restart waits and looks anew."""

    sent_at_s: float
    """When it was sent last, or later."""
    sends: int = 1
    looks: int = 0
    """How often looking did not decide it, since it was sent last."""
    absent_since_s: float | None = None
    """When it was looked for in vain first, since it was sent last."""
    refusal: str = ""
    """Why ION refused the last send; it may be our own earlier copy that stands in its way."""
    trace: str = ""
    """ION's own id of what it answered last."""


@dataclass(slots=True)
class Delivery:
    """Takes operations from the outbox one by one, in one thread."""

    journal: Journal
    ion: IonWriter
    labels: LabelRoom
    on_settled: Callable[[Operation], None]
    """Told of every operation that ended or stopped for a person, after that is on disk."""
    sleep: Sleep
    monotonic_s: Callable[[], float] = time.monotonic
    jitter: Callable[[], float] = random.random
    is_open: Callable[[], bool] = _always
    """Whether ION answers, as far as others know; while it does not, nothing is claimed in vain."""
    lag_s: float = _LAG_S
    _unread: frozenset[str] | None = None
    """What ION changed before the start: its reads may show it as it was. ``None`` before the first step."""
    _read_from_s: float = 0.0
    """When they have caught up."""
    _failures: int = 0
    _hold_until_s: float = 0.0
    _doubts: dict[str, _Doubt] = field(default_factory=dict)
    _rest_until_s: dict[str, float] = field(default_factory=dict)
    _ending: _Ending | None = None
    _is_astray: bool = False
    """A step broke off, so that an operation may be in flight that nobody is sending."""

    def step(self) -> None:
        """Move one operation on, or wait a moment when there is none."""
        self._pick_up()
        now_s = self.monotonic_s()
        if now_s < self._hold_until_s or not self.is_open():
            self.sleep(min(_IDLE_S, self._hold_until_s - now_s) if now_s < self._hold_until_s else _IDLE_S)
            return
        self._rest_until_s = {id_: at for id_, at in self._rest_until_s.items() if at > now_s}
        self._is_astray = True
        operation = self.journal.outbox.claim(self._rest_until_s.keys(), self._still_unread(now_s))
        if operation is None:
            self.sleep(_IDLE_S)
        else:
            with delivering(operation):
                self._move_on(operation)
        self._is_astray = False

    def _still_unread(self, now_s: float) -> frozenset[str]:
        """Return what is left alone for some seconds after the start.

        Who has changed a thing knows an old read of it by its etag, but not across a restart: what is to be
        changed back would seem to be done, and would never be sent.
        """
        if self._unread is None:
            self._unread, self._read_from_s = self.journal.outbox.changed_lately(), now_s + self.lag_s
        elif self._unread and now_s >= self._read_from_s:
            self._unread = frozenset()
        return self._unread

    def _move_on(self, operation: Operation) -> None:
        if operation.state is OperationState.REJECTED:
            self.on_settled(operation)
        elif operation.state is OperationState.UNKNOWN:
            self._look(operation)
        else:
            self._send(operation)

    def _pick_up(self) -> None:
        """After a step that broke off: write what it found out, and doubt what it did not."""
        ending = self._ending
        if ending is not None:
            now = self.journal.outbox.find(ending.operation.id)
            if now is not None and now.state is ending.operation.state:
                self._write(ending)
            else:
                # A commit that fails may be on disk all the same.
                self._ending = None
        if self._is_astray:
            self.journal.outbox.recover()
            self._is_astray = False

    def _send(self, operation: Operation) -> None:
        try:
            result = self.ion.perform(
                operation.operation,
                operation.arguments,
                marker=operation.marker,
                actor=operation.actor,
            )
        except (Retryable, IonAuthFailed) as error:
            self._put_back(operation, error)
        except (IonRejected, IonUnsupported) as error:
            self._refused(operation, error)
        except IonError as error:
            self._doubt(operation, error)
        else:
            self._done(operation, result)

    def _put_back(self, operation: Operation, error: Exception) -> None:
        """Queue what is proved not executed; what was in doubt before stays so."""
        self._wait(operation, error)
        self._write(_Ending(operation, OperationState.QUEUED, str(error)))

    def _refused(self, operation: Operation, error: IonError) -> None:
        self._failures = 0
        trace = error.trace_id or "none"
        _LOG.warning("Operation %s: refused: %s (trace %s)", operation.id, error, trace)
        if not operation.is_doubtful:
            ending = _Ending(operation, OperationState.REJECTED, _refusal(error), trace=error.trace_id or "")
            self._write(ending)
            return
        # Perhaps it was our own earlier copy that made the etag stale, or took the serial.
        doubt = self._doubt_of(operation)
        doubt.refusal, doubt.trace = _refusal(error), error.trace_id or ""
        self._write(_Ending(operation, OperationState.UNKNOWN, doubt.refusal))

    def _doubt(self, operation: Operation, error: IonError) -> None:
        _LOG.warning("Operation %s: outcome unknown: %s", operation.id, error)
        doubt = self._doubt_of(operation)
        doubt.sent_at_s, doubt.refusal, doubt.trace = self.monotonic_s(), "", error.trace_id or ""
        self._write(_Ending(operation, OperationState.UNKNOWN, error.text))

    def _doubt_of(self, operation: Operation) -> _Doubt:
        return self._doubts.setdefault(operation.id, _Doubt(self.monotonic_s()))

    def _look(self, operation: Operation) -> None:
        """Look for the effect of an operation in doubt; others may overtake, whatever comes of it."""
        doubt = self._doubt_of(operation)
        if doubt.looks >= _LOOKS:
            self._park(operation, f"Looking for it failed {_LOOKS} times.")
            return
        doubt.looks += 1
        self._rest_until_s[operation.id] = self.monotonic_s() + _LOOK_PAUSE_S * doubt.looks
        finding: Finding
        looked_at_s = self.monotonic_s()
        try:
            finding = self.ion.find_effect(operation.operation, operation.arguments, marker=operation.marker)
        except (Retryable, IonAuthFailed) as error:
            doubt.looks -= 1
            self._rest_until_s.pop(operation.id)
            self._wait(operation, error)
            return
        except IonError as error:
            finding = Unsure(error.text)
        self._failures = 0
        match finding:
            case Found(result, surplus):
                self._done(operation, result, surplus)
            case Answered(result):
                doubt.looks = 0
                self._answered(operation, doubt, result, looked_at_s)
            case Absent(late_s, is_new):
                doubt.looks = 0
                if is_new:
                    doubt.absent_since_s = None
                self._absent(operation, doubt, late_s, looked_at_s)
            case Unsure(facts):
                if doubt.looks >= _LOOKS:
                    self._park(operation, facts)

    def _answered(
        self, operation: Operation, doubt: _Doubt, result: Mapping[str, Json], looked_at_s: float
    ) -> None:
        """Believe ION's answer once its reads have had the time to say otherwise: before they are asked."""
        due_s = doubt.sent_at_s + self.lag_s
        if looked_at_s < due_s:
            self._rest_until_s[operation.id] = due_s
        else:
            self._done(operation, result)

    def _absent(self, operation: Operation, doubt: _Doubt, late_s: float, looked_at_s: float) -> None:
        """Believe that nothing was done once reads have caught up and no late copy can arrive any more."""
        now_s = self.monotonic_s()
        if doubt.absent_since_s is None:
            doubt.absent_since_s = now_s
        due_s = max(doubt.absent_since_s + self.lag_s, doubt.sent_at_s + late_s)
        if looked_at_s < due_s:
            self._rest_until_s[operation.id] = due_s
        elif doubt.refusal:
            self._write(_Ending(operation, OperationState.REJECTED, doubt.refusal, trace=doubt.trace))
        elif doubt.sends >= _SENDS:
            self._park(operation, f"ION does not show it after {doubt.sends} sends.")
        else:
            self._doubts[operation.id] = _Doubt(now_s, doubt.sends + 1)
            self._send(self.journal.outbox.mark_in_flight(operation))

    def _park(self, operation: Operation, facts: str) -> None:
        trace = self._doubt_of(operation).trace
        self._write(_Ending(operation, OperationState.PARKED, operation.error, facts=facts, trace=trace))

    def _done(self, operation: Operation, result: Mapping[str, Json], surplus: Sequence[Submit] = ()) -> None:
        """Record what ION has done, with all that follows: changes, labels, and what undoes second copies."""
        self._failures = 0
        # What ION has done is done, should what follows break this step off.
        self._ending = _Ending(
            operation, OperationState.DONE, "No label, no photo: the kiosk made a mistake.", result=result
        )
        settled = replace(operation, state=OperationState.DONE, result=result)
        effects = on_delivered(settled, self.labels.choices(operation.station))
        submits = tuple(
            (f"{operation.key}/then/{number}", effect)
            for number, effect in enumerate(effects)
            if isinstance(effect, Submit)
        )
        submits += tuple((f"{operation.key}/undo/{undo.subject}", undo) for undo in surplus)
        jobs, trouble = self._labels(operation, effects)
        self._write(replace(self._ending, error=trouble, sequel=Sequel(jobs, submits)))

    def _write(self, ending: _Ending) -> None:
        """Put an ending on disk and tell it; while the disk refuses, it is kept in mind."""
        self._ending = ending
        operation = ending.operation
        settled = self.journal.outbox.settle(
            operation,
            ending.state,
            result=ending.result,
            error=ending.error,
            facts=ending.facts,
            trace=ending.trace,
            sequel=ending.sequel,
        )
        self._ending = None
        tell_settled(operation, ending.state)
        if ending.state not in {OperationState.QUEUED, OperationState.UNKNOWN}:
            self._doubts.pop(operation.id, None)
            self.on_settled(settled)

    def _labels(self, operation: Operation, effects: Sequence[Effect]) -> tuple[tuple[NewJob, ...], str]:
        """Make the labels that follow; one that cannot be made does not undo what ION has done."""
        jobs: list[NewJob] = []
        trouble = ""
        printer = self.labels.printer_of(operation.station)
        for number, effect in enumerate(effects):
            if isinstance(effect, Print) and (effect.printer or printer):
                try:
                    prepared = self.labels.prepare(operation.station, effect)
                except LabelError as error:
                    _LOG.warning("Operation %s is done, its label cannot be made: %s", operation.id, error)
                    trouble = f"No label: {error}"
                else:
                    key = f"{operation.key}/label/{number}"
                    where = effect.printer or printer
                    jobs.append(NewJob(key, operation.station, where, effect, prepared, operation.event))
        return tuple(jobs), trouble

    def _wait(self, operation: Operation, error: Exception) -> None:
        """Let an operation rest whose thing alone ION shows too late, else everything."""
        if isinstance(error, IonBehind):
            self._failures = 0
            self._rest_until_s[operation.id] = self.monotonic_s() + error.retry_after_s
        else:
            self._pause(error)

    def _pause(self, error: Exception) -> None:
        """Hold everything before ION is tried again; longer each time, never in step with other kiosks."""
        self._failures += 1
        longest_s = min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2 ** min(self._failures, 8))
        pause_s = longest_s * (0.5 + self.jitter() / 2)
        if isinstance(error, IonBusy) and error.retry_after_s is not None:
            pause_s = min(max(error.retry_after_s, 0.0), _LONGEST_WISH_S)
        self._hold_until_s = self.monotonic_s() + pause_s
