"""What the value of a run-step field may be, by the field's type."""

import math
from collections.abc import Callable
from datetime import datetime
from typing import Final

from kiosk.simulator.rows import FieldValue, RunStepField
from kiosk.simulator.rules.desk import invalid

__all__ = ["check_value", "is_filled"]


def is_filled(value: FieldValue) -> bool:
    """Return whether a required field counts as filled in; False and 0 are answers."""
    return value is not None and value not in ("", [])


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
