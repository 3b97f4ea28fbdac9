"""Which steps of a run can start or be completed, counting what is on its way to ION."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from kiosk.flows.flow import Place
from kiosk.model import Json, Run, Submit

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

    @property
    def key(self) -> str:
        """Return the name by which a choice names it."""
        return f"step/{self.id}"


@dataclass(frozen=True, slots=True)
class Progress:
    """What can be done about a run now."""

    way: Way | None
    """How this tenant moves the run: by its steps, as a whole, or not at all."""
    steps: tuple[StepView, ...]
    """The run's steps in their order."""
    movable: tuple[StepView, ...]
    """What START and COMPLETE act on: the steps, or the run."""
    focus: str | None = None
    """The step that a person chose or started here last."""
    scanned: str | None = None
    """The step whose own barcode was scanned: no other is meant."""

    @property
    def only(self) -> StepView | None:
        """Return the step that alone is meant, ``None`` where any may be."""
        return next((view for view in self.movable if view.id == self.scanned), None)

    @property
    def _meant(self) -> tuple[StepView, ...]:
        return self.movable if self.only is None else (self.only,)

    @property
    def workable(self) -> tuple[StepView, ...]:
        """Return what can be completed."""
        return tuple(view for view in self._meant if view.can_complete)

    @property
    def startable(self) -> tuple[StepView, ...]:
        """Return what can start."""
        return tuple(view for view in self._meant if view.can_start)

    @property
    def current(self) -> StepView | None:
        """Return what is worked on: what a person chose, else the first in progress."""
        workable = self.workable
        return next((view for view in workable if view.id == self.focus), next(iter(workable), None))

    @property
    def is_clear(self) -> bool:
        """Return whether ``current`` is meant without asking."""
        return len(self.workable) == 1 or any(view.id == self.focus for view in self.workable)

    @property
    def next(self) -> StepView | None:
        """Return what can start next."""
        return next(iter(self.startable), None)

    @property
    def can_start(self) -> bool:
        """Return whether START without a name starts something, or asks what."""
        return bool(self.startable) and not self.workable

    @property
    def is_complete(self) -> bool:
        """Return whether everything is complete, or will be when all that is on its way has arrived."""
        return bool(self.movable) and all(view.status == "COMPLETE" for view in self.movable)

    def named(self, argument: str) -> StepView | None:
        """Return the step of an id or key, or the run where that is moved as a whole."""
        return next((view for view in self.movable if view.id == argument.removeprefix("step/")), None)


def progress_of(
    run: Run, place: Place, also: Sequence[Submit] = (), focus: Json = None, scanned: Json = None
) -> Progress:
    """Return what can be done about a run.

    Args:
        run: as ION knows it.
        place: knows what is on its way, and what the tenant offers.
        also: changes that are made by this very event.
        focus: the step that a person chose or started here last.
        scanned: the step whose own barcode was scanned.
    """
    way = _way(run, place)
    queued = _queued(run, place, also)
    steps = _steps(run, queued, is_movable=way == "steps")
    movable = {"steps": steps, "run": (_whole(run, queued),), None: ()}[way]
    return Progress(
        way, steps, movable, str(focus) if focus else None, scanned=str(scanned) if scanned else None
    )


def _way(run: Run, place: Place) -> Way | None:
    """Return how the run is moved; while ION's schema is not known, by its steps where it has any."""
    if run.steps and not place.lacks("set_step_status"):
        return "steps"
    return None if place.lacks("set_run_status") else "run"


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


def _queued(run: Run, place: Place, also: Sequence[Submit]) -> dict[str, str]:
    """Return the status of each step once all that is on its way has arrived; the run's own under ``""``."""
    moves = [operation.arguments for operation in place.outstanding if operation.about == run.key]
    moves += [submit.arguments for submit in also]
    return {str(move.get("step_id") or ""): str(move["status"]) for move in moves if "status" in move}
