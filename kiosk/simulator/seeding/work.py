"""Procedures and runs of a seed file."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from kiosk.simulator.rows import (
    DatagridColumn,
    DatagridRow,
    FieldValidation,
    Label,
    Procedure,
    ProcedureStatus,
    Run,
    Step,
    StepEdge,
    StepField,
    StepStatus,
)
from kiosk.simulator.rules import runs
from kiosk.simulator.seeding.names import Entry, find_id, moment
from kiosk.simulator.world import World

__all__ = ["plant_procedure", "plant_run"]


def plant_procedure(world: World, entry: Entry) -> None:
    """Plant a procedure with its steps, in the order of the file."""
    procedure = world.procedures.put(
        Procedure(
            id=entry["id"],
            etag=world.new_hex(),
            family_id=entry.get("familyId", entry["id"]),
            title=entry["title"],
            description=entry.get("description"),
            type=entry.get("type", "BUILD"),
            status=ProcedureStatus(entry.get("status", "RELEASED")),
        )
    )
    for value in entry.get("labels", ()):
        _label(world, procedure, value)
    for position, step in enumerate(entry["steps"], start=1):
        _plant_step(world, procedure, position, step)


def _label(world: World, procedure: Procedure, value: str) -> None:
    known = next((each for each in world.labels if each.value == value), None)
    label = known or Label(id=world.labels.new_id(), etag=world.new_hex(), value=value)
    world.labels.put(replace(label, family_ids=(*label.family_ids, procedure.family_id)))


def _plant_step(world: World, procedure: Procedure, position: int, entry: Entry) -> None:
    step = world.steps.put(
        Step(
            id=entry["id"],
            etag=world.new_hex(),
            procedure_id=procedure.id,
            title=entry["title"],
            content=entry.get("content"),
            position=position,
            parent_id=entry.get("inside"),
            lead_time=entry.get("leadTime"),
            location_id=find_id(world.locations, "name", entry.get("at")),
        )
    )
    for upstream_id in entry.get("after", ()):
        edge_id = world.step_edges.new_id()
        world.step_edges.put(
            StepEdge(id=edge_id, etag=world.new_hex(), step_id=step.id, upstream_step_id=upstream_id)
        )
    for field in entry.get("fields", ()):
        _plant_field(world, step, field)
    table = entry.get("table", {"columns": [], "rows": []})
    for index, column in enumerate(table["columns"]):
        world.datagrid_columns.put(
            DatagridColumn(
                id=column["id"],
                etag=world.new_hex(),
                step_id=step.id,
                run_step_id=None,
                index=index,
                header=column["header"],
                type=column["type"],
                options=column.get("options") and tuple(column["options"]),
            )
        )
    for index, row in enumerate(table["rows"]):
        world.datagrid_rows.put(
            DatagridRow(
                id=row["id"],
                etag=world.new_hex(),
                step_id=step.id,
                run_step_id=None,
                index=index,
                required=row.get("required", False),
                allow_not_applicable=row.get("allowNotApplicable", False),
            )
        )


def _plant_field(world: World, step: Step, entry: Entry) -> None:
    options = entry.get("options")
    bounds = [(name, entry[name.lower()]) for name in ("MIN", "MAX") if name.lower() in entry]
    world.step_fields.put(
        StepField(
            id=entry["id"],
            etag=world.new_hex(),
            step_id=step.id,
            name=entry["name"],
            type=entry["type"],
            required=entry.get("required", False),
            options=options and tuple(options),
            unit=entry.get("unit"),
            allow_not_applicable=entry.get("allowNotApplicable", False),
            signoff_role_id=find_id(world.roles, "name", entry.get("signoffRole")),
            validations=tuple(FieldValidation(function=name, value=Decimal(str(at))) for name, at in bounds),
        )
    )


def plant_run(world: World, entry: Entry) -> None:
    """Plant a run, its steps as far as they are."""
    procedure = world.procedures[entry["procedure"]]
    inventory = world.part_inventories[entry["inventory"]]
    run = world.runs.put(
        Run(
            id=entry["id"],
            etag=world.new_hex(),
            uid=world.new_hex(),
            title=entry.get("title") or runs.default_title(world, procedure, inventory),
            procedure_id=procedure.id,
            part_inventory_id=inventory.id,
            created=datetime.fromisoformat(entry["created"]),
            started_at=moment(entry.get("started")),
            completed_at=moment(entry.get("completed")),
        )
    )
    runs.add_steps(world, run)
    steps = world.run_steps.where("run_id", run.id)
    for step, status in zip(steps, entry.get("statuses", ()), strict=False):
        world.run_steps.put(replace(step, status=StepStatus(status)))
    values = entry.get("values", {})
    for step in steps:
        for field in world.run_step_fields.where("run_step_id", step.id):
            world.run_step_fields.put(replace(field, value=values.get(field.name)))
