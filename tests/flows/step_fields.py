"""A step with fields of every kind, and a floor where one of them is asked for."""

from dataclasses import replace
from decimal import Decimal

from kiosk.model import FieldKind, Json, Run, RunStep, StepField, Submit
from tests.flows.floor import RUN, Floor

PHOTO = "1" * 64
TEXT = StepField("f1", "O-ring lot", FieldKind.STRING, is_required=True)
NUMBER = StepField(
    "f2", "Torque", FieldKind.NUMBER, is_required=True, unit="N.m", least=Decimal(3), most=Decimal("6.5")
)
YES = StepField("f3", "Stripe", FieldKind.BOOLEAN, is_required=True)
NOTE = StepField("f4", "Remarks", FieldKind.STRING)
ONE = StepField("f5", "Result", FieldKind.SELECT, options=("Accept", "Rework", "Reject", "Hold", "Scrap"))
MANY = StepField("f6", "Marks", FieldKind.MULTISELECT, options=("Dent", "Scratch"))
TIME = StepField("f7", "Cured at", FieldKind.DATETIME)
SIGN = StepField("f8", "Inspector", FieldKind.SIGNOFF, role="Inspector")
FILE = StepField("f9", "Picture", FieldKind.FILE_ATTACHMENT, entity_id="909")


def run_with(*fields: StepField, status: str = "IN_PROGRESS") -> Run:
    return replace(RUN, status=status, steps=(RunStep("s1", "Assemble", status, 1, "e1", fields=fields),))


def at_field(*fields: StepField) -> Floor:
    """Return a floor where the first field of a step is asked for."""
    floor = Floor()
    floor.scan("ION/RUN/77", run_with(*fields))
    if floor.press("ENTER") == "run/fields":
        floor.press("CHOOSE", "1")
    assert floor.screen == "run/field"
    return floor


def value(field: StepField, given: Json, before: Json = None) -> Submit:
    arguments = {
        "run_id": "77",
        "step_id": "s1",
        "field_id": field.id,
        "type": field.type.value,
        "from_value": before,
        "title": field.name,
        "value": given,
        **({"unit": field.unit} if field.unit else {}),
    }
    return Submit(
        "set_field_value", "run/77", "run/77", arguments, serves=f"step/{arguments['step_id']}/filled"
    )
