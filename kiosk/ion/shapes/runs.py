"""Procedures, runs, their steps and fields, and issues in ION's JSON."""

import json
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import BeforeValidator

from kiosk.ion.shapes.values import EntityShape, Id, MaybeId, Quantity, RichText, Shape, Text, Word, rows_of
from kiosk.ion.variables import plain
from kiosk.model import FieldKind, FieldValue, Issue, Procedure, Run, RunStep, StepField

__all__ = ["IssueShape", "ProcedureShape", "RunShape", "field_value"]

_YES: Final = {"true": True, "false": False}


def field_value(kind: FieldKind, value: object) -> FieldValue:
    """Return a field's value as ``StepField`` has it, whatever ION's scalar makes of it."""
    if value is None or value in ("", []):
        return None
    match kind:
        case FieldKind.BOOLEAN:
            return value if isinstance(value, bool) else _YES.get(str(value).lower())
        case FieldKind.NUMBER:
            return _number(value)
        case FieldKind.MULTISELECT:
            return _texts(value)
        case FieldKind.SIGNOFF | FieldKind.FILE_ATTACHMENT:
            return None if value is False else _any_text(value)
        case _:
            return _any_text(value)


def _number(value: object) -> str:
    is_number = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    return plain(Decimal(str(value))) if is_number else str(value)


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str) and value.startswith("["):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return (str(value),)
    return tuple(map(_any_text, value)) if isinstance(value, list | tuple) else (_any_text(value),)


def _any_text(value: object) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, default=str, ensure_ascii=False)


class _Role(Shape):
    name: Text = ""


class _Bound(Shape):
    function: Word = ""
    value: Quantity | None = None


class _Field(EntityShape):
    id: Id
    name: Text = ""
    type: Word
    value: Any = None
    required: bool | None = None
    options: tuple[str, ...] | None = None
    unit: Text = ""
    bounds: tuple[_Bound, ...] | None = None
    role: _Role | None = None
    etag: str | None = None

    def noun(self) -> StepField:
        # A type that is newer than this list is entered as a text; ION says whether it takes it.
        kind = FieldKind(self.type) if self.type in set(FieldKind) else FieldKind.STRING
        return StepField(
            id=self.id,
            name=self.name,
            type=kind,
            value=field_value(kind, self.value),
            is_required=bool(self.required),
            options=self.options or (),
            unit=self.unit,
            least=self._bound("MIN"),
            most=self._bound("MAX"),
            role=self.role.name if self.role else "",
            etag=self.etag,
            entity_id=self.entity_row,
        )

    def _bound(self, function: str) -> Decimal | None:
        return next((each.value for each in self.bounds or () if each.function == function), None)


class _Step(EntityShape):
    id: Id
    title: Text = ""
    status: Word
    position: int = 0
    etag: str | None = None
    upstream: tuple[Id, ...] | None = None
    parent: Id | None = None
    fields: Annotated[tuple[_Field, ...], BeforeValidator(rows_of)] = ()

    def value(self) -> RunStep:
        return RunStep(
            id=self.id,
            title=self.title,
            status=self.status,
            position=self.position,
            etag=self.etag,
            upstream=self.upstream or (),
            parent=self.parent,
            fields=tuple(field.noun() for field in self.fields),
            entity_id=self.entity_row,
        )


class _Titled(Shape):
    title: Text = ""


class _BuiltPart(Shape):
    number: Text = ""


class _BuiltInventory(Shape):
    id: Id
    serial: str | None = None
    part: _BuiltPart | None = None


class RunShape(EntityShape):
    """A run with its steps."""

    id: Id
    title: Text = ""
    status: Word
    uid: str | None = None
    etag: str | None = None
    procedure: _Titled | None = None
    inventory: _BuiltInventory | None = None
    steps: Annotated[tuple[_Step, ...], BeforeValidator(rows_of)] = ()

    def value(self) -> Run:
        """Return the noun."""
        built = self.inventory
        return Run(
            id=self.id,
            title=self.title,
            status=self.status,
            uid=self.uid or None,
            etag=self.etag,
            procedure=self.procedure.title if self.procedure else "",
            part_number=built.part.number if built and built.part else "",
            serial=(built.serial or None) if built else None,
            inventory_id=built.id if built else None,
            entity_id=self.entity_row,
            steps=tuple(sorted((step.value() for step in self.steps), key=lambda step: step.position)),
        )


class ProcedureShape(Shape):
    """A procedure without its steps."""

    id: Id
    title: Text = ""
    status: Word = "UNKNOWN"
    description: Text = ""

    def value(self) -> Procedure:
        """Return the noun."""
        return Procedure(self.id, self.title, self.status, self.description)


class _Reference(Shape):
    id: Id


class IssueShape(EntityShape):
    """An issue."""

    id: Id
    title: Text = ""
    status: Word
    disposition_type: Text = ""
    disposition: RichText = ""
    cause: RichText = ""
    expected: RichText = ""
    run_step_id: MaybeId = None
    run_step: _Reference | None = None
    inventory_id: MaybeId = None
    inventory: _Reference | None = None
    etag: str | None = None

    def value(self) -> Issue:
        """Return the noun."""
        return Issue(
            id=self.id,
            title=self.title,
            status=self.status,
            disposition_type=self.disposition_type,
            disposition=self.disposition,
            cause=self.cause,
            expected=self.expected,
            run_step_id=self.run_step_id or (self.run_step.id if self.run_step else None),
            inventory_id=self.inventory_id or (self.inventory.id if self.inventory else None),
            etag=self.etag,
            entity_id=self.entity_row,
        )
