"""Moving the steps of a run between states, and what a step needs to be completed."""

from dataclasses import dataclass, replace
from typing import Any, Final

from kiosk.simulator.derived import is_available_to_work, missing_quantity
from kiosk.simulator.rows import Issue, IssueStatus, RunStep, StepStatus
from kiosk.simulator.rules import issues, redlines
from kiosk.simulator.rules.datagrids import empty_rows
from kiosk.simulator.rules.desk import Desk, check_etag, invalid, look_up
from kiosk.simulator.rules.fields import is_filled, is_in_range
from kiosk.simulator.rules.step_changes import put_step

__all__ = ["StepChange", "change_step", "complete", "start"]

_TODO, _IN_PROGRESS, _HOLD = StepStatus.TODO, StepStatus.IN_PROGRESS, StepStatus.HOLD
_REDLINE, _COMPLETE, _FAILED = StepStatus.REDLINE, StepStatus.COMPLETE, StepStatus.FAILED
_CANCELED, _FROZEN = StepStatus.CANCELED, StepStatus.DAG_MODIFIABLE

# From TODO to HOLD, REDLINE and CANCELED, from IN_PROGRESS to CANCELED, and out of HOLD: not in ION's words,
# but without them those states could not be reached or left.
_TRANSITIONS: Final[dict[StepStatus, frozenset[StepStatus]]] = {
    _TODO: frozenset({_IN_PROGRESS, _HOLD, _REDLINE, _CANCELED}),
    _IN_PROGRESS: frozenset({_COMPLETE, _HOLD, _REDLINE, _FAILED, _CANCELED}),
    _HOLD: frozenset({_TODO, _IN_PROGRESS}),
    _REDLINE: frozenset({_TODO}),
    _FAILED: frozenset({_TODO, _REDLINE}),
    _CANCELED: frozenset({_TODO}),
    _COMPLETE: frozenset(),
    _FROZEN: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StepChange:
    """What to change of a step; None leaves it."""

    status: str | None = None
    title: str | None = None
    content: str | None = None
    location_id: str | int | None = None


def change_step(desk: Desk, step_id: str | int, etag: str, change: StepChange) -> RunStep:
    """Move a step to another state, or edit it while it is in redline.

    The caller lets the run follow.
    """
    step = look_up(desk.world.run_steps, "RunStep", step_id)
    check_etag("the step", step.etag, etag)
    if change == StepChange():
        raise invalid("Nothing to change: expected status, title or content")
    if change.status is not None:
        step = _move(desk, step, StepStatus(change.status))
    new: dict[str, Any] = {
        name: value
        for name, value in (("title", change.title), ("content", change.content))
        if value is not None
    }
    if new and step.status is not _REDLINE:
        raise invalid(f"Step {step.title!r} is {step.status}; only in REDLINE it can be edited")
    if change.location_id is not None:
        new["location_id"] = look_up(desk.world.locations, "Location", change.location_id).id
    return put_step(desk, replace(step, **new)) if new else step


def start(desk: Desk, step: RunStep) -> RunStep:
    """Move a step to IN_PROGRESS if the steps before it and around it allow."""
    if not is_available_to_work(desk.world, replace(step, status=_TODO)):
        raise invalid(
            f"Step {step.title!r} cannot be started: an upstream step is not COMPLETE or its parent idle"
        )
    return put_step(desk, replace(step, status=_IN_PROGRESS))


def complete(desk: Desk, step: RunStep) -> RunStep:
    """Move a step to COMPLETE if nothing is open on it."""
    world, title = desk.world, f"Step {step.title!r} cannot be completed"
    fields = world.run_step_fields.where("run_step_id", step.id)
    empty = [field.name for field in fields if field.required and not is_filled(field.value)]
    if empty:
        raise invalid(f"{title}: required fields are empty: {', '.join(empty)}")
    rows = empty_rows(world, step.id)
    if rows:
        raise invalid(f"{title}: required rows of its table are empty: {', '.join(map(str, rows))}")
    open_issues = [each for each in _issues_on(desk, step) if each.status is not IssueStatus.RESOLVED]
    outside = [field.name for field in fields if is_in_range(field) is False]
    if outside and desk.switches.out_of_range_blocks and not _issues_on(desk, step):
        raise invalid(f"{title}: values are out of range and no issue is filed: {', '.join(outside)}")
    if open_issues and desk.switches.open_issues_block_completing:
        raise invalid(f"{title}: issue {open_issues[0].id} is {open_issues[0].status}")
    _check_installs(desk, step, title)
    return put_step(desk, replace(step, status=_COMPLETE))


def _issues_on(desk: Desk, step: RunStep) -> list[Issue]:
    return desk.world.issues.where("run_step_id", step.id)


def _check_installs(desk: Desk, step: RunStep, title: str) -> None:
    """Refuse to complete the last open step of a run while its inventory lacks something."""
    world = desk.world
    others = (each for each in world.run_steps.where("run_id", step.run_id) if each.id != step.id)
    if not desk.switches.open_installs_block or any(
        each.status not in (_COMPLETE, _CANCELED) for each in others
    ):
        return
    inventory_id = world.runs[step.run_id].part_inventory_id
    for requirement in world.build_requirements.where("part_inventory_id", inventory_id):
        missing = missing_quantity(world, requirement)
        if missing:
            number = world.parts[requirement.part_id].part_number
            raise invalid(f"{title}: {missing} of part {number!r} are not installed")


def _move(desk: Desk, step: RunStep, status: StepStatus) -> RunStep:
    if status not in _TRANSITIONS[step.status] and not _may_move_freely(desk, step, status):
        raise invalid(f"Step {step.title!r} cannot go from {step.status} to {status}")
    if status is _IN_PROGRESS:
        return start(desk, step)
    if status is _COMPLETE:
        return complete(desk, step)
    if status is _REDLINE:
        return redlines.begin(desk, step)
    if step.status is _REDLINE:
        return redlines.finish(desk, step, status)
    if status is _TODO and desk.switches.open_issues_block_todo:
        still_open = [each.id for each in _issues_on(desk, step) if each.status is not IssueStatus.RESOLVED]
        if still_open:
            raise invalid(f"Step {step.title!r} cannot go to TODO: issue {still_open[0]} is open")
    moved = put_step(desk, replace(step, status=status))
    if status is _FAILED and desk.switches.failing_creates_issue:
        issues.create_issue(desk, {"run_step_id": step.id, "title": f"Step failed: {step.title}"})
    return moved


def _may_move_freely(desk: Desk, step: RunStep, status: StepStatus) -> bool:
    return desk.switches.allow_any_step_transition and step.status is not status and status is not _FROZEN
