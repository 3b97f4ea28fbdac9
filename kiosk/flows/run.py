"""Runs: created, started, filled in, completed, failed; step by step where ION has steps."""

from dataclasses import replace

from kiosk.flows.copies import label_press
from kiosk.flows.field_entry import words_entered
from kiosk.flows.field_given import on_field, on_fields
from kiosk.flows.flow import Event, Outcome, Place, Pressed, Refreshed, Scanned, Settled, stay
from kiosk.flows.problem_entry import problem_opened
from kiosk.flows.run_create import STEPS, on_create, stock_of
from kiosk.flows.run_moves import moved
from kiosk.flows.run_screen import RunView, run_of, run_opened
from kiosk.model import Inventory, Level, Message, Run, Session, Subject
from kiosk.wire import from_json

_BUTTON_PAGES = 3
_OF_STEP = frozenset({"FAIL", "HOLD", "PROBLEM"})


class Runs:
    """Moves the steps of a run from to do over in progress to complete."""

    name = "run"
    steps = frozenset({"run", "field", "fields"}) | STEPS

    def takes(self, subject: Subject) -> bool:
        """Return whether this is a run, or stock that names one."""
        return isinstance(subject, Run) or (isinstance(subject, Inventory) and len(subject.runs) == 1)

    def subject(self, session: Session) -> Subject | None:
        """Return the run on the screen, or the stock that a run is created for."""
        return run_of(session) or stock_of(session)

    def entered(self, session: Session) -> str:
        """Return what a person gave for a field and did not confirm; all else acts at once."""
        return words_entered(session.state) if session.step == "field" else ""

    def handle(self, session: Session, event: Event, place: Place) -> Outcome | None:
        """Show the run that was scanned, or act on its steps and their fields."""
        run = run_of(session)
        match event:
            case Scanned(subjects=(Run() as scanned,)):
                return None if self.entered(session) else run_opened(scanned, event, place)
            case Scanned(subjects=(Inventory(runs=(heading,)),)):
                taken = _on_screen(session, run, event, place) if run is not None else None
                onward = replace(stay(session, session.message), follow=f"ION/RUN/{heading.id}")
                return taken or (None if self.entered(session) else onward)
            case _ if run is None:
                return on_create(session, event, place)
            case Refreshed(Run() as fresh) if fresh.key == run.key:
                return _on_screen(_fresh(session), fresh, event, place)
            case Settled(operation) if operation.about == run.key:
                data = (operation.result or {}).get("run")
                if data:
                    return _on_screen(_fresh(session), from_json(Run, data), event, place)
                return _on_screen(session, run, event, place)
            case Scanned() | Pressed():
                return _on_screen(session, run, event, place)
            case _:
                return None


def _fresh(session: Session) -> Session:
    return replace(session, state={**session.state, "as_of": None})


def _on_screen(session: Session, run: Run, event: Event, place: Place) -> Outcome | None:
    match session.step:
        case "field":
            return on_field(session, run, event, place) or _beside_field(session, run, event, place)
        case "fields":
            return on_fields(session, run, event, place) or _beside_fields(session, run, event, place)
        case _:
            return _on_run(session, run, event, place)


def _beside_field(session: Session, run: Run, event: Event, place: Place) -> Outcome | None:
    """Let a step fail or go on hold while its field is asked for; nothing is entered yet."""
    is_about_step = isinstance(event, Pressed) and event.verb in _OF_STEP
    return _on_run(session, run, event, place) if is_about_step else None


def _beside_fields(session: Session, run: Run, event: Event, place: Place) -> Outcome | None:
    """Let a step move on from the list of its fields."""
    is_about_step = isinstance(event, Pressed) and event.verb in {*_OF_STEP, "START", "COMPLETE", "ENTER"}
    return _on_run(session, run, event, place) if is_about_step else None


def _on_run(session: Session, run: Run, event: Event, place: Place) -> Outcome | None:
    view = RunView.of(run, place, session.state.get("focus"), scanned=session.state.get("scanned"))
    match event:
        case Refreshed() | Settled():
            return replace(view.screen(session.state, session.message), state=view.state(session.state))
        case Pressed("NEXT"):
            page = int(str(session.state.get("page") or "1")) % _BUTTON_PAGES + 1
            return stay(session, session.message, page=str(page))
        case Pressed("PROBLEM"):
            why = view.state(session.state)["why_problem"]
            if why:
                return stay(session, Message(Level.STOP, "{why} Ask a technician.", {"why": str(why)}))
            return problem_opened(session, run, place)
        case Pressed():
            return moved(session, run, event, place) or label_press(session, run, event, place)
        case _:
            return None
