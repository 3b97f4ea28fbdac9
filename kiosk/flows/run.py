"""Start and complete runs, step by step where ION has steps."""

from kiosk.flows.copies import label_press
from kiosk.flows.flow import Event, Outcome, Place, Pressed, Refreshed, Scanned, Settled, stay
from kiosk.flows.run_steps import Progress, progress_of, run_of, run_state
from kiosk.flows.wording import status_words, title
from kiosk.model import Inventory, Json, Level, Message, Operation, Run, Session, Subject, Submit
from kiosk.wire import from_json

_STATUSES = {"START": ("IN_PROGRESS", "TODO"), "COMPLETE": ("COMPLETE", "IN_PROGRESS")}
"""Verb to the status it sets and the one it sets out from."""


class Runs:
    """Moves the steps of a run from to do over in progress to complete."""

    name = "run"

    def takes(self, subject: Subject) -> bool:
        """Return whether this is a run, or stock that names one."""
        return isinstance(subject, Run) or (isinstance(subject, Inventory) and len(subject.runs) == 1)

    def subject(self, session: Session) -> Subject | None:
        """Return the run on the screen."""
        return run_of(session)

    def entered(self, session: Session) -> str:
        """Return nothing: every press acts at once."""
        del session
        return ""

    def handle(self, session: Session, event: Event, place: Place) -> Outcome | None:
        """Show the run that was scanned, or act on its steps."""
        run = run_of(session)
        match event:
            case Scanned(subjects=(Run() as scanned,)):
                return _shown(scanned, event, place)
            case Scanned(subjects=(Inventory(runs=(heading,)),)):
                return Outcome(
                    session.flow, session.step, session.state, session.message, follow=f"ION/RUN/{heading.id}"
                )
            case _ if run is None:
                return None
            case Refreshed(Run() as fresh) if fresh.id == run.id:
                return _with_news(session, fresh, place, as_of=None)
            case Settled(operation) if operation.about == run.key:
                return _settled(session, run, operation, place)
            case Pressed("START" | "COMPLETE" as verb, argument):
                return _acted(session, run, verb, argument, place)
            case Pressed():
                return label_press(session, run, event, place)
            case _:
                return None


def _shown(run: Run, event: Scanned, place: Place) -> Outcome:
    progress = progress_of(run, place)
    state = run_state(run, progress, as_of=event.as_of_text, copies="1")
    values = {"run": title(run), "status": status_words(run.status), "why": str(state["why"])}
    if progress.is_complete or run.status.upper() == "COMPLETE":
        message = Message(Level.GOOD, "{run} is complete.", values)
    elif state["why"]:
        message = Message(Level.ASK, "{run} is {status}. {why}", values)
    else:
        message = Message(Level.GOOD, "{run} is {status}.", values)
    return Outcome("run", "run", state, message)


def _with_news(session: Session, run: Run, place: Place, *, as_of: Json) -> Outcome:
    state = run_state(run, progress_of(run, place), as_of=as_of, copies=session.state["copies"])
    return Outcome("run", "run", state, session.message)


def _settled(session: Session, run: Run, operation: Operation, place: Place) -> Outcome:
    data = (operation.result or {}).get("run")
    if data:
        return _with_news(session, from_json(Run, data), place, as_of=None)
    return _with_news(session, run, place, as_of=session.state["as_of"])


def _acted(session: Session, run: Run, verb: str, argument: str | None, place: Place) -> Outcome:
    before = progress_of(run, place)
    target = before.acting_on(verb, argument)
    if target is None:
        return stay(session, _refusal(run, verb, before))
    status, from_status = _STATUSES[verb]
    arguments: dict[str, Json] = {"run_id": run.id, "status": status, "from_status": from_status}
    if before.way == "steps":
        effect = Submit(
            "set_step_status", run.key, run.key, {**arguments, "step_id": target.id, "title": target.title}
        )
    else:
        effect = Submit("set_run_status", run.key, run.key, {**arguments, "title": title(run)})
    after = progress_of(run, place, effect)
    state = run_state(run, after, as_of=session.state["as_of"], copies=session.state["copies"])
    word = "started" if verb == "START" else "complete"
    values = {"what": str(effect.arguments["title"]), "done": word}
    message = Message(Level.WAIT, "{what}: {done}. Kept, on the way to ION.", values)
    return Outcome("run", "run", state, message, (effect,))


def _refusal(run: Run, verb: str, progress: Progress) -> Message:
    values = {"run": title(run), "status": status_words(run.status)}
    current = progress.current
    if progress.way is None:
        return Message(
            Level.STOP,
            "This ION does not offer to {verb} {run}. Ask a technician.",
            {**values, "verb": verb.lower()},
        )
    if progress.is_complete:
        return Message(Level.ASK, "{run} is complete already.", values)
    outer = next((step for step in progress.steps if step.status == "IN_PROGRESS"), None)
    if verb == "COMPLETE" and outer is not None and progress.next is not None:
        values |= {"step": outer.title, "next": progress.next.title}
        return Message(Level.ASK, "{step} waits for its steps. Start {next}.", values)
    if verb == "COMPLETE":
        return Message(Level.ASK, "Nothing of {run} is in progress. Start it first.", values)
    if current is not None:
        values["step"] = current.title or title(run)
        return Message(Level.ASK, "{step} is in progress. Complete it first.", values)
    return Message(Level.STOP, "Nothing of {run} can start now: it is {status}.", values)
