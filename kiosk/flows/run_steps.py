"""Which steps of a run can start or be completed, counting what is on its way to ION."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from kiosk.flows.flow import Place
from kiosk.flows.wording import status_words
from kiosk.model import Json, Operation, Run, Submit
from kiosk.wire import object_json

_SKIPPED = frozenset({"COMPLETE", "CANCELED"})


@dataclass(frozen=True, slots=True)
class StepView:
    """A step as the screen shows it."""

    id: str
    title: str
    status: str
    """With what is on its way to ION counted in."""
    position: int
    can_start: bool
    can_complete: bool
    queued_status: str | None = None


def way_of(run: Run, place: Place) -> Literal["steps", "run"] | None:
    """Return how this tenant moves runs: by their steps, as a whole, or not at all.

    While ION's schema is not known, a run with steps is moved by its steps.
    """
    offers = place.offers
    if run.steps and (offers is None or "set_step_status" in offers):
        return "steps"
    if offers is None or "set_run_status" in offers:
        return "run"
    return None


def step_views(run: Run, place: Place, also: Submit | None = None) -> tuple[StepView, ...]:
    """Return the steps in their order."""
    queued = _queued(run, place.outstanding, also)
    status = {step.id: queued.get(step.id, step.status.upper()) for step in run.steps}
    is_held = run.status.upper() in {"HOLD", "REDLINE", "CANCELED"}
    return tuple(
        StepView(
            id=step.id,
            title=step.title,
            status=status[step.id],
            position=step.position,
            can_start=not is_held
            and status[step.id] == "TODO"
            and all(status.get(above, "COMPLETE") in _SKIPPED for above in step.upstream),
            can_complete=status[step.id] == "IN_PROGRESS",
            queued_status=queued.get(step.id),
        )
        for step in sorted(run.steps, key=lambda step: step.position)
    )


def acting_on(run: Run, place: Place, verb: str, argument: str | None) -> StepView | None:
    """Return what START or COMPLETE acts on: the step named, the current one, or the run as a whole."""
    if way_of(run, place) == "run":
        view = _whole(run, place)
        return view if (view.can_start if verb == "START" else view.can_complete) else None
    steps = step_views(run, place)
    if argument is not None:
        steps = tuple(step for step in steps if step.id == argument.removeprefix("step/"))
    elif verb == "START" and any(step.can_complete for step in steps):
        return None
    return next((step for step in steps if (step.can_start if verb == "START" else step.can_complete)), None)


def run_state(
    run: Run, place: Place, *, also: Submit | None = None, as_of: datetime | None = None, copies: int = 1
) -> dict[str, Json]:
    """Return the state of the run's screen."""
    way = way_of(run, place)
    views = step_views(run, place, also)
    if way == "run":
        whole = _whole(run, place, also)
        can_start, can_complete = whole.can_start, whole.can_complete
        current = next_ = None
    else:
        current = next((view.id for view in views if view.can_complete), None)
        next_ = next((view.id for view in views if view.can_start), None)
        can_start, can_complete = next_ is not None and current is None, current is not None
    return {
        "run": {**object_json(run), "steps": [object_json(view) for view in views]},
        "way": way,
        "next_step": next_,
        "current_step": current,
        "can_start": can_start,
        "can_complete": can_complete,
        "why": _why(run, can_act=can_start or can_complete, is_offered=way is not None),
        "as_of": as_of.isoformat() if as_of else None,
        "copies": str(copies),
    }


def _why(run: Run, *, can_act: bool, is_offered: bool) -> str | None:
    if not is_offered:
        return "This ION does not offer to start or complete runs."
    if can_act or run.status.upper() == "COMPLETE":
        return None
    return f"Nothing can start: it is {status_words(run.status)}."


def _whole(run: Run, place: Place, also: Submit | None = None) -> StepView:
    queued = _queued(run, place.outstanding, also)
    status = queued.get("", {"PENDING": "TODO"}.get(run.status.upper(), run.status.upper()))
    return StepView(
        id=run.id,
        title=run.title,
        status=status,
        position=0,
        can_start=status == "TODO",
        can_complete=status == "IN_PROGRESS",
        queued_status=queued.get(""),
    )


def _queued(run: Run, outstanding: tuple[Operation, ...], also: Submit | None) -> dict[str, str]:
    """Return the status that each step will have when all that is on its way has arrived."""
    moves = [operation.arguments for operation in outstanding if operation.about == run.key]
    if also is not None:
        moves.append(also.arguments)
    return {str(move.get("step_id") or ""): str(move["status"]) for move in moves if "status" in move}
