"""What else happens to runs and their steps: batches, order, steps from other procedures, parts at a step."""

from collections.abc import Sequence
from dataclasses import replace

from kiosk.simulator.derived import ordered_steps, run_status
from kiosk.simulator.rows import FileAttachment, Run, RunBatch, RunStep, StepStatus, StoredObject
from kiosk.simulator.rules.desk import Desk, check_engineer, check_etag, invalid, look_up
from kiosk.simulator.rules.files import md5_of
from kiosk.simulator.rules.runs import put_step_of_template, run_follows
from kiosk.simulator.world import World, entity_id

__all__ = [
    "copy_step_to_run",
    "create_batch",
    "put_inventory_on_step",
    "reorder_steps",
    "summarize",
    "update_batch",
]

Id = str | int


def create_batch(desk: Desk, title: str, run_ids: Sequence[Id]) -> RunBatch:
    """Let runs be carried out together."""
    world = desk.world
    batch = RunBatch(id=world.run_batches.new_id(), etag=world.new_hex(), title=title)
    world.run_batches.put(batch)
    _fill(desk, batch, run_ids)
    return batch


def update_batch(
    desk: Desk, batch_id: Id, etag: str, title: str | None, run_ids: Sequence[Id] | None
) -> RunBatch:
    """Rename a batch, or give it other runs."""
    world = desk.world
    batch = look_up(world.run_batches, "RunBatch", batch_id)
    check_etag("the batch", batch.etag, etag)
    if run_ids is not None:
        for run in world.runs.where("run_batch_id", batch.id):
            world.runs.put(replace(run, etag=world.new_hex(), run_batch_id=None))
        _fill(desk, batch, run_ids)
    return world.run_batches.put(replace(batch, etag=world.new_hex(), title=title or batch.title))


def _fill(desk: Desk, batch: RunBatch, run_ids: Sequence[Id]) -> None:
    world = desk.world
    runs = [look_up(world.runs, "Run", each) for each in run_ids]
    if len({run.procedure_id for run in runs}) > 1:
        raise invalid("The runs of a batch are of one procedure")
    for run in runs:
        if run.run_batch_id not in (None, batch.id):
            raise invalid(f"Run {run.title!r} is in another batch")
        world.runs.put(replace(run, etag=world.new_hex(), run_batch_id=batch.id))


def copy_step_to_run(desk: Desk, step_id: Id, run_id: Id) -> RunStep:
    """Add a procedure's step to a run; like every new step it starts in redline."""
    world = desk.world
    template = look_up(world.steps, "Step", step_id)
    run = look_up(world.runs, "Run", run_id)
    check_engineer(desk, "a redline")
    with run_follows(desk, run.id):
        last = max((step.position for step in world.run_steps.where("run_id", run.id)), default=0)
        step = put_step_of_template(world, template, world.run_steps.new_id(), run.id, None)
        return world.run_steps.put(
            replace(step, status=StepStatus.REDLINE, position=last + 1, created_by_id=desk.user.id)
        )


def reorder_steps(desk: Desk, run_id: Id, step_ids: Sequence[Id]) -> Run:
    """Put the steps of a run into another order; what they wait for stays."""
    world = desk.world
    run = look_up(world.runs, "Run", run_id)
    check_engineer(desk, "a redline")
    steps = [look_up(world.run_steps, "RunStep", each) for each in step_ids]
    if sorted(step.id for step in steps) != [step.id for step in world.run_steps.where("run_id", run.id)]:
        raise invalid("runStepIds must name every step of the run once")
    for position, step in enumerate(steps, start=1):
        if step.position != position:
            world.run_steps.put(replace(step, etag=world.new_hex(), position=position))
    return world.runs.put(replace(run, etag=world.new_hex()))


def put_inventory_on_step(desk: Desk, step_id: Id, inventory_id: Id, *, added: bool) -> RunStep:
    """Note that an inventory is worked on or with in a step, or no longer."""
    world = desk.world
    step = look_up(world.run_steps, "RunStep", step_id)
    row = look_up(world.part_inventories, "PartInventory", inventory_id)
    if (row.id in step.part_inventory_ids) is added:
        raise invalid(f"Inventory {row.id} is {'already' if added else 'not'} on the step")
    others = tuple(each for each in step.part_inventory_ids if each != row.id)
    ids = (*others, row.id) if added else others
    return world.run_steps.put(replace(step, etag=world.new_hex(), part_inventory_ids=ids))


def summarize(desk: Desk, run_id: Id) -> FileAttachment:
    """Write down how a run went, as a file of the run."""
    world = desk.world
    run = look_up(world.runs, "Run", run_id)
    content = "\n".join(_summary(world, run)).encode()
    key = f"runs/{run.id}/{world.new_hex()}.txt"
    world.objects.put(
        StoredObject(
            id=world.objects.new_id(),
            s3_key=key,
            s3_etag=md5_of(content),
            content_type="text/plain",
            content=content,
        )
    )
    file = world.file_attachments.put(
        FileAttachment(
            id=world.file_attachments.new_id(),
            etag=world.new_hex(),
            filename=f"run-{run.id}-summary.txt",
            content_type="text/plain",
            s3_key=key,
            entity_id=entity_id(run),
        )
    )
    world.runs.put(replace(run, etag=world.new_hex(), summary_id=file.id))
    return file


def _summary(world: World, run: Run) -> list[str]:
    lines = [f"{run.title}: {run_status(world, run.id)}"]
    for step in ordered_steps(world, run.id):
        lines.append(f"{step.position}. {step.title}: {step.status}")
        fields = world.run_step_fields.where("run_step_id", step.id)
        lines += [f"   {field.name}: {field.value} {field.unit or ''}".rstrip() for field in fields]
    return lines
