"""Making runs, starting and completing them as a whole, and what steps share with their run."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from kiosk.simulator.derived import RunStatus, first_available_step, is_available_to_work, run_status
from kiosk.simulator.rows import (
    PartInventory,
    Procedure,
    ProcedureStatus,
    Run,
    RunStep,
    RunStepField,
    Step,
    StepEdge,
    StepStatus,
)
from kiosk.simulator.rules.abom import create_from_mbom
from kiosk.simulator.rules.datagrids import Owner, copy_table
from kiosk.simulator.rules.desk import Desk, check_etag, invalid, look_up
from kiosk.simulator.rules.inventory import NewInventory, create
from kiosk.simulator.rules.step_changes import put_step
from kiosk.simulator.rules.steps import StepChange, change_step, complete, start
from kiosk.simulator.world import World, entity_id

__all__ = [
    "NewRun",
    "add_steps",
    "archive",
    "cancel_run",
    "change_run_step",
    "create_run",
    "default_title",
    "put_step_of_template",
    "run_follows",
    "set_run_status",
]

_FINISHED: Final = (StepStatus.COMPLETE, StepStatus.CANCELED)
_RUN_FINISHED: Final = (RunStatus.COMPLETE, RunStatus.PARTIAL_COMPLETE)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRun:
    """A run of a procedure on an inventory that exists, or on a new item of a part."""

    procedure_id: str | int
    part_inventory_id: str | int | None = None
    part_id: str | int | None = None
    title: str | None = None


def create_run(desk: Desk, new: NewRun) -> Run:
    """Create a run with the steps, fields and tables of its procedure."""
    world = desk.world
    procedure = look_up(world.procedures, "Procedure", new.procedure_id)
    if procedure.status is not ProcedureStatus.RELEASED:
        raise invalid(f"Procedure {procedure.title!r} is {procedure.status}; only a RELEASED one can be run")
    inventory = _inventory_of(desk, new)
    run = world.runs.put(
        Run(
            id=world.runs.new_id(),
            etag=world.new_hex(),
            uid=world.new_hex(),
            title=(new.title or "").strip() or default_title(world, procedure, inventory),
            procedure_id=procedure.id,
            part_inventory_id=None if inventory is None else inventory.id,
            created=world.clock(),
            created_by_id=desk.user.id,
        )
    )
    add_steps(world, run)
    return run


def add_steps(world: World, run: Run) -> None:
    """Copy the procedure's steps onto a new run."""
    templates = world.steps.where("procedure_id", run.procedure_id)
    ids = {template.id: world.run_steps.new_id() for template in templates}
    for template in templates:
        parent_id = None if template.parent_id is None else ids[template.parent_id]
        put_step_of_template(world, template, ids[template.id], run.id, parent_id)
    for template in templates:
        for edge in world.step_edges.where("step_id", template.id):
            world.run_step_edges.put(
                StepEdge(
                    id=world.run_step_edges.new_id(),
                    etag=world.new_hex(),
                    step_id=ids[template.id],
                    upstream_step_id=ids[edge.upstream_step_id],
                )
            )


def put_step_of_template(
    world: World, template: Step, step_id: int, run_id: int, parent_id: int | None
) -> RunStep:
    """Make a run step of a procedure's step, with its fields, its table and its assets."""
    step = world.run_steps.put(
        RunStep(
            id=step_id,
            etag=world.new_hex(),
            run_id=run_id,
            title=template.title,
            content=template.content,
            status=StepStatus.TODO,
            position=template.position,
            parent_id=parent_id,
            location_id=template.location_id,
        )
    )
    for each in world.step_fields.where("step_id", template.id):
        world.run_step_fields.put(
            RunStepField(
                id=world.run_step_fields.new_id(),
                etag=world.new_hex(),
                run_step_id=step_id,
                name=each.name,
                type=each.type,
                required=each.required,
                options=each.options,
                unit=each.unit,
                allow_not_applicable=each.allow_not_applicable,
                signoff_role_id=each.signoff_role_id,
                validations=each.validations,
            )
        )
    copy_table(world, Owner(step_id=template.id), Owner(run_step_id=step_id))
    for file in world.file_attachments.where("entity_id", entity_id(template)):
        if file.is_asset:
            file_id = world.file_attachments.new_id()
            copy = replace(file, id=file_id, etag=world.new_hex(), entity_id=entity_id(step))
            world.file_attachments.put(copy)
    return step


def archive(desk: Desk, run_id: str | int, etag: str, *, archived: bool) -> Run:
    """Put a run away, or take it out again."""
    run = look_up(desk.world.runs, "Run", run_id)
    check_etag("the run", run.etag, etag)
    return desk.world.runs.put(replace(run, etag=desk.world.new_hex(), archived=archived))


