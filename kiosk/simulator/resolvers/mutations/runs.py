"""Mutations about runs, their steps, and the time people spend on them."""

from collections.abc import Callable, Mapping
from typing import Final

from kiosk.simulator.resolvers.given import Given, Payload, columns, deleted
from kiosk.simulator.resolvers.mutations.procedures import field_columns
from kiosk.simulator.resolvers.request import Request
from kiosk.simulator.rules import fields, redlines, run_steps, runs, sessions, steps
from kiosk.simulator.rules.desk import look_up

__all__ = ["MUTATIONS"]


def _create_run(request: Request, given: Given) -> Payload:
    new = runs.NewRun(
        procedure_id=given["procedureId"],
        part_inventory_id=given.get("partInventoryId"),
        part_id=given.get("partId"),
        title=given.get("title"),
    )
    return {"run": runs.create_run(request.desk, new)}


def _update_run(request: Request, given: Given) -> Payload:
    return {"run": runs.set_run_status(request.desk, given["id"], given["_etag"], given["status"])}


def _archive_run(request: Request, given: Given) -> Payload:
    run = runs.archive(request.desk, given["id"], given["etag"], archived=given["archived"])
    return {"run": run}


def _create_batch(request: Request, given: Given) -> Payload:
    return {"runBatch": run_steps.create_batch(request.desk, given["title"], given["runIds"])}


def _update_batch(request: Request, given: Given) -> Payload:
    batch = run_steps.update_batch(
        request.desk, given["id"], given["etag"], given.get("title"), given.get("runIds")
    )
    return {"runBatch": batch}


def _update_step(request: Request, given: Given) -> Payload:
    content = given.get("content")
    if content is None and given.get("slateContent") is not None:
        content = str(given["slateContent"])
    change = steps.StepChange(
        status=given.get("status"),
        title=given.get("title"),
        content=content,
        location_id=given.get("locationId"),
    )
    return {"runStep": runs.change_run_step(request.desk, given["id"], given["etag"], change)}


def _create_step(request: Request, given: Given) -> Payload:
    run = look_up(request.world.runs, "Run", given["runId"])
    with runs.run_follows(request.desk, run.id):
        new = redlines.NewStep(
            run_id=run.id,
            title=given["title"],
            content=given.get("content"),
            parent_id=given.get("parentId"),
            position=given.get("position"),
            location_id=given.get("locationId"),
        )
        step = redlines.add_step(request.desk, new)
    return {"step": step}


def _cancel_redline(request: Request, given: Given) -> Payload:
    step = look_up(request.world.run_steps, "RunStep", given["id"])
    with runs.run_follows(request.desk, step.run_id):
        step = redlines.cancel(request.desk, step.id, given["etag"])
    return {"runStep": step}


def _set_field_value(request: Request, given: Given) -> Payload:
    field = fields.set_field_value(request.desk, given["id"], given["etag"], given.get("value"))
    return {"runStepField": field}


def _create_field(request: Request, given: Given) -> Payload:
    return {"runStepField": fields.create_field(request.desk, given["runStepId"], field_columns(given))}


def _update_field(request: Request, given: Given) -> Payload:
    changes = field_columns(given)
    return {"runStepField": fields.update_field(request.desk, given["id"], given["etag"], changes)}


def _inventory_on_step(request: Request, given: Given, *, added: bool) -> Payload:
    step = run_steps.put_inventory_on_step(
        request.desk, given["runStepId"], given["partInventoryId"], added=added
    )
    return {"runStep": step}


def _update_session(request: Request, given: Given) -> Payload:
    changes = columns(given, "checkIn", "checkOut")
    return {"session": sessions.update_session(request.desk, given["id"], given["etag"], changes)}


MUTATIONS: Final[Mapping[str, Callable[[Request, Given], Payload]]] = {
    "createRun": _create_run,
    "updateRun": _update_run,
    "archiveRun": _archive_run,
    "cancelRun": lambda request, given: {"run": runs.cancel_run(request.desk, given["id"], given["etag"])},
    "generateRunSummary": lambda request, given: {
        "fileAttachment": run_steps.summarize(request.desk, given["id"])
    },
    "createRunBatch": _create_batch,
    "updateRunBatch": _update_batch,
    "updateRunStep": _update_step,
    "createRunStep": _create_step,
    "cancelRunStepRedline": _cancel_redline,
    "createRunStepEdge": lambda request, given: {
        "stepEdge": redlines.add_edge(request.desk, given["stepId"], given["upstreamStepId"])
    },
    "deleteRunStepEdge": deleted(redlines.remove_edge),
    "updateRunStepFieldValue": _set_field_value,
    "createRunStepField": _create_field,
    "updateRunStepField": _update_field,
    "addPartInventoryToRunStep": lambda request, given: _inventory_on_step(request, given, added=True),
    "removePartInventoryFromRunStep": lambda request, given: _inventory_on_step(request, given, added=False),
    "copyStepToRun": lambda request, given: {
        "step": run_steps.copy_step_to_run(request.desk, given["stepId"], given["runId"])
    },
    "reorderRunSteps": lambda request, given: {
        "run": run_steps.reorder_steps(request.desk, given["runId"], given["runStepIds"])
    },
    "updateSession": _update_session,
    "checkIn": lambda request, given: {"session": sessions.check_in(request.desk, given["runStepId"])},
    "checkOut": lambda request, given: {"session": sessions.check_out(request.desk, given["runStepId"])},
}
