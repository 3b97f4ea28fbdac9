"""What the fields of procedures, runs, steps and sessions read."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from kiosk.simulator.derived import (
    RunStatus,
    downstream_step_ids,
    ordered_steps,
    run_status,
    upstream_step_ids,
)
from kiosk.simulator.resolvers.objects.catalogue import attached_to
from kiosk.simulator.resolvers.pages import connection
from kiosk.simulator.resolvers.request import Request
from kiosk.simulator.rows import (
    DatagridColumn,
    DatagridRow,
    FieldValidation,
    Label,
    Procedure,
    Role,
    Run,
    RunStepField,
    Step,
    StepField,
)
from kiosk.simulator.rules.fields import is_in_range

__all__ = ["FIELDS", "shown_run_status"]


def shown_run_status(run: Run, request: Request) -> str:
    """Return a run's status as the dialect names it: documented-2026 calls a run nobody started pending."""
    status = run_status(request.world, run.id)
    if request.dialect == "documented-2026" and status is RunStatus.TODO and run.started_at is None:
        return "PENDING"
    return status


def _procedure_steps(row: Procedure, request: Request) -> list[Step]:
    steps = request.world.steps.where("procedure_id", row.id)
    return sorted(steps, key=lambda step: (step.position, step.id))


def _labels(row: Procedure, request: Request) -> list[Label]:
    return [label for label in request.world.labels if row.family_id in label.family_ids]


def _version(step: Step, request: Request) -> int:
    family = request.world.procedures[step.procedure_id].family_id
    versions = [each.id for each in request.world.procedures if each.family_id == family]
    return versions.index(step.procedure_id) + 1


def _edges_of(step: Step, request: Request) -> list[int]:
    return [edge.upstream_step_id for edge in request.world.step_edges.where("step_id", step.id)]


def _columns_by(key: str) -> Callable[..., dict[str, Any]]:
    def columns(step: Any, request: Request, **page: Any) -> dict[str, Any]:  # noqa: ANN401  either kind of step
        found = request.world.datagrid_columns.where(key, step.id)
        return connection(sorted(found, key=lambda each: (each.index, each.id)), page)

    return columns


def _rows_by(key: str) -> Callable[..., dict[str, Any]]:
    def rows(step: Any, request: Request, **page: Any) -> dict[str, Any]:  # noqa: ANN401  either kind of step
        found = request.world.datagrid_rows.where(key, step.id)
        return connection(sorted(found, key=lambda each: (each.index, each.id)), page)

    return rows


def _cells(row: DatagridRow, request: Request) -> list[dict[str, Any]]:
    """Return a cell for every column, empty ones too."""
    key, owner = ("run_step_id", row.run_step_id) if row.step_id is None else ("step_id", row.step_id)
    filled = {cell.column_id: cell for cell in row.values}
    cells = []
    for column in request.world.datagrid_columns.where(key, owner):
        cell = filled.get(column.id)
        cells.append(
            {
                "columnId": column.id,
                "type": column.type,
                "value": None if cell is None else cell.value,
                "fileAttachmentId": None if cell is None else cell.file_attachment_id,
            }
        )
    return cells


def _signoff_role(row: StepField | RunStepField | DatagridColumn, request: Request) -> Role | None:
    return request.world.roles.get(row.signoff_role_id)


def _validations(row: StepField | RunStepField, _request: Request) -> list[dict[str, Any]]:
    def shown(bound: FieldValidation) -> dict[str, Any]:
        function_id = ("MIN", "MAX").index(bound.function) + 1
        return {
            "functionId": function_id,
            "fieldId": row.id,
            "function": bound.function,
            "value": bound.value,
        }

    return [shown(bound) for bound in row.validations]


def _part_id(run: Run, request: Request) -> int | None:
    row = request.world.part_inventories.get(run.part_inventory_id)
    return None if row is None else row.part_id


FIELDS: Final[Mapping[str, Mapping[str, Callable[..., Any]]]] = {
    "Procedure": {"steps": _procedure_steps, "labels": _labels},
    "Step": {
        "upstreamStepIds": _edges_of,
        "locationSubtypeId": lambda _step, _request: None,
        "version": _version,
        "assets": lambda step, request: attached_to(step, request, assets=True),
        "steps": lambda step, request: request.world.steps.where("parent_id", step.id),
        "fields": lambda step, request: request.world.step_fields.where("step_id", step.id),
        "datagridColumns": _columns_by("step_id"),
        "datagridRows": _rows_by("step_id"),
    },
    "StepField": {"signoffRole": _signoff_role, "validations": _validations},
    "DatagridColumn": {
        "signoffRole": _signoff_role,
        "LastSessionId": lambda column, _request: column.last_session_id,
    },
    "DatagridRow": {"values": _cells},
    "Run": {
        "status": shown_run_status,
        "procedure": lambda run, request: request.world.procedures[run.procedure_id],
        "partInventory": lambda run, request: request.world.part_inventories.get(run.part_inventory_id),
        "partId": _part_id,
        "steps": lambda run, request: ordered_steps(request.world, run.id),
        "summary": lambda run, request: request.world.file_attachments.get(run.summary_id),
    },
    "RunBatch": {"runs": lambda batch, request: request.world.runs.where("run_batch_id", batch.id)},
    "RunStep": {
        "run": lambda step, request: request.world.runs[step.run_id],
        "upstreamStepIds": lambda step, request: upstream_step_ids(request.world, step),
        "downstreamStepIds": lambda step, request: downstream_step_ids(request.world, step),
        "upstreamEdges": lambda step, request: request.world.run_step_edges.where("step_id", step.id),
        "location": lambda step, request: request.world.locations.get(step.location_id),
        "fields": lambda step, request: request.world.run_step_fields.where("run_step_id", step.id),
        "assets": lambda step, request: attached_to(step, request, assets=True),
        "datagridColumns": _columns_by("run_step_id"),
        "datagridRows": _rows_by("run_step_id"),
        "partInventories": lambda step, request: [
            request.world.part_inventories[each] for each in step.part_inventory_ids
        ],
        "issues": lambda step, request: request.world.issues.where("run_step_id", step.id),
        "sessions": lambda step, request: request.world.sessions.where("run_step_id", step.id),
    },
    "RunStepField": {
        "signoffRole": _signoff_role,
        "validations": _validations,
        "inRange": lambda field, _request: is_in_range(field),
    },
    "Session": {
        "runStep": lambda session, request: request.world.run_steps[session.run_step_id],
    },
}