def cancel_run(desk: Desk, run_id: str | int, etag: str) -> Run:
    """Cancel every step that is not finished."""
    run = look_up(desk.world.runs, "Run", run_id)
    check_etag("the run", run.etag, etag)
    with run_follows(desk, run.id):
        unfinished = [
            step for step in desk.world.run_steps.where("run_id", run.id) if step.status not in _FINISHED
        ]
        if not unfinished:
            raise invalid(f"Run {run.title!r} is {run_status(desk.world, run.id)} and cannot be canceled")
        for step in unfinished:
            put_step(desk, replace(step, status=StepStatus.CANCELED, before_redline=None))
    return desk.world.runs[run.id]


def set_run_status(desk: Desk, run_id: str | int, etag: str, status: str) -> Run:
    """Start or complete a run through its steps: a run has no status of its own."""
    run = look_up(desk.world.runs, "Run", run_id)
    check_etag("the run", run.etag, etag)
    with run_follows(desk, run.id):
        if status == RunStatus.IN_PROGRESS:
            _start_first_step(desk, run)
        elif status == RunStatus.COMPLETE:
            _complete_steps(desk, run)
        else:
            raise invalid(f"A run can be set to IN_PROGRESS or COMPLETE, not to {status}")
    return desk.world.runs[run.id]


@contextmanager
def run_follows(desk: Desk, run_id: int) -> Iterator[None]:
    """Stamp the run after its steps were changed inside: start, completion, a new etag where it changed."""
    world = desk.world
    status_before = run_status(world, run_id)
    yield
    before = world.runs[run_id]
    status, now = run_status(world, run_id), world.clock()
    steps = world.run_steps.where("run_id", run_id)
    in_progress = any(step.status is StepStatus.IN_PROGRESS for step in steps)
    finished = status in _RUN_FINISHED
    after = replace(
        before,
        started_at=before.started_at or (now if in_progress or finished else None),
        completed_at=(before.completed_at or now) if finished else None,
    )
    if after != before or status is not status_before:
        world.runs.put(replace(after, etag=world.new_hex()))


def _start_first_step(desk: Desk, run: Run) -> None:
    status = run_status(desk.world, run.id)
    step = first_available_step(desk.world, run.id)
    if step is None or status is RunStatus.IN_PROGRESS:
        raise invalid(f"Run {run.title!r} is {status} and cannot be started")
    start(desk, step)


def _complete_steps(desk: Desk, run: Run) -> None:
    """Take every open step through to COMPLETE, in the order the steps allow; refuse when one stays open."""
    world = desk.world
    if all(step.status in _FINISHED for step in world.run_steps.where("run_id", run.id)):
        raise invalid(f"Run {run.title!r} is {run_status(world, run.id)} and cannot be completed")
    if not desk.switches.run_completes_steps:
        raise invalid(f"Run {run.title!r} has steps that are not complete")
    while (step := _next_to_complete(desk, run)) is not None:
        if step.status is StepStatus.TODO:
            start(desk, step)
        else:
            complete(desk, step)
    for step in world.run_steps.where("run_id", run.id):
        if step.status not in _FINISHED:
            raise invalid(f"Step {step.title!r} is {step.status}: the run cannot be completed")


def _next_to_complete(desk: Desk, run: Run) -> RunStep | None:
    """Return the next open step that can be started, else one in progress with no open step inside."""
    to_do = first_available_step(desk.world, run.id)
    if to_do is not None:
        return to_do
    steps = desk.world.run_steps.where("run_id", run.id)
    open_parents = {step.parent_id for step in steps if step.status not in _FINISHED}
    in_work = (
        step for step in steps if step.id not in open_parents and is_available_to_work(desk.world, step)
    )
    return next(in_work, None)


def _inventory_of(desk: Desk, new: NewRun) -> PartInventory | None:
    if new.part_inventory_id is not None:
        return look_up(desk.world.part_inventories, "PartInventory", new.part_inventory_id)
    if new.part_id is not None:
        built = create(desk, NewInventory(part_id=new.part_id, quantity=Decimal(1)))
        return create_from_mbom(desk, built.id)
    return None


def default_title(world: World, procedure: Procedure, inventory: PartInventory | None) -> str:
    """Return "<part number> - <serial> - <procedure title>", as the vendor's importer names runs."""
    if inventory is None:
        return procedure.title
    number = world.parts[inventory.part_id].part_number
    names = (number, inventory.serial_number or inventory.lot_number, procedure.title)
    return " - ".join(name for name in names if name)


def change_run_step(desk: Desk, step_id: str | int, etag: str, change: StepChange) -> RunStep:
    """Change a step as ``steps.change_step`` does, and let its run follow."""
    run_id = look_up(desk.world.run_steps, "RunStep", step_id).run_id
    with run_follows(desk, run_id):
        return change_step(desk, step_id, etag, change)
