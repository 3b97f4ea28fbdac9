"""Mutations about procedures, their steps and tables."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from kiosk.simulator.resolvers.given import Given, Payload, columns, deleted
from kiosk.simulator.resolvers.request import Request
from kiosk.simulator.rows import FieldValidation
from kiosk.simulator.rules import datagrids, procedure_copies, procedures

__all__ = ["MUTATIONS", "field_columns"]

_STEP: Final = ("content", "slateContent", "position", "leadTime", "locationId")
_FIELD: Final = ("name", "type", "required", "options", "unit", "allowNotApplicable")


def field_columns(given: Given, *names: str) -> dict[str, Any]:
    """Return what was given of a field, of a procedure's step or of a run's; null is left out."""
    found = columns(given, *_FIELD, *names)
    if given.get("validations"):
        found["validations"] = tuple(
            FieldValidation(function=each["function"], value=each["value"]) for each in given["validations"]
        )
    return {name: value for name, value in found.items() if value is not None}


def _create(request: Request, given: Given) -> Payload:
    new = columns(given, "description", "exportControlled", "type")
    return {"procedure": procedures.create_procedure(request.desk, given["title"], new)}


def _update(request: Request, given: Given) -> Payload:
    changes = columns(given, "title", "description", "type", "attributes")
    procedure = procedures.update_procedure(
        request.desk, given["id"], given["etag"], given.get("status"), changes
    )
    return {"procedure": procedure}


def _create_step(request: Request, given: Given) -> Payload:
    new = columns(given, *_STEP, "type", "parentId", "isStandardStep")
    return {"step": procedures.create_step(request.desk, given["procedureId"], given["title"], new)}


def _update_step(request: Request, given: Given) -> Payload:
    changes = columns(given, *_STEP, "title")
    return {"step": procedures.update_step(request.desk, given["id"], given["etag"], changes)}


def _create_field(request: Request, given: Given) -> Payload:
    new = field_columns(given, "display", "allowedIonType", "signoffRoleId")
    return {"stepField": procedures.create_step_field(request.desk, given["stepId"], new)}


def _create_column(request: Request, given: Given) -> Payload:
    owner = datagrids.owner_of(request.desk, given.get("stepId"), given.get("runStepId"))
    new = columns(given, "header", "type", "index", "options", "signoffRoleId")
    return {"datagridColumn": datagrids.create_column(request.desk, owner, new)}


def _create_row(request: Request, given: Given) -> Payload:
    owner = datagrids.owner_of(request.desk, given.get("stepId"), given.get("runStepId"))
    row = datagrids.create_row(
        request.desk,
        owner,
        given.get("index"),
        required=bool(given.get("required")),
        allow_not_applicable=bool(given.get("allowNotApplicable")),
    )
    return {"datagridRow": row}


def _set_value(request: Request, given: Given) -> Payload:
    row = datagrids.set_value(
        request.desk, given["columnId"], given["rowId"], given.get("value"), given.get("fileAttachmentId")
    )
    return {"datagridRow": row}


def _label_family(request: Request, given: Given) -> Payload:
    label = procedures.label_family(request.desk, given["labelId"], given["familyId"])
    return {"labelId": label.id, "familyId": int(given["familyId"])}


MUTATIONS: Final[Mapping[str, Callable[[Request, Given], Payload]]] = {
    "createProcedure": _create,
    "updateProcedure": _update,
    "createProcedureRevision": lambda request, given: {
        "procedure": procedure_copies.revise_procedure(request.desk, given["procedureId"])
    },
    "createStep": _create_step,
    "updateStep": _update_step,
    "copyStep": lambda request, given: {
        "step": procedure_copies.copy_step(request.desk, given["id"], given.get("procedureId"))
    },
    "deleteStep": deleted(procedure_copies.delete_step),
    "createStepField": _create_field,
    "createStepEdge": lambda request, given: {
        "stepEdge": procedures.add_edge(request.desk, given["stepId"], given["upstreamStepId"])
    },
    "deleteStepEdge": deleted(procedures.remove_edge),
    "createDatagridColumn": _create_column,
    "createDatagridRow": _create_row,
    "setDatagridValue": _set_value,
    "createLabel": lambda request, given: {"label": procedures.create_label(request.desk, given["value"])},
    "addLabelToProcedureFamily": _label_family,
}
