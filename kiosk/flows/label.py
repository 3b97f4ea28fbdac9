"""See the label of a thing before it is printed, and choose the copies."""

from kiosk.flows.copies import print_label, with_copies
from kiosk.flows.flow import Event, Outcome, Place, Pressed, Scanned
from kiosk.flows.labels import label_of
from kiosk.flows.wording import title
from kiosk.model import Json, Level, Message, Session, Subject
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

    def is_entered(self, session: Session) -> bool:
        """Return False: printing acts at once."""
        del session
        return False

    def handle(self, session: Session, event: Event, place: Place) -> Outcome | None:
        """Show the label of what was scanned, or print it."""
        match event:
            case Scanned(subjects=(subject,)) if self.takes(subject):
                return _shown(subject)
            case Pressed(verb, argument):
                about = self.subject(session)
                if about is None:
                    return None
                match verb:
                    case "PRINT" | "CONFIRM":
                        return print_label(session, about, place)
                    case "COPIES":
                        return with_copies(session, argument)
        return None


def _shown(subject: Subject) -> Outcome:
    label = label_of(subject)
    state: dict[str, Json] = {
        "label": label.label if label else "",
        "title": title(subject),
        "subject": subject.key,
        "fields": dict(label.fields) if label else {},
        "about": object_json(subject),
        "copies": "1",
    }
    message = Message(Level.ASK, "Label of {title}: print it, or choose copies.", {"title": title(subject)})
    return Outcome("label", "label", state, message)
