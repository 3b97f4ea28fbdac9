"""Moving the steps of a run between states, and what that does to the steps behind them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from kiosk.simulator.derived import is_available_to_work
from kiosk.simulator.rows import FieldValue, Redline, RunStep, RunStepField, StepStatus
from kiosk.simulator.rules.desk import Desk, check_etag, invalid, look_up
from kiosk.simulator.rules.fields import check_value, is_filled

__all__ = ["StepChange", "change_step", "complete", "set_field_value", "start"]

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
    if change.title is not None or change.content is not None:
        if step.status is not _REDLINE:
            raise invalid(f"Step {step.title!r} is {step.status}; only in REDLINE it can be edited")
        step = _put(
            desk,
            replace(
                step,
                title=step.title if change.title is None else change.title,
                content=step.content if change.content is None else change.content,
            ),
        )
    return step


def start(desk: Desk, step: RunStep) -> RunStep:
    """Move a step to IN_PROGRESS if the steps before it and around it allow."""
    if not is_available_to_work(desk.world, replace(step, status=_TODO)):
        raise invalid(
            f"Step {step.title!r} cannot be started: an upstream step is not COMPLETE or its parent idle"
        )
    return _put(desk, replace(step, status=_IN_PROGRESS))


def complete(desk: Desk, step: RunStep) -> RunStep:
    """Move a step to COMPLETE if its required fields are filled."""
    fields = desk.world.run_step_fields.where("run_step_id", step.id)
    empty = [field.name for field in fields if field.required and not is_filled(field.value)]
    if empty:
        names = ", ".join(empty)
        raise invalid(f"Step {step.title!r} cannot be completed: required fields are empty: {names}")
    return _put(desk, replace(step, status=_COMPLETE))


def set_field_value(desk: Desk, field_id: str | int, etag: str, value: FieldValue) -> RunStepField:
    """Fill in or clear a field of a step that is not finished."""
    world = desk.world
    field = look_up(world.run_step_fields, "RunStepField", field_id)
    check_etag("the field", field.etag, etag)
    step = world.run_steps[field.run_step_id]
    if step.status in (_COMPLETE, _CANCELED):
        raise invalid(f"Step {step.title!r} is {step.status}: its fields can no longer be changed")
    check_value(field, value)
    return world.run_step_fields.put(replace(field, etag=world.new_hex(), value=value))


def _move(desk: Desk, step: RunStep, status: StepStatus) -> RunStep:
    if status not in _TRANSITIONS[step.status] and not _may_move_freely(desk, step, status):
        raise invalid(f"Step {step.title!r} cannot go from {step.status} to {status}")
    if status is _IN_PROGRESS:
        return start(desk, step)
    if status is _COMPLETE:
        return complete(desk, step)
    if status is _REDLINE:
        return _begin_redline(desk, step)
    if step.status is _REDLINE:
        return _finish_redline(desk, step, status)
    return _put(desk, replace(step, status=status))


def _may_move_freely(desk: Desk, step: RunStep, status: StepStatus) -> bool:
    return desk.switches.allow_any_step_transition and step.status is not status and status is not _FROZEN


def _begin_redline(desk: Desk, step: RunStep) -> RunStep:
    for each in _downstream(desk, step):
        if each.status in (_TODO, _IN_PROGRESS):
            _put(desk, replace(each, status=_FROZEN))
    return _put(desk, replace(step, status=_REDLINE, before_redline=(step.title, step.content)))


def _finish_redline(desk: Desk, step: RunStep, status: StepStatus) -> RunStep:
    redlines = step.redlines
    if step.before_redline not in (None, (step.title, step.content)):
        before_title, before_content = step.before_redline or ("", None)
        diff = f"-{before_title}\n-{before_content or ''}\n+{step.title}\n+{step.content or ''}"
        redlines = (*redlines, Redline(id=len(redlines) + 1, diff=diff))
    done = _put(desk, replace(step, status=status, before_redline=None, redlines=redlines))
    still_frozen = {
        behind.id
        for other in desk.world.run_steps.where("run_id", step.run_id)
        if other.status is _REDLINE
        for behind in _downstream(desk, other)
    }
    for each in _downstream(desk, step):
        if each.status is _FROZEN and each.id not in still_frozen:
            _put(desk, replace(each, status=_TODO))
    return done


def _downstream(desk: Desk, step: RunStep) -> Iterator[RunStep]:
    """Yield every step that waits for this one, directly or through others."""
    waiting_for = {step.id}
    found = True
    while found:
        steps = desk.world.run_steps.where("run_id", step.run_id)
        found_steps = [
            each for each in steps if each.id not in waiting_for and waiting_for & {*each.upstream_step_ids}
        ]
        found = bool(found_steps)
        waiting_for |= {each.id for each in found_steps}
        yield from found_steps


def _put(desk: Desk, step: RunStep) -> RunStep:
    return desk.world.run_steps.put(replace(step, etag=desk.world.new_hex()))
