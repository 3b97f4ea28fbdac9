"""Work that stopped for a person: shown with both sides' facts, decided once, each decision audited."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from kiosk.errors import IonError
from kiosk.flows import facts, wanted
from kiosk.journal import Journal
from kiosk.model import Json, Level, Message, Operation, OperationState, Operator
from kiosk.ports import Absent, Answered, Choice, Found, IonWriter, ParkedWork, Unsure

__all__ = ["ParkedDesk"]

_MOST: Final = 100
_LONGEST_WHY: Final = 300
_WAITS: Final = (OperationState.PARKED, OperationState.REJECTED)
_STATES: Final = {
    Choice.AGAIN: OperationState.QUEUED,
    Choice.BY_HAND: OperationState.DONE,
    Choice.GIVE_UP: OperationState.DISCARDED,
}
_SAID: Final = {
    Choice.AGAIN: "On its way again: {what}.",
    Choice.BY_HAND: "Done by hand: {what}.",
    Choice.GIVE_UP: "Given up: {what}.",
}


@dataclass(frozen=True, slots=True)
class ParkedDesk:
    """See ``ParkedRoom``."""

    journal: Journal
    ion: IonWriter
    on_decided: Callable[[Operation], None]
    """Told after it is on disk."""
    is_guarded: Callable[[Operation], bool] = lambda _operation: False
    """Whether the flow that it was done in asks for a PIN."""

    def work(self) -> tuple[ParkedWork, ...]:
        """See ``ParkedRoom``."""
        waiting = self.journal.outbox.for_a_person(_MOST)
        held = self.journal.outbox.held_behind(one.subject for one in waiting)
        return tuple(
            replace(_work(one, held.get(one.subject, 0)), is_guarded=self.is_guarded(one)) for one in waiting
        )

    def look(self, id_: str) -> Message | None:
        """See ``ParkedRoom``."""
        operation = self._waiting(id_)
        if operation is None:
            return None
        try:
            finding = self.ion.find_effect(operation.operation, operation.arguments, marker=operation.marker)
        except IonError as error:
            return Message(Level.OFFLINE, "ION cannot be asked now: {error}", {"error": error.words})
        match finding:
            case Found():
                return Message(Level.GOOD, "ION shows it: it is done there.")
            case Answered():
                return Message(
                    Level.ASK, "ION answered that it did it, and does not show it yet. Look again."
                )
            case Absent():
                return Message(Level.ASK, "ION does not show it: it is not done there.")
            case Unsure(text):
                return Message(Level.ASK, "Nobody can tell from here: {text}", {"text": text})

    def decide(self, id_: str, choice: Choice, why: str, by: Operator | None = None) -> Message:
        """See ``ParkedRoom``."""
        operation = self._waiting(id_)
        reason = " ".join(why.split())[:_LONGEST_WHY]
        if operation is None:
            return Message(Level.ASK, "This was decided already.")
        what = {"what": wanted(operation)}
        if choice is not Choice.AGAIN and by is None and self.is_guarded(operation):
            template = "{what}: this needs badge and PIN of a lead or technician."
            return Message(Level.ASK, template, what)
        if choice is not Choice.AGAIN and not reason:
            return Message(Level.ASK, "{what}: say why first.", what)
        if not reason:
            reason = "sent again by a person"
        decided = self.journal.outbox.decide(id_, _STATES[choice], reason, by)
        if decided is None:
            return Message(Level.ASK, "This was decided already.")
        self.on_decided(decided)
        return Message(Level.GOOD, _SAID[choice], what)

    def _waiting(self, id_: str) -> Operation | None:
        found = self.journal.outbox.find(id_)
        return found if found is not None and found.state in _WAITS else None


def _work(operation: Operation, held: int) -> ParkedWork:
    return ParkedWork(
        id=operation.id,
        wanted=wanted(operation),
        facts=facts(operation),
        is_refused=operation.state is OperationState.REJECTED,
        why=operation.error,
        shows=operation.facts,
        station=operation.station,
        by=operation.actor.name if operation.actor else "",
        at=operation.created_at,
        operation=operation.operation,
        sent={name: _text(value) for name, value in operation.arguments.items() if value or value == 0},
        attempts=operation.attempts,
        held=held,
    )


def _text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
