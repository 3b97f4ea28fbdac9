"""See the label of a thing before it is printed, and choose the copies."""

from kiosk.flows.copies import label_press
from kiosk.flows.flow import Event, Outcome, Place, Pressed, Refreshed, Scanned
from kiosk.flows.labels import label_of
from kiosk.flows.wording import title
from kiosk.model import Json, Level, Message, Print, Session, Subject
from kiosk.wire import object_json, subject_from_json


class Label:
    """Shows a label as it will be printed."""

    name = "label"

    def takes(self, subject: Subject) -> bool:
        """Return whether there is a label for this."""
        return label_of(subject) is not None

    def subject(self, session: Session) -> Subject | None:
        """Return what the label is for."""
        data = session.state.get("about")
        return subject_from_json(data) if data else None

    def entered(self, session: Session) -> str:
        """Return nothing: printing acts at once."""
        del session
        return ""

    def handle(self, session: Session, event: Event, place: Place) -> Outcome | None:
        """Show the label of what was scanned, or print it."""
        about = self.subject(session)
        match event:
            case Scanned(subjects=(subject,)) if (label := label_of(subject)) is not None:
                template = "Label of {title}: print it, or choose copies."
                message = Message(Level.ASK, template, {"title": title(subject)})
                return _shown(subject, label, "1", message)
            case Refreshed(fresh) if about and fresh.key == about.key and (label := label_of(fresh)):
                return _shown(fresh, label, session.state["copies"], session.message)
            case Pressed() if about is not None:
                return label_press(session, about, event, place)
            case _:
                return None


def _shown(subject: Subject, label: Print, copies: Json, message: Message | None) -> Outcome:
    state: dict[str, Json] = {
        "label": label.label,
        "title": title(subject),
        "subject": subject.key,
        "fields": label.fields,
        "about": object_json(subject),
        "copies": copies,
    }
    return Outcome("label", "label", state, message)
