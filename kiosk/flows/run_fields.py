"""The fields of a run's steps, counting what is on its way to ION."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kiosk.flows.fields import INPUTS, is_filled, value_words
from kiosk.flows.flow import Place
from kiosk.flows.run_steps import StepView
from kiosk.model import Json, Run, RunStep, StepField, Submit
from kiosk.wire import object_json, to_json


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field as the screen shows it."""

    field: StepField
    value: Json
    """With what is on its way to ION counted in."""
    is_queued: bool = False
    is_uploading: bool = False
    """Its photo is on its way to ION."""

    @property
    def is_filled(self) -> bool:
        """Return whether it has a value that ION has, or will have."""
        return is_filled(self.value)

    @property
    def is_missing(self) -> bool:
        """Return whether the step cannot be completed before this is filled in.

        A photo on its way is enough: the step's completion is sent after it.
        """
        return self.field.is_required and not self.is_filled and not self.is_uploading

    def state(self, place: Place) -> dict[str, Json]:
        """Return the field as a screen's state keeps it."""
        return {
            **object_json(self.field),
            "input": INPUTS[self.field.type],
            "value": self.value,
            "shown": "photo on the way" if self.is_uploading else self.words(place),
            "is_filled": self.is_filled or self.is_uploading,
            "is_queued": self.is_queued or self.is_uploading,
        }

    def words(self, place: Place) -> str:
        """Return the value as a person reads it, empty where there is none."""
        return value_words(self.field, self.value, place.zone)


def fields_of(run: Run, step: RunStep, place: Place, also: Sequence[Submit] = ()) -> tuple[FieldView, ...]:
    """Return the fields of a step in their order.

    Args:
        run: the step's.
        step: as ION knows it.
        place: knows what is on its way.
        also: changes that are made by this very event.
    """
    queued, uploading = _on_the_way(run, place, also)
    return tuple(
        FieldView(
            field,
            queued[field.id] if field.id in queued else to_json(field.value),
            is_queued=field.id in queued,
            is_uploading=field.id in uploading,
        )
        for field in step.fields
    )


def value_submit(run: Run, step: StepView, view: FieldView, value: Json) -> Submit:
    """Return the change that fills in a field."""
    arguments = _arguments(run, step, view)
    arguments["value"] = value
    if view.field.unit:
        arguments["unit"] = view.field.unit
    return Submit("set_field_value", run.key, run.key, arguments, serves=step_filled(step.id))


def photo_submit(run: Run, step: StepView, view: FieldView, file: Mapping[str, Json]) -> Submit:
    """Return the upload of a field's photo; the field is filled in with what ION answers.

    See ``photo_value``.
    """
    arguments = {**_arguments(run, step, view), **file, "entity_id": view.field.entity_id}
    subject = f"photo/{file['digest']}"
    return Submit("attach_file", subject, run.key, arguments, serves=step_filled(step.id))


def photo_value(arguments: Mapping[str, Json], result: Mapping[str, Json]) -> Submit | None:
    """Return the change that fills in a field with its photo, once ION has that.

    Args:
        arguments: of an upload; only one for a field has something to fill in.
        result: what ION answered to it.
    """
    file = result.get("file")
    if "field_id" not in arguments or not isinstance(file, Mapping):
        return None
    names = ("run_id", "step_id", "field_id", "type", "from_value", "title")
    kept = {name: arguments[name] for name in names}
    key = f"run/{arguments['run_id']}"
    kept["value"] = file["id"]
    return Submit("set_field_value", key, key, kept, serves=step_filled(str(arguments["step_id"])))


def step_filled(step_id: str) -> str:
    """Return the name of what a step's completion needs: its fields filled in (see ``Submit.needs``)."""
    return f"step/{step_id}/filled"


def _arguments(run: Run, step: StepView, view: FieldView) -> dict[str, Json]:
    return {
        "run_id": run.id,
        "step_id": step.id,
        "field_id": view.field.id,
        "type": view.field.type.value,
        "from_value": view.value,
        "title": view.field.name,
    }


def _on_the_way(run: Run, place: Place, also: Sequence[Submit]) -> tuple[Mapping[str, Json], frozenset[str]]:
    """Return the values that are on their way, and the fields whose photo is."""
    ways = [(each.operation, each.arguments) for each in place.outstanding if each.about == run.key]
    ways += [(each.operation, each.arguments) for each in also]
    queued = {
        str(given["field_id"]): given["value"] for operation, given in ways if operation == "set_field_value"
    }
    uploading = frozenset(
        str(given["field_id"])
        for operation, given in ways
        if operation == "attach_file" and "field_id" in given
    )
    return queued, uploading
