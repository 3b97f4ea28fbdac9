"""Changes of runs: as a whole, by their steps, and of the fields in these."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import ClassVar, Final, TypeVar

from kiosk.errors import IonError, IonRejected
from kiosk.ion.arguments import CancelRun, CreateRun, SetFieldValue, SetRunStatus, SetStepStatus
from kiosk.ion.changes.base import Creation, Edit
from kiosk.ion.shapes import field_value
from kiosk.ion.variables import Raw, Word
from kiosk.ion.wording import quoted
from kiosk.model import FieldKind, FieldValue, Run, RunStep, StepField, Submit
from kiosk.words import told

__all__ = ["CanceledRun", "EnteredValue", "NewRun", "RunStatus", "StepStatus"]

_NOT_STARTED: Final = frozenset({"TODO", "PENDING"})
"""One page of ION's calls a run that nobody has started pending, all others todo."""
_FINISHED: Final = frozenset({"COMPLETE", "CANCELED"})
A = TypeVar("A", SetRunStatus, CancelRun, SetStepStatus, SetFieldValue)
B = TypeVar("B", SetStepStatus, SetFieldValue)


class _OfRun(Edit[A, Run]):
    reads: ClassVar[str] = "RunOf"
    kind: ClassVar[type[Run]] = Run
    result_name: ClassVar[str] = "run"

    def _read(self) -> Run:
        return self._only({"run": self._arguments.run_id})

    def _read_again(self, otherwise: Run) -> Run:
        """Return the run as it is after a change that was made, or what we know if it cannot be read now."""
        try:
            return self._read()
        except IonError:
            return otherwise


class RunStatus(_OfRun[SetRunStatus]):
    """``set_run_status``, where a tenant lets a run be started and completed as a whole."""

    takes: ClassVar[type[SetRunStatus]] = SetRunStatus
    moves_etag: ClassVar[bool] = True

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
        return self._read_again(replace(before, status=self._arguments.status, etag=None))

    def _facts(self, now: Run) -> str:
        return told(
            "Set run {run} to {wanted}: expected it in {before}, got {now}",
            run=quoted(now.title),
            wanted=self._arguments.status,
            before=self._arguments.from_status,
            now=quoted(now.status),
        )


class CanceledRun(_OfRun[CancelRun]):
    """``cancel_run``: as a whole, else step by step."""

    takes: ClassVar[type[CancelRun]] = CancelRun

    def _holds(self, now: Run) -> bool:
        if now.steps:
            return all(step.status in _FINISHED for step in now.steps)
        return now.status in _FINISHED | {"PARTIAL_COMPLETE"}

    def _send(self, before: Run) -> Run:
        if "CancelRun" in self._calls:
            self._tenant.change(self._calls["CancelRun"], {"run": before.id, "etag": before.etag}, "changed")
        else:
            for step in before.steps:
                if step.status not in _FINISHED:
                    self._tenant.change(
                        self._calls["ChangeStep"],
                        {"step": step.id, "etag": step.etag, "status": Word("CANCELED")},
                        "changed",
                    )
        steps = tuple(
            step if step.status in _FINISHED else replace(step, status="CANCELED", etag=None)
            for step in before.steps
        )
        return self._read_again(replace(before, steps=steps, etag=None))

    def _facts(self, now: Run) -> str:
        open_steps = ", ".join(quoted(step.title) for step in now.steps if step.status not in _FINISHED)
        return told(
            "Cancel run {run}: expected no open step, got {steps}",
            run=quoted(now.title),
            steps=open_steps or told("the run open"),
        )


class _OfStep(_OfRun[B]):
    def _read(self) -> Run:
        run = super()._read()
        if not any(step.id == self._arguments.step_id for step in run.steps):
            raise IonRejected(
                told(
                    "Step {step} of run {run}: expected one of {ids}, got none of them",
                    step=quoted(self._arguments.step_id),
                    run=quoted(self._arguments.run_id),
                    ids=quoted(", ".join(step.id for step in run.steps)),
                ),
                code="NOT_FOUND_ERROR",
            )
        return run

    def _step(self, run: Run) -> RunStep:
        return next(step for step in run.steps if step.id == self._arguments.step_id)

    def _changes(self, now: Run) -> object:
        return self._step(now)

    def _with(self, run: Run, changed: RunStep) -> Run:
        steps = tuple(changed if each.id == changed.id else each for each in run.steps)
        return self._read_again(replace(run, steps=steps))


class StepStatus(_OfStep[SetStepStatus]):
    """``set_step_status``: ION lets the run's own status follow."""

    takes: ClassVar[type[SetStepStatus]] = SetStepStatus
    moves_etag: ClassVar[bool] = True

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
        return self._with(before, replace(step, status=self._arguments.status, etag=None))

    def _facts(self, now: Run) -> str:
        step = self._step(now)
        return told(
            "Set step {step} of run {run} to {wanted}: expected it in {before}, got {now}",
            step=quoted(step.title),
            run=quoted(now.title),
            wanted=self._arguments.status,
            before=self._arguments.from_status,
            now=quoted(step.status),
        )


