"""The fields of a run step: what their values may be, and making and filling them."""

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from kiosk.simulator.derived import roles_of
from kiosk.simulator.refusals import ErrorCode, Refusal
from kiosk.simulator.rows import FieldValidation, FieldValue, RunStepField, StepStatus
from kiosk.simulator.rules.desk import Desk, check_engineer, check_etag, invalid, look_up

__all__ = [
    "check_signer",
    "check_value",
    "create_field",
    "is_filled",
    "is_in_range",
    "set_field_value",
    "update_field",
]

Id = str | int

_NOT_APPLICABLE: Final = "N/A"


def is_filled(value: FieldValue) -> bool:
    """Return whether a required field counts as filled in; False and 0 are answers."""
    return value is not None and value not in ("", [])


def is_in_range(field: RunStepField) -> bool | None:
    """Return whether a number keeps its bounds; None if there is nothing to keep."""
    if not field.validations or not _is_number(field, field.value):
        return None
    return all(_keeps(field.value, bound) for bound in field.validations)


def _keeps(value: FieldValue, bound: FieldValidation) -> bool:
    number = float(str(value))
    return number >= bound.value if bound.function == "MIN" else number <= bound.value


def set_field_value(desk: Desk, field_id: Id, etag: str, value: FieldValue) -> RunStepField:
    """Fill in or clear a field of a step that is not finished."""
    world = desk.world
    field = look_up(world.run_step_fields, "RunStepField", field_id)
    check_etag("the field", field.etag, etag)
    step = world.run_steps[field.run_step_id]
    if step.status in (StepStatus.COMPLETE, StepStatus.CANCELED):
        raise invalid(f"Step {step.title!r} is {step.status}: its fields can no longer be changed")
    if not (field.allow_not_applicable and value == _NOT_APPLICABLE):
        check_value(field, value)
    if is_filled(value) and field.type == "SIGNOFF":
        check_signer(desk, field.signoff_role_id)
    if is_filled(value) and field.type == "FILE_ATTACHMENT":
        look_up(world.file_attachments, "FileAttachment", str(value))
    return world.run_step_fields.put(replace(field, etag=world.new_hex(), value=value))


def check_signer(desk: Desk, role_id: int | None) -> None:
    """Refuse a signature by somebody without the role it needs."""
    if role_id is not None and all(role.id != role_id for role in roles_of(desk.world, desk.user)):
        name = desk.world.roles[role_id].name
        raise Refusal(ErrorCode.AUTHORIZATION, f"User does not have permission to sign off as {name!r}")


def create_field(desk: Desk, step_id: Id, columns: dict[str, Any]) -> RunStepField:
    """Add a field to a step that nobody has begun, or that is in redline.

    ``columns`` by their names in ``RunStepField``.
    """
    world = desk.world
    step = look_up(world.run_steps, "RunStep", step_id)
    if step.status is StepStatus.REDLINE:
        check_engineer(desk, "a redline")
    elif step.status is not StepStatus.TODO:
        raise invalid(f"Step {step.title!r} is {step.status}: fields are added in TODO or REDLINE")
    _check_name(desk, step.id, columns["name"])
    _check_options(columns["type"], columns.get("options"))
    field = RunStepField(
        id=world.run_step_fields.new_id(), etag=world.new_hex(), run_step_id=step.id, **columns
    )
    return world.run_step_fields.put(field)


def update_field(desk: Desk, field_id: Id, etag: str, columns: dict[str, Any]) -> RunStepField:
    """Change what a field asks for while its step is in redline; a value that no longer fits is cleared."""
    world = desk.world
    field = look_up(world.run_step_fields, "RunStepField", field_id)
    check_etag("the field", field.etag, etag)
    step = world.run_steps[field.run_step_id]
    check_engineer(desk, "a redline")
    if step.status is not StepStatus.REDLINE:
        raise invalid(f"Step {step.title!r} is {step.status}; only in REDLINE its fields can be edited")
    if columns.get("name", field.name) != field.name:
        _check_name(desk, step.id, columns["name"])
    after = replace(field, etag=world.new_hex(), **columns)
    _check_options(after.type, after.options)
    if after.value is not None and not _CHECKS[after.type](after, after.value):
        after = replace(after, value=None)
    return world.run_step_fields.put(after)


def _check_name(desk: Desk, step_id: int, name: str) -> None:
    if any(each.name == name for each in desk.world.run_step_fields.where("run_step_id", step_id)):
        raise invalid(f"Field {name!r} already exists on the step")


def _check_options(kind: str, options: object) -> None:
    if kind in ("SELECT", "MULTISELECT") and not options:
        raise invalid(f"A {kind} needs options")


def check_value(field: RunStepField, value: FieldValue) -> None:
    """Refuse a value that does not match the field's type; None clears any field."""
    if value is not None and not _CHECKS[field.type](field, value):
        expected = f" of {list(field.options)}" if field.options else ""
        raise invalid(f"Value {value!r} does not match field {field.name!r}: expected {field.type}{expected}")


def _is_text(_field: RunStepField, value: FieldValue) -> bool:
    return isinstance(value, str)


def _is_number(_field: RunStepField, value: FieldValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_boolean(_field: RunStepField, value: FieldValue) -> bool:
    return isinstance(value, bool)


def _is_option(field: RunStepField, value: FieldValue) -> bool:
    return isinstance(value, str) and value in (field.options or ())


def _is_options(field: RunStepField, value: FieldValue) -> bool:
    return isinstance(value, list) and all(_is_option(field, each) for each in value)


def _is_datetime(_field: RunStepField, value: FieldValue) -> bool:
    try:
        return isinstance(value, str) and datetime.fromisoformat(value) is not None
    except ValueError:
        return False


def _is_signature(_field: RunStepField, value: FieldValue) -> bool:
    # How ION encodes a sign-off is not public: a yes, or a name.
    return isinstance(value, bool | str)


def _is_file(_field: RunStepField, value: FieldValue) -> bool:
    # How ION encodes an attached file is not public: its id.
    return isinstance(value, int | str) and not isinstance(value, bool)


_CHECKS: Final[dict[str, Callable[[RunStepField, FieldValue], bool]]] = {
    "STRING": _is_text,
    "NUMBER": _is_number,
    "BOOLEAN": _is_boolean,
    "SELECT": _is_option,
    "MULTISELECT": _is_options,
    "DATETIME": _is_datetime,
    "SIGNOFF": _is_signature,
    "FILE_ATTACHMENT": _is_file,
}
