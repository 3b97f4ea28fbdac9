"""START, COMPLETE, FAIL and HOLD: which step is meant, and what follows from it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kiosk.flows.choice import Option, choose
from kiosk.flows.field_entry import field_asked
from kiosk.flows.flow import Outcome, Place, Pressed, stay
from kiosk.flows.problem_entry import problem_opened
from kiosk.flows.run_fields import step_filled
from kiosk.flows.run_screen import RunView, step_refusal
from kiosk.flows.run_steps import Progress, StepView
from kiosk.flows.wording import status_words, title
from kiosk.model import Json, Level, Message, Run, Session, Submit

_STATUSES = {
    "START": ("IN_PROGRESS", "TODO"),
    "COMPLETE": ("COMPLETE", "IN_PROGRESS"),
    "FAIL": ("FAILED", "IN_PROGRESS"),
    "HOLD": ("HOLD", "IN_PROGRESS"),
}
"""Verb to the status it sets and the one it sets out from."""
_DONE_WORDS = {"START": "started", "COMPLETE": "complete", "FAIL": "failed", "HOLD": "on hold"}
_QUESTIONS = {
    "START": "Which step of {run} is it?",
    "COMPLETE": "Which step of {run} is complete?",
    "FAIL": "Which step of {run} failed?",
    "HOLD": "Which step of {run} goes on hold?",
    "ENTER": "Which step of {run} is filled in?",
}
_SURE = {
    "HOLD": "Put {step} on hold? It goes on again only in ION. Confirm.",
    "FAIL": "Fail {step}? It starts again only in ION. Confirm.",
}


def moved(session: Session, run: Run, press: Pressed, place: Place) -> Outcome | None:
    """Answer what moves a step, or chooses one; ``None`` for every other press."""
    view = RunView.of(run, place, session.state.get("focus"), scanned=session.state.get("scanned"))
    match press:
        case Pressed("START" | "COMPLETE" | "FAIL" | "HOLD" | "ENTER" as verb, argument):
            return _acted(session, view, verb, argument)
        case Pressed("CHOOSE", str(key)):
            return _chosen(session, view, key)
        case Pressed("CONFIRM") if (asked := _asked(session)) is not None:
            return _sent(session, view, asked[0], view.progress.named(asked[1]))
        case Pressed("CANCEL" | "BACK") if _asked(session) is not None:
            return view.screen(session.state, Message(Level.ASK, "Nothing was changed."))
        case _:
            return None


def step_submit(run: Run, way: str | None, target: StepView, verb: str) -> Submit:
    """Return the change that moves a step, or the run where that is moved as a whole."""
    status, from_status = _STATUSES[verb]
    arguments: dict[str, Json] = {"run_id": run.id, "status": status, "from_status": from_status}
    if way == "steps":
        arguments |= {"step_id": target.id, "title": target.title}
        needs = step_filled(target.id) if status == "COMPLETE" else ""
        return Submit("set_step_status", run.key, run.key, arguments, needs=needs)
    return Submit("set_run_status", run.key, run.key, {**arguments, "title": title(run)})


def _asked(session: Session) -> tuple[str, str] | None:
    """Return what a person was asked to confirm, and of which step."""
    asks = session.state.get("asks")
    return (str(asks["verb"]), str(asks["step"])) if isinstance(asks, Mapping) else None


def _acted(session: Session, view: RunView, verb: str, argument: str | None) -> Outcome:
    progress = view.progress
    candidates = progress.startable if verb == "START" else progress.workable
    if verb in {"FAIL", "HOLD", "ENTER"} and progress.way != "steps":
        values = {"verb": verb.lower(), "run": title(view.run)}
        template = "This ION moves runs as a whole. There is no step to {verb}."
        return stay(session, Message(Level.STOP, template, values))
    if argument is not None:
        view = RunView.of(view.run, view.place, progress.focus)
        progress = view.progress
        candidates = progress.startable if verb == "START" else progress.workable
        named = progress.named(argument)
        return _sent(session, view, verb, named if named in candidates else None)
    if verb != "START":
        if len(candidates) > 1 and not progress.is_clear:
            return _which(session, view, verb, candidates)
        return _sent(session, view, verb, progress.current)
    others = [each for each in progress.workable if each is not progress.current or not progress.is_clear]
    if len(candidates) == 1 and not progress.workable:
        return _sent(session, view, verb, candidates[0])
    if not candidates and not others:
        return stay(session, _refusal(view, verb))
    return _which(session, view, verb, [*candidates, *others])


def _which(session: Session, view: RunView, verb: str, steps: Sequence[StepView]) -> Outcome:
    options = [
        Option(f"{verb.lower()}/{step.id}", step.title, status_words(step.status), "step") for step in steps
    ]
    message = Message(Level.ASK, _QUESTIONS[verb], {"run": title(view.run)})
    return replace(choose(session, title(view.run), options, view.place), message=message)


def _chosen(session: Session, view: RunView, key: str) -> Outcome | None:
    """Take a choice: ``<verb>/<id>`` of a question, ``step/<id>`` or the number of a step to look at.

    ``run/<id>`` looks at the whole run again, after a step's own barcode was scanned.
    """
    if key == view.run.key and view.progress.only is not None:
        whole = RunView.of(view.run, view.place, view.progress.only.id)
        message = Message(Level.ASK, "Every step of {run}.", {"run": title(view.run)})
        return whole.screen({**session.state, "scanned": None, "page": "1"}, message)
    steps = view.progress.steps
    numbers = {str(number): each.key for number, each in enumerate(steps, 1)}
    kind, _, step_id = numbers.get(key, key).partition("/")
    step = next((each for each in steps if each.id == step_id), None)
    if step is None:
        return None
    verb = kind.upper()
    if verb in _QUESTIONS and (verb != "START" or step.can_start):
        return _acted(session, view, verb, step.id)
    values = {"step": step.title, "status": status_words(step.status)}
    message = Message(Level.ASK, "{step} is {status}.", values)
    if not step.can_complete:
        return stay(session, message)
    return _focused(view, step).screen({**session.state, "focus": step.id, "scanned": None}, message)


def _focused(view: RunView, step: StepView) -> RunView:
    return RunView.of(view.run, view.place, step.id, view.also)


def _sent(session: Session, view: RunView, verb: str, target: StepView | None) -> Outcome:
    """Do it, ask whether it is really meant, or say what is missing."""
    if target is None or (verb != "START" and not target.can_complete):
        return stay(session, _refusal(view, verb))
    view = _focused(view, target)
    kept = {**session.state, "focus": target.id, "scanned": None}
    unfinished = view.unfinished(target) if verb == "COMPLETE" else None
    if verb == "ENTER" or unfinished is not None:
        return field_asked(view, target, kept, unfinished)
    if verb == "FAIL" and view.state(kept)["why_problem"] is None:
        return problem_opened(session, view.run, view.place, step=target, fails=True)
    if verb in _SURE and _asked(session) != (verb, target.id):
        asks: dict[str, Json] = {"verb": verb, "step": target.id}
        message = Message(Level.ASK, _SURE[verb], {"step": target.title})
        return Outcome("run", "run", {**view.state(kept), "asks": asks}, message)
    effect = step_submit(view.run, view.progress.way, target, verb)
    after = RunView.of(view.run, view.place, target.id, (effect,))
    values = {"what": str(effect.arguments["title"]), "done": _DONE_WORDS[verb]}
    message = Message(Level.WAIT, "{what}: {done}. Kept, on the way to ION.", values)
    outcome = after.screen(kept, message)
    return Outcome("run", "run", outcome.state, message, (effect,))


def _refusal(view: RunView, verb: str) -> Message:
    run, progress = view.run, view.progress
    values = {"run": title(run), "status": status_words(run.status), "verb": verb.lower()}
    if progress.way is None:
        template = "This ION does not offer to {verb} {run}. Ask a technician."
        return Message(Level.STOP, template, values)
    if progress.is_complete:
        return Message(Level.ASK, "{run} is complete already.", values)
    if progress.only is not None:
        return _of_scanned(progress.only, verb)
    if verb != "START":
        return _idle(progress, values)
    if progress.current is not None:
        values["step"] = progress.current.title or title(run)
        return Message(Level.ASK, "{step} is in progress. Complete it first.", values)
    return Message(Level.STOP, "Nothing of {run} can start now: it is {status}.", values)


def _of_scanned(step: StepView, verb: str) -> Message:
    """Return why this is not done to the step whose barcode was scanned."""
    values = {"step": step.title}
    if verb == "START" and step.can_complete:
        return Message(Level.ASK, "{step} is in progress. Complete it first.", values)
    if verb != "START" and step.can_start:
        return Message(Level.ASK, "{step} is not started. Start it first.", values)
    return step_refusal(step)


def _idle(progress: Progress, values: Mapping[str, str]) -> Message:
    """Return why no step can be completed, failed, held or filled in."""
    outer = next((step for step in progress.steps if step.status == "IN_PROGRESS"), None)
    if outer is not None and progress.next is not None:
        values = {**values, "step": outer.title, "next": progress.next.title}
        return Message(Level.ASK, "{step} waits for its steps. Start {next}.", values)
    return Message(Level.ASK, "Nothing of {run} is in progress. Start it first.", values)
