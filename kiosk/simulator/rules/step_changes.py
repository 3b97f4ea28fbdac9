"""What every change of a run step shares: its new etag, the sessions on it, the steps behind a redline."""

from collections.abc import Iterator
from dataclasses import replace

from kiosk.simulator.derived import downstream_step_ids
from kiosk.simulator.rows import RunStep, StepStatus
from kiosk.simulator.rules.desk import Desk

__all__ = ["close_sessions", "downstream", "freeze_behind_redlines", "put_step"]


def put_step(desk: Desk, step: RunStep) -> RunStep:
    """Store a step under a new etag; whoever worked on it is checked out when it is no longer in progress."""
    before = desk.world.run_steps.get(step.id)
    if before is not None and before.status is StepStatus.IN_PROGRESS is not step.status:
        close_sessions(desk, step.id)
    return desk.world.run_steps.put(replace(step, etag=desk.world.new_hex()))


def close_sessions(desk: Desk, step_id: int) -> None:
    """Check everybody out of a step."""
    world = desk.world
    for session in world.sessions.where("run_step_id", step_id):
        if session.check_out is None:
            world.sessions.put(replace(session, etag=world.new_hex(), check_out=world.clock()))


def freeze_behind_redlines(desk: Desk, run_id: int) -> None:
    """Freeze the steps that wait for a redlined one, and set those free that no longer do."""
    steps = desk.world.run_steps.where("run_id", run_id)
    behind = {
        each.id for step in steps if step.status is StepStatus.REDLINE for each in downstream(desk, step)
    }
    for step in steps:
        if step.id in behind and step.status in (StepStatus.TODO, StepStatus.IN_PROGRESS):
            put_step(desk, replace(step, status=StepStatus.DAG_MODIFIABLE))
        elif step.id not in behind and step.status is StepStatus.DAG_MODIFIABLE:
            put_step(desk, replace(step, status=StepStatus.TODO))


def downstream(desk: Desk, step: RunStep) -> Iterator[RunStep]:
    """Yield every step that waits for this one, directly or through others."""
    seen, next_ids = {step.id}, [*downstream_step_ids(desk.world, step)]
    while next_ids:
        step_id = next_ids.pop(0)
        if step_id in seen:
            continue
        seen.add(step_id)
        found = desk.world.run_steps[step_id]
        next_ids += downstream_step_ids(desk.world, found)
        yield found
