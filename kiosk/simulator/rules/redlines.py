"""Changing a run while it is carried out: redlined steps, new steps, edges."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from kiosk.simulator.rows import BeforeRedline, Redline, RunStep, StepEdge, StepStatus
from kiosk.simulator.rules.desk import Desk, check_engineer, check_etag, invalid, look_up
from kiosk.simulator.rules.step_changes import downstream, freeze_behind_redlines, put_step
from kiosk.simulator.world import World

__all__ = ["NewStep", "add_edge", "add_step", "begin", "cancel", "finish", "remove_edge"]

Id = str | int

_EDITABLE: Final = (StepStatus.REDLINE, StepStatus.DAG_MODIFIABLE)


def begin(desk: Desk, step: RunStep) -> RunStep:
    """Put a step into redline; what waits for it is frozen, its edges can be changed."""
    check_engineer(desk, "a redline")
    before = BeforeRedline(
        title=step.title,
        content=step.content,
        fields=_field_names(desk.world, step),
        edges=_edges(desk.world, step),
    )
    step = put_step(desk, replace(step, status=StepStatus.REDLINE, before_redline=before))
    freeze_behind_redlines(desk, step.run_id)
    return step


def finish(desk: Desk, step: RunStep, status: StepStatus) -> RunStep:
    """End a step's redline; what was changed stays to be seen."""
    redlines = step.redlines
    diff = _difference(step.before_redline, step, _field_names(desk.world, step))
    if diff:
        redlines = (*redlines, Redline(id=len(redlines) + 1, diff="\n".join(diff)))
    done = put_step(desk, replace(step, status=status, before_redline=None, redlines=redlines))
    freeze_behind_redlines(desk, step.run_id)
    return desk.world.run_steps[done.id]


def cancel(desk: Desk, step_id: Id, etag: str) -> RunStep:
    """Give a redline up: the step is as it was. Edges must be put back first.

    A step that was made in the redline is canceled.
    """
    world = desk.world
    step = look_up(world.run_steps, "RunStep", step_id)
    check_etag("the step", step.etag, etag)
    check_engineer(desk, "a redline")
    if step.status is not StepStatus.REDLINE:
        raise invalid(f"Step {step.title!r} is {step.status}, not in REDLINE")
    before = step.before_redline
    if _edges(world, step) != (() if before is None else before.edges):
        raise invalid("The redline cannot be canceled: edges were added or removed; put them back first")
    if before is None:
        step = put_step(desk, replace(step, status=StepStatus.CANCELED))
    else:
        for field in world.run_step_fields.where("run_step_id", step.id):
            if field.name not in before.fields:
                world.run_step_fields.remove(field.id)
        restored = replace(
            step,
            status=StepStatus.TODO,
            title=before.title,
            content=before.content,
            before_redline=None,
        )
        step = put_step(desk, restored)
    freeze_behind_redlines(desk, step.run_id)
    return world.run_steps[step.id]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStep:
    """A step to add to a run, at its end if no position is said."""

    run_id: Id
    title: str
    content: str | None = None
    parent_id: Id | None = None
    position: int | None = None
    location_id: Id | None = None


def add_step(desk: Desk, new: NewStep) -> RunStep:
    """Add a step to a run; it starts in redline."""
    world = desk.world
    run = look_up(world.runs, "Run", new.run_id)
    check_engineer(desk, "a redline")
    steps = world.run_steps.where("run_id", run.id)
    parent = None if new.parent_id is None else look_up(world.run_steps, "RunStep", new.parent_id)
    if parent is not None and parent.run_id != run.id:
        raise invalid("The parent step is not of this run")
    last = max((step.position for step in steps), default=0)
    place = None if new.location_id is None else look_up(world.locations, "Location", new.location_id).id
    return put_step(
        desk,
        RunStep(
            id=world.run_steps.new_id(),
            etag="",
            run_id=run.id,
            title=new.title,
            content=new.content,
            status=StepStatus.REDLINE,
            position=last + 1 if new.position is None else new.position,
            parent_id=None if parent is None else parent.id,
            location_id=place,
            created_by_id=desk.user.id,
        ),
    )


def add_edge(desk: Desk, step_id: Id, upstream_step_id: Id) -> StepEdge:
    """Let a step wait for another one."""
    world = desk.world
    step = look_up(world.run_steps, "RunStep", step_id)
    upstream = look_up(world.run_steps, "RunStep", upstream_step_id)
    _check_edge(desk, step, upstream)
    if step.run_id != upstream.run_id:
        raise invalid("An edge joins two steps of one run")
    if any(each.upstream_step_id == upstream.id for each in world.run_step_edges.where("step_id", step.id)):
        raise invalid("The edge already exists")
    if step.id == upstream.id or any(each.id == upstream.id for each in downstream(desk, step)):
        raise invalid(f"Step {step.title!r} cannot wait for itself")
    edge = world.run_step_edges.put(
        StepEdge(
            id=world.run_step_edges.new_id(),
            etag=world.new_hex(),
            step_id=step.id,
            upstream_step_id=upstream.id,
        )
    )
    freeze_behind_redlines(desk, step.run_id)
    return edge


def remove_edge(desk: Desk, edge_id: Id, etag: str) -> int:
    """Let a step no longer wait for another one."""
    world = desk.world
    edge = look_up(world.run_step_edges, "StepEdge", edge_id)
    check_etag("the edge", edge.etag, etag)
    step, upstream = world.run_steps[edge.step_id], world.run_steps[edge.upstream_step_id]
    _check_edge(desk, step, upstream)
    world.run_step_edges.remove(edge.id)
    freeze_behind_redlines(desk, step.run_id)
    return edge.id


def _check_edge(desk: Desk, step: RunStep, upstream: RunStep) -> None:
    check_engineer(desk, "a redline")
    if step.status not in _EDITABLE and upstream.status not in _EDITABLE:
        raise invalid("Edges can be changed only at a step in REDLINE or downstream of one")
    if step.status in (StepStatus.COMPLETE, StepStatus.FAILED, StepStatus.IN_PROGRESS):
        raise invalid(f"Step {step.title!r} is {step.status}: what it waits for can no longer be changed")


def _difference(before: BeforeRedline | None, step: RunStep, fields: Sequence[str]) -> list[str]:
    new = [f"+{step.title}", f"+{step.content or ''}"]
    if before is None:
        return [*new, *(f"+[field] {name}" for name in fields)]
    lines: list[str] = []
    if (before.title, before.content) != (step.title, step.content):
        lines = [f"-{before.title}", f"-{before.content or ''}", *new]
    lines += [f"-[field] {name}" for name in before.fields if name not in fields]
    return lines + [f"+[field] {name}" for name in fields if name not in before.fields]


def _field_names(world: World, step: RunStep) -> tuple[str, ...]:
    return tuple(field.name for field in world.run_step_fields.where("run_step_id", step.id))


def _edges(world: World, step: RunStep) -> tuple[str, ...]:
    edges = {
        f"{edge.step_id}<{edge.upstream_step_id}"
        for key in ("step_id", "upstream_step_id")
        for edge in world.run_step_edges.where(key, step.id)
    }
    return tuple(sorted(edges))
