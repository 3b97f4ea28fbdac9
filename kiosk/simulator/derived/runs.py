"""What the steps of a run amount to, and which of them can be worked on."""

from collections.abc import Iterable
from enum import StrEnum

from kiosk.simulator.rows import RunStep, StepStatus
from kiosk.simulator.world import World

__all__ = [
    "RunStatus",
    "derive_run_status",
    "downstream_step_ids",
    "first_available_step",
    "is_available_to_work",
    "ordered_steps",
    "run_status",
    "upstream_step_ids",
]


class RunStatus(StrEnum):
    """What the steps of a run amount to."""

    TODO = "TODO"
    IN_PROGRESS = "IN_PROGRESS"
    HOLD = "HOLD"
    REDLINE = "REDLINE"
    FAILED = "FAILED"
    CANCELED = "CANCELED"
    COMPLETE = "COMPLETE"
    PARTIAL_COMPLETE = "PARTIAL_COMPLETE"


def derive_run_status(steps: Iterable[StepStatus]) -> RunStatus:
    """Return the status of a run with these steps.

    The order of the rules is that of a customer's query on ION's database. A run without steps is to do.
    """
    found = set(steps)
    if not found:
        return RunStatus.TODO
    for status in (StepStatus.REDLINE, StepStatus.HOLD, StepStatus.FAILED):
        if status in found:
            return RunStatus(status)
    for status in (StepStatus.COMPLETE, StepStatus.CANCELED, StepStatus.TODO):
        if found == {status}:
            return RunStatus(status)
    if StepStatus.IN_PROGRESS in found:
        return RunStatus.IN_PROGRESS
    if found == {StepStatus.COMPLETE, StepStatus.CANCELED}:
        return RunStatus.PARTIAL_COMPLETE
    return RunStatus.IN_PROGRESS if StepStatus.COMPLETE in found else RunStatus.COMPLETE


def run_status(world: World, run_id: int) -> RunStatus:
    """Return the status of a run."""
    return derive_run_status(step.status for step in world.run_steps.where("run_id", run_id))


def ordered_steps(world: World, run_id: int) -> list[RunStep]:
    """Return the steps of a run by their position."""
    return sorted(world.run_steps.where("run_id", run_id), key=lambda step: (step.position, step.id))


def is_available_to_work(world: World, step: RunStep) -> bool:
    """Return whether a step may be worked on: upstream steps complete, its parent in progress."""
    upstream = (world.run_steps[step_id].status for step_id in upstream_step_ids(world, step))
    parent = world.run_steps.get(step.parent_id)
    return (
        step.status in (StepStatus.TODO, StepStatus.IN_PROGRESS)
        and all(status is StepStatus.COMPLETE for status in upstream)
        and (parent is None or parent.status is StepStatus.IN_PROGRESS)
    )


def first_available_step(world: World, run_id: int) -> RunStep | None:
    """Return the step that starting the run would start."""
    to_do = (
        step
        for step in ordered_steps(world, run_id)
        if step.status is StepStatus.TODO and is_available_to_work(world, step)
    )
    return next(to_do, None)


def upstream_step_ids(world: World, step: RunStep) -> tuple[int, ...]:
    """Return the steps that this one directly waits for."""
    return tuple(edge.upstream_step_id for edge in world.run_step_edges.where("step_id", step.id))


def downstream_step_ids(world: World, step: RunStep) -> tuple[int, ...]:
    """Return the steps that directly wait for this one."""
    return tuple(edge.step_id for edge in world.run_step_edges.where("upstream_step_id", step.id))