class EnteredValue(_OfStep[SetFieldValue]):
    """``set_field_value``: the value shaped by the field's type, compared as that type compares."""

    takes: ClassVar[type[SetFieldValue]] = SetFieldValue
    moves_etag: ClassVar[bool] = True

    def _read(self) -> Run:
        run = super()._read()
        names = [field.id for field in self._step(run).fields]
        if self._arguments.field_id not in names:
            raise IonRejected(
                told(
                    "Field {field} of step {step}: expected one of {ids}, got none of them",
                    field=quoted(self._arguments.field_id),
                    step=quoted(self._arguments.step_id),
                    ids=quoted(", ".join(names)),
                ),
                code="NOT_FOUND_ERROR",
            )
        return run

    def _changes(self, now: Run) -> object:
        return self._field(now)

    def _holds(self, now: Run) -> bool:
        return _is_same(self._arguments.type, self._field(now).value, self._arguments.value)

    def _is_as_seen(self, now: Run) -> bool:
        return _is_same(self._arguments.type, self._field(now).value, self._arguments.from_value)

    def _send(self, before: Run) -> Run:
        field = self._field(before)
        self._tenant.change(
            self._calls["ChangeField"],
            {
                "field": field.id,
                "etag": field.etag,
                "value": Raw(_sent(self._arguments.type, self._arguments.value)),
            },
            "changed",
        )
        step = self._step(before)
        entered = field_value(self._arguments.type, _sent(self._arguments.type, self._arguments.value))
        changed = replace(field, value=entered, etag=None)
        fields = tuple(changed if each.id == field.id else each for each in step.fields)
        return self._with(before, replace(step, fields=fields))

    def _facts(self, now: Run) -> str:
        field = self._field(now)
        return told(
            "Enter {value} into {field} of step {step}: expected {before} there, got {now}",
            value=quoted(str(self._arguments.value)),
            field=quoted(field.name),
            step=quoted(self._step(now).title),
            before=_said(self._arguments.from_value),
            now=_said(field.value),
        )

    def _field(self, run: Run) -> StepField:
        return next(field for field in self._step(run).fields if field.id == self._arguments.field_id)


class NewRun(Creation[CreateRun, Run]):
    """``create_run``: of an inventory, or to build a part."""

    takes: ClassVar[type[CreateRun]] = CreateRun
    reads: ClassVar[str] = "RunsLike"
    makes: ClassVar[str] = "CreateRun"
    kind: ClassVar[type[Run]] = Run
    result_name: ClassVar[str] = "run"

    def _like(self) -> Mapping[str, object]:
        return {"procedure": self._arguments.procedure_id, "inventory": self._arguments.inventory_id}

    def _is_like(self, row: Run) -> bool:
        wanted = self._arguments
        is_meant = wanted.inventory_id is None or row.inventory_id == wanted.inventory_id
        is_titled = not wanted.title or row.title == wanted.title
        procedure = self._raw[row.id].get("procedure_id")
        return is_meant and is_titled and str(procedure or wanted.procedure_id) == wanted.procedure_id

    def _values(self) -> Mapping[str, object]:
        wanted = self._arguments
        return {
            "procedure": wanted.procedure_id,
            "inventory": wanted.inventory_id,
            "part": wanted.part_id,
            "title": wanted.title or None,
        }

    def _undo(self, row: Run) -> Submit | None:
        is_unused = row.status in _NOT_STARTED and all(step.status in _NOT_STARTED for step in row.steps)
        way = next((way for way in ("archive_run", "cancel_run") if self._can(way)), None)
        return Submit(way, row.key, row.key, {"run_id": row.id}) if way and is_unused else None

    def _facts(self) -> str:
        wanted = self._arguments
        return told(
            "Create a run of procedure {procedure} for inventory {inventory}"
            if wanted.inventory_id
            else "Create a run of procedure {procedure} for a new item",
            procedure=quoted(wanted.procedure_id),
            inventory=quoted(wanted.inventory_id or ""),
        )

    def _named(self, row: Run) -> str:
        return told("run {id} {title} in {status}", id=row.id, title=quoted(row.title), status=row.status)


def _sent(kind: FieldKind, value: FieldValue) -> bool | int | float | str | list[str] | None:
    """Return the value as ION's scalar takes it for a field of this type.

    A number is sent as a JSON number; one with more digits than a double has as its text.
    """
    if value is None:
        return None
    match kind:
        case FieldKind.NUMBER:
            return _json_number(value)
        case FieldKind.BOOLEAN:
            return value if isinstance(value, bool) else str(value).lower() == "true"
        case FieldKind.MULTISELECT:
            return [str(each) for each in value] if isinstance(value, tuple | list) else [str(value)]
        case FieldKind.SIGNOFF:
            return value if isinstance(value, bool | str) else str(value)
        case _:
            return value if isinstance(value, str) else str(value)


def _json_number(value: FieldValue) -> int | float | str:
    number = _decimal(value)
    if number is None:
        raise IonRejected(
            told("Enter {value}: expected a number for a NUMBER field, got a text", value=quoted(str(value))),
            code="VALIDATION_ERROR",
        )
    if number == number.to_integral_value():
        return int(number)
    return float(number) if Decimal(repr(float(number))) == number else format(number, "f")


def _decimal(value: FieldValue) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) <= 30 else None  # noqa: PLR2004


def _is_same(kind: FieldKind, there: FieldValue, wanted: FieldValue) -> bool:
    """Return whether a field holds a value; of what ION rewrites (a signature) only that there is one."""
    other = field_value(kind, list(wanted) if isinstance(wanted, tuple) else wanted)
    if there is None or other is None:
        return there is other
    match kind:
        case FieldKind.NUMBER:
            return _decimal(there) == _decimal(other)
        case FieldKind.DATETIME:
            return _moment(there) == _moment(other)
        case FieldKind.MULTISELECT:
            return sorted(map(str, _items(there))) == sorted(map(str, _items(other)))
        case FieldKind.SIGNOFF:
            return True
        case _:
            return there == other


def _items(value: FieldValue) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)


def _moment(value: FieldValue) -> datetime | str:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _said(value: FieldValue) -> str:
    return told("nothing") if value is None else quoted(", ".join(map(str, _items(value))))
