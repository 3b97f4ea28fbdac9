"""Look up: what a label, a part number or a location stands for, and its label again."""

from kiosk.flows.copies import print_label, with_copies
from kiosk.flows.flow import Event, Outcome, Place, Pressed, Refreshed, Scanned, stay
from kiosk.flows.wording import KIND_WORDS, detail, title
from kiosk.model import Inventory, Level, Location, Message, Session, Stock, Subject
from kiosk.wire import object_json, subject_from_json

_STEP = {"inventory": "inventory", "stock": "part", "location": "location"}


class Lookup:
    """Shows stock, a part or a location."""

    name = "lookup"

    def takes(self, subject: Subject) -> bool:
        """Return whether this is stock, a part or a location."""
        return subject.kind in _STEP

    def is_entered(self, session: Session) -> bool:
        """Return False: nothing is entered here."""
        del session
        return False

    def subject(self, session: Session) -> Subject | None:
        """Return what is on the screen."""
        data = session.state.get(_field(session.step))
        return subject_from_json(data) if data else None

    def handle(self, session: Session, event: Event, place: Place) -> Outcome | None:
        """Show what was scanned, print its label, or go on with its run."""
        match event:
            case Scanned(subjects=(subject,)) if self.takes(subject):
                return _shown(subject, event)
            case Refreshed(subject) if self.takes(subject) and _same(self.subject(session), subject):
                return stay(
                    session, session.message, as_of=None, **{_field(session.step): object_json(subject)}
                )
            case Pressed(verb, argument):
                return self._pressed(session, verb, argument, place)
            case _:
                return None

    def _pressed(self, session: Session, verb: str, argument: str | None, place: Place) -> Outcome | None:
        subject = self.subject(session)
        if subject is None:
            return None
        match verb:
            case "PRINT":
                return print_label(session, subject, place)
            case "COPIES":
                return with_copies(session, argument)
            case "START" | "COMPLETE" | "OPEN" if isinstance(subject, Inventory):
                return _open_run(session, subject, argument)
            case _:
                return None


def _field(step: str) -> str:
    return "stock" if step == "part" else step


def _same(shown: Subject | None, fresh: Subject) -> bool:
    return shown is not None and shown.key == fresh.key


def _shown(subject: Subject, event: Scanned) -> Outcome:
    step = _STEP[subject.kind]
    message = Message(
        Level.GOOD,
        "{kind} {title}: {detail}",
        {"kind": KIND_WORDS[subject.kind], "title": title(subject), "detail": detail(subject)},
    )
    if isinstance(subject, Stock):
        count = len(subject.rows)
        message = Message(
            Level.GOOD, "Part {title}: {count} in stock.", {"title": title(subject), "count": str(count)}
        )
    if isinstance(subject, Location):
        message = Message(Level.GOOD, "Location {title}.", {"title": subject.name})
    as_of = event.as_of.isoformat() if event.as_of else None
    state = {_field(step): object_json(subject), "as_of": as_of, "copies": "1"}
    return Outcome("lookup", step, state, message)


def _open_run(session: Session, subject: Inventory, argument: str | None) -> Outcome:
    wanted = argument.removeprefix("run/") if argument else ""
    runs = [run for run in subject.runs if run.id == wanted] if wanted else list(subject.runs)
    if len(runs) == 1:
        return Outcome(
            session.flow, session.step, session.state, session.message, follow=f"ION/RUN/{runs[0].id}"
        )
    template = "{title} has no open run." if not runs else "{title} has several open runs. Choose one."
    return stay(session, Message(Level.ASK, template, {"title": title(subject)}))
