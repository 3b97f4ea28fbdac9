"""Look up: what a label, a part number or a location stands for, and its label again."""

from kiosk.flows.choice import Option, choose
from kiosk.flows.copies import label_press
from kiosk.flows.flow import Event, Outcome, Place, Pressed, Refreshed, Scanned, stay
from kiosk.flows.kept_scan import scan_json
from kiosk.flows.wording import KIND_WORDS, detail, status_words, title
from kiosk.model import Inventory, Json, Level, Location, Message, Session, Stock, Subject
from kiosk.wire import object_json, subject_from_json

_STEPS = {"inventory": "inventory", "stock": "part", "location": "location"}
"""Kind of subject to step; a step's state holds the subject under its kind."""
_KINDS = {step: kind for kind, step in _STEPS.items()}


class Lookup:
    """Shows stock, a part or a location."""

    name = "lookup"

    def takes(self, subject: Subject) -> bool:
        """Return whether this is stock, a part or a location."""
        return subject.kind in _STEPS

    def subject(self, session: Session) -> Subject | None:
        """Return what is on the screen."""
        data = session.state.get(_KINDS.get(session.step, ""))
        return subject_from_json(data) if data else None

    def entered(self, session: Session) -> str:
        """Return nothing: nothing is entered here."""
        del session
        return ""

    def handle(self, session: Session, event: Event, place: Place) -> Outcome | None:
        """Show what was scanned, print its label, or go on with its run."""
        shown = self.subject(session)
        match event:
            case Scanned(subjects=(subject,)) if self.takes(subject):
                return _shown(session, subject, event)
            case Refreshed(fresh) if shown is not None and fresh.key == shown.key:
                return stay(session, session.message, as_of=None, **{fresh.kind: object_json(fresh)})
            case Pressed("START" | "COMPLETE", argument) if isinstance(shown, Inventory):
                return _open_run(session, shown, argument)
            case Pressed("CHOOSE", str(key)) if isinstance(shown, Inventory) and key.startswith("run/"):
                return _open_run(session, shown, key)
            case Pressed() if shown is not None:
                return label_press(session, shown, event, place)
            case _:
                return None


def _shown(session: Session, subject: Subject, event: Scanned) -> Outcome:
    values = {"kind": KIND_WORDS[subject.kind], "title": title(subject), "detail": detail(subject)}
    level = Level.GOOD
    match subject:
        case Stock() if session.state.get("wanted") == "receive":
            level, template = Level.ASK, "Part {title} is kept. Now scan its order."
        case Stock(rows=rows):
            template = "Part {title}: {count} in stock."
            values["count"] = str(len(rows))
        case Location():
            template = "Location {title}."
        case _:
            template = "{kind} {title}: {detail}"
    state: dict[str, Json] = {
        subject.kind: object_json(subject),
        "as_of": event.as_of_text,
        "copies": "1",
    }
    if isinstance(subject, Stock):
        # An order that is scanned next goes on with it.
        state["scan"] = scan_json(event)
    return Outcome("lookup", _STEPS[subject.kind], state, Message(level, template, values))


def _open_run(session: Session, stock: Inventory, argument: str | None) -> Outcome:
    """Go on with the run that is named, or with the only one; ask where there are several."""
    wanted = (argument or "").removeprefix("run/")
    runs = [run for run in stock.runs if wanted in {"", run.id}]
    if len(runs) == 1:
        return Outcome(
            session.flow, session.step, session.state, session.message, follow=f"ION/RUN/{runs[0].id}"
        )
    if runs:
        options = [Option(f"run/{run.id}", run.title, status_words(run.status), "run") for run in runs]
        return choose(session, title(stock), options)
    template = "{title} has no such open run." if wanted else "{title} has no open run."
    return stay(session, Message(Level.ASK, template, {"title": title(stock)}))
