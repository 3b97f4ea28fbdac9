"""Changes of something that is there already: a step, a run, the place of an inventory.

All follow one pattern. Read; if the target holds, nothing is sent. Else send once with the etag just read, so
that an older copy that arrives late is refused, and ION's refusal of *ours* is looked into before it is
reported: it may have been our own earlier copy that made the etag stale.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, Final, Generic, TypeVar

from kiosk.errors import IonConflict, IonError, IonRejected
from kiosk.ion.arguments import Move, SetRunStatus, SetStepStatus
from kiosk.ion.documents import Call
from kiosk.ion.mapping import dump, read
from kiosk.ion.tenant import Tenant
from kiosk.ion.variables import Word
from kiosk.ion.wording import quoted
from kiosk.model import Inventory, Json, Run, RunStep
from kiosk.ports import Absent, Finding, Found, Unsure

__all__ = ["MoveInventory", "RunStatus", "StepStatus"]

_NOT_STARTED: Final = frozenset({"TODO", "PENDING"})
"""One page of ION's calls a run that nobody has started pending, all others todo."""
A = TypeVar("A")
S = TypeVar("S", Run, Inventory)


class _Change(ABC, Generic[A, S]):
    """One operation on one object: ``A`` its arguments, ``S`` what is read of the object."""

    reads: ClassVar[str]

    def __init__(self, tenant: Tenant, calls: Mapping[str, Call], arguments: A) -> None:
        self._tenant = tenant
        self._calls = calls
        self._arguments = arguments

    def perform(self) -> Mapping[str, Json]:
        """Make the change once, unless it is made already.

        Raises:
            IonConflict: the object is in another state than the operator saw.
            IonError: see ``kiosk.ports.IonWriter``.
        """
        before = self._read()
        if self._holds(before):
            return self._result(before)
        if not self._is_as_seen(before):
            raise IonConflict(
                f"{self._facts(before)}; somebody changed it in between", code="CONCURRENCY_ERROR"
            )
        try:
            after = self._send(before)
        except IonConflict:
            now = self._read()
            if self._holds(now):
                return self._result(now)
            raise
        return self._result(after)

    def find_effect(self) -> Finding:
        """Read the object again and say whether the target holds."""
        now = self._read()
        if self._holds(now):
            return Found(self._result(now))
        if self._is_fenced():
            return Absent()
        return Unsure(f"{self._facts(now)}. ION takes no etag here, so a late copy could still arrive")

    def _is_fenced(self) -> bool:
        return True

    def _only(self, kind: type[S], values: Mapping[str, object]) -> S:
        call = self._calls[self.reads]
        tried = f"{call.name} with {quoted(repr(dict(values)))}"
        found = [row for rows in self._tenant.rows(call, values).values() for row in rows if row is not None]
        if len(found) != 1:
            raise IonRejected(
                f"{tried}: expected one {kind.__name__}, got {len(found)}", code="NOT_FOUND_ERROR"
            )
        return read(kind, found[0], tried=tried)

    @abstractmethod
    def _read(self) -> S: ...

    @abstractmethod
    def _holds(self, now: S) -> bool: ...

    @abstractmethod
    def _is_as_seen(self, now: S) -> bool: ...

    @abstractmethod
    def _send(self, before: S) -> S: ...

    @abstractmethod
    def _facts(self, now: S) -> str: ...

    @abstractmethod
    def _result(self, now: S) -> dict[str, Json]: ...


class _OfRun(_Change[A, Run]):
    reads = "RunOf"

    def _result(self, now: Run) -> dict[str, Json]:
        return {"run": dump(now)}

    def _read_again(self, run_id: str, otherwise: Run) -> Run:
        """Return the run as it is after a change that was made, or what we know if it cannot be read now."""
        try:
            return self._only(Run, {"run": run_id})
        except IonError:
            return otherwise


