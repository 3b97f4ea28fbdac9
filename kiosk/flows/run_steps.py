"""Which steps of a run can start or be completed, counting what is on its way to ION."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from kiosk.flows.flow import Place
from kiosk.flows.wording import status_words
from kiosk.model import Json, Run, Session, Submit
from kiosk.wire import from_json, object_json

Way = Literal["steps", "run"]
_OVER = frozenset({"COMPLETE", "CANCELED"})


@dataclass(frozen=True, slots=True)
class StepView:
    """A step, or a run that is moved as a whole, as the screen shows it."""

    id: str
    title: str
    status: str
    """With what is on its way to ION counted in."""
    position: int
    can_start: bool
    can_complete: bool
    queued_status: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """What can be done about a run now."""

    way: Way | None
    """How this tenant moves the run: by its steps, as a whole, or not at all."""
    steps: tuple[StepView, ...]
    """The run's steps in their order."""
    movable: tuple[StepView, ...]
    """What START and COMPLETE act on: the steps, or the run."""

    @property
    def current(self) -> StepView | None:
        """Return what COMPLETE without a name acts on."""
        return next((view for view in self.movable if view.can_complete), None)

    @property
    def next(self) -> StepView | None:
        """Return what can start next."""
        return next((view for view in self.movable if view.can_start), None)

    @property
    def can_start(self) -> bool:
        """Return whether START without a name does something: one after the other."""
        return self.next is not None and self.current is None

    @property
    def is_complete(self) -> bool:
        """Return whether everything is complete, or will be when all that is on its way has arrived."""
        return bool(self.movable) and all(view.status == "COMPLETE" for view in self.movable)

    def acting_on(self, verb: str, argument: str | None) -> StepView | None:
        """Return what START or COMPLETE acts on: the step named, else the next or the current one."""
        if argument is None:
            starting = self.next if self.can_start else None
            return starting if verb == "START" else self.current
        named = next((view for view in self.movable if view.id == argument.removeprefix("step/")), None)
        is_possible = named is not None and (named.can_start if verb == "START" else named.can_complete)
        return named if is_possible else None


def progress_of(run: Run, place: Place, also: Submit | None = None) -> Progress:
    """Return what can be done about a run.

    Args:
        run: as ION knows it.
        place: knows what is on its way, and what the tenant offers.
        also: a change that is made by this very event.
    """
    way = _way(run, place)
    queued = _queued(run, place, also)
    steps = _steps(run, queued, is_movable=way == "steps")
    return Progress(way, steps, {"steps": steps, "run": (_whole(run, queued),), None: ()}[way])


def run_of(session: Session) -> Run | None:
    """Return the run on the screen as ION knows it, without what is on its way."""
    data: Any = session.state.get("run")
    if not data:
        return None
    steps = [{**step, "status": step["known_status"]} for step in data["steps"]]
    return from_json(Run, {**data, "steps": steps})


def run_state(run: Run, progress: Progress, *, as_of: Json, copies: Json) -> dict[str, Json]:
    """Return the state of the run's screen; a step's ``status`` counts in what is on its way to ION."""
    known = {step.id: object_json(step) for step in run.steps}
    steps: list[Json] = [
        {**known[view.id], **object_json(view), "known_status": known[view.id]["status"]}
        for view in progress.steps
    ]
    by_steps = progress.way == "steps"
    return {
        "run": {**object_json(run), "steps": steps},
        "way": progress.way,
        "next_step": progress.next.id if by_steps and progress.next else None,
        "current_step": progress.current.id if by_steps and progress.current else None,
        "can_start": progress.can_start,
        "can_complete": progress.current is not None,
        "why": _why(run, progress),
        "as_of": as_of,
        "copies": copies,
    }


def _way(run: Run, place: Place) -> Way | None:
    """Return how the run is moved; while ION's schema is not known, by its steps where it has any."""
    if run.steps and not place.lacks("set_step_status"):
        return "steps"
    return None if place.lacks("set_run_status") else "run"


def _why(run: Run, progress: Progress) -> str | None:
    if progress.way is None and not run.steps:
        return "It has no steps, and this ION moves runs by their steps."
    if progress.way is None:
        return "This ION does not offer to start or complete runs."
    if progress.next or progress.current or progress.is_complete:
        return None
    return f"Nothing can start: it is {status_words(run.status)}."


def _steps(run: Run, queued: Mapping[str, str], *, is_movable: bool) -> tuple[StepView, ...]:
    status = {step.id: queued.get(step.id, step.status.upper()) for step in run.steps}
    parents_at_work = {step.parent for step in run.steps if status[step.id] not in _OVER}
    return tuple(
        StepView(
            id=step.id,
            title=step.title,
            status=status[step.id],
            position=step.position,
            can_start=is_movable
            and status[step.id] == "TODO"
            and all(status.get(above, "COMPLETE") == "COMPLETE" for above in step.upstream)
            and (step.parent not in status or status[step.parent] == "IN_PROGRESS"),
            can_complete=is_movable and status[step.id] == "IN_PROGRESS" and step.id not in parents_at_work,
            queued_status=queued.get(step.id),
        )
        for step in sorted(run.steps, key=lambda step: step.position)
    )


def _whole(run: Run, queued: Mapping[str, str]) -> StepView:
    known = run.status.upper()
    # One page of ION's calls a run that nobody has started pending, all others todo.
    status = queued.get("", "TODO" if known == "PENDING" else known)
    return StepView(
        id=run.id,
        title=run.title,
        status=status,
        position=0,
        can_start=status == "TODO",
        can_complete=status == "IN_PROGRESS",
        queued_status=queued.get(""),
    )


def _queued(run: Run, place: Place, also: Submit | None) -> dict[str, str]:
    """Return the status of each step once all that is on its way has arrived; the run's own under ``""``."""
    moves = [operation.arguments for operation in place.outstanding if operation.about == run.key]
    if also is not None:
        moves.append(also.arguments)
    return {str(move.get("step_id") or ""): str(move["status"]) for move in moves if "status" in move}
