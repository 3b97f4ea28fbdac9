"""The screen of a run: its steps, the fields of the step that is worked on, and what can be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kiosk.flows.flow import Outcome, Place, Scanned
from kiosk.flows.run_fields import FieldView, fields_of
from kiosk.flows.run_steps import Progress, StepView, progress_of
from kiosk.flows.wording import status_words, title
from kiosk.model import Json, Level, Message, Run, RunStep, Session, Submit
from kiosk.wire import from_json, object_json

_NEW: dict[str, Json] = {
    "as_of": None,
    "copies": "1",
    "focus": None,
    "scanned": None,
    "asks": None,
    "page": "1",
}
_IDLE = {
    "TODO": "{step} cannot start yet: other steps come first.",
    "IN_PROGRESS": "{step} waits for the steps within it.",
    "": "{step} is {status}. Scan another step, or the run.",
}
"""Status of a step about which nothing can be done, to why."""


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as it stands: what ION knows, with all that is on its way counted in."""

    run: Run
    progress: Progress
    place: Place
    also: tuple[Submit, ...] = ()
    """Changes that are made by this very event."""

    @classmethod
    def of(
        cls,
        run: Run,
        place: Place,
        focus: Json = None,
        also: Sequence[Submit] = (),
        *,
        scanned: Json = None,
    ) -> "RunView":
        """Return how a run stands; see ``progress_of``."""
        return cls(run, progress_of(run, place, also, focus, scanned), place, tuple(also))

    def step(self, view: StepView | None) -> RunStep | None:
        """Return the step that is worked on, ``None`` where the run is moved as a whole."""
        return next((step for step in self.run.steps if view is not None and step.id == view.id), None)

    def fields(self, view: StepView | None) -> tuple[FieldView, ...]:
        """Return the fields of the step that is worked on."""
        step = self.step(view)
        return fields_of(self.run, step, self.place, self.also) if step is not None else ()

    def unfinished(self, view: StepView | None) -> Message | None:
        """Return why a step in progress cannot be completed yet, ``None`` where nothing is missing."""
        missing = [field for field in self.fields(view) if field.is_missing]
        values = {"field": missing[0].field.name if missing else ""}
        if missing and self.place.lacks("set_field_value"):
            template = "{field} is missing, and this ION does not offer to fill it in. Do it there."
            return Message(Level.STOP, template, values)
        if missing:
            values["count"] = str(len(missing))
            template = (
                "{field} is missing." if len(missing) == 1 else "{count} fields are missing: {field} first."
            )
            return Message(Level.ASK, template, values)
        return None

    def state(self, kept: Mapping[str, Json]) -> dict[str, Json]:
        """Return the state of the run's screen; a step's ``status`` counts in what is on its way to ION.

        Args:
            kept: the state before, of any screen of the run; age, copies, focus and page stay.
        """
        run, progress = self.run, self.progress
        known = {step.id: object_json(step) for step in run.steps}
        steps: list[Json] = [
            {**known[view.id], **object_json(view), "known_status": known[view.id]["status"]}
            for view in progress.steps
        ]
        by_steps = progress.way == "steps"
        current = progress.current
        unfinished = self.unfinished(current)
        return {
            "run": {**object_json(run), "steps": steps},
            "way": progress.way,
            "next_step": progress.next.id if by_steps and progress.next else None,
            "current_step": current.id if by_steps and current else None,
            "can_start": progress.can_start,
            "can_complete": current is not None and unfinished is None,
            "unfinished": unfinished.text if unfinished else None,
            "fields": [field.state(self.place) for field in self.fields(current)],
            "others": len(progress.startable) + len(progress.workable) - 1 if current else 0,
            "why": _why(run, progress),
            "why_fail": _why_fail(progress),
            "why_problem": _why_problem(self.place),
            **{name: kept.get(name, value) for name, value in _NEW.items()},
            "scanned": progress.only.id if progress.only and by_steps else None,
        }

    def screen(self, kept: Mapping[str, Json], message: Message | None) -> Outcome:
        """Return the run's screen."""
        return Outcome("run", "run", {**self.state(kept), "asks": None}, message)


def run_of(session: Session) -> Run | None:
    """Return the run on the screen as ION knows it, without what is on its way."""
    data: Any = session.state.get("run")
    if not data:
        return None
    steps = [{**step, "status": step["known_status"]} for step in data["steps"]]
    return from_json(Run, {**data, "steps": steps})


def run_opened(run: Run, event: Scanned, place: Place) -> Outcome:
    """Show a run that was just scanned."""
    scanned = step_scanned(event, run)
    view = RunView.of(run, place, scanned=scanned)
    state = view.state({"as_of": event.as_of_text})
    values = {"run": title(run), "status": status_words(run.status), "why": str(state["why"])}
    step = view.progress.only if scanned is not None and view.progress.way == "steps" else None
    if step is not None:
        message = _step_message(step)
    elif scanned is not None and view.progress.way == "steps":
        message = Message(Level.STOP, "{run} has no such step any more. Print its traveler anew.", values)
    elif view.progress.is_complete or run.status.upper() == "COMPLETE":
        message = Message(Level.GOOD, "{run} is complete.", values)
    elif state["why"]:
        message = Message(Level.ASK, "{run} is {status}. {why}", values)
    else:
        message = Message(Level.GOOD, "{run} is {status}.", values)
    return Outcome("run", "run", state, message)


def step_scanned(event: Scanned, run: Run) -> str | None:
    """Return the id of the step whose own barcode was scanned, ``None`` where it was another barcode."""
    run_id, _, step_id = event.step.partition(":")
    return step_id if step_id and run_id == run.id else None


def _step_message(step: StepView) -> Message:
    """Say of a step whose barcode was scanned what can be done about it."""
    values = {"step": step.title, "status": status_words(step.status)}
    if step.can_start:
        return Message(Level.ASK, "{step} can start.", values)
    if step.can_complete:
        return Message(Level.GOOD, "{step} is in progress.", values)
    return step_refusal(step)


def step_refusal(step: StepView) -> Message:
    """Say why nothing can be done about a step whose barcode was scanned."""
    values = {"step": step.title, "status": status_words(step.status)}
    return Message(Level.ASK, _IDLE.get(step.status, _IDLE[""]), values)


def _why(run: Run, progress: Progress) -> str | None:
    if progress.way is None and not run.steps:
        return "It has no steps, and this ION moves runs by their steps."
    if progress.way is None:
        return "This ION does not offer to start or complete runs."
    if progress.next or progress.current or progress.is_complete:
        return None
    if progress.only is not None:
        return step_refusal(progress.only).text
    return f"Nothing can start: it is {status_words(run.status)}."


def _why_fail(progress: Progress) -> str | None:
    """Return why no step can be failed or put on hold."""
    if progress.way != "steps":
        return "This ION does not offer to fail or hold steps."
    return None if progress.current else "Nothing is started."


def _why_problem(place: Place) -> str | None:
    if place.lacks("create_issue"):
        return "This ION does not offer to report problems."
    return None if "problem" in place.flows else "This station does not report problems."