class StepStatus(_OfRun[SetStepStatus]):
    """``set_step_status``: ION lets the run's own status follow."""

    def _read(self) -> Run:
        run = self._only(Run, {"run": self._arguments.run_id})
        if not any(step.id == self._arguments.step_id for step in run.steps):
            raise IonRejected(
                f"Step {quoted(self._arguments.step_id)} of run {quoted(self._arguments.run_id)}: "
                f"expected one of {quoted(', '.join(step.id for step in run.steps))}, got none of them",
                code="NOT_FOUND_ERROR",
            )
        return run

    def _holds(self, now: Run) -> bool:
        return self._step(now).status == self._arguments.status

    def _is_as_seen(self, now: Run) -> bool:
        return self._step(now).status == self._arguments.from_status

    def _send(self, before: Run) -> Run:
        step = self._step(before)
        self._tenant.change(
            self._calls["ChangeStep"],
            {"step": step.id, "etag": step.etag, "status": Word(self._arguments.status)},
            "changed",
        )
        changed = replace(step, status=self._arguments.status, etag=None)
        steps = tuple(changed if each.id == step.id else each for each in before.steps)
        return self._read_again(self._arguments.run_id, replace(before, steps=steps))

    def _facts(self, now: Run) -> str:
        step = self._step(now)
        return (
            f"Set step {quoted(step.title)} of run {quoted(now.title)} to {self._arguments.status}: "
            f"expected it in {self._arguments.from_status}, got {quoted(step.status)}"
        )

    def _step(self, run: Run) -> RunStep:
        return next(step for step in run.steps if step.id == self._arguments.step_id)


class RunStatus(_OfRun[SetRunStatus]):
    """``set_run_status``, where a tenant lets a run be started and completed as a whole."""

    def _read(self) -> Run:
        return self._only(Run, {"run": self._arguments.run_id})

    def _holds(self, now: Run) -> bool:
        return now.status == self._arguments.status

    def _is_as_seen(self, now: Run) -> bool:
        return (
            now.status == self._arguments.from_status
            or {now.status, self._arguments.from_status} <= _NOT_STARTED
        )

    def _send(self, before: Run) -> Run:
        self._tenant.change(
            self._calls["ChangeRun"],
            {"run": before.id, "etag": before.etag, "status": Word(self._arguments.status)},
            "changed",
        )
        return self._read_again(
            self._arguments.run_id, replace(before, status=self._arguments.status, etag=None)
        )

    def _facts(self, now: Run) -> str:
        return (
            f"Set run {quoted(now.title)} to {self._arguments.status}: "
            f"expected it in {self._arguments.from_status}, got {quoted(now.status)}"
        )


class MoveInventory(_Change[Move, Inventory]):
    """``move``: by an update with the etag, or by a transfer, which has none."""

    reads = "InventoryOf"

    def _is_fenced(self) -> bool:
        return "MoveWithEtag" in self._calls

    def _read(self) -> Inventory:
        return self._only(Inventory, {"inventory": self._arguments.inventory_id})

    def _holds(self, now: Inventory) -> bool:
        return now.location is not None and now.location.id == self._arguments.location_id

    def _is_as_seen(self, now: Inventory) -> bool:
        return (now.location.id if now.location else None) == self._arguments.from_location_id

    def _send(self, before: Inventory) -> Inventory:
        values: dict[str, object] = {"inventory": before.id, "location": self._arguments.location_id}
        if self._is_fenced():
            call = self._calls["MoveWithEtag"]
            values |= {"etag": before.etag}
        else:
            call = self._calls["Transfer"]
            values |= {"kind": Word("transfer"), "quantity": before.quantity}
        changed = self._tenant.change(call, values, "changed")
        return read(Inventory, changed, tried=call.name, is_mutation=True)

    def _facts(self, now: Inventory) -> str:
        place = (
            f"{quoted(now.location.name)} (id {quoted(now.location.id)})" if now.location else "no location"
        )
        seen = (
            f"location id {quoted(self._arguments.from_location_id)}"
            if self._arguments.from_location_id
            else "no location"
        )
        return (
            f"Move inventory {quoted(now.id)} to location id {quoted(self._arguments.location_id)}: "
            f"expected it at {seen}, got {place}"
        )

    def _result(self, now: Inventory) -> dict[str, Json]:
        return {"inventory": dump(now)}
