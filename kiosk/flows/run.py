"""Start and complete runs, step by step where ION has steps."""

from dataclasses import replace

from kiosk.flows.copies import copies_of, print_label, with_copies
from kiosk.flows.flow import Event, Outcome, Place, Pressed, Refreshed, Scanned, Settled, stay
from kiosk.flows.run_steps import StepView, acting_on, run_state, step_views, way_of
from kiosk.flows.wording import status_words, title
from kiosk.model import Inventory, Json, Level, Message, Run, Session, Subject, Submit
from kiosk.wire import from_json

_VERBS = {"START": ("IN_PROGRESS", "TODO"), "COMPLETE": ("COMPLETE", "IN_PROGRESS")}


class Runs:
    """Moves the steps of a run from to do over in progress to complete."""

    name = "run"

    def takes(self, subject: Subject) -> bool:
        """Return whether this is a run."""
        return isinstance(subject, Run)

    def subject(self, session: Session) -> Subject | None:
        """Return the run on the screen."""
        data = session.state.get("run")
        return from_json(Run, data) if isinstance(data, dict) else None

    def is_entered(self, session: Session) -> bool:
        """Return False: every press acts at once."""
        del session
        return False

    def handle(self, session: Session, event: Event, place: Place) -> Outcome | None:
        """Show the run that was scanned, or act on its steps."""
        run = self.subject(session)
        match event:
            case Scanned(subjects=(Run() as scanned,)):
                return _shown(scanned, event, place)
            case Scanned(subjects=(Inventory(runs=(heading,)),)):
                return Outcome(
                    session.flow, session.step, session.state, session.message, follow=f"ION/RUN/{heading.id}"
                )
            case Refreshed(Run() as fresh) if isinstance(run, Run) and fresh.id == run.id:
                return _refreshed(session, fresh, place)
            case Settled(operation) if isinstance(run, Run) and operation.about == run.key:
                data = (operation.result or {}).get("run")
                return _refreshed(session, from_json(Run, data) if isinstance(data, dict) else run, place)
            case Pressed(verb, argument) if isinstance(run, Run):
                return _pressed(session, run, verb, argument, place)
            case _:
                return None


def _shown(run: Run, event: Scanned, place: Place) -> Outcome:
    state = run_state(run, place, as_of=event.as_of)
    values = {"run": title(run), "status": status_words(run.status)}
    if run.status.upper() == "COMPLETE":
        message = Message(Level.GOOD, "{run} is complete.", values)
    elif state["why"]:
        message = Message(Level.ASK, "{run} is {status}. {why}", {**values, "why": str(state["why"])})
    else:
        message = Message(Level.GOOD, "{run} is {status}.", values)
    return Outcome("run", "run", state, message)


def _refreshed(session: Session, run: Run, place: Place, also: Submit | None = None) -> Outcome:
    state = run_state(run, place, also=also, copies=copies_of(session))
    return Outcome("run", "run", state, session.message)


def _pressed(session: Session, run: Run, verb: str, argument: str | None, place: Place) -> Outcome | None:
    match verb:
        case "START" | "COMPLETE":
            return _acted(session, run, verb, argument, place)
        case "PRINT":
            return print_label(session, run, place)
        case "COPIES":
            return with_copies(session, argument)
        case _:
            return None


def _acted(session: Session, run: Run, verb: str, argument: str | None, place: Place) -> Outcome:
    way = way_of(run, place)
    if way is None:
        template = "This ION does not offer to start or complete runs. Ask a technician."
        return stay(session, Message(Level.STOP, template))
    status, from_status = _VERBS[verb]
    target = acting_on(run, place, verb, argument)
    if target is None:
        return stay(session, _refusal(run, verb, step_views(run, place)))
    arguments: dict[str, Json] = {"run_id": run.id, "status": status, "from_status": from_status}
    if way == "steps":
        arguments["step_id"] = target.id
        effect = Submit("set_step_status", run.key, run.key, {**arguments, "title": target.title})
    else:
        effect = Submit("set_run_status", run.key, run.key, {**arguments, "title": title(run)})
    after = _refreshed(session, run, place, also=effect)
    template = "{what}: started." if verb == "START" else "{what}: complete."
    words = Message(Level.WAIT, template + " Kept, on the way to ION.", {"what": target.title})
    return replace(after, message=words, effects=(effect,))


def _refusal(run: Run, verb: str, steps: tuple[StepView, ...]) -> Message:
    values = {"run": title(run), "status": status_words(run.status)}
    current = next((step for step in steps if step.status == "IN_PROGRESS"), None)
    if verb == "START" and current is not None:
        template = "{step} is in progress. Complete it first."
        return Message(Level.ASK, template, {**values, "step": current.title})
    if steps and all(step.status == "COMPLETE" for step in steps):
        return Message(Level.ASK, "{run} is complete already.", values)
    if verb == "COMPLETE":
        return Message(Level.ASK, "No step of {run} is in progress. Start one first.", values)
    return Message(Level.STOP, "No step of {run} can start now: it is {status}.", values)
