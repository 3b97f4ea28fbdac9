"""See the labels of a thing before one is printed, and choose which and how many."""

from dataclasses import dataclass
from typing import Self

from kiosk.flows.copies import label_press, named
from kiosk.flows.flow import Event, Outcome, Place, Pressed, Refreshed, Scanned
from kiosk.flows.labels import has_label, labels_of
from kiosk.flows.wording import title
from kiosk.model import Json, Level, Message, Print, Session, Subject
from kiosk.wire import object_json, subject_from_json, to_json

_CHOICE = "label/"


class Label:
    """Shows a label as it will be printed."""

    name = "label"

    def takes(self, subject: Subject) -> bool:
        """Return whether there is a label for this."""
        return has_label(subject)

    def subject(self, session: Session) -> Subject | None:
        """Return what the label is for."""
        data = session.state.get("about")
        return subject_from_json(data) if data else None

    def entered(self, session: Session) -> str:
        """Return nothing: printing acts at once."""
        del session
        return ""

    def handle(self, session: Session, event: Event, place: Place) -> Outcome | None:
        """Show the label of what was scanned, show another one, or print it."""
        about = self.subject(session)
        match event:
            case Scanned() if event.step:
                return None
            case Scanned(subjects=(subject,)) if pile := _Pile.of(subject, place):
                return pile.shown("1", pile.asked())
            case _ if about is None:
                return None
            case Refreshed(fresh) if fresh.key == about.key and (pile := _Pile.of(fresh, place)):
                pile = pile.at_name(str(session.state["label"])) or pile
                return pile.shown(session.state["copies"], session.message)
            case Pressed("NEXT" | "CHOOSE", argument) if pile := _Pile.of(about, place):
                chosen = pile.at_name(str(session.state["label"])) or pile
                other = chosen.turned() if argument is None else pile.chosen(argument)
                return other.shown(session.state["copies"], other.told()) if other else None
            case Pressed("PRINT", None):
                press = Pressed("PRINT", str(session.state["label"]))
                return label_press(session, about, press, place)
            case Pressed():
                return label_press(session, about, event, place)
            case _:
                return None


@dataclass(frozen=True, slots=True)
class _Pile:
    """The labels of a thing, one of them on top."""

    about: Subject
    labels: tuple[Print, ...]
    titles: tuple[str, ...]
    at: int = 0

    @classmethod
    def of(cls, subject: Subject, place: Place) -> Self | None:
        """Return what the station prints of something, ``None`` where that is nothing."""
        labels = labels_of(subject, place.labels)
        titles = {choice.name: choice.title for choice in place.labels.get(subject.kind, ())}
        return cls(subject, labels, tuple(titles[label.label] for label in labels)) if labels else None

    def at_name(self, name: str) -> Self | None:
        """Return it with the label of that name on top."""
        found = named(self.labels, name)
        return self._turned_to(self.labels.index(found)) if found else None

    def chosen(self, argument: str) -> Self | None:
        """Return it with the label on top that a choice names, by its number or as ``label/<name>``."""
        numbers = [str(number) for number in range(1, len(self.labels) + 1)]
        if argument in numbers:
            return self._turned_to(numbers.index(argument))
        return self.at_name(argument.removeprefix(_CHOICE)) if argument.startswith(_CHOICE) else None

    def turned(self) -> Self:
        """Return it with the next label on top."""
        return self._turned_to((self.at + 1) % len(self.labels))

    def _turned_to(self, at: int) -> Self:
        return type(self)(self.about, self.labels, self.titles, at)

    def asked(self) -> Message:
        """Return the question that the first look at it asks."""
        values = {"title": title(self.about)}
        return Message(Level.ASK, "Label of {title}: print it, or choose copies.", values)

    def told(self) -> Message:
        """Return which label this is."""
        values = {
            "label": self.titles[self.at],
            "title": title(self.about),
            "at": str(self.at + 1),
            "count": str(len(self.labels)),
        }
        return Message(
            Level.ASK, "{label}, label {at} of {count} of {title}. Print it, or see another.", values
        )

    def shown(self, copies: Json, message: Message | None) -> Outcome:
        """Show the label on top."""
        label = self.labels[self.at]
        following = (self.at + 1) % len(self.labels)
        state: dict[str, Json] = {
            "label": label.label,
            "title": title(self.about),
            "kind": self.titles[self.at],
            "next": self.titles[following] if following != self.at else None,
            "number": str(self.at + 1),
            "count": str(len(self.labels)),
            "subject": self.about.key,
            "fields": to_json(label.fields),
            "about": object_json(self.about),
            "copies": copies,
        }
        return Outcome("label", "label", state, message)
