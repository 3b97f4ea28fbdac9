"""Copying what a procedure consists of: a step, a whole procedure as its next version."""

from dataclasses import replace

from kiosk.simulator.rows import Procedure, ProcedureStatus, Step
from kiosk.simulator.rules.datagrids import Owner, copy_table
from kiosk.simulator.rules.desk import Desk, check_etag, invalid, look_up
from kiosk.simulator.rules.procedures import check_editable

__all__ = ["copy_step", "delete_step", "revise_procedure"]

Id = str | int


def copy_step(desk: Desk, step_id: Id, procedure_id: Id | None) -> Step:
    """Copy a step with its fields and its table to the end of a draft."""
    world = desk.world
    step = look_up(world.steps, "Step", step_id)
    target = step.procedure_id if procedure_id is None else procedure_id
    procedure = look_up(world.procedures, "Procedure", target)
    check_editable(procedure)
    siblings = world.steps.where("procedure_id", procedure.id)
    position = max((each.position for each in siblings), default=0) + 1
    copy = replace(step, parent_id=None, position=position, is_derived_step=step.is_standard_step)
    return _copy(desk, copy, procedure.id)


def revise_procedure(desk: Desk, procedure_id: Id) -> Procedure:
    """Begin the next version of a procedure: a draft that is the same."""
    world = desk.world
    old = look_up(world.procedures, "Procedure", procedure_id)
    if old.status is not ProcedureStatus.RELEASED:
        raise invalid(f"Procedure {old.title!r} is {old.status}; only a RELEASED one is revised")
    new = world.procedures.put(
        replace(
            old,
            id=world.procedures.new_id(),
            etag=world.new_hex(),
            status=ProcedureStatus.DRAFT,
            created_by_id=desk.user.id,
        )
    )
    ids: dict[int, int] = {}
    for step in world.steps.where("procedure_id", old.id):
        parent = None if step.parent_id is None else ids[step.parent_id]
        ids[step.id] = _copy(desk, replace(step, parent_id=parent), new.id).id
    for step_id, copy_id in ids.items():
        for edge in world.step_edges.where("step_id", step_id):
            world.step_edges.put(
                replace(
                    edge,
                    id=world.step_edges.new_id(),
                    etag=world.new_hex(),
                    step_id=copy_id,
                    upstream_step_id=ids[edge.upstream_step_id],
                )
            )
    return new


def _copy(desk: Desk, step: Step, procedure_id: int) -> Step:
    world = desk.world
    copy = world.steps.put(
        replace(step, id=world.steps.new_id(), etag=world.new_hex(), procedure_id=procedure_id)
    )
    for field in world.step_fields.where("step_id", step.id):
        new_id = world.step_fields.new_id()
        world.step_fields.put(replace(field, id=new_id, etag=world.new_hex(), step_id=copy.id))
    copy_table(world, Owner(step_id=step.id), Owner(step_id=copy.id))
    return copy


def delete_step(desk: Desk, step_id: Id, etag: str) -> int:
    """Take a step out of a draft, with its fields, its table and its edges."""
    world = desk.world
    step = look_up(world.steps, "Step", step_id)
    check_etag("the step", step.etag, etag)
    check_editable(world.procedures[step.procedure_id])
    if world.steps.where("parent_id", step.id):
        raise invalid(f"Step {step.title!r} has steps inside it")
    for key in ("step_id", "upstream_step_id"):
        for edge in world.step_edges.where(key, step.id):
            world.step_edges.remove(edge.id)
    for table in (world.step_fields, world.datagrid_columns, world.datagrid_rows):
        for row in table.where("step_id", step.id):
            table.remove(row.id)
    world.steps.remove(step.id)
    return step.id
