"""Report a problem: on the step of a run, or on stock; with photos; and fail the step with it."""

from dataclasses import replace

from kiosk.flows.flow import Event, Outcome, Place, Pressed, Refreshed, Scanned, Settled, stay
from kiosk.flows.paging import page_after, row_named
from kiosk.flows.photos import photo_taken
from kiosk.flows.problem_entry import DISPOSITIONS, LONGEST_TITLE, Report, problem_opened
from kiosk.flows.receive_order import text_of
from kiosk.flows.run_moves import step_submit
from kiosk.flows.run_screen import RunView, step_scanned
from kiosk.flows.run_steps import StepView
from kiosk.model import Inventory, Level, Message, Run, Session, Subject, Submit
from kiosk.wire import object_json

_ASKED = {"1": "ask/title", "2": "ask/disposition"}
"""What the rows of the whole report ask for."""


class Problem:
    """Opens an issue."""

    name = "problem"
    steps = frozenset({"title", "disposition", "report"})

    def takes(self, subject: Subject) -> bool:
        """Return whether this is a run or stock."""
        return isinstance(subject, Run | Inventory)

    def subject(self, session: Session) -> Subject | None:
        """Return what the problem is with."""
        report = Report.of(session)
        return report.about if report else None

    def entered(self, session: Session) -> str:
        """Return what was said of the problem and not reported."""
        report = Report.of(session)
        return report.words if report else ""

    def handle(self, session: Session, event: Event, place: Place) -> Outcome | None:
        """Take what is wrong, what becomes of it, photos, and the confirmation."""
        report = Report.of(session, place.lines)
        match event:
            case Scanned(subjects=(Run() | Inventory() as subject,)):
                is_entered = report is not None and report.words
                return (
                    None
                    if is_entered
                    else problem_opened(session, subject, place, _step_named(event, subject, place))
                )
            case _ if report is None:
                return None
            case Scanned() if session.step == "title" and not event.subjects:
                return _titled(session, report, text_of(event) or "")
            case Pressed():
                return _pressed(session, report, event, place)
            case Refreshed(Run() | Inventory() as fresh) if fresh.key == report.about.key:
                return stay(session, session.message, subject=object_json(fresh))
            case Settled(operation) if operation.about == report.about.key:
                run = (operation.result or {}).get("run")
                return stay(session, session.message, **({"subject": run} if run else {}))
            case _:
                return None


def _step_named(event: Scanned, subject: Run | Inventory, place: Place) -> StepView | None:
    """Return the step whose own barcode was scanned."""
    if not isinstance(subject, Run):
        return None
    return RunView.of(subject, place, scanned=step_scanned(event, subject)).progress.only


def _titled(session: Session, report: Report, text: str) -> Outcome:
    if not text or len(text) > LONGEST_TITLE:
        values = {"most": str(LONGEST_TITLE)}
        template = "That is no title: say what is wrong in {most} characters or less."
        return stay(session, Message(Level.STOP, template, values))
    return replace(report, title=text).told()


def _pressed(session: Session, report: Report, press: Pressed, place: Place) -> Outcome | None:
    match press:
        case Pressed("PHOTO", digest):
            return photo_taken(session, digest)
        case Pressed("CHOOSE", str(key)):
            return _chosen(session, report, key)
        case Pressed("NEXT") if session.step != "report":
            count = len(report.titles) if session.step == "title" else len(DISPOSITIONS) + 1
            page = str(page_after(session.state["page"], count, place.lines))
            return replace(report, page=page).screen(session.step, session.message)
        case Pressed("CONFIRM"):
            return _confirmed(session, report, place)
        case Pressed("BACK") if session.step == "disposition":
            return report.told()
        case Pressed("CANCEL" | "BACK"):
            return report.closed(place, Message(Level.ASK, "Nothing was reported."))
        case _:
            return None


def _chosen(session: Session, report: Report, key: str) -> Outcome | None:
    """Take a choice: by name, or by the number of its row on the screen."""
    names = {"title": report.titles, "disposition": (*DISPOSITIONS, "")}.get(session.step, ())
    choices = {f"{session.step}/{number}": name for number, name in enumerate(names, 1)}
    wanted = row_named(session.state, key) if choices else _ASKED.get(key, key)
    if wanted == "ask/title":
        return report.asked()
    if wanted == "ask/disposition":
        message = Message(Level.ASK, "What is to become of {where}?", {"where": report.where})
        return replace(report, page="1").screen("disposition", message)
    if wanted not in choices:
        return None
    chosen = choices[wanted]
    if session.step == "title":
        return replace(report, title=chosen).told()
    return replace(report, disposition=chosen).told()


def _confirmed(session: Session, report: Report, place: Place) -> Outcome:
    if not report.title:
        return stay(session, Message(Level.ASK, "Still missing: what is wrong. Choose it, or type it."))
    if session.step != "report":
        return report.told()
    if place.lacks("create_issue"):
        template = "This ION does not offer to report problems. Ask a technician."
        return stay(session, Message(Level.STOP, template))
    effects = (report.submit(),)
    values = {"problem": report.title, "where": report.where}
    if report.fails and isinstance(report.about, Run):
        failing = _failing(report, report.about, place)
        if failing is None:
            template = "{where} is not in progress any more, so it cannot fail. Go back."
            return stay(session, Message(Level.STOP, template, values))
        template = "{where} failed: {problem}. Kept, on the way to ION."
        return report.closed(place, Message(Level.WAIT, template, values), (failing, *effects))
    template = "{problem} on {where}: reported. Kept, on the way to ION."
    return report.closed(place, Message(Level.WAIT, template, values), effects)


def _failing(report: Report, run: Run, place: Place) -> Submit | None:
    progress = RunView.of(run, place, report.step_id).progress
    step = next((each for each in progress.workable if each.id == report.step_id), None)
    return step_submit(run, progress.way, step, "FAIL") if step else None
